//! Objects that a service keeps for a while after they were deleted.

use std::time::Instant;

use super::ledger::LeftObject;
use super::live_error::LiveError;
use super::ownership::{is_still, path_of, place};
use super::parameter_position::ParameterPosition;
use super::removal::proven;
use super::request::deletion;
use super::session::{Session, Writing};
use super::sight::{Sight, look};
use graph_contracts::url::split_path;

/// Collections whose objects stay in `directory/deletedItems` for 30 days (Graph documentation, "Delete permanently" of deleted items, and
/// "deletedItems" of directory).
const KEPT: [&str; 4] = ["applications", "groups", "serviceprincipals", "users"];

/// Where they stay.
const BIN: &str = "directory/deletedItems";

/// Looks for what the service still keeps of the objects that this run deleted, and names it. Where the profile allows it and a page documents
/// the request, it is deleted for good. What is deleted may appear there late: it is waited for until the settling time is over.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn empty_bin(session: &Session, writing: &Writing) -> Result<(), LiveError> {
    let is_kept =
        |object: &LeftObject| matches!(split_path(&object.url)[..], [_, collection, _] if is_kept(collection));
    let mut waiting: Vec<LeftObject> = session.removed().into_iter().filter(is_kept).collect();
    let (start, mut failures) = (Instant::now(), 0);
    while !waiting.is_empty() {
        let mut absent = Vec::new();
        for object in waiting {
            match purge(session, writing, &object).await? {
                Purged::NotThere => absent.push(object),
                Purged::ForGood => {}
                Purged::Kept(what) => session.note_kept(what),
            }
        }
        waiting = absent;
        if !session.may_still_settle(start.elapsed(), failures).await {
            break;
        }
        failures += 1;
    }
    Ok(())
}

fn is_kept(collection: &str) -> bool {
    KEPT.contains(&collection.to_lowercase().as_str())
}

/// What became of a deleted object.
enum Purged {
    /// The service shows nothing of it.
    NotThere,
    /// It was there, and is deleted for good.
    ForGood,
    /// It is there, or that cannot be told; what to do.
    Kept(String),
}

async fn purge(session: &Session, writing: &Writing, object: &LeftObject) -> Result<Purged, LiveError> {
    let (collection, key) = place(&object.url);
    let version = split_path(collection).first().copied().unwrap_or_default();
    let bin = format!("/{version}/{BIN}");
    let kept = |why: &str| {
        Ok(Purged::Kept(format!(
            "{} is deleted, and the service keeps it for 30 days as {bin}/{key}: {why}",
            object.url
        )))
    };
    match look(session, &bin, &key).await? {
        Sight::Absent => return Ok(Purged::NotThere),
        Sight::Unknown(why) => {
            let what =
                format!("{} is deleted; whether the service keeps it as {bin}/{key} cannot be read: {why}", object.url);
            return Ok(Purged::Kept(what));
        }
        Sight::Object { object: found, .. } => {
            if is_still(&proven(writing, object), &found).is_err() {
                return kept("it does not show that it is the run's, so it is left to you");
            }
        }
    }
    if !writing.options.purge_deleted {
        return kept("`purge_deleted` in the profile deletes it for good");
    }
    let item = ParameterPosition::read(BIN).item();
    let is_documented = session.store.contracts.iter().any(|contract| {
        contract.request.method == "DELETE"
            && contract.routes.iter().any(|route| ParameterPosition::read(&route.path) == item)
    });
    if !is_documented {
        return kept("no contract documents how to delete it for good");
    }
    let Some(item) = path_of(&bin, &key) else { return kept("its key cannot stand in a URL") };
    let answer = match session.exchange(deletion(&item, None)).await {
        Ok(exchange) => format!("the service answers {} to its DELETE", exchange.response.status),
        Err(error) if error.is_over() => return Err(error),
        Err(error) => error.to_string(),
    };
    let (start, mut failures) = (Instant::now(), 0);
    while !matches!(look(session, &bin, &key).await?, Sight::Absent) {
        if !session.may_still_settle(start.elapsed(), failures).await {
            return kept(&answer);
        }
        failures += 1;
    }
    Ok(Purged::ForGood)
}
