//! Which volatile rules select something.

use std::collections::BTreeSet;

/// A volatile rule, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RuleId {
    /// A `[[header]]` of the folder.
    Header(usize),
    /// A `[[body]]` of the folder.
    Body(usize),
    /// A `[[value]]` of the folder.
    Value(usize),
    /// A rule of the contract itself.
    Own(usize),
}

/// The volatile rules that select something in what a contract documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsedRules(BTreeSet<RuleId>);

impl UsedRules {
    /// Adds a rule.
    pub(super) fn add(&mut self, rule: RuleId) {
        self.0.insert(rule);
    }

    /// Whether the rule is among them.
    pub(super) fn has(&self, rule: RuleId) -> bool {
        self.0.contains(&rule)
    }

    /// Adds the folder's rules that another contract uses.
    pub(crate) fn add_of_folder(&mut self, other: &UsedRules) {
        self.0.extend(other.0.iter().filter(|rule| !matches!(rule, RuleId::Own(_))));
    }
}
