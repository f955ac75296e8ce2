//! A request as plain data, whatever server has received it.

use bytes::Bytes;
use http::HeaderMap;

use crate::blob::Blob;

/// A request to the tenant.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// The method.
    pub method: &'r str,
    /// The path as it was sent, with its percent-encoding, such as `/v1.0/users`.
    pub path: &'r str,
    /// The query as it was sent, without its `?`; empty if the URL has no query.
    pub query: &'r str,
    /// The header fields.
    pub headers: &'r HeaderMap,
    /// The body, without any content coding; of a file that a server keeps, the beginning.
    pub body: &'r [u8],
    /// All of that file.
    pub file: Option<&'r Blob>,
    /// The URL that leads to the tenant, such as `http://127.0.0.1:4010`: links begin with it. The version follows.
    pub base_url: &'r str,
    /// The id of the contract that the request is known to be one of. Without it, the header field `x-graph-contract` may say so, and otherwise
    /// the one that is most like the request.
    pub contract: Option<&'r str>,
}

impl Request<'_> {
    /// How many bytes the body has.
    pub(super) fn length(&self) -> usize {
        self.file.map_or(self.body.len(), Blob::length)
    }

    /// The body, to be kept.
    pub(super) fn content(&self) -> Blob {
        self.file.cloned().unwrap_or_else(|| Bytes::copy_from_slice(self.body).into())
    }

    /// The body as a text, if it is one and all of it is there.
    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.body).ok().filter(|_| self.file.is_none())
    }

    /// The text of a header field.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
