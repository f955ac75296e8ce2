//! Values for masks: neutral samples, as documentation has them, and never what a service sent.

use graph_contracts::json::{Json, Number, Path, Step};
use graph_contracts::normal::{Mask, Node, NormalBody, NormalForm, Piece, Shape, Text};

/// A form with a sample for each mask.
pub(super) fn unmasked(form: &NormalForm) -> NormalForm {
    let mut form = form.clone();
    if let NormalBody::Json(body) = &form.body {
        form.body = NormalBody::Json(node(body));
    }
    for header in &mut form.headers {
        header.value = text(&header.value);
    }
    form
}

fn node(masked: &Node) -> Node {
    match masked {
        Node::Mask(mask) => match sample_of(*mask) {
            Json::String(text) => Node::String(Text::literal(&text)),
            other => Node::Plain(other),
        },
        Node::String(masked) => Node::String(text(masked)),
        Node::Plain(_) => masked.clone(),
        Node::Array(items) => Node::Array(items.iter().map(node).collect()),
        Node::Object(members) => {
            Node::Object(members.iter().map(|(name, value)| (name.clone(), node(value))).collect())
        }
    }
}

fn text(masked: &Text) -> Text {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Mask(mask) => match sample_of(*mask) {
            Json::String(text) => text,
            other => other.to_string(),
        },
    };
    Text::literal(&masked.0.iter().map(piece).collect::<String>())
}

/// A value as it may stand in an example at a place. A text is called after its member, as in the pages of Microsoft Graph: `User Name value`.
pub(super) fn value(masked: &Node, place: &Path) -> Json {
    let name = place.steps().iter().rev().find_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Index(_) => None,
    });
    named(masked, name.unwrap_or_default()).to_json()
}

fn named(masked: &Node, name: &str) -> Node {
    match masked {
        Node::Mask(Mask { shape: Shape::String, .. }) => Node::String(Text::literal(&value_of(name))),
        Node::Array(items) => Node::Array(items.iter().map(|item| named(item, name)).collect()),
        Node::Object(members) => {
            Node::Object(members.iter().map(|(name, value)| (name.clone(), named(value, name))).collect())
        }
        other => node(other),
    }
}

/// `User Name value` for `userName`, and for `@odata.userName`.
fn value_of(name: &str) -> String {
    let name = name.rsplit('.').next().unwrap_or_default();
    let mut words = String::new();
    for c in name.chars() {
        let is_inner = words.chars().next_back().is_some_and(char::is_lowercase);
        match c {
            c if words.is_empty() => words.extend(c.to_uppercase()),
            c if c.is_uppercase() && is_inner => words.extend([' ', c]),
            c => words.push(c),
        }
    }
    if words.is_empty() { "value".to_owned() } else { format!("{words} value") }
}

/// A value of the shape of a mask.
pub(in crate::review) fn sample_of(mask: Mask) -> Json {
    let number = |literal| Number::from_literal(literal).map_or(Json::Null, Json::Number);
    let text = |text: &str| Json::String(text.to_owned());
    match mask.shape {
        Shape::Guid => text("00000000-0000-0000-0000-000000000000"),
        Shape::DateTime => text("2024-01-01T00:00:00Z"),
        Shape::Date => text("2024-01-01"),
        Shape::Duration => text("PT1H"),
        Shape::Int => number("0"),
        Shape::Number => number("0.5"),
        Shape::Bool => Json::Bool(true),
        // With a capital, it would be the name of a type, and stand for a value of the declared one.
        Shape::String => text("string"),
        Shape::Empty => text(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_the_shape_of_its_mask() {
        for shape in Shape::ALL.iter().copied() {
            let mask = Mask { shape, number: None, optional: false };
            assert_eq!(Shape::of(&sample_of(mask)), Some(shape));
            assert_eq!(Shape::of(&value(&Node::Mask(mask), &Path::root().member("name"))), Some(shape));
        }
    }

    #[test]
    fn a_text_is_called_after_its_member() {
        for (name, expected) in [
            ("userName", "User Name value"),
            ("osVersion", "Os Version value"),
            ("tenantID", "Tenant ID value"),
            ("@odata.nextLink", "Next Link value"),
            ("x", "X value"),
            ("", "value"),
        ] {
            assert_eq!(value_of(name), expected, "{name:?}");
        }
    }
}
