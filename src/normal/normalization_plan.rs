//! What the normal form of a contract's responses follows: which header fields count, in which order members stand, and
//! which values are volatile.

use std::collections::HashSet;

use serde_json::Value;

use super::paths::PathSet;
use super::volatile::Query;
use super::{Level, NormalForm, RuleError, UsedRules, VolatileRules};
use crate::contract::Contract;
use crate::json::{Json, Key, Pair, Path, Step, Tree, pairs};

/// Prepared from a contract and the rules; the same for every response to the contract's request.
#[derive(Debug)]
pub struct NormalizationPlan<'a> {
    pub(super) contract: &'a Contract,
    pub(super) rules: &'a VolatileRules,
    pub(super) level: Level,
    /// The contract's own rules.
    pub(super) own: Vec<Query>,
    /// Where the documented response repeats what the documented request sent: such a value is never volatile.
    pub(crate) echoes: PathSet,
    /// The normal form that the contract documents.
    pub(super) documented: NormalForm,
    /// The rules that select something in it.
    pub(super) used: UsedRules,
}

/// A rule that makes a value volatile, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is for: `$..id`, `header content-length`, `value datetime`.
    pub text: String,
    /// Why.
    pub reason: String,
}

impl<'a> NormalizationPlan<'a> {
    /// Whether the contract's own rules can be used.
    ///
    /// # Errors
    ///
    /// When one is not a JSONPath, or has no reason.
    pub(crate) fn check(contract: &Contract) -> Result<(), RuleError> {
        Query::of_contract(contract).map(drop)
    }

    /// The normal form that the contract documents.
    pub fn documented(&self) -> &NormalForm {
        &self.documented
    }

    /// How closely values are compared.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The contract whose exchanges are normalized.
    pub fn contract(&self) -> &'a Contract {
        self.contract
    }

    /// The rule that makes the documented value at a path volatile, if one does.
    pub fn rule_for(&self, path: &Path) -> Option<Rule> {
        let body = self.contract.response.body.as_ref()?.as_json()?;
        let raw = body.to_value();
        let mut value = &raw;
        let inner = path.steps().iter().map_while(|step| {
            value = match step {
                Step::Name(name) => value.get(name)?,
                Step::Index(index) => value.get(index)?,
            };
            Some(value)
        });
        let around: Vec<&Value> = std::iter::once(&raw).chain(inner).collect();
        let selects = |query: &&Query| {
            let mut marked = HashSet::new();
            query.select(&raw, &mut marked);
            around.iter().any(|value| marked.contains(&std::ptr::from_ref(*value)))
        };
        let query = self.all_queries().find(selects);
        let by_shape = || {
            let documented = body.at(path.steps())?;
            let (shape, _) = self.rules.volatile_shape(documented)?;
            let reason = self.rules.reason_for_shape(shape).unwrap_or_default().to_owned();
            Some(Rule { text: format!("value {shape}"), reason })
        };
        query.map(|query| Rule { text: query.text.clone(), reason: query.reason.clone() }).or_else(by_shape)
    }

    /// Whether a rule makes every member of that name volatile.
    pub fn has_rule_for_name(&self, name: &str) -> bool {
        self.all_queries().any(|query| query.is_member(name))
    }

    /// Whether a rule makes every point in time volatile.
    pub fn has_rule_for_times(&self) -> bool {
        self.rules.volatile_shape(&Json::String("2024-01-01T00:00:00Z".to_owned())).is_some()
    }

    /// The rule that makes a header field volatile, if one does.
    pub fn rule_for_header(&self, name: &str) -> Option<Rule> {
        let (rule, _) = self.rules.header_rule(name)?;
        Some(Rule { text: format!("header {}", rule.name), reason: rule.reason.clone() })
    }

    /// The rules that select something in what the contract documents.
    pub fn used_rules(&self) -> &UsedRules {
        &self.used
    }

    /// The contract's own rules that select nothing in what it documents.
    pub fn unused_rules(&self) -> impl Iterator<Item = &str> {
        self.own.iter().filter(|query| !self.used.has(query.id)).map(|query| query.text.as_str())
    }

    /// Whether values are masked at all: at the shape level, none is compared by value but echoes.
    pub(super) fn masks(&self) -> bool {
        self.level == Level::Exact
    }

    fn all_queries(&self) -> impl Iterator<Item = &Query> {
        self.rules.body.iter().chain(&self.own)
    }

    fn queries(&self) -> impl Iterator<Item = &Query> {
        self.all_queries().filter(|_| self.masks())
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
    pub(super) fn mark(&self, body: &Value, used: &mut UsedRules) -> HashSet<*const Value> {
        let mut marked = HashSet::new();
        for query in self.queries().filter(|query| !query.is_by_name()) {
            if query.select(body, &mut marked) {
                used.add(query.id);
            }
        }
        marked
    }
}

/// Where a response repeats what the request sent. An array is an echo itself if all of it is one.
pub(super) fn echoes(sent: &Json, received: &Json) -> PathSet {
    let Some(pairs) = pairs(sent, received) else {
        return if sent == received { PathSet { contained: true, ..PathSet::default() } } else { PathSet::default() };
    };
    let mut set = PathSet::default();
    for Pair { key, one, other } in pairs {
        let (Some(one), Some(other)) = (one, other) else { continue };
        match key {
            Key::Name(name) => set.add_member(name, echoes(one, other)),
            Key::Index(index) => set.add_element(index, echoes(one, other)),
        }
    }
    if matches!(sent, Json::Array(_)) && sent == received {
        set.contained = true;
    }
    set
}
