//! Tokens and the permissions that pages state.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use graph_contracts_serve::{ADMIN, Authorization, ServeOptions, Server};
use graph_contracts_testing::{TestResult, contracts_of_text};
use reqwest::Client;
use serde_json::{Value, json};

use crate::server::{ask, json_of, serve, with_json};

/// A page whose application permissions are alternatives, one of two permissions that are needed together.
const LAMP: &str = "---
title: Get lamp
---
# Get lamp
## Permissions
| Permission type | Permissions (from least to most privileged) |
|:--|:--|
| Delegated (work or school account) | Lamp.Read, Lamp.ReadWrite |
| Delegated (personal Microsoft account) | Not supported. |
| Application | Lamp.Read.All and Room.Read.All, Lamp.ReadWrite.All |

## HTTP request
```http
GET /lamps/{id}
```
## Request
```http
GET https://graph.microsoft.com/v1.0/lamps/{id}
```
## Response
```http
HTTP/1.1 200 OK
Content-type: application/json

{ \"id\": \"1\", \"name\": \"hall\" }
```
";

/// The same operation of something else, on a page that states no permissions.
fn unstated() -> String {
    let without = LAMP.lines().filter(|line| !line.starts_with('|') && !line.starts_with("## Permissions"));
    without.collect::<Vec<_>>().join("\n").replace("lamp", "room")
}

async fn served() -> Server {
    let contracts = [contracts_of_text("lamp-get.md", LAMP), contracts_of_text("room-get.md", &unstated())].concat();
    serve(contracts, ServeOptions { authorization: Authorization::Token, ..ServeOptions::default() }).await
}

fn token(claims: &Value) -> String {
    format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

async fn get(server: &Server, target: &str, token: &str) -> Result<(u16, Value), reqwest::Error> {
    let request = Client::new().get(format!("{}{target}", server.url())).bearer_auth(token);
    Ok(json_of(request.send().await?).await)
}

#[tokio::test]
async fn a_token_needs_one_of_the_sets_that_the_page_states_for_its_account() -> TestResult {
    let server = served().await;
    let check = async |claims: Value, expected: u16| {
        let (status, body) = get(&server, "/v1.0/lamps/1", &token(&claims)).await.expect("an answer");
        assert_eq!(status, expected, "{claims}: {body}");
    };
    check(json!({ "scp": "openid Lamp.Read" }), 200).await;
    check(json!({ "scp": "lamp.readwrite" }), 200).await;
    // By its name, it includes what is needed.
    check(json!({ "scp": "Lamp.ReadWrite.All" }), 200).await;
    check(json!({ "scp": "Lamp.ReadBasic Room.ReadWrite.All" }), 403).await;
    check(json!({ "scp": "Lamp.Read", "tid": "9188040d-6c67-4c5b-b112-36a304b66dad" }), 403).await;
    check(json!({ "roles": ["Lamp.ReadWrite.All"] }), 200).await;
    check(json!({ "roles": ["Lamp.Read.All", "Room.Read.All"] }), 200).await;
    check(json!({ "roles": ["Lamp.Read.All"] }), 403).await;
    check(json!({}), 403).await;
    Ok(())
}

#[tokio::test]
async fn a_refusal_names_what_would_do_and_where_it_is_stated() -> TestResult {
    let server = served().await;
    let (_, body) = get(&server, "/v1.0/lamps/1", &token(&json!({ "roles": ["Room.Read.All"] }))).await?;
    let error = &body["error"];
    assert_eq!(error["code"], "Authorization_RequestDenied");
    assert_eq!(
        error["message"],
        "Insufficient privileges to complete the operation. For applications, it needs Lamp.Read.All and \
         Room.Read.All, or Lamp.ReadWrite.All; the token has Room.Read.All. See lamp-get.md:6."
    );
    assert_eq!(error["innerError"]["sufficient"], json!([["Lamp.Read.All", "Room.Read.All"], ["Lamp.ReadWrite.All"]]));
    let (_, journal) = ask(&server, &format!("GET {ADMIN}/requests")).await;
    assert_eq!(journal["requests"][0]["denial"], error["message"]);
    assert!(server.journal().calls().is_empty());
    let summary = server.journal().summary();
    assert_eq!((summary.requests, summary.answered, summary.denied), (1, 0, 1));
    Ok(())
}

#[tokio::test]
async fn what_a_page_does_not_state_refuses_nobody() -> TestResult {
    let server = served().await;
    assert_eq!(get(&server, "/v1.0/rooms/1", &token(&json!({}))).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn a_token_that_cannot_be_read_is_refused_before_anything_else() -> TestResult {
    let server = served().await;
    let (status, body) = get(&server, "/v1.0/rooms/1", "secret").await?;
    assert_eq!((status, &body["error"]["code"]), (401, &json!("InvalidAuthenticationToken")));
    assert!(!body.to_string().contains("secret"), "{body}");
    let (_, journal) = ask(&server, &format!("GET {ADMIN}/requests")).await;
    assert_eq!((&journal["requests"][0]["unauthorized"], &journal["summary"]["denied"]), (&json!(true), &json!(1)));
    assert_eq!(server.stop().await.denied, 1, "a request without a token that will do is counted in the end");
    Ok(())
}

#[tokio::test]
async fn each_request_of_a_batch_needs_its_own_permissions() -> TestResult {
    let server = served().await;
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/lamps/7" },
        { "id": "2", "method": "GET", "url": "/rooms/7" },
        { "id": "3", "method": "GET", "url": "/lamps/7", "headers": { "Authorization": format!("Bearer {}", token(&json!({ "scp": "Lamp.Read" }))) } },
    ] });
    let request = Client::new().post(format!("{}/v1.0/$batch", server.url())).bearer_auth(token(&json!({})));
    let (status, body) = json_of(with_json(request, &batch).send().await?).await;
    assert_eq!(status, 200);
    let statuses: Vec<&Value> = (0..3).map(|index| &body["responses"][index]["status"]).collect();
    assert_eq!(statuses, [403, 200, 200]);
    Ok(())
}
