//! JSON that is made, with documented values in it that lose nothing.

use std::collections::HashMap;

use graph_contracts::json::{Json, Member, Number, Path};

use crate::limit::Limit;
use crate::number_form;

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

/// A value as the readers of documents take it, in which each object has a member once, and a number that no float of 64 bits comes near is
/// text. `change` is told of what is not as documented.
pub(crate) fn readable(json: &Json, change: &mut impl FnMut(&Path, Limit)) -> Json {
    fn walk(json: &Json, path: &Path, change: &mut impl FnMut(&Path, Limit)) -> Json {
        match json {
            Json::Object(members) => {
                let mut kept: Vec<Member> = Vec::new();
                let last: HashMap<&str, usize> =
                    members.iter().enumerate().map(|(position, own)| (own.name.as_str(), position)).collect();
                for (position, Member { name, value }) in members.iter().enumerate() {
                    let at = path.member(name);
                    // As readers of JSON do.
                    if last.get(name.as_str()) != Some(&position) {
                        change(&at, Limit::DuplicateMember);
                        continue;
                    }
                    kept.push(Member { name: name.clone(), value: walk(value, &at, change) });
                }
                Json::Object(kept)
            }
            Json::Array(items) => {
                let items = items.iter().enumerate();
                Json::Array(items.map(|(index, item)| walk(item, &path.element(index), change)).collect())
            }
            Json::Number(number) if !number_form::is_finite(number) => {
                change(path, Limit::NumberForm);
                text(number.literal())
            }
            scalar => scalar.clone(),
        }
    }
    walk(json, &Path::root(), change)
}
