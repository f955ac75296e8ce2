//! Finds and deletes what a run created, this one or an earlier one, and names what is left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::creation::{claim, evidence};
use super::ledger::{Intent, Ledger, LedgerError};
use super::listing::{Listing, list};
use super::live_error::LiveError;
use super::ownership::{Owner, created_text, owner, path_of, place};
use super::removal::delete;
use super::request;
use super::session::{Session, Writing};
use super::sight::{Sight, look};
use graph_contracts::http::with_causes;
use graph_contracts::json::Json;

/// How often it is looked for more after something was deleted: a service may create an object twice, but not forever.
const MOST_ROUNDS: usize = 3;

/// Deletes everything that the ledger proves to be the run's, children before their parents, and says what could not be deleted and what
/// may exist. Doing it twice is harmless.
pub(super) async fn clean_up(session: &Session) -> Vec<String> {
    let Some(writing) = &session.writing else { return Vec::new() };
    let mut broken = Vec::new();
    let mut undeleted = BTreeMap::new();
    for round in 0..MOST_ROUNDS {
        // The first time, only where it is not known what a request did: the others' objects are still there to be seen.
        if let Err(error) = settle(session, writing, round > 0).await {
            broken.push(error.to_string());
            break;
        }
        let created = writing.ledger.left().created;
        let is_new = |url: &str| !undeleted.contains_key(url);
        let fresh: Vec<_> = created.into_iter().filter(|object| is_new(&object.url)).collect();
        if round > 0 && fresh.is_empty() {
            break;
        }
        for object in &fresh {
            if let Err(why) = delete(session, writing, object).await {
                undeleted.insert(object.url.clone(), format!("{} of {}: {why}", object.url, object.intent.contract));
            }
        }
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
    let named: BTreeSet<_> = left.suspects.iter().map(|suspect| suspect.intent.n).collect();
    let unsettled = left.unsettled.iter().filter(|intent| !named.contains(&intent.n));
    broken.extend(undeleted.chain(suspects).chain(unsettled.map(|intent| intent.advice(destination))));
    broken
}

/// Why it cannot be found out what requests did.
#[derive(Debug, thiserror::Error)]
enum SettleError {
    #[error("{}", with_causes(.0))]
    Ledger(#[from] LedgerError),
    #[error("{}", with_causes(.0))]
    Live(#[from] LiveError),
}

/// Looks for what creations did, collection by collection: what is new there is the run's by proof, somebody's by proof, or a person's to
/// decide. With `all`, the collections of creations are looked at too whose object is known.
async fn settle(session: &Session, writing: &Writing, all: bool) -> Result<(), SettleError> {
    let left = writing.ledger.left();
    let known: BTreeSet<_> = left.created.iter().map(|object| object.intent.n).collect();
    let known: BTreeSet<_> = session.removed().iter().map(|object| object.intent.n).chain(known).collect();
    let mut collections: BTreeMap<String, Vec<Arc<Intent>>> = BTreeMap::new();
    for intent in left.unsettled.into_iter().filter(|intent| intent.creation.is_some()) {
        collections.entry(intent.url.clone()).or_default().push(intent);
    }
    for (collection, intents) in collections {
        let is_unproven = intents.iter().any(|intent| !known.contains(&intent.n));
        if is_unproven || all {
            settle_collection(session, writing, &collection, &intents, is_unproven).await?;
        }
    }
    Ok(())
}

/// Looks at one collection until all that is new in it is accounted for. Where it is not known what a request did, that nothing is found
/// counts only when the settling time is over, and twice.
async fn settle_collection(
    session: &Session,
    writing: &Writing,
    collection: &str,
    intents: &[Arc<Intent>],
    is_unproven: bool,
) -> Result<(), SettleError> {
    let start = Instant::now();
    let (mut failures, mut quiet) = (0, 0);
    loop {
        let view = look_around(session, writing, collection, intents).await?;
        // The latest of them may still appear.
        let age = match view {
            View::Lingering => start.elapsed(),
            _ if is_unproven => intents.iter().map(|intent| intent.age()).min().unwrap_or(Duration::MAX),
            _ => Duration::MAX,
        };
        let is_over = age >= writing.options.settling;
        match view {
            View::Unknown => return Ok(()),
            View::Clear if !is_unproven || (is_over && quiet > 0) => {
                return Ok(intents.iter().try_for_each(|intent| writing.ledger.settled(intent.n))?);
            }
            View::Clear if is_over => quiet += 1,
            // A person decides, and waiting changes nothing any more.
            View::Suspects | View::Lingering if is_over => return Ok(()),
            View::Clear | View::Suspects | View::Lingering => {}
        }
        if !session.may_still_settle(age, failures).await && !is_over {
            return Ok(());
        }
        failures += 1;
    }
}

/// What a look at a collection shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum View {
    /// All that is new is the run's or somebody else's.
    Clear,
    /// Something is listed that was read to be gone.
    Lingering,
    /// Something is new, and it is not known whose it is.
    Suspects,
    /// It cannot be listed.
    Unknown,
}

async fn look_around(
    session: &Session,
    writing: &Writing,
    collection: &str,
    intents: &[Arc<Intent>],
) -> Result<View, SettleError> {
    let ledger = &writing.ledger;
    let Listing::Whole(keys) = list(session, collection, |_| false).await? else { return Ok(View::Unknown) };
    let mut view = View::Clear;
    let removed = session.removed();
    let created: BTreeSet<String> = ledger.left().created.into_iter().map(|object| object.url).collect();
    for key in keys.keys() {
        let Some(url) = path_of(collection, key).filter(|url| !created.contains(url)) else { continue };
        // The newest that may have created it comes first.
        let candidates: Vec<&Intent> =
            intents.iter().map(Arc::as_ref).filter(|intent| !was_there(ledger, intent, key)).collect();
        let Some(newest) = candidates.first() else { continue };
        let gone = removed.iter().find(|object| object.url == url);
        let sight = look(session, collection, key).await?;
        view = view.max(match (sight, gone) {
            (Sight::Object { .. }, Some(object)) => {
                // It was not deleted after all.
                session.restore(&url);
                ledger.created(object.intent.n, &url, object.stamp.clone())?;
                View::Clear
            }
            (Sight::Absent | Sight::Unknown(_), Some(object)) => {
                ledger.suspect(object.intent.n, &url, "it is gone, and is still listed")?;
                View::Lingering
            }
            (Sight::Object { object, .. }, None) => attribute(session, writing, &candidates, &url, &object)?,
            // It is gone already, or only listed as yet.
            (Sight::Absent, None) => View::Clear,
            (Sight::Unknown(why), None) => {
                ledger.suspect(newest.n, &url, &why)?;
                View::Suspects
            }
        });
    }
    for suspect in ledger.left().suspects {
        let (own, key) = place(&suspect.url);
        if own == collection && !keys.contains_key(&key) && suspect.intent.age() >= writing.options.settling {
            ledger.gone(&suspect.url)?;
        }
    }
    Ok(view)
}

/// Writes down whose an object is that is new: that of one of these creations, or somebody's by proof against each of them.
fn attribute(
    session: &Session,
    writing: &Writing,
    candidates: &[&Intent],
    url: &str,
    object: &Json,
) -> Result<View, LedgerError> {
    let owners: Vec<(&Intent, Owner)> = candidates
        .iter()
        .map(|intent| {
            let sent = sent(session, intent);
            let owner = match owner(&evidence(writing, intent, sent.as_ref()), object) {
                // Without an answer that names it, only a marker proves it: another run may have sent the same just then.
                Owner::Run if !is_marked(intent) && !writing.options.own_tenant => {
                    Owner::Unknown("it has what was sent, and the answer does not name it".to_owned())
                }
                owner => owner,
            };
            (*intent, owner)
        })
        .collect();
    let decisive = owners.iter().find(|(_, owner)| *owner == Owner::Run);
    let decisive = decisive.or_else(|| owners.iter().find(|(_, owner)| matches!(owner, Owner::Unknown(_))));
    let Some((intent, owner)) = decisive.or(owners.first()) else { return Ok(View::Clear) };
    if claim(&writing.ledger, intent, url, owner, created_text(object))? {
        session.traffic().created += 1;
    }
    Ok(if matches!(owner, Owner::Unknown(_)) { View::Suspects } else { View::Clear })
}

fn is_marked(intent: &Intent) -> bool {
    intent.creation.as_ref().is_some_and(|creation| creation.marked.is_some())
}

fn was_there(ledger: &Ledger, intent: &Intent, key: &str) -> bool {
    intent.creation.as_ref().is_some_and(|creation| creation.before.has(ledger.salt(), key))
}

/// What a creation without a marker sent: bodies are not in the ledger, but follow from the contract.
fn sent(session: &Session, intent: &Intent) -> Option<Json> {
    let contract = session.store.contracts.iter().find(|contract| contract.id == intent.contract)?;
    request::sent(contract).ok()?.request.body?.as_json().cloned()
}
