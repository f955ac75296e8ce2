//! The request of a contract as it is sent to a live provider.

use super::transport::LiveRequest;
use crate::contract::{Body, Contract, Target, header};
use crate::normal::is_hop_by_hop;

/// The version where a documented URL names none.
const USUAL_VERSION: &str = "v1.0";

/// The request for a path, which is escaped and has no version.
pub(super) fn request(contract: &Contract, path: &str) -> LiveRequest {
    let query = Target::read(&contract.request.url).query.filter(|query| !query.is_empty());
    let query = query.map(|query| format!("?{}", query.replace(' ', "%20"))).unwrap_or_default();
    let body = contract.request.body.as_ref().map(|body| match body {
        Body::Json(json) => json.to_string().into_bytes(),
        Body::Text(lines) | Body::Bytes(lines) => lines.join("\n").into_bytes(),
    });
    let mut headers: Vec<(String, String)> = Vec::new();
    for header in &contract.request.headers {
        let name = header.name.to_ascii_lowercase();
        let is_own = matches!(name.as_str(), "authorization" | "content-length" | "host" | "accept-encoding");
        if is_own || is_hop_by_hop(&name) || (name == "content-type" && body.is_none()) {
            continue;
        }
        // The sample of an entity tag is that of no object; any version will do (RFC 9110 section 13.1.1).
        let value = if name == "if-match" { "*".to_owned() } else { header.value.clone() };
        headers.push((name, value));
    }
    if matches!(contract.request.body, Some(Body::Json(_)))
        && header(&contract.request.headers, "content-type").is_none()
    {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    LiveRequest {
        method: contract.request.method.clone(),
        path_and_query: format!("{}{query}", versioned(contract, path)),
        headers,
        body,
    }
}

/// A path with the contract's version before it.
pub(super) fn versioned(contract: &Contract, path: &str) -> String {
    format!("/{}{path}", contract.api_version.as_deref().unwrap_or(USUAL_VERSION))
}

/// A path or URL of the service without host and version.
pub(super) fn unversioned(url: &str) -> &str {
    let target = Target::read(url);
    target.path
}

/// The request for the first object of a collection.
pub(super) fn first_of(contract: &Contract, collection: &str) -> LiveRequest {
    LiveRequest {
        method: "GET".to_owned(),
        path_and_query: format!("{}?$top=1&$select=id", versioned(contract, collection)),
        headers: vec![("accept".to_owned(), "application/json".to_owned())],
        body: None,
    }
}
