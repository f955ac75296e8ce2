//! Nothing that a client sent is written but what the documentation has, and no token at all.

use graph_contracts_traffic::Expectations;
use serde_json::{Value, json};

use crate::{Call, call, document, verify};

const SECRETS: [&str; 5] = ["s3cret", "ann@contoso.com", "Salaries", "87d349ed", "hunter2"];

fn calls() -> Vec<Call> {
    vec![
        call(0.0, "GET /v1.0/people/ann@contoso.com/lamps?$filter=mail eq 's3cret'", 404, &Value::Null),
        call(1.0, "GET /v1.0/lamps/87d349ed/Salaries2026", 404, &json!({ "error": { "message": "ann@contoso.com" } })),
        call(2.0, "POST /v1.0/lamps", 400, &Value::Null).sending(&json!({ "name": ["hunter2"], "watts": "s3cret" })),
        call(3.0, "GET /v1.0/lamps/7", 200, &json!({ "id": 7, "name": ["ann@contoso.com"], "hunter2@x": 1 }))
            .with("Authorization", "Bearer s3cret"),
        call(4.0, "GET /v1.0/lamps?hint=hunter2", 200, &json!({ "value": [{ "id": ["87d349ed"] }] }))
            .with("If-Match", "s3cret"),
        Call { entry: json!({ "request": { "method": ["s3cret"], "url": "hunter2" } }) },
    ]
}

#[test]
fn nothing_that_was_sent_is_written() {
    let found = verify(&calls(), Expectations::default());
    let (_, document) = document(&found);
    let written = document.to_string();
    for secret in SECRETS {
        assert!(!written.contains(secret), "{secret}: {document:#}");
    }
    assert!(document["outcomes"].as_array().is_some_and(|own| own.len() >= 5), "{document:#}");
}
