//! Documented values that are only the name of a type: `"Integer"`, `"String (timestamp)"`.

use foldhash::{HashMap, HashMapExt as _};

use super::{Placeholder, Property, Typed};
use crate::edm::Primitive;
use crate::json::{Cursor, Json};

/// Finds the values of a body that are names of types. The declared type of the member decides what a real value would be;
/// where it is not known, the value's own name does. A member that may hold the name of a type for its value is left alone: nobody
/// could tell.
pub fn placeholders(typed: &Typed<'_>) -> Vec<Placeholder> {
    numbered(typed).into_iter().map(|(_, found)| found).collect()
}

/// The placeholders of a body, each with its number in document order, parents first.
pub(super) fn numbered(typed: &Typed<'_>) -> Vec<(usize, Placeholder)> {
    let mut found = Vec::new();
    // Whether the enumeration of a property has a name of a type, by the two.
    let mut members: HashMap<(*const Property, Primitive), bool> = HashMap::new();
    let mut next = 0;
    typed.visit(|value, cursor, declared| {
        let number = next;
        next += 1;
        let Some((text, named)) = value.as_str().and_then(|text| Some((text, type_named(text)?))) else { return };
        let property = declared.property;
        let is_member = property.is_some_and(|own| {
            let has = || own.values.iter().any(|member| type_named(member) == Some(named));
            *members.entry((std::ptr::from_ref(own), named)).or_insert_with(has)
        });
        let lists_values = property.is_some_and(|own| !own.values.is_empty());
        let is_text = declared.type_name.and_then(Primitive::read).is_none_or(|own| own == Primitive::String);
        if is_member || (is_text && !lists_values && !text.contains('(') && holds_types(cursor)) {
            return;
        }
        let type_name = property.map_or_else(|| named.name().to_owned(), |property| property.type_name.clone());
        found.push((number, Placeholder { path: cursor.path(), type_name }));
    });
    found
}

/// Whether a member is called like one whose values are names of types: `type`, `dataType`, `valueTypes`.
fn holds_types(cursor: &Cursor<'_>) -> bool {
    match cursor {
        Cursor::Root => false,
        Cursor::Element(around, _) => holds_types(around),
        Cursor::Member(_, name) => {
            let name = name.to_ascii_lowercase();
            ["type", "types", "kind", "schema"].iter().any(|word| name.ends_with(word)) && !name.contains('@')
        }
    }
}

/// The type that a value names: `Integer`, `Boolean`, `String`, `String (timestamp)`. Documentation tools write these with a
/// capital; `string` and `time` are words.
pub(super) fn type_named(text: &str) -> Option<Primitive> {
    if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let (name, qualifier) = match text.split_once('(') {
        Some((name, rest)) => (name.trim_end(), Some(rest.strip_suffix(')')?.trim())),
        None => (text, None),
    };
    if matches!(name, "Date" | "Time" | "Stream" | "Single" | "Long") {
        return None;
    }
    let primitive = Primitive::read(name)?;
    match qualifier {
        None => Some(primitive),
        Some("timestamp") => Some(Primitive::DateTimeOffset),
        Some("identifier" | "guid") => Some(primitive),
        Some(_) => None,
    }
}

/// `skuId-value` of `skuId-value-1`.
fn numberless(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | ' '))
}

fn ends_with_value(text: &str) -> bool {
    let start = text.len().checked_sub("value".len());
    start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case("value"))
}

/// Whether a value says that a real one would stand there: `x-value`, `{id}`, `<date>`, `String`, `…`.
pub fn is_sample_text(value: &Json) -> bool {
    let Some(text) = value.as_str() else { return false };
    let text = text.trim();
    let type_name = text.split('(').next().unwrap_or_default().trim();
    text.is_empty()
        || text.contains(['{', '<', '…'])
        || text.as_bytes().windows(3).any(|three| three == b"...")
        || text.starts_with("@odata.type")
        || ends_with_value(numberless(text))
        || Primitive::read(type_name).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::contract::{Property, Type};
    use crate::json::parse;

    #[track_caller]
    fn check(body: &str, expected: &[(&str, &str)]) {
        let property = |name: &str, type_name: &str| Property {
            name: name.into(),
            type_name: type_name.into(),
            ..Property::default()
        };
        let listed = |name: &str| Property {
            values: vec!["Boolean".to_owned(), "Text".to_owned()],
            ..property(name, "Edm.String")
        };
        let declared = vec![
            property("count", "Edm.Int64"),
            property("countType", "Edm.Int64"),
            property("when", "Edm.DateTimeOffset"),
            listed("listed"),
            listed("listedType"),
        ];
        let types = BTreeMap::from([("t".to_owned(), Type { properties: declared, ..Type::default() })]);
        let json = parse(body).expect(body).json;
        let found = numbered(&Typed { body: &json, body_type: Some("t"), wrapped: false, types: &types });
        let found: Vec<(String, &str)> =
            found.iter().map(|(_, p)| (p.path.to_string(), p.type_name.as_str())).collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(path, name)| (path.as_str(), *name)).collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn type_names_as_values_are_placeholders_of_the_declared_type() {
        check(r#"{"count": "Integer"}"#, &[("$['count']", "Edm.Int64")]);
        check(r#"{"when": "String (timestamp)"}"#, &[("$['when']", "Edm.DateTimeOffset")]);
        check(r#"{"other": [{"x": "Boolean"}]}"#, &[("$['other'][0]['x']", "Edm.Boolean")]);
        check(r#"{"other": "String (timestamp)"}"#, &[("$['other']", "Edm.DateTimeOffset")]);
    }

    #[test]
    fn members_that_may_hold_the_name_of_a_type_are_left_alone() {
        check(
            r#"{"type": "Integer", "dataType": "String", "columnTypes": ["Boolean"], "name": "Integer"}"#,
            &[("$['name']", "Edm.Int32")],
        );
        check(r#"{"listed": "Boolean"}"#, &[]);
        check(r#"{"listed": "Integer"}"#, &[("$['listed']", "Edm.String")]);
        check(r#"{"listedType": "Integer"}"#, &[("$['listedType']", "Edm.String")]);
        check(r#"{"countType": "Integer"}"#, &[("$['countType']", "Edm.Int64")]);
    }

    #[test]
    fn words_that_happen_to_name_a_type_are_values() {
        check(r#"{"a": "string", "b": "Date", "c": "Integer value", "d": "String (any)", "e": 4}"#, &[]);
    }
}
