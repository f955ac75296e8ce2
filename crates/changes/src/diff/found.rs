//! What is found in one place, and the changes by cause that it makes with what is found elsewhere.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::{Change, Kind, Place};
use graph_contracts::at::At;

/// What is found in one place.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    /// What changes of one cause have in common, beside their kind.
    pub(crate) key: String,
    pub(crate) area: String,
    pub(crate) subject: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) place: Place,
}

impl Found {
    /// A change of something that is an area of its own, such as a type.
    pub(super) fn new(kind: Kind, subject: &str, (before, after): (&str, &str), place: Place) -> Found {
        let [key, area, subject] = [subject; 3].map(str::to_owned);
        Found { kind, key, area, subject, before: before.to_owned(), after: after.to_owned(), place }
    }
}

impl Found {
    /// The same at this place of the messages.
    pub(super) fn at(mut self, spot: At) -> Found {
        self.place.spot = Some(spot);
        self
    }
}

/// What it means that something was turned on or off, with the words for both states; nothing where it stayed.
pub(super) fn switched(
    (was, is): (bool, bool),
    [on, off]: [Kind; 2],
    words: [&'static str; 2],
) -> Option<(Kind, (&'static str, &'static str))> {
    let word = |is_on| words[usize::from(is_on)];
    (was != is).then(|| (if is { on } else { off }, (word(was), word(is))))
}

/// The words for what cannot, and what can, be null.
pub(super) const NULLABLE: [&str; 2] = ["a value", "a value or null"];

/// Changes by cause, what breaks first.
pub(crate) fn by_cause(found: Vec<Found>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut known: HashMap<(&'static str, String), usize> = HashMap::new();
    for Found { kind, key, area, subject, before, after, place } in found {
        let index = *known.entry((kind.family(), key)).or_insert(changes.len());
        match changes.get_mut(index) {
            Some(change) => {
                // The worst that it means anywhere counts.
                if kind.effect() < change.effect() {
                    change.kind = kind;
                }
                change.places.push(place);
            }
            None => changes.push(Change { kind, area, subject, before, after, places: vec![place], mismatch: None }),
        }
    }
    for change in &mut changes {
        let mut seen = HashSet::new();
        change.places.retain(|place| seen.insert(place.clone()));
    }
    changes.sort_by(|one, other| {
        let rank = |change: &Change| (change.effect(), Reverse(change.places.len()), change.kind);
        rank(one).cmp(&rank(other)).then_with(|| (&one.area, &one.subject).cmp(&(&other.area, &other.subject)))
    });
    changes
}
