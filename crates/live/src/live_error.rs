//! Why a live request has no outcome.

use std::fmt;

use super::{CertificateProblem, NoTurn, TokenError};
use graph_contracts::http::{Cause, SendError};

/// Why a live request has no response to compare: the phase in which it ended, the request, and what to do. No token, no value
/// of a header field but the request's identifiers, and no value of a query parameter is ever part of it.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// Nothing is sent to such a base URL.
    #[error("the base URL {base}: {what}")]
    Base {
        /// The base URL, without user and password.
        base: String,
        /// What is wrong with it, and what to do.
        what: &'static str,
    },
    /// There is no HTTP client.
    #[error("the HTTP client cannot be set up: check the certificates and the proxy")]
    Client {
        /// Why.
        #[source]
        cause: Cause,
    },
    /// The request cannot be sent.
    #[error("{about}: not sent: {what}")]
    Request {
        /// The request.
        about: Box<About>,
        /// What is wrong with it, and what to do.
        what: String,
    },
    /// There is no token.
    #[error("{about}: not sent: no access token")]
    Token {
        /// The request.
        about: Box<About>,
        /// Whether an earlier attempt may have been processed.
        ambiguous: bool,
        /// Why.
        #[source]
        cause: TokenError,
    },
    /// The service refuses the token, and there is no better one.
    #[error(
        "{about}: the service refuses the access token (401): check its audience and tenant, and that it is not revoked{}",
        .cause.as_ref().map(|cause| format!("; {cause}")).unwrap_or_default()
    )]
    Refused {
        /// The request.
        about: Box<About>,
        /// Whether an earlier attempt may have been processed.
        ambiguous: bool,
        /// Why there is no other token; `None` if there was one, and it was refused too.
        cause: Option<TokenError>,
    },
    /// No further request may be sent: the run was stopped, or its time budget does not allow to wait.
    #[error("{about}: {}", .about.ended())]
    NoTurn {
        /// The request.
        about: Box<About>,
        /// Whether an attempt may have been processed.
        ambiguous: bool,
        /// Why.
        #[source]
        cause: NoTurn,
    },
    /// There is no whole response.
    #[error("{about}: {}", advice(*.ambiguous, .cause))]
    Send {
        /// The request.
        about: Box<About>,
        /// Whether an attempt may have been processed.
        ambiguous: bool,
        /// In which phase it ended, and why.
        #[source]
        cause: SendError,
    },
}

impl LiveError {
    /// Whether the request may have been processed. If it creates something, that may exist.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            LiveError::Base { .. } | LiveError::Client { .. } | LiveError::Request { .. } => false,
            LiveError::Token { ambiguous, .. }
            | LiveError::Refused { ambiguous, .. }
            | LiveError::NoTurn { ambiguous, .. }
            | LiveError::Send { ambiguous, .. } => *ambiguous,
        }
    }

    /// Whether no further request may be sent: the run was stopped, or its time is over.
    pub(super) fn is_over(&self) -> bool {
        matches!(self, LiveError::NoTurn { .. })
    }

    /// The field of [`Limits`](graph_contracts::http::Limits) that would have to be raised, if one was exceeded.
    pub fn exceeded(&self) -> Option<&'static str> {
        match self {
            LiveError::Send { cause, .. } => cause.exceeded(),
            _ => None,
        }
    }

    /// The request; `None` if it is not about one.
    pub fn about(&self) -> Option<&About> {
        match self {
            LiveError::Base { .. } | LiveError::Client { .. } => None,
            LiveError::Request { about, .. }
            | LiveError::Token { about, .. }
            | LiveError::Refused { about, .. }
            | LiveError::NoTurn { about, .. }
            | LiveError::Send { about, .. } => Some(about),
        }
    }
}

fn advice(ambiguous: bool, cause: &SendError) -> &'static str {
    if ambiguous {
        return "it may have been processed, so it is not repeated: look whether it was";
    }
    let problem = match cause {
        SendError::Connect { cause } => CertificateProblem::of(cause.error()),
        _ => None,
    };
    match problem {
        Some(CertificateProblem::Untrusted) => {
            "the service's certificate is not trusted: if its authority is your own, name its file in `ca_cert`"
        }
        Some(CertificateProblem::Invalid) => {
            "the service's certificate is not good: check the base URL, the clock, and who answers there"
        }
        None => "no response that can be compared: run again",
    }
}

/// A request, as errors and support cases name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The method.
    pub method: String,
    /// The URL, without the values of its query.
    pub url: String,
    /// The header field `client-request-id`, the same on each attempt.
    pub client_request_id: String,
    /// The header field `request-id` of the last response.
    pub request_id: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// How many of the responses were 429, 503 or 509.
    pub throttled: u32,
    /// The status of the last response, even if its body did not come.
    pub status: Option<u16>,
    /// Where a response that says so (201) puts what was created, even if its body did not come. Without a query.
    pub location: Option<String>,
}

impl About {
    /// How the last attempt ended, if there was one.
    fn ended(&self) -> String {
        match (self.attempts, self.status) {
            (0, _) => "not sent".to_owned(),
            (_, Some(status)) => format!("the service answered {status}, and it is not repeated"),
            (_, None) => "there was no response, and it is not repeated".to_owned(),
        }
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} (client-request-id {}", self.method, self.url, self.client_request_id)?;
        if let Some(request_id) = &self.request_id {
            write!(f, ", request-id {request_id}")?;
        }
        if self.attempts > 1 {
            write!(f, ", {} attempts", self.attempts)?;
        }
        f.write_str(")")
    }
}
