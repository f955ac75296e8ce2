//! The collections within objects, as routes name them.

use std::collections::{BTreeMap, BTreeSet};

use super::request::unversioned;
use graph_contracts::contract::Contract;
use graph_contracts::url::{Segment, decode, split_path};

/// The place of an object in routes: words, in lower case, and `{}` for a key. A cast is no word of it: what is behind is the same object
/// (OData URL Conventions 4.01 section 4.11).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(Vec<String>);

impl Place {
    /// Whether the object at a path without its version has this place.
    fn fits(&self, path: &[String]) -> bool {
        // How many words of the place may stand for what was read so far. A key may look like a cast.
        let mut read = BTreeSet::from([0]);
        for word in path {
            let own = |at: &usize| self.0.get(*at).is_some_and(|own| own == "{}" || *own == word.to_lowercase());
            let next: BTreeSet<usize> = read.iter().copied().filter(own).map(|at| at + 1).collect();
            let stays = if is_cast(word) { read } else { BTreeSet::new() };
            read = next.into_iter().chain(stays).collect();
        }
        read.contains(&self.0.len())
    }

    /// Whether two ways to write the words between two keys mean the same: in another case, or with casts.
    pub(super) fn is_same_name(one: &str, other: &str) -> bool {
        let words = |name: &str| -> Vec<String> {
            name.split('/').filter(|word| !is_cast(word)).map(str::to_lowercase).collect()
        };
        words(one) == words(other)
    }
}

/// The collections within objects of which some route has the objects, by the place of the object around them: each once, however routes write
/// it, unless a cast leads to it.
#[derive(Debug)]
pub(super) struct Collections(BTreeMap<Place, BTreeMap<String, String>>);

impl Collections {
    /// Those that these contracts name.
    pub(super) fn of(contracts: &[Contract]) -> Collections {
        let mut found: BTreeMap<Place, BTreeMap<String, String>> = BTreeMap::new();
        for route in contracts.iter().flat_map(|contract| &contract.routes) {
            // The words since the last key, and whether all of them can be sent as they are.
            let (mut around, mut names, mut is_plain) = (Place::default(), Vec::new(), true);
            for word in words(&route.path) {
                match word {
                    Word::Name(name) => {
                        is_plain &= !name.contains(['{', '<', '(', ':', '$']);
                        names.push(name);
                    }
                    Word::Key => {
                        if is_plain && !names.is_empty() && around.0.iter().any(|word| word == "{}") {
                            let name = names.join("/");
                            found.entry(around.clone()).or_default().insert(name.to_lowercase(), name);
                        }
                        around.0.extend(names.drain(..).filter(|name| !is_cast(name)).map(|name| name.to_lowercase()));
                        around.0.push("{}".to_owned());
                        is_plain = true;
                    }
                }
            }
        }
        Collections(found)
    }

    /// Those within the object at a path with its version.
    pub(super) fn within(&self, url: &str) -> impl Iterator<Item = &String> {
        let path: Vec<String> =
            split_path(unversioned(url)).into_iter().map(|word| decode(word).into_owned()).collect();
        let found = self.0.iter().filter(move |(place, _)| place.fits(&path));
        found.flat_map(|(_, names)| names.values())
    }
}

/// One word of a route.
enum Word {
    Name(String),
    Key,
}

/// The words of a route: a key in parentheses is one of its own.
fn words(route: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for segment in Segment::of_path(route) {
        match segment.key() {
            _ if segment.parameter().is_some() => words.push(Word::Key),
            Some(_) => words.extend([Word::Name(segment.name.clone()), Word::Key]),
            None => words.push(Word::Name(segment.text.clone())),
        }
    }
    words
}

/// Whether a segment is a name with a namespace.
fn is_cast(word: &str) -> bool {
    Segment::read(word).qualified().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts_testing::contracts_of_pair;

    #[track_caller]
    fn check(routes: &[&str], object: &str, expected: &[&str]) {
        let contracts =
            routes.iter().flat_map(|route| contracts_of_pair("Read", &format!("GET {route}"), "", "200 OK", "{}"));
        let collections = Collections::of(&contracts.collect::<Vec<_>>());
        assert_eq!(collections.within(object).collect::<Vec<_>>(), expected, "{object}");
    }

    #[test]
    fn a_collection_is_within_the_object_whose_key_stands_before_it() {
        let routes = ["/rooms/{id}/lamps/{id}", "/rooms/{room-id}/lamps/{id}/bulbs/{id}", "/rooms/{id}/walls"];
        check(&routes, "/v1.0/rooms/1", &["lamps"]);
        check(&routes, "/v1.0/Rooms/a.b", &["lamps"]);
        check(&routes, "/v1.0/rooms/1/lamps/a.b", &["bulbs"]);
        check(&routes, "/v1.0/rooms/1/lamps/2/bulbs/3", &[]);
        check(&routes, "/v1.0/lamps/1", &[]);
    }

    #[test]
    fn routes_write_a_collection_in_several_ways() {
        check(&["/rooms('{id}')/lamps('{id}')", "/rooms/{id}/Lamps/{id}"], "/v1.0/rooms/1", &["Lamps"]);
        check(&["/rooms/{id}/a.studio/lamps/{id}"], "/v1.0/rooms/1", &["a.studio/lamps"]);
        check(&["/rooms/{id}/lamps/{id}/bulbs/{id}"], "/v1.0/rooms/1/a.studio/lamps/2", &["bulbs"]);
        check(&["/rooms/{id}/lamps/a.desk/{id}/bulbs/{id}"], "/v1.0/rooms/1/lamps/2", &["bulbs"]);
        check(&["/rooms/{id}/closet/lamps/{id}"], "/v1.0/rooms/1", &["closet/lamps"]);
        check(&["/rooms/{id}/near(x={x})/{id}", "/rooms/{id}/root:/{path}", "/me/lamps/{id}"], "/v1.0/rooms/1", &[]);
    }
}
