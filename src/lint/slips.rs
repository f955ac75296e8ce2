//! Which one of many names another one is but for a letter.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

use super::nearest::{Letters, is_nearly, is_other_form};

/// Names among which those are looked for that others are but for a letter.
///
/// The first few are looked for one name after the other, which is cheaper than to prepare. All others take a time that does not depend on how many
/// names there are: two names that differ by one letter, or by two neighbors that changed places, are the same without one letter of each, so that the
/// names are sorted by what they are without each of their letters.
pub(super) struct Slips<N> {
    names: Vec<N>,
    /// How many were looked for.
    asked: usize,
    /// The hash of each name, and of it without one letter, with the position of the name; sorted.
    index: Vec<(u64, usize)>,
    state: RandomState,
}

/// So many are looked for without an index.
const FEW: usize = 32;

/// Names of fewer bytes are near to each other by chance; longer ones are no names.
const SHORTEST: usize = 5;
const LONGEST: usize = 64;

impl<N: AsRef<str> + Ord> Slips<N> {
    /// Of these names.
    pub(super) fn of(names: impl IntoIterator<Item = N>) -> Slips<N> {
        let mut names: Vec<N> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        Slips { names, asked: 0, index: Vec::new(), state: RandomState::default() }
    }

    /// The names, each once, in their order.
    pub(super) fn names(&self) -> &[N] {
        &self.names
    }

    /// The only name that this one is but for a letter; `None` where no name is, or several are.
    pub(super) fn meant(&mut self, name: &str) -> Option<&N> {
        if !(SHORTEST..=LONGEST).contains(&name.len()) {
            return None;
        }
        self.asked += 1;
        if self.asked <= FEW {
            return only(self.names.iter().filter(|own| is_slip(name, own.as_ref())));
        }
        if self.index.is_empty() {
            self.index = self.indexed();
        }
        let mut hashes = Vec::new();
        self.hashes(name, |hash| hashes.push(hash));
        let near = hashes.into_iter().flat_map(|hash| {
            let first = self.index.partition_point(|(own, _)| *own < hash);
            self.index[first..].iter().take_while(move |(own, _)| *own == hash)
        });
        only(near.map(|(_, at)| &self.names[*at]).filter(|own| is_slip(name, own.as_ref())))
    }

    fn indexed(&self) -> Vec<(u64, usize)> {
        let mut index = Vec::new();
        // A letter may be more bytes in lower case.
        let names = self.names.iter().enumerate().filter(|(_, name)| name.as_ref().len() <= 2 * LONGEST);
        for (at, name) in names {
            self.hashes(name.as_ref(), |hash| index.push((hash, at)));
        }
        index.sort_unstable();
        index.dedup();
        index
    }

    /// The hash of a name in lower case, and of it without each of its letters.
    fn hashes(&self, name: &str, mut found: impl FnMut(u64)) {
        let name = name.to_lowercase();
        found(self.state.hash_one(&name));
        let mut rest = String::with_capacity(name.len());
        for (at, letter) in name.char_indices() {
            rest.clear();
            rest.push_str(&name[..at]);
            rest.push_str(&name[at + letter.len_utf8()..]);
            found(self.state.hash_one(&rest));
        }
    }
}

/// The first of some names, if all are the same.
fn only<'n, N: PartialEq>(mut names: impl Iterator<Item = &'n N>) -> Option<&'n N> {
    let first = names.next()?;
    names.all(|other| other == first).then_some(first)
}

/// Whether a name is another one but for a letter: neither its plural, nor the same with another number or in another case.
pub(super) fn is_slip(own: &str, meant: &str) -> bool {
    if own.len() < SHORTEST || !Letters::of(own).may_be_near(Letters::of(meant), 1) {
        return false;
    }
    !is_other_form(own, meant) && is_nearly(&own.to_lowercase(), &meant.to_lowercase(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_many_were_looked_for() {
        let names = ["displayName", "displayNote", "mail", "switchA", "switchB", "limit1", "tags", "größe", "owner"];
        let check = |name: &str, expected: Option<&str>| {
            let mut slips = Slips::of(names);
            for asked in 0..2 * FEW {
                assert_eq!(slips.meant(name).copied(), expected, "{name}, {asked}");
            }
        };
        check("dispalyName", Some("displayName"));
        check("DisplayNam", Some("displayName"));
        check("displayyName", Some("displayName"));
        check("displayXame", Some("displayName"));
        check("displayNoe", Some("displayNote"));
        check("displayNae", Some("displayName"));
        check("grösse", None);
        check("größte", Some("größe"));
        // Nothing, several, or the name itself.
        check("lampshade", None);
        check("switchC", None);
        check("switch", None);
        check("owner", None);
        // Another number, a plural, another case, and what is too short.
        check("limit2", None);
        check("owners", None);
        check("OWNER", None);
        check("tag", None);
        check("mial", None);
    }

    #[test]
    fn names_that_occur_twice_are_one() {
        let mut slips = Slips::of(["watts", "color", "watts"]);
        assert_eq!(slips.names(), ["color", "watts"]);
        assert_eq!(slips.meant("watss"), Some(&"watts"));
    }
}
