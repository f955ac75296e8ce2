//! A request as a server received it.

use std::borrow::Cow;

use http::HeaderMap;

use super::body::ReceivedBody;
use super::path_segment::PathSegment;
use crate::query::{option_name, option_value};
use crate::url::{CastPath, decode, is_version, query_parameters, split_path};

/// A request, read as far as all contracts need it, and once for all of them.
pub struct Received<'r> {
    pub(super) method: &'r str,
    path: &'r str,
    query_text: Option<&'r str>,
    /// The segments of the path as written, and as they are looked up.
    pub(super) segments: Vec<&'r str>,
    pub(super) path_segments: Vec<PathSegment>,
    pub(super) query: Vec<ReceivedOption>,
    pub(super) headers: &'r HeaderMap,
    pub(super) body: ReceivedBody<'r>,
    bytes: &'r [u8],
    /// Whether what is read is cast to a derived type.
    pub(super) is_cast: bool,
}

/// A query option that came.
pub(super) struct ReceivedOption {
    /// As written.
    pub(super) written: String,
    /// In the form in which names are compared.
    pub(super) name: String,
    /// Decoded.
    pub(super) value: String,
}

/// So long a path with its query is shown.
const LONGEST_SHOWN: usize = 1000;

/// A request line as a message shows it: the method, and the path and query, decoded; the end of a long one is left out.
pub fn request_line(method: &str, target: &str) -> String {
    let target = decode(target);
    if target.len() <= LONGEST_SHOWN {
        return format!("{method} {target}");
    }
    let short: String = target.chars().take(LONGEST_SHOWN).collect();
    format!("{method} {short}{}", if short.len() < target.len() { "…" } else { "" })
}

impl<'r> Received<'r> {
    /// A request by its parts: method, path and query as they stand in the request line, header fields, and the body without its
    /// content codings.
    pub fn new(
        method: &'r str,
        path: &'r str,
        query: Option<&'r str>,
        headers: &'r HeaderMap,
        body: &'r [u8],
    ) -> Received<'r> {
        let segments = split_path(path);
        let options = query_parameters(query.unwrap_or_default()).into_iter().map(|(written, value)| {
            let name = option_name(&written).into_owned();
            ReceivedOption { written, name, value }
        });
        Received {
            method,
            path,
            query_text: query,
            path_segments: segments.iter().map(|segment| PathSegment::read(segment)).collect(),
            segments,
            query: options.collect(),
            headers,
            body: ReceivedBody::new(body),
            bytes: body,
            is_cast: CastPath::read(path).is_some(),
        }
    }

    /// The same as a request that casts what it reads, though its path does not say so.
    #[must_use]
    pub fn with_cast(self) -> Received<'r> {
        Received { is_cast: true, ..self }
    }

    /// The same request with a version before its path, in the place of the one that it has.
    pub(super) fn below<'v>(&'v self, version: &'v str) -> Received<'v> {
        let mut own = Received::new(self.method, self.path, self.query_text, self.headers, self.bytes);
        if self.version().is_some() {
            own.segments.remove(0);
            own.path_segments.remove(0);
        }
        own.segments.insert(0, version);
        own.path_segments.insert(0, PathSegment::read(version));
        own
    }

    /// The version with which the path begins, as it is written.
    pub(super) fn version(&self) -> Option<&'r str> {
        self.segments.first().copied().filter(|first| is_version(first))
    }

    /// The request line as a message shows it.
    pub fn shown(&self) -> String {
        let query = self.query_text.map(|query| format!("?{query}")).unwrap_or_default();
        request_line(self.method, &format!("{}{query}", self.path))
    }

    /// The values of a header field as one list (RFC 9110 section 5.3); `None` where the field did not come.
    pub(super) fn header(&self, name: &str) -> Option<Cow<'r, str>> {
        let mut values = self.headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        let first = values.next()?;
        Some(values.fold(first, |all, value| all + ", " + value))
    }
}

impl ReceivedOption {
    /// Whether its value is a documented one, in which placeholders may stand.
    pub(super) fn has_value(&self, documented: &str) -> bool {
        crate::url::fits_value(&option_value(documented), &option_value(&self.value))
    }
}
