//! Percent-encoding (RFC 3986 section 2.1).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Text with its percent-encoding resolved; bytes that are no UTF-8 become replacement characters.
pub fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}
