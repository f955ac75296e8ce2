//! Why there is no response to compare.

use std::error::Error;
use std::fmt;
use std::io;
use std::iter::successors;
use std::time::Duration;

use super::in_units;

/// Why an exchange has no response that can be compared: the phase in which it ended, and what ended it. No value of a
/// header field is ever part of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The contract's request cannot be sent, wherever it goes.
    #[error("{0}")]
    Request(String),
    /// There is no connection.
    #[error("cannot connect")]
    Connect {
        /// Why.
        #[source]
        cause: Cause,
    },
    /// There was no connection in time.
    #[error("no connection within {}", in_units(*limit))]
    ConnectTimeout {
        /// [`Limits::connect_timeout`](super::Limits::connect_timeout).
        limit: Duration,
    },
    /// The connection ended before the response head did, or the received bytes are not a head.
    #[error("no readable response head")]
    Head {
        /// Why.
        #[source]
        cause: Cause,
    },
    /// The response head was not complete in time.
    #[error("no complete response head within {}", in_units(*limit))]
    HeadTimeout {
        /// [`Limits::head_timeout`](super::Limits::head_timeout).
        limit: Duration,
    },
    /// The body ended before its end, or its framing is broken.
    #[error("the body broke off after {received} bytes")]
    Body {
        /// The bytes of the body that had come.
        received: usize,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// The provider fell silent within the body.
    #[error("the body broke off after {received} bytes: nothing more for {}", in_units(*limit))]
    Idle {
        /// The bytes of the body that had come.
        received: usize,
        /// [`Limits::idle_timeout`](super::Limits::idle_timeout).
        limit: Duration,
    },
    /// The response was not complete in time.
    #[error("no complete response within {}, {}", in_units(*limit), progress(*received))]
    Timeout {
        /// The bytes of the body that had come; `None` if the head had not.
        received: Option<usize>,
        /// [`Limits::timeout`](super::Limits::timeout).
        limit: Duration,
    },
    /// The body says that it is too large; it was not read.
    #[error("the body has {announced} bytes, more than {limit}")]
    Announced {
        /// The length of the body.
        announced: u64,
        /// [`Limits::max_body`](super::Limits::max_body).
        limit: usize,
    },
    /// The body is too large; the rest was not read.
    #[error("the body has more than {limit} bytes")]
    TooLarge {
        /// [`Limits::max_body`](super::Limits::max_body).
        limit: usize,
    },
    /// The body is too large when it is decoded.
    #[error("the body, {encoded} bytes of {coding}, decodes to more than {limit} bytes")]
    Bomb {
        /// The content coding.
        coding: &'static str,
        /// The bytes before decoding.
        encoded: usize,
        /// [`Limits::max_body`](super::Limits::max_body).
        limit: usize,
    },
    /// The body is not in the content coding that its header field names.
    #[error("the body is not valid {coding}")]
    Encoded {
        /// The content coding.
        coding: &'static str,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The body is in a content coding that is not known here.
    #[error("the body has an unknown content coding (gzip, deflate and br are known)")]
    UnknownCoding,
    /// The body is encoded too often.
    #[error("the body has {count} content codings, more than {limit}")]
    TooManyCodings {
        /// How many content codings the header field names.
        count: usize,
        /// How many are undone.
        limit: usize,
    },
}

impl SendError {
    /// The field of [`Limits`](super::Limits) that the exchange ran into, and that would have to be raised; `None` if it ran into no
    /// limit, or into one that is fixed.
    pub fn exceeded(&self) -> Option<&'static str> {
        match self {
            SendError::ConnectTimeout { .. } => Some("connect_timeout"),
            SendError::HeadTimeout { .. } => Some("head_timeout"),
            SendError::Idle { .. } => Some("idle_timeout"),
            SendError::Timeout { .. } => Some("timeout"),
            SendError::Announced { .. } | SendError::TooLarge { .. } | SendError::Bomb { .. } => Some("max_body"),
            SendError::Request(_)
            | SendError::Connect { .. }
            | SendError::Head { .. }
            | SendError::Body { .. }
            | SendError::Encoded { .. }
            | SendError::UnknownCoding
            | SendError::TooManyCodings { .. } => None,
        }
    }
}

fn progress(received: Option<usize>) -> String {
    match received {
        None => "the head was not complete".to_owned(),
        Some(received) => format!("{received} bytes of the body had come"),
    }
}

/// Why a connection could not be made, or ended.
///
/// Only the first cause is shown: what is above it in the HTTP client says that something went wrong with a request, or calls
/// a broken connection an error of decoding.
#[derive(Debug)]
pub struct Cause(reqwest::Error);

impl Cause {
    /// What the HTTP client says, without the URL: it may carry what should not be shown.
    pub fn of(error: reqwest::Error) -> Cause {
        Cause(error.without_url())
    }

    /// What the HTTP client says, for [`causes`].
    pub fn error(&self) -> &(dyn Error + 'static) {
        &self.0
    }
}

/// An error and its causes, the first cause last. What an [`io::Error`] wraps is one of them, although it is not its source.
pub fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'e (dyn Error + 'static) = *error;
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = successors(Some(&self.0 as &dyn Error), |&error| error.source()).last();
        first.map_or(Ok(()), |first| write!(f, "{first}"))
    }
}

impl Error for Cause {}

/// An error with its causes, on one line.
pub fn with_causes(error: &dyn Error) -> String {
    let causes = successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
