//! A proof as results: a case for each contract.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Case, Finding, Results, Status};
use graph_contracts::compare::{Coverage, Reference, Severity};
use graph_contracts::normal::Level;
use graph_contracts::report::count;
use graph_contracts::store::Store;
use graph_contracts_prove::{BlindSpot, Proof};

impl<'r> Results<'r> {
    /// A proof of contracts of this store, by their positions in it, that began at that time.
    pub fn of_proof(proof: &'r Proof, store: &'r Store, selected: &[usize], at: Timestamp) -> Results<'r> {
        let mut failures: BTreeMap<&str, Vec<&BlindSpot>> = BTreeMap::new();
        for failure in &proof.failures {
            failures.entry(&failure.contract).or_default().push(failure);
        }
        let mut cases: Vec<Case<'r>> = Vec::new();
        for contract in selected.iter().filter_map(|index| store.contracts.get(*index)) {
            let found = failures.remove(contract.id.as_str()).unwrap_or_default();
            cases.push(case(&contract.id, contract.location(), &found));
        }
        // The specimens are nobody's contracts.
        cases.extend(failures.into_iter().map(|(id, found)| case(id, String::new(), &found)));
        let total = proof.count.total();
        let summary = format!(
            "{}, {} caught; {}, {}; {} left open by the contracts",
            count(total.mutants, "mutant", "mutants"),
            total.caught,
            count(total.harmless, "harmless variation", "harmless variations"),
            count(total.false_alarms, "false alarm", "false alarms"),
            proof.count.open
        );
        let sampled = proof.sampled.iter().map(|sampled| {
            format!("{}: the body is so large that only one value of {} was changed", sampled.contract, sampled.every)
        });
        let omitted = (proof.omitted > 0)
            .then(|| format!("{} not listed", count(proof.omitted, "more failure is", "more failures are")));
        Results {
            command: "prove",
            provider: "the stub, answering with mutants".to_owned(),
            at,
            elapsed: proof.elapsed,
            holds: proof.holds(),
            unit: ("contract", "contracts"),
            cases,
            remarks: [summary].into_iter().chain(sampled).chain(omitted).collect(),
            store: Some(store),
            level: Level::Exact,
            coverage: Coverage::default(),
        }
    }
}

fn case<'r>(id: &'r str, source: String, failures: &[&'r BlindSpot]) -> Case<'r> {
    let is_failed = failures.iter().any(|failure| !failure.explained);
    let (status, outcome, verdict) = match (is_failed, failures.is_empty()) {
        (true, _) => (Status::Failed, "not proved", "Mutants passed, or harmless variations were reported."),
        (false, true) => (Status::Passed, "proved", "Every mutant was caught, and no harmless variation was reported."),
        (false, false) => (
            Status::Passed,
            "with blind spots",
            "Every mutant was caught but for those in values that a reviewed rule makes volatile.",
        ),
    };
    let finding = |failure: &'r BlindSpot| Finding {
        code: failure.class.name(),
        title: if failure.false_alarm { "a harmless variation was reported" } else { "a mutant was not caught" },
        subject: format!("{}: {}", failure.class.name(), failure.why),
        at: failure.at.as_ref().map_or_else(|| "the response".to_owned(), ToString::to_string),
        sides: None,
        message: &failure.why,
        declared: "",
        severity: if failure.explained { Severity::Notice } else { Severity::Error },
        source: source.clone(),
        notice: "explained by a rule",
        reference: Reference::Documentation,
        means: match failure.level {
            Level::Exact => "at the exact level",
            Level::Shape => "at the shape level",
        },
    };
    Case {
        id,
        route: "",
        status,
        outcome,
        verdict: verdict.to_owned(),
        findings: failures.iter().map(|failure| finding(failure)).collect(),
        omitted: 0,
        source: source.clone(),
        coverage: Coverage::default(),
        elapsed: None,
        properties: Vec::new(),
        evidence: None,
    }
}
