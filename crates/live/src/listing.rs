//! Lists collections whole: only what was listed to its end is known.

use std::collections::{BTreeMap, BTreeSet};

use super::live_error::LiveError;
use super::ownership::{key, object};
use super::request::{own_path_and_query, read};
use super::session::Session;
use graph_contracts::http::{ReceivedResponse, with_causes};
use graph_contracts::json::Json;

/// A collection with more pages is not listed, however few objects it has.
const MOST_PAGES: usize = 100;

/// What a collection has.
#[derive(Clone, Debug)]
pub(super) enum Listing {
    /// All of its keys, and those of its objects that were asked for.
    Whole(BTreeMap<String, Option<Json>>),
    /// It is not known what it has, and why.
    Unknown(String),
}

/// The objects of a response that has a page of a collection (OData JSON Format 4.01 section 12).
pub(super) fn objects(response: &ReceivedResponse) -> Option<Vec<Json>> {
    match object(response)?.get("value")? {
        Json::Array(items) => Some(items.clone()),
        _ => None,
    }
}

/// Lists the collection at a path with its version. Of its objects, those are kept whose keys are `wanted`.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn list(
    session: &Session,
    collection: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<Listing, LiveError> {
    let limit = session.list_limit();
    let (mut all, mut pages) = (BTreeMap::new(), BTreeSet::new());
    let mut page = collection.to_owned();
    loop {
        let unknown = |why: &str| Ok(Listing::Unknown(format!("GET {}: {why}", without_query(&page))));
        if pages.len() == MOST_PAGES || !pages.insert(page.clone()) {
            return unknown(&format!("its pages do not end, or are more than {MOST_PAGES}"));
        }
        let response = match session.exchange(read(&page)).await {
            Ok(exchange) => exchange.response,
            Err(error) if error.is_over() => return Err(error),
            Err(error) => return Ok(Listing::Unknown(with_causes(&error))),
        };
        if response.status != 200 {
            return unknown(&format!("the service answers {}", response.status));
        }
        let body = object(&response);
        let Some(Json::Array(objects)) = body.as_ref().and_then(|body| body.get("value")) else {
            return unknown("the answer is not a page of a collection");
        };
        for object in objects {
            let Some(key) = key(object) else { return unknown("an object has no `id` that could be its key") };
            let object = wanted(&key).then(|| object.clone());
            all.insert(key, object);
        }
        if all.len() > limit {
            return unknown(&format!("it has more than {limit} objects"));
        }
        let member = |name: &str| body.as_ref().and_then(|body| body.get(name));
        match member("@odata.nextLink") {
            None if is_less(all.len(), member("@odata.count")) => {
                return unknown("it has more objects than its pages");
            }
            None => return Ok(Listing::Whole(all)),
            // To another host, nothing is sent.
            Some(link) => match link.as_str().and_then(|link| own_path_and_query(session.transport.base(), link)) {
                Some(link) => page = link,
                None => return unknown("its next page is on another host"),
            },
        }
    }
}

/// Whether that many objects are fewer than the service counts (OData JSON Format 4.01 section 4.6.4).
fn is_less(listed: usize, count: Option<&Json>) -> bool {
    let Some(Json::Number(count)) = count else { return false };
    count.literal().parse().is_ok_and(|count: usize| listed < count)
}

fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}
