//! The JSON documents behind `--json`. Their members are stable: programs read them.

mod diff;
mod learn;
mod metadata;
mod plan;
mod review;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

pub use self::diff::{DiffDocument, diff};
pub use self::learn::{LearnDocument, learned};
pub use self::metadata::{CheckDocument, check_metadata};
pub use self::plan::{PlanDocument, plan};
pub use self::review::{PatchDocument, ReviewDocument, patches, review};
use graph_contracts::compare::Coverage;
use graph_contracts::import::Import;
use graph_contracts::lint::Lint;
use graph_contracts::replay::{Outcome, RouteOutcome, Run};
use graph_contracts::report::causes::{Cause, causes};
use graph_contracts::{Diagnostic, Severity};
use graph_contracts_live::{LiveOutcome, LiveRun, StepOutcome, Traffic};
use graph_contracts_prove::{BlindSpot, ClassCount, Count, Proof, Sampled};

/// The result of a replay.
#[derive(Debug, Serialize)]
pub struct ReplayDocument<'a> {
    command: &'static str,
    at: Timestamp,
    contracts: usize,
    routes: usize,
    matched: usize,
    mismatched: usize,
    errored: usize,
    asserted: Coverage,
    seconds: f64,
    outcomes: Vec<&'a RouteOutcome>,
    causes: Vec<Cause<'a>>,
    unreferenced_snapshots: Vec<String>,
    unused_rules: &'a [String],
}

/// The result of an import.
#[derive(Debug, Serialize)]
pub struct ImportDocument<'a> {
    pages: usize,
    pages_with_pair: usize,
    request_blocks: usize,
    response_blocks: usize,
    route_blocks: usize,
    pairs: usize,
    shared_pairs: usize,
    extra_responses: usize,
    orphan_responses: usize,
    unanswered: usize,
    contracts: usize,
    diagnostics: BTreeMap<&'static str, usize>,
    seconds: f64,
    defects: &'a [Diagnostic],
    added: Vec<String>,
    updated: Vec<String>,
    kept: Vec<String>,
    broken: &'a [String],
    overwritten: Vec<String>,
    stale: Vec<String>,
}

/// The result of the linter.
#[derive(Debug, Serialize)]
pub struct LintDocument<'a> {
    command: &'static str,
    at: Timestamp,
    pages: usize,
    /// Pages without a defect.
    clean: usize,
    diagnostics: Vec<LintEntry<'a>>,
    by_code: BTreeMap<&'static str, usize>,
    suppressed: usize,
    unused_suppressions: Vec<String>,
    seconds: f64,
}

/// One diagnostic of the linter.
#[derive(Debug, Serialize)]
struct LintEntry<'a> {
    severity: Severity,
    #[serde(flatten)]
    diagnostic: &'a Diagnostic,
    help: &'static str,
}

impl LintEntry<'_> {
    fn of(diagnostic: &Diagnostic) -> LintEntry<'_> {
        LintEntry { severity: diagnostic.code.severity(), diagnostic, help: diagnostic.code.help() }
    }
}

/// The document of a run of the linter that began at that time.
pub fn lint(lint: &Lint, at: Timestamp) -> LintDocument<'_> {
    let defective: BTreeSet<&str> = lint.diagnostics.iter().map(|diagnostic| diagnostic.page.as_str()).collect();
    LintDocument {
        command: "lint",
        at,
        pages: lint.pages,
        clean: lint.pages.saturating_sub(defective.len()),
        diagnostics: lint.diagnostics.iter().map(LintEntry::of).collect(),
        by_code: lint.by_code().into_iter().map(|(code, count)| (code.name(), count)).collect(),
        suppressed: lint.suppressed,
        unused_suppressions: lint.unused_suppressions.iter().map(|(line, entry)| format!("{line}: {entry}")).collect(),
        seconds: lint.elapsed.as_secs_f64(),
    }
}

/// The document of a replay that began at that time.
pub fn replay(run: &Run, at: Timestamp) -> ReplayDocument<'_> {
    ReplayDocument {
        command: "replay",
        at,
        contracts: run.contracts.len(),
        routes: run.routes().count(),
        matched: run.count(Outcome::Matched),
        mismatched: run.count(Outcome::Mismatched),
        errored: run.count(Outcome::Errored),
        asserted: run.coverage(),
        seconds: run.elapsed.as_secs_f64(),
        outcomes: run.routes().collect(),
        causes: causes(run.routes()),
        unreferenced_snapshots: paths(&run.unreferenced_snapshots),
        unused_rules: &run.unused_rules,
    }
}

/// The result of a proof. A change that is judged at both levels counts twice.
#[derive(Debug, Serialize)]
pub struct ProofDocument<'a> {
    command: &'static str,
    at: Timestamp,
    contracts: usize,
    /// Contracts without a failure that no rule explains.
    proved: usize,
    #[serde(flatten)]
    count: CountDocument,
    specimens: CountDocument,
    blind_spots: Vec<&'a BlindSpot>,
    alarms: Vec<&'a BlindSpot>,
    sampled: &'a [Sampled],
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<usize>,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct CountDocument {
    mutants: usize,
    caught: usize,
    missed: usize,
    harmless: usize,
    false_alarms: usize,
    open: usize,
    by_class: BTreeMap<&'static str, ClassCount>,
}

impl CountDocument {
    fn of(count: &Count) -> CountDocument {
        let total = count.total();
        CountDocument {
            mutants: total.mutants,
            caught: total.caught,
            missed: total.missed(),
            harmless: total.harmless,
            false_alarms: total.false_alarms,
            open: count.open,
            by_class: count.by_class.iter().map(|(class, count)| (class.name(), *count)).collect(),
        }
    }
}

/// The document of a proof that began at that time.
pub fn prove(proof: &Proof, at: Timestamp) -> ProofDocument<'_> {
    let failed: BTreeSet<&str> =
        proof.failures.iter().filter(|failure| !failure.explained).map(|failure| failure.contract.as_str()).collect();
    ProofDocument {
        command: "prove",
        at,
        contracts: proof.contracts,
        proved: proof.contracts.saturating_sub(failed.len()),
        count: CountDocument::of(&proof.count),
        specimens: CountDocument::of(&proof.specimens),
        blind_spots: proof.blind_spots().collect(),
        alarms: proof.false_alarms().collect(),
        sampled: &proof.sampled,
        omitted: Some(proof.omitted).filter(|omitted| *omitted > 0),
        seconds: proof.elapsed.as_secs_f64(),
    }
}

/// The result of a live run.
#[derive(Debug, Serialize)]
pub struct LiveDocument<'a> {
    command: &'static str,
    at: Timestamp,
    provider: &'a str,
    contracts: usize,
    routes: usize,
    matched: usize,
    drifted: usize,
    known_drift: usize,
    healed: usize,
    errored: usize,
    skipped: BTreeMap<&'static str, usize>,
    asserted: Coverage,
    #[serde(flatten)]
    traffic: Traffic,
    left_behind: &'a [String],
    stopped: bool,
    seconds: f64,
    outcomes: &'a [StepOutcome],
}

/// The document of a live run that began at that time.
pub fn live(run: &LiveRun, at: Timestamp) -> LiveDocument<'_> {
    let ids: BTreeSet<&str> = run.steps.iter().map(|step| step.id.as_str()).collect();
    LiveDocument {
        command: "verify-live",
        at,
        provider: &run.provider,
        contracts: ids.len(),
        routes: run.steps.len(),
        matched: run.count(LiveOutcome::Matched),
        drifted: run.count(LiveOutcome::Drifted),
        known_drift: run.count(LiveOutcome::KnownDrift),
        healed: run.count(LiveOutcome::Healed),
        errored: run.count(LiveOutcome::Errored),
        skipped: run.skipped(),
        asserted: run.steps.iter().map(|step| step.coverage).sum(),
        traffic: run.traffic,
        left_behind: &run.left_behind,
        stopped: run.stopped,
        seconds: run.elapsed.as_secs_f64(),
        outcomes: &run.steps,
    }
}

/// The document of an import.
pub fn import(import: &Import) -> ImportDocument<'_> {
    let counts = &import.counts;
    ImportDocument {
        pages: counts.pages,
        pages_with_pair: counts.pages_with_pair,
        request_blocks: counts.request_blocks,
        response_blocks: counts.response_blocks,
        route_blocks: counts.route_blocks,
        pairs: counts.pairs,
        shared_pairs: counts.shared_pairs,
        extra_responses: counts.extra_responses,
        orphan_responses: counts.orphan_responses,
        unanswered: counts.unanswered,
        contracts: counts.contracts,
        diagnostics: import.diagnostics_by_code().into_iter().map(|(code, count)| (code.name(), count)).collect(),
        seconds: import.elapsed.as_secs_f64(),
        defects: &import.diagnostics,
        added: paths(&import.added),
        updated: paths(&import.updated),
        kept: paths(&import.kept),
        broken: &import.broken,
        overwritten: paths(&import.overwritten),
        stale: paths(&import.stale),
    }
}

fn paths(paths: &[std::path::PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}
