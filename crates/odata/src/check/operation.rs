//! Actions and functions: which overload a segment invokes (OData Protocol 4.01 section 11.5).

use super::resource::Kind;
use super::segment::is_like;
use crate::csdl::{Csdl, Operation, OperationKind, Parameter, TypeId};
use graph_contracts::url::Segment;

/// The parameters that a page gives a function.
pub(super) struct Given {
    /// The names in the parentheses of the template.
    pub(super) named: Vec<String>,
    /// Names that the example gives, in its own parentheses or as query parameters (implicit parameter aliases, OData URL
    /// Conventions 4.01 section 5.3.1.3).
    elsewhere: Vec<String>,
    /// Whether the template has something in its parentheses that is not a name, such as a placeholder for all of them.
    has_other: bool,
}

impl Given {
    pub(super) fn of(segment: &Segment, example: &[Segment], query: &[String]) -> Given {
        let arguments = segment.arguments.as_deref().unwrap_or_default();
        let same = example.iter().filter(|other| is_like(other, segment));
        let in_example = same.flat_map(|other| other.arguments.iter().flatten()).filter_map(|own| own.name.clone());
        Given {
            named: arguments.iter().filter_map(|argument| argument.name.clone()).collect(),
            elsewhere: in_example.chain(query.iter().cloned()).collect(),
            has_other: arguments.iter().any(|argument| argument.name.is_none()),
        }
    }

    /// Whether the template gives any.
    pub(super) fn has_any(&self) -> bool {
        self.has_other || !self.named.is_empty()
    }
}

/// The overloads of a name that are bound to values of a type, those of the nearest type first.
pub(super) fn bound_to<'c, 'x>(
    csdl: &'c Csdl<'x>,
    name: &str,
    namespace: Option<&str>,
    id: TypeId,
    collection: bool,
) -> Vec<&'c Operation<'x>> {
    let is_in = |own: &&Operation<'x>| namespace.is_none_or(|namespace| csdl.is_in_namespace(own, namespace));
    let mut found: Vec<_> =
        csdl.operations_called(name).filter(is_in).filter(|own| csdl.is_bound_to(own, id, collection)).collect();
    let distance = |own: &&Operation<'x>| {
        let bound = own.parameters.first().and_then(|first| csdl.type_ref(first.type_text).id);
        bound.and_then(|bound| csdl.lineage(id).position(|other| other == bound)).unwrap_or(usize::MAX)
    };
    found.sort_by_key(distance);
    found
}

/// Whether some operation of that name is bound to values of a type.
pub(super) fn is_any_bound_to(csdl: &Csdl<'_>, name: &str, id: TypeId, collection: bool) -> bool {
    csdl.operations_called(name).any(|own| csdl.is_bound_to(own, id, collection))
}

/// The names of all operations that are bound to values of a type.
pub(super) fn names_bound_to<'x>(csdl: &Csdl<'x>, id: TypeId, collection: bool) -> Vec<&'x str> {
    let bound = csdl.operations.iter().filter(|own| csdl.is_bound_to(own, id, collection));
    let mut names: Vec<&str> = bound.map(|own| own.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The overload that takes what is given.
///
/// # Errors
///
/// When no overload takes it, with a message that lists the overloads.
pub(super) fn choose<'c, 'x>(
    csdl: &Csdl<'x>,
    overloads: &[&'c Operation<'x>],
    given: &Given,
) -> Result<&'c Operation<'x>, String> {
    let is_given =
        |own: &Parameter<'_>| given.has_other || is_named(own, &given.named) || is_named(own, &given.elsewhere);
    // Of several functions, the one that has the fewest parameters that are not given, and takes the most of what is. An action takes
    // its parameters in the body: of several, that of the nearest type is it (OData Protocol 4.01 section 11.5.5.2).
    let rank = |own: &&Operation<'x>| {
        let is_function = own.kind == OperationKind::Function;
        let (has, lacks): (Vec<_>, Vec<_>) = own.own_parameters().iter().partition(|own| is_given(own));
        if is_function { (lacks.len(), std::cmp::Reverse(has.len())) } else { (0, std::cmp::Reverse(0)) }
    };
    let fitting = overloads.iter().copied().filter(|own| own.kind == OperationKind::Action || takes(own, given));
    let chosen = fitting
        .min_by_key(rank)
        .filter(|own| own.kind == OperationKind::Action || !lacks_of_another(own, overloads, given));
    if let Some(operation) = chosen {
        return Ok(operation);
    }
    let Some(first) = overloads.first() else { return Err("there is no such operation".to_owned()) };
    let mut signatures: Vec<String> = overloads.iter().map(|own| signature(own)).collect();
    signatures.dedup();
    let names: Vec<&str> = match given.named.as_slice() {
        [] => given.elsewhere.iter().map(String::as_str).filter(|name| !name.starts_with(['$', '@'])).collect(),
        named => named.iter().map(String::as_str).collect(),
    };
    let documented =
        if names.is_empty() { "without parameters".to_owned() } else { format!("with {}", names.join(", ")) };
    Err(format!("{} cannot be called {documented}; it is {}", csdl.operation_name(first), signatures.join(" or ")))
}

/// Whether an overload takes the parameters that are given, and needs no others.
fn takes(operation: &Operation<'_>, given: &Given) -> bool {
    let parameters = operation.own_parameters();
    let is_declared = |name: &String| parameters.iter().any(|own| own.name.eq_ignore_ascii_case(name));
    let is_given = |own: &Parameter<'_>| {
        own.is_optional || given.has_other || is_named(own, &given.named) || is_named(own, &given.elsewhere)
    };
    !(given.has_other && parameters.is_empty())
        && given.named.iter().all(is_declared)
        && parameters.iter().all(is_given)
}

/// Whether a query gives what only another overload takes: then that one is meant, and something else of it is missing.
fn lacks_of_another(chosen: &Operation<'_>, overloads: &[&Operation<'_>], given: &Given) -> bool {
    let names = |own: &Operation<'_>| {
        let parameters = own.own_parameters().iter();
        parameters.filter(|own| is_named(own, &given.elsewhere)).map(|own| own.name.to_lowercase()).collect::<Vec<_>>()
    };
    let taken = names(chosen);
    given.named.is_empty() && overloads.iter().flat_map(|own| names(own)).any(|name| !taken.contains(&name))
}

fn is_named(parameter: &Parameter<'_>, names: &[String]) -> bool {
    names.iter().any(|name| parameter.name.eq_ignore_ascii_case(name))
}

/// An operation as a call, with `?` behind what may be left out.
fn signature(operation: &Operation<'_>) -> String {
    let name = |own: &Parameter<'_>| format!("{}{}", own.name, if own.is_optional { "?" } else { "" });
    let names: Vec<String> = operation.own_parameters().iter().map(name).collect();
    format!("{}({})", operation.name, names.join(", "))
}

/// That an operation has no parameter of that name: the sentence, and what it is about.
pub(super) fn no_parameter(csdl: &Csdl<'_>, operation: &Operation<'_>, name: &str) -> (String, String) {
    let full_name = csdl.operation_name(operation);
    let names: Vec<&str> = operation.own_parameters().iter().map(|own| own.name).collect();
    let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    (format!("`{name}` is not a parameter of {full_name}; it has {has}"), format!("{full_name}({name})"))
}

/// What a path addresses that ends with the operation: an action itself, or what a function returns.
pub(super) fn result<'c, 'x>(csdl: &Csdl<'x>, operation: &'c Operation<'x>) -> Kind<'c, 'x> {
    match (operation.kind, operation.return_type) {
        (OperationKind::Action, _) => Kind::Action(operation),
        (OperationKind::Function, None) => Kind::Outside("the metadata does not declare what the function returns"),
        (OperationKind::Function, Some("Edm.Stream")) => Kind::Raw,
        (OperationKind::Function, Some(text)) => Kind::of(csdl, csdl.type_ref(text)),
    }
}
