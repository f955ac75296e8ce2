//! Runs contracts against a live provider: plan, act, compare, clean up.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use jiff::civil::Date;

use super::cleanup::clean_up;
use super::drift::drifted;
use super::fill::fill;
use super::ledger::{IntentId, Ledger, LedgerError};
use super::live_error::LiveError;
use super::outcome::{LiveOutcome, LiveRun, StepOutcome, Traffic};
use super::place::{PlaceKey, key_segment};
use super::plan::{Phase, Plan, Skip, Step};
use super::request::{first_of, request, unversioned};
use super::resolve::{Objects, Resolution};
use super::review::{Evidence, Verdict, accepted, remove_pending, verdict, write_pending};
use super::transport::{LiveExchange, LiveRequest, Transport};
use crate::compare::{Comparison, Context, Coverage, Mismatch, Reference, Severity, compare};
use crate::contract::{Contract, Store};
use crate::json::Json;
use crate::normal::{Guide, Level, NormalForm, normalise};
use crate::replay::with_causes;

/// Cleaning up may take at least this long, however short the run's time budget is.
const CLEANING: Duration = Duration::from_secs(60);

/// What a run needs to know beside its plan.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// The folder of the profile's live snapshots.
    pub live_snapshots: PathBuf,
    /// How many steps are under way at a time.
    pub concurrency: usize,
    /// Whether members that the page does not document are drift even where its example may be truncated.
    pub strict: bool,
    /// The day, for new drift.
    pub day: Date,
}

/// Everything that the steps of a run share.
pub(super) struct Shared {
    pub(super) store: Arc<Store>,
    pub(super) transport: Transport,
    pub(super) ledger: Option<Ledger>,
    pub(super) options: LiveOptions,
    pub(super) objects: Mutex<Objects>,
    pub(super) traffic: Mutex<Traffic>,
}

/// Runs a plan. `ledger` has to be there if the plan writes. [`Pace::stop`](super::Pace::stop) ends the run early: what is in flight is
/// finished and what was created is deleted. `observe` is told of each step when it is done.
///
/// # Errors
///
/// When the ledger cannot be written; nothing is written to the provider then.
pub async fn run(
    plan: &Plan,
    store: Arc<Store>,
    transport: Transport,
    ledger: Option<Ledger>,
    options: LiveOptions,
    mut observe: impl FnMut(&StepOutcome),
) -> Result<LiveRun, LedgerError> {
    let start = Instant::now();
    let provider = transport.base().to_string();
    let (objects, traffic) = (Mutex::default(), Mutex::default());
    let shared = Arc::new(Shared { store, transport, ledger, options, objects, traffic });
    let mut left_behind = clean_up(&shared).await;
    let mut steps = Vec::with_capacity(plan.steps.len());
    let mut rest = plan.steps.as_slice();
    while let Some(first) = rest.first() {
        // Steps of one phase and depth do not depend on each other.
        let group = rest.iter().take_while(|step| rank(step) == rank(first)).count();
        let tasks = rest[..group].iter().map(|step| {
            let (shared, step) = (Arc::clone(&shared), step.clone());
            let of_step = (step.clone(), Arc::clone(&shared));
            let task = tokio::spawn(async move { run_step(&shared, &step).await });
            async move { (of_step, task.await) }
        });
        let mut done = futures_util::stream::iter(tasks).buffered(shared.options.concurrency.max(1));
        while let Some(((step, shared), outcome)) = done.next().await {
            // A defect of the harness must not keep what was created from being deleted.
            let outcome = outcome.unwrap_or_else(|_| {
                outcome_of(&shared, &step, step.contracts[0]).error(
                    "the run of this contract broke off, which is a defect of its own; please report it".to_owned(),
                )
            });
            observe(&outcome);
            steps.push(outcome);
        }
        rest = &rest[group..];
    }
    let stopped = shared.transport.pace().is_stopped();
    shared.transport.pace().clean_up(CLEANING);
    left_behind.extend(clean_up(&shared).await);
    left_behind.sort();
    left_behind.dedup();
    let traffic = *shared.traffic.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(Shared { ledger: Some(ledger), .. }) = Arc::into_inner(shared) {
        ledger.close()?;
    }
    Ok(LiveRun { provider, steps, traffic, left_behind, stopped, elapsed: start.elapsed() })
}

fn rank(step: &Step) -> (Phase, usize) {
    (step.phase, PlaceKey::read(&step.route).depth())
}

fn outcome_of(shared: &Shared, step: &Step, contract: usize) -> StepOutcome {
    let contract = &shared.store.contracts[contract];
    let version = contract.api_version.as_ref().map(|version| format!("/{version}")).unwrap_or_default();
    StepOutcome {
        id: contract.id.clone(),
        route: format!("{} {version}{}", contract.request.method, step.route),
        phase: step.phase,
        outcome: LiveOutcome::Matched,
        reason: None,
        skipped: None,
        mismatches: Vec::new(),
        coverage: Coverage::default(),
        source: contract.location(),
        request_id: None,
        client_request_id: None,
        known_since: None,
        pending: None,
        elapsed: Duration::ZERO,
    }
}

async fn run_step(shared: &Shared, step: &Step) -> StepOutcome {
    let outcome = outcome_of(shared, step, step.contracts[0]);
    if let Some(skip) = &step.skip {
        return outcome.skip(skip);
    }
    let contract = match fill(&shared.store.contracts[step.contracts[0]]) {
        Ok(contract) => contract,
        Err(why) => return outcome.skip(&Skip::Request(why)),
    };
    let path = match resolve(shared, step, &contract).await {
        Ok(path) => path,
        Err(Unresolved::Skip(skip)) => return outcome.skip(&skip),
        Err(Unresolved::Error(why)) => return outcome.error(why),
    };
    match send(shared, step, &contract, &path).await {
        Ok(exchange) => judge(shared, step, &exchange),
        Err(why) => outcome.error(why),
    }
}

enum Unresolved {
    Skip(Skip),
    Error(String),
}

/// The path that a step asks for; collections are looked up as far as needed.
async fn resolve(shared: &Shared, step: &Step, contract: &Contract) -> Result<String, Unresolved> {
    loop {
        let resolution = shared.objects.lock().unwrap_or_else(PoisonError::into_inner).resolve(step);
        match resolution {
            Resolution::Path(path) => return Ok(path),
            Resolution::Nothing { place, why } => {
                return Err(Unresolved::Skip(Skip::Unbound(format!("{place} ({why})"))));
            }
            Resolution::Lookup(collection) => {
                let exchange = exchange(shared, first_of(contract, &collection)).await;
                let exchange = exchange.map_err(|error| Unresolved::Error(with_causes(&error)))?;
                let body = std::str::from_utf8(&exchange.response.body).unwrap_or_default();
                let key = crate::json::parse(body).ok().and_then(|parsed| first_key(&parsed.json));
                shared.objects.lock().unwrap_or_else(PoisonError::into_inner).add_first(collection, key);
            }
        }
    }
}

/// The key of the first object of a collection.
fn first_key(body: &Json) -> Option<String> {
    let Some(Json::Array(items)) = body.get("value") else { return None };
    match items.first()?.get("id")? {
        Json::String(key) => Some(key.clone()),
        Json::Number(key) => Some(key.literal().to_owned()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Sends a request and counts it.
pub(super) async fn exchange(shared: &Shared, request: LiveRequest) -> Result<LiveExchange, LiveError> {
    let exchange = shared.transport.send(request).await;
    let (attempts, throttled) =
        exchange.as_ref().map_or((1, 0), |exchange| (exchange.attempts as usize, exchange.throttled as usize));
    let mut traffic = shared.traffic.lock().unwrap_or_else(PoisonError::into_inner);
    traffic.sent += attempts;
    traffic.retries += attempts.saturating_sub(1);
    traffic.throttled += throttled;
    exchange
}

/// Sends a step's request; what it writes is in the ledger before and after.
async fn send(shared: &Shared, step: &Step, contract: &Contract, path: &str) -> Result<LiveExchange, String> {
    let request = request(contract, path);
    if !step.writes() {
        return exchange(shared, request).await.map_err(|error| with_causes(&error));
    }
    let Some(ledger) = &shared.ledger else { return Err("there is no ledger, so nothing is written".to_owned()) };
    let url = request.path_and_query.split('?').next().unwrap_or_default().to_owned();
    let intent = ledger.intent(&contract.id, &request.method, &url).map_err(|error| with_causes(&error))?;
    let answer = exchange(shared, request).await;
    let written = match &answer {
        Ok(exchange) => record(shared, step, ledger, intent, path, &url, exchange),
        Err(error) => ledger.failed(intent, error.is_ambiguous(), &error.to_string()),
    };
    written.map_err(|error| with_causes(&error))?;
    answer.map_err(|error| with_causes(&error))
}

/// Writes down what a request created or deleted.
fn record(
    shared: &Shared,
    step: &Step,
    ledger: &Ledger,
    intent: IntentId,
    path: &str,
    url: &str,
    exchange: &LiveExchange,
) -> Result<(), LedgerError> {
    let status = exchange.response.status;
    let mut objects = shared.objects.lock().unwrap_or_else(PoisonError::into_inner);
    let mut traffic = shared.traffic.lock().unwrap_or_else(PoisonError::into_inner);
    if step.phase == Phase::Delete && (matches!(status, 200..=299) || status == 404) {
        ledger.answered(intent, status)?;
        if objects.remove_created(path) {
            traffic.deleted += 1;
        }
        return ledger.deleted(url);
    }
    if step.phase == Phase::Create && matches!(status, 200..=299) {
        let key = std::str::from_utf8(&exchange.response.body)
            .ok()
            .and_then(|body| crate::json::parse(body).ok())
            .and_then(|parsed| parsed.json.get("id").and_then(Json::as_str).and_then(key_segment));
        let own = key.map(|key| format!("{}/{key}", path.trim_end_matches('/')));
        let location = || exchange.response.header("location").map(|location| unversioned(&location).to_owned());
        if let Some(own) = own.or_else(location).filter(|own| !own.is_empty()) {
            let version = url.strip_suffix(path).unwrap_or_default();
            traffic.created += 1;
            objects.add_created(PlaceKey::read(&step.route).item(), own.clone());
            return ledger.created(intent, &format!("{version}{own}"));
        }
        // Something was created, and nobody says what.
        return ledger.failed(intent, true, "the response names no object that was created");
    }
    if exchange.ambiguous {
        ledger.failed(intent, true, "the response leaves open what happened")
    } else {
        ledger.answered(intent, status)
    }
}

/// Compares a response with the contract and its alternatives: it has to agree with one of them.
fn judge(shared: &Shared, step: &Step, exchange: &LiveExchange) -> StepOutcome {
    let mut judged: Option<(usize, Option<NormalForm>, Comparison)> = None;
    for index in &step.contracts {
        let found = match judge_one(shared, *index, exchange) {
            Ok(found) => found,
            Err(why) => return outcome_of(shared, step, *index).error(why),
        };
        let is_better = match &judged {
            None => true,
            Some((_, drift, _)) => drift.is_some() && found.0.is_none(),
        };
        if is_better {
            judged = Some((*index, found.0, found.1));
        }
    }
    let Some((index, drift, found)) = judged else { return outcome_of(shared, step, step.contracts[0]) };
    let mut outcome = outcome_of(shared, step, index);
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
    let found = compare(guide.documented(), &actual, Reference::Documentation, &mut context);
    Ok((drifted(&guide, &actual, &found), found))
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
