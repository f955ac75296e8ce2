//! A replay as results.

use jiff::Timestamp;

use super::{Case, Finding, Results, Status};
use graph_contracts::normal::Level;
use graph_contracts::replay::{ContractOutcome, Outcome, RouteOutcome, Run};
use graph_contracts::store::Store;

impl<'r> Results<'r> {
    /// A replay of contracts of this store that began at that time.
    pub fn of_replay(run: &'r Run, store: &'r Store, at: Timestamp) -> Results<'r> {
        let unreferenced = run.unreferenced_snapshots.iter();
        let unreferenced = unreferenced.map(|path| {
            format!("{}: a snapshot without a contract; import its page again, or delete it", path.display())
        });
        let unused = run.unused_rules.iter().map(|rule| format!("{rule}: a volatile rule that matched nothing"));
        let cases = run.contracts.iter().flat_map(|contract| contract.routes.iter().map(|route| case(contract, route)));
        Results {
            command: "replay",
            provider: "the stub".to_owned(),
            at,
            elapsed: run.elapsed,
            holds: run.exit_code() == 0,
            unit: ("route", "routes"),
            cases: cases.collect(),
            remarks: unreferenced.chain(unused).collect(),
            store: Some(store),
            level: Level::Exact,
            coverage: run.coverage(),
        }
    }
}

fn case<'r>(contract: &'r ContractOutcome, route: &'r RouteOutcome) -> Case<'r> {
    let (status, outcome) = match route.outcome {
        Outcome::Matched => (Status::Passed, "matched"),
        Outcome::Mismatched => (Status::Failed, "mismatched"),
        Outcome::Errored => (Status::Errored, "errored"),
    };
    let verdict = match route.outcome {
        Outcome::Matched => "The response is as documented.".to_owned(),
        Outcome::Mismatched => "The response departs from what is documented or reviewed.".to_owned(),
        Outcome::Errored => route.error.clone().unwrap_or_default(),
    };
    Case {
        id: &route.id,
        route: &route.route,
        status,
        outcome,
        verdict,
        findings: route.mismatches.iter().map(Finding::of).collect(),
        omitted: route.omitted,
        source: contract.source.clone(),
        coverage: route.coverage,
        elapsed: Some(route.elapsed).filter(|elapsed| !elapsed.is_zero()),
        properties: Vec::new(),
        evidence: route.evidence.as_ref(),
    }
}
