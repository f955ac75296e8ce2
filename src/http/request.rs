//! The request of a contract as it is sent, and the URL that it is sent to.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};

use super::headers::is_hop_by_hop;
use crate::contract::{Body, Contract};
use crate::url::{Target, Template, encode_written, sample_value, split_path};

/// A request to a provider, wherever that is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutgoingRequest {
    /// The method.
    pub method: String,
    /// The path, which is escaped and begins with `/`, and the query.
    pub path_and_query: String,
    /// The header fields.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Option<Vec<u8>>,
}

impl OutgoingRequest {
    /// The contract's request to a path, which is escaped and has its version: the documented query, header fields and body, but for
    /// header fields that the connection itself says.
    pub fn new(contract: &Contract, path: &str) -> OutgoingRequest {
        let documented = &contract.request;
        let query = Target::read(&documented.url).query.filter(|query| !query.is_empty());
        let own = ["content-length", "host"];
        let is_own = |name: &str| is_hop_by_hop(name) || own.iter().any(|own| name.eq_ignore_ascii_case(own));
        let headers = documented.headers.iter().filter(|header| !is_own(&header.name));
        OutgoingRequest {
            method: documented.method.clone(),
            path_and_query: query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")),
            headers: headers.map(|header| (header.name.clone(), header.value.clone())).collect(),
            body: documented.body.as_ref().map(|body| match body {
                Body::Json(json) => json.to_string().into_bytes(),
                Body::Text(lines) | Body::Bytes(lines) => lines.join("\n").into_bytes(),
            }),
        }
    }

    /// The request to the provider at that base URL, and never to another host.
    ///
    /// # Errors
    ///
    /// When the method, the path, or a header field cannot be sent.
    pub fn at(self, base: &Url) -> Result<Request, String> {
        let method = Method::from_bytes(self.method.as_bytes()).map_err(|_| "its method is not valid".to_owned())?;
        let mut request = Request::new(method, target(base, &self.path_and_query)?);
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let invalid = |what: &str| format!("the header field `{name}` has {what} that HTTP does not allow");
            let name = HeaderName::try_from(name.as_str()).map_err(|_| invalid("a name"))?;
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).map_err(|_| invalid("a value"))?);
        }
        *request.headers_mut() = headers;
        *request.body_mut() = self.body.map(Into::into);
        Ok(request)
    }
}

/// The URL of a request.
fn target(base: &Url, path_and_query: &str) -> Result<Url, String> {
    let (path, query) = match path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path_and_query, None),
    };
    let origin = base.origin();
    // Joining would take `//host/path` for another host (RFC 3986 section 4.2).
    let url = Url::parse(&format!("{}{path}", origin.ascii_serialization()));
    let url = url.ok().filter(|url| path.starts_with('/') && url.origin() == origin);
    let mut url = url.ok_or("its path does not begin with `/`")?;
    if url.path() != path || url.fragment().is_some() {
        return Err("its path is not escaped, or has segments `.` or `..`".to_owned());
    }
    url.set_query(query);
    Ok(url)
}

/// The path of a contract on one of its routes, escaped and with its version: the example's own path where it is on that route,
/// or else the template with sample values.
///
/// # Errors
///
/// When no URL has such a path.
pub(crate) fn path_on(contract: &Contract, route: &str) -> Result<String, String> {
    let template = Template::read(route);
    let own = Target::read(&contract.request.url).path;
    let path = if template.matches(own) { own.to_owned() } else { template.fill(sample_value) };
    let segments: Vec<String> = split_path(&path).iter().map(|segment| encode_written(segment)).collect();
    let is_dots = |segment: &String| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if segments.iter().any(is_dots) {
        // URLs have no segments `.` and `..` (RFC 3986 section 5.2.4).
        return Err(format!("the path {path} cannot be sent: a URL has no segments `.` and `..`"));
    }
    let slash = if segments.is_empty() || path.ends_with('/') { "/" } else { "" };
    let root = contract.path_root();
    let root = split_path(&root).into_iter().map(encode_written);
    let whole: String = root.chain(segments).map(|segment| format!("/{segment}")).collect();
    Ok(whole + slash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_target(path_and_query: &str, expected: Result<&str, &str>) {
        let base = Url::parse("https://h:8443").expect("a URL");
        let found = target(&base, path_and_query);
        assert_eq!(found.as_ref().map(Url::as_str).map_err(String::as_str), expected);
    }

    #[test]
    fn a_request_goes_to_the_base_and_nowhere_else() {
        check_target("/v1.0/users?$top=1", Ok("https://h:8443/v1.0/users?$top=1"));
        check_target("/v1.0/users/a%20b", Ok("https://h:8443/v1.0/users/a%20b"));
        check_target("//evil.example/v1.0", Ok("https://h:8443//evil.example/v1.0"));
        for path in ["", "evil", "@evil.example/", ".evil.example/", "80/", ":80/", "https://evil.example/"] {
            check_target(path, Err("its path does not begin with `/`"));
        }
        for path in ["/v1.0/../beta", "/v1.0/%2e%2E/beta", "/a b", "/a#b", "/\\evil.example", "/a\n", "/ä"] {
            check_target(path, Err("its path is not escaped, or has segments `.` or `..`"));
        }
    }
}
