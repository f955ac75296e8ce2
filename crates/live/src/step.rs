//! One step of a live run: from its route to what the provider answers, and what that created or deleted.

use super::judge::judge;
use super::ledger::{IntentId, Ledger, LedgerError};
use super::live_error::LiveError;
use super::live_options::LiveOptions;
use super::outcome::StepOutcome;
use super::pace::NoTurn;
use super::parameter_position::ParameterPosition;
use super::phase::Phase;
use super::plan::Step;
use super::request::{first_of, own_path, request, unversioned, versioned};
use super::resolve::Resolution;
use super::search::{key, listed, object, objects};
use super::session::{Session, Writing};
use super::skip::Skip;
use super::transport::LiveExchange;
use graph_contracts::contract::Contract;
use graph_contracts::contract::fill;
use graph_contracts::http::{OutgoingRequest, with_causes};
use graph_contracts::url::{encode_key, encode_quoted};

/// Why a step has no response to compare.
pub(super) enum Ended {
    Skipped(Skip),
    /// Why, and the limit that would have to be raised.
    Errored(String, Option<&'static str>),
}

impl From<LiveError> for Ended {
    /// What was not sent because the run is over is left out; anything else is an error.
    fn from(error: LiveError) -> Ended {
        let is_unsent = error.about().is_some_and(|about| about.attempts == 0);
        match &error {
            LiveError::NoTurn { cause: NoTurn::Stopped, .. } if is_unsent => Ended::Skipped(Skip::Stopped),
            LiveError::NoTurn { cause: NoTurn::OverBudget { .. }, .. } if is_unsent => Ended::Skipped(Skip::OutOfTime),
            _ => Ended::Errored(with_causes(&error), error.exceeded()),
        }
    }
}

impl From<LedgerError> for Ended {
    fn from(error: LedgerError) -> Ended {
        Ended::Errored(with_causes(&error), None)
    }
}

/// Runs a step: resolves its path, sends its request, and compares the response.
pub(super) async fn run_step(session: &Session, options: &LiveOptions, step: &Step) -> StepOutcome {
    let outcome = StepOutcome::new(&session.store, step);
    if let Some(skip) = &step.skip {
        return outcome.skip(skip);
    }
    if session.transport.pace().is_stopped() {
        return outcome.skip(&Skip::Stopped);
    }
    match act(session, step).await {
        Ok(exchange) => judge(&session.store, options, step, &exchange),
        Err(Ended::Skipped(skip)) => outcome.skip(&skip),
        Err(Ended::Errored(why, exceeded)) => StepOutcome { exceeded, ..outcome.error(why) },
    }
}

async fn act(session: &Session, step: &Step) -> Result<LiveExchange, Ended> {
    let contract = fill(&session.store.contracts[step.contracts[0]]);
    let contract = contract.map_err(|why| Ended::Skipped(Skip::Request(why)))?;
    let path = resolve(session, step, &contract).await?;
    let request = request(&contract, &path);
    match step.writes() {
        true => write(session, step, &contract, &path, request).await,
        false => Ok(settled(session, &path, request).await?),
    }
}

/// The path that a step asks for; collections are looked up as far as needed.
pub(super) async fn resolve(session: &Session, step: &Step, contract: &Contract) -> Result<String, Ended> {
    loop {
        let resolution = session.objects().resolve(step);
        match resolution {
            Resolution::Path(path) => return Ok(path),
            Resolution::Nothing { place, why } => {
                return Err(Ended::Skipped(Skip::Unbound(format!("{place} ({why})"))));
            }
            Resolution::Lookup(collection) => {
                let exchange = session.exchange(first_of(contract, &collection)).await?;
                let first = objects(&exchange.response).and_then(|objects| objects.into_iter().next());
                let key = first.as_ref().and_then(key);
                session.objects().add_first(collection, key);
            }
        }
    }
}

/// Sends a request. Where it is about an object that the run has just created and the answer is that there is none, it is sent
/// again until the object appears.
async fn settled(session: &Session, path: &str, request: OutgoingRequest) -> Result<LiveExchange, LiveError> {
    let mut failures = 0;
    loop {
        let exchange = session.exchange(request.clone()).await?;
        let age = session.objects().age(path);
        if exchange.response.status != 404 || age.is_none_or(|age| age >= session.settling()) {
            return Ok(exchange);
        }
        let pace = session.transport.pace();
        if pace.pause(pace.backoff(failures)).await.is_err() {
            return Ok(exchange);
        }
        failures += 1;
    }
}

/// Sends a request that writes; what it does is in the ledger before and after.
async fn write(
    session: &Session,
    step: &Step,
    contract: &Contract,
    path: &str,
    request: OutgoingRequest,
) -> Result<LiveExchange, Ended> {
    let Some(Writing { ledger, .. }) = &session.writing else {
        return Err(Ended::Errored("there is no ledger, so nothing is written".to_owned(), None));
    };
    let url = versioned(contract, path);
    let creates = step.phase == Phase::Create;
    // What the collection has already is nothing that this request creates.
    let existing = if creates { listed(session, &url).await? } else { None };
    let n = ledger.intent(&contract.id, &request.method, &url, existing.clone())?;
    let intent = Intended { ledger, n, existing: existing.unwrap_or_default() };
    let answer = if creates { session.exchange(request).await } else { settled(session, path, request).await };
    match answer {
        Ok(exchange) => {
            record(session, step, &intent, &url, &exchange)?;
            Ok(exchange)
        }
        Err(error) => {
            let location = error.about().and_then(|about| about.location.as_deref());
            match location.and_then(|location| own_path(session.transport.base(), location)).filter(|_| creates) {
                // The body did not come, but the head says what was created.
                Some(object) => created(session, step, &intent, &object)?,
                None => ledger.failed(n, error.is_ambiguous(), &error.to_string())?,
            }
            Err(error.into())
        }
    }
}

/// A request that is in the ledger.
struct Intended<'a> {
    ledger: &'a Ledger,
    n: IntentId,
    /// The keys that its collection had before.
    existing: Vec<String>,
}

impl Intended<'_> {
    /// Whether an object was in the collection before, by its path, in either form of keys (OData URL Conventions 4.01 section 4.3).
    fn was_there(&self, object: &str) -> bool {
        let last = object.rsplit('/').next().unwrap_or_default();
        self.existing.iter().any(|key| {
            let is_in = |form: String| last.ends_with(&form);
            encode_key(key).as_deref() == Some(last)
                || is_in(format!("('{}')", encode_quoted(key)))
                || is_in(format!("({})", encode_quoted(key)))
        })
    }
}

/// Writes down what a request to that URL created or deleted.
fn record(
    session: &Session,
    step: &Step,
    intent: &Intended<'_>,
    url: &str,
    exchange: &LiveExchange,
) -> Result<(), LedgerError> {
    let Intended { ledger, n, .. } = intent;
    let (n, response) = (*n, &exchange.response);
    let is_success = matches!(response.status, 200..=299);
    match step.phase {
        Phase::Delete if is_success || response.status == 404 => {
            ledger.answered(n, response.status)?;
            if session.objects().remove_created(unversioned(url)) {
                session.traffic().deleted += 1;
            }
            ledger.deleted(url)
        }
        Phase::Create if is_success => {
            let key = object(response).and_then(|object| encode_key(&key(&object)?));
            let own = key.map(|key| format!("{}/{key}", url.trim_end_matches('/')));
            let location = || own_path(session.transport.base(), &response.header("location")?);
            match own.or_else(location) {
                Some(own) => created(session, step, intent, &own),
                // Something was created, but it is not known what.
                None => ledger.failed(n, true, "the response names no object that was created"),
            }
        }
        _ if exchange.ambiguous => ledger.failed(n, true, "the response leaves open what happened"),
        _ => ledger.answered(n, response.status),
    }
}

/// Writes down that an object was created, by its path with the version.
fn created(session: &Session, step: &Step, intent: &Intended<'_>, object: &str) -> Result<(), LedgerError> {
    if intent.was_there(object) {
        // The service has it already and answers as if it were new. It is somebody else's.
        return intent.ledger.answered(intent.n, 201);
    }
    session.traffic().created += 1;
    session.objects().add_created(ParameterPosition::read(&step.route).item(), unversioned(object).to_owned());
    intent.ledger.created(intent.n, object)
}
