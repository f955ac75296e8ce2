//! Finds and deletes what a run created, this one or an earlier one, and names what is left.

use std::collections::{BTreeMap, BTreeSet};

use super::recycling::empty_bin;
use super::removal::delete;
use super::session::Session;
use super::settlement::settle;
use graph_contracts::http::with_causes;

/// How often it is looked for more after something was deleted: a service may create an object twice, but not forever.
const MOST_ROUNDS: usize = 3;

/// Deletes everything that the ledger proves to be the run's, children before their parents, and says what could not be deleted and what
/// may exist. Doing it twice is harmless.
pub(super) async fn clean_up(session: &Session) -> Vec<String> {
    let Some(writing) = &session.writing else { return Vec::new() };
    let mut broken = Vec::new();
    let mut undeleted = BTreeMap::new();
    // After the last round it is only looked: what was taken for gone may be listed again.
    for round in 0..=MOST_ROUNDS {
        // The first time, only where it is not known what a request did: the others' objects are still there to be seen.
        if let Err(error) = settle(session, writing, round > 0).await {
            broken.push(error.to_string());
            break;
        }
        let created = writing.ledger.left().created;
        let is_new = |url: &str| !undeleted.contains_key(url);
        let fresh: Vec<_> = created.into_iter().filter(|object| is_new(&object.url)).collect();
        if round == MOST_ROUNDS || (round > 0 && fresh.is_empty()) {
            break;
        }
        for object in &fresh {
            if let Err(why) = delete(session, writing, object).await {
                undeleted.insert(object.url.clone(), format!("{} of {}: {why}", object.url, object.intent.contract));
            }
        }
    }
    if let Err(error) = empty_bin(session, writing).await {
        broken.push(with_causes(&error));
    }
    let left = writing.ledger.left();
    let destination = writing.ledger.destination();
    let undeleted = left.created.iter().map(|object| {
        let unknown = || format!("{} of {}: it was not deleted; clean up again", object.url, object.intent.contract);
        undeleted.get(&object.url).cloned().unwrap_or_else(unknown)
    });
    let suspects = left.suspects.iter().map(|suspect| {
        let at = destination.url(&suspect.url);
        format!(
            "{at} may have been created by {}, and nothing proves it: {}; look after it, and delete it if it is not somebody else's",
            suspect.intent.contract, suspect.why
        )
    });
    // Of a request, what it may have created says more than that it is not known.
    let named = left.suspects.iter().map(|suspect| suspect.intent.n);
    let named: BTreeSet<_> = named.chain(left.created.iter().map(|object| object.intent.n)).collect();
    let unsettled = left.unsettled.iter().filter(|intent| !named.contains(&intent.n));
    broken.extend(undeleted.chain(suspects).chain(unsettled.map(|intent| intent.advice(destination))));
    broken
}
