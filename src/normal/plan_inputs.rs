//! What a normal form is made by.

use std::collections::HashSet;
use std::sync::Arc;

use super::paths::PathSet;
use super::volatile::Query;
use super::{Level, NormalRequest, UsedRules, VolatileRules};
use crate::contract::Contract;

/// What a normal form is made by.
#[derive(Debug)]
pub(super) struct PlanInputs<'a> {
    pub(super) contract: &'a Contract,
    pub(super) rules: &'a VolatileRules,
    pub(super) level: Level,
    /// The normal form of the request.
    pub(super) request: Arc<NormalRequest>,
    /// The contract's own rules.
    pub(super) own: Vec<Query>,
    /// Where the documented response repeats what the documented request sent: such a value is never volatile.
    pub(super) echoes: PathSet,
}

impl PlanInputs<'_> {
    /// Whether values are masked at all: at the shape level, none is compared by value but echoes.
    pub(super) fn masks(&self) -> bool {
        self.level == Level::Exact
    }

    fn queries(&self) -> impl Iterator<Item = &Query> {
        self.rules.body_queries().chain(&self.own).filter(|_| self.masks())
    }

    /// The rules that select members by their name alone.
    pub(super) fn names(&self) -> Vec<&Query> {
        self.queries().filter(|query| query.is_by_name()).collect()
    }

    /// Whether rules select values of a body by more than a name.
    pub(super) fn has_paths(&self) -> bool {
        self.queries().any(|query| !query.is_by_name())
    }

    /// Marks the values of a body that rules select by more than a name.
    pub(super) fn mark(&self, body: &serde_json::Value, used: &mut UsedRules) -> HashSet<*const serde_json::Value> {
        let mut marked = HashSet::new();
        for query in self.queries().filter(|query| !query.is_by_name()) {
            if query.select(body, &mut marked) {
                used.add(query.id());
            }
        }
        marked
    }
}
