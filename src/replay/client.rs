//! Sends the request of a contract and receives the response.

use std::time::Instant;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Request, Url};

use crate::contract::{Contract, header};
use crate::http::{Cause, Exchange, Limits, OutgoingRequest, SendError, SentRequest, path_on, receive, set_up};
use crate::matching::{CONTRACT_HEADER, is_bearer};
use crate::stub::Stub;

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
        Client::build(&stub.uri(), limits, Some(MOST_IDLE))
    }

    /// A client for the provider at that base URL, with the limits that [`Limits::default`] says.
    ///
    /// # Errors
    ///
    /// When the base URL is not valid, or the client cannot be set up.
    pub fn new(base: &str) -> Result<Client, String> {
        Client::with_limits(base, Limits::default())
    }

    /// A client for the provider at that base URL, with those limits.
    ///
    /// # Errors
    ///
    /// When the base URL is not valid, or the client cannot be set up.
    pub fn with_limits(base: &str, limits: Limits) -> Result<Client, String> {
        Client::build(base, limits, None)
    }

    /// A client, and how many connections it keeps, if that is not for [`set_up`] to say.
    fn build(base: &str, limits: Limits, most_idle: Option<usize>) -> Result<Client, String> {
        let base = Url::parse(base).map_err(|error| format!("{base}: {error}"))?;
        let mut http = set_up(reqwest::Client::builder(), &base, &limits);
        if let Some(most_idle) = most_idle {
            http = http.pool_max_idle_per_host(most_idle);
        }
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

    /// The contract's request on one of its routes, with a dummy bearer token, and the name of the contract.
    ///
    /// # Errors
    ///
    /// When it cannot be sent, with the reason.
    pub fn request(&self, contract: &Contract, route: &str) -> Result<Request, String> {
        documented_request(contract, route, "stub")?.at(&self.base)
    }
}

/// The contract's request on one of its routes as a replay sends it: with this bearer token, and the name of the contract.
///
/// # Errors
///
/// When no URL has such a path.
pub fn documented_request(contract: &Contract, route: &str, token: &str) -> Result<OutgoingRequest, String> {
    let mut request = OutgoingRequest::new(contract, &path_on(contract, route)?);
    request.headers.retain(|(name, value)| {
        let is = |own: &str| name.eq_ignore_ascii_case(own);
        !(is(CONTRACT_HEADER) || is("authorization") && is_bearer(value))
    });
    if header(&contract.request.headers, "authorization").is_none_or(|header| is_bearer(&header.value)) {
        request.headers.push(("authorization".to_owned(), format!("Bearer {token}")));
    }
    let id = utf8_percent_encode(&contract.id, NON_ALPHANUMERIC).to_string();
    request.headers.push((CONTRACT_HEADER.to_owned(), id));
    Ok(request)
}
