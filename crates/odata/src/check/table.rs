//! Checks a page's property table against the metadata: names, types, possible values.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::method::Payload;
use super::operation::no_parameter;
use super::remark::{Remark, is_called};
use super::resource::{did_you_mean, in_any_case, subject_of_unknown, type_name};
use crate::csdl::{self, Csdl, TypeId, TypeKind, TypeRef};
use graph_contracts::at::At;
use graph_contracts::contract::{Property, Type, UNTYPED};
use graph_contracts::diagnostic::Code;
use graph_contracts::edm::Primitive;
use graph_contracts::json::Json;

/// Everything in which a page's table departs from what the request's body is declared to be. `body` is that body, and `own_type`
/// the type that it says it is of.
pub(super) fn check<'x>(
    csdl: &Csdl<'x>,
    table: &Type,
    payload: Payload<'_, 'x>,
    body: &Json,
    own_type: Option<TypeId>,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    // Rows without a line are what a resource page says. `a.b`, `a/b` and annotations are documented, too, and are not properties.
    let is_row = |row: &&Property| row.line.is_some() && row.name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let rows: Vec<&Property> = table.properties.iter().filter(is_row).collect();
    let described = match payload {
        Payload::Of(type_ref) => {
            let declared = type_ref.id.filter(|id| csdl.structured(*id).is_some());
            declared.map(|declared| Described {
                id: described_type(csdl, &rows, declared, own_type),
                declared,
                family: OnceCell::new(),
            })
        }
        _ => None,
    };
    let nested = OnceCell::new();
    for row in rows {
        match payload {
            Payload::Of(_) => {
                let Some(described) = &described else { continue };
                let found = property(csdl, row, described);
                // Some pages list the members of nested objects beside those of the body.
                let is_nested = |remark: &Remark| {
                    let names = || nested.get_or_init(|| nested_names(body));
                    remark.code == Code::PropertyNotInMetadata && names().contains(row.name.as_str())
                };
                remarks.extend(found.into_iter().filter(|remark| !is_nested(remark)));
            }
            Payload::Parameters(operation) => {
                let Some(found) = in_any_case(operation.own_parameters(), &row.name, |own| own.name) else {
                    if row.type_name == UNTYPED {
                        continue;
                    }
                    let (message, subject) = no_parameter(csdl, operation, &row.name);
                    remarks.push(remark(row, Code::PropertyNotInMetadata, message, subject, operation.at));
                    continue;
                };
                let subject = format!("{}({})", csdl.operation_name(operation), found.name);
                remarks.extend(differs(csdl, row, (found.name, found.type_text), subject, found.at));
            }
            Payload::Nothing | Payload::References { .. } | Payload::Anything => {}
        }
    }
    remarks
}

/// Everything in which a table of a resource's page departs from the type that the page describes. A table of which fewer than half the rows
/// are properties of that type is about something else.
pub(super) fn check_rows(csdl: &Csdl<'_>, rows: &[Property], id: TypeId) -> Vec<Remark> {
    let described = Described { id, declared: id, family: OnceCell::new() };
    let is_known = |row: &&Property| {
        !described.properties(csdl, &row.name).is_empty() || csdl.property_ignoring_case(id, &row.name).is_some()
    };
    if rows.iter().filter(is_known).count() * 2 < rows.len() {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let is_row = |row: &&Property| row.name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let rows = rows.iter().filter(is_row).filter(|row| seen.insert(row.name.as_str()));
    rows.flat_map(|row| property(csdl, row, &described)).collect()
}

/// The type that a table is about: the body's own, unless another one that may stand there has more of the rows. A page about
/// several derived types may have the table of one and the example of another.
fn described_type(csdl: &Csdl<'_>, rows: &[&Property], declared: TypeId, own_type: Option<TypeId>) -> TypeId {
    let lacks = |id: TypeId| rows.iter().filter(|row| csdl.property_ignoring_case(id, &row.name).is_none()).count();
    let own = own_type.filter(|own| csdl.structured(*own).is_some()).unwrap_or(declared);
    if lacks(own) == 0 {
        return own;
    }
    let others = std::iter::once(declared).chain(csdl.descendants(declared));
    std::iter::once(own).chain(others).min_by_key(|id| lacks(*id)).unwrap_or(own)
}

/// What a table describes.
struct Described<'c, 'x> {
    /// The type that has most of its rows.
    id: TypeId,
    /// The type of which the body has to be.
    declared: TypeId,
    /// The properties of every type that may stand there, by name.
    family: OnceCell<HashMap<&'x str, Vec<&'c csdl::Property<'x>>>>,
}

impl<'c, 'x> Described<'c, 'x> {
    /// The properties of that name. A page about several derived types may have one table of all.
    fn properties(&self, csdl: &'c Csdl<'x>, name: &str) -> Vec<&'c csdl::Property<'x>> {
        if let Some(own) = csdl.property(self.id, name) {
            return vec![own];
        }
        let family = self.family.get_or_init(|| {
            let mut family: HashMap<&str, Vec<&csdl::Property<'x>>> = HashMap::new();
            let derived = csdl.descendants(self.declared).into_iter().chain(csdl.descendants(self.id));
            let properties = csdl.properties(self.declared).chain(derived.flat_map(|id| csdl.own_properties(id)));
            properties.for_each(|own| family.entry(own.name).or_default().push(own));
            family
        });
        family.get(name).cloned().unwrap_or_default()
    }
}

/// The names of all members below a value's own members.
fn nested_names(value: &Json) -> HashSet<&str> {
    fn add<'v>(value: &'v Json, depth: usize, names: &mut HashSet<&'v str>) {
        match value {
            Json::Object(members) => members.iter().for_each(|member| {
                if depth > 0 {
                    names.insert(&member.name);
                }
                add(&member.value, depth + 1, names);
            }),
            Json::Array(items) => items.iter().for_each(|item| add(item, depth, names)),
            _ => {}
        }
    }
    let mut names = HashSet::new();
    add(value, 0, &mut names);
    names
}

fn property<'c, 'x>(csdl: &'c Csdl<'x>, row: &Property, described: &Described<'c, 'x>) -> Vec<Remark> {
    let id = described.id;
    let exact = described.properties(csdl, &row.name);
    // An entity is bound by its URL (OData JSON Format 4.01 section 8.5), which is a string.
    let is_bound_by_url = exact.iter().any(|own| {
        own.is_navigation && row.type_name == "Edm.String" && row.collection == csdl.type_ref(own.type_text).collection
    });
    if is_bound_by_url || (exact.is_empty() && csdl.may_have_others(id)) {
        return Vec::new();
    }
    let found = match exact.as_slice() {
        [] => csdl.property_ignoring_case(id, &row.name).into_iter().collect(),
        _ => exact,
    };
    // Of several types that have such a property, the row may be about any.
    let remarks = found.into_iter().map(|declared| {
        let subject = csdl.declared_name(id, declared);
        differs(csdl, row, (declared.name, declared.type_text), subject, declared.at)
    });
    if let Some(fewest) = remarks.min_by_key(Vec::len) {
        return fewest;
    }
    // A row without a type may be the title of those below it.
    if row.type_name == UNTYPED {
        return Vec::new();
    }
    let hint = did_you_mean(&row.name, csdl.properties(id).map(|property| property.name));
    let message = format!("`{}` is not a property of {}{hint}", row.name, csdl.full_name(id));
    let subject = subject_of_unknown(csdl, id, &row.name);
    vec![remark(row, Code::PropertyNotInMetadata, message, subject, csdl.declaration(id).at)]
}

/// In what a row departs from the property or parameter that is declared.
fn differs<'x>(
    csdl: &Csdl<'x>,
    row: &Property,
    (name, type_text): (&str, &'x str),
    subject: String,
    at: u32,
) -> Vec<Remark> {
    let called = (name != row.name).then(|| case_differs(row, &row.name, name, subject.clone(), at));
    called.into_iter().chain(type_differs(csdl, row, csdl.type_ref(type_text), subject, at)).collect()
}

/// In what a row departs from the type that is declared.
fn type_differs<'x>(csdl: &Csdl<'x>, row: &Property, declared: TypeRef<'x>, subject: String, at: u32) -> Vec<Remark> {
    let shown = |name: &str, collection: bool| if collection { format!("Collection({name})") } else { name.to_owned() };
    let declared_name = type_name(csdl, declared);
    let is_known = is_named(csdl, &row.type_name);
    // A name that nothing declares says something only where a declared one is expected: the values of some enumerations are strings.
    let is_renamed = !is_known && declared.id.is_some() && is_type_name(bare(&row.type_name));
    // What only the example shows is not what the table says.
    let is_said = !row.from_example && (is_known || is_renamed);
    if is_said && (row.collection != declared.collection || !same(csdl, &row.type_name, declared)) {
        let message = format!(
            "`{}` is {} in the table, but {} in the metadata",
            row.name,
            shown(&row.type_name, row.collection),
            shown(&declared_name, declared.collection)
        );
        let subject = if is_renamed { format!("{} as {declared_name}", row.type_name) } else { subject };
        return vec![remark(row, Code::PropertyTypeDiffers, message, subject, at)];
    }
    let Some(enumeration) = declared.id.and_then(|id| csdl.enumeration(id)) else { return Vec::new() };
    let unknown = row.values.iter().filter(|value| !enumeration.members.iter().any(|member| member.name == **value));
    let (in_another_case, unknown): (Vec<_>, Vec<_>) = unknown
        .map(|value| (value.as_str(), in_any_case(&enumeration.members, value, |own| own.name)))
        .partition(|(_, same)| same.is_some());
    let mut remarks: Vec<Remark> = Vec::new();
    // Whoever writes one of them in another case writes all of them so.
    if let Some((value, Some(same))) = in_another_case.first() {
        let more = match in_another_case.len() - 1 {
            0 => String::new(),
            1 => "; another value differs in its case, too".to_owned(),
            more => format!("; {more} other values differ in their case, too"),
        };
        let message = format!("{}{more}", is_called(value, same.name));
        let subject = format!("{declared_name}/{}", same.name);
        remarks.push(remark(row, Code::NameCaseDiffers, message, subject, same.at));
    }
    remarks.extend(unknown.into_iter().map(|(value, _)| {
        let hint = did_you_mean(value, enumeration.members.iter().map(|member| member.name));
        let message =
            format!("`{value}`, a possible value of `{}`, is not a member of {declared_name}{hint}", row.name);
        let subject = format!("{declared_name}/{}", value.to_lowercase());
        remark(row, Code::EnumValueNotInMetadata, message, subject, at)
    }));
    remarks
}

/// A name that services write otherwise, and many read in any case.
fn case_differs(row: &Property, documented: &str, declared: &str, subject: String, at: u32) -> Remark {
    remark(row, Code::NameCaseDiffers, is_called(documented, declared), subject, at)
}

fn remark(row: &Property, code: Code, message: String, subject: String, declared: u32) -> Remark {
    let at = At::TableRow(row.name.clone());
    Remark { line: row.line, subject, ..Remark::new(code, at, message, Some(declared)) }
}

/// Whether the text in a table names a type for sure: a primitive one, or one that is declared. Pages also write words of other
/// languages there.
fn is_named(csdl: &Csdl<'_>, name: &str) -> bool {
    if name == UNTYPED {
        return false;
    }
    name.starts_with("Edm.") || csdl.find_type(name).is_some() || csdl.types_called(bare(name)).next().is_some()
}

/// Whether a word is written as the names of types are, `identitySet`, and as no word of a language is.
fn is_type_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.contains(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric())
}

fn bare(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether a documented type is the declared one. Pages leave namespaces out, and call the values of enumerations strings.
fn same<'x>(csdl: &Csdl<'x>, documented: &str, declared: TypeRef<'x>) -> bool {
    let Some(id) = declared.id else {
        let open = matches!(declared.name, "Edm.Untyped" | "Edm.PrimitiveType" | "Edm.ComplexType" | "Edm.EntityType");
        return open || !declared.name.starts_with("Edm.") || same_primitive(documented, declared.name);
    };
    let declaration = csdl.declaration(id);
    match declaration.kind {
        TypeKind::Enum(_) if documented == "Edm.String" => true,
        TypeKind::Definition { underlying, .. } if same_primitive(documented, underlying) => true,
        // A page may name the type that it is derived from, or one derived from it.
        _ => {
            declaration.name.eq_ignore_ascii_case(bare(documented))
                || csdl
                    .find_type(documented)
                    .into_iter()
                    .chain(csdl.types_called(bare(documented)))
                    .any(|other| csdl.may_be_a(other, id) || csdl.may_be_a(id, other))
        }
    }
}

fn same_primitive(documented: &str, declared: &str) -> bool {
    documented == declared
        || (Primitive::read(documented).is_some() && Primitive::read(documented) == Primitive::read(declared))
}
