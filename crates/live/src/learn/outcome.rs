//! What became of learning.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::super::request::versioned;
use super::propose::Proposal;
use super::reading::{Reading, Unlearned};
use crate::{Skip, Step, Traffic};
use graph_contracts::contract::Contract;
use graph_contracts::source::SourceLine;

/// What became of a contract on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearnOutcome {
    /// It was read twice, and no value differs that a rule would have to cover.
    Same,
    /// It was read twice, and values differ that no rule covers.
    Differs,
    /// It was not read, for a reason.
    Skipped,
    /// There are no two responses to compare.
    Errored,
}

impl LearnOutcome {
    /// Every outcome, in the order in which results show them.
    pub const ALL: [LearnOutcome; 4] =
        [LearnOutcome::Same, LearnOutcome::Differs, LearnOutcome::Skipped, LearnOutcome::Errored];

    /// The words for it.
    pub fn phrase(self) -> &'static str {
        match self {
            LearnOutcome::Same => "the same twice",
            LearnOutcome::Differs => "different",
            LearnOutcome::Skipped => "skipped",
            LearnOutcome::Errored => "errored",
        }
    }
}

/// The outcome of one step.
#[derive(Clone, Debug, Serialize)]
pub struct LearnedStep {
    /// The contract: of alternatives, the one whose status came.
    pub id: String,
    /// The route: method and URL template.
    pub route: String,
    /// The page and line of the pair.
    pub source: SourceLine,
    /// What became of it.
    pub outcome: LearnOutcome,
    /// Why it was skipped, or why there are no two responses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The field of [`Limits`](graph_contracts::http::Limits) that would have to be raised for a response, if it is for that.
    #[serde(skip)]
    pub exceeded: Option<&'static str>,
    /// The class of the reason for which it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<&'static str>,
    /// At how many places values differ that no rule covers.
    pub places: usize,
    /// What differs and is not a volatile value.
    pub unlearned: Vec<Unlearned>,
    /// The time of the second read.
    #[serde(skip)]
    pub elapsed: Duration,
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The provider's base URL.
    pub provider: String,
    /// By step, in the order of the plan.
    pub steps: Vec<LearnedStep>,
    /// The rules that would cover what differed.
    pub rules: Vec<Proposal>,
    /// How many requests there were.
    pub traffic: Traffic,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// How long it took.
    pub elapsed: Duration,
}

impl LearnedStep {
    /// A step of which nothing is known yet, under the name of one of its contracts.
    pub(super) fn of(contract: &Contract, step: &Step) -> LearnedStep {
        LearnedStep {
            id: contract.id.clone(),
            route: format!("{} {}", contract.request.method, versioned(contract, &step.route)),
            source: contract.location(),
            outcome: LearnOutcome::Same,
            reason: None,
            exceeded: None,
            skipped: None,
            places: 0,
            unlearned: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }

    pub(super) fn read(mut self, reading: &Reading, elapsed: Duration) -> LearnedStep {
        self.places = reading.seen.values().filter(|seen| seen.differed > 0).count();
        self.outcome = if self.places > 0 { LearnOutcome::Differs } else { LearnOutcome::Same };
        self.unlearned.clone_from(&reading.unlearned);
        self.elapsed = elapsed;
        self
    }

    pub(super) fn skip(mut self, skip: &Skip) -> LearnedStep {
        self.outcome = LearnOutcome::Skipped;
        self.reason = Some(skip.to_string());
        self.skipped = Some(skip.reason());
        self
    }

    pub(super) fn error(mut self, why: String) -> LearnedStep {
        self.outcome = LearnOutcome::Errored;
        self.reason = Some(why);
        self
    }

    /// Whether it was read twice.
    pub fn is_read(&self) -> bool {
        matches!(self.outcome, LearnOutcome::Same | LearnOutcome::Differs)
    }
}

impl Learned {
    /// The number of steps with that outcome.
    pub fn count(&self, outcome: LearnOutcome) -> usize {
        self.steps.iter().filter(|step| step.outcome == outcome).count()
    }

    /// The number of skipped steps by reason.
    pub fn skipped(&self) -> BTreeMap<&'static str, usize> {
        let mut reasons = BTreeMap::new();
        self.steps.iter().filter_map(|step| step.skipped).for_each(|reason| *reasons.entry(reason).or_insert(0) += 1);
        reasons
    }

    /// Whether anything was read twice.
    pub(crate) fn has_read(&self) -> bool {
        self.steps.iter().any(LearnedStep::is_read)
    }

    /// Whether the run was neither stopped nor out of time.
    pub(crate) fn is_complete(&self) -> bool {
        !self.stopped && !self.steps.iter().any(|step| step.skipped == Some(Skip::OutOfTime.reason()))
    }

    /// The exit code: 0 whatever is proposed, 2 if nothing was read twice, or the run was stopped or out of time.
    pub fn exit_code(&self) -> u8 {
        if self.has_read() && self.is_complete() { 0 } else { 2 }
    }
}
