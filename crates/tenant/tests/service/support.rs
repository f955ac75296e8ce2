//! A tenant of pages that are written for the tests, and how it is asked.

use std::sync::Arc;

use graph_contracts::contract::Contract;
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::store::Store;
use graph_contracts_tenant::{Engine, EngineOptions, Manner, Origin, Request, Response, SeedError, Seeds};
use graph_contracts_testing::contracts_of_text;
use http::HeaderMap;
use serde_json::{Value, json};

pub(crate) const BASE: &str = "http://127.0.0.1:4010";

/// A documented operation: name, routes, the example's path, what it sends, the status, and what comes back.
type Operation = (&'static str, &'static [&'static str], &'static str, &'static str, u16, &'static str);

/// The documented operations.
const OPERATIONS: &[Operation] = &[
    (
        "create-user",
        &["POST /users"],
        "/users",
        r#"{"displayName": "Ann", "userPrincipalName": "ann@contoso.com", "kind": "member"}"#,
        201,
        r#"{"id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Ann", "userPrincipalName": "ann@contoso.com",
            "kind": "member", "mail": "ann@contoso.com", "age": 30}"#,
    ),
    (
        "list-users",
        &["GET /users"],
        "/users",
        "",
        200,
        r#"{"value": [{"id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Ann", "userPrincipalName": "ann@contoso.com"}]}"#,
    ),
    (
        "get-user",
        &["GET /users/{id | userPrincipalName}", "GET /me"],
        "/users/{id | userPrincipalName}",
        "",
        200,
        r##"{"value": {"@odata.type": "#microsoft.graph.user", "id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Ann",
            "userPrincipalName": "ann@contoso.com", "mail": "ann@contoso.com", "age": 30}}"##,
    ),
    ("update-user", &["PATCH /users/{id | userPrincipalName}"], "/users/{id}", r#"{"displayName": "Anna"}"#, 204, ""),
    ("delete-user", &["DELETE /users/{id | userPrincipalName}"], "/users/{id}", "", 204, ""),
    (
        "get-manager",
        &["GET /users/{id}/manager"],
        "/users/{id}/manager",
        "",
        200,
        r#"{"id": "2e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Boss"}"#,
    ),
    (
        "put-manager",
        &["PUT /users/{id}/manager/$ref"],
        "/users/{id}/manager/$ref",
        r#"{"@odata.id": "https://graph.microsoft.com/v1.0/users/{id}"}"#,
        204,
        "",
    ),
    ("delete-manager", &["DELETE /users/{id}/manager/$ref"], "/users/{id}/manager/$ref", "", 204, ""),
    (
        "create-group",
        &["POST /groups"],
        "/groups",
        r#"{"displayName": "Team"}"#,
        201,
        r#"{"id": "3e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Team"}"#,
    ),
    (
        "list-members",
        &["GET /groups/{id}/members"],
        "/groups/{id}/members",
        "",
        200,
        r##"{"value": [{"@odata.type": "#microsoft.graph.user", "id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Ann"}]}"##,
    ),
    (
        "add-member",
        &["POST /groups/{id}/members/$ref"],
        "/groups/{id}/members/$ref",
        r#"{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{id}"}"#,
        204,
        "",
    ),
    ("remove-member", &["DELETE /groups/{id}/members/{id}/$ref"], "/groups/{id}/members/{id}/$ref", "", 204, ""),
    (
        "list-folder-notes",
        &["GET /me/folders/{id}/notes", "GET /users/{id}/folders/{id}/notes"],
        "/me/folders/inbox/notes",
        "",
        200,
        r#"{"value": [{"id": "AAMkAGI2TG93", "subject": "Milk"}]}"#,
    ),
    (
        "list-folder-rules",
        &["GET /me/folders/outbox/rules"],
        "/me/folders/outbox/rules",
        "",
        200,
        r#"{"value": [{"id": "AAMkAGI2TG99", "name": "Move"}]}"#,
    ),
    (
        "create-folder-note",
        &["POST /me/folders/{id}/notes", "POST /users/{id}/folders/{id}/notes"],
        "/me/folders/{id}/notes",
        r#"{"subject": "Milk"}"#,
        201,
        r#"{"@odata.etag": "W/\"CQ==\"", "id": "AAMkAGI2TG93", "subject": "Milk"}"#,
    ),
    (
        "begin-note",
        &["POST /me/folders/{id}/notes/createUploadSession"],
        "/me/folders/{id}/notes/createUploadSession",
        r#"{"NoteItem": {"name": "milk.txt", "size": 5}}"#,
        201,
        r#"{"uploadUrl": "https://outlook.office.com/api/x", "expirationDateTime": "2020-01-01T00:00:00Z", "nextExpectedRanges": ["0-"]}"#,
    ),
    (
        "create-folder",
        &["POST /me/folders", "POST /users/{id}/folders"],
        "/me/folders",
        r#"{"displayName": "Work"}"#,
        201,
        r#"{"id": "AAMkAGI2TG94", "displayName": "Work"}"#,
    ),
    (
        "get-app",
        &["GET /applications/{id}", "GET /applications(appId='{appId}')"],
        "/applications/{id}",
        "",
        200,
        r#"{"id": "4e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "appId": "5e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "name": "App"}"#,
    ),
    (
        "create-app",
        &["POST /applications"],
        "/applications",
        r#"{"name": "App"}"#,
        201,
        r#"{"id": "4e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "appId": "5e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "name": "App"}"#,
    ),
    (
        "delta-users",
        &["GET /users/delta"],
        "/users/delta",
        "",
        200,
        r#"{"@odata.deltaLink": "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=x",
            "value": [{"id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Ann"}]}"#,
    ),
    (
        "get-drive",
        &["GET /me/drive", "GET /drives/{id}"],
        "/me/drive",
        "",
        200,
        r#"{"id": "b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFN", "driveType": "business"}"#,
    ),
    (
        "get-item",
        &["GET /me/drive/items/{item-id}", "GET /drives/{drive-id}/root:/{item-path}"],
        "/me/drive/items/{item-id}",
        "",
        200,
        r#"{"id": "0123ABCDEF456", "name": "a.txt", "file": {"mimeType": "text/plain"}}"#,
    ),
    (
        "update-item",
        &["PATCH /me/drive/items/{item-id}"],
        "/me/drive/items/{item-id}",
        r#"{"name": "b.txt"}"#,
        200,
        r#"{"id": "0123ABCDEF456", "name": "a.txt", "file": {"mimeType": "text/plain"}}"#,
    ),
    ("delete-item", &["DELETE /me/drive/items/{item-id}"], "/me/drive/items/{item-id}", "", 204, ""),
    (
        "list-children",
        &["GET /me/drive/items/{item-id}/children"],
        "/me/drive/root/children",
        "",
        200,
        r#"{"value": [{"id": "0123ABCDEF456", "name": "a.txt"}]}"#,
    ),
    (
        "create-folder-item",
        &["POST /me/drive/items/{parent-id}/children"],
        "/me/drive/root/children",
        r#"{"name": "New", "folder": {}}"#,
        201,
        r#"{"id": "0123ABCDEF457", "name": "New", "folder": {}}"#,
    ),
    (
        "put-content",
        &["PUT /me/drive/items/{parent-id}:/{filename}:/content"],
        "/me/drive/root:/a.txt:/content",
        r#"{"any": "bytes"}"#,
        201,
        r#"{"id": "0123ABCDEF456", "name": "a.txt", "file": {"mimeType": "text/plain"}}"#,
    ),
    ("get-content", &["GET /me/drive/items/{item-id}/content"], "/me/drive/items/{item-id}/content", "", 302, ""),
    (
        "create-upload",
        &["POST /me/drive/items/{parent-id}:/{filename}:/createUploadSession"],
        "/me/drive/root:/{item-path}:/createUploadSession",
        r#"{"item": {"name": "a.txt"}}"#,
        200,
        r#"{"uploadUrl": "https://sn3302.up.1drv.com/up/fe6987415ace7X4e1eF866337", "expirationDateTime": "2015-01-29T09:21:55.523Z", "nextExpectedRanges": ["0-"]}"#,
    ),
    (
        "find-items",
        &["GET /me/drive/root/search(q='{text}')"],
        "/me/drive/root/search(q='lamp')",
        "",
        200,
        r#"{"value": [{"id": "0123ABCDEF456", "name": "a.txt"}]}"#,
    ),
    (
        "delta-items",
        &["GET /me/drive/root/delta"],
        "/me/drive/root/delta",
        "",
        200,
        r#"{"value": [{"id": "0123ABCDEF456", "name": "a.txt"}]}"#,
    ),
    (
        "create-link",
        &["POST /me/drive/items/{item-id}/createLink"],
        "/me/drive/items/{item-id}/createLink",
        r#"{"type": "view"}"#,
        201,
        r#"{"id": "123ABC", "link": {"type": "view"}}"#,
    ),
    (
        "find-folder",
        &["GET /me/folders"],
        "/me/folders",
        "",
        200,
        r#"{"id": "AAMkAGI2TG94", "displayName": "Work", "owner": {"name": "Ann", "color": "red"}}"#,
    ),
    ("get-photo", &["GET /users/{id}/photo/$value"], "/users/{id}/photo/$value", "", 200, r#"{"binary": "data"}"#),
    ("put-photo", &["PUT /users/{id}/photo/$value"], "/users/{id}/photo/$value", r#"{"binary": "data"}"#, 200, r#"{}"#),
    (
        "put-setting",
        &["PUT /settings/{name}"],
        "/settings/color",
        r#"{"value": "red"}"#,
        200,
        r#"{"id": "color", "level": 1}"#,
    ),
];

fn page(operation: &Operation) -> Vec<Contract> {
    let (name, routes, path, sent, status, received) = operation;
    let method = routes[0].split(' ').next().expect("a method");
    let table = if *name == "create-user" {
        "## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|displayName|String|Required. The name.|\n\
         |userPrincipalName|String|Required. The name to sign in with.|\n|kind|String|Possible values are: `member`, `guest`.|\n\n"
    } else {
        ""
    };
    let sent = if sent.is_empty() { String::new() } else { format!("\nContent-Type: application/json\n\n{sent}") };
    let received =
        if received.is_empty() { String::new() } else { format!("Content-Type: application/json\n\n{received}\n") };
    let text = format!(
        "# {name}\n\n## HTTP request\n\n```http\n{}\n```\n\n{table}## Example\n\n```http\n\
         {method} https://graph.microsoft.com/v1.0{path}{sent}\n```\n\n```http\nHTTP/1.1 {status} X\n{received}```\n",
        routes.join("\n")
    );
    contracts_of_text(&format!("{name}.md"), &text)
}

fn store() -> Arc<Store> {
    let contracts: Vec<Contract> = OPERATIONS.iter().flat_map(page).collect();
    assert_eq!(contracts.len(), OPERATIONS.len());
    store_of(contracts)
}

fn store_of(mut contracts: Vec<Contract>) -> Arc<Store> {
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    Arc::new(Store::new(contracts, rules))
}

const OPTIONS: EngineOptions = EngineOptions { manner: Manner::AsService };

pub(crate) fn engine() -> Engine {
    Engine::new(store(), OPTIONS)
}

pub(crate) fn engine_of(contracts: Vec<Contract>) -> Engine {
    Engine::new(store_of(contracts), OPTIONS)
}

pub(crate) fn seeded(seeds: &str) -> Result<Engine, SeedError> {
    Engine::with_seeds(store(), OPTIONS, &Seeds::parse("seeds.json", seeds)?)
}

pub(crate) fn ask(engine: &Engine, method: &str, url: &str, body: &Value) -> Response {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask_with(engine, method, url, &[], body.as_bytes())
}

/// Asks with header fields and any body.
pub(crate) fn ask_with(engine: &Engine, method: &str, url: &str, fields: &[(&str, &str)], body: &[u8]) -> Response {
    let url = url.strip_prefix(BASE).map_or_else(|| format!("/v1.0{url}"), str::to_owned);
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let headers = fields.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
    let headers: HeaderMap = headers.collect();
    engine.answer(&Request { method, path, query, headers: &headers, body, file: None, base_url: BASE, contract: None })
}

pub(crate) fn body(response: &Response) -> Value {
    if response.body.is_empty() { Value::Null } else { serde_json::from_slice(&response.body).expect("JSON") }
}

pub(crate) fn call(engine: &Engine, method: &str, url: &str, sent: Value) -> (u16, Value) {
    let response = ask(engine, method, url, &sent);
    (response.status.as_u16(), body(&response))
}

pub(crate) fn create(engine: &Engine, url: &str, sent: Value) -> String {
    let (status, made) = call(engine, "POST", url, sent);
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().expect("an id").to_owned()
}

pub(crate) fn user(engine: &Engine, name: &str) -> String {
    create(engine, "/users", json!({"displayName": name, "userPrincipalName": format!("{name}@contoso.com")}))
}

/// The members of that name of the objects in a collection.
pub(crate) fn column(list: &Value, name: &str) -> Vec<String> {
    let items = list["value"].as_array().expect("a collection");
    items.iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
}

#[track_caller]
pub(crate) fn assert_refused(engine: &Engine, method: &str, url: &str, sent: Value, status: u16, part: &str) {
    let response = ask(engine, method, url, &sent);
    let error = body(&response);
    assert_eq!((response.status.as_u16(), response.origin), (status, Origin::Refusal), "{error}");
    assert!(error["error"]["message"].as_str().is_some_and(|message| message.contains(part)), "{error}");
}
