//! The JSON document of a check against metadata.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use graph_contracts_odata::check::{Cause, Check, Finding, RouteCheck, Verdict, causes};

/// The result of a check against metadata. Confirmed, contradicted, accepted and unknown are numbers of contracts on routes; so is
/// that of the findings, which has those that contradict nothing, too.
#[derive(Debug, Serialize)]
pub struct CheckDocument<'a> {
    command: &'static str,
    at: Timestamp,
    /// The documents by version.
    metadata: BTreeMap<&'a str, &'a str>,
    contracts: usize,
    routes: usize,
    confirmed: usize,
    contradicted: usize,
    accepted: usize,
    unknown: usize,
    by_code: BTreeMap<&'static str, usize>,
    outcomes: &'a [RouteCheck],
    findings: Vec<&'a Finding>,
    causes: Vec<Cause<'a>>,
    missing: &'a BTreeSet<String>,
    unused_suppressions: Vec<String>,
    seconds: f64,
}

/// The document of a check that began at that time.
pub fn check_metadata(check: &Check, at: Timestamp) -> CheckDocument<'_> {
    CheckDocument {
        command: "check-metadata",
        at,
        metadata: check.metadata.iter().map(|(version, name)| (version.as_str(), name.as_str())).collect(),
        contracts: check.contracts,
        routes: check.routes.len(),
        confirmed: check.count(Verdict::Confirmed),
        contradicted: check.count(Verdict::Contradicted),
        accepted: check.count(Verdict::Accepted),
        unknown: check.count(Verdict::Unknown),
        by_code: check.by_code().into_iter().map(|(code, count)| (code.name(), count)).collect(),
        outcomes: &check.routes,
        findings: check.findings().collect(),
        causes: causes(check.findings()),
        missing: &check.missing,
        unused_suppressions: check.unused_suppressions.iter().map(|(line, entry)| format!("{line}: {entry}")).collect(),
        seconds: check.elapsed.as_secs_f64(),
    }
}
