//! What is wrong with a value of a profile, and where its key stands in the file.

use std::collections::BTreeMap;

use graph_contracts::source::{LineIndex, SourceLine};
use toml::de::{DeTable, DeValue};

/// What is wrong with a profile, and the key that it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProfileProblem {
    /// The key, from the outermost table on; an entry of a list by its index. What is missing has the key that it would have.
    pub key: Vec<String>,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

impl ProfileProblem {
    /// A problem with this key.
    pub(super) fn new(key: &[&str], message: impl Into<String>) -> ProfileProblem {
        ProfileProblem { key: key.iter().map(|name| (*name).to_owned()).collect(), message: message.into() }
    }
}

/// Where the keys of a profile's file stand.
#[derive(Clone, Debug, Default)]
pub struct KeyPlaces(BTreeMap<Vec<String>, SourceLine>);

impl KeyPlaces {
    /// The places in a TOML text; `file` names it. What is no TOML has none.
    pub fn of(file: &str, text: &str) -> KeyPlaces {
        let mut places = KeyPlaces::default();
        if let Ok(table) = DeTable::parse(text) {
            let lines = LineIndex::new(text);
            places.add(&[], table.get_ref(), &|offset| {
                let (line, column) = lines.position(offset);
                SourceLine { page: file.into(), line, column: Some(column) }
            });
        }
        places
    }

    fn add(&mut self, within: &[String], table: &DeTable<'_>, place: &dyn Fn(usize) -> SourceLine) {
        for (name, value) in table {
            let key = [within, &[name.get_ref().to_string()]].concat();
            match value.get_ref() {
                DeValue::Table(table) => self.add(&key, table, place),
                DeValue::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        let key = [key.as_slice(), &[index.to_string()]].concat();
                        self.0.insert(key, place(item.span().start));
                    }
                }
                _ => {}
            }
            self.0.insert(key, place(name.span().start));
        }
    }

    /// Where a key stands; of one that is missing, the table in which it would.
    pub fn of_key(&self, key: &[String]) -> Option<&SourceLine> {
        (1..=key.len()).rev().find_map(|length| self.0.get(&key[..length]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, key: &[&str], expected: Option<&str>) {
        let found = KeyPlaces::of("p.toml", text);
        let found = found.of_key(&ProfileProblem::new(key, "").key).map(ToString::to_string);
        assert_eq!(found.as_deref(), expected, "{text} {key:?}");
    }

    #[test]
    fn a_key_has_its_place_and_one_that_is_missing_that_of_its_table() {
        let text = "cloud = 'china'\nwrite_below = [\n  'a',\n  '',\n]\n[bind]\n  'users/{id}' = 'x'\n[identity]\nkind = 'azure-cli'\n";
        check(text, &["cloud"], Some("p.toml:1:1"));
        check(text, &["write_below", "1"], Some("p.toml:4:3"));
        check(text, &["bind", "users/{id}"], Some("p.toml:7:3"));
        check(text, &["identity", "client_id"], Some("p.toml:8:2"));
        check(text, &["tenant"], None);
        check("identity.kind = 'x'\n", &["identity", "kind"], Some("p.toml:1:10"));
        check("= no TOML", &["cloud"], None);
    }
}
