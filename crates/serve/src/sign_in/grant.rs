//! The token endpoint (RFC 6749 section 3.2; Microsoft identity platform, "OAuth 2.0 and OpenID Connect protocols").

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use graph_contracts::contract::Contract;
use http::StatusCode;
use serde_json::{Value, json};

use super::signing_key::SigningKey;
use super::tenant::tenant_id;
use super::ticket::Ticket;
use super::token::{Holder, LIFETIME, USER_ID, USER_NAME, access_token, id_token};
use super::{Asked, json_of, refusal};
use crate::reply::Reply;

/// What is given: to whom, and for which scopes.
struct Given {
    /// The name of the user; `None` for an application.
    user: Option<String>,
    scope: String,
    nonce: Option<String>,
}

/// Why nothing is given: the error, its number, and words.
type Denied = (&'static str, u32, String);

/// Answers a request to the token endpoint.
pub(super) fn answer(asked: &Asked<'_>, key: &SigningKey, contracts: &[Contract]) -> Reply {
    let given = client(asked).and_then(|client| Ok((grant(asked)?, client)));
    match given {
        Ok((given, client)) => json_of(StatusCode::OK, &tokens(asked, &client, &given, key, contracts)),
        Err((error, code, message)) => {
            let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            refusal(asked.request, status, error, code, &message)
        }
    }
}

fn grant(asked: &Asked<'_>) -> Result<Given, Denied> {
    let needed = |name: &str| asked.parameters.get(name).ok_or_else(|| missing(name));
    // Version 1 names a resource, and gives all of its permissions.
    let scope = || match asked.parameters.get("resource").filter(|_| !asked.address.is_v2) {
        Some(resource) => Some(format!("{}/.default", resource.trim_end_matches('/'))),
        None => asked.parameters.get("scope").map(str::to_owned),
    };
    let ticket = |name: &str, kind: &str| {
        let invalid =
            || ("invalid_grant", 9_002_313, format!("The parameter '{name}' is not one that this server gave."));
        let ticket = Ticket::read(needed(name)?, kind).ok_or_else(invalid)?;
        let scope = scope().unwrap_or_else(|| ticket.scope.clone());
        Ok::<_, Denied>((Given { user: ticket.user.clone(), scope, nonce: ticket.nonce.clone() }, ticket))
    };
    let user = |name: Option<&str>| Some(name.unwrap_or(USER_NAME).to_owned());
    match needed("grant_type")? {
        "client_credentials" => {
            let has_secret =
                ["client_secret", "client_assertion"].iter().any(|name| asked.parameters.get(name).is_some());
            if !has_secret && basic(asked).is_none_or(|(_, secret)| secret.is_empty()) {
                let message =
                    "The request body must contain the parameter 'client_assertion' or 'client_secret'; any will do.";
                return Err(("invalid_client", 7_000_218, message.to_owned()));
            }
            let scope = scope().ok_or_else(|| missing("scope"))?;
            if !scope.split_ascii_whitespace().all(|scope| scope.ends_with("/.default")) {
                let message = format!("The scope {scope} is not valid for an application: it ends with /.default.");
                return Err(("invalid_scope", 1_002_012, message));
            }
            Ok(Given { user: None, scope, nonce: None })
        }
        "authorization_code" => {
            let (given, ticket) = ticket("code", "code")?;
            if !ticket.is_verified_by(asked.parameters.get("code_verifier")) {
                let message = "The 'code_verifier' does not match the 'code_challenge' of the authorization request.";
                return Err(("invalid_grant", 501_481, message.to_owned()));
            }
            Ok(given)
        }
        "refresh_token" => Ok(ticket("refresh_token", "refresh")?.0),
        // Clients of version 1 send the code under another name.
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => {
            let name = if asked.parameters.get("device_code").is_some() { "device_code" } else { "code" };
            Ok(ticket(name, "device")?.0)
        }
        "password" => {
            needed("password")?;
            Ok(Given {
                user: user(Some(needed("username")?)),
                scope: scope().ok_or_else(|| missing("scope"))?,
                nonce: None,
            })
        }
        // On behalf of the user of another token.
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
            needed("assertion")?;
            Ok(Given { user: user(None), scope: scope().ok_or_else(|| missing("scope"))?, nonce: None })
        }
        other => {
            Err(("unsupported_grant_type", 70003, format!("The app requested the unsupported grant type '{other}'.")))
        }
    }
}

fn missing(name: &str) -> Denied {
    let message = format!("The request body must contain the following parameter: '{name}'.");
    ("invalid_request", 900_144, message)
}

/// The client, which names itself in the form or in a header field (RFC 6749 section 2.3.1).
fn client(asked: &Asked<'_>) -> Result<String, Denied> {
    let named = asked.parameters.get("client_id").map(str::to_owned);
    named.or_else(|| basic(asked).map(|(id, _)| id)).filter(|id| !id.is_empty()).ok_or_else(|| missing("client_id"))
}

fn basic(asked: &Asked<'_>) -> Option<(String, String)> {
    let (scheme, credentials) = asked.request.header("authorization")?.trim().split_once(' ')?;
    let bytes = STANDARD.decode(credentials.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// What is answered (RFC 6749 section 5.1; OpenID Connect Core 1.0 section 3.1.3.3).
fn tokens(asked: &Asked<'_>, client: &str, given: &Given, key: &SigningKey, contracts: &[Contract]) -> Value {
    let holder = given.user.as_deref().map_or(Holder::Application, Holder::User);
    let token = access_token((asked, client), (&holder, &given.scope), key, contracts);
    let mut body = json!({ "token_type": "Bearer", "access_token": token });
    let mut add = |name: &str, value: Value| body[name] = value;
    if asked.address.is_v2 {
        add("expires_in", LIFETIME.into());
        add("ext_expires_in", LIFETIME.into());
    } else {
        // Version 1 writes numbers as strings.
        let now = jiff::Timestamp::now().as_second();
        add("expires_in", LIFETIME.to_string().into());
        add("ext_expires_in", LIFETIME.to_string().into());
        add("not_before", now.to_string().into());
        add("expires_on", (now + LIFETIME).to_string().into());
        add("resource", given.scope.trim_end_matches("/.default").into());
    }
    let Some(user) = &given.user else { return body };
    let asks_for = |name: &str| given.scope.split_ascii_whitespace().any(|scope| scope == name);
    let scopes: Vec<&str> = given.scope.split_ascii_whitespace().filter(|scope| *scope != "offline_access").collect();
    add("scope", scopes.join(" ").into());
    if asks_for("offline_access") || !asked.address.is_v2 {
        let ticket = Ticket {
            kind: "refresh".to_owned(),
            scope: given.scope.clone(),
            user: Some(user.clone()),
            ..Ticket::default()
        };
        add("refresh_token", ticket.write().into());
    }
    if asks_for("openid") || !asked.address.is_v2 {
        add("id_token", id_token((asked, client), user, given.nonce.as_deref(), key).into());
    }
    if asked.parameters.get("client_info").is_some() {
        let info = json!({ "uid": USER_ID, "utid": tenant_id(asked.address.tenant) });
        add("client_info", URL_SAFE_NO_PAD.encode(info.to_string()).into());
    }
    body
}
