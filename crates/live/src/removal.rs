//! Deletes what the run created, and reads back whether it is gone.

use std::time::Instant;

use super::ledger::LeftObject;
use super::live_error::LiveError;
use super::ownership::{is_still, place};
use super::recycling::purge;
use super::request::deletion;
use super::session::{Session, Writing};
use super::sight::{Sight, look};
use graph_contracts::http::with_causes;

/// How often an object is deleted whose entity tag has changed meanwhile.
const MOST_ATTEMPTS: usize = 2;

/// Deletes an object, if it still is what the run created, and reads back that it is gone.
///
/// # Errors
///
/// Why it is not gone, or not known to be, and what to do.
pub(super) async fn delete(session: &Session, writing: &Writing, left: &LeftObject) -> Result<(), String> {
    let over = |error: LiveError| with_causes(&error);
    let (collection, key) = place(&left.url);
    for attempt in 1..=MOST_ATTEMPTS {
        let etag = match look(session, collection, &key).await.map_err(over)? {
            Sight::Absent => return confirm(session, writing, left, false).await,
            Sight::Unknown(why) => {
                return Err(format!("it cannot be read, so it is not deleted ({why}); look after it"));
            }
            Sight::Object { object, etag } => {
                let marked = left.intent.creation.as_ref().and_then(|creation| creation.marked.as_ref());
                is_still(writing.options.own_tenant, marked, left.stamp.as_deref(), &object)
                    .map_err(|why| format!("{why}, so it is not deleted; look after it"))?;
                etag
            }
        };
        let answer = match session.exchange(deletion(&left.url, etag)).await {
            Ok(exchange) if exchange.response.status == 412 && attempt < MOST_ATTEMPTS => continue,
            Ok(exchange) => format!("the service answers {} to its DELETE", exchange.response.status),
            Err(error) if error.is_over() => return Err(over(error)),
            // It may have been processed all the same.
            Err(error) => format!("its DELETE has no answer ({})", with_causes(&error)),
        };
        return match confirm(session, writing, left, true).await {
            Ok(()) => Ok(()),
            Err(why) => Err(format!("{answer}, and {why}; delete it by hand, or clean up again")),
        };
    }
    Err("it changes each time that it is about to be deleted; delete it by hand, or clean up again".to_owned())
}

/// Reads back that an object is gone, until it is or the settling time is over; what is gone is in the ledger. `is_deleted` says that a
/// DELETE was sent: then what is not there is gone, and has not only not appeared yet.
///
/// # Errors
///
/// Why it is not gone, as the end of a sentence.
pub(super) async fn confirm(
    session: &Session,
    writing: &Writing,
    left: &LeftObject,
    is_deleted: bool,
) -> Result<(), String> {
    let (collection, key) = place(&left.url);
    let (start, mut failures) = (Instant::now(), 0);
    loop {
        let why = match look(session, collection, &key).await.map_err(|error| with_causes(&error))? {
            Sight::Absent if is_deleted || failures > 0 || left.age() >= writing.options.settling => {
                session.remove(left);
                writing.ledger.gone(&left.url).map_err(|error| with_causes(&error))?;
                let kept = purge(session, writing, left).await.map_err(|error| with_causes(&error))?;
                kept.into_iter().for_each(|what| session.note_kept(what));
                return Ok(());
            }
            Sight::Absent => "it has not appeared".to_owned(),
            Sight::Object { .. } => "it is still there".to_owned(),
            Sight::Unknown(why) => format!("it cannot be read whether it is gone ({why})"),
        };
        if !session.may_still_settle(start.elapsed(), failures).await {
            return Err(why);
        }
        failures += 1;
    }
}
