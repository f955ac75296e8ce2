//! A page's property table held against the metadata: names, types, possible values.

use super::method::Payload;
use super::resource::{Names, type_name};
use crate::contract::{Primitive, Property, Type};
use crate::csdl::{Csdl, TypeId, TypeRef, nearest};
use crate::diagnostic::Code;

/// Something that is wrong with a row.
pub(super) struct TableRemark {
    pub(super) code: Code,
    /// The row's line, where it is known.
    pub(super) line: Option<u32>,
    /// The property.
    pub(super) name: String,
    pub(super) message: String,
    pub(super) subject: String,
    /// Where the metadata says so.
    pub(super) at: Option<u32>,
}

/// Everything in which a page's table departs from what the request's body is declared to be. `own_type` is the type that the body
/// says it is of.
pub(super) fn check<'x>(
    csdl: &Csdl<'x>,
    table: &Type,
    payload: Payload<'_, 'x>,
    own_type: Option<TypeId>,
) -> Vec<TableRemark> {
    let mut remarks = Vec::new();
    for row in &table.properties {
        // `a.b`, `a/b` and annotations are documented, too, and are no properties.
        if !row.name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        match payload {
            Payload::Of(type_ref) => {
                let Some(id) = own_type.or(type_ref.id).filter(|id| csdl.structured(*id).is_some()) else { continue };
                remarks.extend(property(csdl, row, id));
            }
            Payload::Parameters(operation) => {
                let full_name = format!("{}.{}", csdl.namespace_of(operation), operation.name);
                let own = operation.parameters.iter().skip(usize::from(operation.is_bound));
                let found = own.clone().find(|own| own.name.eq_ignore_ascii_case(&row.name));
                let Some(found) = found else {
                    let names: Vec<&str> = own.map(|own| own.name).collect();
                    let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                    remarks.push(TableRemark {
                        code: Code::PropertyNotInMetadata,
                        line: row.line,
                        name: row.name.clone(),
                        message: format!("`{}` is no parameter of {full_name}; it has {has}", row.name),
                        subject: format!("{full_name}({})", row.name),
                        at: Some(operation.at),
                    });
                    continue;
                };
                let subject = format!("{full_name}({})", found.name);
                if found.name != row.name {
                    remarks.push(case_differs(row, &row.name, found.name, subject.clone(), found.at));
                }
                remarks.extend(type_differs(csdl, row, csdl.type_ref(found.type_text), subject, found.at));
            }
            Payload::Nothing | Payload::References { .. } | Payload::Anything => {}
        }
    }
    remarks
}

fn property(csdl: &Csdl<'_>, row: &Property, id: TypeId) -> Vec<TableRemark> {
    let full_name = csdl.full_name(id);
    let declared = csdl.property(id, &row.name).or_else(|| {
        let derived = csdl.descendants(id).into_iter();
        derived.flat_map(|derived| csdl.own_properties(derived)).find(|own| own.name == row.name)
    });
    if let Some(declared) = declared {
        let subject = format!("{full_name}/{}", declared.name);
        return type_differs(csdl, row, csdl.type_ref(declared.type_text), subject, declared.at);
    }
    if csdl.is_open(id) {
        return Vec::new();
    }
    if let Some(same) = csdl.property_ignoring_case(id, &row.name) {
        let subject = format!("{full_name}/{}", same.name);
        let mut remarks = vec![case_differs(row, &row.name, same.name, subject.clone(), same.at)];
        remarks.extend(type_differs(csdl, row, csdl.type_ref(same.type_text), subject, same.at));
        return remarks;
    }
    let near = nearest(&row.name, csdl.properties(id).map(|property| property.name));
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", Names(&near)) };
    vec![TableRemark {
        code: Code::PropertyNotInMetadata,
        line: row.line,
        name: row.name.clone(),
        message: format!("`{}` is no property of {full_name}{hint}", row.name),
        subject: format!("{full_name}/{}", row.name),
        at: Some(csdl.declaration(id).at()),
    }]
}

/// In what a row departs from the type that is declared.
fn type_differs<'x>(
    csdl: &Csdl<'x>,
    row: &Property,
    declared: TypeRef<'x>,
    subject: String,
    at: u32,
) -> Vec<TableRemark> {
    let remark = |code, message, subject| TableRemark {
        code,
        line: row.line,
        name: row.name.clone(),
        message,
        subject,
        at: Some(at),
    };
    let shown = |name: &str, collection: bool| if collection { format!("Collection({name})") } else { name.to_owned() };
    let declared_name = type_name(csdl, declared);
    if is_named(csdl, &row.type_name)
        && (row.collection != declared.collection || !same(csdl, &row.type_name, declared))
    {
        let message = format!(
            "`{}` is {} in the table, but {} in the metadata",
            row.name,
            shown(&row.type_name, row.collection),
            shown(&declared_name, declared.collection)
        );
        return vec![remark(Code::PropertyTypeDiffers, message, subject)];
    }
    let Some(enumeration) = declared.id.and_then(|id| csdl.enumeration(id)) else { return Vec::new() };
    let unknown = row.values.iter().filter(|value| !enumeration.members.iter().any(|member| member.name == **value));
    let remarks = unknown.map(|value| {
        let mut members = enumeration.members.iter();
        if let Some(same) = members.find(|member| member.name.eq_ignore_ascii_case(value)) {
            return case_differs(row, value, same.name, format!("{declared_name}/{}", same.name), same.at);
        }
        let near = nearest(value, enumeration.members.iter().map(|member| member.name));
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", Names(&near)) };
        let message = format!("`{value}`, a possible value of `{}`, is no member of {declared_name}{hint}", row.name);
        remark(Code::EnumValueNotInMetadata, message, format!("{declared_name}/{value}"))
    });
    remarks.collect()
}

/// A name that services write otherwise, and many read in any case.
fn case_differs(row: &Property, documented: &str, declared: &str, subject: String, at: u32) -> TableRemark {
    TableRemark {
        code: Code::NameCaseDiffers,
        line: row.line,
        name: row.name.clone(),
        message: format!("`{documented}` is called `{declared}` in the metadata"),
        subject,
        at: Some(at),
    }
}

/// Whether the text in a table names a type for sure: a primitive one, or one that is declared. Pages also write words of other
/// languages there.
fn is_named(csdl: &Csdl<'_>, name: &str) -> bool {
    if name == crate::contract::UNTYPED {
        return false;
    }
    name.starts_with("Edm.") || csdl.find_type(name).is_some() || csdl.types_called(bare(name)).next().is_some()
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
    match csdl.declaration(id) {
        crate::csdl::Declaration::Enum(_) if documented == "Edm.String" => true,
        crate::csdl::Declaration::Definition { underlying, .. } => same_primitive(documented, underlying),
        // A page may name the type that it is derived from, or one derived from it.
        declaration => {
            declaration.name().eq_ignore_ascii_case(bare(documented))
                || csdl
                    .find_type(documented)
                    .into_iter()
                    .chain(csdl.types_called(bare(documented)))
                    .any(|other| csdl.is_a(other, id) || csdl.is_a(id, other))
        }
    }
}

fn same_primitive(documented: &str, declared: &str) -> bool {
    documented == declared
        || (Primitive::read(documented).is_some() && Primitive::read(documented) == Primitive::read(declared))
}
