//! One step of a live run: from its route to what the provider answers, and what that created or deleted.

use std::sync::Arc;

use super::bound_values::without_values;
use super::contents::keeps;
use super::creation::create;
use super::ended::Ended;
use super::judge::judge;
use super::ledger::LeftObject;
use super::listing::objects;
use super::live_error::LiveError;
use super::live_options::LiveOptions;
use super::outcome::StepOutcome;
use super::ownership::key;
use super::phase::Phase;
use super::planned_step::Step;
use super::removal::{Proof, confirm, prove};
use super::request::{first_of, is_at_or_within, request, sent, unversioned, versioned};
use super::resolve::Resolution;
use super::session::{Session, Writing};
use super::skip::Skip;
use super::transport::LiveExchange;
use graph_contracts::contract::Contract;
use graph_contracts::http::OutgoingRequest;
use graph_contracts::matching::CONTRACT_HEADER;

/// Runs a step: resolves its path, sends its request, and compares the response.
pub(super) async fn run_step(session: &Session, options: &Arc<LiveOptions>, step: &Step) -> StepOutcome {
    let outcome = StepOutcome::new(&session.store, step);
    if let Some(skip) = &step.skip {
        return outcome.skip(skip);
    }
    if session.transport.pace().is_stopped() {
        return outcome.skip(&Skip::Stopped);
    }
    let mut outcome = match act(session, options, step).await {
        Ok(exchange) => return judge(session, options, step, exchange).await,
        Err(Ended::Skipped(skip)) => outcome.skip(&skip),
        Err(Ended::Errored(why, exceeded)) => StepOutcome { exceeded, ..outcome.error(why) },
    };
    let path = match session.objects().resolve(step) {
        Resolution::Path(path) => Some(path),
        Resolution::Lookup(_) | Resolution::Nothing { .. } => None,
    };
    outcome.reason = outcome.reason.map(|reason| without_values(step, path.as_deref(), &reason));
    outcome
}

/// What the provider answers, without the marker that was sent to it.
async fn act(session: &Session, options: &LiveOptions, step: &Step) -> Result<LiveExchange, Ended> {
    let contract = sent(&session.store.contracts[step.contracts[0]]);
    let contract = contract.map_err(|why| Ended::Skipped(Skip::Request(why)))?;
    let path = resolve(session, step, &contract).await?;
    if !step.writes() {
        let mut request = request(&contract, &path);
        // Pages may document one request in several ways; a simulated tenant answers as the page that is meant.
        if options.own_tenant {
            request.headers.push((CONTRACT_HEADER.to_owned(), contract.id.clone()));
        }
        return Ok(settled(session, &path, request).await?);
    }
    let Some(writing) = &session.writing else {
        return Err(Ended::Errored("there is no ledger, so nothing is written".to_owned(), None));
    };
    // The object that the step changes, or creates in, has to be the run's still, and in this version too.
    let own = prove_own(session, writing, &contract, &path).await?;
    if let (Phase::Delete, Some(own)) = (step.phase, &own)
        && let Some(why) = keeps(session, writing, own).await?
    {
        return Err(Ended::Skipped(Skip::NotProven(format!("{}: {why}", own.url))));
    }
    if step.phase == Phase::Delete && !session.begins_deletion(&path) {
        let why = format!("{}: another contract of this run deletes it", versioned(&contract, &path));
        return Err(Ended::Skipped(Skip::NotProven(why)));
    }
    if step.phase == Phase::Create {
        return create(session, writing, step, &contract, &path).await;
    }
    // Whoever changes the marked text of an object keeps the marker: by it the object is known to be the run's.
    let marked = session.objects().marked(own_path(&path, own.as_ref()));
    let (contract, text) = match &marked {
        Some(marked) => marked.mark(contract),
        None => (contract, None),
    };
    Ok(change(session, writing, step, &contract, &path, text).await?.without(marked.as_ref()))
}

/// The object of the run's that a path leads to or through, proven again.
async fn prove_own(
    session: &Session,
    writing: &Writing,
    contract: &Contract,
    path: &str,
) -> Result<Option<LeftObject>, Ended> {
    let is_around = |object: &LeftObject| is_at_or_within(path, unversioned(&object.url));
    // The innermost decides: what it is in is the run's, or bound.
    let own = writing.ledger.left().created.into_iter().filter(is_around).max_by_key(|object| object.url.len());
    let Some(own) = own else { return Ok(None) };
    let url = versioned(contract, unversioned(&own.url));
    let mut failures = 0;
    loop {
        let why = match prove(session, writing, &own, &url).await? {
            Proof::Holds(_) => return Ok(Some(own)),
            Proof::Absent if session.may_still_settle(own.age(), failures).await => {
                failures += 1;
                continue;
            }
            Proof::Absent => "nothing is there".to_owned(),
            Proof::Fails(why) => why,
        };
        return Err(Ended::Skipped(Skip::NotProven(format!("{url}: {why}"))));
    }
}

/// The path of the run's own object, without a version.
fn own_path<'p>(path: &'p str, own: Option<&'p LeftObject>) -> &'p str {
    own.map_or(path, |own| unversioned(&own.url))
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

/// Sends a request. Where it is about an object that the run has just created and the service does not find it, it is sent
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

/// Sends a request that changes or deletes an object; what it does is in the ledger before and after.
async fn change(
    session: &Session,
    writing: &Writing,
    step: &Step,
    contract: &Contract,
    path: &str,
    text: Option<String>,
) -> Result<LiveExchange, Ended> {
    let Writing { ledger, .. } = writing;
    let url = versioned(contract, path);
    let request = request(contract, path);
    let intent = ledger.change(&contract.id, &request.method, &url, text)?;
    let exchange = match settled(session, path, request).await {
        Ok(exchange) => exchange,
        Err(error) => {
            ledger.failed(intent.n, error.is_ambiguous(), 1, &error.to_string())?;
            return Err(error.into());
        }
    };
    match exchange.ambiguous {
        true => ledger.failed(intent.n, true, exchange.attempts, "the response leaves open what happened")?,
        false => ledger.answered(intent.n, exchange.response.status, exchange.attempts)?,
    }
    let object = ledger.left().created.into_iter().find(|object| unversioned(&object.url) == path);
    if let (Phase::Delete, Some(object), 200..=299 | 404 | 410) = (step.phase, object, exchange.response.status) {
        // If it is still there, cleaning up comes back to it.
        confirm(session, writing, &object, true).await.ok();
    }
    Ok(exchange)
}
