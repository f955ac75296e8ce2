//! The request of a contract as it is sent to a live provider.

use reqwest::Url;

use super::effect::switch;
use graph_contracts::contract::{Body, Contract, fill, header};
use graph_contracts::http::{OutgoingRequest, is_hop_by_hop};
use graph_contracts::url::Target;

/// The contract as it is sent, and as the answer is judged: placeholders have values, and a policy is switched off.
///
/// # Errors
///
/// When a placeholder is of a type of which no value can be made.
pub(super) fn sent(contract: &Contract) -> Result<Contract, String> {
    let filled = fill(contract)?;
    Ok(match switch(contract) {
        Some(switch) => switch.put_off(filled),
        None => filled,
    })
}

/// The request for a path, which is escaped and has no version.
pub(super) fn request(contract: &Contract, path: &str) -> OutgoingRequest {
    let mut request = OutgoingRequest::new(contract, &versioned(contract, path));
    let has_body = request.body.is_some();
    let is = |name: &str, own: &str| name.eq_ignore_ascii_case(own);
    request.headers.retain(|(name, _)| {
        !changes_meaning(name) && !is(name, "accept-encoding") && (has_body || !is(name, "content-type"))
    });
    if contract.response.status != 202 {
        request.headers.retain_mut(|(name, value)| !is(name, "prefer") || is_left_of_preferences(value));
    }
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

/// Header fields that say who asks, or that an intermediary adds, each with a meaning of its own.
const OTHERS: [&str; 8] =
    ["authorization", "proxy-authorization", "cookie", "host", "forwarded", "via", "max-forwards", "expect"];

/// Words of header fields with which frameworks let a request have another method, URL or host than the one that it is sent to, such
/// as `X-HTTP-Method-Override`, `X-Original-URL` and `X-Forwarded-Host`.
const OVERRIDES: [&str; 7] = ["forwarded", "original", "rewrite", "url", "uri", "host", "proxy"];

/// The same with or without `X-`: `HTTP-Method-Override`.
const METHODS: [&str; 3] = ["method", "verb", "override"];

/// Whether a header field changes what a request means. Such fields are never taken from a contract: what is planned for a method, an
/// object and an account has to be what the service does.
fn changes_meaning(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(['-', '_']).collect();
    let has = |overrides: &[&str]| words.iter().any(|word| overrides.iter().any(|own| word.starts_with(own)));
    OTHERS.contains(&name.as_str())
        || is_hop_by_hop(&name)
        || has(&METHODS)
        || (words.first() == Some(&"x") && has(&OVERRIDES))
}

/// Takes `respond-async` (RFC 7240 section 4.1) out of preferences, and says whether any are left. With it, a service may answer before
/// anything is done, and such an answer proves nothing; only a page that documents 202 has it sent.
fn is_left_of_preferences(value: &mut String) -> bool {
    let name = |preference: &str| preference.split([';', '=']).next().unwrap_or_default().trim().to_ascii_lowercase();
    if value.split(',').any(|preference| name(preference) == "respond-async") {
        let left = value.split(',').filter(|preference| name(preference) != "respond-async").map(str::trim);
        *value = left.collect::<Vec<_>>().join(", ");
    }
    !value.trim().is_empty()
}

/// A path with the contract's version before it. Where nothing says what it is, the plan leaves the step out.
pub(super) fn versioned(contract: &Contract, path: &str) -> String {
    let version = contract.version().map(|version| format!("/{version}")).unwrap_or_default();
    format!("{version}{path}")
}

/// A path or URL of the service without host and version.
pub(super) fn unversioned(url: &str) -> &str {
    let target = Target::read(url);
    target.path
}

/// Whether a path is that of an object, or of something within it.
pub(super) fn is_at_or_within(path: &str, object: &str) -> bool {
    path.strip_prefix(object).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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

    #[test]
    fn what_changes_the_meaning_of_a_request_is_never_taken_from_a_page() {
        let check = |name: &str, expected: bool| assert_eq!(changes_meaning(name), expected, "{name}");
        for name in [
            "X-HTTP-Method-Override",
            "HTTP-Method-Override",
            "Method-Override",
            "x-http-method",
            "X-HTTP-Verb-Override",
            "X-Method-Override",
            "x_http_method_override",
            "X-Original-URL",
            "X-Rewrite-Url",
            "X-Forwarded-Host",
            "X-Host",
            "Forwarded",
            "Host",
            "Authorization",
            "Cookie",
            "Connection",
            "Transfer-Encoding",
        ] {
            check(name, true);
        }
        for name in ["ConsistencyLevel", "Prefer", "If-Match", "x-ms-throttle-priority", "workbook-session-id", "Range"]
        {
            check(name, false);
        }
    }

    #[test]
    fn a_preference_to_answer_later_is_left_out() {
        let check = |value: &str, expected: &str| {
            let mut left = value.to_owned();
            let is_left = is_left_of_preferences(&mut left);
            assert_eq!((left.as_str(), is_left), (expected, !expected.is_empty()), "{value}");
        };
        check("respond-async", "");
        check("return=minimal, Respond-Async; wait=5", "return=minimal");
        check("outlook.timezone=\"a,b\"", "outlook.timezone=\"a,b\"");
    }

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
