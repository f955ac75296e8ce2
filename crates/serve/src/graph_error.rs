//! Errors in the form in which Microsoft Graph writes them.

use http::StatusCode;
use serde_json::json;

use crate::reply::Reply;

/// An error with its code (Microsoft Graph documentation, "Microsoft Graph error responses and resource types").
pub(crate) fn graph_error(status: StatusCode, code: &str, message: &str) -> Reply {
    let body = json!({ "error": { "code": code, "message": message, "innerError": {} } });
    Reply::new(status).with_body("application/json", body.to_string())
}
