//! Where the body of a request departs from the documented one.

use super::Difference;
use crate::at::RequestPart;
use crate::compare::excerpt;
use crate::contract::{Body, Placeholder, Primitive, Request};
use crate::json::{self, Cursor, Json, Key, Kind, Pair, pairs};
use crate::normal::looks_like;

pub(super) fn body_differences(documented: &Request, actual: &[u8], differences: &mut Vec<Difference>) {
    let text = String::from_utf8_lossy(actual);
    let (expected, came) = match &documented.body {
        None if actual.is_empty() => return,
        None => ("no body".to_owned(), excerpt(&text)),
        Some(body) if actual.is_empty() => {
            (excerpt(&body.as_json().map_or_else(|| body.to_text(), Json::to_string)), "no body".to_owned())
        }
        // What the page describes in words is not known.
        Some(Body::Bytes(_)) => return,
        Some(Body::Text(lines)) if text.lines().eq(lines.iter().map(String::as_str)) => return,
        Some(Body::Text(lines)) => (excerpt(&lines.join("\n")), excerpt(&text)),
        // As this project's own client writes it; it need not be read.
        Some(Body::Json(expected)) if text == expected.to_string() => return,
        Some(Body::Json(expected)) => match json::parse(&text) {
            Ok(parsed) => {
                return value((expected, &parsed.json), &Cursor::Root, &documented.placeholders, differences);
            }
            Err(error) => ("JSON".to_owned(), error.to_string()),
        },
    };
    differences.push(Difference::new(RequestPart::Body, expected, came));
}

fn value(
    (expected, actual): (&Json, &Json),
    cursor: &Cursor<'_>,
    placeholders: &[Placeholder],
    differences: &mut Vec<Difference>,
) {
    let place = || RequestPart::Path(cursor.path());
    let Some(pairs) = pairs(expected, actual) else {
        let is_same = match (expected, actual) {
            (Json::Number(one), Json::Number(other)) => one.same_value(other),
            (one, other) => one == other,
        };
        let placeholder = || placeholders.iter().find(|placeholder| placeholder.path == cursor.path());
        if !is_same && !placeholder().is_some_and(|placeholder| is_of_type(actual, &placeholder.type_name)) {
            differences.push(Difference::new(place(), excerpt(&expected.to_string()), excerpt(&actual.to_string())));
        }
        return;
    };
    for Pair { key, one, other } in pairs {
        let shown = |value: Option<&Json>| value.map_or("nothing".to_owned(), |value| excerpt(&value.to_string()));
        match (key, one, other) {
            (_, Some(one), Some(other)) => value((one, other), &cursor.to(key), placeholders, differences),
            (Key::Name(_), one, other) => {
                differences.push(Difference::new(RequestPart::Path(cursor.to(key).path()), shown(one), shown(other)));
            }
            // Their number is said once.
            (Key::Index(_), ..) => {}
        }
    }
    if let (Json::Array(one), Json::Array(other)) = (expected, actual)
        && one.len() != other.len()
    {
        let elements = |items: &[Json]| format!("{} elements", items.len());
        differences.push(Difference::new(place(), elements(one), elements(other)));
    }
}

/// Whether a value may stand where the documentation has the name of a type.
fn is_of_type(value: &Json, type_name: &str) -> bool {
    Primitive::read(type_name).map_or(value.kind() != Kind::Null, |primitive| looks_like(primitive, value))
}
