//! Reads an object back: whether it is there, and what it says of itself.

use super::listing::{Listing, list};
use super::live_error::LiveError;
use super::ownership::{key, object, path_of};
use super::request::read;
use super::session::Session;
use graph_contracts::http::with_causes;
use graph_contracts::json::Json;

/// What is at a place.
#[derive(Clone, Debug)]
pub(super) enum Sight {
    /// The object, and its entity tag if it has one.
    Object {
        /// What it says of itself.
        object: Json,
        /// The value for `If-Match`.
        etag: Option<String>,
    },
    /// Nothing.
    Absent,
    /// It cannot be told, and why.
    Unknown(String),
}

/// Looks at the object of a collection with that key; where it cannot be read by itself, in the list of the collection.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn look(session: &Session, collection: &str, wanted: &str) -> Result<Sight, LiveError> {
    let Some(path) = path_of(collection, wanted) else {
        return Ok(Sight::Unknown("its key cannot stand in a URL".to_owned()));
    };
    let why = match session.exchange(read(&path)).await {
        Err(error) if error.is_over() => return Err(error),
        Err(error) => with_causes(&error),
        Ok(exchange) => match (exchange.response.status, object(&exchange.response)) {
            (404 | 410, _) => return Ok(Sight::Absent),
            (200, Some(object)) => match key(&object) {
                Some(own) if own != wanted => format!("GET {path} answers with another object"),
                _ => {
                    let etag = exchange.response.header("etag").or_else(|| annotated_etag(&object));
                    return Ok(Sight::Object { object, etag });
                }
            },
            (status, _) => format!("GET {path} answers {status}"),
        },
    };
    Ok(match list(session, collection, |key| key == wanted).await? {
        Listing::Unknown(other) => Sight::Unknown(format!("{why}, and its collection cannot be listed: {other}")),
        Listing::Whole(mut all) => match all.remove(wanted) {
            Some(Some(object)) => {
                session.note_listed(path);
                Sight::Object { etag: annotated_etag(&object), object }
            }
            // A list may leave out what is there: that it is missing counts only where it has been listed.
            None if session.was_listed(&path) => Sight::Absent,
            Some(None) | None => Sight::Unknown(why),
        },
    })
}

/// The entity tag that an object carries itself.
fn annotated_etag(object: &Json) -> Option<String> {
    object.get("@odata.etag")?.as_str().map(str::to_owned)
}
