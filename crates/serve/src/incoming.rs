//! A request, whole and as plain data.

use bytes::Bytes;
use http::{HeaderMap, Method};

/// A request as it was received, its content codings undone.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// The path, as in the request line.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Where the client thinks that it is: `http://127.0.0.1:4010`, or `https://graph.microsoft.com` through a proxy.
    pub(crate) base_url: String,
}

impl Incoming {
    /// The value of a header field, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The request without all that may be a secret of its sender: what of it may be written down where it is about signing in.
    pub(crate) fn redacted(&self) -> Incoming {
        Incoming { query: None, headers: HeaderMap::new(), body: Bytes::new(), ..self.clone() }
    }

    /// The path with its query.
    pub(crate) fn target(&self) -> String {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", self.path)
    }
}
