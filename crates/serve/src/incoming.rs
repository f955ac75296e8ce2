//! A request, whole and as plain data.

use bytes::Bytes;
use graph_contracts_tenant::Blob;
use http::{HeaderMap, Method};

/// A request as it was received, its content codings undone.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    /// The method.
    pub method: Method,
    /// The path, as in the request line.
    pub path: String,
    /// What follows the `?`.
    pub query: Option<String>,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, or the beginning of a file.
    pub body: Bytes,
    /// How many bytes of it followed.
    pub left_out: u64,
    /// All of a file that a tenant keeps.
    pub file: Option<Blob>,
    /// Where the client thinks that it is: `http://127.0.0.1:4010`, or `https://graph.microsoft.com` through a proxy.
    pub base_url: String,
}

impl Incoming {
    /// The value of a header field, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The request without all that may be a secret of its sender: what of it may be written down where it is about signing in.
    pub(crate) fn redacted(&self) -> Incoming {
        Incoming { query: None, headers: HeaderMap::new(), body: Bytes::new(), left_out: 0, file: None, ..self.clone() }
    }

    /// How many bytes the body had.
    pub(crate) fn length(&self) -> usize {
        usize::try_from(self.left_out).unwrap_or(usize::MAX).saturating_add(self.body.len())
    }

    /// The path with its query.
    pub fn target(&self) -> String {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", self.path)
    }
}
