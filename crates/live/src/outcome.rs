//! What became of a live run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::phase::Phase;
use super::planned_step::Step;
use super::request::versioned;
use super::skip::Skip;
use graph_contracts::compare::{Coverage, Mismatch};
use graph_contracts::report::Evidence;
use graph_contracts::source::SourceLine;
use graph_contracts::store::Store;

/// What became of a contract on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiveOutcome {
    /// The service answers as documented.
    Matched,
    /// It does not, and that was accepted before.
    KnownDrift,
    /// It does again what is documented, although a drift was accepted.
    Healed,
    /// It answers otherwise than documented and accepted.
    Drifted,
    /// It was not asked, for a reason.
    Skipped,
    /// There is no response to compare.
    Errored,
}

impl LiveOutcome {
    /// Every outcome.
    pub const ALL: [LiveOutcome; 6] = [
        LiveOutcome::Matched,
        LiveOutcome::Drifted,
        LiveOutcome::KnownDrift,
        LiveOutcome::Healed,
        LiveOutcome::Skipped,
        LiveOutcome::Errored,
    ];

    /// The words for it.
    pub fn phrase(self) -> &'static str {
        match self {
            LiveOutcome::Matched => "matched",
            LiveOutcome::KnownDrift => "known drift",
            LiveOutcome::Healed => "healed",
            LiveOutcome::Drifted => "drifted",
            LiveOutcome::Skipped => "skipped",
            LiveOutcome::Errored => "errored",
        }
    }
}

/// The outcome of one step.
#[derive(Clone, Debug, Serialize)]
pub struct StepOutcome {
    /// The contract: of alternatives, the one that the response was compared with.
    pub id: String,
    /// The route: method and URL template.
    pub route: String,
    /// What the step does.
    pub phase: Phase,
    /// What became of it.
    pub outcome: LiveOutcome,
    /// Why it was skipped, or why there is no response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The field of [`Limits`](graph_contracts::http::Limits) that would have to be raised for a response, if it is for that.
    #[serde(skip)]
    pub exceeded: Option<&'static str>,
    /// The class of the reason for which it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<&'static str>,
    /// The differences from what is documented.
    pub mismatches: Vec<Mismatch>,
    /// How many more differences there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: usize,
    /// How the documented leaves were asserted.
    #[serde(rename = "asserted")]
    pub coverage: Coverage,
    /// The page and line of the pair.
    pub source: SourceLine,
    /// The service's id of the request, for support cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The id that the run gave the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_request_id: Option<String>,
    /// Since when a known drift has been known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_since: Option<String>,
    /// The snapshot of the drift that was accepted before, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<PathBuf>,
    /// The pending snapshot that was written for a drift.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<PathBuf>,
    /// The time that the exchange took.
    #[serde(skip)]
    pub elapsed: Duration,
    /// The documented form and the one in which the response drifted, for a diff. Nothing that a tenant holds is in it.
    #[serde(skip)]
    pub evidence: Option<Evidence>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// How many requests a run sent, and what came of those that write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traffic {
    /// Requests that were sent, repetitions included.
    pub sent: usize,
    /// Repetitions.
    pub retries: usize,
    /// Responses that asked to wait.
    pub throttled: usize,
    /// Objects that were created.
    pub created: usize,
    /// Objects that were deleted again.
    pub deleted: usize,
}

/// A whole live run.
#[derive(Clone, Debug, Default)]
pub struct LiveRun {
    /// The provider's base URL.
    pub provider: String,
    /// By step, in the order of the plan.
    pub steps: Vec<StepOutcome>,
    /// How many requests there were.
    pub traffic: Traffic,
    /// What could not be deleted, and what may exist, each with what to do.
    pub left_behind: Vec<String>,
    /// What the service keeps for a while of objects that were deleted.
    pub kept: Vec<String>,
    /// What is to be said of the service's own metadata: how old it is, or why it is not known.
    pub service: Vec<String>,
    /// Why the ledger could not be removed at the end, although nothing is left, if so.
    pub ledger_error: Option<String>,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// How long it took.
    pub elapsed: Duration,
}

impl LiveRun {
    /// The number of steps with that outcome.
    pub fn count(&self, outcome: LiveOutcome) -> usize {
        self.steps.iter().filter(|step| step.outcome == outcome).count()
    }

    /// The number of skipped steps by reason.
    pub fn skipped(&self) -> BTreeMap<&'static str, usize> {
        let mut reasons = BTreeMap::new();
        self.steps.iter().filter_map(|step| step.skipped).for_each(|reason| *reasons.entry(reason).or_insert(0) += 1);
        reasons
    }

    /// The exit code: 0 as expected, 1 drifted or healed, 2 something was left behind, whatever else there is, or could not be asked, or
    /// nothing was asked, or the ledger could not be closed.
    pub fn exit_code(&self) -> u8 {
        let is_asked = |step: &StepOutcome| !matches!(step.outcome, LiveOutcome::Skipped | LiveOutcome::Errored);
        if !self.left_behind.is_empty() || self.ledger_error.is_some() {
            2
        } else if self.count(LiveOutcome::Drifted) > 0 || self.count(LiveOutcome::Healed) > 0 {
            1
        } else if self.count(LiveOutcome::Errored) > 0
            || self.stopped
            || self.steps.iter().any(|step| step.skipped == Some(Skip::OutOfTime.reason()))
            || !self.steps.iter().any(is_asked)
        {
            2
        } else {
            0
        }
    }
}

impl StepOutcome {
    /// A step of which nothing is known yet, under the name of its first contract.
    pub(super) fn new(store: &Store, step: &Step) -> StepOutcome {
        StepOutcome::of(store, step, step.contracts[0])
    }

    /// A step under the name of one of its contracts.
    pub(super) fn of(store: &Store, step: &Step, contract: usize) -> StepOutcome {
        let contract = &store.contracts[contract];
        StepOutcome {
            id: contract.id.clone(),
            route: format!("{} {}", contract.request.method, versioned(contract, &step.route)),
            phase: step.phase,
            outcome: LiveOutcome::Matched,
            reason: None,
            exceeded: None,
            skipped: None,
            mismatches: Vec::new(),
            omitted: 0,
            coverage: Coverage::default(),
            source: contract.location(),
            request_id: None,
            client_request_id: None,
            known_since: None,
            accepted: None,
            pending: None,
            elapsed: Duration::ZERO,
            evidence: None,
        }
    }

    pub(super) fn skip(mut self, skip: &Skip) -> StepOutcome {
        self.outcome = LiveOutcome::Skipped;
        self.reason = Some(skip.to_string());
        self.skipped = Some(skip.reason());
        self
    }

    pub(super) fn error(mut self, why: String) -> StepOutcome {
        self.outcome = LiveOutcome::Errored;
        self.reason = Some(why);
        self
    }
}
