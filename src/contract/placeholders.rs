//! Documented values that are only the name of a type: `"Integer"`, `"String (timestamp)"`.

use super::{Placeholder, Primitive, Typed};
use crate::json::Json;

/// Finds the values of a body that are names of types. The declared type of the member decides what a real value would be;
/// where it is not known, the value's own name does.
pub(super) fn placeholders(typed: &Typed<'_>) -> Vec<Placeholder> {
    let mut found = Vec::new();
    typed.visit(|value, cursor, declared| {
        // `String` may also be a member of an enumeration of types.
        let is_member =
            |text: &&str| declared.property.is_some_and(|property| property.values.iter().any(|v| v == text));
        if let Some(named) = value.as_str().filter(|text| !is_member(text)).and_then(type_named) {
            let type_name =
                declared.property.map_or_else(|| named.name().to_owned(), |property| property.type_name.clone());
            found.push(Placeholder { path: cursor.path(), type_name });
        }
    });
    found
}

/// The type that a value names: `Integer`, `Boolean`, `String`, `String (timestamp)`. Documentation tools write these with a
/// capital; `string` and `time` are words.
pub(super) fn type_named(text: &str) -> Option<Primitive> {
    let (name, qualifier) = match text.split_once('(') {
        Some((name, rest)) => (name.trim_end(), Some(rest.strip_suffix(')')?.trim())),
        None => (text, None),
    };
    if !name.starts_with(|c: char| c.is_ascii_uppercase())
        || matches!(name, "Date" | "Time" | "Stream" | "Single" | "Long")
    {
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

/// Whether a value says that a real one would stand there: `x-value`, `{id}`, `<date>`, `String`, `…`.
pub fn is_sample_text(value: &Json) -> bool {
    let Some(text) = value.as_str() else { return false };
    let text = text.trim();
    let type_name = text.split('(').next().unwrap_or_default().trim();
    text.is_empty()
        || text.contains(['{', '<', '…'])
        || text.contains("...")
        || text.starts_with("@odata.type")
        || numberless(text).to_lowercase().ends_with("value")
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
        let declared = vec![property("count", "Edm.Int64"), property("when", "Edm.DateTimeOffset")];
        let types = BTreeMap::from([("t".to_owned(), Type { properties: declared, ..Type::default() })]);
        let json = parse(body).expect(body).json;
        let found = placeholders(&Typed { body: &json, body_type: Some("t"), wrapped: false, types: &types });
        let found: Vec<(String, &str)> = found.iter().map(|p| (p.path.to_string(), p.type_name.as_str())).collect();
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
    fn words_that_happen_to_name_a_type_are_values() {
        check(r#"{"a": "string", "b": "Date", "c": "Integer value", "d": "String (any)", "e": 4}"#, &[]);
    }
}
