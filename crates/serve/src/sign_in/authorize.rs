//! Authorization codes and device codes. Whoever asks is signed in at once, and nobody is asked for consent.

use http::StatusCode;
use serde_json::json;
use url::{Url, form_urlencoded};

use super::ticket::Ticket;
use super::token::USER_NAME;
use super::{Asked, json_of, refusal};
use crate::reply::Reply;

/// Answers with an authorization code where the client wants it (RFC 6749 section 4.1.2; OAuth 2.0 Multiple Response Types section 2.1;
/// OAuth 2.0 Form Post Response Mode section 2).
pub(super) fn code(asked: &Asked<'_>) -> Reply {
    let parameter = |name: &str| asked.parameters.get(name);
    let bad = |code, message: &str| refusal(asked.request, StatusCode::BAD_REQUEST, "invalid_request", code, message);
    if parameter("client_id").is_none() {
        return bad(900_144, "The request must contain the following parameter: 'client_id'.");
    }
    let Some(target) = parameter("redirect_uri").and_then(|uri| Url::parse(uri).ok()) else {
        return bad(900_971, "No reply address provided: 'redirect_uri' has to be an absolute URL.");
    };
    // These would run as a script of this server.
    if matches!(target.scheme(), "javascript" | "data" | "vbscript") {
        return bad(50011, "The scheme of 'redirect_uri' is not allowed.");
    }
    if parameter("response_type") != Some("code") {
        return bad(700_054, "The response type is 'code'.");
    }
    let hashed = parameter("code_challenge_method").is_some_and(|method| method.eq_ignore_ascii_case("S256"));
    let ticket = Ticket {
        kind: "code".to_owned(),
        scope: parameter("scope").unwrap_or_default().to_owned(),
        user: Some(parameter("login_hint").unwrap_or(USER_NAME).to_owned()),
        nonce: parameter("nonce").map(str::to_owned),
        challenge: parameter("code_challenge").map(|challenge| (challenge.to_owned(), hashed)),
    };
    let mut answer = vec![("code", ticket.write())];
    answer.extend(parameter("state").map(|state| ("state", state.to_owned())));
    answer.push(("session_state", super::token::USER_ID.to_owned()));
    match parameter("response_mode") {
        Some("form_post") => form_post(&target, &answer),
        mode => redirect(target, &answer, mode == Some("fragment")),
    }
}

fn redirect(mut target: Url, answer: &[(&str, String)], in_fragment: bool) -> Reply {
    if in_fragment {
        let fragment = form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
        target.set_fragment(Some(&fragment));
    } else {
        target.query_pairs_mut().extend_pairs(answer);
    }
    let reply = Reply::new(StatusCode::FOUND).with_header("location", target.as_str());
    reply.with_header("cache-control", "no-store")
}

/// A page that sends itself on.
fn form_post(target: &Url, answer: &[(&str, String)]) -> Reply {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    let input = |(name, value): &(&str, String)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
    };
    let inputs: String = answer.iter().map(input).collect();
    let page = format!(
        "<!DOCTYPE html><title>Signed in</title><form method=\"post\" action=\"{}\">{inputs}<noscript><button>Continue</button></noscript></form>\
         <script>document.forms[0].submit()</script>",
        escaped(target.as_str()),
    );
    Reply::new(StatusCode::OK).with_body("text/html; charset=utf-8", page).with_header("cache-control", "no-store")
}

/// A device code that is approved already (RFC 8628 section 3.2).
pub(super) fn device_code(asked: &Asked<'_>) -> Reply {
    if asked.parameters.get("client_id").is_none() {
        let message = "The request body must contain the following parameter: 'client_id'.";
        return refusal(asked.request, StatusCode::BAD_REQUEST, "invalid_request", 900_144, message);
    }
    let scope = asked.parameters.get("scope").unwrap_or_default().to_owned();
    let ticket = Ticket { kind: "device".to_owned(), scope, user: Some(USER_NAME.to_owned()), ..Ticket::default() };
    // The name of the URL differs between the versions (Microsoft identity platform, "OAuth 2.0 device authorization grant").
    let uri = if asked.address.is_v2 { "verification_uri" } else { "verification_url" };
    json_of(
        StatusCode::OK,
        &json!({
            "device_code": ticket.write(),
            "user_code": "SIMULATED",
            uri: format!("{}/{}/oauth2/deviceauth", asked.request.base_url, asked.address.tenant),
            "expires_in": 900,
            "interval": 1,
            "message": "This sign-in is simulated by graph-contracts and already approved: there is nothing to do.",
        }),
    )
}

/// Whoever looks at where a device code would be typed in.
pub(super) fn nothing_to_do() -> Reply {
    Reply::new(StatusCode::OK).with_body("text/plain", "The sign-in is approved already.")
}

/// Leads where the client wants, or says that it is done.
pub(super) fn logout(asked: &Asked<'_>) -> Reply {
    let target = asked.parameters.get("post_logout_redirect_uri").and_then(|uri| Url::parse(uri).ok());
    match target.filter(|target| matches!(target.scheme(), "http" | "https")) {
        Some(target) => Reply::new(StatusCode::FOUND).with_header("location", target.as_str()),
        None => Reply::new(StatusCode::OK).with_body("text/plain", "You are signed out."),
    }
}
