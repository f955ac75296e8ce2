//! How real pages document HTTP pairs: each page in `tests/pages/dialects` is written for one habit of their authors.

use std::fmt::Write as _;
use std::sync::Arc;

use graph_contracts::contract::{Body, Contract, PageName, TypeIndex, build};
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules};
use graph_contracts::page::Page;
use graph_contracts::replay::{Client, Outcome, judge};
use graph_contracts::store::Store;
use graph_contracts::stub::Stub;

use graph_contracts_testing::project;

/// What a page gives: a line for each contract, then its defects as `code@line`, but for missing permissions.
fn outline(name: &str) -> (String, Vec<Contract>) {
    let text = std::fs::read_to_string(project("tests/pages/dialects").join(name)).expect(name);
    let page = Page::parse(name, &text);
    let built = build(&page, &PageName::of(&page), &TypeIndex::default());
    let mut shown = String::new();
    for (kind, contract) in &built.contracts {
        let Contract { id, request, response, routes, source, .. } = contract;
        let kind_of = |body: &Option<Body>| match body {
            None => "-",
            Some(Body::Json(_)) => "json",
            Some(Body::Text(_)) => "text",
            Some(Body::Bytes(_)) => "bytes",
        };
        let headers: Vec<&str> = request.headers.iter().map(|header| header.name.as_str()).collect();
        let routes: Vec<&str> = routes.iter().map(|route| route.path.as_str()).collect();
        let kind = format!("{kind:?}").to_lowercase();
        let _ = writeln!(
            shown,
            "{kind} {id}: {}@{} ({}) {} -> {}@{} {} on {}",
            request.method,
            source.request.line,
            headers.join(" "),
            kind_of(&request.body),
            response.status,
            source.response.line,
            kind_of(&response.body),
            routes.join(" "),
        );
    }
    for diagnostic in built.diagnostics.iter().filter(|diagnostic| diagnostic.code.name() != "permissions-not-stated") {
        let _ = writeln!(shown, "{}@{}", diagnostic.code, diagnostic.line);
    }
    (shown, built.contracts.into_iter().map(|(_, contract)| contract).collect())
}

/// The page gives that, and every contract of it replays as documented.
#[track_caller]
fn check(name: &str, expected: &[&str]) {
    let (shown, contracts) = outline(name);
    assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(replay(contracts));
}

async fn replay(mut contracts: Vec<Contract>) {
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    let store = Arc::new(Store::new(contracts, rules));
    let stub = Stub::serve(Arc::clone(&store)).await.expect("a stub");
    let client = Client::new(&stub.uri()).expect("a client");
    for contract in &store.contracts {
        let normalization = NormalizationPlan::new(contract, &store.rules, Level::Exact).expect("valid rules");
        for route in &contract.routes {
            let exchange = client.send(contract, &route.path).await.expect("a response");
            let outcome = judge(&normalization, &route.path, &exchange.response, None);
            assert_eq!(outcome.outcome, Outcome::Matched, "{:?}", outcome.mismatches);
        }
    }
}

#[test]
fn byte_order_mark_and_crlf() {
    check(
        "byte-order-mark-and-crlf.md",
        &[
            "pair v1.0/get-box: GET@15 () - -> 200@23 json on /boxes/{id}",
            "pair v1.0/get-box--example-2-by-another-id: GET@33 () - -> 404@39 - on /boxes/{id}",
        ],
    );
}

#[test]
fn every_body() {
    check(
        "every-body.md",
        &[
            "pair v1.0/convert-box: GET@13 () - -> 200@16 text on /boxes/{id}/content",
            "pair v1.0/convert-box--2: GET@24 () - -> 200@27 text on /boxes/{id}/content",
            "pair v1.0/convert-box--a-redirect-then-csv: GET@35 () - -> 302@38 - on /boxes/{id}/content",
            "extra v1.0/convert-box--a-redirect-then-csv--response-2: GET@35 () - -> 200@42 text on /boxes/{id}/content",
            "pair v1.0/convert-box--4: PUT@51 (Content-Type) bytes -> 200@57 bytes on /boxes/{id}/content",
            "pair v1.0/convert-box--5: PUT@65 (Content-Type) text -> 202@75 - on /boxes/{id}/content",
        ],
    );
}

#[test]
fn headers_after_blank_line() {
    check(
        "headers-after-blank-line.md",
        &[
            "pair v1.0/assign-action: POST@11 (Content-type Content-length) json -> 204@23 - on /devices/{deviceId}/assign",
            "headers-after-blank-line@13",
        ],
    );
}

#[test]
fn headers_after_body() {
    check(
        "headers-after-body.md",
        &[
            "pair v1.0/create-box: POST@10 (Authorization Content-type) json -> 204@18 - on /boxes",
            "no-blank-line-before-body@11",
            "headers-after-body@14",
        ],
    );
}

#[test]
fn nested_and_hidden() {
    check("nested-and-hidden.md", &["pair v1.0/track-boxes: GET@13 () - -> 200@17 json on /boxes/delta"]);
}

#[test]
fn no_blank_line_before_body() {
    check(
        "no-blank-line-before-body.md",
        &[
            "pair v1.0/create-box: POST@10 (Content-Type) json -> 201@17 json on /boxes",
            "no-blank-line-before-body@12",
            "no-blank-line-before-body@19",
        ],
    );
}

#[test]
fn relative_target() {
    check(
        "relative-target.md",
        &[
            "pair unversioned/get-item: GET@15 () - -> 200@21 json on /me/drive/items/{item-id} /me/drive/root:/{item-path}",
        ],
    );
}

#[test]
fn appended_segments() {
    check(
        "appended-segments.md",
        &[
            "pair v1.0/list-crates: GET@15 () - -> 200@19 text on /crates/$count",
            "pair v1.0/list-crates--example-2-those-with-a-lid: GET@28 () - -> 200@32 json on /users/{id}/crates/microsoft.graph.lidCrate",
            "pair v1.0/list-crates--example-3-all: GET@41 () - -> 200@45 json on /crates",
        ],
    );
}

#[test]
fn business_service() {
    check(
        "business-service.md",
        &[
            "pair v2.0/create-crate: POST@18 (Content-Type) json -> 201@27 json on /halls({id})/crates",
            "no-status-line@27",
        ],
    );
}

#[test]
fn request_without_method() {
    check(
        "request-without-method.md",
        &[
            "pair v1.0/create-crate: POST@43 (Content-Type) json -> 201@50 json on /crates",
            "start-line-not-valid@14",
            "start-line-not-valid@30",
            "start-line-slip@43",
            "start-line-slip@50",
        ],
    );
}

#[test]
fn response_without_status_line() {
    check(
        "response-without-status-line.md",
        &[
            "pair v1.0/abfrage-ausführen: POST@18 (Content-Type) json -> 200@27 json on /crates/query",
            "no-status-line@27",
        ],
    );
}

#[test]
fn zones() {
    check(
        "zones.md",
        &[
            "pair v1.0/crates-usage: GET@26 () - -> 200@42 text on /crates/usage",
            "pair v1.0/crates-usage--2: GET@34 () - -> 200@53 json on /crates/usage",
        ],
    );
}

#[test]
fn shared_response() {
    check(
        "shared-response.md",
        &[
            "shared v1.0/get-drive: GET@14 () - -> 200@24 json on /drives/{id}",
            "pair v1.0/get-drive--2: GET@19 () - -> 200@24 json on /me/drive",
        ],
    );
}

#[test]
fn swallowed_response() {
    check(
        "swallowed-response.md",
        &[
            "pair v1.0/list-boxes: GET@10 () - -> 200@12 - on /boxes",
            "pair v1.0/list-boxes--another-example: GET@18 () - -> 200@22 json on /boxes",
            "text-after-message@11",
        ],
    );
}

#[test]
fn tabs_as_headings() {
    check(
        "tabs-as-headings.md",
        &[
            "pair v1.0/get-box: GET@15 () - -> 200@23 json on /boxes/{id}",
            "pair v1.0/get-box--example-2-by-another-id: GET@33 () - -> 404@39 - on /boxes/{id}",
        ],
    );
}

#[test]
fn translated() {
    check(
        "translated.md",
        &["pair beta/create-box: POST@42 (Content-type Authorization Accept) json -> 201@56 json on /boxes"],
    );
}

#[test]
fn wrapped_target() {
    check(
        "wrapped-target.md",
        &[
            "pair v1.0/get-boxes-by-ids: GET@10 () - -> 200@15 json on /boxes/getByIds(ids=[\"Ids value\"]) /boxes/getByIds",
            "url-matches-no-template@10",
        ],
    );
}
