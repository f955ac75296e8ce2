//! Objects that a service keeps for a while after they were deleted.

use super::ledger::LeftObject;
use super::live_error::LiveError;
use super::ownership::{is_still, path_of, place};
use super::parameter_position::ParameterPosition;
use super::request::deletion;
use super::session::{Session, Writing};
use super::sight::{Sight, look};
use graph_contracts::url::split_path;

/// Collections whose objects stay in `directory/deletedItems` for 30 days (Graph documentation, "Delete permanently" of deleted items, and
/// "deletedItems" of directory).
const KEPT: [&str; 4] = ["applications", "groups", "serviceprincipals", "users"];

/// Where they stay.
const BIN: &str = "directory/deletedItems";

/// What the service still keeps of a deleted object, with what to do; nothing if it keeps nothing. Where the profile allows it and a page
/// documents the request, it is deleted for good.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn purge(
    session: &Session,
    writing: &Writing,
    object: &LeftObject,
) -> Result<Option<String>, LiveError> {
    let [version, collection, _] = split_path(&object.url)[..] else { return Ok(None) };
    if !KEPT.contains(&collection.to_lowercase().as_str()) {
        return Ok(None);
    }
    let (_, key) = place(&object.url);
    let bin = format!("/{version}/{BIN}");
    let kept = |why: &str| {
        Ok(Some(format!("{} is deleted, and the service keeps it for 30 days as {bin}/{key}: {why}", object.url)))
    };
    let creation = object.intent.creation.as_ref();
    let marked = creation.and_then(|creation| creation.marked.as_ref());
    match look(session, &bin, &key).await? {
        Sight::Absent => return Ok(None),
        Sight::Unknown(why) => {
            return Ok(Some(format!(
                "{} is deleted; whether the service keeps it in {bin} cannot be read: {why}",
                object.url
            )));
        }
        Sight::Object { object: found, .. } => {
            if is_still(writing.options.own_tenant, marked, object.stamp.as_deref(), &found).is_err() {
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
    match look(session, &bin, &key).await? {
        Sight::Absent => Ok(None),
        Sight::Object { .. } | Sight::Unknown(_) => kept(&answer),
    }
}
