//! Actions and functions that came, went or became others.

use std::collections::{BTreeMap, BTreeSet};

use super::notes;
use super::pair::{Model, TypeKey};
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Csdl, Operation, OperationKind, Parameter};

/// What an operation is invoked on, and its name without namespace: overloads differ in their parameters.
type Group = (String, String);

/// The changes of operations.
pub(super) fn changes<'o, 'n>(model: &Model<'_, 'o, 'n>, found: &mut Vec<Found>) {
    let mut groups: BTreeMap<Group, (Vec<&Operation<'o>>, Vec<&Operation<'n>>)> = BTreeMap::new();
    for operation in model.old.operations() {
        let binding = binding(operation).map(|text| model.old_type(text));
        groups.entry(group(model, operation, binding)).or_default().0.push(operation);
    }
    for operation in model.new.operations() {
        let binding = binding(operation).map(|text| model.new_type(text));
        groups.entry(group(model, operation, binding)).or_default().1.push(operation);
    }
    for (olds, news) in groups.into_values() {
        let (pairs, removed, added) = overloads(model, &olds, &news);
        for (one, other) in pairs {
            both(model, one, other, found);
        }
        for own in removed {
            let change = of_whole(model, Kind::OperationRemoved, model.old, own, |at| (Some(at), None));
            // What was bound to a type that is gone went with it.
            match binding(own).map(|text| model.old_type(text)) {
                Some((_, TypeKey::Gone(id))) => {
                    let gone = model.old.full_name(id);
                    let kind = Kind::TypeRemoved;
                    found.push(Found { kind, key: gone.clone(), area: gone.clone(), subject: gone, ..change });
                }
                _ => found.push(change),
            }
        }
        for own in added {
            let change = of_whole(model, Kind::OperationAdded, model.new, own, |at| (None, Some(at)));
            match binding(own).map(|text| model.new_type(text)) {
                Some((_, TypeKey::Declared(id))) if model.to_old(id).is_none() => {
                    let added = model.new.full_name(id);
                    let kind = Kind::TypeAdded;
                    found.push(Found { kind, key: added.clone(), area: added.clone(), subject: added, ..change });
                }
                _ => found.push(change),
            }
        }
    }
}

/// The type of what an operation is invoked on.
fn binding<'x>(operation: &Operation<'x>) -> Option<&'x str> {
    operation.parameters.first().filter(|_| operation.is_bound).map(|first| first.type_text)
}

fn group(model: &Model<'_, '_, '_>, operation: &Operation<'_>, binding: Option<(bool, TypeKey)>) -> Group {
    let bound = match binding {
        None => String::new(),
        Some((collection, key)) => {
            let name = match key {
                TypeKey::Declared(id) => model.new.full_name(id),
                TypeKey::Gone(id) => model.old.full_name(id),
                TypeKey::Named(name) => name,
            };
            if collection { format!("Collection({name})") } else { name }
        }
    };
    (bound, operation.name.to_owned())
}

type Overloads<'a, 'o, 'n> =
    (Vec<(&'a Operation<'o>, &'a Operation<'n>)>, Vec<&'a Operation<'o>>, Vec<&'a Operation<'n>>);

/// Which overloads are the same: those of one namespace with the same names of parameters, and what is left if that is one of each.
/// Where a namespace is gone, any may have taken its place.
fn overloads<'a, 'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    olds: &[&'a Operation<'o>],
    news: &[&'a Operation<'n>],
) -> Overloads<'a, 'o, 'n> {
    fn names<'b>(operation: &'b Operation<'_>) -> BTreeSet<&'b str> {
        operation.own_parameters().iter().map(|own| own.name).collect()
    }
    let fits = |one: &Operation<'o>, other: &Operation<'n>| {
        let namespace = model.old.namespace_of(one);
        namespace == model.new.namespace_of(other) || model.is_gone(namespace)
    };
    let mut by_names: BTreeMap<BTreeSet<&str>, Vec<usize>> = BTreeMap::new();
    for (index, other) in news.iter().enumerate() {
        by_names.entry(names(other)).or_default().push(index);
    }
    let mut is_taken = vec![false; news.len()];
    let (mut pairs, mut unmatched) = (Vec::new(), Vec::new());
    for one in olds {
        let alike = by_names.get_mut(&names(one));
        let found = alike.and_then(|alike| {
            let at = alike.iter().position(|index| fits(one, news[*index]))?;
            Some(alike.remove(at))
        });
        match found {
            Some(index) => {
                is_taken[index] = true;
                pairs.push((*one, news[index]));
            }
            None => unmatched.push(*one),
        }
    }
    let left = news.iter().zip(is_taken).filter(|(_, is_taken)| !is_taken).map(|(other, _)| *other);
    let left: Vec<&Operation<'n>> = left.collect();
    // Several overloads that all have other parameters are others.
    if let ([one], [other]) = (unmatched.as_slice(), left.as_slice())
        && fits(one, other)
    {
        pairs.push((one, other));
        return (pairs, Vec::new(), Vec::new());
    }
    (pairs, unmatched, left)
}

/// How many parameters are shown.
const MOST_PARAMETERS: usize = 8;

/// How an operation is called: `microsoft.graph.user: sendMail(Message, SaveToSentItems)`.
fn shown<'x>(csdl: &Csdl<'x>, operation: &Operation<'x>) -> String {
    let own = own_parameters(operation);
    let mut parameters: Vec<&str> = own.iter().take(MOST_PARAMETERS).map(|own| own.name).collect();
    if own.len() > MOST_PARAMETERS {
        parameters.push("…");
    }
    let call = format!("{}({})", operation.name, parameters.join(", "));
    match binding(operation) {
        Some(text) => format!("{}: {call}", area(csdl, text)),
        None => call,
    }
}

/// The name of a type of a document.
fn area<'x>(csdl: &Csdl<'x>, text: &'x str) -> String {
    let named = csdl.type_ref(text);
    let name = named.id.map_or_else(|| named.name.to_owned(), |id| csdl.full_name(id));
    if named.collection { format!("Collection({name})") } else { name }
}

fn item<'x>(csdl: &Csdl<'x>, operation: &Operation<'x>) -> String {
    format!("{}.{}", csdl.namespace_of(operation), operation.name)
}

fn word(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Action => "action",
        OperationKind::Function => "function",
    }
}

fn of_whole<'x>(
    model: &Model<'_, '_, '_>,
    kind: Kind,
    csdl: &Csdl<'x>,
    operation: &Operation<'x>,
    place: impl Fn(u32) -> (Option<u32>, Option<u32>),
) -> Found {
    let (subject, (old, new)) = (shown(csdl, operation), place(operation.at));
    let what = word(operation.kind).to_owned();
    let (before, after) = if old.is_some() { (what, NOTHING.to_owned()) } else { (NOTHING.to_owned(), what) };
    let area = binding(operation).map_or("unbound operations".to_owned(), |text| area(csdl, text));
    let at = format!("{} {subject}", word(operation.kind));
    Found {
        kind,
        // Overloads may be shown alike.
        key: format!("{} {subject}", operation.at),
        area,
        subject,
        before,
        after,
        place: model.place(item(csdl, operation), at, old, new),
    }
}

fn both<'o, 'n>(model: &Model<'_, 'o, 'n>, old: &Operation<'o>, new: &Operation<'n>, found: &mut Vec<Found>) {
    let whole = shown(model.new, new);
    let name = item(model.new, new);
    let area = binding(new).map_or("unbound operations".to_owned(), |text| area(model.new, text));
    let change = |kind, detail: &str, before: &str, after: &str, (one, other): (u32, u32)| Found {
        kind,
        key: format!("{} {whole} {detail}", new.at),
        area: area.clone(),
        subject: if detail.is_empty() { whole.clone() } else { format!("{detail} of {whole}") },
        before: before.to_owned(),
        after: after.to_owned(),
        place: model.place(
            name.clone(),
            format!("{detail} of {whole}").trim_start_matches(" of ").to_owned(),
            Some(one),
            Some(other),
        ),
    };
    let at = (old.at, new.at);
    if old.kind != new.kind {
        found.push(change(Kind::OperationKindChanged, "", word(old.kind), word(new.kind), at));
    }
    match (old.is_composable, new.is_composable) {
        (true, false) => found.push(change(Kind::ComposableRemoved, "", "composable", "not composable", at)),
        (false, true) => found.push(change(Kind::ComposableAdded, "", "not composable", "composable", at)),
        _ => {}
    }
    returned(model, old, new, &mut |kind, before, after| found.push(change(kind, "return type", before, after, at)));
    parameters(model, old, new, &mut |kind, name, before, after, at| {
        found.push(change(kind, &format!("parameter {name}"), before, after, at));
    });
    if let (Some(one), Some(other)) = (old.return_type, new.return_type) {
        let place = || model.place(name.clone(), format!("return type of {whole}"), Some(old.at), Some(new.at));
        model.note_use((one, other), place, found);
    }
    for (one, other) in old.parameters.iter().zip(&new.parameters) {
        let place =
            || model.place(name.clone(), format!("parameter {} of {whole}", other.name), Some(one.at), Some(other.at));
        model.note_use((one.type_text, other.type_text), place, found);
    }
    notes::of_operation(model, (old, new), (&name, &whole), found);
}

fn returned<'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    old: &Operation<'o>,
    new: &Operation<'n>,
    add: &mut impl FnMut(Kind, &str, &str),
) {
    match (old.return_type, new.return_type) {
        (None, None) => {}
        (Some(one), Some(other)) if model.is_same_type(one, other) => {
            match (old.return_nullable, new.return_nullable) {
                (false, true) => add(Kind::ReturnNullable, "a value", "a value or null"),
                (true, false) => add(Kind::ReturnNotNullable, "a value or null", "a value"),
                _ => {}
            }
        }
        (one, other) => {
            let before = one.map_or(NOTHING.to_owned(), |text| model.old_name(text));
            let after = other.map_or(NOTHING.to_owned(), |text| model.new_name(text));
            add(Kind::ReturnTypeChanged, &before, &after);
        }
    }
}

/// Whether callers may leave a parameter out, or send null for it: a nullable one of an action (OData Protocol 4.01 section 11.5.5.1),
/// or one that is annotated as optional.
fn is_optional(kind: OperationKind, parameter: &Parameter<'_>) -> bool {
    parameter.is_optional || kind == OperationKind::Action && parameter.nullable
}

fn parameters<'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    old: &Operation<'o>,
    new: &Operation<'n>,
    add: &mut impl FnMut(Kind, &str, &str, &str, (u32, u32)),
) {
    let (before, after) = (own_parameters(old), own_parameters(new));
    let (old_names, new_names) = (by_name(before), by_name(after));
    for parameter in before {
        let Some(other) = new_names.get(parameter.name) else {
            let text = model.old_name(parameter.type_text);
            add(Kind::ParameterRemoved, parameter.name, &text, NOTHING, (parameter.at, new.at));
            continue;
        };
        let at = (parameter.at, other.at);
        if !model.is_same_type(parameter.type_text, other.type_text) {
            let (was, is) = (model.old_name(parameter.type_text), model.new_name(other.type_text));
            add(Kind::ParameterRetyped, parameter.name, &was, &is, at);
        }
        let state = |kind, own: &Parameter<'_>| match (is_optional(kind, own), own.nullable) {
            (true, _) => ("optional", 2),
            (false, true) => ("a value or null", 1),
            (false, false) => ("a value", 0),
        };
        let (was, is) = (state(old.kind, parameter), state(new.kind, other));
        if was.1 != is.1 {
            let kind = if is.1 > was.1 { Kind::ParameterNullable } else { Kind::ParameterNotNullable };
            add(kind, parameter.name, was.0, is.0, at);
        }
    }
    for parameter in after.iter().filter(|own| !old_names.contains_key(own.name)) {
        let kind = if is_optional(new.kind, parameter) { Kind::ParameterAdded } else { Kind::RequiredParameterAdded };
        add(kind, parameter.name, NOTHING, &model.new_name(parameter.type_text), (old.at, parameter.at));
    }
    let was: Vec<&str> = before.iter().map(|own| own.name).filter(|name| new_names.contains_key(name)).collect();
    let is: Vec<&str> = after.iter().map(|own| own.name).filter(|name| old_names.contains_key(name)).collect();
    if was != is {
        add(Kind::ParametersReordered, "order", &was.join(", "), &is.join(", "), (old.at, new.at));
    }
}

fn by_name<'a, 'x>(parameters: &'a [Parameter<'x>]) -> BTreeMap<&'a str, &'a Parameter<'x>> {
    // Of two of one name, the first counts.
    parameters.iter().rev().map(|own| (own.name, own)).collect()
}

/// The parameters that a caller gives.
fn own_parameters<'a, 'x>(operation: &'a Operation<'x>) -> &'a [Parameter<'x>] {
    operation.parameters.get(usize::from(operation.is_bound)..).unwrap_or_default()
}
