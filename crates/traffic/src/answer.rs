//! What came back, as a live run judges it: at the shape level, against the contract and its alternatives.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graph_contracts::at::At;
use graph_contracts::compare::{Context, Mismatch, MismatchKind, Reference, Severity, compare};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json::{Json, Step};
use graph_contracts::matching::Matched;
use graph_contracts::normal::{Level, NormalizationPlan, normalize};
use graph_contracts::report::Finding;
use graph_contracts::store::Store;
use graph_contracts::url::Target;
use graph_contracts_live::discreet;
use graph_contracts_serve::{Incoming, cast_of};
use jiff::fmt::rfc2822;
use serde_json::Value;

use crate::found::Found;
use crate::kind::Kind;
use crate::recorded::Recorded;
use crate::redact::Redaction;
use crate::sent::as_sent;
use crate::siblings::Siblings;

/// What of an answer is not as documented. An error that no page documents is no drift, and neither is an answer that is of something else than
/// the page shows.
pub(crate) fn check(
    (store, siblings): (&Store, &Siblings),
    redaction: &Redaction,
    matched: &Matched<'_>,
    incoming: &Incoming,
    recorded: &Recorded,
) -> Vec<Found> {
    let mut found: Vec<Found> = deprecation(matched.contract, recorded, redaction).into_iter().collect();
    let Some(answer) = Answer::of(recorded) else { return found };
    let response = answer.response.as_ref();
    if incoming.method == http::Method::HEAD || is_otherwise(matched.contract, incoming) {
        return found;
    }
    let documented = siblings.of(store, matched.contract, matched.route);
    let documented = documented.into_iter().filter(|own| is_same_question(matched.contract, own, incoming));
    let documented: Vec<&Contract> = documented.collect();
    let same: Vec<&Contract> =
        documented.iter().copied().filter(|own| own.response.status == response.status).collect();
    let candidates = match same.is_empty() {
        // Another success than the documented one.
        true if (200..300).contains(&response.status) => vec![matched.contract],
        _ => same,
    };
    let errors = |own: &&Contract| drift((store, redaction), own, matched.route, (incoming, recorded), &answer);
    let is_of_page = |own: &&Contract| own.source.page == matched.contract.source.page;
    let (of_page, elsewhere): (Vec<&Contract>, Vec<&Contract>) = candidates.into_iter().partition(is_of_page);
    // It has to agree with one example of the page that documents the request.
    let nearest = of_page.iter().filter_map(errors).min_by_key(Vec::len);
    if nearest.as_ref().is_none_or(|own| !own.is_empty()) {
        // Another page, such as that of a derived type, may document the same request, and explain what this one does not.
        let explains = |own: &&Contract| {
            errors(own).is_some_and(|errors| errors.is_empty())
                && nearest.iter().flatten().all(|error| !error.is_of_value || documents(own, &error.at))
        };
        if elsewhere.iter().any(explains) {
            return found;
        }
    }
    // Where the page has no answer with this status, those of others are all that there is to compare with.
    let nearest = nearest.or_else(|| elsewhere.iter().filter_map(errors).min_by_key(Vec::len));
    found.extend(nearest.into_iter().flatten().map(|own| own.found));
    found
}

/// What came back, as far as it is recorded.
struct Answer<'r> {
    response: Cow<'r, ReceivedResponse>,
    has_headers: bool,
    has_body: bool,
}

impl Answer<'_> {
    fn of(recorded: &Recorded) -> Option<Answer<'_>> {
        if let Some(response) = &recorded.response {
            return Some(Answer { response: Cow::Borrowed(response), has_headers: true, has_body: true });
        }
        let headers = recorded.answer_headers.clone();
        let has_headers = !headers.is_empty();
        let response = ReceivedResponse { status: recorded.status?, headers, body: Vec::new() };
        Some(Answer { response: Cow::Owned(response), has_headers, has_body: false })
    }

    /// Whether it is recorded what is at a place.
    fn has(&self, at: &At) -> bool {
        match at {
            At::Status => true,
            // A body that is not recorded has its media type where it is.
            At::Header(name) => self.has_headers && (self.has_body || !name.eq_ignore_ascii_case("content-type")),
            _ => self.has_body,
        }
    }
}

/// What is not as a contract documents it.
struct Departure {
    found: Found,
    at: At,
    /// Whether there is a value that is not as documented, which a page that documents no value there cannot explain.
    is_of_value: bool,
}

/// Whether the documented answer of a contract has something at a place, in any element of an array.
fn documents(contract: &Contract, at: &At) -> bool {
    let At::Path(path) = at else { return true };
    let Some(body) = contract.response.body.as_ref().and_then(Body::as_json) else { return false };
    let mut values = vec![body];
    for step in path.steps() {
        values = values
            .into_iter()
            .flat_map(|own| match (step, own) {
                (Step::Name(name), Json::Object(_)) => own.get(name).into_iter().collect(),
                (Step::Index(_), Json::Array(items)) => items.iter().collect(),
                _ => Vec::new(),
            })
            .collect();
    }
    !values.is_empty()
}

/// What differs from one contract.
fn drift(
    (store, redaction): (&Store, &Redaction),
    contract: &Contract,
    route: Option<&str>,
    (incoming, recorded): (&Incoming, &Recorded),
    answer: &Answer<'_>,
) -> Option<Vec<Departure>> {
    let route = route.or_else(|| contract.routes.first().map(|route| route.path.as_str()))?;
    let own = as_sent(contract, &incoming.path, incoming, &recorded.body);
    let response = answer.response.as_ref();
    let plan = NormalizationPlan::new(&own, &store.rules, Level::Shape).ok()?;
    let actual = normalize(response, &plan);
    let applied = response.header("preference-applied").unwrap_or_default();
    let kept = contract.service_rules();
    let context = Context::of(&plan, false).omitting_nulls(applied.contains("omit-values"));
    let mut context = kept.iter().fold(context, |context, own| context.with_kept_rules(own, route));
    let mut found = compare(plan.documented(), &actual, Reference::Documentation, &mut context).mismatches;
    discreet(&mut found, &actual);
    let errors = found.into_iter().filter(|own| own.severity == Severity::Error && answer.has(&own.at));
    let departure = |mut own: Mismatch| {
        let (at, is_of_value) = (own.at.clone(), own.kind != MismatchKind::MissingMember);
        // A name that no page has may be somebody's.
        if let At::Path(path) = &at {
            own.at = At::Path(redaction.json_path(path));
        }
        if matches!(own.kind, MismatchKind::MediaType | MismatchKind::Charset) {
            own.actual = redaction.text(&own.actual);
        }
        let found = Found::new(Kind::Drift, Finding::of(&own).line(), Some(own.source.clone()));
        Departure { found, at, is_of_value }
    };
    Some(errors.map(departure).collect())
}

/// Whether an example on the same route answers what was asked for, too: one that shows a selection of properties, or expanded ones, is no answer to
/// a request that asks for neither. Those of the pair that documents the request are.
fn is_same_question(documented: &Contract, own: &Contract, incoming: &Incoming) -> bool {
    let pair = |contract: &Contract| contract.alternative_of.clone().unwrap_or_else(|| contract.id.clone());
    if pair(documented) == pair(own) {
        return true;
    }
    let options = |query: Option<&str>| -> [bool; 2] {
        let names: Vec<String> = query_names(query.unwrap_or_default()).collect();
        ["select", "expand"].map(|option| names.iter().any(|name| name.trim_start_matches('$') == option))
    };
    let (sent, shown) = (options(incoming.query.as_deref()), options(Target::read(&own.request.url).query));
    sent.iter().zip(shown).all(|(sent, shown)| *sent || !shown)
}

/// The names of query options, in small letters.
fn query_names(query: &str) -> impl Iterator<Item = String> {
    let names = query.split('&').map(|option| option.split('=').next().unwrap_or_default());
    names.map(|name| name.to_ascii_lowercase().replace("%24", "$"))
}

/// Whether what is asked for is another thing than the example shows: rows that the query makes, a number, content, links, or what a preference asks
/// for.
fn is_otherwise(contract: &Contract, incoming: &Incoming) -> bool {
    let last = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let (own, documented) = (last(&incoming.path), last(Target::read(&contract.request.url).path));
    let is_cast = cast_of(incoming).is_some() && contract.request.casts;
    let is_derived = own != documented && (own.starts_with('$') || own.starts_with("delta(") || is_cast);
    let query = incoming.query.as_deref().unwrap_or_default().to_ascii_lowercase();
    let prefers = incoming.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    is_derived
        || query.contains("apply=")
        || query.contains("compute=")
        || prefers.into_iter().any(|value| value.contains("return=") || value.contains("respond-async"))
}

/// That the service itself says that the operation is deprecated, or when it ends (RFC 9745; RFC 8594).
fn deprecation(contract: &Contract, recorded: &Recorded, redaction: &Redaction) -> Option<Found> {
    let said =
        |name: &str| recorded.answer_header(name).filter(|value| !value.trim().is_empty() && value.trim() != "false");
    let field = |name: &str, value: &str| match is_time(value.trim()) || redaction.keeps_all() {
        true => format!(": {name}: {}", value.trim()),
        false => String::new(),
    };
    let message = match (said("deprecation"), said("sunset")) {
        (_, Some(end)) => format!("the service says that it ends{}", field("Sunset", &end)),
        (Some(since), None) => format!("the service says that it is deprecated{}", field("Deprecation", &since)),
        (None, None) => return None,
    };
    Some(Found::new(Kind::Deprecated, message, Some(contract.location())))
}

/// Whether a value is a time, or says no more than that it is so: a date (RFC 9110 section 5.6.7), or one of structured fields (RFC 9651 section 3.3.7).
fn is_time(value: &str) -> bool {
    let is_seconds = |own: &str| (1..=12).contains(&own.len()) && own.bytes().all(|byte| byte.is_ascii_digit());
    value == "true" || value == "?1" || value.strip_prefix('@').is_some_and(is_seconds) || rfc2822::parse(value).is_ok()
}

/// The answers within the answer to a batch, by their ids (OData JSON Format 4.01 section 19.2).
pub(crate) fn within(response: Option<&ReceivedResponse>) -> Vec<(String, ReceivedResponse)> {
    let Some(response) = response else { return Vec::new() };
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else { return Vec::new() };
    let responses = body["responses"].as_array().map(Vec::as_slice).unwrap_or_default();
    responses.iter().filter_map(single).collect()
}

fn single(response: &Value) -> Option<(String, ReceivedResponse)> {
    let id = match &response["id"] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let fields = response["headers"].as_object().into_iter().flatten();
    let mut headers: Vec<(String, String)> =
        fields.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
    let body = match &response["body"] {
        Value::Null => Vec::new(),
        Value::String(text) => STANDARD.decode(text).unwrap_or_else(|_| text.clone().into_bytes()),
        body => {
            let has_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            headers.extend((!has_type).then(|| ("content-type".to_owned(), "application/json".to_owned())));
            body.to_string().into_bytes()
        }
    };
    Some((id, ReceivedResponse { status: response["status"].as_u64()?.try_into().ok()?, headers, body }))
}
