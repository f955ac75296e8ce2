//! The body of a normal form as a contract has it.

use graph_contracts::contract::Body;
use graph_contracts::json::{Json, Member};
use graph_contracts::normal::{Mask, Node, NormalBody};

/// The body, with what `value_of` gives in the place of each mask.
pub(crate) fn body_of_form(body: &NormalBody, value_of: &impl Fn(Mask) -> Json) -> Option<Body> {
    match body {
        NormalBody::None => None,
        NormalBody::Json(node) => Some(Body::Json(json(node, value_of))),
        NormalBody::Text(text) => Some(Body::Text(text.split('\n').map(str::to_owned).collect())),
        NormalBody::Binary => Some(Body::Bytes(Vec::new())),
    }
}

fn json(node: &Node, value_of: &impl Fn(Mask) -> Json) -> Json {
    match node {
        Node::Mask(mask) => value_of(*mask),
        Node::String(text) => Json::String(text.as_literal().map_or_else(|| text.to_string(), str::to_owned)),
        Node::Plain(value) => value.clone(),
        Node::Array(items) => Json::Array(items.iter().map(|item| json(item, value_of)).collect()),
        Node::Object(members) => {
            let member = |(name, value): &(String, Node)| Member { name: name.clone(), value: json(value, value_of) };
            Json::Object(members.iter().map(member).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::normal::NormalForm;

    #[test]
    fn a_body_has_what_it_is_given_for_its_masks() {
        let check = |body: &str, expected: Option<Body>| {
            let text = format!("GET https://graph.microsoft.com/v1.0/a\nroute /a\n\nHTTP 200\n{body}");
            let form = NormalForm::parse(&text).expect("a form");
            assert_eq!(body_of_form(&form.body, &|mask| Json::String(format!("<{mask}>"))), expected, "{body}");
        };
        let json = |text: &str| graph_contracts::json::parse(text).ok().map(|own| Body::Json(own.json));
        check("", None);
        check("\n{\"a\": [\"[guid:1]\", 1.50], \"b\": \"c\"}", json("{\"a\": [\"<[guid:1]>\", 1.50], \"b\": \"c\"}"));
        check("\n| a\n| b", Some(Body::Text(vec!["a".to_owned(), "b".to_owned()])));
        check("\n[binary]", Some(Body::Bytes(Vec::new())));
    }
}
