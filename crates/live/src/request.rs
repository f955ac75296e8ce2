//! The request of a contract as it is sent to a live provider.

use reqwest::Url;

use graph_contracts::contract::{Body, Contract, header};
use graph_contracts::http::OutgoingRequest;
use graph_contracts::url::Target;

/// The version where a documented URL names none.
const USUAL_VERSION: &str = "v1.0";

/// The request for a path, which is escaped and has no version.
pub(super) fn request(contract: &Contract, path: &str) -> OutgoingRequest {
    let mut request = OutgoingRequest::new(contract, &versioned(contract, path));
    let has_body = request.body.is_some();
    let is = |name: &str, own: &str| name.eq_ignore_ascii_case(own);
    request.headers.retain(|(name, _)| {
        !is(name, "authorization") && !is(name, "accept-encoding") && (has_body || !is(name, "content-type"))
    });
    for (_, value) in request.headers.iter_mut().filter(|(name, _)| is(name, "if-match")) {
        // The sample of an entity tag is that of no object; any version will do (RFC 9110 section 13.1.1).
        *value = "*".to_owned();
    }
    if matches!(contract.request.body, Some(Body::Json(_)))
        && header(&contract.request.headers, "content-type").is_none()
    {
        request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    request
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

/// The path and query of a URL of the service (`@odata.nextLink`); `None` if it is on another host, or no URL.
pub(super) fn own_path_and_query(base: &Url, url: &str) -> Option<String> {
    // A path alone is one of the service's (RFC 9110 section 10.2.2).
    let url = base.join(url).ok().filter(|url| url.origin() == base.origin() && url.path().len() > 1)?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", url.path()))
}

/// The request that reads what is at a path.
pub(super) fn read(path_and_query: &str) -> OutgoingRequest {
    OutgoingRequest {
        method: "GET".to_owned(),
        path_and_query: path_and_query.to_owned(),
        headers: vec![("accept".to_owned(), "application/json".to_owned())],
        body: None,
    }
}

/// The request that deletes what is at a path, if it still has that entity tag (RFC 9110 section 13.1.1).
pub(super) fn deletion(path: &str, etag: Option<String>) -> OutgoingRequest {
    OutgoingRequest {
        method: "DELETE".to_owned(),
        path_and_query: path.to_owned(),
        headers: etag.map(|etag| ("if-match".to_owned(), etag)).into_iter().collect(),
        body: None,
    }
}

/// The request for the first object of a collection.
pub(super) fn first_of(contract: &Contract, collection: &str) -> OutgoingRequest {
    read(&format!("{}?$top=1&$select=id", versioned(contract, collection)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        let base = "https://h:8443".parse().expect("a URL");
        assert_eq!(own_path_and_query(&base, url).as_deref(), expected, "{url}");
    }

    #[test]
    fn what_is_on_another_host_is_not_the_services() {
        check("https://h:8443/v1.0/lamps/1?a=b#c", Some("/v1.0/lamps/1?a=b"));
        check("/v1.0/lamps('1')", Some("/v1.0/lamps('1')"));
        check("https://other/v1.0/lamps/1", None);
        check("https://h/v1.0/lamps/1", None);
        check("//other/v1.0/lamps/1", None);
        check("https://h:8443/", None);
        check("", None);
        check("http://[", None);
    }
}
