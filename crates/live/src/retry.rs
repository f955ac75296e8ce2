//! What follows an attempt: pure decisions, by what HTTP says about repeating a request.

use std::time::Duration;

use reqwest::Method;

use graph_contracts::http::SendError;

/// Microsoft Graph's other status for throttling: the app has used up its bandwidth, and may send the request again later.
const BANDWIDTH_EXCEEDED: u16 = 509;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// There is a response head with this status, and with a `Retry-After`.
    Answered(u16, Option<Duration>),
    /// There was no connection, so nothing was sent.
    NotConnected,
    /// The connection failed after that.
    BrokeOff,
    /// There is a response that cannot be taken; another one would be the same.
    Unreadable,
}

impl Ending {
    /// How an exchange without a response ended.
    pub(super) fn of(error: &SendError) -> Ending {
        match error {
            SendError::Connect { .. } | SendError::ConnectTimeout { .. } => Ending::NotConnected,
            SendError::Request(_)
            | SendError::Announced { .. }
            | SendError::TooLarge { .. }
            | SendError::Bomb { .. }
            | SendError::Encoded { .. }
            | SendError::UnknownCoding
            | SendError::TooManyCodings { .. } => Ending::Unreadable,
            // The service may have done what was asked.
            _ => Ending::BrokeOff,
        }
    }

    /// Whether the service says that it is too busy, to everybody.
    pub(super) fn is_throttled(self) -> bool {
        matches!(self, Ending::Answered(429 | 503 | BANDWIDTH_EXCEEDED, _))
    }

    /// Whether the request may have been processed, and nothing says so.
    ///
    /// A request that changes nothing has not been processed in this sense. Neither has one that was refused: 429 (RFC 6585
    /// section 4), and 503 where the service names a time to come back (RFC 9110 section 15.6.4).
    pub(super) fn is_ambiguous(self, method: &Method) -> bool {
        let open = match self {
            Ending::NotConnected | Ending::Answered(503, Some(_)) | Ending::Answered(BANDWIDTH_EXCEEDED, _) => false,
            Ending::BrokeOff | Ending::Unreadable => true,
            // 501: the service does not know the method.
            Ending::Answered(status, _) => status >= 500 && status != 501,
        };
        open && !method.is_safe()
    }
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This is the outcome.
    End,
    /// The request is repeated when the service takes requests again.
    Throttled,
    /// The request is repeated after a pause of its own, if it has not failed too often.
    Repeat,
    /// The request is repeated with another token, once.
    Refresh,
}

/// What follows an attempt with that method.
///
/// GET, HEAD and OPTIONS change nothing (RFC 9110 section 9.2.1): they are repeated after any failure that may pass. Any other request is
/// repeated only where the attempt was certainly not processed. That holds for PUT and DELETE too, although they are idempotent
/// (section 9.2.2): once the first attempt has deleted an object, its key may be somebody else's. Whoever sends them reads what became of the
/// object, and proves it again before the next attempt.
pub(super) fn next(method: &Method, ending: Ending) -> Next {
    match ending {
        Ending::Answered(401, _) => Next::Refresh,
        Ending::Answered(429 | 509, _) | Ending::Answered(503, Some(_)) => Next::Throttled,
        Ending::Answered(503, None) if method.is_safe() => Next::Throttled,
        Ending::Answered(500 | 502 | 504, _) | Ending::BrokeOff if method.is_safe() => Next::Repeat,
        Ending::NotConnected => Next::Repeat,
        Ending::Answered(..) | Ending::BrokeOff | Ending::Unreadable => Next::End,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Option<Duration> = Some(Duration::from_secs(1));

    /// For an ending: what follows for methods that only read and for others, and whether it is ambiguous for those.
    #[track_caller]
    fn check(ending: Ending, safe: Next, other: Next, ambiguous: bool) {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert_eq!((next(&method, ending), ending.is_ambiguous(&method)), (safe, false), "{method}");
        }
        let unknown = Method::from_bytes(b"MERGE").expect("a method");
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, unknown] {
            assert_eq!((next(&method, ending), ending.is_ambiguous(&method)), (other, ambiguous), "{method}");
        }
    }

    #[test]
    fn an_answer_is_an_outcome() {
        for status in [200, 201, 204, 302, 304, 400, 403, 404, 408, 409, 412, 423, 501] {
            check(Ending::Answered(status, None), Next::End, Next::End, false);
            check(Ending::Answered(status, SOON), Next::End, Next::End, false);
        }
        check(Ending::Answered(507, None), Next::End, Next::End, true);
    }

    #[test]
    fn a_throttled_request_is_repeated_if_it_was_not_processed() {
        check(Ending::Answered(429, SOON), Next::Throttled, Next::Throttled, false);
        check(Ending::Answered(429, None), Next::Throttled, Next::Throttled, false);
        check(Ending::Answered(509, None), Next::Throttled, Next::Throttled, false);
        check(Ending::Answered(503, SOON), Next::Throttled, Next::Throttled, false);
        check(Ending::Answered(503, None), Next::Throttled, Next::End, true);
    }

    #[test]
    fn a_failure_of_the_service_is_repeated_only_where_that_changes_nothing() {
        for status in [500, 502, 504] {
            check(Ending::Answered(status, None), Next::Repeat, Next::End, true);
        }
        check(Ending::BrokeOff, Next::Repeat, Next::End, true);
        check(Ending::NotConnected, Next::Repeat, Next::Repeat, false);
        check(Ending::Unreadable, Next::End, Next::End, true);
    }

    #[test]
    fn a_refused_token_is_refreshed_for_every_method() {
        check(Ending::Answered(401, None), Next::Refresh, Next::Refresh, false);
    }
}
