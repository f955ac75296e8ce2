//! Holds a live response against its contract, and against the drift that was accepted before.

use super::discreet::discreet;
use super::drift::drifted;
use super::fill::fill;
use super::outcome::{LiveOutcome, StepOutcome};
use super::plan::Step;
use super::run::Shared;
use super::transport::LiveExchange;
use super::verdict::{Evidence, Verdict, accepted, remove_pending, verdict, write_pending};
use crate::compare::{Comparison, Context, Mismatch, Reference, Severity, compare};
use crate::normal::{Guide, Level, NormalForm, normalise};
use crate::snapshot::snapshot_path;

/// Compares a response with the contract and its alternatives: it has to agree with one of them.
pub(super) fn judge(shared: &Shared, step: &Step, exchange: &LiveExchange) -> StepOutcome {
    let mut judged: Option<(usize, Option<NormalForm>, Comparison)> = None;
    for index in &step.contracts {
        let found = match judge_one(shared, *index, exchange) {
            Ok(found) => found,
            Err(why) => return StepOutcome::of(&shared.store, step, *index).error(why),
        };
        let is_better = match &judged {
            None => true,
            Some((_, drift, _)) => drift.is_some() && found.0.is_none(),
        };
        if is_better {
            judged = Some((*index, found.0, found.1));
        }
    }
    let Some((index, drift, found)) = judged else { return StepOutcome::new(&shared.store, step) };
    let mut outcome = StepOutcome::of(&shared.store, step, index);
    outcome.mismatches = found.mismatches;
    outcome.coverage = found.coverage;
    outcome.request_id.clone_from(&exchange.request_id);
    outcome.client_request_id = Some(exchange.client_request_id.clone());
    outcome.elapsed = exchange.elapsed;
    match review(shared, index, drift.as_ref(), &mut outcome) {
        Ok(()) => outcome,
        Err(why) => outcome.error(why),
    }
}

/// The form in which a response drifted from one contract, if it did, and the comparison.
fn judge_one(
    shared: &Shared,
    index: usize,
    exchange: &LiveExchange,
) -> Result<(Option<NormalForm>, Comparison), String> {
    // What was sent is what has to come back.
    let contract = fill(&shared.store.contracts[index])?;
    let guide = Guide::new(&contract, &shared.store.rules, Level::Shape).map_err(|error| error.to_string())?;
    let actual = normalise(&exchange.response, &guide);
    let mut context = Context::of(&guide, shared.options.strict);
    let mut found = compare(guide.documented(), &actual, Reference::Documentation, &mut context);
    let drifted = drifted(&guide, &actual, &found);
    for mismatch in &mut found.mismatches {
        discreet(mismatch, &actual);
    }
    Ok((drifted, found))
}

/// The verdict, and the pending snapshot that goes with it.
fn review(shared: &Shared, index: usize, drift: Option<&NormalForm>, outcome: &mut StepOutcome) -> Result<(), String> {
    let contract = &shared.store.contracts[index];
    let folder = &shared.options.live_snapshots;
    let known = accepted(folder, &contract.id).map_err(|error| error.to_string())?;
    let verdict = verdict(drift, known.as_ref());
    outcome.outcome = match verdict {
        Verdict::Matched => LiveOutcome::Matched,
        Verdict::Healed => LiveOutcome::Healed,
        Verdict::KnownDrift => LiveOutcome::KnownDrift,
        Verdict::Drifted => LiveOutcome::Drifted,
    };
    outcome.accepted = known.as_ref().map(|_| snapshot_path(folder, &contract.id));
    outcome.known_since = known.and_then(|known| known.since).map(|since| since.to_string());
    match drift.filter(|_| verdict == Verdict::Drifted) {
        Some(form) => {
            let is_error = |mismatch: &&Mismatch| mismatch.severity == Severity::Error;
            let shown =
                |mismatch: &Mismatch| format!("{} at {}  {}", mismatch.kind.phrase(), mismatch.at, mismatch.source);
            let evidence = Evidence {
                contract,
                route: &outcome.route,
                drifts: outcome.mismatches.iter().filter(is_error).map(shown).collect(),
                request_id: outcome.request_id.as_deref(),
                day: shared.options.day,
            };
            outcome.pending = Some(write_pending(folder, form, &evidence).map_err(|error| error.to_string())?);
        }
        None => remove_pending(folder, &contract.id).map_err(|error| error.to_string())?,
    }
    Ok(())
}
