//! What the sandbox adds to the engine: tokens, throttling, deviations, a log, and a delay.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use graph_contracts::matching::bearer_token;
use wiremock::{Respond, ResponseTemplate};

use super::answer::Answer;
use super::drift::Plan;
use super::engine::{Engine, Reply, locked};
use super::identifiers::guid;
use super::logged::Logged;
use super::options::SandboxOptions;
use super::request::Request;
use super::token::Tokens;

/// What identifiers of the tenant itself are derived from.
const NAMESPACE: &str = "graph-contracts sandbox";

/// The length of the log, and of a path in it.
const MOST_LOGGED: usize = 100_000;
const LONGEST_PATH: usize = 2048;

/// The largest body of a request; that of Microsoft Graph is of the same size.
const LARGEST_BODY: usize = 4 << 20;

/// The engine with everything around it.
#[derive(Debug)]
pub(super) struct Responder {
    pub(super) engine: Engine,
    options: SandboxOptions,
    pub(super) uri: String,
    /// The tenant's id.
    pub(super) id: String,
    pub(super) tokens: Tokens,
    pub(super) plan: Plan,
    pub(super) log: Mutex<VecDeque<Logged>>,
    /// Requests that may be throttled.
    admitted: AtomicU64,
}

impl Respond for Responder {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let query = request.url.query().unwrap_or_default();
        let own = Request {
            method: request.method.as_str(),
            path: request.url.path(),
            query,
            headers: &request.headers,
            body: &request.body,
            file: None,
            base_url: &self.uri,
            contract: None,
        };
        let response = self.engine.send(self.answer(&own), &own);
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        let path = format!("{}{query}", own.path).chars().take(LONGEST_PATH).collect();
        let mut log = locked(&self.log);
        if log.len() == MOST_LOGGED {
            log.pop_front();
        }
        log.push_back(Logged { method: own.method.to_owned(), path, status: response.status.as_u16() });
        drop(log);
        let mut template = ResponseTemplate::new(response.status).set_delay(self.options.latency);
        for (name, value) in &response.headers {
            template = template.insert_header(name, value);
        }
        // What answers HEAD has no content (RFC 9110 section 9.3.2).
        if own.method == "HEAD" { template } else { template.set_body_bytes(response.body.to_vec()) }
    }
}

impl Responder {
    pub(super) fn new(engine: Engine, options: SandboxOptions, uri: String) -> Responder {
        let id = guid(NAMESPACE, 0);
        let contracts = &engine.store().contracts;
        Responder {
            tokens: Tokens::new(&id, &uri, contracts),
            plan: if options.drift { Plan::new(contracts) } else { Plan::default() },
            engine,
            options,
            uri,
            id,
            log: Mutex::default(),
            admitted: AtomicU64::new(0),
        }
    }

    fn answer(&self, request: &Request<'_>) -> Answer {
        if request.body.len() > LARGEST_BODY {
            return Answer::error(413, "RequestEntityTooLarge", "The request is too large.");
        }
        if let Some(tenant) = request.path.strip_suffix("/oauth2/v2.0/token") {
            return self.tokens.answer(tenant.trim_matches('/'), request);
        }
        if let Some(refusal) = self.unauthorized(request).or_else(|| self.throttled()) {
            return refusal;
        }
        let Reply { mut answer, documented } = self.engine.reply(request);
        if let Some(index) = documented.filter(|_| answer.status < 400) {
            self.plan.apply(index, &self.engine.store().contracts[index], &mut answer);
        }
        answer
    }

    /// The refusal of a request without a valid token (RFC 6750 section 3).
    fn unauthorized(&self, request: &Request<'_>) -> Option<Answer> {
        let message = match request.header("authorization").and_then(bearer_token) {
            Some(token) if self.tokens.accepts(token) => return None,
            Some(_) => "The access token is not one of this tenant, or has expired.",
            None => "Access token is empty.",
        };
        let challenge =
            format!("Bearer realm=\"\", authorization_uri=\"{}/{}/oauth2/v2.0/authorize\"", self.uri, self.id);
        Some(Answer::error(401, "InvalidAuthenticationToken", message).with_header("WWW-Authenticate", challenge))
    }

    /// The refusal of every n-th request. A service may leave out when to come back (RFC 6585 section 4), and so it does
    /// once. RFC 9110 section 10.2.3 has whole seconds only; parts of a second keep runs short.
    fn throttled(&self) -> Option<Answer> {
        let every = self.options.throttle_every.filter(|every| *every > 0)?;
        let number = self.admitted.fetch_add(1, Ordering::Relaxed) + 1;
        if !number.is_multiple_of(every) {
            return None;
        }
        let answer = Answer::error(429, "TooManyRequests", "Please retry again later.");
        match number / every {
            2 => Some(answer),
            times if times % 2 == 1 => Some(answer.with_header("Retry-After", "0.05")),
            _ => Some(answer.with_header("Retry-After", "0.1")),
        }
    }
}
