//! Receives the body of a request: what has to be read is in memory, within a limit; files are counted, kept on disk, or sent on as they come.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use graph_contracts::contract::media_type;
use graph_contracts::http::{SendError, decoded_body};
use graph_contracts::url::split_path;
use graph_contracts_tenant::{Blob, Kept as _};
use http::{Method, StatusCode, header};
use tokio::task::spawn_blocking;

use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::Reply;
use crate::spool::{Spool, Spooled};

/// The largest body that is read whole, before and after its content codings are undone: a tree of tiny values takes a hundred times its room. Microsoft
/// Graph takes 4 MB of JSON (Microsoft Graph documentation, "Attach large files to Outlook messages or events").
pub(crate) const LARGEST_WHOLE: usize = 8 << 20;

/// Bodies of more bytes are answered one at a time.
pub(crate) const LARGE: usize = 1 << 20;

/// The largest file that a tenant takes at once ("Upload or replace the contents of a driveItem").
const LARGEST_FILE: usize = 250 << 20;

/// So much of a file is in memory: more than any page shows.
pub(crate) const BEGINNING: usize = 256 << 10;

/// What becomes of files.
#[derive(Clone, Debug)]
pub(crate) enum Files {
    /// They are counted.
    Counted,
    /// They are kept there.
    Kept(Arc<Spool>),
    /// They are sent on, as is whatever is too large to be read.
    SentOn,
}

/// What came of a body.
#[derive(Debug, Default)]
pub(crate) struct Received {
    /// The body, or its beginning.
    pub(crate) bytes: Bytes,
    /// How many bytes followed that were received and not kept.
    pub(crate) left_out: u64,
    /// All of a file that is kept.
    pub(crate) file: Option<Blob>,
    /// What follows and is not received yet.
    pub(crate) rest: Option<BodyDataStream>,
}

/// A body on its way.
struct Frames {
    frames: BodyDataStream,
    /// Why it broke off.
    broken: Option<String>,
}

impl Frames {
    async fn next(&mut self) -> Option<Bytes> {
        match self.frames.next().await? {
            Ok(frame) => Some(frame),
            Err(error) => {
                self.broken = Some(error.to_string());
                None
            }
        }
    }

    /// Takes what is left, so that the client gets to read the answer, and counts it.
    async fn discard(&mut self) -> u64 {
        let mut discarded = 0;
        while let Some(frame) = self.next().await {
            discarded += frame.len() as u64;
        }
        discarded
    }
}

/// The refusal of a body that is longer than it may be, by what its head says.
pub(crate) fn too_long(request: &Incoming, files: &Files) -> Option<Reply> {
    let largest = largest(request, files)?;
    stated_length(request).is_some_and(|stated| stated > largest as u64).then(|| too_large(largest))
}

/// The length that the head of a request says.
pub(crate) fn stated_length(request: &Incoming) -> Option<u64> {
    request.header(header::CONTENT_LENGTH.as_str())?.parse().ok()
}

/// How long a body may be; `None` if it has any length.
fn largest(request: &Incoming, files: &Files) -> Option<usize> {
    match files {
        Files::SentOn => None,
        Files::Counted if is_file(request) => None,
        Files::Kept(_) if is_file(request) => Some(LARGEST_FILE),
        _ => Some(LARGEST_WHOLE),
    }
}

fn too_large(largest: usize) -> Reply {
    let message = format!("The body has more than {largest} bytes, which is the most that is read of one.");
    graph_error(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message)
}

/// Receives the body of a request whose head is there, its content codings undone.
///
/// # Errors
///
/// The answer to a body that is too large, that breaks off, that is not in its coding, or that there is no room for.
pub(crate) async fn receive(request: &Incoming, body: Body, files: &Files) -> Result<Received, Reply> {
    let mut frames = Frames { frames: body.into_data_stream(), broken: None };
    if let Some(refusal) = too_long(request, files) {
        frames.discard().await;
        return Err(refusal);
    }
    let is_file = is_file(request);
    let most = if is_file { BEGINNING } else { LARGEST_WHOLE };
    let (mut first, mut more) = (Bytes::new(), BytesMut::new());
    let mut is_all = false;
    while first.len() + more.len() <= most {
        let Some(frame) = frames.next().await else {
            is_all = true;
            break;
        };
        if first.is_empty() && more.is_empty() {
            // Mostly there is no other.
            first = frame;
        } else {
            if more.is_empty() {
                more.extend_from_slice(&std::mem::take(&mut first));
            }
            more.extend_from_slice(&frame);
        }
    }
    let bytes = if more.is_empty() { first } else { more.freeze() };
    let received = match files {
        _ if is_all && is_file => Received { bytes, ..Received::default() },
        _ if is_all => decoded(request, bytes).map_err(|refusal| *refusal)?,
        Files::SentOn => return Ok(Received { bytes, rest: Some(frames.frames), ..Received::default() }),
        Files::Counted if is_file => Received { bytes, left_out: frames.discard().await, ..Received::default() },
        Files::Kept(spool) if is_file => kept(spool, bytes, &mut frames).await?,
        _ => {
            frames.discard().await;
            return Err(too_large(LARGEST_WHOLE));
        }
    };
    match frames.broken {
        Some(error) => {
            let message = format!("The body cannot be received to its end: {error}.");
            Err(graph_error(StatusCode::BAD_REQUEST, "BadRequest", &message))
        }
        None => Ok(received),
    }
}

/// Keeps a file that begins so.
async fn kept(spool: &Arc<Spool>, bytes: Bytes, frames: &mut Frames) -> Result<Received, Reply> {
    let mut refused = None;
    let (mut spooled, mut waiting) = (Spooled::new(Arc::clone(spool)), BytesMut::from(bytes.as_ref()));
    let mut length = bytes.len();
    loop {
        let frame = frames.next().await;
        length += frame.as_ref().map_or(0, Bytes::len);
        if length > LARGEST_FILE {
            refused = Some(too_large(LARGEST_FILE));
        } else if waiting.len() >= BEGINNING || frame.is_none() {
            let written = std::mem::take(&mut waiting);
            let ready = spawn_blocking(move || spooled.write(&written).map(|()| spooled)).await;
            match ready.map_err(std::io::Error::other).flatten() {
                Ok(own) => spooled = own,
                Err(error) => {
                    let message = format!("There is no room for the file: {error}.");
                    refused = Some(graph_error(StatusCode::INSUFFICIENT_STORAGE, "quotaLimitReached", &message));
                    spooled = Spooled::new(Arc::clone(spool));
                }
            }
        }
        match (refused, frame) {
            (Some(refusal), _) => {
                drop(spooled);
                frames.discard().await;
                return Err(refusal);
            }
            (None, Some(frame)) => {
                waiting.extend_from_slice(&frame);
                refused = None;
            }
            (None, None) => break,
        }
    }
    let left_out = spooled.length().saturating_sub(bytes.len()) as u64;
    Ok(Received { bytes, left_out, file: Some(Blob::kept(Arc::new(spooled))), rest: None })
}

/// A whole body without its content codings.
fn decoded(request: &Incoming, bytes: Bytes) -> Result<Received, Box<Reply>> {
    let decoded = match decoded_body(&request.headers, &bytes, LARGEST_WHOLE) {
        Ok(Cow::Owned(decoded)) => Some(decoded),
        Ok(Cow::Borrowed(_)) => None,
        Err(error) => {
            let (status, code) = match &error {
                SendError::Bomb { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge"),
                _ => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType"),
            };
            return Err(Box::new(graph_error(status, code, &error.to_string())));
        }
    };
    let bytes = without_mark(request, decoded.map_or(bytes, Bytes::from));
    Ok(Received { bytes, ..Received::default() })
}

/// JSON without the mark that some clients write before it, which parsers may ignore (RFC 8259 section 8.1).
fn without_mark(request: &Incoming, bytes: Bytes) -> Bytes {
    let is_json = || request.header("content-type").is_some_and(|own| media_type(own).ends_with("json"));
    if bytes.starts_with(b"\xef\xbb\xbf") && is_json() { bytes.slice(3..) } else { bytes }
}

/// Whether a body is content that nobody has to understand: it has no content coding, and is sent to the bytes of a file or as a chunk of one, or has a media
/// type that is neither JSON nor the form of a sign-in.
fn is_file(request: &Incoming) -> bool {
    if request.headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    let last = split_path(&request.path).last().map(|own| own.to_ascii_lowercase());
    let is_bytes = match last.as_deref() {
        Some("content") => request.method == Method::PUT,
        Some("$value") => request.method == Method::PUT || request.method == Method::PATCH,
        _ => false,
    };
    // Chunks of an upload need not say what they are.
    if is_bytes || request.headers.contains_key(header::CONTENT_RANGE) {
        return true;
    }
    match request.header("content-type").map(media_type).as_deref() {
        None | Some("" | "application/json" | "application/x-www-form-urlencoded") => false,
        Some(own) => !own.ends_with("+json"),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::*;

    const CHUNK: usize = 1 << 20;

    /// Receives so many chunks of a mebibyte that are sent to a path, and shows how many bytes are in memory, left out and kept, or the status of the
    /// refusal.
    async fn received(
        line: &str,
        fields: &[(&'static str, &'static str)],
        chunks: usize,
        files: &Files,
    ) -> Result<(usize, u64, usize), u16> {
        let fields =
            fields.iter().filter_map(|(name, value)| Some((name.parse().ok()?, HeaderValue::from_static(value))));
        let headers: HeaderMap = fields.collect();
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let method = method.parse().expect("a method");
        let request = Incoming { method, path: path.to_owned(), headers, ..Incoming::default() };
        let chunk = Bytes::from(vec![b'x'; CHUNK]);
        let frames = (0..chunks).map(move |_| Ok::<Bytes, std::convert::Infallible>(chunk.clone()));
        let body = Body::from_stream(futures_util::stream::iter(frames));
        let received = receive(&request, body, files).await.map_err(|refusal| refusal.status.as_u16())?;
        Ok((received.bytes.len(), received.left_out, received.file.map_or(0, |file| file.length())))
    }

    #[tokio::test]
    async fn files_of_any_length_are_counted_and_what_is_read_has_a_bound() {
        let (file, json) = ([("content-type", "image/jpeg")], [("content-type", "application/json; charset=utf-8")]);
        let counted = Files::Counted;
        assert_eq!(received("POST /a", &file, 100, &counted).await, Ok((CHUNK, 99 * CHUNK as u64, 0)));
        assert_eq!(received("PUT /a/content", &json, 100, &counted).await, Ok((CHUNK, 99 * CHUNK as u64, 0)));
        assert_eq!(received("PATCH /a/content", &json, 9, &counted).await, Err(413), "commands in JSON");
        assert_eq!(received("PATCH /a/$value", &[], 65, &counted).await, Ok((CHUNK, 64 * CHUNK as u64, 0)));
        assert_eq!(received("POST /a", &json, 8, &counted).await, Ok((8 * CHUNK, 0, 0)));
        assert_eq!(received("POST /a", &json, 9, &counted).await, Err(413));
        assert_eq!(received("POST /a", &[], 9, &counted).await, Err(413));
        let range = [("content-range", "bytes 0-1/9")];
        assert_eq!(received("PUT /a", &range, 65, &counted).await, Ok((CHUNK, 64 * CHUNK as u64, 0)));
        assert_eq!(received("POST /a", &[("content-length", "99999999999")], 1, &counted).await, Err(413));
        assert_eq!(received("POST /a", &[("content-encoding", "gzip"), file[0]], 1, &counted).await, Err(415));
    }

    #[tokio::test]
    async fn files_are_kept_out_of_memory_to_their_last_byte() {
        let (kept, file) = (Files::Kept(Arc::default()), [("content-type", "image/jpeg")]);
        assert_eq!(received("POST /a", &file, 100, &kept).await, Ok((CHUNK, 99 * CHUNK as u64, 100 * CHUNK)));
        assert_eq!(received("POST /a", &file, 251, &kept).await, Err(413));
        assert_eq!(received("POST /a", &[], 9, &kept).await, Err(413));
    }

    #[test]
    fn what_decodes_to_too_much_is_refused_with_the_limit() -> std::io::Result<()> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, &[b' '; CHUNK])?;
        // Several members are one body (RFC 1952 section 2.2).
        let member = encoder.finish()?;
        let headers = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
        let request = Incoming { headers, ..Incoming::default() };
        let status = |members: usize| {
            let decoded = decoded(&request, member.repeat(members).into());
            decoded.map(|own| own.bytes.len()).map_err(|refusal| refusal.status.as_u16())
        };
        assert_eq!((status(8), status(9)), (Ok(8 * CHUNK), Err(413)));
        Ok(())
    }
}
