//! Documented values that are only the name of a type: `"Integer"`, `"String (timestamp)"`.

use super::{Placeholder, Primitive, Property, Type};
use crate::json::{Json, Path};

/// Finds the values of a body that are names of types. The declared type of the member decides what a real value would be;
/// where it is not known, the value's own name does.
pub(super) fn placeholders(body: &Json, body_type: Option<&Type>) -> Vec<Placeholder> {
    let mut found = Vec::new();
    collect(body, &Path::root(), None, body_type, &mut found);
    found
}

fn collect(value: &Json, path: &Path, declared: Option<&Property>, own: Option<&Type>, found: &mut Vec<Placeholder>) {
    match value {
        Json::String(text) => {
            if let Some(named) = type_named(text) {
                let type_name = declared.map_or_else(|| named.name().to_owned(), |property| property.type_name.clone());
                found.push(Placeholder { path: path.to_string(), type_name });
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &path.element(index), declared, own, found);
            }
        }
        Json::Object(members) => {
            for member in members {
                let declared = own.and_then(|own| own.properties.iter().find(|property| property.name == member.name));
                collect(&member.value, &path.member(&member.name), declared, None, found);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// The type that a value names: `Integer`, `Boolean`, `String`, `String (timestamp)`. Documentation tools write these with a
/// capital; `string` and `time` are words.
fn type_named(text: &str) -> Option<Primitive> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[track_caller]
    fn check(body: &str, expected: &[(&str, &str)]) {
        let property = |name: &str, type_name: &str| Property {
            name: name.into(),
            type_name: type_name.into(),
            collection: false,
            values: Vec::new(),
            line: 1,
        };
        let declared =
            Type { properties: vec![property("count", "Edm.Int64"), property("when", "Edm.DateTimeOffset")] };
        let found = placeholders(&parse(body).expect(body).json, Some(&declared));
        let found: Vec<(&str, &str)> = found.iter().map(|p| (p.path.as_str(), p.type_name.as_str())).collect();
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
