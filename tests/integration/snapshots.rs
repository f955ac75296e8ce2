//! A normal form is the same after it was written to a snapshot, cut at its end as insta does, and read again.

use graph_contracts::compare::{Context, Reference, compare};
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalForm, NormalizationPlan, VolatileRules};
use graph_contracts::store::Store;

use graph_contracts_testing::{TestResult, contracts_of_page, contracts_of_text, project};

/// A page whose response has that media type and body.
fn page(media_type: &str, body: &str) -> String {
    format!(
        "# Get\n```\nGET https://graph.microsoft.com/v1.0/a\n```\n```\nHTTP/1.1 200 OK\nContent-Type: {media_type}\n\n{body}\n```\n"
    )
}

#[test]
fn every_form_survives_its_snapshot() -> TestResult {
    let mut contracts = Store::read(&project("contracts"))?.contracts;
    for name in ["list-lockers.md", "open-locker.md", "get-label.md"] {
        contracts.extend(contracts_of_page(name));
    }
    for (media_type, body) in [
        ("application/json", r#"{"id": "abcdefghij", "deviceId": "abcdefghij", "x": "a abcdefghij b"}"#),
        ("application/json", r#"{"id": "abcdefghij", "x": "[string:1]", "y": "\\\\[guid] [string"}"#),
        ("application/json", r#"{"a": "\u001b[31m \u202e", "b": " "}"#),
        ("application/json", "893"),
        ("text/plain", "hello  "),
        ("text/plain", "hello\u{a0}"),
        ("text/plain", "a\n\nHTTP 200\n\n| b"),
        ("text/plain", "\u{1b}[31m\\u001b"),
        ("image/png", "bytes"),
    ] {
        contracts.extend(contracts_of_text("get.md", &page(media_type, body)));
    }
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES)?;
    for contract in &contracts {
        let form = NormalizationPlan::new(contract, &rules, Level::Exact)?.documented().clone();
        let read = NormalForm::parse(form.to_string().trim_end())?;
        let found = compare(&read, &form, Reference::Snapshot, &mut Context::new(contract));
        assert_eq!(found.mismatches, [], "{form}");
    }
    Ok(())
}
