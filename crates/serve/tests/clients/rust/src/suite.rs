//! Calls of a client, each with the contract that has to answer it and the values that the client has to see. What came of each call is written
//! to standard output, one JSON object a line.

use std::error::Error;

use serde_json::{Value, json};

pub(crate) type Done = Result<(), Box<dyn Error>>;

pub(crate) fn url() -> String {
    std::env::var("GRAPH_URL").expect("GRAPH_URL")
}

/// What the server says of itself; tells it something, if there is a body.
async fn admin(name: &str, body: Option<Value>) -> Value {
    let address = format!("{}/__graph-contracts/{name}", url());
    let client = reqwest::Client::new();
    let request = match body {
        Some(body) => client.post(address).body(body.to_string()),
        None => client.get(address),
    };
    request.send().await.expect("the server answers").json().await.unwrap_or(Value::Null)
}

/// The requests that the server has answered.
async fn journal() -> Vec<Value> {
    admin("requests", None).await["requests"].as_array().cloned().unwrap_or_default()
}

/// Makes one call: `action` uses the client, and says what is not as it should be. `contracts` are the pages that have to answer its requests, in
/// order; an empty name is a request that none may answer.
pub(crate) async fn call(name: &str, contracts: &[&str], action: impl AsyncFnOnce() -> Done) {
    let before = journal().await.len();
    let error = action().await.err().map(|error| error.to_string());
    let requests = journal().await.split_off(before);
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

/// Fails unless `actual` has what `expected` has, which may leave members out.
pub(crate) fn has(actual: &Value, expected: &Value) -> Done {
    same(&picked(actual, expected), expected)
}

fn picked(actual: &Value, expected: &Value) -> Value {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            let own = |name: &String| actual.get(name).cloned().unwrap_or(Value::Null);
            expected.iter().map(|(name, value)| (name.clone(), picked(&own(name), value))).collect()
        }
        (Value::Array(actual), Value::Array(expected)) if actual.len() == expected.len() => {
            actual.iter().zip(expected).map(|(actual, expected)| picked(actual, expected)).collect()
        }
        _ => actual.clone(),
    }
}

/// The values of a member of each element.
pub(crate) fn each(body: &Value, name: &str) -> Value {
    body["value"].as_array().into_iter().flatten().map(|item| item[name].clone()).collect()
}

/// Plans a fault of the next request.
pub(crate) async fn fault(fault: &str) {
    admin("faults", Some(json!({ "fault": fault }))).await;
}

/// The body of a contract's documented response: alone where the page shows it within `value`, with the links that lead to the server, and without
/// annotations and what only says where a value would be.
pub(crate) fn documented(contract: &str) -> Value {
    let folder = std::env::var("GRAPH_CONTRACTS").expect("GRAPH_CONTRACTS");
    let text = std::fs::read_to_string(format!("{folder}/v1.0/{contract}.json")).expect("a contract");
    let contract: Value = serde_json::from_str(&text).expect("JSON");
    let body = &contract["response"]["body"]["json"];
    shown(if body["value"].is_object() { &body["value"] } else { body })
}

fn shown(value: &Value) -> Value {
    let is_shown =
        |name: &str, own: &Value| !name.contains('@') && !own.as_str().is_some_and(|text| text.ends_with("-value"));
    match value {
        Value::Array(items) => items.iter().map(shown).collect(),
        Value::Object(members) => {
            let own = members.iter().filter(|(name, own)| is_shown(name, own));
            own.map(|(name, own)| (name.clone(), shown(own))).collect()
        }
        Value::String(text) => match text.strip_prefix("https://graph.microsoft.com/") {
            Some(path) => format!("{}/{path}", url()).into(),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}
