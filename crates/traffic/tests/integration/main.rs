//! Traffic of a client, judged by pages of its own.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod expected;
mod faults;
mod long;
mod privacy;
mod privileges;

use std::collections::BTreeSet;
use std::sync::Arc;

use graph_contracts::contract::Cloud;
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::store::Store;
use graph_contracts_odata::check::{MetadataText, read_all};
use graph_contracts_testing::{contracts_of_text, project};
use graph_contracts_traffic::{Expectations, Judge, Kind, Question, Verification, Verifier, read, report};
use serde_json::{Value, json};

/// The contracts of this test's pages.
pub(crate) fn store() -> Arc<Store> {
    let mut contracts = Vec::new();
    for version in ["beta", "v1.0"] {
        let folder = project("crates/traffic/tests/pages").join(version);
        let mut pages: Vec<_> =
            std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
        pages.sort();
        for page in pages {
            let text = std::fs::read_to_string(&page).expect("a page");
            let name = format!("{version}/{}", page.file_name().expect("a name").to_string_lossy());
            contracts.extend(contracts_of_text(&name, &text));
        }
    }
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
    Arc::new(Store::new(contracts, rules))
}

/// A request at a second, and its answer.
pub(crate) struct Call {
    pub(crate) entry: Value,
}

pub(crate) fn call(second: f64, line: &str, status: u16, answer: &Value) -> Call {
    let (method, url) = line.split_once(' ').expect("method and URL");
    let url = if url.starts_with('/') { format!("https://graph.microsoft.com{url}") } else { url.to_owned() };
    #[expect(clippy::cast_possible_truncation, reason = "a test has few seconds")]
    let at = jiff::Timestamp::from_millisecond(1_767_225_600_000 + (second * 1e3) as i64).expect("a time");
    let text = if answer.is_null() { String::new() } else { answer.to_string() };
    let headers = if answer.is_null() {
        json!([{ "name": "date", "value": "now" }])
    } else {
        json!([{ "name": "content-type", "value": "application/json" }])
    };
    Call {
        entry: json!({
            "startedDateTime": at.to_string(),
            "time": 10,
            "request": {
                "method": method, "url": url, "httpVersion": "h2",
                "headers": [
                    { "name": ":authority", "value": "graph.microsoft.com" },
                    { "name": "accept", "value": "application/json" },
                    { "name": "client-request-id", "value": "c" },
                ],
                "bodySize": -1,
            },
            "response": { "status": status, "headers": headers, "content": { "size": text.len(), "mimeType": "application/json", "text": text } },
        }),
    }
}

impl Call {
    pub(crate) fn sending(mut self, body: &Value) -> Call {
        self.entry["request"]["postData"] = json!({ "mimeType": "application/json", "text": body.to_string() });
        self.with("content-type", "application/json")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Call {
        let headers = self.entry["request"]["headers"].as_array_mut().expect("fields");
        headers.push(json!({ "name": name, "value": value }));
        self
    }

    pub(crate) fn answering(mut self, name: &str, value: &str) -> Call {
        let headers = self.entry["response"]["headers"].as_array_mut().expect("fields");
        headers.push(json!({ "name": name, "value": value }));
        self
    }
}

pub(crate) fn lamp() -> Value {
    json!({ "id": "7", "name": "hall", "watts": 60, "isOn": false })
}

pub(crate) fn archive(calls: &[Call]) -> String {
    let entries: Vec<&Value> = calls.iter().map(|call| &call.entry).collect();
    json!({ "log": { "version": "1.2", "creator": { "name": "a browser" }, "entries": entries } }).to_string()
}

/// What is found of these calls.
pub(crate) fn verify(calls: &[Call], expectations: Expectations) -> Verification {
    let store = store();
    let text = std::fs::read_to_string(project("crates/traffic/tests/metadata.xml")).expect("metadata");
    let texts = [MetadataText { cloud: Cloud::Global, version: "v1.0".to_owned(), name: "v1.0.xml".to_owned(), text }];
    let metadata = read_all(&texts).expect("metadata");
    let judge = Judge::new(Arc::clone(&store), &metadata, &[], false);
    let mut verifier = Verifier::new(judge, expectations);
    read("a.har", "", archive(calls).as_bytes(), &mut |record| verifier.add(&record)).expect("an archive");
    verifier.end()
}

/// Everything that is found but for what differs as the rules allow, a line each: kind, requests, page and line.
pub(crate) fn lines(found: &Verification) -> Vec<String> {
    let all = found.operations.iter().flat_map(|own| &own.findings).chain(&found.whole);
    let all = all.filter(|own| !matches!(own.found.kind, Kind::Difference | Kind::Unknown));
    let mut lines: Vec<String> = all
        .map(|own| {
            let source = own.found.source.as_ref().map(ToString::to_string).unwrap_or_default();
            let parts = [own.found.kind.name().to_owned(), own.numbers.join(","), source];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        })
        .collect();
    lines.sort();
    lines
}

/// The report on these calls, with what counts by default.
pub(crate) fn document(found: &Verification) -> (u8, Value) {
    let store = store();
    let denied: BTreeSet<Kind> = Kind::deniable().filter(|kind| kind.is_denied_by_default()).collect();
    let question = Question { of: "a.har".to_owned(), denied, ..Question::default() };
    let report = report(found, &store, &question);
    (report.exit_code, report.document.clone())
}
