//! The messages of a request and its answer, without what is secret.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Version, header};
use jiff::Timestamp;

use super::redaction;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// The largest body that is kept.
const LARGEST_BODY: usize = 64 << 10;

/// How a request came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Timestamp,
    /// The time from then to the answer.
    pub(crate) took: Duration,
    pub(crate) version: Version,
}

/// A request and its answer as messages.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exchange {
    pub(crate) version: Version,
    /// Where the client thinks that it is.
    pub(crate) base_url: String,
    pub(crate) request: Message,
    pub(crate) response: Message,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    /// The header fields; what is secret is replaced.
    pub(crate) headers: Vec<(HeaderName, String)>,
    /// How many bytes the body has.
    pub(crate) length: usize,
    pub(crate) body: KeptBody,
}

/// A body, or why it is left out. What is secret in it is still there: [`redaction::body`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum KeptBody {
    Whole(Bytes),
    LeftOut(&'static str),
}

impl Exchange {
    pub(crate) fn new(version: Version, request: &Incoming, reply: &Reply) -> Exchange {
        // Who signs in sends secrets and gets others.
        let is_sign_in = redaction::is_sign_in(&request.path);
        let sent = if request.method == Method::HEAD { Bytes::new() } else { reply.body.clone() };
        Exchange {
            version,
            base_url: request.base_url.clone(),
            request: Message::new(&request.headers, &request.body, is_sign_in),
            response: Message::new(&reply.headers, &sent, is_sign_in),
        }
    }

    /// How many bytes it takes.
    pub(crate) fn weight(&self) -> usize {
        self.request.weight() + self.response.weight()
    }
}

impl Message {
    fn new(headers: &HeaderMap, body: &Bytes, is_sign_in: bool) -> Message {
        let shown = headers.iter().map(|(name, value)| (name.clone(), redaction::header(name, value)));
        let body_kept = if is_sign_in {
            KeptBody::LeftOut("bodies of signing in are not kept")
        } else if body.len() > LARGEST_BODY {
            KeptBody::LeftOut("larger than 64 KiB")
        } else if media_type(headers).is_some_and(|own| redaction::is_opaque(&own)) {
            KeptBody::LeftOut("forms are not kept, as they may have secrets")
        } else {
            // What was received is part of a larger buffer, which need not be kept.
            KeptBody::Whole(Bytes::copy_from_slice(body))
        };
        Message { headers: shown.collect(), length: body.len(), body: body_kept }
    }

    /// The value of a header field.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn weight(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        let body = match &self.body {
            KeptBody::Whole(body) => body.len(),
            KeptBody::LeftOut(_) => 0,
        };
        headers + body
    }
}

/// The media type of a body, without parameters and in lower case.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(graph_contracts::contract::media_type(value))
}
