//! What came back, as a live run judges it: at the shape level, against the contract and its alternatives.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graph_contracts::at::At;
use graph_contracts::compare::{Context, Mismatch, MismatchKind, Reference, Severity, compare};
use graph_contracts::contract::Contract;
use graph_contracts::http::ReceivedResponse;
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
    let Some(response) = &recorded.response else { return found };
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
    let compared = candidates
        .into_iter()
        .filter_map(|own| drift((store, redaction), own, matched.route, (incoming, recorded), response));
    // It has to agree with one of them.
    let nearest = compared.min_by_key(Vec::len).unwrap_or_default();
    found.extend(nearest);
    found
}

/// What differs from one contract.
fn drift(
    (store, redaction): (&Store, &Redaction),
    contract: &Contract,
    route: Option<&str>,
    (incoming, recorded): (&Incoming, &Recorded),
    response: &ReceivedResponse,
) -> Option<Vec<Found>> {
    let route = route.or_else(|| contract.routes.first().map(|route| route.path.as_str()))?;
    let own = as_sent(contract, &incoming.path, incoming, &recorded.body);
    let plan = NormalizationPlan::new(&own, &store.rules, Level::Shape).ok()?;
    let actual = normalize(response, &plan);
    let applied = response.header("preference-applied").unwrap_or_default();
    let kept = contract.service_rules();
    let context = Context::of(&plan, false).omitting_nulls(applied.contains("omit-values"));
    let mut context = kept.iter().fold(context, |context, own| context.with_kept_rules(own, route));
    let mut found = compare(plan.documented(), &actual, Reference::Documentation, &mut context).mismatches;
    discreet(&mut found, &actual);
    // A name that no page has may be somebody's.
    for own in &mut found {
        if let At::Path(path) = &own.at {
            own.at = At::Path(redaction.json_path(path));
        }
        if matches!(own.kind, MismatchKind::MediaType | MismatchKind::Charset) {
            own.actual = redaction.text(&own.actual);
        }
    }
    let errors = found.iter().filter(|own| own.severity == Severity::Error);
    let line = |own: &Mismatch| Found::new(Kind::Drift, Finding::of(own).line(), Some(own.source.clone()));
    Some(errors.map(line).collect())
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
