//! Mocks of Dev Proxy (the plugin MockResponsePlugin), which are chosen by method, URL, and a text in the body.

use std::collections::{BTreeMap, BTreeSet};

use graph_contracts::contract::Body;
use graph_contracts::json::{Json, Member};
use graph_contracts::matching::{CONTRACT_HEADER, SOURCE_HEADER, field_value};
use graph_contracts::url::{Segment, Target as Url, encode_written};

use crate::exchange::Exchange;
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::tree::{file, number, object, readable, text};
use crate::{Target, route_path};

/// What no mock says.
pub(crate) const LIMITS: &[Limit] = &[Limit::RequestBody, Limit::RequestForm];

/// Where Dev Proxy has the schema of its files; its schemas are named by the version that they are of.
const SCHEMA: &str =
    "https://raw.githubusercontent.com/dotnet/dev-proxy/main/schemas/v2.2.0/mockresponseplugin.mocksfile.schema.json";

/// The methods that the schema has.
const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"];

/// One file with all mocks, the most specific first: Dev Proxy takes the first that fits.
pub(crate) fn make(exchanges: &[Exchange<'_>], left_out: &mut Vec<LeftOut>) -> Made {
    let mut groups: BTreeMap<_, Vec<&Exchange<'_>>> = BTreeMap::new();
    for exchange in exchanges {
        let Some(method) = METHODS.iter().find(|own| own.eq_ignore_ascii_case(&exchange.request.method)) else {
            left_out.push(exchange.left_out(Limit::Method, route(exchange)));
            continue;
        };
        let rank = (route_path::specificity(&exchange.template()), exchange.request.query.is_none());
        groups.entry((rank, url(exchange), *method)).or_default().push(exchange);
    }
    let mut mocks = Vec::new();
    for ((_, url, method), group) in groups {
        let mut mock = |exchange: &Exchange<'_>, fragment: Option<String>| {
            let fragment = fragment.map(|fragment| ("bodyFragment", text(fragment)));
            let request = [("url", text(&url)), ("method", text(method))].into_iter().chain(fragment);
            mocks.push(object([("request", object(request)), ("response", response(exchange, left_out))]));
        };
        // The first answers what none of the others does, and so comes last.
        let mut own = fragments(&group);
        own[0] = None;
        let told_apart = group.iter().zip(&own).filter(|(_, fragment)| fragment.is_some());
        told_apart.for_each(|(exchange, fragment)| mock(exchange, fragment.clone()));
        mock(group[0], None);
        let others = group.iter().zip(&own).skip(1).filter(|(_, fragment)| fragment.is_none());
        left_out.extend(others.map(|(exchange, _)| exchange.left_out(Limit::Unreachable, route(exchange))));
    }
    let routes = mocks.len();
    let document = object([("$schema", text(SCHEMA)), ("mocks", Json::Array(mocks))]);
    let path = Target::DevProxy.file().unwrap_or_default().to_owned();
    Made { files: vec![ExportFile { path, text: file(&document) }], routes }
}

fn route(exchange: &Exchange<'_>) -> String {
    format!("route {}", exchange.route.path)
}

/// For each of some requests a text that stands in its body alone: the name of a member, or else a value, in quotation marks. Dev Proxy
/// does not tell capitals from small letters.
fn fragments(group: &[&Exchange<'_>]) -> Vec<Option<String>> {
    let bodies: Vec<[BTreeSet<String>; 2]> = group.iter().map(|exchange| strings(exchange)).collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for [names, values] in &bodies {
        names.union(values).for_each(|text| *times.entry(text).or_default() += 1);
    }
    let alone = |texts: &BTreeSet<String>| texts.iter().find(|text| times.get(text.as_str()) == Some(&1)).cloned();
    bodies.iter().map(|[names, values]| alone(names).or_else(|| alone(values))).collect()
}

/// The names of members and the values in a body of JSON, those that any client writes in the same way: of printable ASCII, without what
/// may be escaped.
fn strings(exchange: &Exchange<'_>) -> [BTreeSet<String>; 2] {
    fn walk(json: &Json, add: &mut impl FnMut(usize, &str)) {
        match json {
            Json::Object(members) => members.iter().for_each(|Member { name, value }| {
                add(0, name);
                walk(value, add);
            }),
            Json::Array(items) => items.iter().for_each(|item| walk(item, add)),
            Json::String(text) => add(1, text),
            _ => {}
        }
    }
    let mut strings = [BTreeSet::new(), BTreeSet::new()];
    if let Some(Body::Json(json)) = &exchange.contract.request.body {
        walk(json, &mut |kind, text| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "@._-: ".contains(c);
            if !text.is_empty() && text.chars().all(is_plain) {
                strings[kind].insert(format!("\"{}\"", text.to_ascii_lowercase()));
            }
        });
    }
    strings
}

/// The URL of the route with a `*` for each parameter, and the documented query.
fn url(exchange: &Exchange<'_>) -> String {
    let target = Url::read(&exchange.contract.request.url);
    let host = target.host.filter(|_| !target.is_graph()).unwrap_or("graph.microsoft.com");
    let segment = |own: &Segment| own.fill(encode_written, |_| "*".to_owned());
    let path: String = Segment::of_path(&exchange.template()).iter().map(|own| format!("/{}", segment(own))).collect();
    let query = exchange.request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    format!("https://{host}{path}{query}")
}

fn response(exchange: &Exchange<'_>, left_out: &mut Vec<LeftOut>) -> Json {
    let answer = &exchange.answer;
    let own = [(CONTRACT_HEADER, exchange.contract.id.clone()), (SOURCE_HEADER, exchange.source())];
    let own = own.map(|(name, value)| (name.to_owned(), field_value(&value)));
    let headers = answer.headers.iter().chain(&own);
    let headers = headers.map(|(name, value)| object([("name", text(name)), ("value", text(value))]));
    let mut members = vec![("statusCode", number(answer.status)), ("headers", Json::Array(headers.collect()))];
    if answer.body.is_empty() {
        return object(members);
    }
    match &exchange.contract.response.body {
        Some(Body::Json(json @ (Json::Object(_) | Json::Array(_)))) => {
            let body = readable(json, &mut |path, limit| left_out.push(exchange.left_out(limit, path.to_string())));
            members.push(("body", body));
        }
        // What is no JSON is written as a string of JSON.
        _ => {
            left_out.push(exchange.left_out(Limit::TextBody, "body"));
            members.push(("body", text(String::from_utf8_lossy(&answer.body).trim_start_matches('@'))));
        }
    }
    object(members)
}
