//! The messages of a request and its answer, without what is secret.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
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
    pub(crate) headers: Fields,
    /// How many bytes the body has, if that is known.
    pub(crate) length: Option<usize>,
    pub(crate) body: KeptBody,
}

/// Header fields; what is secret is replaced. Their values are one text, so that keeping them costs little.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields {
    text: String,
    /// Each name, and where its value ends.
    ends: Vec<(HeaderName, usize)>,
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
        // What was received is part of a larger buffer, which need not be kept; so may be what is sent of a range. Other answers are kept as they are.
        let is_shared = reply.status == StatusCode::PARTIAL_CONTENT;
        let copied = |body: &Bytes| Bytes::copy_from_slice(body);
        let whole = |body: &Bytes| if is_shared { copied(body) } else { body.clone() };
        let (sent, length) = match request.method {
            Method::HEAD => (&Bytes::new(), Some(0)),
            _ => (&reply.body, reply.length()),
        };
        Exchange {
            version,
            base_url: request.base_url.clone(),
            request: Message::new(&request.headers, &request.body, Some(request.length()), is_sign_in, copied),
            response: Message::new(&reply.headers, sent, length, is_sign_in, whole),
        }
    }

    /// How many bytes it takes.
    pub(crate) fn weight(&self) -> usize {
        self.request.weight() + self.response.weight()
    }
}

impl Message {
    fn new(
        headers: &HeaderMap,
        body: &Bytes,
        length: Option<usize>,
        is_sign_in: bool,
        keep: impl FnOnce(&Bytes) -> Bytes,
    ) -> Message {
        let body_kept = if is_sign_in {
            KeptBody::LeftOut("bodies of signing in are not kept")
        } else if length.is_none_or(|length| length > LARGEST_BODY) {
            KeptBody::LeftOut("larger than 64 KiB")
        } else if !body.is_empty() && media_type(headers).is_some_and(|own| redaction::is_opaque(&own)) {
            KeptBody::LeftOut("forms are not kept, as they may have secrets")
        } else {
            KeptBody::Whole(keep(body))
        };
        Message { headers: Fields::new(headers), length, body: body_kept }
    }

    /// The value of a header field.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    fn weight(&self) -> usize {
        let names: usize = self.headers.ends.iter().map(|(name, _)| name.as_str().len()).sum();
        let body = match &self.body {
            KeptBody::Whole(body) => body.len(),
            KeptBody::LeftOut(_) => 0,
        };
        names + self.headers.text.len() + body
    }
}

impl Fields {
    fn new(headers: &HeaderMap) -> Fields {
        let mut text = String::with_capacity(headers.values().map(HeaderValue::len).sum());
        let add = |(name, value): (&HeaderName, &HeaderValue)| {
            text.push_str(&redaction::header(name, value));
            (name.clone(), text.len())
        };
        let ends = headers.iter().map(add).collect();
        Fields { text, ends }
    }

    /// Each field, its name in lower case.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&HeaderName, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(_, end)| *end));
        self.ends.iter().zip(starts).map(|((name, end), start)| (name, self.text.get(start..*end).unwrap_or_default()))
    }
}

/// The media type of a body, without parameters and in lower case.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(graph_contracts::contract::media_type(value))
}
