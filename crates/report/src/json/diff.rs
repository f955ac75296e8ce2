//! The JSON document of a comparison of two sets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use graph_contracts_changes::diff::{Diff, SetOf};
use graph_contracts_changes::{Change, Effect, Kind, Place};

/// The result of a comparison of two sets. Breaking, additive and cosmetic are numbers of changes.
#[derive(Debug, Serialize)]
pub struct DiffDocument<'a> {
    command: &'static str,
    at: Timestamp,
    of: SetOf,
    /// The two arguments.
    old: &'a str,
    new: &'a str,
    /// How many contracts, or types, operations and elements, each set has.
    old_count: usize,
    new_count: usize,
    breaking: usize,
    additive: usize,
    cosmetic: usize,
    by_kind: BTreeMap<&'static str, usize>,
    changes: Vec<ChangeEntry<'a>>,
    seconds: f64,
}

/// One change.
#[derive(Debug, Serialize)]
struct ChangeEntry<'a> {
    change: Kind,
    effect: Effect,
    area: &'a str,
    subject: &'a str,
    before: &'a str,
    after: &'a str,
    places: &'a [Place],
    why: &'static str,
}

/// The document of a comparison of `old` and `new` that began at that time.
pub fn diff<'a>(diff: &'a Diff, (old, new): (&'a str, &'a str), at: Timestamp) -> DiffDocument<'a> {
    DiffDocument {
        command: "diff",
        at,
        of: diff.of,
        old,
        new,
        old_count: diff.old,
        new_count: diff.new,
        breaking: diff.count(Effect::Breaking),
        additive: diff.count(Effect::Additive),
        cosmetic: diff.count(Effect::Cosmetic),
        by_kind: diff.by_kind().into_iter().map(|(kind, count)| (kind.name(), count)).collect(),
        changes: diff.changes.iter().map(change).collect(),
        seconds: diff.elapsed.as_secs_f64(),
    }
}

fn change(change: &Change) -> ChangeEntry<'_> {
    let Change { kind, area, subject, before, after, places } = change;
    let (change, effect, why) = (*kind, kind.effect(), kind.why());
    ChangeEntry { change, effect, area, subject, before, after, places, why }
}
