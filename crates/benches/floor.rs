//! The floor of a replay: the same bytes between a bare reqwest client and a bare hyper server.
//!
//! What goes over the wire is not made up but recorded: the engine sends each request to a server that only takes it down,
//! and the stub is asked for the response to it.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use graph_contracts::contract::Contract;
use graph_contracts::matching::CONTRACT_HEADER;
use graph_contracts::replay::Client;
use graph_contracts::store::Store;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, DATE, HOST, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Method, StatusCode};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::tasks::each;

/// A request and its response as they go over the wire.
#[derive(Clone, Debug)]
pub struct Exchange {
    method: Method,
    /// Path and query.
    target: String,
    headers: HeaderMap,
    body: Bytes,
    answer: Answer,
    /// The JSON that the contract documents, if it documents any.
    documented: Option<Value>,
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// The exchanges of each contract, on all its routes.
pub type Exchanges = Vec<Vec<Exchange>>;

/// Records what a replay of the contracts sends, and what the stub at that URL answers.
///
/// # Errors
///
/// When no port can be opened, or the stub cannot be asked.
pub async fn record(store: &Store, stub: &str) -> Result<Exchanges, Box<dyn Error>> {
    let taken: Arc<Mutex<Option<(Parts, Bytes)>>> = Arc::default();
    let recorder = {
        let taken = Arc::clone(&taken);
        Server::start(move |parts, body| {
            *taken.lock().unwrap_or_else(PoisonError::into_inner) = Some((parts, body));
            Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::new() }
        })?
    };
    let (engine, http) = (Client::new(&recorder.uri())?, bare_client()?);
    let mut exchanges = Vec::with_capacity(store.contracts.len());
    for contract in &store.contracts {
        let mut own = Vec::with_capacity(contract.routes.len());
        for route in &contract.routes {
            // What it is answered does not matter here; a path that cannot be sent at all sends nothing.
            engine.send(contract, &route.path).await.ok();
            let sent = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some((parts, body)) = sent {
                own.push(ask(&http, stub, parts, body, contract).await?);
            }
        }
        exchanges.push(own);
    }
    Ok(exchanges)
}

async fn ask(
    http: &reqwest::Client,
    stub: &str,
    parts: Parts,
    body: Bytes,
    contract: &Contract,
) -> Result<Exchange, Box<dyn Error>> {
    let mut headers = parts.headers;
    // These two are the client's own business.
    headers.remove(HOST);
    headers.remove(CONTENT_LENGTH);
    let target = parts.uri.to_string();
    let request = request(&parts.method, &format!("{stub}{target}").parse()?, &headers, &body);
    let response = http.execute(request).await?;
    let status = response.status();
    let mut answered = response.headers().clone();
    answered.remove(CONTENT_LENGTH);
    answered.remove(DATE);
    let answer = Answer { status, headers: answered, body: response.bytes().await? };
    let json = contract.response.body.as_ref().and_then(|body| body.as_json());
    // A response without content, such as one to HEAD, has no JSON whatever is documented.
    let documented = json.filter(|_| !answer.body.is_empty()).map(|json| json.to_value());
    Ok(Exchange { method: parts.method, target, headers, body, answer, documented })
}

fn request(method: &Method, url: &Url, headers: &HeaderMap, body: &Bytes) -> reqwest::Request {
    let mut request = reqwest::Request::new(method.clone(), url.clone());
    *request.headers_mut() = headers.clone();
    if !body.is_empty() {
        *request.body_mut() = Some(body.clone().into());
    }
    request
}

/// Requests to a server, and a bare server that gives the same answers from a map.
#[derive(Debug)]
pub struct Recorded {
    http: reqwest::Client,
    /// Each request to the server, and to the bare one, with the status of its answer.
    requests: Arc<Vec<[(reqwest::Request, StatusCode); 2]>>,
    _bare: Server,
}

impl Recorded {
    /// Sends each request once, and starts a bare server that answers as the server did.
    ///
    /// # Errors
    ///
    /// When no port can be opened, or the server cannot be asked.
    pub async fn of(requests: Vec<reqwest::Request>) -> Result<Recorded, Box<dyn Error>> {
        let http = bare_client()?;
        let mut answers: HashMap<String, Answer> = HashMap::new();
        let mut kept = Vec::with_capacity(requests.len());
        for request in requests {
            let sent = request.try_clone().ok_or("a request with a body that is streamed")?;
            let response = http.execute(sent).await?;
            let (status, mut headers) = (response.status(), response.headers().clone());
            headers.remove(CONTENT_LENGTH);
            headers.remove(DATE);
            // A number tells requests with the same URL apart.
            let key = kept.len().to_string();
            answers.insert(key.clone(), Answer { status, headers, body: response.bytes().await? });
            kept.push((request, status, key));
        }
        let bare = Server::start(move |parts, _| {
            let answer = parts.headers.get(NUMBER).and_then(|key| answers.get(key.to_str().unwrap_or_default()));
            answer.cloned().unwrap_or_else(|| Answer {
                status: StatusCode::NOT_FOUND,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            })
        })?;
        let uri = bare.uri();
        let both = kept.into_iter().map(|(mut request, status, key)| {
            request.headers_mut().insert(NUMBER, key.parse()?);
            let mut other = request.try_clone().ok_or("a request with a body that is streamed")?;
            let query = request.url().query().map(|query| format!("?{query}")).unwrap_or_default();
            *other.url_mut() = format!("{uri}{}{query}", request.url().path()).parse()?;
            Ok([(request, status), (other, status)])
        });
        let requests = Arc::new(both.collect::<Result<Vec<_>, Box<dyn Error>>>()?);
        Ok(Recorded { http, requests, _bare: bare })
    }

    /// Sends all requests to the server, a number of them at a time; gives how many answers are not the expected ones.
    pub async fn run(&self, concurrency: usize) -> usize {
        self.send(0, concurrency).await
    }

    /// The same to the bare server.
    pub async fn run_floor(&self, concurrency: usize) -> usize {
        self.send(1, concurrency).await
    }

    async fn send(&self, to: usize, concurrency: usize) -> usize {
        let send = |index: usize| {
            let (requests, http) = (Arc::clone(&self.requests), self.http.clone());
            async move {
                let (request, status) = &requests[index][to];
                let Some(request) = request.try_clone() else { return 1 };
                let Ok(response) = http.execute(request).await else { return 1 };
                let is_same = response.status() == *status;
                usize::from(!is_same || response.bytes().await.is_err())
            }
        };
        each(self.requests.len(), concurrency, send).await.into_iter().sum()
    }
}

/// What tells a bare server which answer to give.
const NUMBER: &str = "x-number";

/// A client with the settings of the engine's own.
fn bare_client() -> reqwest::Result<reqwest::Client> {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    http.timeout(Duration::from_secs(30)).build()
}

/// A bare server that has the answers, and a bare client that has the requests.
#[derive(Debug)]
pub struct Floor {
    http: reqwest::Client,
    contracts: Arc<Vec<Vec<Ready>>>,
    _server: Server,
}

/// An exchange of which nothing is left to prepare.
#[derive(Debug)]
struct Ready {
    url: Url,
    exchange: Exchange,
}

impl Floor {
    /// Starts the server and prepares the requests.
    ///
    /// # Errors
    ///
    /// When no port can be opened, or the client cannot be set up.
    pub fn start(exchanges: &Exchanges) -> Result<Floor, Box<dyn Error>> {
        let all = exchanges.iter().flatten();
        let named = all.filter_map(|exchange| Some((exchange.headers.get(CONTRACT_HEADER)?.clone(), exchange)));
        // A contract has the same response on all its routes.
        let answers: HashMap<HeaderValue, Answer> =
            named.map(|(name, exchange)| (name, exchange.answer.clone())).collect();
        let server = Server::start(move |parts, _| {
            let answer = parts.headers.get(CONTRACT_HEADER).and_then(|name| answers.get(name));
            answer.cloned().unwrap_or_else(|| Answer {
                status: StatusCode::NOT_FOUND,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            })
        })?;
        let uri = server.uri();
        let ready = |exchange: &Exchange| {
            Ok(Ready { url: format!("{uri}{}", exchange.target).parse()?, exchange: exchange.clone() })
        };
        let own = |own: &Vec<Exchange>| own.iter().map(ready).collect::<Result<Vec<Ready>, Box<dyn Error>>>();
        let contracts = exchanges.iter().map(own).collect::<Result<_, _>>()?;
        Ok(Floor { http: bare_client()?, contracts: Arc::new(contracts), _server: server })
    }

    /// Sends all requests, a number of them at a time, reads and parses the bodies and compares them with the documented
    /// ones. Gives how many responses are not the expected ones.
    pub async fn run(&self, concurrency: usize) -> usize {
        let contract = |index: usize| {
            let (contracts, http) = (Arc::clone(&self.contracts), self.http.clone());
            async move {
                let mut wrong = 0;
                for ready in &contracts[index] {
                    wrong += usize::from(!is_answered(&http, ready).await.unwrap_or(false));
                }
                wrong
            }
        };
        each(self.contracts.len(), concurrency, contract).await.into_iter().sum()
    }
}

async fn is_answered(http: &reqwest::Client, Ready { url, exchange }: &Ready) -> reqwest::Result<bool> {
    let response = http.execute(request(&exchange.method, url, &exchange.headers, &exchange.body)).await?;
    let same_status = response.status() == exchange.answer.status;
    let body = response.bytes().await?;
    let same_body = match &exchange.documented {
        Some(documented) => serde_json::from_slice::<Value>(&body).is_ok_and(|value| value == *documented),
        None => body == exchange.answer.body,
    };
    Ok(same_status && same_body)
}

/// A bare server on a thread of its own, as wiremock's is, until it is dropped.
#[derive(Debug)]
struct Server {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Server {
    fn start(answer: impl Fn(Parts, Bytes) -> Answer + Send + Sync + 'static) -> io::Result<Server> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    _ = accept(listener, Arc::new(answer)) => {}
                }
            });
        });
        Ok(Server { address, _stop: stop })
    }

    fn uri(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn accept(
    listener: std::net::TcpListener,
    answer: Arc<impl Fn(Parts, Bytes) -> Answer + Send + Sync + 'static>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let answer = Arc::clone(&answer);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let answer = Arc::clone(&answer);
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await?.to_bytes();
                let Answer { status, headers, body } = answer(parts, body);
                let mut response = hyper::Response::new(Full::new(body));
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok::<_, hyper::Error>(response)
            }
        });
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
