//! What is found in one place, and the changes by cause that it makes with what is found elsewhere.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::{Change, Kind, Place};

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

/// Changes by cause, what breaks first.
pub(super) fn by_cause(found: Vec<Found>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut known: HashMap<(&'static str, String), usize> = HashMap::new();
    for Found { kind, key, area, subject, before, after, place } in found {
        match known.get(&(kind.family(), key.clone())) {
            Some(index) => {
                let change = &mut changes[*index];
                // The worst that it means anywhere counts.
                if kind.effect() < change.effect() {
                    change.kind = kind;
                }
                change.places.push(place);
            }
            None => {
                known.insert((kind.family(), key), changes.len());
                let places = vec![place];
                changes.push(Change { kind, area, subject, before, after, places });
            }
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
