//! Stub mappings of WireMock, which answer what the stub answers.

use std::collections::{BTreeMap, BTreeSet};

use graph_contracts::contract::{Body, media_type};
use graph_contracts::json::Json;
use graph_contracts::matching::{CONTRACT_HEADER, SOURCE_HEADER, field_value};
use graph_contracts::url::query_parameters;
use url::form_urlencoded;

use crate::exchange::Exchange;
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::tree::{file, number, object, text};
use crate::{Target, pattern, route_path};

/// What no mapping says.
pub(crate) const LIMITS: &[Limit] = &[Limit::RequestForm, Limit::UndocumentedRequest];

/// One file with all mappings.
pub(crate) fn make(exchanges: &[Exchange<'_>], left_out: &mut Vec<LeftOut>) -> Made {
    let ranks: BTreeSet<Rank> = exchanges.iter().map(Rank::of).collect();
    let ranks: BTreeMap<Rank, u64> = ranks.into_iter().zip(1..).collect();
    let mut seen = BTreeSet::new();
    let mappings = exchanges.iter().map(|exchange| {
        let mut request = request(exchange, left_out);
        let (pattern, others) = (path_of(exchange), object(request.clone()).to_string());
        let is_first = seen.insert((exchange.request.method.clone(), pattern, others));
        let id = exchange.request.own_headers.iter().find(|(name, _)| name == CONTRACT_HEADER);
        let named = object([("equalTo", text(id.map(|(_, id)| id.as_str()).unwrap_or_default()))]);
        if !is_first {
            left_out.push(exchange.left_out(Limit::AlternativeResponse, format!("route {}", exchange.route.path)));
        }
        let which = if is_first { either([object([("absent", Json::Bool(true))]), named]) } else { named };
        with_header(&mut request, CONTRACT_HEADER, which);
        mapping(exchange, request, ranks.get(&Rank::of(exchange)).copied().unwrap_or_default())
    });
    let document = object([("mappings", Json::Array(mappings.collect()))]);
    let path = Target::Wiremock.file().unwrap_or_default().to_owned();
    Made { files: vec![ExportFile { path, text: file(&document) }], routes: exchanges.len() }
}

/// WireMock asks mappings of one priority in the order in which they came, the last first: of several that fit, the most specific has to decide.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    path: Vec<bool>,
    fewer_options: usize,
    fewer_headers: usize,
    has_no_body: bool,
}

impl Rank {
    fn of(exchange: &Exchange<'_>) -> Rank {
        let request = &exchange.request;
        let options = request.query.as_deref().map(query_parameters).unwrap_or_default();
        Rank {
            path: route_path::specificity(&exchange.template()),
            fewer_options: usize::MAX - options.len(),
            fewer_headers: usize::MAX - request.headers.len(),
            has_no_body: request.body.is_none(),
        }
    }
}

fn path_of(exchange: &Exchange<'_>) -> String {
    route_path::pattern_of(&exchange.template(), &exchange.request.path)
}

fn mapping(exchange: &Exchange<'_>, request: Vec<(&'static str, Json)>, rank: u64) -> Json {
    let method = [("method", text(&exchange.request.method))];
    let path = [("urlPathPattern", text(path_of(exchange)))];
    let members = method.into_iter().chain(path).chain(request);
    object([
        ("name", text(format!("{} {}", exchange.request.method, exchange.name()))),
        ("priority", number(rank)),
        ("request", object(members)),
        ("response", response(exchange)),
        ("metadata", object([("contract", text(&exchange.contract.id)), ("documented", text(exchange.source()))])),
    ])
}

/// What a request has to be beside its method and path.
fn request(exchange: &Exchange<'_>, left_out: &mut Vec<LeftOut>) -> Vec<(&'static str, Json)> {
    let request = &exchange.request;
    let mut members = Vec::new();
    let query = request.query.as_deref().unwrap_or_default();
    let options = query_parameters(query);
    if !options.is_empty() {
        let mut by_name: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for ((name, value), (_, as_sent)) in options.into_iter().zip(form_urlencoded::parse(query.as_bytes())) {
            by_name.entry(name).or_default().push(option(&value, &as_sent));
        }
        let one_or_all = |mut values: Vec<Json>| match values.len() {
            1 => values.remove(0),
            _ => object([("hasExactly", Json::Array(values))]),
        };
        let members_of_query = by_name.into_iter().map(|(name, values)| (name, one_or_all(values)));
        members.push(("queryParameters", object(members_of_query)));
    }
    let mut headers: BTreeMap<String, Json> = BTreeMap::new();
    for (name, value) in &request.headers {
        let lower = name.to_ascii_lowercase();
        let matcher = match lower.as_str() {
            "content-type" if request.body.is_none() => continue,
            "content-type" if media_type(value).starts_with("multipart/") => {
                left_out.push(exchange.left_out(Limit::Multipart, "request body"));
                matching(&format!("\\s*{}\\s*(;.*)?", pattern::escaped(&media_type(value))))
            }
            "content-type" => matching(&format!("\\s*{}\\s*(;.*)?", pattern::escaped(&media_type(value)))),
            // No Accept means that any media type is acceptable (RFC 9110 section 12.5.1).
            "accept" => either([object([("absent", Json::Bool(true))]), accepting(value)]),
            _ => object([("equalTo", text(value))]),
        };
        if value.contains(',') && lower != "accept" {
            left_out.push(exchange.left_out(Limit::HeaderList, format!("request header {lower}")));
        }
        headers.insert(name.clone(), matcher);
    }
    for (name, _) in request.own_headers.iter().filter(|(name, _)| name != CONTRACT_HEADER) {
        headers.insert(name.clone(), matching("Bearer .+"));
    }
    members.push(("headers", object(headers)));
    let body = request.body.as_ref().map(|body| match &exchange.contract.request.body {
        Some(Body::Json(_)) => object([
            ("equalToJson", text(body)),
            ("ignoreArrayOrder", Json::Bool(false)),
            ("ignoreExtraElements", Json::Bool(false)),
        ]),
        _ => object([("equalTo", text(body))]),
    });
    members.extend(body.map(|body| ("bodyPatterns", Json::Array(vec![body]))));
    members
}

/// A value of a query option, and as WireMock reads it: with the blanks around it, and with a blank for a `+`, as forms have it, which
/// Microsoft Graph may not.
fn option(value: &str, as_sent: &str) -> Json {
    if value.contains('+') || as_sent.trim() != as_sent {
        let pattern = format!("\\s*{}\\s*", pattern::escaped(value).replace("\\+", "[+ ]"));
        return object([("matches", text(pattern::whole(&pattern)))]);
    }
    object([("equalTo", text(value))])
}

fn with_header(request: &mut [(&'static str, Json)], name: &str, matcher: Json) {
    for (member, value) in request.iter_mut() {
        if let ("headers", Json::Object(headers)) = (*member, value) {
            headers.push(graph_contracts::json::Member { name: name.to_owned(), value: matcher.clone() });
        }
    }
}

fn matching(pattern: &str) -> Json {
    object([("matches", text(format!("(?i){pattern}")))])
}

fn either(matchers: [Json; 2]) -> Json {
    object([("or", Json::Array(matchers.into()))])
}

/// A field `Accept` that takes one of the documented media types, or anything.
fn accepting(value: &str) -> Json {
    let types = value.split(',').map(|own| {
        let own = media_type(own);
        let range = own.split('/').next().unwrap_or_default().to_owned();
        format!("{}|{}", pattern::escaped(&own), pattern::escaped(&format!("{range}/*")))
    });
    matching(&format!(".*({}|\\*/\\*).*", types.collect::<Vec<_>>().join("|")))
}

fn response(exchange: &Exchange<'_>) -> Json {
    let answer = &exchange.answer;
    let mut headers: Vec<(String, Vec<Json>)> = Vec::new();
    let source = [
        (CONTRACT_HEADER.to_owned(), field_value(&exchange.contract.id)),
        (SOURCE_HEADER.to_owned(), field_value(&exchange.source())),
    ];
    for (name, value) in answer.headers.iter().cloned().chain(source) {
        match headers.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(&name)) {
            Some((_, values)) => values.push(text(value)),
            None => headers.push((name, vec![text(value)])),
        }
    }
    let one_or_all = |(name, mut values): (String, Vec<Json>)| match values.len() {
        1 => (name, values.remove(0)),
        _ => (name, Json::Array(values)),
    };
    let mut members = vec![("status", number(answer.status)), ("headers", object(headers.into_iter().map(one_or_all)))];
    if !answer.body.is_empty() {
        members.push(("body", text(String::from_utf8_lossy(&answer.body))));
    }
    object(members)
}
