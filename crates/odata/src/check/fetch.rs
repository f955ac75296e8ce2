//! Fetches a metadata document from a URL: read-only, without credentials, within limits.

use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue};
use reqwest::{ClientBuilder, Method, Request, Url};
use tokio::time::timeout;

use crate::csdl::document_text;
use graph_contracts::http::{Cause, Limits, ReceivedResponse, SendError, receive, set_up, shown};

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// The largest document: the service's own have some megabytes.
const LARGEST: usize = 64 << 20;

/// How long a document may take.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Why there is no document at a URL. No user, password or value of a query is ever part of it.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Nothing is sent to such a URL.
    #[error("{url}: {what}")]
    Url {
        /// The URL, as it may be shown.
        url: String,
        /// What is wrong with it, and what to do.
        what: &'static str,
    },
    /// The URL needs TLS, and the client has none.
    #[error("GET {url}: this takes TLS, which is not compiled in")]
    NeedsTls {
        /// The URL, as it may be shown.
        url: String,
    },
    /// There is no HTTP client.
    #[error("the HTTP client cannot be set up: check the certificates and the proxy")]
    Client {
        /// Why.
        #[source]
        cause: Cause,
    },
    /// There is no whole response.
    #[error("GET {url} failed")]
    Send {
        /// The URL, as it may be shown.
        url: String,
        /// Why.
        #[source]
        cause: SendError,
    },
    /// The response is not the document.
    #[error("GET {url}: {what}")]
    Response {
        /// The URL, as it may be shown.
        url: String,
        /// What it is, and what to do.
        what: String,
        /// Whether what to do is to give a file with the document instead.
        needs_file: bool,
    },
}

/// What to do where something else is at a URL.
const WRONG_URL: &str = "the metadata of a version is at its $metadata, such as \
    'https://graph.microsoft.com/v1.0/$metadata' (in single quotes: a shell takes $metadata for a variable)";

/// A document that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The URL that was asked for, as it may be shown: without user, password and the values of the query.
    pub name: String,
    /// The document.
    pub text: String,
}

/// Whether the name of a document is a URL that is fetched, and not a file's path.
pub fn is_url(name: &str) -> bool {
    let has_scheme = |scheme: &str| name.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme));
    has_scheme("http://") || has_scheme("https://")
}

/// The name of a document as it may be shown: a file's path as it is, a URL without user, password and the values of its query.
pub fn shown_name(name: &str) -> String {
    match Url::parse(name) {
        Ok(url) if is_url(name) => shown(&url),
        // A malformed URL may contain a password all the same.
        Err(_) if is_url(name) => "the URL".to_owned(),
        _ => name.to_owned(),
    }
}

/// The limits of a document: 64 MiB, before and after it is decoded, and 2 minutes.
pub fn fetch_limits() -> Limits {
    Limits { max_body: LARGEST, timeout: TIMEOUT, ..Limits::default() }
}

/// Fetches a document with GET.
///
/// `http` has what the command line decides: TLS, its certificates, a proxy; `has_tls` says whether it can speak https. The rest is
/// decided here:
///
/// - Nothing is sent that identifies anybody: no cookie, no token, no user of the URL, no referrer.
/// - Up to five redirects are followed, each of which is a new request of its own; from https only to https.
/// - The body arrives encoded, and is decoded within the limits; the time limit is that of all requests together.
///
/// # Errors
///
/// When the URL may not be fetched, or returns no document within the limits.
pub async fn fetch(http: ClientBuilder, has_tls: bool, name: &str, limits: &Limits) -> Result<Fetched, FetchError> {
    let url = Url::parse(name).map_err(|_| FetchError::Url { url: shown_name(name), what: "this is not a URL" })?;
    check_url(&url).map_err(|what| FetchError::Url { url: shown(&url), what })?;
    let http = set_up(http, &url, limits).build().map_err(|error| FetchError::Client { cause: Cause::of(error) })?;
    let name = shown(&url);
    match timeout(limits.timeout, follow(&http, has_tls, url, limits)).await {
        Ok(text) => Ok(Fetched { name, text: text? }),
        Err(_) => {
            let cause = SendError::Timeout { received: None, limit: limits.timeout };
            Err(FetchError::Send { url: name, cause })
        }
    }
}

/// The document at a URL, or where that leads.
async fn follow(http: &reqwest::Client, has_tls: bool, mut url: Url, limits: &Limits) -> Result<String, FetchError> {
    let mut followed = 0;
    loop {
        if url.scheme() == "https" && !has_tls {
            return Err(FetchError::NeedsTls { url: shown(&url) });
        }
        let mut request = Request::new(Method::GET, url.clone());
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/xml"));
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br"));
        let response = receive(http, request, limits, &mut None).await;
        let response = response.map_err(|cause| FetchError::Send { url: shown(&url), cause })?;
        let status = response.status;
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            return document(&url, response);
        }
        let refused =
            |what: String| refused(&url, format!("the answer is {status}, a redirect that is not followed: {what}"));
        followed += 1;
        if followed > MOST_REDIRECTS {
            return Err(refused(format!("it is the {followed}th in a row")));
        }
        let location = response.header("location").ok_or_else(|| refused("it has no Location".to_owned()))?;
        url = next(&url, &location).map_err(refused)?;
    }
}

/// Where a redirect leads (RFC 9110 section 10.2.2).
fn next(url: &Url, location: &str) -> Result<Url, String> {
    let mut next = url.join(location).map_err(|_| "its Location is not a URL".to_owned())?;
    next.set_fragment(None);
    if let Err(what) = check_url(&next) {
        return Err(format!("it leads to {}: {what}", shown(&next)));
    }
    match (url.scheme(), next.scheme()) {
        ("https", "http") => Err(format!("it leads to {}, which is without TLS", shown(&next))),
        _ => Ok(next),
    }
}

/// Whether a URL is one that is asked.
fn check_url(url: &Url) -> Result<(), &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("only http and https are known here");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it names a user or a password, and no credentials are ever sent: leave them out");
    }
    Ok(())
}

/// The text of a response.
fn document(url: &Url, response: ReceivedResponse) -> Result<String, FetchError> {
    let status = response.status;
    if status != 200 {
        let (what, needs_file) = what_to_do(status);
        let what = format!("the answer is {status}: {what}");
        return Err(FetchError::Response { url: shown(url), what, needs_file });
    }
    let content_type = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let charset = parts.find_map(|part| part.strip_prefix("charset=")).map(|charset| charset.trim_matches('"'));
    let is_xml = |name: &str| name == "application/xml" || name == "text/xml" || name.ends_with("+xml");
    // Where files are kept, few know what they are.
    let is_file = matches!(media_type, "" | "text/plain" | "application/octet-stream");
    if !(is_file || is_xml(media_type)) || media_type == "application/xhtml+xml" {
        let media_type: String = media_type.chars().filter(|c| c.is_ascii_graphic()).take(100).collect();
        return Err(refused(url, format!("the answer is {media_type}, and no CSDL in XML: {WRONG_URL}")));
    }
    document_text(&response.body, charset)
        .map_err(|error| refused(url, format!("the document cannot be read: {error}")))
}

fn refused(url: &Url, what: String) -> FetchError {
    FetchError::Response { url: shown(url), what, needs_file: false }
}

/// What to do about a status, and whether that is to give a file.
fn what_to_do(status: u16) -> (&'static str, bool) {
    match status {
        401 | 403 | 407 => ("no credentials are ever sent; download the document otherwise, and give the file", true),
        404 | 410 => (WRONG_URL, false),
        429 | 500.. => ("try again later, or give a file", true),
        _ => ("download the document otherwise, and give the file", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_next(from: &str, location: &str, expected: Result<&str, &str>) {
        let found = next(&Url::parse(from).expect("a URL"), location);
        match (&found, expected) {
            (Ok(url), Ok(expected)) => assert_eq!(url.as_str(), expected),
            (Err(found), Err(words)) => assert!(found.contains(words) && !found.contains("secret"), "{found}"),
            _ => panic!("{from} to {location}: {found:?}"),
        }
    }

    #[test]
    fn a_redirect_leads_on_but_never_out_of_tls_and_never_with_credentials() {
        check_next("https://h/a/b?x=1", "c", Ok("https://h/a/c"));
        check_next("https://h/a", "//other/b#part", Ok("https://other/b"));
        check_next("http://h/a", "https://h/a", Ok("https://h/a"));
        check_next("http://h/a", "http://other/a", Ok("http://other/a"));
        check_next("https://h/a", "http://h/a?sig=secret", Err("it leads to http://h/a?sig=…, which is without TLS"));
        check_next("https://h/a", "https://secret:secret@h/a", Err("it names a user or a password"));
        check_next("https://h/a", "file:///etc/passwd", Err("only http and https"));
        check_next("https://h/a", "https://[", Err("not a URL"));
    }

    #[test]
    fn a_name_is_a_file_or_a_url() {
        for (name, url, shown) in [
            ("a/v1.0.xml", false, "a/v1.0.xml"),
            ("c:\\v1.0.xml", false, "c:\\v1.0.xml"),
            ("https.xml", false, "https.xml"),
            ("é", false, "é"),
            ("HTTPS://h/a", true, "https://h/a"),
            ("http://user:secret@h/a?sig=secret#x", true, "http://h/a?sig=…"),
            ("http://user:secret@h:port/a", true, "the URL"),
        ] {
            assert_eq!((is_url(name), shown_name(name)), (url, shown.to_owned()), "{name}");
        }
    }

    #[track_caller]
    fn check_document(status: u16, media_type: &str, body: &[u8], expected: Result<&str, &str>) {
        let headers = vec![("content-type".to_owned(), media_type.to_owned())];
        let url = Url::parse("https://h/v1.0/$metadata?a=secret").expect("a URL");
        let found = document(&url, ReceivedResponse { status, headers, body: body.to_vec() });
        match (found, expected) {
            (Ok(text), Ok(expected)) => assert_eq!(text, expected),
            (Err(error), Err(words)) => {
                let text = error.to_string();
                assert!(text.starts_with("GET https://h/v1.0/$metadata?a=…: ") && text.contains(words), "{text}");
            }
            (found, _) => panic!("{media_type}: {found:?}"),
        }
    }

    #[test]
    fn a_document_is_xml_with_status_200() {
        for media_type in [
            "application/xml",
            "text/xml; charset=utf-8",
            "application/atomsvc+xml",
            "text/plain",
            "",
            "APPLICATION/XML",
        ] {
            check_document(200, media_type, b"<a/>", Ok("<a/>"));
        }
        for media_type in ["text/html; charset=utf-8", "application/json", "application/xhtml+xml"] {
            check_document(200, media_type, b"<a/>", Err("in single quotes"));
        }
        check_document(200, "application/xml", b"<a>\xe9</a>", Err("not valid UTF-8"));
        check_document(200, "application/xml; charset=ISO-8859-1", b"<a>\xe9</a>", Ok("<a>é</a>"));
        check_document(200, "application/xml; charset=\"none\"", b"<a/>", Err("`none`, which is not a known"));
        check_document(204, "", b"", Err("the answer is 204"));
        check_document(401, "", b"", Err("the answer is 401: no credentials are ever sent"));
        check_document(404, "", b"", Err("the answer is 404: the metadata of a version is at its $metadata"));
        check_document(503, "", b"", Err("the answer is 503: try again later"));
    }
}
