//! What a contract declares, as the structured metadata (`info`) of a snapshot, which insta keeps when it writes a file.

use insta::internals::Content;
use serde_json::{Map, Value, json};

use crate::normal::Declarations;

/// The key in a snapshot's `info`.
const DECLARED: &str = "declared";

/// The metadata that says what a contract declares.
pub(super) fn info(declared: &Declarations) -> Content {
    content(declared_json(declared))
}

/// The same as JSON.
pub(super) fn declared_json(declared: &Declarations) -> Value {
    json!({ DECLARED: declared })
}

/// What metadata says that a contract declared; `None` if it does not say it, or in a way that is not known here.
pub(super) fn declared_in(info: &Content) -> Option<Declarations> {
    let Value::Object(mut members) = value(info)? else { return None };
    serde_json::from_value(members.remove(DECLARED)?).ok()
}

fn content(value: Value) -> Content {
    match value {
        Value::Null => Content::None,
        Value::Bool(flag) => Content::Bool(flag),
        Value::Number(number) => number.as_i64().map_or_else(|| Content::from(number.to_string()), Content::I64),
        Value::String(text) => Content::String(text),
        Value::Array(items) => Content::Seq(items.into_iter().map(content).collect()),
        Value::Object(members) => {
            Content::Map(members.into_iter().map(|(name, value)| (Content::String(name), content(value))).collect())
        }
    }
}

/// The metadata as JSON; `None` where YAML cannot have it.
fn value(content: &Content) -> Option<Value> {
    Some(match content.resolve_inner() {
        Content::None | Content::Unit => Value::Null,
        Content::Bool(flag) => Value::Bool(*flag),
        Content::I64(number) => Value::from(*number),
        Content::F64(number) => Value::from(*number),
        Content::String(text) => Value::String(text.clone()),
        Content::Seq(items) => Value::Array(items.iter().map(value).collect::<Option<_>>()?),
        Content::Map(members) => {
            let member = |(name, own): &(Content, Content)| Some((name.as_str()?.to_owned(), value(own)?));
            Value::Object(members.iter().map(member).collect::<Option<Map<_, _>>>()?)
        }
        _ => return None,
    })
}
