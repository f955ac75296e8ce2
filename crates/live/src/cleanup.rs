//! Deletes what a run created, this one or an earlier one.

use super::ledger::{Ledger, LedgerError, LeftObject};
use super::request::deletion;
use super::run::{Shared, exchange};
use super::search::{Found, search};
use graph_contracts::replay::with_causes;

/// Deletes everything in the ledger that is left, children before their parents, and says what could not be deleted and what may
/// exist. Doing it twice is harmless.
pub(super) async fn clean_up(shared: &Shared) -> Vec<String> {
    let Some(ledger) = &shared.ledger else { return Vec::new() };
    let mut left_behind = Vec::new();
    if let Err(error) = search_all(shared, ledger).await {
        left_behind.push(with_causes(&error));
    }
    for object in &ledger.left().created {
        if let Err(why) = delete(shared, ledger, object).await {
            left_behind.push(format!("{} of {}: {why}", object.url, object.intent.contract));
        }
    }
    left_behind.extend(ledger.left().unanswered.iter().map(|intent| intent.advice()));
    left_behind
}

/// Finds out what requests without an answer created, the newest first: each was sent when what the ones before created was there.
async fn search_all(shared: &Shared, ledger: &Ledger) -> Result<(), LedgerError> {
    for intent in &ledger.left().unanswered {
        match search(shared, ledger, intent).await {
            Found::Object(url) => {
                shared.traffic().created += 1;
                ledger.created(intent.n, &url)?;
            }
            Found::Nothing => ledger.acknowledge(intent.n)?,
            Found::Unknown => {}
        }
    }
    Ok(())
}

async fn delete(shared: &Shared, ledger: &Ledger, object: &LeftObject) -> Result<(), String> {
    let Some(path) = object.path() else { return Err("it is on another host; delete it by hand".to_owned()) };
    let mut failures = 0;
    loop {
        let exchange = exchange(shared, deletion(path)).await.map_err(|error| with_causes(&error))?;
        let pace = shared.transport.pace();
        match exchange.response.status {
            200..=299 => {
                shared.traffic().deleted += 1;
                return ledger.deleted(path).map_err(|error| with_causes(&error));
            }
            // It may not have appeared yet.
            404 if object.age() < shared.options.settling && pace.pause(pace.backoff(failures)).await.is_ok() => {
                failures += 1
            }
            404 | 410 => return ledger.gone(path).map_err(|error| with_causes(&error)),
            status => {
                let next = "delete it by hand, or try --cleanup again";
                return Err(format!("the service answers {status} to its DELETE; {next}"));
            }
        }
    }
}
