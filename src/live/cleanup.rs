//! Deletes what a run created, this one or an earlier one.

use std::sync::PoisonError;

use super::ledger::{Ledger, LeftObject};
use super::run::{Shared, exchange};
use super::transport::LiveRequest;
use crate::replay::with_causes;

/// Deletes everything in the ledger that is left, children before their parents, and says what could not be deleted and what may
/// exist. Doing it twice is harmless.
pub(super) async fn clean_up(shared: &Shared) -> Vec<String> {
    let Some(ledger) = &shared.ledger else { return Vec::new() };
    let mut left_behind = Vec::new();
    let left = ledger.left();
    for object in &left.created {
        if let Err(why) = delete(shared, ledger, object).await {
            left_behind.push(format!("{} of {}: {why}", object.url, object.intent.contract));
        }
    }
    left_behind.extend(left.unanswered.iter().map(|intent| intent.advice()));
    left_behind
}

async fn delete(shared: &Shared, ledger: &Ledger, object: &LeftObject) -> Result<(), String> {
    let Some(path) = object.path() else { return Err("it is on another host; delete it by hand".to_owned()) };
    let request = LiveRequest {
        method: "DELETE".to_owned(),
        path_and_query: path.to_owned(),
        headers: vec![("if-match".to_owned(), "*".to_owned())],
        body: None,
    };
    let exchange = exchange(shared, request).await.map_err(|error| with_causes(&error))?;
    match exchange.response.status {
        200..=299 => {
            shared.traffic.lock().unwrap_or_else(PoisonError::into_inner).deleted += 1;
            ledger.deleted(path).map_err(|error| with_causes(&error))
        }
        404 | 410 => ledger.gone(path).map_err(|error| with_causes(&error)),
        status => Err(format!("the service answers {status} to its DELETE; delete it by hand, or try --cleanup again")),
    }
}
