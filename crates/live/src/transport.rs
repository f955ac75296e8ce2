//! Sends requests to a live provider: with a token, within a pace and limits, and again where that is safe.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderValue, LOCATION};
use reqwest::{Method, Request, Url};
use tokio::time::Instant;

use super::base_url::check_base;
use super::marker::Marked;
use super::pace::retry_after;
use super::retry::{Ending, Next, next};
use super::token::is_token;
use super::{About, AccessToken, LiveError, NoTurn, Pace, TokenError, Tokens};
use graph_contracts::http::{
    Cause, Limits, OutgoingRequest, ReceivedResponse, SendError, is_hop_by_hop, receive, set_up, shown,
};
use graph_contracts::url::without_query;

/// How often a request is repeated after failures that may pass. Throttling does not count: the time budget bounds it.
const MOST_REPEATS: u32 = 3;

/// The header field by which the service finds a request in its logs.
const CLIENT_REQUEST_ID: &str = "client-request-id";

/// What a live provider answered.
#[derive(Clone, Debug)]
pub struct LiveExchange {
    /// The last response.
    pub response: ReceivedResponse,
    /// Its header field `request-id`, by which the service's support finds it.
    pub request_id: Option<String>,
    /// The header field `client-request-id` of the request: one for all attempts, so that support finds them together. Each
    /// attempt has a `request-id` of its own.
    pub client_request_id: String,
    /// How often the request was sent.
    pub attempts: u32,
    /// How many of the responses were 429, 503 or 509.
    pub throttled: u32,
    /// Whether the request may have been processed although this response does not say so: it is a failure of the service
    /// (POST and 502), or an earlier attempt was (DELETE and 504, and then 404). Never for a method that changes nothing.
    pub ambiguous: bool,
    /// The time of the last attempt, from sending the request to the last byte of the body.
    pub elapsed: Duration,
}

impl LiveExchange {
    /// The same without the marker that was sent.
    pub(super) fn without(self, marked: Option<&Marked>) -> LiveExchange {
        match marked {
            Some(marked) => LiveExchange { response: marked.unmark(self.response), ..self },
            None => self,
        }
    }
}

/// A connection to one live provider.
#[derive(Debug)]
pub struct Transport {
    http: reqwest::Client,
    base: Url,
    tokens: Tokens,
    pace: Arc<Pace>,
    limits: Limits,
}

impl Transport {
    /// A transport to the provider at that base URL.
    ///
    /// `http` has what the command line decides: TLS, its certificates, a proxy. The rest is decided here ([`set_up`]), so that
    /// nothing else can be handed in: the token goes to no other host.
    ///
    /// # Errors
    ///
    /// When the base URL is not `https` (or `http` to this machine) with nothing behind the host, or the client cannot be set
    /// up.
    pub fn new(
        http: reqwest::ClientBuilder,
        base: Url,
        tokens: Tokens,
        pace: Arc<Pace>,
        limits: Limits,
    ) -> Result<Transport, LiveError> {
        check_base(&base).map_err(|what| LiveError::Base { base: shown(&base), what })?;
        let http = set_up(http, &base, &limits);
        let http = http.build().map_err(|error| LiveError::Client { cause: Cause::of(error) })?;
        Ok(Transport { http, base, tokens, pace, limits })
    }

    /// The base URL.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The tokens, to read what the current one says of itself.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The pace.
    pub fn pace(&self) -> &Arc<Pace> {
        &self.pace
    }

    /// Sends a request, and receives the response whole. Whatever its status is, it is an outcome, with two exceptions: 401
    /// after the token was refreshed, and 429, 503 or 509 where waiting is beyond the time budget.
    ///
    /// - 429, 503 and 509 are waited for, together with all others of the same [`Pace`]: as long as `Retry-After` says, or else by
    ///   an exponential backoff. A POST or PATCH is not repeated after a 503 without `Retry-After`.
    /// - After 500, 502, 504 and failures of the connection an idempotent request is repeated up to three times. Any other
    ///   request is, only if there was no connection.
    /// - On 401 the token is refreshed once.
    ///
    /// # Errors
    ///
    /// When there is no response to compare; [`LiveError::is_ambiguous`] says whether the request may have been processed.
    pub async fn send(&self, request: OutgoingRequest) -> Result<LiveExchange, LiveError> {
        let mut about = About {
            method: request.method.clone(),
            client_request_id: new_id(),
            // Until it is known to be a URL, its query is not shown.
            url: without_query(&request.path_and_query).to_owned(),
            ..About::default()
        };
        let draft = match self.draft(request, &about.client_request_id) {
            Ok(draft) => draft,
            Err(what) => return Err(LiveError::Request { about: Box::new(about), what }),
        };
        about.url = shown(draft.request.url());
        Sending { transport: self, draft, about, ambiguous: false, failed: 0, refreshed: false }.run().await
    }

    /// The request as it is sent, but for the token. What is said here and by the connection itself is not taken from it.
    fn draft(&self, mut request: OutgoingRequest, client_request_id: &str) -> Result<Draft, String> {
        let is_own = |name: &str| {
            let own = [AUTHORIZATION.as_str(), HOST.as_str(), CONTENT_LENGTH.as_str(), CLIENT_REQUEST_ID];
            own.iter().any(|own| name.eq_ignore_ascii_case(own)) || is_hop_by_hop(&name.to_ascii_lowercase())
        };
        request.headers.retain(|(name, _)| !is_own(name));
        request.headers.push((CLIENT_REQUEST_ID.to_owned(), client_request_id.to_owned()));
        let body = request.body.take();
        Ok(Draft { request: request.at(&self.base)?, body })
    }
}

/// A request without its token and its body.
struct Draft {
    request: Request,
    body: Option<Vec<u8>>,
}

impl Draft {
    fn with(&self, token: &AccessToken) -> Result<Request, TokenError> {
        let invalid = || TokenError::new("the access token cannot be sent over HTTP (RFC 6750 section 2.1)");
        if !is_token(token.expose()) {
            return Err(invalid());
        }
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(|_| invalid())?;
        // Debug output of the HTTP client does not show it, and HTTP/2 does not index it (RFC 7541 section 7.1.3).
        value.set_sensitive(true);
        let mut request = Request::new(self.request.method().clone(), self.request.url().clone());
        *request.headers_mut() = self.request.headers().clone();
        request.headers_mut().insert(AUTHORIZATION, value);
        // The HTTP client leaves it out where there is no content; the service answers 411 then (RFC 9110 section 8.6).
        if self.body.is_none() && [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        *request.body_mut() = self.body.clone().map(Into::into);
        Ok(request)
    }
}

/// A request that is being sent, and what became of it so far.
struct Sending<'a> {
    transport: &'a Transport,
    draft: Draft,
    about: About,
    /// An attempt may have been processed.
    ambiguous: bool,
    /// The failures that may pass.
    failed: u32,
    refreshed: bool,
}

impl Sending<'_> {
    async fn run(mut self) -> Result<LiveExchange, LiveError> {
        loop {
            let Transport { tokens, pace, http, limits, .. } = self.transport;
            let token = match tokens.get().await {
                Ok(token) => token,
                Err(cause) => return Err(self.no_token(cause)),
            };
            let turn = match pace.turn().await {
                Ok(turn) => turn,
                Err(cause) => return Err(self.no_turn(cause)),
            };
            // The turn may have taken longer than the token was good for.
            if token.expires().is_some_and(|expires| expires <= Timestamp::now()) {
                continue;
            }
            let request = match self.draft.with(&token) {
                Ok(request) => request,
                Err(cause) => return Err(self.no_token(cause)),
            };
            let (start, mut head) = (Instant::now(), None);
            let result = receive(http, request, limits, &mut head).await;
            let elapsed = start.elapsed();
            drop(turn);

            self.note(head.as_ref());
            let ending = ending(head.as_ref(), &result);
            self.ambiguous |= ending.is_ambiguous(self.draft.request.method());
            if !matches!(ending, Ending::Answered(401, _)) && head.is_some() {
                tokens.accepted(&token);
            }
            if ending.is_throttled() {
                self.hold(ending);
            }
            match next(self.draft.request.method(), ending) {
                Next::Throttled => {}
                Next::Repeat if self.failed < MOST_REPEATS => {
                    let wait = pace.backoff(self.failed);
                    self.failed += 1;
                    if let Err(cause) = pace.pause(wait).await {
                        return Err(self.no_turn(cause));
                    }
                }
                Next::Refresh if !self.refreshed => {
                    self.refreshed = true;
                    if let Err(cause) = tokens.invalidate(&token).await {
                        return Err(self.refused(Some(cause)));
                    }
                }
                Next::Refresh => return Err(self.refused(None)),
                Next::Repeat | Next::End => return self.end(result, elapsed),
            }
        }
    }

    /// Keeps what support cases and cleaning up need of a response head.
    fn note(&mut self, head: Option<&ReceivedResponse>) {
        self.about.attempts += 1;
        self.about.status = head.map(|head| head.status);
        self.about.request_id = head.and_then(request_id);
        self.about.location = head.filter(|head| head.status == 201).and_then(|head| {
            let location = head.header(LOCATION.as_str())?;
            Some(without_query(&location).to_owned())
        });
    }

    /// One throttled answer slows all.
    fn hold(&mut self, ending: Ending) {
        let pace = &self.transport.pace;
        let wait = match ending {
            Ending::Answered(_, Some(wait)) => wait,
            _ => pace.backoff(self.about.throttled),
        };
        pace.hold(wait);
        self.about.throttled += 1;
    }

    fn end(self, result: Result<ReceivedResponse, SendError>, elapsed: Duration) -> Result<LiveExchange, LiveError> {
        let Sending { about, ambiguous, .. } = self;
        match result {
            Err(cause) => Err(LiveError::Send { about: Box::new(about), ambiguous, cause }),
            Ok(response) => Ok(LiveExchange {
                response,
                request_id: about.request_id,
                client_request_id: about.client_request_id,
                attempts: about.attempts,
                throttled: about.throttled,
                ambiguous,
                elapsed,
            }),
        }
    }

    fn no_token(self, cause: TokenError) -> LiveError {
        LiveError::Token { about: Box::new(self.about), ambiguous: self.ambiguous, cause }
    }

    fn refused(self, cause: Option<TokenError>) -> LiveError {
        LiveError::Refused { about: Box::new(self.about), ambiguous: self.ambiguous, cause }
    }

    fn no_turn(self, cause: NoTurn) -> LiveError {
        LiveError::NoTurn { about: Box::new(self.about), ambiguous: self.ambiguous, cause }
    }
}

/// How an attempt ended. Where the head says already that the request was refused, it does not matter what became of the body.
fn ending(head: Option<&ReceivedResponse>, result: &Result<ReceivedResponse, SendError>) -> Ending {
    match (head, result) {
        (Some(head), Ok(_)) => Ending::Answered(head.status, retry_after(head)),
        (Some(head), Err(_)) if matches!(head.status, 401 | 429 | 503 | 509) => {
            Ending::Answered(head.status, retry_after(head))
        }
        (_, Err(error)) => Ending::of(error),
        (None, Ok(response)) => Ending::Answered(response.status, retry_after(response)),
    }
}

/// The service's name of a request, if it looks like one: it is shown.
fn request_id(head: &ReceivedResponse) -> Option<String> {
    let id = head.header("request-id")?;
    (id.len() <= 100 && id.bytes().all(|byte| byte.is_ascii_graphic())).then_some(id)
}

/// A new `client-request-id`, as the service wants it: a GUID.
fn new_id() -> String {
    let mut bytes = [0; 16];
    fastrand::fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_requests_are_guids_and_differ() {
        let (one, other) = (new_id(), new_id());
        assert_eq!(one.len(), 36);
        assert_ne!(one, other);
    }

    #[test]
    fn an_identifier_that_is_none_is_not_shown() {
        let head = |id: &str| ReceivedResponse {
            headers: vec![("Request-Id".to_owned(), id.to_owned())],
            ..ReceivedResponse::default()
        };
        assert_eq!(request_id(&head("0a-1b")), Some("0a-1b".to_owned()));
        assert_eq!(request_id(&head("a\u{1b}[31m")), None);
        assert_eq!(request_id(&head(&"a".repeat(101))), None);
        assert_eq!(request_id(&ReceivedResponse::default()), None);
    }
}
