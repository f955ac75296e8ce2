//! Each kind of report as HTML: of fixed results, which have every outcome and what is hostile.

use graph_contracts::compare::Coverage;
use graph_contracts::diagnostic::{Diagnostic, Severity};
use graph_contracts::lint::Lint;
use graph_contracts::replay::{Outcome, Run};
use graph_contracts::report::Report;
use graph_contracts::store::Store;
use graph_contracts_changes::Effect;
use graph_contracts_changes::diff::Diff;
use graph_contracts_report::html::{Options, html};
use graph_contracts_report::{Comparison, Point};

use crate::fixed;

/// A report as HTML, and the addresses of pages in it.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) html: String,
    pub(crate) pages: Vec<String>,
}

impl Kind {
    fn new(name: &'static str, report: &Report<'_>, before: Option<&Report<'_>>) -> Kind {
        let point = Point { at: "2026-11-23T10:00:00Z".parse().expect("a time"), held: 3, asked: 5 };
        let comparison = before.map(|before| Comparison::new(before, report));
        let options = Options {
            earlier: &[point],
            comparison: comparison.as_ref(),
            rerun: &|id| {
                format!("graph-contracts {} {id} --contracts a/folder/with/a/rather/long/name", report.command)
            },
        };
        let with_findings = report.cases.iter().filter(|case| !case.findings.is_empty());
        let pages: Vec<String> = with_findings.map(|case| format!("#{}", case.id)).take(2).collect();
        Kind { name, html: html(report, &options), pages }
    }
}

/// A replay in which every contract matches.
pub(crate) fn green(store: &Store) -> Run {
    let mut run = fixed::replay(store);
    for route in run.contracts.iter_mut().flat_map(|contract| &mut contract.routes) {
        (route.outcome, route.error, route.evidence) = (Outcome::Matched, None, None);
        (route.mismatches, route.omitted) = (Vec::new(), 0);
        route.coverage = Coverage { exact: 4, shape: 1, none: 0 };
    }
    Run { unreferenced_snapshots: Vec::new(), unused_rules: Vec::new(), ..run }
}

/// So many contracts, all of areas of the service like those of the project.
pub(crate) fn large_store(number: usize) -> Store {
    let mut store = fixed::store();
    let originals = store.contracts.clone();
    store.contracts = (0..number)
        .map(|index| {
            let mut contract = originals[index % originals.len()].clone();
            contract.id = format!("v1.0/number-{index:05}");
            contract
        })
        .collect();
    store
}

pub(crate) fn is_denied(own: &Diagnostic) -> bool {
    own.code.severity() == Severity::Error
}

/// Every kind of report.
pub(crate) fn kinds() -> Vec<Kind> {
    let store = fixed::store();
    let (lint, clean) = (fixed::lint(), Lint { diagnostics: Vec::new(), excerpts: Vec::new(), ..fixed::lint() });
    let (replay, green) = (fixed::replay(&store), green(&store));
    let (live, proof, check) = (fixed::live(&store), fixed::proof(&store), fixed::check(&store));
    let (changes, unchanged) = (fixed::changes(), Diff { changes: Vec::new(), ..fixed::changes() });
    let selected: Vec<usize> = (0..store.contracts.len()).collect();
    let at = fixed::at();
    let (of_lint, of_clean) = (lint.report(at, is_denied, "accepted.toml"), clean.report(at, is_denied, ""));
    let (of_replay, of_green) = (replay.report(&store, at), green.report(&store, at));
    vec![
        Kind::new("replay", &of_replay, None),
        Kind::new("green", &of_green, None),
        Kind::new("lint", &of_lint, None),
        Kind::new("lint without a defect", &of_clean, None),
        Kind::new("live", &live.report(&store, at), None),
        Kind::new("metadata", &check.report(&store, at, "accepted.toml"), None),
        Kind::new("changes", &changes.report(("before", "after"), at, &[Effect::Breaking], None), None),
        Kind::new("changes that nobody denies", &changes.report(("before", "after"), at, &[], None), None),
        Kind::new("no change", &unchanged.report(("before", "after"), at, &[Effect::Breaking], None), None),
        Kind::new("prove", &proof.report(&store, &selected, at), None),
        Kind::new("replay beside a green one", &of_replay, Some(&of_green)),
        Kind::new("lint beside one without a defect", &of_lint, Some(&of_clean)),
        Kind::new("lint without a defect beside one", &of_clean, Some(&of_lint)),
    ]
}
