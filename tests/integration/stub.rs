//! The stub answers a documented request as documented, and says of any other what is wrong with it.

use std::sync::Arc;

use graph_contracts::contract::Contract;
use graph_contracts::http::Limits;
use graph_contracts::matching::{CONTRACT_HEADER, REFUSED, Refusal};
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::replay::{Client, Outcome, replay_contracts};
use graph_contracts::store::Store;
use graph_contracts::stub::Stub;
use reqwest::{Method, RequestBuilder, Response};

use graph_contracts_testing::{TestResult, contracts_of_page, contracts_of_text, project};

const PATH: &str = "/v1.0/sites/s1/lockers/l1/open?$select=open";
const BODY: &str = r#"{"doors": [1, 2], "until": "2024-05-06T07:08:09Z", "code": 42}"#;

async fn stub_of(mut contracts: Vec<Contract>) -> Stub {
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    Stub::serve(Arc::new(Store::new(contracts, rules))).await.expect("a stub")
}

async fn stub() -> Stub {
    stub_of(contracts_of_page("open-locker.md").into_iter().chain(contracts_of_page("get-label.md")).collect()).await
}

/// The documented request of the page, to be made wrong.
fn right(stub: &Stub, path: &str) -> RequestBuilder {
    reqwest::Client::new()
        .post(format!("{}{path}", stub.uri()))
        .bearer_auth("secret-token")
        .header("Accept", "application/json, text/plain")
        .header("Content-Type", "application/json; charset=utf-8")
        .header("If-Match", "W/\"123\"")
}

async fn refusal(response: Response) -> Refusal {
    assert_eq!(response.status().as_u16(), REFUSED);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = response.bytes().await.expect("a body");
    assert!(!String::from_utf8_lossy(&body).contains("secret-token"), "the token must not appear");
    Refusal::from_body(&body).expect("an explanation")
}

/// Sends a wrong request, and expects exactly these differences from the page's first contract.
async fn check(request: RequestBuilder, expected: &[&str]) {
    let refusal = refusal(request.send().await.expect("a response")).await;
    assert_eq!(refusal.nearest_id(), Some("v1.0/open-locker"));
    let source = refusal.nearest.as_ref().map(|nearest| nearest.source.to_string());
    assert_eq!(source.as_deref(), Some("open-locker.md:30"));
    let differences: Vec<String> = refusal.differences.iter().map(ToString::to_string).collect();
    assert_eq!(differences, expected);
    assert!(expected.iter().all(|difference| refusal.message().contains(difference)));
}

#[tokio::test]
async fn a_documented_request_is_answered_as_documented() -> TestResult {
    let stub = stub().await;
    let response = right(&stub, PATH).body(BODY).send().await?;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["x-graph-contract"], "v1.0/open-locker");
    assert_eq!(response.headers()["x-graph-source"], "open-locker.md:30");
    assert_eq!(response.text().await?, "{\n  \"open\": true\n}");
    Ok(())
}

#[tokio::test]
async fn every_route_is_served() -> TestResult {
    let stub = stub().await;
    for path in [PATH, "/v1.0/lockers/l1/open?$select=open", "/v1.0/lockers/l1/open/?$select=open"] {
        assert_eq!(right(&stub, path).body(BODY).send().await?.status(), 200, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_is_the_same_in_parentheses_and_in_a_segment() -> TestResult {
    let stub = stub().await;
    for path in [
        "/v1.0/sites/s1/lockers('l1')/open?$select=open",
        "/v1.0/sites('s1')/lockers/l1/open?$select=open",
        "/v1.0/lockers(%27l1%27)/open?$select=open",
    ] {
        assert_eq!(right(&stub, path).body(BODY).send().await?.status(), 200, "{path}");
    }
    let request = right(&stub, "/v1.0/sites/s1/boxes('l1')/open?$select=open").body(BODY);
    let refusal = refusal(request.send().await?).await;
    assert_eq!(
        refusal.differences.first().map(ToString::to_string).as_deref(),
        Some("path segment 4: expected lockers, got boxes('l1')")
    );
    Ok(())
}

#[tokio::test]
async fn the_url_of_an_example_is_answered_although_its_template_is_another() -> TestResult {
    let page = "# Get item\n\n## HTTP request\n\n```http\nGET /me/drive/items/{item-id}\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/me/drive/root\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    let contracts = contracts_of_text("item-get.md", page);
    assert_eq!(contracts[0].routes[0].path, "/me/drive/items/{item-id}");
    let stub = stub_of(contracts).await;
    for path in ["/v1.0/me/drive/root", "/v1.0/me/drive/items/7"] {
        let request = reqwest::Client::new().get(format!("{}{path}", stub.uri())).bearer_auth("any");
        assert_eq!(request.send().await?.status(), 204, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_path_is_named_by_its_segment() {
    let stub = stub().await;
    let request = right(&stub, "/v1.0/sites/s1/boxes/l1/open?$select=open").body(BODY);
    check(request, &["path segment 4: expected lockers, got boxes"]).await;
    let request = right(&stub, "/v1.0/sites/s1/lockers/l1/open/wide?$select=open").body(BODY);
    check(request, &["path segment 7: expected nothing, got wide"]).await;
}

#[tokio::test]
async fn a_wrong_method_or_query_is_named() {
    let stub = stub().await;
    let mut request = right(&stub, PATH).body(BODY).build().expect("a request");
    *request.method_mut() = Method::PUT;
    let request = RequestBuilder::from_parts(reqwest::Client::new(), request);
    check(request, &["method: expected POST, got PUT"]).await;
    let request = right(&stub, "/v1.0/sites/s1/lockers/l1/open?$select=closed&$top=1").body(BODY);
    check(request, &["query $select: expected open, got closed", "query $top: expected nothing, got 1"]).await;
    let request = right(&stub, "/v1.0/sites/s1/lockers/l1/open?$select=open&$select=closed").body(BODY);
    check(request, &["query $select: expected nothing, got closed"]).await;
    let request = right(&stub, "/v1.0/sites/s1/lockers/l1/open").body(BODY);
    check(request, &["query $select: expected open, got nothing"]).await;
}

#[tokio::test]
async fn missing_and_wrong_headers_are_named() {
    let stub = stub().await;
    let request = reqwest::Client::new().post(format!("{}{PATH}", stub.uri())).body(BODY);
    check(
        request,
        &[
            "header Content-Type: expected application/json, got nothing",
            "header If-Match: expected W/\"{etag}\", got nothing",
            "header Authorization: expected Bearer {token}, got nothing",
        ],
    )
    .await;
    let request = reqwest::Client::new()
        .post(format!("{}{PATH}", stub.uri()))
        .header("Authorization", "Basic secret-token")
        .header("Accept", "text/html, application/json;q=0")
        .header("Content-Type", "text/plain")
        .header("If-Match", "123")
        .body(BODY);
    check(
        request,
        &[
            "header Content-Type: expected application/json, got text/plain",
            "header If-Match: expected W/\"{etag}\", got 123",
            "header Authorization: expected Bearer {token}, got something else",
            "header Accept: expected application/json, got text/html, application/json;q=0",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_wrong_body_is_named_by_json_path() {
    let stub = stub().await;
    let body = r#"{"code": "Integer", "until": null, "doors": [1, 3], "more": {}}"#;
    check(
        right(&stub, PATH).body(body),
        &[
            "$['until']: expected \"2024-05-06T07:08:09Z\", got null",
            "$['doors'][1]: expected 2, got 3",
            "$['more']: expected nothing, got {}",
        ],
    )
    .await;
    check(
        right(&stub, PATH).body(r#"{"code": 1.5, "until": "2024-05-06T07:08:09Z", "doors": [1, 2]}"#),
        &["$['code']: expected \"Integer\", got 1.5"],
    )
    .await;
    let documented = "{\"code\":\"Integer\",\"until\":\"2024-05-06T07:08:09Z\",\"doors\":[1,2]}";
    check(right(&stub, PATH), &[&format!("body: expected {documented}, got no body")]).await;
    check(right(&stub, PATH).body("{"), &["body: expected JSON, got unterminated object at line 1, column 1"]).await;
}

#[tokio::test]
async fn contracts_with_the_same_request_never_disturb_each_other() -> TestResult {
    let contracts = contracts_of_page("open-locker.md");
    let ids: Vec<&str> = contracts.iter().map(|contract| contract.id.as_str()).collect();
    let second = "v1.0/open-locker--example-2-the-locker-opens-with-a-delay";
    assert_eq!(ids, ["v1.0/open-locker", "v1.0/open-locker--response-2", second]);
    let stub = stub().await;
    for (id, status, body) in
        [(ids[0], 200, "{\n  \"open\": true\n}"), (ids[1], 202, ""), (ids[2], 200, "{\n  \"open\": false\n}")]
    {
        let response = right(&stub, PATH).header(CONTRACT_HEADER, id).body(BODY).send().await?;
        assert_eq!((response.status().as_u16(), response.text().await?.as_str()), (status, body), "{id}");
    }
    // A client of one's own, which knows nothing of contracts, gets the first documented answer.
    assert_eq!(right(&stub, PATH).body(BODY).send().await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_request_for_another_contract_than_the_one_it_names_is_refused() -> TestResult {
    let stub = stub().await;
    let response = right(&stub, PATH).header(CONTRACT_HEADER, "v1.0/get-label").body(BODY).send().await?;
    assert_eq!(refusal(response).await.nearest_id(), Some("v1.0/get-label"));
    let response = right(&stub, PATH).header(CONTRACT_HEADER, "v1.0/nowhere").body(BODY).send().await?;
    let refusal = refusal(response).await;
    assert_eq!(refusal.differences.last().map(|difference| difference.actual.as_str()), Some("v1.0/nowhere"));
    Ok(())
}

#[tokio::test]
async fn the_stub_starts_from_a_folder() -> TestResult {
    let stub = Stub::start(project("contracts")).await?;
    let store = Store::read(&project("contracts"))?;
    for contract in &store.contracts {
        let exchange = Client::new(&stub.uri())?.send(contract, &contract.routes[0].path).await?;
        assert_eq!(exchange.response.status, contract.response.status, "{}", contract.id);
    }
    assert!(Stub::start(project("tests/pages")).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_requests_at_a_time_are_answered() -> TestResult {
    let store = Arc::new(Store::read(&project("contracts"))?);
    let stub = Stub::serve(Arc::clone(&store)).await?;
    let client = Client::for_stub(&stub, Limits::default())?;
    // The stub mounts its mock anew after some hundred requests; none may come in between.
    let all: Vec<usize> = (0..store.contracts.len()).cycle().take(2000).collect();
    let outcomes = replay_contracts(&store, &all, &client, None, 64, |_| {}).await;
    let broken = outcomes.iter().find(|contract| contract.outcome() != Outcome::Matched);
    assert!(broken.is_none(), "{broken:?}");
    Ok(())
}
