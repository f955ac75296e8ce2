//! From a request to its answer: what is of the server itself, and what is of Microsoft Graph.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use graph_contracts::url::is_version;
use graph_contracts_tenant::Engine;
use http::header::{self, HeaderName};
use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use tokio::task::spawn_blocking;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, AllowPrivateNetwork, CorsLayer, ExposeHeaders};
use tower_service::Service as _;

use crate::admin;
use crate::app::App;
use crate::body::{LARGE, Received, receive, too_long};
use crate::faults::{Fate, Fault};
use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::journal::Arrival;
use crate::links::{is_content, meant_path, without_empty_segments};
use crate::reply::Reply;
use crate::service::Service;
use crate::upstream;

/// What a connection stands for.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) scheme: &'static str,
    /// The host, where the proxy has intercepted one: whatever a request says.
    pub(crate) host: Option<String>,
}

/// What answers all requests.
pub(crate) fn router(app: Arc<App>) -> Router {
    let exposed: Vec<HeaderName> = EXPOSED.map(HeaderName::from_static).to_vec();
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::any())
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        // Pages of the public network may ask a server of this machine (W3C draft "Private Network Access").
        .allow_private_network(AllowPrivateNetwork::yes())
        .expose_headers(ExposeHeaders::list(exposed));
    let plain_options = middleware::from_fn_with_state(Arc::clone(&app), answer_plain_options);
    let graph = Router::new().fallback(graph).layer(cors).layer(plain_options).with_state(Arc::clone(&app));
    admin::router(app).fallback_service(graph)
}

/// Answers a request. Most of them are of programs, which have no origin, and are for Microsoft Graph.
pub(crate) async fn answer(app: &Arc<App>, router: &Router, request: Request) -> Response {
    let is_plain = !request.headers().contains_key(header::ORIGIN)
        && *request.method() != Method::OPTIONS
        && !request.uri().path().starts_with(admin::ADMIN);
    if is_plain {
        return graph(State(Arc::clone(app)), request).await;
    }
    // A router is always ready.
    let Ok(response) = router.clone().call(request).await;
    response
}

/// Header fields that a script of another origin may read.
const EXPOSED: [&str; 11] = [
    "location",
    "retry-after",
    "etag",
    "preference-applied",
    "www-authenticate",
    "request-id",
    "client-request-id",
    "content-range",
    "x-graph-contract",
    "x-graph-source",
    "x-graph-notes",
];

/// An OPTIONS that is no preflight of a browser asks what Microsoft Graph has there (Fetch standard, "CORS-preflight request").
async fn answer_plain_options(app: State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_preflight = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if *request.method() == Method::OPTIONS && !is_preflight {
        graph(app, request).await
    } else {
        next.run(request).await
    }
}

async fn graph(State(app): State<Arc<App>>, request: Request) -> Response {
    let (at, start) = (Timestamp::now(), Instant::now());
    let (parts, body) = request.into_parts();
    let version = parts.version;
    let base_url = base_url(parts.extensions.get::<Origin>(), &parts.headers, &app.url);
    // As it was written, for who reads it next.
    let target = app.upstream.as_ref().and(parts.uri.path_and_query()).map(ToString::to_string);
    let mut incoming = Incoming {
        method: parts.method,
        path: without_empty_segments(meant_path(parts.uri.path(), &base_url)).into_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        base_url,
        ..Incoming::default()
    };
    let service = app.service();
    let mut reply = match received(&app, &service, &incoming, body).await {
        Err(refusal) => refusal,
        Ok((received, fate)) => {
            let Received { bytes, left_out, file, rest } = received;
            (incoming.body, incoming.left_out, incoming.file) = (bytes, left_out, file);
            if app.upstream.is_none()
                && let Some(reply) = app.sign_in.answer(&incoming, service.contracts())
            {
                let arrival = Arrival { at, took: start.elapsed(), version };
                app.journal.push(arrival, &incoming.redacted(), &Reply::new(reply.status)).await;
                return response(reply, &incoming.method);
            }
            match fate.unwrap_or_else(|| fate_of(&app, &service, &incoming)) {
                Ok(latency) => {
                    wait(latency).await;
                    match &app.upstream {
                        Some(own) => {
                            upstream::answer(own.as_ref(), target.unwrap_or_default(), &mut incoming, rest).await
                        }
                        None => answered(&app, &service, &mut incoming).await,
                    }
                }
                Err(faulty) => {
                    wait(faulty.0).await;
                    faulty.1
                }
            }
        }
    };
    if app.upstream.is_none()
        && let Some(id) = incoming.headers.get("client-request-id")
    {
        reply.headers.insert("client-request-id", id.clone());
    }
    reply.say();
    app.journal.push(Arrival { at, took: start.elapsed(), version }, &incoming, &reply).await;
    response(reply, &incoming.method)
}

/// The answer to a request. One to a large body takes its time, in which others are answered.
async fn answered(app: &Arc<App>, service: &Arc<Service>, incoming: &mut Incoming) -> Reply {
    let large = Arc::clone(&app.large);
    // The semaphore is never closed.
    let is_large = incoming.body.len() > LARGE && incoming.left_out == 0;
    let turn = if is_large { large.acquire_owned().await.ok() } else { None };
    let Some(turn) = turn else { return service.answer(incoming, |own| fault(app, service, own)) };
    let (app, service, request) = (Arc::clone(app), Arc::clone(service), std::mem::take(incoming));
    let answering = spawn_blocking(move || {
        let reply = service.answer(&request, |own| fault(&app, &service, own));
        drop(turn);
        (request, reply)
    });
    match answering.await {
        Ok((request, reply)) => {
            *incoming = request;
            reply
        }
        Err(_) => Reply::broken(),
    }
}

/// The fault of a request within a batch.
fn fault(app: &App, service: &Service, request: &Incoming) -> Option<Reply> {
    match app.faults.within(request, || service.contract_of(request)) {
        Ok(fault) => fault.map(Fault::reply),
        Err(wrong) => Some(no_fault(&wrong)),
    }
}

/// The refusal of a request that asks for what is no fault.
fn no_fault(wrong: &str) -> Reply {
    graph_error(StatusCode::BAD_REQUEST, "BadRequest", wrong)
}

/// How long the answer to a request takes; with the fault, if there is one instead.
type Lot = Result<Duration, Box<(Duration, Reply)>>;

/// What happens to a request before it is answered.
fn fate_of(app: &App, service: &Service, request: &Incoming) -> Lot {
    match app.faults.fate(request, || service.contract_of(request)) {
        Ok(Fate { latency, fault: None }) => Ok(latency),
        Ok(Fate { latency, fault: Some(own) }) => Err(Box::new((latency, own.reply()))),
        Err(wrong) => Err(Box::new((Duration::ZERO, no_fault(&wrong)))),
    }
}

async fn wait(latency: Duration) {
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
}

/// The body of a request, with what happens to the request if that is known already; or its refusal. A client that asks before it sends its body need not
/// send one that nothing is done with (RFC 9110 section 10.1.1).
async fn received(
    app: &App,
    service: &Service,
    request: &Incoming,
    body: Body,
) -> Result<(Received, Option<Lot>), Reply> {
    let asks = request.header("expect").is_some_and(|own| own.eq_ignore_ascii_case("100-continue"));
    let files = service.files();
    // Whoever signs in has no token yet.
    let first = request.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let is_for_graph = is_version(first) || is_content(&request.path) || Engine::is_preauthenticated(&request.path);
    let mut fate = None;
    if asks && let Some(refusal) = too_long(request, &files) {
        return Err(refusal);
    }
    if asks && is_for_graph {
        if let Some(refusal) = service.refused_by_head(request) {
            return Err(refusal);
        }
        match fate_of(app, service, request) {
            Ok(latency) => fate = Some(Ok(latency)),
            Err(faulty) => {
                wait(faulty.0).await;
                return Err(faulty.1);
            }
        }
    }
    Ok((receive(request, body, &files).await?, fate))
}

/// The mark of a response that is never sent: the connection breaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Broken;

/// Where the client thinks that it is: at the host that the connection stands for, or else at the one in `Host` (RFC 9110 section 7.2).
fn base_url(origin: Option<&Origin>, headers: &HeaderMap, url: &str) -> String {
    let stated = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| !host.is_empty());
    match origin.and_then(|origin| Some((origin.scheme, origin.host.as_deref().or(stated)?))) {
        Some((scheme, host)) => format!("{scheme}://{host}"),
        None => url.to_owned(),
    }
}

fn response(reply: Reply, method: &Method) -> Response {
    let (status, is_broken) = (reply.status, reply.account.is_broken);
    // A response to HEAD says how long the content of GET would be, and has none (RFC 9110 section 9.3.2); hyper does the same for 204 and 304.
    let length = reply.length().filter(|length| *length > 0 && (*method == Method::HEAD || reply.rest.is_some()));
    let mut headers = reply.headers.clone();
    let content = if *method == Method::HEAD { Body::empty() } else { reply.into_content() };
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    let mut response = Response::new(content);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if is_broken {
        response.extensions_mut().insert(Broken);
    }
    response
}
