//! Nothing that a client sent is written but what the documentation has, and no token at all.

use graph_contracts_traffic::Expectations;
use serde_json::{Value, json};

use crate::{Call, call, document, verify};

const SECRETS: [&str; 6] = ["s3cret", "ann@contoso.com", "Salaries", "87d349ed", "hunter2", "annsmith"];

fn calls() -> Vec<Call> {
    vec![
        call(0.0, "GET /v1.0/people/ann@contoso.com/lamps?$filter=mail eq 's3cret'", 404, &Value::Null),
        call(1.0, "GET /v1.0/lamps/87d349ed/Salaries2026", 404, &json!({ "error": { "message": "ann@contoso.com" } })),
        call(2.0, "POST /v1.0/lamps", 400, &Value::Null).sending(&json!({ "name": ["hunter2"], "watts": "s3cret" })),
        call(3.0, "GET /v1.0/lamps/7", 200, &json!({ "id": 7, "name": ["ann@contoso.com"], "hunter2@x": 1 }))
            .with("Authorization", "Bearer s3cret"),
        call(4.0, "GET /v1.0/lamps?hint=hunter2", 200, &json!({ "value": [{ "id": ["87d349ed"] }] }))
            .with("If-Match", "s3cret"),
        // A name is one, too, wherever it stands.
        call(5.0, "ANNSMITH /v1.0/lamps", 405, &Value::Null),
        call(6.0, "GET /v1.0/annSmith/lamps", 404, &Value::Null),
        call(7.0, "GET /v1.0/lamps/annSmith/annSmith", 404, &Value::Null),
        call(8.0, "GET /v1.0/lamps?annSmith=1&$select=annSmith&$expand=annSmith", 200, &json!({ "value": [] })),
        call(9.0, "POST /v1.0/lamps", 400, &Value::Null)
            .sending(&json!({ "name": "a", "annSmith": { "annSmith": 1 } })),
        call(10.0, "GET /v1.0/lamps/7", 200, &json!({ "id": "7", "annSmith": 1 }))
            .with("Accept", "application/annSmith")
            .with("Prefer", "annSmith=annSmith")
            .with("ConsistencyLevel", "annSmith")
            .answering("Sunset", "annSmith")
            .answering("Deprecation", "annSmith"),
        call(11.0, "POST /v1.0/lamps", 400, &Value::Null)
            .sending(&json!({ "name": "a" }))
            .with("Content-Type", "application/annSmith"),
        call(12.0, "GET /v1.0/sockets?$search=a&$count=true", 200, &json!({ "value": [] }))
            .with("lookup-level", "annSmith"),
        Call { entry: json!({ "request": { "method": ["s3cret"], "url": "hunter2" } }) },
    ]
}

#[test]
fn nothing_that_was_sent_is_written() {
    let found = verify(&calls(), Expectations::default());
    let (_, document) = document(&found);
    let written = document.to_string();
    for secret in SECRETS {
        assert!(!written.to_lowercase().contains(&secret.to_lowercase()), "{secret}: {document:#}");
    }
    assert!(document["outcomes"].as_array().is_some_and(|own| own.len() >= 5), "{document:#}");
}
