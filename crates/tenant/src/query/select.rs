//! `$select` (OData URL Conventions 4.01 section 5.1.4).

use graph_contracts::json::{Json, Member};
use graph_contracts::query::ParseError;

/// So many items `$select` and `$expand` may have: each is looked for in each object.
const MOST_ITEMS: usize = 500;

/// The properties that a request selects, by the first names of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Select {
    /// Whether all properties are selected (`*`).
    all: bool,
    paths: Vec<Vec<String>>,
}

impl Select {
    /// Reads `$select`.
    ///
    /// # Errors
    ///
    /// When an item is not a path, or has options of its own.
    pub(super) fn parse(text: &str) -> Result<Select, ParseError> {
        let mut select = Select::default();
        let mut at = 0;
        too_many(text)?;
        for item in text.split(',') {
            let name = item.trim();
            let problem = |invalid, reason: String| Err(ParseError { invalid, at, reason });
            if name.contains('(') {
                return problem(false, format!("options of `{name}` are not supported"));
            }
            let is_name = |c: char| c.is_alphanumeric() || "_-.*$@".contains(c);
            let is_path = name.split('/').all(|segment| !segment.is_empty() && segment.chars().all(is_name));
            if !is_path {
                return problem(true, format!("`{name}` is not the path of a property"));
            }
            // A type in a path only says of which objects the property is.
            let names = name.split('/').filter(|segment| !segment.contains('.'));
            let names: Vec<String> = names.map(str::to_owned).collect();
            if names == ["*"] || names.is_empty() {
                select.all = true
            } else {
                select.paths.push(names)
            }
            at += item.len() + 1;
        }
        Ok(select)
    }

    /// The object with what is selected of it.
    pub(super) fn apply(&self, object: Json, expanded: &[&str]) -> Json {
        let paths: Vec<&[String]> = self.paths.iter().map(Vec::as_slice).collect();
        if self.all { object } else { reduced(object, &paths, expanded) }
    }

    /// The first names of the paths.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.paths.iter().filter_map(|path| path.first())
    }
}

/// An object with the members at the beginning of these paths, and what is behind them.
fn reduced(object: Json, paths: &[&[String]], expanded: &[&str]) -> Json {
    let members = match object {
        Json::Object(members) => members,
        // Elements of a collection are reduced each.
        Json::Array(items) => return Json::Array(items.into_iter().map(|item| reduced(item, paths, &[])).collect()),
        other => return other,
    };
    let kept = |member: Member| {
        // Control information belongs to the object, or to the property that it names (OData JSON Format 4.01 section 4.6).
        let name = member.name.split('@').next().unwrap_or_default();
        if name.is_empty() || expanded.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            return Some(member);
        }
        let is_of_it = |path: &&[String]| path.first().is_some_and(|first| first.eq_ignore_ascii_case(name));
        let own: Vec<&[String]> = paths.iter().copied().filter(is_of_it).map(|path| &path[1..]).collect();
        if own.is_empty() {
            return None;
        }
        let is_whole = own.iter().any(|rest| rest.is_empty()) || name.len() < member.name.len();
        let value = if is_whole { member.value } else { reduced(member.value, &own, &[]) };
        Some(Member { name: member.name, value })
    };
    Json::Object(members.into_iter().filter_map(kept).collect())
}

/// That a list has more items than are read.
pub(super) fn too_many(text: &str) -> Result<(), ParseError> {
    if text.bytes().filter(|byte| *byte == b',').count() < MOST_ITEMS {
        return Ok(());
    }
    Err(ParseError { invalid: false, at: 0, reason: format!("of more than {MOST_ITEMS} items it is not read") })
}
