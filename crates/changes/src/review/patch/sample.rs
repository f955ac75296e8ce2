//! Values for masks: neutral samples, as documentation has them, and never what a service sent.

use graph_contracts::json::{Json, Number};
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

/// A value as it may stand in an example.
pub(super) fn value(masked: &Node) -> Json {
    node(masked).to_json()
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
            assert_eq!(Shape::of(&value(&Node::Array(vec![Node::Mask(mask)]))), None);
        }
    }
}
