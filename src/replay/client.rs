//! Sends the request of a contract and receives the response.

use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};

use crate::contract::{Body, Contract, Target, Template, header, sample_value, split_path};
use crate::exchange::{Exchange, ReceivedResponse, SentRequest};
use crate::normal::is_hop_by_hop;
use crate::stub::{CONTRACT_HEADER, is_bearer};

/// How long a response may take, from the request to its last byte.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// An HTTP client for one provider.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
}

impl Client {
    /// A client for the stub at that base URL.
    ///
    /// # Errors
    ///
    /// When the base URL is none, or the client cannot be set up.
    pub fn new(base: &str) -> Result<Client, String> {
        let base = Url::parse(base).map_err(|error| format!("{base}: {error}"))?;
        // Redirects are documented responses. A proxy from the environment is not meant for the loopback interface.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().timeout(TIMEOUT);
        Ok(Client { http: http.build().map_err(describe)?, base })
    }

    /// Sends the contract's request on one of its routes.
    ///
    /// # Errors
    ///
    /// When there is no response to compare: the request cannot be sent, or the response cannot be received.
    pub async fn send(&self, contract: &Contract, route: &str) -> Result<Exchange, String> {
        let url = self.url(contract, route)?;
        let method = Method::from_bytes(contract.request.method.as_bytes()).map_err(|error| error.to_string())?;
        let sent = SentRequest { method: method.to_string(), url: url.to_string() };
        let mut request = self.http.request(method, url).headers(headers(contract)?);
        if let Some(body) = &contract.request.body {
            request = request.body(match body {
                Body::Json(json) => json.to_string(),
                Body::Text(lines) | Body::Bytes(lines) => lines.join("\n"),
            });
        }
        let start = Instant::now();
        let response = request.send().await.map_err(describe)?;
        let status = response.status().as_u16();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let body = read_body(response).await?;
        Ok(Exchange { request: sent, response: ReceivedResponse { status, headers, body }, elapsed: start.elapsed() })
    }

    /// The URL of a route: the example's own path where it is on that route, or else the template with sample values.
    fn url(&self, contract: &Contract, route: &str) -> Result<Url, String> {
        let target = Target::read(&contract.request.url);
        let template = Template::read(route);
        let path = if template.matches(target.path) { target.path.to_owned() } else { template.fill(sample_value) };
        let encoded: String = split_path(&path).iter().map(|segment| format!("/{}", encode(segment))).collect();
        let version = contract.api_version.as_ref().map(|version| format!("/{version}")).unwrap_or_default();
        let slash = if path.len() > 1 && path.ends_with('/') { "/" } else { "" };
        let mut url = self.base.clone();
        url.set_path(&format!("{version}{encoded}{slash}"));
        url.set_query(target.query.filter(|query| !query.is_empty()));
        if url.path() != format!("{version}{encoded}{slash}") && !encoded.is_empty() {
            // URLs have no segments `.` and `..` (RFC 3986 section 5.2.4).
            return Err(format!("the path {path} cannot be sent: a URL has no segments `.` and `..`"));
        }
        Ok(url)
    }
}

/// What cannot stand in a segment of a path as it is (RFC 3986 section 3.3). Percent-encoding that is there stays.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

fn encode(segment: &str) -> String {
    // A `/` in braces or parentheses is part of a value, one in the path of an item is not.
    let encoded = utf8_percent_encode(segment, SEGMENT).to_string();
    if segment.contains(['{', '(']) { encoded.replace('/', "%2F") } else { encoded }
}

/// The documented header fields, but for what the connection itself says, and with a bearer token that is none.
fn headers(contract: &Contract) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    if header(&contract.request.headers, "authorization").is_none_or(|header| is_bearer(&header.value)) {
        headers.insert("authorization", HeaderValue::from_static("Bearer stub"));
    }
    for header in &contract.request.headers {
        let name = header.name.to_ascii_lowercase();
        let is_own =
            matches!(name.as_str(), "content-length" | "host") || name == CONTRACT_HEADER || is_hop_by_hop(&name);
        if is_own || (name == "authorization" && is_bearer(&header.value)) {
            continue;
        }
        let invalid = |what: &str| format!("the header field `{}` has {what} that HTTP does not allow", header.name);
        let name = HeaderName::try_from(name).map_err(|_| invalid("a name"))?;
        let value = HeaderValue::from_bytes(header.value.as_bytes()).map_err(|_| invalid("a value"))?;
        headers.append(name, value);
    }
    let id = utf8_percent_encode(&contract.id, NON_ALPHANUMERIC).to_string();
    headers.insert(CONTRACT_HEADER, HeaderValue::try_from(id).map_err(|error| error.to_string())?);
    Ok(headers)
}

async fn read_body(mut response: reqwest::Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(describe)? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(format!("the body is larger than {MAX_BODY} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// An error with its causes, without the URL (it may carry what should not be shown).
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        text.push_str(&format!(": {next}"));
        cause = next.source();
    }
    text
}
