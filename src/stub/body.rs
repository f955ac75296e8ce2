//! Where the body of a request departs from the documented one.

use super::Difference;
use crate::compare::excerpt;
use crate::contract::{Body, Placeholder, Primitive, Request};
use crate::json::{self, Json, Kind, Member, Path};
use crate::normal::Shape;

pub(super) fn body_differences(documented: &Request, actual: &[u8], differences: &mut Vec<Difference>) {
    match &documented.body {
        None if actual.is_empty() => {}
        None => differences.push(Difference::new("body", "no body", excerpt(&String::from_utf8_lossy(actual)))),
        Some(body) if actual.is_empty() => {
            let documented = body.as_json().map_or_else(|| body.to_text(), Json::to_string);
            differences.push(Difference::new("body", excerpt(&documented), "no body"));
        }

        // What the page describes in words is not known.
        Some(Body::Bytes(_)) => {}
        Some(Body::Text(lines)) => {
            let actual = String::from_utf8_lossy(actual);
            if !actual.lines().eq(lines.iter().map(String::as_str)) {
                differences.push(Difference::new("body", excerpt(&lines.join("\n")), excerpt(&actual)));
            }
        }
        // As this project's own client writes it; it need not be read.
        Some(Body::Json(expected)) if actual == expected.to_string().as_bytes() => {}
        Some(Body::Json(expected)) => {
            let actual = String::from_utf8_lossy(actual);
            match json::parse(&actual) {
                Ok(parsed) => {
                    let placeholders = &documented.placeholders;
                    value(expected, &parsed.json, &Path::root(), placeholders, differences);
                }
                Err(error) => differences.push(Difference::new("body", "JSON", format!("{error}"))),
            }
        }
    }
}

fn value(expected: &Json, actual: &Json, path: &Path, placeholders: &[Placeholder], differences: &mut Vec<Difference>) {
    match (expected, actual) {
        (Json::Object(one), Json::Object(other)) => {
            // Members that occur twice are compared in their order.
            let nth = |members: &[Member], index: usize| {
                members[..index].iter().filter(|member| member.name == members[index].name).count()
            };
            let find = |members: &'_ [Member], name: &str, nth: usize| {
                members.iter().enumerate().filter(|(_, member)| member.name == name).nth(nth).map(|(index, _)| index)
            };
            for (index, member) in one.iter().enumerate() {
                let path = path.member(&member.name);
                match find(other, &member.name, nth(one, index)) {
                    Some(at) => value(&member.value, &other[at].value, &path, placeholders, differences),
                    None => differences.push(Difference::new(
                        path.to_string(),
                        excerpt(&member.value.to_string()),
                        "nothing",
                    )),
                }
            }
            for (index, member) in other.iter().enumerate() {
                if find(one, &member.name, nth(other, index)).is_none() {
                    let path = path.member(&member.name);
                    differences.push(Difference::new(path.to_string(), "nothing", excerpt(&member.value.to_string())));
                }
            }
        }
        (Json::Array(one), Json::Array(other)) => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                value(one, other, &path.element(index), placeholders, differences);
            }
            if one.len() != other.len() {
                let elements = |items: &[Json]| format!("{} elements", items.len());
                differences.push(Difference::new(path.to_string(), elements(one), elements(other)));
            }
        }
        (Json::Number(one), Json::Number(other)) if one.same_value(other) => {}
        (one, other) if one == other => {}
        (one, other) => {
            let place = path.to_string();
            let placeholder = placeholders.iter().find(|placeholder| placeholder.path == place);
            if !placeholder.is_some_and(|placeholder| is_of_type(other, &placeholder.type_name)) {
                differences.push(Difference::new(place, excerpt(&one.to_string()), excerpt(&other.to_string())));
            }
        }
    }
}

/// Whether a value may stand where the documentation has the name of a type.
fn is_of_type(value: &Json, type_name: &str) -> bool {
    let kind = value.kind();
    match Primitive::read(type_name) {
        None => kind != Kind::Null,
        Some(Primitive::Boolean) => kind == Kind::Boolean,
        Some(Primitive::Byte | Primitive::Int16 | Primitive::Int32 | Primitive::Int64) => {
            Shape::of(value) == Some(Shape::Int)
        }
        Some(Primitive::Decimal | Primitive::Double | Primitive::Single) => kind == Kind::Number,
        Some(Primitive::DateTimeOffset) => Shape::of(value) == Some(Shape::DateTime),
        Some(Primitive::Date) => Shape::of(value) == Some(Shape::Date),
        Some(Primitive::Guid) => Shape::of(value) == Some(Shape::Guid),
        Some(Primitive::Duration) => Shape::of(value) == Some(Shape::Duration),
        Some(Primitive::Binary | Primitive::Stream | Primitive::String | Primitive::TimeOfDay) => kind == Kind::String,
    }
}
