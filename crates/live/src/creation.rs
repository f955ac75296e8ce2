//! Creates an object, and proves that it is the run's own: nothing is changed or deleted that is not.

use super::contents::note_contents;
use super::ended::Ended;
use super::known_keys::{Known, KnownKeys};
use super::ledger::{Creation, Intent, Ledger, LedgerError};
use super::listing::{Listing, list};
use super::marker::{Marked, Marker};
use super::ownership::{CREATED, Evidence, Named, Owner, created_text, key, named, owner, path_of};
use super::parameter_position::ParameterPosition;
use super::planned_step::Step;
use super::request::{request, unversioned, versioned};
use super::session::{Session, Writing};
use super::sight::{Sight, look};
use super::skip::Skip;
use super::transport::LiveExchange;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json::Json;

/// Creates an object in the collection at a path, without its version, and gives the answer without the marker. The contract's placeholders are filled.
pub(super) async fn create(
    session: &Session,
    writing: &Writing,
    step: &Step,
    contract: &Contract,
    path: &str,
) -> Result<LiveExchange, Ended> {
    let collection = versioned(contract, path);
    let marked = Marked::new(Marker::new(), contract);
    if marked.is_none() && !says_when(contract) && !writing.options.own_tenant {
        return Err(Ended::Skipped(Skip::NotProvable));
    }
    let before = match list(session, &collection, |_| false).await? {
        Listing::Whole(all) => KnownKeys::new(writing.ledger.salt(), all.keys().map(String::as_str)),
        Listing::Unknown(why) => return Err(Ended::Skipped(Skip::NotListable(why.to_string()))),
    };
    // A service may take such a creation for a change of the object that is there.
    let sent = contract.request.body.as_ref().and_then(Body::as_json).and_then(key);
    if let Some(key) = sent.filter(|key| before.has(writing.ledger.salt(), key) != Known::No) {
        return Err(Ended::Skipped(Skip::KeyTaken(key)));
    }
    let creating = Creating { session, writing, step, path, collection: &collection, before: &before };
    let Some(marked) = marked else { return creating.post(contract, None).await };
    let exchange = creating.post(&marked.mark(contract.clone()).0, Some(&marked)).await?;
    if !matches!(exchange.response.status, 400 | 422) {
        return Ok(exchange.without(Some(&marked)));
    }
    // The marker may be what the service refuses: it is told from what the page says only by leaving the marker out.
    match says_when(contract) || writing.options.own_tenant {
        true => creating.post(contract, None).await,
        false => Err(Ended::Skipped(Skip::MarkerRefused(exchange.response.status))),
    }
}

/// Whether the object that a contract creates says when it was created, as far as the page tells.
fn says_when(contract: &Contract) -> bool {
    let response = &contract.response;
    let is_shown = response.body.as_ref().and_then(Body::as_json).is_some_and(|body| body.get(CREATED).is_some());
    let declared = response.body_type.as_ref().and_then(|name| contract.types.get(name));
    let is_declared = declared.is_some_and(|own| {
        own.properties.iter().any(|property| property.name == CREATED) || own.others.iter().any(|name| name == CREATED)
    });
    is_shown || is_declared
}

/// A collection in which an object is being created.
struct Creating<'a> {
    session: &'a Session,
    writing: &'a Writing,
    step: &'a Step,
    /// The path of the collection, without its version.
    path: &'a str,
    /// The same with its version.
    collection: &'a str,
    before: &'a KnownKeys,
}

impl Creating<'_> {
    /// Sends the request; what it may do is in the ledger before, and what it did after.
    async fn post(&self, contract: &Contract, marked: Option<&Marked>) -> Result<LiveExchange, Ended> {
        let Creating { session, writing: Writing { ledger, .. }, collection, before, .. } = self;
        let creation = Creation { marked: marked.cloned(), time: session.service_time(), before: (*before).clone() };
        let request = request(contract, self.path);
        let intent = ledger.intent(&contract.id, &request.method, collection, Some(creation))?;
        let exchange = match session.exchange(request).await {
            Ok(exchange) => exchange,
            Err(error) => {
                // The body did not come, but the head may say what was created.
                let location = error.about().and_then(|about| about.location.clone());
                if let Some(location) = location {
                    let headers = vec![("location".to_owned(), location)];
                    self.read_back(&intent, contract, &ReceivedResponse { status: 201, headers, body: Vec::new() })
                        .await?;
                }
                // Whether it was processed is to be seen in the collection.
                let attempts = error.about().map_or(0, |about| about.attempts);
                ledger.failed(intent.n, attempts > 0, attempts, &error.to_string())?;
                return Err(error.into());
            }
        };
        if matches!(exchange.response.status, 200..=299) {
            self.read_back(&intent, contract, &exchange.response).await?;
        }
        ledger.answered(intent.n, exchange.response.status, exchange.attempts)?;
        Ok(exchange)
    }

    /// Reads back what a response names, and writes down whose it is.
    async fn read_back(&self, intent: &Intent, contract: &Contract, response: &ReceivedResponse) -> Result<(), Ended> {
        let Creating { session, writing: Writing { ledger, .. }, collection, before, .. } = self;
        let Named::Key(key) = named(session.transport.base(), collection, response) else { return Ok(()) };
        let Some(url) = path_of(collection, &key) else { return Ok(()) };
        let why = match before.has(ledger.salt(), &key) {
            Known::No => {
                // Where the page documents another status, it may be an object that was there.
                let is_documented = intent.marked().is_some() || response.status == contract.response.status;
                let sent = contract.request.body.as_ref().and_then(Body::as_json).filter(|_| is_documented);
                return self.prove(intent, &key, &url, sent).await;
            }
            Known::Yes => "it was there before, and a creation was answered with it: it may be changed",
            Known::InAnotherCase => {
                "a creation was answered with it, and a key that differs only in the case of its letters was there before"
            }
        };
        Ok(ledger.suspect(intent.n, &url, why, true)?)
    }

    /// Reads the object with that key back. If it is the run's, that is in the ledger, and later steps may use it; if not, a person has to
    /// look after it.
    async fn prove(&self, intent: &Intent, key: &str, url: &str, sent: Option<&Json>) -> Result<(), Ended> {
        let Creating { session, writing, step, collection, .. } = self;
        let ledger = &writing.ledger;
        // Until it is proven, it may be anybody's.
        ledger.suspect(intent.n, url, "it has not been read back", true)?;
        let mut failures = 0;
        let sight = loop {
            let sight = look(session, collection, key).await?;
            if !matches!(sight, Sight::Absent) || !session.may_still_settle(intent.age(), failures).await {
                break sight;
            }
            failures += 1;
        };
        match sight {
            Sight::Object { object, .. } => {
                let owner = match owner(&evidence(writing, intent, sent), &object) {
                    // Whatever its time is taken for: the service names it as what this request created.
                    Owner::Other(why) => Owner::Unknown(format!("a creation was answered with it, and {why}")),
                    owner => owner,
                };
                if claim(ledger, intent, url, &owner, created_text(&object))? {
                    session.traffic().created += 1;
                    let place = ParameterPosition::read(&step.route).item();
                    session.objects().add_created(place, unversioned(url).to_owned(), intent.marked().cloned());
                    note_contents(session, writing, intent, url).await?;
                }
            }
            Sight::Absent => ledger.suspect(intent.n, url, "the service named it, and it has not appeared", true)?,
            Sight::Unknown(why) => ledger.suspect(intent.n, url, &why, true)?,
        }
        Ok(())
    }
}

/// What an object has to agree with to be the one that a request created.
pub(super) fn evidence<'a>(writing: &Writing, intent: &'a Intent, sent: Option<&'a Json>) -> Evidence<'a> {
    Evidence {
        marked: intent.marked(),
        sent,
        time: intent.creation.as_ref().map_or(intent.time, |creation| creation.time),
        own_tenant: writing.options.own_tenant,
    }
}

/// Writes down whose an object is that is new in the collection of a creation, and says whether it is the run's.
pub(super) fn claim(
    ledger: &Ledger,
    intent: &Intent,
    url: &str,
    owner: &Owner,
    stamp: Option<String>,
) -> Result<bool, LedgerError> {
    match owner {
        Owner::Run => ledger.created(intent.n, url, stamp)?,
        Owner::Other(_) => ledger.disowned(intent.n, url)?,
        Owner::Unknown(why) => ledger.suspect(intent.n, url, why, false)?,
    }
    Ok(*owner == Owner::Run)
}
