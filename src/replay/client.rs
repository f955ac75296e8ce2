//! Sends the request of a contract and receives the response.

use std::time::Instant;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};

use super::receive::receive;
use super::send_error::Cause;
use super::{Limits, SendError};
use crate::contract::{Body, Contract, header};
use crate::exchange::{Exchange, SentRequest};
use crate::normal::is_hop_by_hop;
use crate::stub::{CONTRACT_HEADER, Stub, is_bearer};
use crate::url::{Target, Template, encode_written, sample_value, split_path};

/// How many connections to the stub are kept.
const MOST_IDLE: usize = 64;

/// An HTTP client for one provider.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    limits: Limits,
}

impl Client {
    /// A client for the stub. Its connections are kept and used again.
    ///
    /// # Errors
    ///
    /// When the client cannot be set up.
    pub fn for_stub(stub: &Stub, limits: Limits) -> Result<Client, String> {
        Client::build(&stub.uri(), limits, MOST_IDLE)
    }

    /// A client for the provider at that base URL, with the limits that [`Limits::default`] says.
    ///
    /// # Errors
    ///
    /// When the base URL is none, or the client cannot be set up.
    pub fn new(base: &str) -> Result<Client, String> {
        Client::with_limits(base, Limits::default())
    }

    /// A client for the provider at that base URL, with those limits.
    ///
    /// # Errors
    ///
    /// When the base URL is none, or the client cannot be set up.
    pub fn with_limits(base: &str, limits: Limits) -> Result<Client, String> {
        // A connection is used once. Bytes that follow a response would be read as the response to the next request, and a
        // connection that breaks after it would break the next exchange: both belong to another contract.
        Client::build(base, limits, 0)
    }

    fn build(base: &str, limits: Limits, most_idle: usize) -> Result<Client, String> {
        let base = Url::parse(base).map_err(|error| format!("{base}: {error}"))?;
        let http = reqwest::Client::builder()
            // Redirects are documented responses.
            .redirect(reqwest::redirect::Policy::none())
            // A proxy from the environment is not meant for the loopback interface.
            .no_proxy()
            .pool_max_idle_per_host(most_idle)
            .connect_timeout(limits.connect_timeout);
        let http = http.build().map_err(|error| Cause::of(error).to_string())?;
        Ok(Client { http, base, limits })
    }

    /// Sends the contract's request on one of its routes, and receives the response whole. Its body is decoded; the header
    /// fields are as they came.
    ///
    /// # Errors
    ///
    /// When there is no response to compare: the request cannot be sent, or the response cannot be received within the
    /// [`Limits`].
    pub async fn send(&self, contract: &Contract, route: &str) -> Result<Exchange, SendError> {
        let request = self.request(contract, route).map_err(SendError::Request)?;
        let sent = SentRequest { method: request.method().to_string(), url: request.url().to_string() };
        let start = Instant::now();
        let response = receive(&self.http, request, &self.limits, &mut None).await?;
        Ok(Exchange { request: sent, response, elapsed: start.elapsed() })
    }

    /// The contract's request on a route.
    fn request(&self, contract: &Contract, route: &str) -> Result<Request, String> {
        let url = self.url(contract, route)?;
        let method = Method::from_bytes(contract.request.method.as_bytes()).map_err(|error| error.to_string())?;
        let mut request = Request::new(method, url);
        *request.headers_mut() = headers(contract)?;
        *request.body_mut() = contract.request.body.as_ref().map(|body| match body {
            Body::Json(json) => json.to_string().into(),
            Body::Text(lines) | Body::Bytes(lines) => lines.join("\n").into(),
        });
        Ok(request)
    }

    /// The URL of a route: the example's own path where it is on that route, or else the template with sample values.
    fn url(&self, contract: &Contract, route: &str) -> Result<Url, String> {
        let target = Target::read(&contract.request.url);
        let template = Template::read(route);
        let path = if template.matches(target.path) { target.path.to_owned() } else { template.fill(sample_value) };
        let encoded: String = split_path(&path).iter().map(|segment| format!("/{}", encode_written(segment))).collect();
        let version = contract.api_version.as_ref().map(|version| format!("/{version}")).unwrap_or_default();
        let slash = if path.len() > 1 && path.ends_with('/') { "/" } else { "" };
        let wanted = format!("{version}{encoded}{slash}");
        let mut url = self.base.clone();
        url.set_path(&wanted);
        url.set_query(target.query.filter(|query| !query.is_empty()));
        if url.path() != wanted && !encoded.is_empty() {
            // URLs have no segments `.` and `..` (RFC 3986 section 5.2.4).
            return Err(format!("the path {path} cannot be sent: a URL has no segments `.` and `..`"));
        }
        Ok(url)
    }
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
