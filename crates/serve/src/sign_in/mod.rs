//! Sign-in: what stands in the place of Microsoft identity platform, so that its client libraries run unchanged. Whoever asks is signed in
//! at once, and nothing that is sent is checked or kept: this is a test double.
//!
//! - `endpoint.rs`: which endpoint a path is; `hosts.rs`: where Microsoft has them
//! - `discovery.rs`: the metadata of the tenant and of the clouds; `tenant.rs`: which tenant a path names
//! - `authorize.rs`: authorization codes and device codes; `grant.rs`: the token endpoint
//! - `ticket.rs`: what codes and refresh tokens hold; `token.rs`: access tokens and id tokens; `signing_key.rs`: what signs them

mod authorize;
mod discovery;
mod endpoint;
mod grant;
mod hosts;
mod parameters;
mod signing_key;
mod tenant;
mod ticket;
mod token;

use graph_contracts::contract::Contract;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::incoming::Incoming;
use crate::reply::Reply;
use endpoint::{Address, Endpoint};
pub(crate) use hosts::is_sign_in_host;
pub use hosts::sign_in_hosts;
use parameters::Parameters;
use signing_key::SigningKey;

/// Signs everybody in.
#[derive(Debug, Default)]
pub(crate) struct SignIn {
    key: SigningKey,
}

/// A request for sign-in, and where it was sent.
struct Asked<'r> {
    address: Address<'r>,
    /// The URL of the tenant, without a version: `https://login.microsoftonline.com/common`.
    authority: String,
    parameters: Parameters,
    request: &'r Incoming,
}

impl SignIn {
    /// The answer to a request, if it is one for sign-in: by its path, or because nothing else is at its host.
    pub(crate) fn answer(&self, request: &Incoming, contracts: &[Contract]) -> Option<Reply> {
        let host = request.base_url.split("://").nth(1).unwrap_or_default();
        let Some(address) = Address::read(&request.path) else {
            let unknown =
                || refusal(request, StatusCode::NOT_FOUND, "invalid_request", 90002, "This endpoint is not simulated.");
            return is_sign_in_host(host).then(unknown);
        };
        let authority = format!("{}/{}", request.base_url, address.tenant);
        let asked = Asked { address, authority, parameters: Parameters::read(request), request };
        let is_allowed = match asked.address.endpoint {
            Endpoint::Token | Endpoint::DeviceCode => request.method == Method::POST,
            Endpoint::Authorize | Endpoint::Logout => matches!(request.method, Method::GET | Method::POST),
            _ => matches!(request.method, Method::GET | Method::HEAD),
        };
        if !is_allowed {
            let message = "The endpoint does not take this method.";
            return Some(refusal(request, StatusCode::METHOD_NOT_ALLOWED, "invalid_request", 900_561, message));
        }
        Some(match asked.address.endpoint {
            Endpoint::Configuration => discovery::configuration(&asked),
            Endpoint::Instance => discovery::instance(&asked),
            Endpoint::Keys => json_of(StatusCode::OK, &json!({ "keys": self.key.public() })),
            Endpoint::UserRealm(user) => discovery::user_realm(user),
            Endpoint::Authorize => authorize::code(&asked),
            Endpoint::DeviceCode => authorize::device_code(&asked),
            Endpoint::DeviceVerification => authorize::nothing_to_do(),
            Endpoint::Token => grant::answer(&asked, &self.key, contracts),
            Endpoint::Logout => authorize::logout(&asked),
        })
    }
}

/// An answer that nobody keeps (RFC 6749 section 5.1).
fn json_of(status: StatusCode, body: &Value) -> Reply {
    Reply::new(status)
        .with_body("application/json; charset=utf-8", body.to_string())
        .with_header("cache-control", "no-store")
}

/// An error (RFC 6749 section 5.2) with the number that Microsoft identity platform has for it ("Microsoft Entra authentication and
/// authorization error codes").
fn refusal(request: &Incoming, status: StatusCode, error: &str, code: u32, message: &str) -> Reply {
    let id = request.header("client-request-id").unwrap_or("00000000-0000-0000-0000-000000000000");
    let body = json!({
        "error": error,
        "error_description": format!("AADSTS{code}: {message} Simulated by graph-contracts."),
        "error_codes": [code],
        "timestamp": jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        "trace_id": id,
        "correlation_id": id,
    });
    json_of(status, &body)
}
