//! Deletes what a run created, this one or an earlier one.

use super::ledger::{LedgerError, LeftObject};
use super::request::deletion;
use super::search::{Found, search};
use super::session::{Session, Writing};
use graph_contracts::http::with_causes;

/// Deletes everything in the ledger that is left, children before their parents, and says what could not be deleted and what may
/// exist. Doing it twice is harmless.
pub(super) async fn clean_up(session: &Session) -> Vec<String> {
    let Some(writing) = &session.writing else { return Vec::new() };
    let mut left_behind = Vec::new();
    if let Err(error) = search_all(session, writing).await {
        left_behind.push(with_causes(&error));
    }
    for object in &writing.ledger.left().created {
        if let Err(why) = delete(session, writing, object).await {
            left_behind.push(format!("{} of {}: {why}", object.url, object.intent.contract));
        }
    }
    left_behind.extend(writing.ledger.left().unanswered.iter().map(|intent| intent.advice()));
    left_behind
}

/// Finds out what requests without an answer created, the newest first: each was sent when what the ones before created was there.
async fn search_all(session: &Session, writing: &Writing) -> Result<(), LedgerError> {
    for intent in &writing.ledger.left().unanswered {
        match search(session, writing, intent).await {
            Found::Object(url) => {
                session.traffic().created += 1;
                writing.ledger.created(intent.n, &url)?;
            }
            Found::Nothing => writing.ledger.acknowledge(intent.n)?,
            Found::Unknown => {}
        }
    }
    Ok(())
}

async fn delete(session: &Session, writing: &Writing, object: &LeftObject) -> Result<(), String> {
    let Some(path) = object.path() else { return Err("it is on another host; delete it by hand".to_owned()) };
    let mut failures = 0;
    loop {
        let exchange = session.exchange(deletion(path)).await.map_err(|error| with_causes(&error))?;
        let pace = session.transport.pace();
        match exchange.response.status {
            200..=299 => {
                session.traffic().deleted += 1;
                return writing.ledger.deleted(path).map_err(|error| with_causes(&error));
            }
            // It may not have appeared yet.
            404 if object.age() < writing.settling && pace.pause(pace.backoff(failures)).await.is_ok() => failures += 1,
            404 | 410 => return writing.ledger.gone(path).map_err(|error| with_causes(&error)),
            status => {
                let next = "delete it by hand, or clean up again";
                return Err(format!("the service answers {status} to its DELETE; {next}"));
            }
        }
    }
}
