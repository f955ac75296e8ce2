//! A request and its response as they went over the wire.

use std::time::Duration;

/// One request and what came back.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was sent.
    pub request: SentRequest,
    /// What was received.
    pub response: ReceivedResponse,
    /// The time from sending the request to the last byte of the body.
    pub elapsed: Duration,
}

/// A request that was sent. Credentials are not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRequest {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
}

/// A response that was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedResponse {
    /// The status code.
    pub status: u16,
    /// The header fields in order, a repeated name each time.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl ReceivedResponse {
    /// The values of all fields of that name, joined as RFC 9110 section 5.2 says; `None` if there is no such field.
    pub fn header(&self, name: &str) -> Option<String> {
        let values =
            self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        let values: Vec<&str> = values.collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}
