//! Who owns what an object of the run's holds: it is deleted with the object.

use std::collections::VecDeque;

use super::collections::Place;
use super::ended::Ended;
use super::ledger::{Intent, Left, LeftObject};
use super::listing::{Listing, list};
use super::live_error::LiveError;
use super::ownership::{path_of, place};
use super::request::unversioned;
use super::session::{Session, Writing};

/// So many lists are read to see what one object holds. An object that holds more is not deleted.
const MOST_LISTS: usize = 200;

/// Takes note of what a service puts into an object of the run's when it is created: that is the run's as well. The collections that could be
/// listed are noted, too: if one of them cannot be listed later, that does not mean that it is empty.
pub(super) async fn note_contents(
    session: &Session,
    writing: &Writing,
    intent: &Intent,
    url: &str,
) -> Result<(), Ended> {
    if writing.options.own_tenant {
        return Ok(());
    }
    let (mut waiting, mut lists) = (VecDeque::from([url.to_owned()]), 0);
    while let Some(object) = waiting.pop_front() {
        for name in session.collections().within(&object) {
            let collection = format!("{object}/{name}");
            lists += 1;
            if lists > MOST_LISTS {
                return Ok(());
            }
            let Listing::Whole(all) = list(session, &collection, |_| false).await? else { continue };
            writing.ledger.content(intent.n, &collection)?;
            for url in all.keys().filter_map(|key| path_of(&collection, key)) {
                writing.ledger.content(intent.n, &url)?;
                waiting.push_back(url);
            }
        }
    }
    Ok(())
}

/// Why an object of the run's is to be kept: it holds, at any depth, what somebody else has put there, or it cannot be seen what it holds. As a
/// clause.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn keeps(
    session: &Session,
    writing: &Writing,
    object: &LeftObject,
) -> Result<Option<String>, LiveError> {
    if writing.options.own_tenant {
        return Ok(None);
    }
    let held = Held { left: writing.ledger.left(), removed: session.removed() };
    let (mut waiting, mut lists) = (VecDeque::from([object.url.clone()]), 0);
    while let Some(object) = waiting.pop_front() {
        for name in session.collections().within(&object) {
            let collection = format!("{object}/{name}");
            lists += 1;
            if lists > MOST_LISTS {
                return Ok(Some("it holds more than can be looked through".to_owned()));
            }
            let all = match list(session, &collection, |_| false).await? {
                Listing::Whole(all) => all,
                // A service without such a list has nothing in it; one that had it may only hide it now.
                Listing::Unknown(why) if why.is_missing && !held.left.contents.contains(&collection) => continue,
                Listing::Unknown(why) => return Ok(Some(format!("it cannot be seen what it holds ({why})"))),
            };
            for key in all.keys() {
                match path_of(&collection, key).map(|url| (held.owner(&object, name, key, &url), url)) {
                    Some((Holder::Run, url)) => waiting.push_back(url),
                    Some((Holder::Gone, _)) => {}
                    Some((Holder::Unknown, url)) => {
                        return Ok(Some(format!("it holds {url}, which this run did not create")));
                    }
                    None => {
                        return Ok(Some(format!(
                            "it holds something in {collection} without a key that can stand in a URL"
                        )));
                    }
                }
            }
        }
    }
    Ok(None)
}

/// What is known of the objects that may be within another one.
struct Held {
    left: Left,
    removed: Vec<LeftObject>,
}

/// Whose an object within another one is.
enum Holder {
    /// The run's, or what the service had put there when it created it.
    Run,
    /// The run's, and it was read to be gone.
    Gone,
    /// Nothing says that it is the run's.
    Unknown,
}

impl Held {
    fn owner(&self, around: &str, name: &str, key: &str, url: &str) -> Holder {
        // Routes write the words between two keys in any case, with casts or without.
        let is_it = |own: &LeftObject| {
            let own = unversioned(&own.url).strip_prefix(unversioned(around)).and_then(|own| own.strip_prefix('/'));
            own.map(place).is_some_and(|(words, own)| own == key && Place::is_same_name(words, name))
        };
        if self.left.created.iter().any(is_it) || self.left.contents.contains(url) {
            Holder::Run
        } else if self.removed.iter().any(is_it) {
            Holder::Gone
        } else {
            Holder::Unknown
        }
    }
}
