//! Whether the token of a request will do.

use graph_contracts::contract::{Grant, include_all};
use graph_contracts::matching::{Matched, bearer_token};
use http::StatusCode;
use serde_json::json;

use crate::claims::{Account, Claims};
use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::Reply;
use crate::serve_options::Authorization;

/// The refusal of a request whose token will not do for any operation (RFC 6750 section 3).
pub(crate) fn unauthorized(authorization: Authorization, request: &Incoming) -> Option<Reply> {
    let message = match (authorization, bearer(request)) {
        (Authorization::Unchecked, _) => return None,
        (_, None) => "Access token is empty.".to_owned(),
        (Authorization::Any, Some(_)) => return None,
        (Authorization::Token, Some(token)) => {
            format!("Access token is not well formed: {}.", Claims::read(token).err()?)
        }
    };
    let mut reply = graph_error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", &message);
    reply.account.is_unauthorized = true;
    Some(reply.with_header(
        "WWW-Authenticate",
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\"",
    ))
}

/// The refusal of a request whose token lacks the permissions that the contract needs on its route (Microsoft Graph documentation,
/// "Resolve Microsoft Graph authorization errors").
///
/// The permissions of a page are alternatives; what it does not state is unknown, and refuses nobody.
pub(crate) fn forbidden(request: &Incoming, matched: &Matched<'_>) -> Option<Reply> {
    let claims = Claims::read(bearer(request)?).ok()?;
    let contract = matched.contract;
    let permissions = matched.route.map_or(&*contract.permissions, |route| contract.permissions_on(route));
    let grant = match claims.account {
        Account::Application => &permissions.application,
        Account::Work => &permissions.delegated_work,
        Account::Personal => &permissions.delegated_personal,
    };
    let who = claims.account.plural();
    let needed = match grant {
        Grant::NotStated => return None,
        Grant::NotSupported => format!("It is not available to {who}"),
        Grant::OneOf(sets) if sets.iter().any(|set| include_all(&claims.permissions, set)) => return None,
        Grant::OneOf(_) => {
            let has = if claims.permissions.is_empty() { "none".to_owned() } else { claims.permissions.join(", ") };
            format!("For {who}, it needs {grant}; the token has {has}")
        }
    };
    let source = contract.stated_at(permissions);
    let message = format!("Insufficient privileges to complete the operation. {needed}. See {source}.");
    let body = json!({ "error": {
        "code": "Authorization_RequestDenied",
        "message": message,
        "innerError": { "contract": contract.id, "source": source.to_string(), "sufficient": grant.sets() },
    } });
    let mut reply = Reply::new(StatusCode::FORBIDDEN).with_body("application/json", body.to_string());
    reply.account.denial = Some((message, source));
    Some(reply)
}

/// The bearer token of a request.
fn bearer(request: &Incoming) -> Option<&str> {
    bearer_token(request.header("authorization")?)
}
