//! What became of a replay.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use strum::IntoStaticStr;

use crate::compare::{Coverage, Mismatch};
use crate::contract::Contract;
use crate::normal::UsedRules;
use crate::report::Evidence;
use crate::source::SourceLine;

/// What became of a contract on one route.
#[derive(Clone, Copy, Debug, IntoStaticStr, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Outcome {
    /// The response is as documented, and as reviewed.
    Matched,
    /// The response is as documented, and nobody has reviewed it yet.
    New,
    /// The response departs from what is documented or reviewed.
    Mismatched,
    /// There was no response to compare. That says nothing about the contract.
    Errored,
}

/// The outcome of one contract on one route.
#[derive(Clone, Debug, Serialize)]
pub struct RouteOutcome {
    /// The contract.
    pub id: String,
    /// The route: method and URL template.
    pub route: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The differences, if there are any.
    pub mismatches: Vec<Mismatch>,
    /// How many more differences there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: usize,
    /// How the documented leaves were asserted.
    #[serde(rename = "asserted")]
    pub coverage: Coverage,
    /// Why there was no response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The field of [`Limits`](crate::http::Limits) that would have to be raised for one, if it is for that.
    #[serde(skip)]
    pub exceeded: Option<&'static str>,
    /// Expected and actual normal form of a mismatch, for a diff.
    #[serde(skip)]
    pub evidence: Option<Evidence>,
    /// How long asking and judging took; zero where it was not asked.
    #[serde(skip)]
    pub elapsed: Duration,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The outcomes of one contract.
#[derive(Clone, Debug)]
pub struct ContractOutcome {
    /// The contract.
    pub id: String,
    /// The contract's page and line.
    pub source: SourceLine,
    /// One for each route.
    pub routes: Vec<RouteOutcome>,
    /// Volatile rules of the contract itself that matched nothing.
    pub unused_rules: Vec<String>,
    /// The volatile rules that select something in what the contract documents.
    pub used_rules: UsedRules,
    /// The normal form to review, where the responses are as documented, but not as reviewed.
    pub to_review: Option<String>,
    /// The time that all routes took together.
    pub elapsed: Duration,
}

impl ContractOutcome {
    /// What became of a contract of whose rules nothing is known.
    pub(super) fn of(contract: &Contract, routes: Vec<RouteOutcome>, elapsed: Duration) -> ContractOutcome {
        let (id, source) = (contract.id.clone(), contract.location());
        let (unused_rules, used_rules) = (Vec::new(), UsedRules::default());
        ContractOutcome { id, source, routes, unused_rules, used_rules, to_review: None, elapsed }
    }

    /// How the documented leaves were asserted, on the route where the fewest were.
    pub fn coverage(&self) -> Coverage {
        let least = |coverage: &Coverage| (coverage.exact + coverage.shape, coverage.exact);
        self.routes.iter().map(|route| route.coverage).min_by_key(least).unwrap_or_default()
    }

    /// The worst of the routes' outcomes; a contract that mismatches is broken, whatever else could not be asked.
    pub fn outcome(&self) -> Outcome {
        let has = |outcome| self.routes.iter().any(|route| route.outcome == outcome);
        match () {
            () if has(Outcome::Mismatched) => Outcome::Mismatched,
            () if has(Outcome::Errored) => Outcome::Errored,
            () if has(Outcome::New) => Outcome::New,
            () => Outcome::Matched,
        }
    }
}

/// A whole replay.
#[derive(Clone, Debug)]
pub struct Run {
    /// By contract.
    pub contracts: Vec<ContractOutcome>,
    /// Snapshots that belong to no contract.
    pub unreferenced_snapshots: Vec<PathBuf>,
    /// Volatile rules that matched nothing: place and rule.
    pub unused_rules: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Run {
    /// The outcomes by route.
    pub fn routes(&self) -> impl Iterator<Item = &RouteOutcome> {
        self.contracts.iter().flat_map(|contract| &contract.routes)
    }

    /// The number of routes with that outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.routes().filter(|route| route.outcome == outcome).count()
    }

    /// How the documented leaves of all contracts were asserted.
    pub fn coverage(&self) -> Coverage {
        self.contracts.iter().map(ContractOutcome::coverage).sum()
    }

    /// The exit code: 0 as expected, 1 contracts broken, 2 something could not be asked and nothing is known to be broken.
    pub fn exit_code(&self) -> u8 {
        if self.count(Outcome::Mismatched) + self.count(Outcome::New) > 0 || !self.unreferenced_snapshots.is_empty() {
            1
        } else if self.count(Outcome::Errored) > 0 {
            2
        } else {
            0
        }
    }
}
