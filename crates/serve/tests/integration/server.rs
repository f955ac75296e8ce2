//! A server of contracts that tests make.

use std::sync::Arc;

use graph_contracts::contract::Contract;
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::store::Store;
use graph_contracts_serve::{ServeOptions, Server};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;

/// Contracts as they are served.
pub(crate) fn store(mut contracts: Vec<Contract>) -> Arc<Store> {
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    Arc::new(Store::new(contracts, rules))
}

/// Serves contracts on a free port.
pub(crate) async fn serve(contracts: Vec<Contract>, options: ServeOptions) -> Server {
    let options = ServeOptions { port: 0, ..options };
    Server::start(store(contracts), options).await.expect("a server")
}

/// A request with a token.
pub(crate) fn request(server: &Server, method: &str, target: &str) -> RequestBuilder {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    client.request(method, format!("{}{target}", server.url())).bearer_auth("any")
}

/// A request with JSON.
pub(crate) fn with_json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request.header("content-type", "application/json").body(body.to_string())
}

/// Sends a request line, and gives the answer with its JSON.
pub(crate) async fn ask(server: &Server, line: &str) -> (u16, Value) {
    let (method, target) = line.split_once(' ').expect("method and target");
    json_of(request(server, method, target).send().await.expect("an answer")).await
}

/// The status and the JSON of an answer; null for one that has none.
pub(crate) async fn json_of(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}
