//! The sandbox: a tenant that has what the contracts are about, answers as they say, and deviates where it is told to.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use graph_contracts::compare::{MismatchKind, Severity};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json::{Json, parse};
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules};
use graph_contracts::replay::judge;
use graph_contracts::store::Store;
use graph_contracts_tenant::{Logged, Sandbox, SandboxOptions};
use reqwest::{Client, Method, RequestBuilder, Response};

use graph_contracts_testing::{TestResult, contracts_of_page, contracts_of_text, project};

/// A page for each of the five operations, and what else pages have.
const PAGES: [(&str, &str); 9] = [
    (
        "create-note",
        r##"# Create note
## HTTP request
```http
POST /users/{id}/notes
POST /me/notes
```
## Response body
|Property|Type|Description|
|:---|:---|:---|
|id|String|The id.|
|subject|String|The subject.|
|importance|String|Possible values are: `low`, `normal`, `high`.|
|size|Int32|The size.|
|createdDateTime|DateTimeOffset|When it was created.|
|author|identity|Who wrote it.|
## Example
```http
POST https://graph.microsoft.com/v1.0/users/{id}/notes
Content-Type: application/json

{ "@odata.type": "#microsoft.graph.note", "subject": "Milk", "importance": "low", "pin": "1234" }
```
```http
HTTP/1.1 201 Created
Content-Type: application/json
Location: https://graph.microsoft.com/v1.0/me/notes/1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e

{
  "@odata.type": "#microsoft.graph.note",
  "id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e",
  "self": "/notes/1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e",
  "subject": "Milk",
  "importance": "low",
  "size": 12,
  "createdDateTime": "2017-01-01T00:02:49Z",
  "author": { "id": "5f4e3d2c-5f4e-3d2c-1b0a-5f4e3d2c1b0a", "name": "Ada" }
}
```
"##,
    ),
    (
        "list-notes",
        r##"# List notes
## HTTP request
```http
GET /users/{id}/notes
```
## Example
```http
GET https://graph.microsoft.com/v1.0/users/{id}/notes
```
```http
HTTP/1.1 200 OK
Content-Type: application/json

{ "value": [{ "id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "subject": "Milk", "importance": "low" }] }
```
"##,
    ),
    (
        "get-note",
        r##"# Get note
## HTTP request
```http
GET /users/{id}/notes/{noteId}
```
## Example
```http
GET https://graph.microsoft.com/v1.0/users/{id}/notes/{noteId}
```
```http
HTTP/1.1 200 OK
Content-Type: application/json

{ "id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "subject": "Milk", "importance": "low", "color": "blue" }
```
"##,
    ),
    (
        "update-note",
        r##"# Update note
## HTTP request
```http
PATCH /users/{id}/notes/{noteId}
```
## Example
```http
PATCH https://graph.microsoft.com/v1.0/users/{id}/notes/{noteId}
Content-Type: application/json

{ "subject": "Bread" }
```
```http
HTTP/1.1 200 OK
Content-Type: application/json

{ "id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "subject": "Bread", "importance": "low" }
```
"##,
    ),
    (
        "delete-note",
        r##"# Delete note
## HTTP request
```http
DELETE /users/{id}/notes/{noteId}
```
## Example
```http
DELETE https://graph.microsoft.com/v1.0/users/{id}/notes/{noteId}
```
```http
HTTP/1.1 204 No Content
```
"##,
    ),
    (
        "share-note",
        r##"# Share note
## HTTP request
```http
POST /users/{id}/notes/{noteId}/share
```
## Example
```http
POST https://graph.microsoft.com/v1.0/users/{id}/notes/{noteId}/share
Content-Type: application/json

{ "with": "Ada" }
```
```http
HTTP/1.1 202 Accepted
```
"##,
    ),
    (
        "get-settings",
        r##"# Get settings
## HTTP request
```http
GET /users/{id}/settings
PATCH /users/{id}/settings
```
## Example
```http
GET https://graph.microsoft.com/v1.0/users/{id}/settings
```
```http
HTTP/1.1 200 OK
Content-Type: application/json

{ "language": "en", "limit": 9 }
```
## Example 2
```http
PATCH https://graph.microsoft.com/v1.0/users/{id}/settings
Content-Type: application/json

{ "language": "fr" }
```
```http
HTTP/1.1 204 No Content
```
"##,
    ),
    (
        "get-tag",
        r##"# Get tag
## HTTP request
```http
GET /tags('{name}')
```
## Example
```http
GET https://graph.microsoft.com/v1.0/tags('AAMkAGI2TG93')
```
```http
HTTP/1.1 200 OK
Content-Type: application/json

{ "value": { "@odata.type": "#microsoft.graph.tag", "id": "AAMkAGI2TG93", "name": "red" } }
```
"##,
    ),
    (
        "get-none",
        r##"# Get none
## HTTP request
```http
GET /tags('{name}')/none
```
## Example
```http
GET https://graph.microsoft.com/v1.0/tags('AAMkAGI2TG93')/none
```
```http
HTTP/1.1 404 Not Found
Content-Type: application/json

{ "error": { "code": "notFound", "message": "None." } }
```
"##,
    ),
];

const QUIET: SandboxOptions = SandboxOptions { drift: false, latency: Duration::ZERO, throttle_every: None };

fn notes() -> Arc<Store> {
    let mut contracts: Vec<Contract> =
        PAGES.iter().flat_map(|(name, text)| contracts_of_text(&format!("{name}.md"), text)).collect();
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    Arc::new(Store::new(contracts, rules))
}

fn own() -> Arc<Store> {
    Arc::new(Store::read(&project("contracts")).expect("the project's contracts"))
}

async fn start(store: &Arc<Store>, options: SandboxOptions) -> Sandbox {
    Sandbox::start(Arc::clone(store), options).await.expect("a sandbox")
}

fn request(sandbox: &Sandbox, method: &str, path: &str) -> RequestBuilder {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", sandbox.uri()) };
    Client::new().request(method, url).bearer_auth(sandbox.token())
}

async fn json(response: Response) -> Json {
    let content_type = response.headers()["content-type"].to_str().expect("text").to_owned();
    assert!(content_type.starts_with("application/json;odata.metadata=minimal"), "{content_type}");
    parse(&response.text().await.expect("a body")).expect("JSON").json
}

async fn call(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> (u16, Json) {
    let mut request = request(sandbox, method, path);
    if !body.is_empty() {
        request = request.header("Content-Type", "application/json").body(body.to_owned());
    }
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    (status, if response.headers().contains_key("content-type") { json(response).await } else { Json::Null })
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    let text = json.get(name).and_then(Json::as_str);
    assert!(text.is_some(), "{json} has no {name}");
    text.unwrap_or_default()
}

fn items(json: &Json) -> &[Json] {
    let items = match json.get("value") {
        Some(Json::Array(items)) => Some(items.as_slice()),
        _ => None,
    };
    items.expect("a collection")
}

/// The id of the first object of a collection.
async fn first(sandbox: &Sandbox, collection: &str) -> String {
    let (status, body) = call(sandbox, "GET", &format!("{collection}?$top=1&$select=id"), "").await;
    assert_eq!((status, items(&body).len()), (200, 1), "{collection}: {body}");
    text(&items(&body)[0], "id").to_owned()
}

/// Fills the parameters of a route: with the first object of each collection on the way, which is created if missing.
async fn resolve(sandbox: &Sandbox, store: &Store, version: &str, route: &str) -> String {
    let mut path = format!("/{version}");
    for segment in route.trim_matches('/').split('/') {
        if !segment.starts_with('{') {
            path = format!("{path}/{segment}");
            continue;
        }
        let creates = |contract: &&Contract| {
            let routes = contract.routes.iter().map(|route| route.path.trim_end_matches('/'));
            let end = path.rsplit('/').next().unwrap_or_default();
            let mut routes = routes.filter(|route| route.ends_with(&format!("/{end}")));
            contract.request.method == "POST"
                && contract.api_version.as_deref() == Some(version)
                && routes.next().is_some()
        };
        let (_, listed) = call(sandbox, "GET", &format!("{path}?$top=1&$select=id"), "").await;
        let id = match store.contracts.iter().find(creates) {
            Some(contract) if items(&listed).is_empty() => {
                let body = contract.request.body.as_ref().expect("a body").to_text();
                text(&call(sandbox, "POST", &path, &body).await.1, "id").to_owned()
            }
            _ => text(&items(&listed)[0], "id").to_owned(),
        };
        path = format!("{path}/{id}");
    }
    path
}

/// A contract with values where the page only has the names of types.
fn filled(contract: &Contract) -> Contract {
    let mut contract = contract.clone();
    for body in [&mut contract.request.body, &mut contract.response.body].into_iter().flatten() {
        let text = body.to_text().replace("\"Integer\"", "5");
        let text = text.replace("\"String (timestamp)\"", "\"2024-05-06T07:08:09Z\"");
        *body = Body::Json(parse(&text).expect("JSON").json);
    }
    contract.request.placeholders.clear();
    contract.response.placeholders.clear();
    contract
}

/// Sends a contract's request, and judges the answer by shape: the errors, and all of it to be shown.
///
/// A type that the request states and the page shows again is not one of them: the service leaves it out where it is the
/// declared one (OData JSON Format 4.01 section 4.6.3), and so does the sandbox.
async fn judged(sandbox: &Sandbox, store: &Store, contract: &Contract, route: &str) -> (Vec<String>, String) {
    let version = contract.api_version.as_deref().expect("a version");
    let path = resolve(sandbox, store, version, route).await;
    let contract = &filled(contract);
    let mut request = request(sandbox, &contract.request.method, &path);
    if let Some(body) = &contract.request.body {
        request = request.header("Content-Type", "application/json").body(body.to_text());
    }
    let response = request.send().await.expect("a response");
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a body").to_vec();
    let shown = format!("{status} {}", String::from_utf8_lossy(&body));
    let received = ReceivedResponse { status, headers, body };
    let normalization = NormalizationPlan::new(contract, &store.rules, Level::Shape).expect("the rules are valid");
    let outcome = judge(&normalization, route, &received, None);
    let errors = outcome.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error);
    let errors = errors.filter(|mismatch| {
        mismatch.kind != MismatchKind::MissingMember || !mismatch.at.to_string().ends_with("['@odata.type']")
    });
    let errors = errors.map(|mismatch| format!("{:?} {}", mismatch.kind, mismatch.at)).collect();
    (errors, format!("{}: {shown}\n{outcome:#?}", contract.id))
}

#[tokio::test]
async fn the_projects_contracts_agree_with_the_sandbox() -> TestResult {
    let store = own();
    let sandbox = start(&store, QUIET).await;
    for contract in &store.contracts {
        for route in &contract.routes {
            let (errors, shown) = judged(&sandbox, &store, contract, &route.path).await;
            assert!(errors.is_empty(), "{errors:?} {shown}");
        }
    }
    let left = sandbox.left();
    assert!(left.len() >= store.contracts.len(), "{left:?}");
    for url in left.iter().rev() {
        let response = request(&sandbox, "DELETE", url).send().await?;
        assert!(matches!(response.status().as_u16(), 204 | 404), "{url}");
    }
    assert_eq!(sandbox.left(), Vec::<String>::new());
    assert!(sandbox.drifts().is_empty());
    Ok(())
}

#[tokio::test]
async fn contracts_of_every_operation_agree_with_the_sandbox() {
    let store = notes();
    let sandbox = start(&store, QUIET).await;
    for contract in store.contracts.iter().filter(|contract| contract.response.status < 400) {
        if contract.routes[0].path.contains('(') {
            continue;
        }
        let (errors, shown) = judged(&sandbox, &store, contract, &contract.routes[0].path).await;
        assert!(errors.is_empty(), "{errors:?} {shown}");
    }
}

#[tokio::test]
async fn an_object_lives_from_creation_to_deletion() -> TestResult {
    let sandbox = start(&notes(), QUIET).await;
    let user = first(&sandbox, "/v1.0/users").await;
    let notes = format!("/v1.0/users/{user}/notes");
    assert!(items(&call(&sandbox, "GET", &notes, "").await.1).is_empty(), "clients create notes, so there are none");

    let sent = r##"{ "@odata.type": "#microsoft.graph.note", "subject": "Eggs", "importance": "high", "pin": "77" }"##;
    let response = request(&sandbox, "POST", &notes).body(sent).send().await?;
    assert_eq!(response.status(), 201);
    let location = response.headers()["location"].to_str()?.to_owned();
    let made = json(response).await;
    let id = text(&made, "id").to_owned();
    assert_eq!(location, format!("{}/v1.0/me/notes/{id}", sandbox.uri()));
    assert_eq!(
        text(&made, "@odata.context"),
        format!("{}/v1.0/$metadata#users('{user}')/notes/$entity", sandbox.uri())
    );
    assert_eq!((text(&made, "subject"), text(&made, "importance")), ("Eggs", "high"));
    assert_eq!(text(&made, "self"), format!("/notes/{id}"));
    assert!(made.get("@odata.type").is_none() && made.get("pin").is_none(), "{made}");
    assert_ne!(id, "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e");
    assert_ne!(made.get("size").map(Json::to_string).as_deref(), Some("12"));
    assert!(text(&made, "createdDateTime") > "2020");
    let author = made.get("author").expect("an author");
    assert_ne!((text(author, "id"), text(author, "name")), ("5f4e3d2c-5f4e-3d2c-1b0a-5f4e3d2c1b0a", "Ada"));

    let note = format!("{notes}/{id}");
    let (status, read) = call(&sandbox, "GET", &note, "").await;
    assert_eq!((status, text(&read, "subject"), text(&read, "id")), (200, "Eggs", id.as_str()));
    assert_eq!(read, call(&sandbox, "GET", &note, "").await.1);
    assert_eq!(read, call(&sandbox, "GET", &format!("/v1.0/users('{user}')/notes('{id}')"), "").await.1);
    let (status, updated) = call(&sandbox, "PATCH", &note, r#"{ "subject": "Flour", "id": "mine" }"#).await;
    assert_eq!((status, text(&updated, "subject"), text(&updated, "id")), (200, "Flour", id.as_str()));
    let (_, listed) = call(&sandbox, "GET", &format!("{notes}?$count=true"), "").await;
    assert_eq!((items(&listed).len(), text(&items(&listed)[0], "subject")), (1, "Flour"));
    assert_eq!(listed.get("@odata.count").map(Json::to_string).as_deref(), Some("1"));
    assert_eq!(call(&sandbox, "POST", &format!("{note}/share"), r#"{ "with": "Bob" }"#).await, (202, Json::Null));
    assert_eq!(sandbox.left(), [format!("{}{note}", sandbox.uri())]);
    assert_eq!(call(&sandbox, "DELETE", &note, "").await, (204, Json::Null));
    assert_eq!(sandbox.left(), Vec::<String>::new());
    for (method, path) in [("GET", &note), ("DELETE", &note), ("POST", &format!("{note}/share"))] {
        let (status, error) = call(&sandbox, method, path, "{}").await;
        assert_eq!(status, 404, "{method} {path}");
        assert_eq!(text(error.get("error").expect("an error"), "code"), "Request_ResourceNotFound");
    }
    Ok(())
}

#[tokio::test]
async fn a_resource_without_a_key_is_read_and_changed() {
    let sandbox = start(&notes(), QUIET).await;
    let settings = format!("/v1.0/users/{}/settings", first(&sandbox, "/v1.0/users").await);
    let (status, before) = call(&sandbox, "GET", &settings, "").await;
    assert_eq!(status, 200);
    assert_eq!(call(&sandbox, "PATCH", &settings, r#"{ "language": "pt" }"#).await, (204, Json::Null));
    let (_, after) = call(&sandbox, "GET", &settings, "").await;
    assert_eq!((text(&after, "language"), after.get("limit")), ("pt", before.get("limit")));
    assert!(sandbox.left().is_empty());
}

#[tokio::test]
async fn what_no_client_can_create_is_there() {
    let sandbox = start(&notes(), QUIET).await;
    let tag = first(&sandbox, "/v1.0/tags").await;
    assert!(tag.len() == "AAMkAGI2TG93".len() && tag != "AAMkAGI2TG93", "{tag}");
    let (status, body) = call(&sandbox, "GET", &format!("/v1.0/tags('{tag}')"), "").await;
    assert_eq!((status, text(body.get("value").expect("the wrapper"), "id")), (200, tag.as_str()));
    // An error cannot be provoked.
    assert_eq!(call(&sandbox, "GET", &format!("/v1.0/tags/{tag}/none"), "").await.0, 204);
    let sandbox = start(&own(), QUIET).await;
    let book = first(&sandbox, "/v1.0/deviceAppManagement/managedEBooks").await;
    // Both versions show the same tenant, and a second run the same ids.
    assert_eq!(book, first(&sandbox, "/beta/deviceappmanagement/managedebooks").await);
    assert_eq!(book, first(&start(&own(), QUIET).await, "/v1.0/deviceAppManagement/managedEBooks").await);
    assert!(sandbox.left().is_empty());
}

#[track_caller]
fn assert_error(body: &Json, code: &str) {
    let error = body.get("error").expect("an error");
    assert_eq!(text(error, "code"), code);
    assert!(!text(error, "message").is_empty());
    let inner = error.get("innerError").expect("an inner error");
    assert!(!text(inner, "request-id").is_empty() && text(inner, "date") > "2020");
}

#[tokio::test]
async fn wrong_requests_are_refused_as_odata_errors() -> TestResult {
    let sandbox = start(&notes(), QUIET).await;
    let notes = format!("/v1.0/users/{}/notes", first(&sandbox, "/v1.0/users").await);
    let cases = [
        ("GET", "/v1.0/nothing", "", 404, "ResourceNotFound"),
        ("GET", "/", "", 404, "ResourceNotFound"),
        ("GET", "/v1.0", "", 404, "ResourceNotFound"),
        ("POST", "/v1.0/users/unknown/notes", "{}", 404, "Request_ResourceNotFound"),
        ("GET", "/v1.0/users/unknown/settings", "", 404, "Request_ResourceNotFound"),
        ("PUT", notes.as_str(), "{}", 405, "Request_BadRequest"),
        ("DELETE", notes.as_str(), "", 405, "Request_BadRequest"),
        ("POST", "/v1.0/users", "{}", 405, "Request_BadRequest"),
        ("POST", notes.as_str(), "", 400, "BadRequest"),
        ("POST", notes.as_str(), "{", 400, "BadRequest"),
        ("POST", notes.as_str(), "[]", 400, "BadRequest"),
    ];
    for (method, path, body, status, code) in cases {
        let (actual, error) = call(&sandbox, method, path, body).await;
        assert_eq!(actual, status, "{method} {path} {body}");
        assert_error(&error, code);
    }
    let response = request(&sandbox, "PUT", &notes).send().await?;
    assert_eq!(response.headers()["allow"], "GET, POST");
    let large = format!("{{\"subject\": \"{}\"}}", "x".repeat(5 << 20));
    assert_eq!(call(&sandbox, "POST", &notes, &large).await.0, 413);
    for path in ["/v1.0/%FF%00", "/v1.0/users('", "/v1.0/users(')')/notes", "/v1.0/%2e%2e//users/%27"] {
        assert_eq!(call(&sandbox, "GET", path, "").await.0, 404, "{path}");
    }
    assert_eq!(call(&sandbox, "GET", "/v1.0/users?$top=-1&$skip=99999999999999999999&$select=,&&=", "").await.0, 200);
    Ok(())
}

#[tokio::test]
async fn tokens_are_needed_and_come_from_the_endpoint() -> TestResult {
    let sandbox = start(&own(), QUIET).await;
    let path = format!("{}/v1.0/deviceAppManagement/managedEBooks", sandbox.uri());
    let tampered = sandbox.token().replacen("eyJ", "eyK", 1);
    for field in ["", "Bearer", "Bearer nonsense", "Basic YTpi", &format!("Bearer {tampered}")] {
        let response = Client::new().get(&path).header("Authorization", field).send().await?;
        assert_eq!(response.status(), 401, "{field}");
        assert!(response.headers().contains_key("www-authenticate"));
        assert_error(&json(response).await, "InvalidAuthenticationToken");
    }
    let ask = |form: &'static str| {
        let request = Client::new().post(sandbox.token_endpoint());
        request.header("Content-Type", "application/x-www-form-urlencoded").body(form).send()
    };
    let response = ask(
        "grant_type=client_credentials&client_id=me&client_secret=s&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
    );
    let response = response.await?;
    assert_eq!(response.status(), 200);
    let answer: serde_json::Value = serde_json::from_slice(&response.bytes().await?)?;
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&"Bearer".into(), &3599.into()));
    let token = answer["access_token"].as_str().expect("a token");
    let payload = token.split('.').nth(1).expect("a payload");
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload)?;
    let claims: serde_json::Value = serde_json::from_slice(&claims)?;
    assert_eq!((claims["tid"].as_str(), claims["appid"].as_str()), (Some(sandbox.tenant()), Some("me")));
    let roles = ["DeviceManagementApps.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All"];
    assert_eq!(claims["roles"], serde_json::json!(roles));
    assert!(claims["exp"].as_i64() > claims["iat"].as_i64());
    assert_eq!(Client::new().get(&path).bearer_auth(token).send().await?.status(), 200);
    for (form, status, error) in [
        ("", 400, "invalid_request"),
        ("grant_type=password&client_id=me", 400, "unsupported_grant_type"),
        ("grant_type=client_credentials&client_secret=s", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=me", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=me&client_secret=s&scope=User.Read", 400, "invalid_scope"),
    ] {
        let response = ask(form).await?;
        assert_eq!(response.status(), status, "{form}");
        let answer: serde_json::Value = serde_json::from_slice(&response.bytes().await?)?;
        assert_eq!(answer["error"], error);
    }
    let elsewhere = sandbox.token_endpoint().replace(sandbox.tenant(), "elsewhere");
    assert_eq!(Client::new().post(elsewhere).send().await?.status(), 400);
    assert_eq!(Client::new().get(sandbox.token_endpoint()).send().await?.status(), 405);
    Ok(())
}

#[tokio::test]
async fn requests_have_ids_and_are_logged() -> TestResult {
    let sandbox = start(&notes(), QUIET).await;
    let response = request(&sandbox, "GET", "/v1.0/users?$top=1").header("client-request-id", "mine").send().await?;
    assert_eq!(response.headers()["client-request-id"], "mine");
    assert_eq!(response.headers()["request-id"].len(), 36);
    call(&sandbox, "GET", "/v1.0/nothing", "").await;
    let logged = |path: &str, status| Logged { method: "GET".to_owned(), path: path.to_owned(), status };
    assert_eq!(sandbox.log(), [logged("/v1.0/users?$top=1", 200), logged("/v1.0/nothing", 404)]);
    Ok(())
}

#[tokio::test]
async fn every_so_manyth_request_is_throttled_and_each_takes_its_time() -> TestResult {
    let latency = Duration::from_millis(5);
    let options = SandboxOptions { latency, throttle_every: Some(3), drift: false };
    let sandbox = start(&notes(), options).await;
    let mut waits = Vec::new();
    for number in 1..=12 {
        let start = std::time::Instant::now();
        let response = request(&sandbox, "GET", "/v1.0/users").send().await?;
        assert!(start.elapsed() >= latency);
        assert_eq!(response.status() == 429, number % 3 == 0, "{number}");
        if response.status() == 429 {
            let wait = response.headers().get("retry-after").map(|wait| wait.to_str().expect("text").to_owned());
            waits.push(wait.unwrap_or_default());
            assert_error(&json(response).await, "TooManyRequests");
        }
    }
    assert_eq!(waits, ["0.05", "", "0.05", "0.1"]);
    Ok(())
}

#[tokio::test]
async fn drift_shows_in_named_ways() {
    let store = own();
    let sandbox = start(&store, SandboxOptions { drift: true, ..QUIET }).await;
    let names: Vec<&str> = sandbox.drifts().iter().map(|drift| drift.name).collect();
    assert_eq!(names, ["enum-added", "type-changed", "status-changed", "echo-changed", "null-instead-of-value"]);
    let drifting: BTreeSet<String> = sandbox.drifts().into_iter().flat_map(|drift| drift.contracts).collect();
    assert_eq!(drifting.len(), store.contracts.len());
    let expected = [
        ["Enum $['installState']"],
        ["Type $['successDeviceCount']"],
        ["Status status"],
        ["Value $['userName']"],
        ["Null $['pendingCount']"],
    ];
    for (contract, expected) in store.contracts.iter().zip(expected) {
        let (errors, shown) = judged(&sandbox, &store, contract, &contract.routes[0].path).await;
        assert_eq!(errors, expected, "{shown}");
    }
    // What drifts can still be deleted.
    assert!(sandbox.left().len() >= store.contracts.len());
    for url in sandbox.left() {
        assert!(matches!(
            request(&sandbox, "DELETE", &url).send().await.expect("a response").status().as_u16(),
            200 | 204 | 404
        ));
    }
    assert!(sandbox.left().is_empty());
}

#[tokio::test]
async fn every_way_to_drift_is_a_mismatch() {
    let all = notes();
    let mut seen = BTreeSet::new();
    // Each contract gets the next way, so other beginnings show other ways.
    for skipped in 0..all.contracts.len() {
        let contracts = all.contracts.iter().cycle().skip(skipped).take(all.contracts.len()).cloned().collect();
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
        let store = Arc::new(Store::new(contracts, rules));
        let sandbox = start(&store, SandboxOptions { drift: true, ..QUIET }).await;
        for drift in sandbox.drifts() {
            for id in &drift.contracts {
                let contract = store.contracts.iter().find(|contract| contract.id == *id).expect("the contract");
                if contract.routes[0].path.contains('(') || contract.request.method == "DELETE" {
                    continue;
                }
                let (errors, shown) = judged(&sandbox, &store, contract, &contract.routes[0].path).await;
                assert!(!errors.is_empty(), "{}: {shown}", drift.name);
                seen.insert(drift.name);
            }
        }
    }
    assert!(seen.len() >= 6, "{seen:?}");
}

#[tokio::test]
async fn pages_of_other_kinds_are_answered() -> TestResult {
    let pages = ["get-label.md", "list-lockers.md", "open-locker.md"];
    let mut contracts: Vec<Contract> = pages.iter().flat_map(|page| contracts_of_page(page)).collect();
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    let sandbox = start(&Arc::new(Store::new(contracts, rules)), QUIET).await;
    let label = first(&sandbox, "/v1.0/labels").await;
    let response = request(&sandbox, "GET", &format!("/v1.0/labels/{label}/text")).send().await?;
    assert_eq!(response.headers()["content-type"], "text/plain");
    assert!(response.text().await?.starts_with("First line\n"));
    assert_eq!(call(&sandbox, "DELETE", &format!("/v1.0/labels/{label}"), "").await.0, 204);
    assert_eq!(call(&sandbox, "GET", &format!("/v1.0/labels/{label}/text"), "").await.0, 404);
    let site = first(&sandbox, "/v1.0/sites").await;
    let locker = first(&sandbox, &format!("/v1.0/sites/{site}/lockers")).await;
    let body = r#"{ "doors": [1, 2], "until": "2024-05-06T07:08:09Z", "code": 42 }"#;
    let (status, opened) = call(&sandbox, "POST", &format!("/v1.0/sites/{site}/lockers/{locker}/open"), body).await;
    assert_eq!((status, opened.get("open")), (200, Some(&Json::Bool(false))));
    assert!(sandbox.left().is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_collection_leads_to_the_next() -> TestResult {
    let sandbox = start(&notes(), QUIET).await;
    let notes = format!("/v1.0/users/{}/notes", first(&sandbox, "/v1.0/users").await);
    let mut all = BTreeSet::new();
    let client = Client::new();
    let token = sandbox.token();
    // More requests than one mount of the server's mock answers.
    for number in 0..600 {
        let body = format!("{{\"subject\": \"{number}\"}}");
        let request = client.post(format!("{}{notes}", sandbox.uri())).bearer_auth(&token).body(body);
        assert_eq!(request.send().await?.status(), 201);
    }
    let mut next = Some(notes);
    while let Some(path) = next {
        let (_, page) = call(&sandbox, "GET", &path, "").await;
        all.extend(items(&page).iter().map(|item| text(item, "id").to_owned()));
        next = page.get("@odata.nextLink").and_then(Json::as_str).map(str::to_owned);
    }
    assert_eq!((all.len(), sandbox.left().len()), (600, 600));
    Ok(())
}
