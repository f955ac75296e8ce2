//! A request with its answer as they went over the wire, for who judges them in memory.

use std::time::Duration;

use graph_contracts::http::ReceivedResponse;
use jiff::Timestamp;

use super::Arrival;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// A request with its answer as they went over the wire. Secrets are in it: whoever takes it writes nothing of it that is not known to be none. Requests
/// for signing in are in it without theirs.
#[derive(Clone, Debug)]
pub struct Observed {
    /// When it came.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// The request.
    pub request: Incoming,
    /// The answer; `None` where the connection was broken instead.
    pub response: Option<ReceivedResponse>,
    /// Whether its body was passed on as it came, and is not here.
    pub goes_on: bool,
}

impl Observed {
    pub(super) fn new(arrival: Arrival, request: &Incoming, reply: &Reply) -> Observed {
        let goes_on = reply.rest.is_some();
        let fields = reply.headers.iter();
        let headers =
            fields.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let response = (!reply.account.is_broken).then(|| ReceivedResponse {
            status: reply.status.as_u16(),
            headers: headers.collect(),
            body: if request.method == http::Method::HEAD || goes_on { Vec::new() } else { reply.body.to_vec() },
        });
        Observed { at: arrival.at, took: arrival.took, request: request.clone(), response, goes_on }
    }
}
