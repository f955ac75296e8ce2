//! Whether the token of a request will do.

use http::StatusCode;

use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::Reply;
use crate::serve_options::Authorization;

/// The refusal of a request whose token will not do for any operation (RFC 6750 section 3).
pub(crate) fn unauthorized(authorization: Authorization, request: &Incoming) -> Option<Reply> {
    if authorization == Authorization::Unchecked || bearer(request).is_some() {
        return None;
    }
    let reply = graph_error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "Access token is empty.");
    Some(reply.with_header(
        "WWW-Authenticate",
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\"",
    ))
}

/// The bearer token of a request. The scheme is read in any case (RFC 9110 section 11.1).
fn bearer(request: &Incoming) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.trim().split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}
