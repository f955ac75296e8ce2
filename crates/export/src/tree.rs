//! JSON that is made, with documented values in it that lose nothing.

use graph_contracts::json::{Json, Member, Number, Path};

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

/// A value in which each object has a member once: readers of documents refuse others.
pub(crate) fn once(json: &Json, twice: &mut impl FnMut(&Path)) -> Json {
    fn walk(json: &Json, path: &Path, twice: &mut impl FnMut(&Path)) -> Json {
        match json {
            Json::Object(members) => {
                let mut kept: Vec<Member> = Vec::new();
                for Member { name, value } in members {
                    let at = path.member(name);
                    if kept.iter().any(|own| own.name == *name) {
                        twice(&at);
                        continue;
                    }
                    kept.push(Member { name: name.clone(), value: walk(value, &at, twice) });
                }
                Json::Object(kept)
            }
            Json::Array(items) => {
                let items = items.iter().enumerate();
                Json::Array(items.map(|(index, item)| walk(item, &path.element(index), twice)).collect())
            }
            scalar => scalar.clone(),
        }
    }
    walk(json, &Path::root(), twice)
}
