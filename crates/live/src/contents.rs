//! Who owns what an object of the run's holds: it is deleted with the object.

use std::collections::BTreeSet;

use super::ended::Ended;
use super::ledger::{Intent, LeftObject};
use super::listing::{Listing, list};
use super::live_error::LiveError;
use super::ownership::path_of;
use super::request::unversioned;
use super::session::{Session, Writing};

/// The objects within an object that a list shows, by collection.
async fn listed(session: &Session, url: &str) -> Result<BTreeSet<String>, LiveError> {
    let mut found = BTreeSet::new();
    for name in session.collections().within(url) {
        let collection = format!("{url}/{name}");
        // What cannot be listed may hold anything; a service that does not show it to this run keeps it from others, too.
        if let Listing::Whole(all) = list(session, &collection, |_| false).await? {
            found.extend(all.keys().filter_map(|key| path_of(&collection, key)));
        }
    }
    Ok(found)
}

/// Takes note of what a service puts into an object of the run's when it is created: that is the run's as well.
pub(super) async fn note_contents(
    session: &Session,
    writing: &Writing,
    intent: &Intent,
    url: &str,
) -> Result<(), Ended> {
    if !writing.options.own_tenant {
        for object in listed(session, url).await? {
            writing.ledger.content(intent.n, &object)?;
        }
    }
    Ok(())
}

/// What is within an object and was put there by somebody else, as far as lists show it.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn foreign_contents(
    session: &Session,
    writing: &Writing,
    object: &LeftObject,
) -> Result<Vec<String>, LiveError> {
    if writing.options.own_tenant {
        return Ok(Vec::new());
    }
    let left = writing.ledger.left();
    let own: BTreeSet<String> =
        left.created.iter().chain(&session.removed()).map(|own| unversioned(&own.url).to_owned()).collect();
    let is_foreign = |url: &String| !own.contains(unversioned(url)) && !left.contents.contains(url);
    Ok(listed(session, &object.url).await?.into_iter().filter(is_foreign).collect())
}
