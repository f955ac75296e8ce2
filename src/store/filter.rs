//! Selects by name: a whole name stands for itself alone, any other text for every name that contains it.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// Selects what has one of several texts in its name, or everything if there are no texts.
///
/// The names of contracts are their ids. Many ids begin with another id (`v1.0/user-get`, `v1.0/user-get-2`), so a text that is
/// a whole name selects that one alone.
#[derive(Clone, Debug)]
pub struct Filter<'t> {
    texts: &'t [String],
    /// Those of the texts that are whole names.
    whole: BTreeSet<&'t str>,
}

/// Nothing has a name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {what} contains {}{searched}", filters.join(" or "))]
pub struct NothingSelected {
    /// What the filters were compared with, such as `contract's id`.
    pub what: &'static str,
    /// The filters.
    pub filters: Vec<String>,
    /// Where it was looked for.
    pub searched: Searched,
}

/// Where something was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Searched {
    /// In a folder of contracts.
    Folder(PathBuf),
    /// In both of two sets.
    BothSets,
}

impl fmt::Display for Searched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Searched::Folder(folder) => write!(f, "; the contracts are in {}", folder.display()),
            Searched::BothSets => f.write_str(", in neither set"),
        }
    }
}

impl<'t> Filter<'t> {
    /// A filter of these texts. `names` are all names there are, which tell the texts that are whole names.
    pub fn new(texts: &'t [String], names: impl IntoIterator<Item = impl AsRef<str>>) -> Filter<'t> {
        let mut whole = BTreeSet::new();
        if !texts.is_empty() {
            for name in names {
                whole.extend(texts.iter().map(String::as_str).filter(|text| *text == name.as_ref()));
            }
        }
        Filter { texts, whole }
    }

    /// Whether the filter selects what has that name.
    pub fn selects(&self, name: &str) -> bool {
        let fits = |text: &String| {
            if self.whole.contains(text.as_str()) { text == name } else { name.contains(text.as_str()) }
        };
        self.texts.is_empty() || self.texts.iter().any(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(texts: &[&str], expected: &[&str]) {
        let names = ["v1.0/user-get", "v1.0/user-get-2", "v1.0/user-list", "beta/user-get"];
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        let filter = Filter::new(&texts, names);
        let selected: Vec<&str> = names.into_iter().filter(|name| filter.selects(name)).collect();
        assert_eq!(selected, expected, "{texts:?}");
    }

    #[test]
    fn a_whole_name_selects_that_one_alone() {
        check(&["v1.0/user-get"], &["v1.0/user-get"]);
        check(&["v1.0/user-get", "list"], &["v1.0/user-get", "v1.0/user-list"]);
    }

    #[test]
    fn a_part_of_a_name_selects_all_that_contain_it() {
        check(&["user-get"], &["v1.0/user-get", "v1.0/user-get-2", "beta/user-get"]);
        check(&["beta/", "list"], &["v1.0/user-list", "beta/user-get"]);
        check(&["group"], &[]);
    }

    #[test]
    fn without_texts_everything_is_selected() {
        check(&[], &["v1.0/user-get", "v1.0/user-get-2", "v1.0/user-list", "beta/user-get"]);
    }

    #[test]
    fn nothing_selected_says_what_was_looked_for_and_where() {
        let error =
            |what, searched| NothingSelected { what, filters: vec!["a".into(), "b".into()], searched }.to_string();
        let folder = Searched::Folder("contracts".into());
        assert_eq!(error("contract's id", folder), "no contract's id contains a or b; the contracts are in contracts");
        assert_eq!(error("type's name", Searched::BothSets), "no type's name contains a or b, in neither set");
    }
}
