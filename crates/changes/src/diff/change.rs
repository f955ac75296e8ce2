//! Changes between two sets: one for each cause, with all its places.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use serde::Serialize;

use super::{Effect, Kind};

/// What differs between two sets.
#[derive(Debug)]
pub struct Diff {
    /// What the sets are of.
    pub of: SetOf,
    /// How many contracts, or types, operations and elements of the container, the old set has.
    pub old: usize,
    /// How many the new set has.
    pub new: usize,
    /// The changes: what breaks first, and of that what shows in most places.
    pub changes: Vec<Change>,
    /// How long it took, reading included.
    pub elapsed: Duration,
}

/// What a set is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SetOf {
    /// Contracts.
    Contracts,
    /// A service's metadata.
    Metadata,
}

/// One change, wherever it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What changed.
    #[serde(rename = "change")]
    pub kind: Kind,
    /// What that means for a caller.
    pub effect: Effect,
    /// The part of the service that it belongs to: a version and first segment of a URL, or a type.
    pub area: String,
    /// What it is about, such as `microsoft.graph.user/jobTitle` or `GET /users/{id}`.
    pub subject: String,
    /// What was there.
    pub before: String,
    /// What is there now.
    pub after: String,
    /// Where it shows, in the order of the sets.
    pub places: Vec<Place>,
}

/// One place of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The contract, by its new id if it has one; or the type, operation or element.
    pub item: String,
    /// Where in it, such as `$['value'][0]['id'] of the response`.
    pub at: String,
    /// The old file and line, or what is nearest to what was added; absent where the old set has nothing like it.
    pub old: Option<String>,
    /// The new file and line, or what is nearest to what was removed; absent where the new set has nothing like it.
    pub new: Option<String>,
}

/// What is found in one place.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// What changes of one cause have in common, beside their kind.
    pub(super) key: String,
    pub(super) area: String,
    pub(super) subject: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) place: Place,
}

/// Nothing, as the value of before or after: it came, or it went.
pub const NOTHING: &str = "nothing";

impl Diff {
    /// How many changes have that effect.
    pub fn count(&self, effect: Effect) -> usize {
        self.changes.iter().filter(|change| change.effect == effect).count()
    }

    /// How many changes of each kind there are.
    pub fn by_kind(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for change in &self.changes {
            *counts.entry(change.kind).or_default() += 1;
        }
        counts
    }

    /// Whether there is a change with one of these effects.
    pub fn has_any(&self, effects: &[Effect]) -> bool {
        self.changes.iter().any(|change| effects.contains(&change.effect))
    }
}

/// Changes by cause, what breaks first.
pub(super) fn by_cause(found: Vec<Found>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut known: HashMap<(&'static str, String), usize> = HashMap::new();
    for Found { kind, key, area, subject, before, after, place } in found {
        match known.get(&(kind.family(), key.clone())) {
            Some(index) => {
                let change = &mut changes[*index];
                // The worst that it means anywhere counts.
                if kind.effect() < change.effect {
                    (change.kind, change.effect) = (kind, kind.effect());
                }
                change.places.push(place);
            }
            None => {
                known.insert((kind.family(), key), changes.len());
                let places = vec![place];
                changes.push(Change { kind, effect: kind.effect(), area, subject, before, after, places });
            }
        }
    }
    for change in &mut changes {
        let mut seen = HashSet::new();
        change.places.retain(|place| seen.insert(place.clone()));
    }
    changes.sort_by(|one, other| {
        let rank = |change: &Change| (change.effect, Reverse(change.places.len()), change.kind);
        rank(one).cmp(&rank(other)).then_with(|| (&one.area, &one.subject).cmp(&(&other.area, &other.subject)))
    });
    changes
}
