//! What two reads of each contract showed, as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use graph_contracts_live::learn::{LearnOutcome, Learned, LearnedStep, Proposal};

/// The result of `--learn`.
#[derive(Debug, Serialize)]
pub struct LearnDocument<'a> {
    provider: &'a str,
    routes: usize,
    read: usize,
    different: usize,
    errored: usize,
    skipped: BTreeMap<&'static str, usize>,
    sent: usize,
    retries: usize,
    throttled: usize,
    rules: &'a [Proposal],
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<String>,
    stopped: bool,
    seconds: f64,
    outcomes: &'a [LearnedStep],
}

/// The document of what was learned. `patch` is the file in which the rules are proposed, if any are.
pub fn learned<'a>(learned: &'a Learned, patch: Option<&std::path::Path>) -> LearnDocument<'a> {
    LearnDocument {
        provider: &learned.provider,
        routes: learned.steps.len(),
        read: learned.steps.iter().filter(|step| step.is_read()).count(),
        different: learned.count(LearnOutcome::Differs),
        errored: learned.count(LearnOutcome::Errored),
        skipped: learned.skipped(),
        sent: learned.traffic.sent,
        retries: learned.traffic.retries,
        throttled: learned.traffic.throttled,
        rules: &learned.rules,
        patch: patch.map(|file| file.display().to_string()),
        stopped: learned.stopped,
        seconds: learned.elapsed.as_secs_f64(),
        outcomes: &learned.steps,
    }
}
