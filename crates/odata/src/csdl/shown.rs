//! For the tests: a model as lines, and documents around a few elements.

use super::{
    Ability, Capability, Csdl, ElementKind, Notes, Operation, OperationKind, Property, StructuredKind, TypeId, TypeKind,
};

/// A document around these schemas.
pub(super) fn document(schemas: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="capabilities.xml"><edmx:Include Namespace="Org.OData.Capabilities.V1" Alias="Capabilities" /></edmx:Reference>
<edmx:DataServices>
{schemas}
</edmx:DataServices>
</edmx:Edmx>"#
    )
}

/// A document around these elements of a schema. They begin on line 6.
pub(super) fn schema(elements: &str) -> String {
    document(&format!("<Schema Namespace=\"library.main\" Alias=\"lib\">\n{elements}\n</Schema>"))
}

/// An `Annotations` element that says of a target that it is computed.
pub(super) fn computed(target: &str) -> String {
    format!(r#"<Annotations Target="{target}"><Annotation Term="Org.OData.Core.V1.Computed"/></Annotations>"#)
}

/// The model of these elements of a schema, as lines.
#[track_caller]
pub(super) fn check(elements: &str, expected: &[&str]) {
    check_document(&schema(elements), expected);
}

/// The model of a document, as lines.
#[track_caller]
pub(super) fn check_document(text: &str, expected: &[&str]) {
    let csdl = Csdl::read(text).expect("a document that can be read");
    assert_eq!(shown(&csdl), expected, "{text}");
}

/// Every type, operation and child of the container, each with its line.
pub(super) fn shown(csdl: &Csdl<'_>) -> Vec<String> {
    let types = csdl.declarations().flat_map(|(id, _)| shown_type(csdl, id));
    let operations = csdl.operations.iter().map(|own| shown_operation(csdl, own));
    let elements = csdl.elements.iter().map(|own| {
        let kind = match own.kind {
            ElementKind::EntitySet => "set",
            ElementKind::Singleton => "singleton",
            ElementKind::ActionImport => "action import",
            ElementKind::FunctionImport => "function import",
        };
        let bindings: String = own.bindings.iter().map(|own| format!(" {}->{}", own.path, own.target)).collect();
        let notes = shown_notes(own.notes.as_deref());
        format!("{} {kind} {}: {}{bindings}{notes}", csdl.line(own.at), own.name, own.type_text)
    });
    types.chain(operations).chain(elements).collect()
}

fn shown_type(csdl: &Csdl<'_>, id: TypeId) -> Vec<String> {
    let (line, name) = (csdl.line(csdl.declaration(id).at), csdl.full_name(id));
    let notes = shown_notes(csdl.declaration(id).notes.as_deref());
    match &csdl.declaration(id).kind {
        TypeKind::Structured(own) => {
            let kind = if own.kind == StructuredKind::Entity { "entity" } else { "complex" };
            let mut text = format!("{line} {kind} {name}");
            text += &own.base.map(|base| format!(" < {base}")).unwrap_or_default();
            for (is, word) in [(own.is_abstract, " abstract"), (own.is_open, " open"), (own.has_stream, " stream")] {
                text += if is { word } else { "" };
            }
            if !own.key.is_empty() {
                text += &format!(" key({})", own.key.join(","));
            }
            let properties = csdl.own_properties(id).iter().map(|own| shown_property(csdl, own));
            std::iter::once(text + &notes).chain(properties).collect()
        }
        TypeKind::Enum(own) => {
            let members = own.members.iter().map(|member| match member.value {
                Some(value) => format!("{}={value}", member.name),
                None => member.name.to_owned(),
            });
            let kind = if own.is_flags { "flags" } else { "enum" };
            vec![format!("{line} {kind} {name}: {}{notes}", members.collect::<Vec<_>>().join(" "))]
        }
        TypeKind::Definition { underlying, .. } => vec![format!("{line} definition {name}: {underlying}{notes}")],
    }
}

fn shown_property(csdl: &Csdl<'_>, own: &Property<'_>) -> String {
    let mut text = format!("{}   {}: {}", csdl.line(own.at), own.name, own.type_text);
    for (is, word) in [(own.nullable, "?"), (own.is_navigation, " navigation"), (own.contains_target, " contained")] {
        text += if is { word } else { "" };
    }
    text + &shown_notes(own.notes.as_deref())
}

fn shown_operation(csdl: &Csdl<'_>, own: &Operation<'_>) -> String {
    let mut text = format!("{} ", csdl.line(own.at));
    text += if own.is_bound { "bound " } else { "" };
    text += if own.is_composable { "composable " } else { "" };
    text += if own.kind == OperationKind::Action { "action" } else { "function" };
    let parameters = own.parameters.iter().map(|own| {
        let optional = if own.is_optional { " optional" } else { "" };
        let nullable = if own.nullable { "?" } else { "" };
        format!("{}: {}{nullable}{optional}", own.name, own.type_text)
    });
    text += &format!(" {}.{}({})", csdl.namespace_of(own), own.name, parameters.collect::<Vec<_>>().join(", "));
    if let Some(returned) = own.return_type {
        text += &format!(" -> {returned}{}", if own.return_nullable { "?" } else { "" });
    }
    text + &shown_notes(own.notes.as_deref())
}

/// What annotations say, each with a word: `+insert`, `-delete`.
pub(super) fn shown_notes(notes: Option<&Notes>) -> String {
    let Some(notes) = notes else { return String::new() };
    let capability = |found: Option<Capability>, word: &str| {
        found
            .map(|Capability { allowed, .. }| format!(" {}{word}", if allowed { '+' } else { '-' }))
            .unwrap_or_default()
    };
    let mut text = String::new();
    for (found, word) in [
        (notes.capability(Ability::Insert), "insert"),
        (notes.capability(Ability::Update), "update"),
        (notes.capability(Ability::DeltaUpdate), "delta"),
        (notes.capability(Ability::Delete), "delete"),
        (notes.capability(Ability::FilterDelete), "filter-delete"),
        (notes.capability(Ability::Read), "read"),
    ] {
        text += &capability(found, word);
    }
    text += if notes.computed.is_some() { " computed" } else { "" };
    text += if notes.immutable.is_some() { " immutable" } else { "" };
    for key in &notes.alternate_keys {
        text += &format!(" key({})", key.join(","));
    }
    if let Some(own) = &notes.deprecated {
        text += &format!(" deprecated({}; {})", own.description, own.removal.as_deref().unwrap_or("no date"));
    }
    text
}
