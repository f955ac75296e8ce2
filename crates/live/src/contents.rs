//! What is within an object of the run's: it is deleted with it, so it has to be known whose it is.

use std::collections::BTreeSet;

use super::ended::Ended;
use super::ledger::{Intent, LeftObject};
use super::listing::{Listing, list};
use super::live_error::LiveError;
use super::ownership::path_of;
use super::parameter_position::ParameterPosition;
use super::phase::objects;
use super::request::unversioned;
use super::session::{Session, Writing};
use graph_contracts::url::Segment;

/// The objects within an object that a list shows, by collection.
async fn listed(session: &Session, url: &str) -> Result<BTreeSet<String>, LiveError> {
    let mut found = BTreeSet::new();
    for name in collections(session, url) {
        let collection = format!("{url}/{name}");
        // What cannot be listed may hold anything; a service that does not show it to this run keeps it from others, too.
        if let Listing::Whole(all) = list(session, &collection, |_| false).await? {
            found.extend(all.keys().filter_map(|key| path_of(&collection, key)));
        }
    }
    Ok(found)
}

/// The collections within an object of which some route has the objects.
fn collections(session: &Session, url: &str) -> BTreeSet<String> {
    let contracts = &session.store.contracts;
    let objects = objects(contracts);
    let own = ParameterPosition::read(unversioned(url)).parent().map(|collection| collection.item());
    let names = contracts.iter().flat_map(|contract| &contract.routes).filter_map(|route| {
        let segments = Segment::of_path(&route.path);
        let at = |end: usize| {
            let texts: Vec<&str> = segments.iter().take(end).map(|segment| segment.text.as_str()).collect();
            ParameterPosition::read(&texts.join("/"))
        };
        let depth = own.as_ref()?.depth();
        let name = segments.get(depth).filter(|segment| !segment.has_parameters())?;
        let is_within = at(depth) == *own.as_ref()? && objects.contains(&at(depth + 1).item());
        is_within.then(|| name.text.clone())
    });
    names.collect()
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
