//! The token endpoint: the client credentials grant (RFC 6749 section 4.4) as Microsoft identity platform has it. Its tokens
//! are JSON Web Tokens without a signature (RFC 7519 section 6), so that anybody can read them.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::json;
use url::form_urlencoded;

use super::answer::{Answer, Content};
use super::request::Request;
use graph_contracts::contract::{Contract, Grant};

/// How long a token is valid, in seconds.
const LIFETIME: i64 = 3599;

/// The client of a token that was not requested.
const OWN_CLIENT: &str = "graph-contracts-sandbox";

/// Longer names of clients are refused, so that tokens stay small.
const LONGEST_CLIENT: usize = 128;

/// Issues tokens and knows them again.
#[derive(Debug)]
pub(super) struct Tokens {
    tenant: String,
    issuer: String,
    /// Every permission that a contract names.
    roles: BTreeSet<String>,
}

impl Tokens {
    pub(super) fn new(tenant: &str, uri: &str, contracts: &[Contract]) -> Tokens {
        let roles = contracts.iter().flat_map(|contract| permissions(contract).cloned()).collect();
        Tokens { tenant: tenant.to_owned(), issuer: format!("{uri}/{tenant}/v2.0"), roles }
    }

    /// A token for the sandbox's own client.
    pub(super) fn issue(&self) -> String {
        self.token(OWN_CLIENT, Timestamp::now().as_second())
    }

    fn token(&self, client: &str, issued: i64) -> String {
        let claims = json!({
            "aud": "https://graph.microsoft.com",
            "iss": self.issuer,
            "iat": issued,
            "nbf": issued,
            "exp": issued + LIFETIME,
            "appid": client,
            "idtyp": "app",
            "roles": self.roles,
            "tid": self.tenant,
            "ver": "1.0",
            "xms_note": "simulated by graph-contracts",
        });
        let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
        format!("{header}.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    /// Whether a token is one that this tenant issues, and has not expired. It need not be kept for that: what it says makes
    /// the same token again.
    pub(super) fn accepts(&self, token: &str) -> bool {
        let claims = || {
            let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
            let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
            Some((claims.get("appid")?.as_str()?.to_owned(), claims.get("iat")?.as_i64()?))
        };
        claims().is_some_and(|(client, issued)| {
            let age = Timestamp::now().as_second().saturating_sub(issued);
            (-1..LIFETIME).contains(&age) && self.token(&client, issued) == token
        })
    }

    /// Answers a request to the token endpoint of a tenant.
    pub(super) fn answer(&self, tenant: &str, request: &Request<'_>) -> Answer {
        let answer = self.grant(tenant, request).map(|client| {
            let token = self.token(&client, Timestamp::now().as_second());
            plain(200, &json!({ "token_type": "Bearer", "expires_in": LIFETIME, "access_token": token }))
        });
        answer.unwrap_or_else(|refusal| refusal)
    }

    /// The client that may have a token.
    fn grant(&self, tenant: &str, request: &Request<'_>) -> Result<String, Answer> {
        if request.method != "POST" {
            return Err(refusal(405, "invalid_request", "the token endpoint takes POST").with_header("Allow", "POST"));
        }
        if tenant != self.tenant {
            return Err(refusal(
                400,
                "invalid_request",
                &format!("tenant `{tenant}` not found, it is {}", self.tenant),
            ));
        }
        let form: BTreeMap<_, _> = form_urlencoded::parse(request.body).collect();
        let parameter = |name: &str| form.get(name).map(|value| value.as_ref()).filter(|value| !value.is_empty());
        match parameter("grant_type") {
            Some("client_credentials") => {}
            Some(_) => return Err(refusal(400, "unsupported_grant_type", "the grant is `client_credentials`")),
            None => return Err(refusal(400, "invalid_request", "the parameter `grant_type` is missing")),
        }
        // A client names itself in the form or in a header field (RFC 6749 section 2.3.1).
        let basic = basic_credentials(request);
        let client = parameter("client_id").map(str::to_owned).or_else(|| basic.as_ref().map(|(id, _)| id.clone()));
        let Some(client) = client.filter(|client| !client.is_empty() && client.len() <= LONGEST_CLIENT) else {
            return Err(refusal(400, "invalid_request", "the parameter `client_id` is missing or too long"));
        };
        let proof = parameter("client_secret").or_else(|| parameter("client_assertion"));
        if proof.is_none() && basic.is_none_or(|(_, secret)| secret.is_empty()) {
            return Err(refusal(401, "invalid_client", "the parameter `client_secret` is missing; any secret will do"));
        }
        if !parameter("scope").is_some_and(|scope| scope.ends_with("/.default")) {
            return Err(refusal(400, "invalid_scope", "the scope is `https://graph.microsoft.com/.default`"));
        }
        Ok(client)
    }
}

/// Every permission that a contract names, for whichever account.
fn permissions(contract: &Contract) -> impl Iterator<Item = &String> {
    contract.all_permissions().flat_map(|stated| {
        let grants = [&stated.application, &stated.delegated_work, &stated.delegated_personal];
        grants.into_iter().flat_map(Grant::sets).flatten().chain(&stated.prose)
    })
}

fn basic_credentials(request: &Request<'_>) -> Option<(String, String)> {
    let field = request.header("authorization")?;
    let text = String::from_utf8(STANDARD.decode(field.strip_prefix("Basic ")?.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// An error of the token endpoint (RFC 6749 section 5.2).
fn refusal(status: u16, error: &str, description: &str) -> Answer {
    plain(status, &json!({ "error": error, "error_description": format!("simulated: {description}") }))
}

fn plain(status: u16, body: &serde_json::Value) -> Answer {
    Answer::new(status, Content::Text(body.to_string()))
        .with_header("Content-Type", "application/json; charset=utf-8")
        .with_header("Cache-Control", "no-store")
}
