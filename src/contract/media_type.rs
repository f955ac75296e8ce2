//! Media types of bodies.

use crate::page::{Header, header};

/// The value of `Content-Type`, with its parameters; empty where a message does not say what its body is.
pub fn content_type(headers: &[Header]) -> &str {
    header(headers, "Content-Type").map_or("", |field| &field.value)
}

/// Whether a media type, in lower case and without its parameters, is of JSON (RFC 6839 section 3.1).
pub fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// A media type in lower case and without its parameters (RFC 9110 section 8.3.1).
pub fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
