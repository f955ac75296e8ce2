//! Sign-in: the endpoints of Microsoft identity platform, as its client libraries use them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use graph_contracts_serve::{ADMIN, Authorization, ServeOptions, Server};
use graph_contracts_testing::{TestResult, contracts_of_text};
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::server::{json_of, serve};

const LAMP: &str = "---
title: Get lamp
---
# Get lamp
## Permissions
| Permission type | Permissions (from least to most privileged) |
|:--|:--|
| Delegated (work or school account) | Lamp.Read |
| Delegated (personal Microsoft account) | Not supported. |
| Application | Lamp.Read.All |

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

{ \"id\": \"1\" }
```
";

async fn served() -> Server {
    let options = ServeOptions { authorization: Authorization::Token, ..ServeOptions::default() };
    serve(contracts_of_text("lamp-get.md", LAMP), options).await
}

async fn get(server: &Server, target: &str) -> (u16, Value) {
    json_of(reqwest::get(format!("{}{target}", server.url())).await.expect("an answer")).await
}

fn form(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

async fn post(server: &Server, path: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
    let request = Client::new().post(format!("{}{path}", server.url())).body(form(parameters));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    json_of(request.send().await.expect("an answer")).await
}

/// Whether a token that was given is enough for the lamp.
async fn status_with(server: &Server, answer: &Value) -> u16 {
    let token = answer["access_token"].as_str().unwrap_or_default();
    let url = format!("{}/v1.0/lamps/1", server.url());
    Client::new().get(url).bearer_auth(token).send().await.expect("an answer").status().as_u16()
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().and_then(|token| token.split('.').nth(1)).unwrap_or_default();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("claims")
}

#[tokio::test]
async fn all_endpoints_are_found_from_the_metadata_of_the_tenant() -> TestResult {
    let server = served().await;
    let (status, found) = get(&server, "/common/v2.0/.well-known/openid-configuration").await;
    assert_eq!((status, &found["token_endpoint"]), (200, &json!(format!("{}/common/oauth2/v2.0/token", server.url()))));
    let issuer = found["issuer"].as_str().unwrap_or_default();
    assert!(issuer.starts_with(server.url()) && issuer.ends_with("/v2.0"), "{issuer}");
    let keys = found["jwks_uri"].as_str().unwrap_or_default().trim_start_matches(server.url()).to_owned();
    assert!(get(&server, &keys).await.1["keys"].is_array());
    let about = "https%3A%2F%2Flogin.microsoftonline.com%2Fcontoso.example%2Foauth2%2Fv2.0%2Fauthorize";
    let (_, clouds) = get(&server, &format!("/common/discovery/instance?authorization_endpoint={about}")).await;
    assert_eq!(
        clouds["tenant_discovery_endpoint"],
        "https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration"
    );
    assert_eq!(clouds["metadata"][0]["preferred_network"], "login.microsoftonline.com");
    Ok(())
}

#[tokio::test]
async fn an_application_gets_every_permission_that_the_pages_name_for_it() -> TestResult {
    let server = served().await;
    let scope = ("scope", "https://graph.microsoft.com/.default");
    let client = [("grant_type", "client_credentials"), ("client_id", "app"), ("client_secret", "s"), scope];
    let (status, answer) = post(&server, "/contoso.example/oauth2/v2.0/token", &client).await;
    assert_eq!((status, &answer["expires_in"]), (200, &json!(3599)), "{answer}");
    let found = claims(&answer["access_token"]);
    assert_eq!((&found["roles"], &found["aud"]), (&json!(["Lamp.Read.All"]), &json!("https://graph.microsoft.com")));
    assert_eq!(status_with(&server, &answer).await, 200);
    let version_1 = [
        ("grant_type", "client_credentials"),
        ("client_id", "a"),
        ("client_secret", "s"),
        ("resource", "https://graph.microsoft.com/"),
    ];
    let (_, answer) = post(&server, "/contoso.example/oauth2/token", &version_1).await;
    assert_eq!((&answer["expires_in"], status_with(&server, &answer).await), (&json!("3599"), 200));
    Ok(())
}

#[tokio::test]
async fn a_device_code_is_approved_at_once_and_its_token_can_be_refreshed() -> TestResult {
    let server = served().await;
    let scope = ("scope", "Lamp.Read openid profile offline_access");
    let (_, code) = post(&server, "/common/oauth2/v2.0/devicecode", &[("client_id", "app"), scope]).await;
    let device = ("device_code", code["device_code"].as_str().unwrap_or_default());
    let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    let parameters = [grant, ("client_id", "app"), device, ("client_info", "1")];
    let (_, answer) = post(&server, "/common/oauth2/v2.0/token", &parameters).await;
    assert_eq!(claims(&answer["access_token"])["scp"], "Lamp.Read", "{answer}");
    assert_eq!((&claims(&answer["id_token"])["aud"], answer["client_info"].is_string()), (&json!("app"), true));
    assert_eq!(status_with(&server, &answer).await, 200);
    let refresh = ("refresh_token", answer["refresh_token"].as_str().unwrap_or_default());
    let parameters = [("grant_type", "refresh_token"), ("client_id", "app"), refresh, ("scope", "Room.Read")];
    let (_, answer) = post(&server, "/common/oauth2/v2.0/token", &parameters).await;
    assert_eq!((&answer["scope"], status_with(&server, &answer).await), (&json!("Room.Read"), 403));
    Ok(())
}

#[tokio::test]
async fn an_authorization_code_is_given_to_who_knows_the_verifier() -> TestResult {
    let server = served().await;
    // RFC 7636, appendix B.
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let query = form(&[
        ("client_id", "app"),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:3000/back?a=b"),
        ("scope", "openid Lamp.Read"),
        ("state", "x&y"),
        ("nonce", "n"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ]);
    let client = Client::builder().redirect(Policy::none()).build()?;
    let response = client.get(format!("{}/common/oauth2/v2.0/authorize?{query}", server.url())).send().await?;
    assert_eq!(response.status(), 302);
    let location = url::Url::parse(response.headers()["location"].to_str()?)?;
    let back: std::collections::HashMap<_, _> = location.query_pairs().collect();
    assert_eq!((&*back["a"], &*back["state"]), ("b", "x&y"));
    let check = async |verifier: &str, expected: u16| {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("client_id", "app"),
            ("code", &*back["code"]),
            ("redirect_uri", "http://localhost:3000/back?a=b"),
            ("code_verifier", verifier),
        ];
        let (status, answer) = post(&server, "/common/oauth2/v2.0/token", &parameters).await;
        assert_eq!(status, expected, "{answer}");
        answer
    };
    let answer = check("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 200).await;
    assert_eq!(claims(&answer["id_token"])["nonce"], "n");
    assert_eq!(status_with(&server, &answer).await, 200);
    assert_eq!(check("another", 400).await["error"], "invalid_grant");
    let script = form(&[("client_id", "a"), ("response_type", "code"), ("redirect_uri", "javascript:alert(1)")]);
    let response = client.get(format!("{}/common/oauth2/v2.0/authorize?{script}", server.url())).send().await?;
    assert_eq!(response.status(), 400);
    Ok(())
}

#[tokio::test]
async fn what_is_missing_is_named_as_the_platform_names_it() -> TestResult {
    let server = served().await;
    let check = async |parameters: &[(&str, &str)], status: u16, error: &str, part: &str| {
        let (found, answer) = post(&server, "/common/oauth2/v2.0/token", parameters).await;
        let description = answer["error_description"].as_str().unwrap_or_default();
        assert_eq!((found, answer["error"].as_str()), (status, Some(error)), "{parameters:?}: {answer}");
        assert!(description.starts_with("AADSTS") && description.contains(part), "{description}");
    };
    check(&[], 400, "invalid_request", "client_id").await;
    check(&[("client_id", "a")], 400, "invalid_request", "grant_type").await;
    check(&[("client_id", "a"), ("grant_type", "magic")], 400, "unsupported_grant_type", "magic").await;
    check(&[("client_id", "a"), ("grant_type", "client_credentials")], 401, "invalid_client", "client_secret").await;
    check(
        &[("client_id", "a"), ("grant_type", "refresh_token"), ("refresh_token", "x")],
        400,
        "invalid_grant",
        "refresh_token",
    )
    .await;
    Ok(())
}

#[tokio::test]
async fn nothing_of_a_sign_in_is_in_the_journal() -> TestResult {
    let server = served().await;
    let secret = "canary-7c1d";
    let parameters = [
        ("grant_type", "password"),
        ("client_id", secret),
        ("username", secret),
        ("password", secret),
        ("scope", "Lamp.Read"),
    ];
    assert_eq!(post(&server, &format!("/common/oauth2/v2.0/token?code={secret}"), &parameters).await.0, 200);
    let (_, journal) = get(&server, &format!("{ADMIN}/requests")).await;
    assert_eq!(journal["requests"][0]["url"], "/common/oauth2/v2.0/token");
    assert!(!journal.to_string().contains(secret), "{journal}");
    Ok(())
}
