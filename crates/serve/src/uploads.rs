//! Upload sessions without a tenant: chunks are taken, and not kept (Microsoft Graph documentation, "driveItem: createUploadSession").

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts_tenant::{ChunkRange, session_end, upload_session};
use http::{Method, StatusCode};

use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// Whether a contract answers with the URL of an upload.
pub(crate) fn begins(contract: &Contract) -> bool {
    let body = contract.response.body.as_ref().and_then(Body::as_json);
    body.is_some_and(|body| body.get("uploadUrl").or_else(|| body.get("value")?.get("uploadUrl")).is_some())
}

/// Puts the end of a session into the future: the example of a page is older, and clients do not begin a session that has ended.
pub(crate) fn renew(body: &mut Json) {
    let Json::Object(members) = body else { return };
    if members.iter().any(|member| member.name == "uploadUrl") {
        for member in members.iter_mut().filter(|member| member.name == "expirationDateTime") {
            member.value = Json::String(session_end());
        }
    }
}

/// Answers a request to the URL of an upload; `finished` is the answer to the last chunk.
pub(crate) fn answer(request: &Incoming, finished: impl FnOnce() -> Reply) -> Reply {
    let session = |status, received, total| {
        Reply::new(status).with_body("application/json", upload_session(received, total, None).to_string())
    };
    match request.method {
        Method::GET => session(StatusCode::OK, 0, None),
        Method::DELETE => Reply::new(StatusCode::NO_CONTENT),
        Method::PUT => {
            match ChunkRange::of(request.header("content-range"), request.length()).and_then(ChunkRange::sized) {
                Ok(range) if range.is_last() => finished(),
                Ok(range) => session(StatusCode::ACCEPTED, range.last + 1, Some(range.total)),
                Err((status, code, message)) => {
                    graph_error(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), code, message)
                }
            }
        }
        _ => graph_error(StatusCode::METHOD_NOT_ALLOWED, "invalidRequest", "An upload takes PUT, GET and DELETE.")
            .with_header("allow", "GET, PUT, DELETE"),
    }
}
