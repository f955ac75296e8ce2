//! A live run as results.

use jiff::Timestamp;

use super::{Case, Finding, Results, Status};
use graph_contracts::normal::Level;
use graph_contracts::store::Store;
use graph_contracts_live::{LiveOutcome, LiveRun, StepOutcome};

impl<'r> Results<'r> {
    /// A live run of these contracts that began at that time.
    pub fn of_live(run: &'r LiveRun, store: &'r Store, at: Timestamp) -> Results<'r> {
        let left = run.left_behind.iter().map(|what| format!("left behind: {what}"));
        let stopped = run.stopped.then(|| "the run was stopped before its end".to_owned());
        Results {
            command: "verify-live",
            provider: run.provider.clone(),
            at,
            elapsed: run.elapsed,
            holds: run.exit_code() == 0,
            unit: ("route", "routes"),
            cases: run.steps.iter().map(case).collect(),
            remarks: left.chain(stopped).collect(),
            store: Some(store),
            level: Level::Shape,
            coverage: run.steps.iter().map(|step| step.coverage).sum(),
        }
    }
}

fn case(step: &StepOutcome) -> Case<'_> {
    let status = match step.outcome {
        LiveOutcome::Matched | LiveOutcome::KnownDrift => Status::Passed,
        LiveOutcome::Drifted | LiveOutcome::Healed => Status::Failed,
        LiveOutcome::Errored => Status::Errored,
        LiveOutcome::Skipped => Status::Skipped,
    };
    let reason = || step.reason.clone().unwrap_or_default();
    let verdict = match step.outcome {
        LiveOutcome::Matched => "The service answers as documented.".to_owned(),
        LiveOutcome::KnownDrift => {
            let since = step.known_since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
            format!("The service answers otherwise than documented; that has been known{since}.")
        }
        LiveOutcome::Healed => "The service answers as documented again; delete the accepted drift.".to_owned(),
        LiveOutcome::Drifted => "The service answers otherwise than documented and accepted.".to_owned(),
        LiveOutcome::Errored => reason(),
        LiveOutcome::Skipped => format!("Not asked: {}", reason()),
    };
    let properties = [
        ("request-id", step.request_id.as_deref()),
        ("client-request-id", step.client_request_id.as_deref()),
        ("skipped", step.skipped),
    ];
    Case {
        id: &step.id,
        route: &step.route,
        status,
        outcome: step.outcome.phrase(),
        verdict,
        findings: step.mismatches.iter().map(Finding::of).collect(),
        omitted: 0,
        source: step.source.clone(),
        coverage: step.coverage,
        elapsed: Some(step.elapsed).filter(|elapsed| !elapsed.is_zero()),
        properties: properties.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        evidence: step.evidence.as_ref(),
    }
}
