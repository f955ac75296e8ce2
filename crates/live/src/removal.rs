//! Deletes what the run created, and reads back whether it is gone.

use std::time::Instant;

use super::contents::keeps;
use super::ledger::LeftObject;
use super::live_error::LiveError;
use super::ownership::{Proven, is_still, place};
use super::request::deletion;
use super::session::{Session, Writing};
use super::sight::{Sight, look};
use graph_contracts::http::with_causes;

/// How often an object is deleted that is still there.
const MOST_ATTEMPTS: usize = 3;

/// What an object shows of being the run's.
pub(super) enum Proof {
    /// It still is what the run created; its entity tag, if it has one.
    Holds(Option<String>),
    /// There is nothing at its place.
    Absent,
    /// It is not, or that cannot be told; why.
    Fails(String),
}

/// Reads an object of the run's, at its path in any version, and proves again that it is what the run created.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn prove(
    session: &Session,
    writing: &Writing,
    left: &LeftObject,
    path: &str,
) -> Result<Proof, LiveError> {
    let (collection, key) = place(path);
    Ok(match look(session, collection, &key).await? {
        Sight::Absent => Proof::Absent,
        Sight::Unknown(why) => Proof::Fails(format!("it cannot be read ({why})")),
        Sight::Object { object, etag } => match is_still(&proven(writing, left), &object) {
            Ok(()) => Proof::Holds(etag),
            Err(why) => Proof::Fails(why),
        },
    })
}

/// What is known of an object of the run's.
pub(super) fn proven<'a>(writing: &Writing, left: &'a LeftObject) -> Proven<'a> {
    Proven {
        own_tenant: writing.options.own_tenant,
        marked: left.intent.marked(),
        texts: &left.texts,
        stamp: left.stamp.as_deref(),
    }
}

/// Deletes an object, if it still is what the run created, and reads back that it is gone.
///
/// # Errors
///
/// Why it is not gone, or not known to be, and what to do.
pub(super) async fn delete(session: &Session, writing: &Writing, left: &LeftObject) -> Result<(), String> {
    let over = |error: LiveError| with_causes(&error);
    let mut failed = String::new();
    for attempt in 1..=MOST_ATTEMPTS {
        let etag = match prove(session, writing, left, &left.url).await.map_err(over)? {
            Proof::Absent => return confirm(session, writing, left, attempt > 1).await,
            Proof::Fails(why) => return Err(format!("{why}, so it is not deleted; look after it")),
            Proof::Holds(etag) => etag,
        };
        if let Some(why) = keeps(session, writing, left).await.map_err(over)? {
            return Err(format!("{why}, so it is not deleted; look after it"));
        }
        let (answer, may_pass) = match session.exchange(deletion(&left.url, etag)).await {
            Ok(exchange) => {
                let status = exchange.response.status;
                (format!("the service answers {status} to its DELETE"), matches!(status, 412 | 500 | 502..=504))
            }
            Err(error) if error.is_over() => return Err(over(error)),
            // It may have been processed all the same.
            Err(error) => (format!("its DELETE has no answer ({})", with_causes(&error)), true),
        };
        match confirm(session, writing, left, true).await {
            Ok(()) => return Ok(()),
            Err(why) => failed = format!("{answer}, and {why}; delete it by hand, or clean up again"),
        }
        if !may_pass {
            break;
        }
    }
    Err(failed)
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
                if !is_deleted && !session.is_within_removed(&left.url) {
                    let url = writing.ledger.destination().url(&left.url);
                    session.note_kept(format!(
                        "{url} is gone although this run did not delete it: an action may have deleted or moved it; look after it"
                    ));
                }
                session.remove(left);
                return writing.ledger.gone(&left.url).map_err(|error| with_causes(&error));
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
