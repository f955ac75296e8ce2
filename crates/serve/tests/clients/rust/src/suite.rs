//! Calls of a client, each with the contract that has to answer it and the values that the client has to see. What came of each call is written
//! to standard output, one JSON object a line.

use std::error::Error;

use serde_json::{Value, json};

pub(crate) type Done = Result<(), Box<dyn Error>>;

pub(crate) fn url() -> String {
    std::env::var("GRAPH_URL").expect("GRAPH_URL")
}

/// The journal of the server, in the place of which it is forgotten with `POST`.
async fn journal(name: &str, is_post: bool) -> Value {
    let address = format!("{}/__graph-contracts/{name}", url());
    let client = reqwest::Client::new();
    let request = if is_post { client.post(address) } else { client.get(address) };
    request.send().await.expect("the server answers").json().await.unwrap_or(Value::Null)
}

/// Makes one call: `action` uses the client, and says what is not as it should be. `contracts` are the pages that have to answer its requests, in
/// order; an empty name is a request that none may answer.
pub(crate) async fn call(name: &str, contracts: &[&str], action: impl AsyncFnOnce() -> Done) {
    journal("reset", true).await;
    let error = action().await.err().map(|error| error.to_string());
    let answered = journal("requests", false).await;
    let requests = answered["requests"].as_array().cloned().unwrap_or_default();
    let within = requests.iter().flat_map(|one| match one["within"].as_array() {
        Some(within) => within.clone(),
        None => vec![one.clone()],
    });
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let expected = contracts.iter().map(|id| (!id.is_empty()).then(|| format!("v1.0/{id}")));
    let line = json!({
        "call": name,
        "expected": expected.collect::<Vec<_>>(),
        "contracts": within.map(|one| one["contract"].clone()).collect::<Vec<_>>(),
        "requests": requests
            .iter()
            .map(|one| format!("{} {} {}", text(&one["method"]), text(&one["url"]), one["status"]))
            .collect::<Vec<_>>(),
        "error": error,
    });
    println!("{line}");
}

/// Fails unless both are equal.
pub(crate) fn same(actual: &Value, expected: &Value) -> Done {
    if actual == expected { Ok(()) } else { Err(format!("expected {expected}, got {actual}").into()) }
}
