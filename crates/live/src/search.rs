//! Looks for what a request without an answer created: what its collection has now and had not before, and is what was sent.

use jiff::{SignedDuration, Timestamp};

use super::ledger::Intent;
use super::live_error::LiveError;
use super::pace::NoTurn;
use super::request::{own_path_and_query, read};
use super::session::{Session, Writing};
use graph_contracts::contract::Body;
use graph_contracts::contract::fill;
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json::{Json, parse};
use graph_contracts::url::encode_key;

/// A collection with more pages is not listed.
const MOST_PAGES: usize = 10;

/// A collection with more objects is not remembered.
const MOST_OBJECTS: usize = 1000;

/// What a search found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The object that the request created, by its path with the version.
    Object(String),
    /// The request created nothing.
    Nothing,
    /// It cannot be told.
    Unknown,
}

/// The JSON object of a response.
pub(super) fn object(response: &ReceivedResponse) -> Option<Json> {
    let body = parse(std::str::from_utf8(&response.body).ok()?).ok()?.json;
    matches!(body, Json::Object(_)).then_some(body)
}

/// The objects of a response that has a page of a collection (OData JSON Format 4.01 section 12).
pub(super) fn objects(response: &ReceivedResponse) -> Option<Vec<Json>> {
    match object(response)?.get("value")? {
        Json::Array(items) => Some(items.clone()),
        _ => None,
    }
}

/// The key of an object.
pub(super) fn key(object: &Json) -> Option<String> {
    match object.get("id")? {
        Json::String(key) => Some(key.clone()),
        Json::Number(key) => Some(key.literal().to_owned()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The keys of all objects of the collection at a path with its version. `None` if it cannot be listed, or has too many.
///
/// # Errors
///
/// When no further request may be sent.
pub(super) async fn listed(session: &Session, collection: &str) -> Result<Option<Vec<String>>, LiveError> {
    let mut keys = Vec::new();
    let mut next = Some(collection.to_owned());
    for _ in 0..MOST_PAGES {
        let Some(page) = next else { return Ok(Some(keys)) };
        let response = match session.exchange(read(&page)).await {
            Ok(exchange) => exchange.response,
            Err(error @ LiveError::NoTurn { cause: NoTurn::Stopped | NoTurn::OverBudget { .. }, .. }) => {
                return Err(error);
            }
            Err(_) => return Ok(None),
        };
        let Some(objects) = objects(&response).filter(|_| response.status == 200) else { return Ok(None) };
        for object in &objects {
            match key(object) {
                Some(key) if keys.len() < MOST_OBJECTS => keys.push(key),
                _ => return Ok(None),
            }
        }
        let body = object(&response);
        let link = body.as_ref().and_then(|body| body.get("@odata.nextLink")).and_then(Json::as_str);
        next = match link {
            None => None,
            Some(link) => match own_path_and_query(session.transport.base(), link) {
                Some(link) => Some(link),
                None => return Ok(None),
            },
        };
    }
    Ok(next.is_none().then_some(keys))
}

/// Looks for what a request without an answer created. It is only what is new, is what the request sent, and is the only one.
pub(super) async fn search(session: &Session, writing: &Writing, intent: &Intent) -> Found {
    let Some(existing) = &intent.existing else { return Found::Unknown };
    let contract = session.store.contracts.iter().find(|contract| contract.id == intent.contract);
    let Some(contract) = contract.and_then(|contract| fill(contract).ok()) else { return Found::Unknown };
    let Some(Body::Json(sent)) = &contract.request.body else { return Found::Unknown };
    let known = writing.ledger.left().created;
    let mut failures = 0;
    loop {
        let Ok(Some(now)) = listed(session, &intent.url).await else { return Found::Unknown };
        let mut found = Vec::new();
        for key in now.iter().filter(|key| !existing.contains(key)) {
            let Some(segment) = encode_key(key) else { return Found::Unknown };
            let url = format!("{}/{segment}", intent.url.trim_end_matches('/'));
            if known.iter().any(|known| known.url == url) {
                continue;
            }
            let Ok(exchange) = session.exchange(read(&url)).await else { return Found::Unknown };
            if object(&exchange.response).is_some_and(|object| is_of(intent.time, sent, &object)) {
                found.push(url);
            }
        }
        match found.as_slice() {
            [only] => return Found::Object(only.clone()),
            [] if intent.age() >= writing.settling => return Found::Nothing,
            // It may not have appeared yet.
            [] => {}
            _ => return Found::Unknown,
        }
        let pace = session.transport.pace();
        if pace.pause(pace.backoff(failures)).await.is_err() {
            return Found::Unknown;
        }
        failures += 1;
    }
}

/// A service's clock may be that much behind ours.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A request is processed within this time, or not at all.
const PROCESSING: SignedDuration = SignedDuration::from_mins(15);

/// Whether an object may be what a request at that time created: what was sent, and created then, as far as it says when.
fn is_of(time: Timestamp, sent: &Json, object: &Json) -> bool {
    let created = match sent.get("createdDateTime") {
        None => object.get("createdDateTime").and_then(Json::as_str).and_then(|text| text.parse::<Timestamp>().ok()),
        // Then it says nothing of the service's own clock.
        Some(_) => None,
    };
    let is_then = created.is_none_or(|created| {
        let after = created.duration_since(time);
        -SKEW <= after && after <= PROCESSING
    });
    is_then && is_alike(sent, object)
}

/// Whether an object is what was sent: it has some of it, and what it has is equal.
fn is_alike(sent: &Json, object: &Json) -> bool {
    let (Json::Object(sent), Json::Object(_)) = (sent, object) else { return false };
    let members = sent.iter().filter(|member| !member.name.starts_with('@') && !member.name.contains("@odata."));
    let mut both = members.filter_map(|member| Some((&member.value, object.get(&member.name)?))).peekable();
    both.peek().is_some() && both.all(|(sent, own)| is_equal(sent, own))
}

/// Whether two values mean the same: numbers by value, points in time whatever their offset, objects in what both have.
fn is_equal(sent: &Json, own: &Json) -> bool {
    match (sent, own) {
        (Json::Number(one), Json::Number(other)) => one.same_value(other),
        (Json::String(one), Json::String(other)) => {
            let instant = |text: &str| text.parse::<Timestamp>().ok();
            one.eq_ignore_ascii_case(other) || instant(one).is_some_and(|one| Some(one) == instant(other))
        }
        (Json::Object(_), Json::Object(_)) => is_alike(sent, own) || sent == own,
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        _ => sent == own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sent: &str, object: &str, expected: bool) {
        let json = |text: &str| parse(text).expect("JSON").json;
        assert_eq!(is_alike(&json(sent), &json(object)), expected, "{sent} and {object}");
    }

    #[test]
    fn an_object_is_what_was_sent_if_it_has_the_same_values() {
        let sent =
            r##"{"@odata.type": "#a", "name": "x", "size": 1, "at": "2024-01-01T08:00:00-08:00", "of": {"a": 1}}"##;
        check(
            sent,
            r#"{"id": "7", "name": "X", "size": 1.0, "at": "2024-01-01T16:00:00Z", "of": {"a": 1, "b": 2}}"#,
            true,
        );
        check(sent, r#"{"id": "7", "name": "x"}"#, true);
        check(sent, r#"{"id": "7", "name": "y", "size": 1}"#, false);
        check(sent, r#"{"id": "7", "name": "x", "of": {"a": 2}}"#, false);
        check(sent, r##"{"id": "7", "@odata.type": "#a"}"##, false);
        check(sent, r#"{"id": "7"}"#, false);
        check(r#"{"a": [1, 2]}"#, r#"{"a": [1, 2]}"#, true);
        check(r#"{"a": [1, 2]}"#, r#"{"a": [2, 1]}"#, false);
        check("{}", "{}", false);
    }

    #[test]
    fn an_object_that_was_created_at_another_time_is_somebody_elses() {
        let time: Timestamp = "2026-11-24T12:00:00Z".parse().expect("a time");
        let check = |sent: &str, created: &str, expected: bool| {
            let json = |text: &str| parse(text).expect("JSON").json;
            let object = json(&format!(r#"{{"id": "7", "name": "x", "createdDateTime": {created}}}"#));
            assert_eq!(is_of(time, &json(sent), &object), expected, "{created}");
        };
        let sent = r#"{"name": "x"}"#;
        check(sent, r#""2026-11-24T12:00:01.5Z""#, true);
        check(sent, r#""2026-11-24T13:01:00+01:00""#, true);
        check(sent, r#""2026-11-24T11:50:00Z""#, false);
        check(sent, r#""2026-11-24T14:00:00Z""#, false);
        check(sent, "null", true);
        check(r#"{"name": "x", "createdDateTime": "2020-01-01T00:00:00Z"}"#, r#""2020-01-01T00:00:00Z""#, true);
    }
}
