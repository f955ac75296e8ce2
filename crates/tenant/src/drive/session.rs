//! Upload sessions: a file in chunks ("driveItem: createUploadSession").

use jiff::{SignedDuration, Timestamp};

use super::super::answer::{Answer, text};
use super::super::request::Request;
use graph_contracts::json::{Json, Member};

/// Where chunks are sent without a token.
pub(super) const UPLOADS: &str = "/_uploads/";

/// All chunks but the last have a multiple of this size, and at most the largest one ("driveItem: createUploadSession", best practices).
const UNIT: usize = 320 << 10;
const LARGEST: usize = 60 << 20;

/// How long a session is open.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// What is done when a name is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behavior {
    Fail,
    Replace,
    Rename,
}

impl Behavior {
    pub(super) fn read(text: Option<&str>, otherwise: Behavior) -> Behavior {
        match text.map(str::to_ascii_lowercase).as_deref() {
            Some("fail") => Behavior::Fail,
            Some("replace") => Behavior::Replace,
            Some("rename") => Behavior::Rename,
            _ => otherwise,
        }
    }
}

/// An upload that has begun.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(super) drive: DriveOf,
    pub(super) target: Target,
    pub(super) behavior: Behavior,
    /// The size of the file, as soon as a chunk says it.
    pub(super) total: Option<usize>,
    pub(crate) bytes: Vec<u8>,
}

/// The drive of an upload.
#[derive(Clone, Debug)]
pub(super) struct DriveOf {
    pub(super) id: String,
    pub(super) items: Vec<String>,
    pub(super) root: String,
}

/// What becomes of the chunks.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The content of an item.
    Item(String),
    /// A file of that name in a folder.
    File { folder: String, name: String },
}

/// What `Content-Range` says (RFC 9110 section 14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) total: usize,
}

impl Upload {
    /// The range of the chunk that comes next, or why a request does not have it.
    pub(super) fn next(&self, request: &Request<'_>) -> Result<Range, Answer> {
        let wrong = |message: &str| Err(Answer::error(400, "invalidRequest", message));
        let Some(range) = request.header("content-range").and_then(Range::read) else {
            return wrong("The Content-Range header is missing or malformed.");
        };
        if range.last - range.first + 1 != request.body.len() {
            return wrong("The length of the content is not that of its Content-Range.");
        }
        if self.total.is_some_and(|total| total != range.total) {
            return wrong("The total length is not that of the fragments before.");
        }
        // What is there already and what leaves a gap cannot be taken; the session says what is expected.
        let expected = self.bytes.len();
        if range.first != expected {
            let message = if range.first < expected {
                "The uploaded fragment overlaps with data that has already been received."
            } else {
                "The uploaded fragment does not follow the data that has been received."
            };
            return Err(Answer::error(416, "invalidRange", message));
        }
        if request.body.len() >= LARGEST {
            return Err(Answer::error(413, "requestEntityTooLarge", "A fragment has less than 60 MiB."));
        }
        if range.last + 1 < range.total && !request.body.len().is_multiple_of(UNIT) {
            return wrong("A fragment that is not the last one has a multiple of 327680 bytes.");
        }
        Ok(range)
    }

    /// Takes the next chunk.
    pub(crate) fn take(&mut self, chunk: &[u8], total: usize) {
        self.bytes.extend_from_slice(chunk);
        self.total = Some(total);
    }
}

impl Range {
    fn read(text: &str) -> Option<Range> {
        let (range, total) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let range = Range {
            first: first.trim().parse().ok()?,
            last: last.trim().parse().ok()?,
            total: total.trim().parse().ok()?,
        };
        (range.first <= range.last && range.last < range.total).then_some(range)
    }
}

/// The session as a body ("uploadSession resource type").
pub(super) fn session(received: usize, url: Option<Member>) -> Json {
    let ends = Timestamp::now().saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
    let ends = Timestamp::from_millisecond(ends.as_millisecond()).unwrap_or(ends).to_string();
    let expected = Json::Array(vec![Json::String(format!("{received}-"))]);
    let mut members: Vec<Member> = url.into_iter().collect();
    members.push(text("expirationDateTime", &ends));
    members.push(Member { name: "nextExpectedRanges".to_owned(), value: expected });
    Json::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let check = |text: &str, expected: Option<(usize, usize, usize)>| {
            assert_eq!(Range::read(text).map(|own| (own.first, own.last, own.total)), expected, "{text}");
        };
        check("bytes 0-25/128", Some((0, 25, 128)));
        check(" bytes 26 - 127 / 128", Some((26, 127, 128)));
        for text in [
            "",
            "bytes",
            "bytes 0-1",
            "bytes 1-0/5",
            "bytes 0-5/5",
            "bytes 0-1/*",
            "bytes -1/5",
            "items 0-1/5",
            "bytes 0-99999999999999999999/9",
        ] {
            check(text, None);
        }
    }
}
