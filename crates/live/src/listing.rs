//! Lists collections whole: only what was listed to its end is known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::live_error::LiveError;
use super::ownership::{key, object, only};
use super::request::{own_path_and_query, read};
use super::session::Session;
use graph_contracts::http::{ReceivedResponse, with_causes};
use graph_contracts::json::Json;
use graph_contracts::url::Segment;

/// A collection with more pages is not listed, however few objects it has.
const MOST_PAGES: usize = 100;

/// What a collection has.
#[derive(Clone, Debug)]
pub(super) enum Listing {
    /// All of its keys, and those of its objects that were asked for.
    Whole(BTreeMap<String, Option<Json>>),
    /// It is not known what it has.
    Unknown(Unlisted),
}

/// Why a collection could not be listed.
#[derive(Clone, Debug)]
pub(super) struct Unlisted {
    why: String,
    /// Whether the service says that there is no such collection, or none that can be listed.
    pub(super) is_missing: bool,
}

impl fmt::Display for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
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
    let (mut all, mut pages, mut counted) = (BTreeMap::new(), BTreeSet::new(), None);
    let mut page = collection.to_owned();
    loop {
        let unlisted = |why: String| Unlisted { why, is_missing: false };
        let unknown = |why: &str| Ok(Listing::Unknown(unlisted(format!("GET {}: {why}", without_query(&page)))));
        if pages.len() == MOST_PAGES || !pages.insert(page.clone()) {
            return unknown(&format!("its pages do not end, or are more than {MOST_PAGES}"));
        }
        let response = match session.exchange(read(&page)).await {
            Ok(exchange) => exchange.response,
            Err(error) if error.is_over() => return Err(error),
            Err(error) => return Ok(Listing::Unknown(unlisted(with_causes(&error)))),
        };
        if response.status != 200 {
            let why = format!("GET {}: the service answers {}", without_query(&page), response.status);
            let is_missing = page == collection && matches!(response.status, 404 | 405 | 410 | 501);
            return Ok(Listing::Unknown(Unlisted { why, is_missing }));
        }
        let body = object(&response);
        let Some(Json::Array(objects)) = body.as_ref().and_then(|body| only(body, "value")) else {
            return unknown("the answer is not a page of a collection");
        };
        let member = |name: &str| body.as_ref().and_then(|body| annotation(body, name));
        if body.as_ref().is_some_and(|body| body.get("error").is_some()) {
            return unknown("the page comes with an error, so it may not be whole");
        }
        for object in objects {
            let Some(key) = key(object) else { return unknown("an object has no `id` that could be its key") };
            let object = wanted(&key).then(|| object.clone());
            all.insert(key, object);
        }
        counted = counted.max(member("count").and_then(count));
        if all.len() > limit {
            return unknown(&format!("it has more than {limit} objects"));
        }
        match member("nextLink") {
            None if counted.is_some_and(|counted| all.len() < counted) => {
                return unknown("it has more objects than its pages");
            }
            None => return Ok(Listing::Whole(all)),
            // To another host, nothing is sent.
            Some(link) => match link.as_str().and_then(|link| own_path_and_query(session.transport.base(), link)) {
                Some(link) if !is_same_collection(collection, &link) => {
                    return unknown("its next page is one of another collection");
                }
                Some(link) => page = link,
                None => return unknown("its next page is on another host"),
            },
        }
    }
}

/// An annotation of a page, as any version of OData names it: `@odata.count`, `@count` (OData JSON Format 4.01 section 4.6), `odata.count`, or
/// without anything before it.
fn annotation<'j>(page: &'j Json, name: &str) -> Option<&'j Json> {
    let Json::Object(members) = page else { return None };
    let is_it = |own: &str| {
        let own = own.strip_prefix('@').unwrap_or(own);
        own.strip_prefix("odata.").unwrap_or(own) == name
    };
    members.iter().find(|member| is_it(&member.name)).map(|member| &member.value)
}

/// How many objects a service counts. With `IEEE754Compatible`, it is a text (OData JSON Format 4.01 section 3.2).
fn count(count: &Json) -> Option<usize> {
    match count {
        Json::Number(count) => count.literal().parse().ok(),
        Json::String(count) => count.parse().ok(),
        _ => None,
    }
}

/// Whether the path of a next page ends with the name of the collection. What stands before it may be written in several ways.
fn is_same_collection(collection: &str, page: &str) -> bool {
    let name = |path: &str| Segment::of_path(without_query(path)).pop().map(|last| last.name.to_lowercase());
    name(collection) == name(page)
}

fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}
