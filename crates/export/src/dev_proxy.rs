//! Mocks of Dev Proxy (the plugin MockResponsePlugin), which are chosen by method and URL alone.

use std::collections::BTreeSet;

use graph_contracts::contract::Body;
use graph_contracts::json::Json;
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
    let mut ordered: Vec<&Exchange<'_>> = exchanges.iter().collect();
    ordered.sort_by_cached_key(|own| (route_path::specificity(&own.template()), own.request.query.is_none()));
    let (mut seen, mut mocks) = (BTreeSet::new(), Vec::new());
    for exchange in ordered {
        let route = format!("route {}", exchange.route.path);
        let Some(method) = METHODS.iter().find(|own| own.eq_ignore_ascii_case(&exchange.request.method)) else {
            left_out.push(exchange.left_out(Limit::Method, route));
            continue;
        };
        let url = url(exchange);
        if !seen.insert((*method, url.clone())) {
            left_out.push(exchange.left_out(Limit::Unreachable, route));
            continue;
        }
        let request = object([("url", text(url)), ("method", text(*method))]);
        mocks.push(object([("request", request), ("response", response(exchange, left_out))]));
    }
    let routes = mocks.len();
    let document = object([("$schema", text(SCHEMA)), ("mocks", Json::Array(mocks))]);
    let path = Target::DevProxy.file().unwrap_or_default().to_owned();
    Made { files: vec![ExportFile { path, text: file(&document) }], routes }
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
