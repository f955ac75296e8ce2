//! Receives the body of a request: what has to be read whole is, and of files that nobody keeps only the beginning is.

use std::borrow::Cow;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use graph_contracts::contract::media_type;
use graph_contracts::http::decoded_body;
use http::{HeaderMap, StatusCode, header};

use crate::graph_error::graph_error;
use crate::reply::Reply;

/// The largest body that is read whole, its content codings undone. Microsoft Graph takes 4 MB of JSON, and 60 MiB of a file at once
/// (Microsoft Graph documentation, "Upload large files with an upload session").
const LARGEST_WHOLE: usize = 64 << 20;

/// The largest file that a tenant takes at once ("Upload or replace the contents of a driveItem").
const LARGEST_FILE: usize = 250 << 20;

/// So much of a file is kept that is only counted: more than any page shows.
const KEPT: usize = 1 << 20;

/// What came of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    /// The body, or its beginning.
    pub(crate) bytes: Bytes,
    /// How many bytes followed that were received and not kept.
    pub(crate) left_out: u64,
}

/// Receives a body, its content codings undone. Of a file without a coding only the beginning is kept, unless `keeps_files`: such a body may have any
/// length.
///
/// # Errors
///
/// The answer to a body that is too large, that breaks off, or that is not in its coding.
pub(crate) async fn receive(headers: &HeaderMap, body: Body, keeps_files: bool) -> Result<Received, Reply> {
    let is_file = is_file(headers);
    let largest = if is_file && keeps_files { LARGEST_FILE } else { LARGEST_WHOLE };
    let too_large = || {
        let message = format!("The body has more than {largest} bytes, which is the most that is read of one.");
        graph_error(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message)
    };
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|own| own.to_str().ok()).and_then(|own| own.parse().ok());
    let is_counted = is_file && !keeps_files;
    if stated.is_some_and(|stated: u64| stated > largest as u64) && !is_counted {
        return Err(too_large());
    }
    let mut frames = body.into_data_stream();
    let mut first = Bytes::new();
    let mut kept = BytesMut::new();
    let mut left_out = 0;
    while let Some(frame) = frames.next().await {
        let frame = frame.map_err(|error| {
            let message = format!("The body cannot be received to its end: {error}.");
            graph_error(StatusCode::BAD_REQUEST, "BadRequest", &message)
        })?;
        let length = first.len() + kept.len();
        if is_counted && length >= KEPT {
            left_out += frame.len() as u64;
        } else if length + frame.len() > largest {
            return Err(too_large());
        } else if length == 0 {
            // Mostly there is no other.
            first = frame;
        } else {
            if kept.is_empty() {
                kept.extend_from_slice(&std::mem::take(&mut first));
            }
            kept.extend_from_slice(&frame);
        }
    }
    let bytes = if kept.is_empty() { first } else { kept.freeze() };
    if !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(Received { bytes: without_mark(headers, bytes), left_out });
    }
    let decoded = match decoded_body(headers, &bytes, LARGEST_WHOLE) {
        Ok(Cow::Owned(decoded)) => Some(decoded),
        Ok(Cow::Borrowed(_)) => None,
        Err(error) => {
            return Err(graph_error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", &error.to_string()));
        }
    };
    Ok(Received { bytes: without_mark(headers, decoded.map_or(bytes, Bytes::from)), left_out: 0 })
}

/// JSON without the mark that some clients write before it, which parsers may ignore (RFC 8259 section 8.1).
fn without_mark(headers: &HeaderMap, bytes: Bytes) -> Bytes {
    let is_json = || {
        headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|own| own.to_str().is_ok_and(|own| media_type(own).ends_with("json")))
    };
    if bytes.starts_with(b"\xef\xbb\xbf") && is_json() { bytes.slice(3..) } else { bytes }
}

/// Whether a body is content that nobody has to understand: it has no content coding and a media type that is neither JSON nor a form.
fn is_file(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|own| own.to_str().ok()).map(media_type);
    // Chunks of an upload need not say what they are.
    let is_chunk = headers.contains_key(header::CONTENT_RANGE);
    let is_content = match value.as_deref() {
        None | Some("") => is_chunk,
        Some("application/json" | "application/x-www-form-urlencoded") => is_chunk,
        Some(own) => !own.ends_with("+json") && !own.starts_with("multipart/"),
    };
    is_content && !headers.contains_key(header::CONTENT_ENCODING)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const CHUNK: usize = 1 << 20;

    /// Receives so many chunks of a mebibyte, and shows how many bytes are kept and left out, or the status of the refusal.
    async fn received(
        fields: &[(&'static str, &'static str)],
        chunks: usize,
        keeps_files: bool,
    ) -> Result<(usize, u64), u16> {
        let fields =
            fields.iter().filter_map(|(name, value)| Some((name.parse().ok()?, HeaderValue::from_static(value))));
        let headers: HeaderMap = fields.collect();
        let chunk = Bytes::from(vec![b'x'; CHUNK]);
        let frames = (0..chunks).map(move |_| Ok::<Bytes, std::convert::Infallible>(chunk.clone()));
        let body = Body::from_stream(futures_util::stream::iter(frames));
        let received = receive(&headers, body, keeps_files).await;
        received.map(|own| (own.bytes.len(), own.left_out)).map_err(|refusal| refusal.status.as_u16())
    }

    #[tokio::test]
    async fn files_of_any_length_are_counted_and_what_is_read_has_a_bound() {
        let (file, json) = ([("content-type", "image/jpeg")], [("content-type", "application/json; charset=utf-8")]);
        assert_eq!(received(&file, 100, false).await, Ok((CHUNK, 99 * CHUNK as u64)));
        assert_eq!(received(&file, 100, true).await, Ok((100 * CHUNK, 0)));
        assert_eq!(received(&file, 251, true).await, Err(413));
        assert_eq!(received(&json, 64, false).await, Ok((64 * CHUNK, 0)));
        assert_eq!(received(&json, 65, false).await, Err(413));
        assert_eq!(received(&[], 65, false).await, Err(413));
        assert_eq!(received(&[("content-range", "bytes 0-1/9")], 65, false).await, Ok((CHUNK, 64 * CHUNK as u64)));
        assert_eq!(received(&[("content-length", "99999999999")], 0, false).await, Err(413));
        assert_eq!(received(&[("content-encoding", "gzip"), file[0]], 1, false).await, Err(415));
    }
}
