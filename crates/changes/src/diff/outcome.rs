//! What a comparison of two sets found.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::{Change, Effect, Kind};

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

impl Diff {
    /// How many changes have that effect.
    pub fn count(&self, effect: Effect) -> usize {
        self.changes.iter().filter(|change| change.effect() == effect).count()
    }

    /// How many changes of each kind there are.
    pub fn by_kind(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for change in &self.changes {
            *counts.entry(change.kind).or_default() += 1;
        }
        counts
    }
}
