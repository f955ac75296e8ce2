//! JSON that is made, with documented values in it that lose nothing.

use graph_contracts::json::{Json, Member, Number};

/// A string.
pub(crate) fn text(text: impl Into<String>) -> Json {
    Json::String(text.into())
}

/// A whole number.
pub(crate) fn number(number: impl Into<u64>) -> Json {
    Number::from_literal(&number.into().to_string()).map_or(Json::Null, Json::Number)
}

/// An object with these members.
pub(crate) fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| Member { name: name.into(), value }).collect())
}

/// An array of these strings.
pub(crate) fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Json {
    Json::Array(items.into_iter().map(text).collect())
}

/// A file's text: indented, with a line end.
pub(crate) fn file(document: &Json) -> String {
    document.to_pretty() + "\n"
}
