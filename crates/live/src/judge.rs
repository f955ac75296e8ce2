//! Compares a live response with its contract, and with the drift that was accepted before.

use std::sync::Arc;
use std::time::Duration;

use super::discreet::discreet;
use super::drift::{Drift, signature};
use super::kept_rules::KeptRules;
use super::live_options::LiveOptions;
use super::outcome::{LiveOutcome, StepOutcome};
use super::pending_drift::{About, PendingDrift};
use super::planned_step::Step;
use super::public_names::PublicNames;
use super::request::sent;
use super::session::Session;
use super::transport::LiveExchange;
use super::verdict::{Verdict, accepted, verdict};
use graph_contracts::compare::drifted;
use graph_contracts::compare::{Comparison, Context, Mismatch, Reference, Severity, compare};
use graph_contracts::normal::{Level, NormalForm, NormalizationPlan, normalize};
use graph_contracts::report;
use graph_contracts::service::ServiceRules;
use graph_contracts::snapshot::snapshot_path;
use graph_contracts::store::Store;

/// How long a response may still be compared after the run was stopped, or its time is over.
const LAST_LOOK: Duration = Duration::from_millis(500);

/// Compares a response where it keeps no other work waiting: however large it is, a signal is heard and requests go on. A run that
/// ends meanwhile does not wait for long.
pub(super) async fn judge(
    session: &Session,
    options: &Arc<LiveOptions>,
    step: &Step,
    exchange: LiveExchange,
) -> StepOutcome {
    let (store, options, own) = (Arc::clone(&session.store), Arc::clone(options), step.clone());
    let (public, kept) = (Arc::clone(&session.public_names), Arc::clone(&session.kept_rules));
    let pending = Arc::clone(&session.pending_drift);
    let judging =
        tokio::task::spawn_blocking(move || judge_now(&store, (&public, &kept), (&options, &pending), &own, &exchange));
    let over = async {
        session.transport.pace().over().await;
        tokio::time::sleep(LAST_LOOK).await;
    };
    let why = tokio::select! {
        biased;
        judged = judging => match judged {
            Ok(outcome) => return outcome,
            Err(_) => "comparing this response broke off, which is a defect of its own; please report it",
        },
        () = over => "the run ended before the response was compared, which is large: raise --time-budget, or run again",
    };
    StepOutcome::new(&session.store, step).error(why.to_owned())
}

/// Compares a response with the contract and its alternatives: it has to agree with one of them.
fn judge_now(
    store: &Store,
    known: (&PublicNames, &KeptRules),
    (options, pending): (&LiveOptions, &PendingDrift),
    step: &Step,
    exchange: &LiveExchange,
) -> StepOutcome {
    let mut judged: Option<Judged> = None;
    for index in &step.contracts {
        let found = match judge_one(store, known, options, (*index, &step.route), exchange) {
            Ok(found) => found,
            Err(why) => return StepOutcome::of(store, step, *index).error(why),
        };
        if judged.as_ref().is_none_or(|judged| judged.drift.is_some() && found.drift.is_none()) {
            judged = Some(found);
        }
    }
    let Some(Judged { index, documented, drift, evidence, found }) = judged else {
        return StepOutcome::new(store, step);
    };
    let mut outcome = StepOutcome::of(store, step, index);
    outcome.evidence = evidence;
    outcome.mismatches = found.mismatches;
    outcome.omitted = found.omitted;
    outcome.coverage = found.coverage;
    outcome.request_id.clone_from(&exchange.request_id);
    outcome.client_request_id = Some(exchange.client_request_id.clone());
    outcome.elapsed = exchange.elapsed;
    let drift = drift.map(|form| {
        let is_error = |mismatch: &&Mismatch| mismatch.severity == Severity::Error;
        let shown = |mismatch: &Mismatch| format!("{} at {}  {}", mismatch.kind.phrase(), mismatch.at, mismatch.source);
        Drift {
            signature: signature(&store.contracts[index], &documented, &form),
            form,
            lines: outcome.mismatches.iter().filter(is_error).map(shown).collect(),
            request: outcome.route.clone(),
            request_id: outcome.request_id.clone(),
        }
    });
    match review(store, (options, pending), (index, &step.route), (drift, &documented), &mut outcome) {
        Ok(()) => outcome,
        Err(why) => outcome.error(why),
    }
}

/// A response beside one contract.
struct Judged {
    index: usize,
    /// The form that the contract documents.
    documented: NormalForm,
    /// The form in which it drifted, if it did.
    drift: Option<NormalForm>,
    /// The same beside the documented form.
    evidence: Option<report::Evidence>,
    found: Comparison,
}

fn judge_one(
    store: &Store,
    (public, kept): (&PublicNames, &KeptRules),
    options: &LiveOptions,
    (index, route): (usize, &str),
    exchange: &LiveExchange,
) -> Result<Judged, String> {
    // What was sent is what has to come back.
    let contract = sent(&store.contracts[index])?;
    let normalization =
        NormalizationPlan::new(&contract, &store.rules, Level::Shape).map_err(|error| error.to_string())?;
    let mut actual = normalize(&exchange.response, &normalization);
    let applied = exchange.response.header("preference-applied").unwrap_or_default();
    let context = Context::of(&normalization, options.strict).omitting_nulls(applied.contains("omit-values"));
    let service = contract.version().and_then(|version| options.service.get(&version.to_ascii_lowercase()));
    let (service, kept) = (service.map(Arc::as_ref), kept.get(store, index));
    // A simulated tenant has no names of its own.
    if !options.own_tenant {
        let rules: Vec<&ServiceRules> = service.into_iter().chain(kept).collect();
        public.withhold_others(&mut actual, &rules);
    }
    let context = service.into_iter().fold(context, |context, own| context.with_service(own, route));
    let mut context = kept.into_iter().fold(context, |context, own| context.with_kept_rules(own, route));
    let mut found = compare(normalization.documented(), &actual, Reference::Documentation, &mut context);
    let drift = drifted(&normalization, &actual, &found);
    let reference = || format!("documented in {}", contract.location());
    let evidence = drift.as_ref().map(|drift| report::Evidence::new(reference(), normalization.documented(), drift));
    discreet(&mut found.mismatches, &actual);
    Ok(Judged { index, documented: normalization.documented().clone(), drift, evidence, found })
}

/// The verdict on a route, and the pending snapshot of its contract.
fn review(
    store: &Store,
    (options, pending): (&LiveOptions, &PendingDrift),
    (index, route): (usize, &str),
    (drift, documented): (Option<Drift>, &NormalForm),
    outcome: &mut StepOutcome,
) -> Result<(), String> {
    let contract = &store.contracts[index];
    let folders = &options.live_snapshots;
    let known = accepted(&folders.accepted, &contract.id).map_err(|error| error.to_string())?;
    let verdict = verdict(route, drift.as_ref(), known.as_ref());
    outcome.outcome = match verdict {
        Verdict::Matched => LiveOutcome::Matched,
        Verdict::Healed => LiveOutcome::Healed,
        Verdict::KnownDrift => LiveOutcome::KnownDrift,
        Verdict::Drifted => LiveOutcome::Drifted,
    };
    let about = About { contract, rules: &store.rules, documented, accepted: known.as_ref(), day: options.day };
    let file = pending.note(&folders.pending, index, (route, drift), &about).map_err(|error| error.to_string())?;
    outcome.pending = file.filter(|_| matches!(verdict, Verdict::Drifted | Verdict::Healed));
    outcome.accepted = known.as_ref().map(|_| snapshot_path(&folders.accepted, &contract.id));
    outcome.known_since = known.and_then(|known| known.since).map(|since| since.to_string());
    Ok(())
}
