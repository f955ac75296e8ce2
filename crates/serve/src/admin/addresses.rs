//! What the server says of itself. Scripts of other sites cannot read it: there is no CORS, and requests with a foreign `Origin`, or a
//! `Host` that is not of this machine, are refused, as a name that leads here may belong to anybody (DNS rebinding).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use graph_contracts::command_line::explain;
use graph_contracts::contract::Contract;
use graph_contracts::url::query_parameters;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::events::events;
use super::page;
use crate::app::App;
use crate::faults::PlannedFault;
use crate::journal::har;

/// Below this path the server speaks of itself.
pub const ADMIN: &str = "/__graph-contracts";

/// What answers below [`ADMIN`].
pub(crate) fn router(app: Arc<App>) -> Router {
    let at = |path: &str| format!("{ADMIN}{path}");
    Router::new()
        .route(ADMIN, get(|| async { Redirect::permanent(&format!("{ADMIN}/")) }))
        .route(&at("/"), get(page::html))
        .route(&at("/page.css"), get(page::style))
        .route(&at("/page.js"), get(page::script))
        .route(&at("/health"), get(|| async { json_of(StatusCode::OK, &json!({ "status": "ok" })) }))
        .route(&at("/requests"), get(requests))
        .route(&at("/requests.har"), get(requests_as_har))
        .route(&at("/events"), get(events))
        .route(&at("/verify"), get(verify))
        .route(&at("/coverage"), get(coverage))
        .route(&at("/faults"), get(planned_faults).post(plan_fault))
        .route(&at("/reset"), post(reset))
        .route(&at("/{*other}"), any(unknown))
        .layer(middleware::from_fn(refuse_strangers))
        .with_state(app)
}

async fn unknown() -> Response {
    let message = format!("the server has no such address; {} lists those that it has", explain("serve"));
    json_of(StatusCode::NOT_FOUND, &json!({ "error": message }))
}

async fn refuse_strangers(request: Request, next: Next) -> Response {
    match stranger(request.headers()) {
        None => next.run(request).await,
        Some(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
    }
}

/// Why a request is not one of a person or a program of this machine.
fn stranger(headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let is_local = |url: &str| Url::parse(url).is_ok_and(|url| graph_contracts::http::is_local(&url));
    if !text(header::HOST).is_none_or(|host| is_local(&format!("http://{host}"))) {
        return Some("This address answers under localhost, 127.0.0.1 and [::1] only.");
    }
    let host = text(header::HOST).unwrap_or_default();
    let is_own = |origin: &str| origin.split("://").nth(1).is_some_and(|own| own == host);
    let mut origins = headers.get_all(header::ORIGIN).iter().map(|origin| origin.to_str().unwrap_or_default());
    if !origins.all(is_own) {
        return Some("This address answers to its own page only.");
    }
    None
}

fn json_of(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn requests(State(app): State<Arc<App>>) -> Response {
    json_of(StatusCode::OK, &json!({ "requests": app.journal.entries(), "summary": app.journal.summary() }))
}

/// Whether a contract has answered so often; at least once, where no number is asked for.
async fn verify(State(app): State<Arc<App>>, request: Request) -> Response {
    let query = query_parameters(request.uri().query().unwrap_or_default());
    let value = |name: &str| query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let bad = |message: String| json_of(StatusCode::BAD_REQUEST, &json!({ "error": message }));
    let Some(contract) = value("contract") else { return bad("name the contract: ?contract=ID&times=N".to_owned()) };
    let times: Option<u64> = match value("times").map(str::parse) {
        None => None,
        Some(Ok(times)) => Some(times),
        Some(Err(error)) => return bad(format!("times: {error}")),
    };
    if app.service().contract(contract).is_none() {
        return json_of(StatusCode::NOT_FOUND, &json!({ "error": format!("no contract has the id {contract}") }));
    }
    let calls = app.journal.calls().get(contract).copied().unwrap_or_default();
    let holds = times.map_or(calls > 0, |times| calls == times);
    let status = if holds { StatusCode::OK } else { StatusCode::EXPECTATION_FAILED };
    json_of(status, &json!({ "contract": contract, "calls": calls, "times": times, "holds": holds }))
}

/// The requests that are remembered as an HTTP Archive.
async fn requests_as_har(State(app): State<Arc<App>>) -> Response {
    let name = "attachment; filename=\"requests.har\"";
    let body = har(&app.journal.entries()).to_string();
    ([(header::CONTENT_TYPE, "application/json"), (header::CONTENT_DISPOSITION, name)], body).into_response()
}

/// How many contracts of an area there are, how many of them have answered, and how often.
#[derive(Default, Serialize)]
struct Area {
    contracts: usize,
    used: usize,
    calls: u64,
}

/// Which contracts have answered.
async fn coverage(State(app): State<Arc<App>>) -> Response {
    let (calls, service) = (app.journal.calls(), app.service());
    let all = service.contracts();
    let unused: Vec<&str> = all.iter().map(|own| own.id.as_str()).filter(|id| !calls.contains_key(*id)).collect();
    let mut areas: BTreeMap<&str, Area> = BTreeMap::new();
    for contract in all {
        let area = areas.entry(area_of(contract)).or_default();
        let own = calls.get(&contract.id).copied();
        area.contracts += 1;
        area.used += usize::from(own.is_some());
        area.calls += own.unwrap_or_default();
    }
    // Contracts that have answered may be gone since.
    let used = all.len() - unused.len();
    let body = json!({ "contracts": all.len(), "used": used, "areas": areas, "calls": calls, "unused": unused });
    json_of(StatusCode::OK, &body)
}

/// The area of the service that a contract is about: the first segment of its URL template, as in reports.
fn area_of(contract: &Contract) -> &str {
    let path = contract.routes.first().map(|route| route.path.as_str()).unwrap_or_default();
    path.split(['/', '(', '?']).find(|segment| !segment.is_empty()).unwrap_or("other")
}

/// The faults that are planned.
async fn planned_faults(State(app): State<Arc<App>>) -> Response {
    json_of(StatusCode::OK, &json!({ "planned": app.faults.planned() }))
}

/// Plans a fault of the next requests.
async fn plan_fault(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let planned = serde_json::from_slice(&body).map_err(|error| error.to_string());
    let planned = planned.and_then(|planned: PlannedFault| match &planned.contract {
        Some(id) if app.service().contract(id).is_none() => Err(format!("no contract has the id {id}")),
        _ => app.faults.plan(planned),
    });
    match planned {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => json_of(StatusCode::BAD_REQUEST, &json!({ "error": error })),
    }
}

async fn reset(State(app): State<Arc<App>>) -> Response {
    app.journal.reset();
    app.faults.reset();
    app.service().reset();
    StatusCode::NO_CONTENT.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: Option<&str>, origin: Option<&str>, is_let_in: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in [(header::HOST, host), (header::ORIGIN, origin)] {
            for value in value.into_iter().flat_map(|value| value.split(' ')) {
                headers.append(name.clone(), value.parse().expect("a value"));
            }
        }
        assert_eq!(stranger(&headers).is_none(), is_let_in, "{host:?} {origin:?}");
    }

    #[test]
    fn only_programs_and_the_page_of_this_machine_are_let_in() {
        check(Some("localhost:4010"), None, true);
        check(Some("127.0.0.1:4010"), Some("http://127.0.0.1:4010"), true);
        check(Some("[::1]:4010"), None, true);
        check(None, None, true);
        check(Some("evil.example"), None, false);
        check(Some("localhost.evil.example"), None, false);
        check(Some("localhost:4010"), Some("http://localhost:3000"), false);
        check(Some("localhost:4010"), Some("https://evil.example"), false);
        check(Some("localhost:4010"), Some("null"), false);
        check(Some("localhost:4010"), Some("http://localhost:4010 http://evil.example"), false);
    }
}
