//! Upload sessions: a file in chunks ("driveItem: createUploadSession").

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::super::answer::{Answer, text};
use super::super::request::Request;
use crate::blob::Blob;
use graph_contracts::json::{Json, Member};

/// Where chunks are sent without a token.
pub(super) const UPLOADS: &str = "/_uploads/";

/// All chunks but the last have a multiple of this size, and at most the largest one ("driveItem: createUploadSession", best practices).
const UNIT: usize = 320 << 10;
const LARGEST: usize = 60 << 20;

/// The largest file that is attached ("Attach large files to Outlook messages or events").
const LARGEST_ATTACHMENT: usize = 150_000_000;

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
    pub(super) target: Target,
    /// The size of the file, as soon as a chunk says it.
    pub(super) total: Option<usize>,
    pub(crate) bytes: Blob,
}

/// An upload that has ended with its last chunk, and what that was answered with.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(super) id: String,
    pub(super) range: ChunkRange,
    pub(super) body: Json,
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
    Item { drive: DriveOf, id: String },
    /// A file of that name in a folder.
    File { drive: DriveOf, folder: String, name: String, behavior: Behavior },
    /// An object of a collection, such as an attachment of a message.
    Object(ObjectOf),
}

/// An object of a collection that an upload makes.
#[derive(Clone, Debug)]
pub(super) struct ObjectOf {
    pub(super) collection: Vec<String>,
    /// The URL of the collection.
    pub(super) url: String,
    /// What the client has said of it.
    pub(super) sent: Json,
}

/// What `Content-Range` says of a chunk (RFC 9110 section 14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkRange {
    /// The first byte.
    pub first: usize,
    /// The last byte.
    pub last: usize,
    /// How many bytes the whole has.
    pub total: usize,
}

/// Why a chunk is not taken: a status, the code of an error, and a message.
pub type ChunkRefusal = (u16, &'static str, &'static str);

impl Upload {
    /// The range of the chunk that comes next, or why a request does not have it.
    pub(super) fn next(&self, request: &Request<'_>) -> Result<ChunkRange, Answer> {
        let range = ChunkRange::of(request.header("content-range"), request.length());
        let range = range.and_then(|range| self.following(range));
        range.map_err(|(status, code, message)| Answer::error(status, code, message))
    }

    /// A range, if it comes next.
    pub(super) fn following(&self, range: ChunkRange) -> Result<ChunkRange, ChunkRefusal> {
        if matches!(self.target, Target::Object(_)) && range.total > LARGEST_ATTACHMENT {
            return Err((413, "requestEntityTooLarge", "What is attached has 150 MB at most."));
        }
        range.following(self.bytes.length(), self.total)
    }

    /// Takes the next chunk.
    pub(crate) fn take(&mut self, chunk: Blob, total: usize) {
        self.bytes.append(chunk);
        self.total = Some(total);
    }
}

fn wrong(message: &'static str) -> ChunkRefusal {
    (400, "invalidRequest", message)
}

impl ChunkRange {
    /// The range of a chunk of that length, whatever came before it.
    ///
    /// # Errors
    ///
    /// When the header field cannot be read, or the length is not that of the range.
    pub fn of(content_range: Option<&str>, length: usize) -> Result<ChunkRange, ChunkRefusal> {
        let Some(range) = content_range.and_then(ChunkRange::read) else {
            return Err(wrong("The Content-Range header is missing or malformed."));
        };
        if range.last - range.first + 1 != length {
            return Err(wrong("The length of the content is not that of its Content-Range."));
        }
        Ok(range)
    }

    /// The same range, if it is the one that comes next after so many bytes of a file whose length may be known by now.
    ///
    /// # Errors
    ///
    /// When it is another one, or a chunk may not be so long.
    pub fn following(self, received: usize, total: Option<usize>) -> Result<ChunkRange, ChunkRefusal> {
        if total.is_some_and(|total| total != self.total) {
            return Err(wrong("The total length is not that of the fragments before."));
        }
        // What is there already and what leaves a gap cannot be taken; the session says what is expected.
        match self.first.cmp(&received) {
            Ordering::Less => {
                Err((416, "invalidRange", "The uploaded fragment overlaps with data that has already been received."))
            }
            Ordering::Greater => {
                Err((416, "invalidRange", "The uploaded fragment does not follow the data that has been received."))
            }
            Ordering::Equal => self.sized(),
        }
    }

    /// The same range, if a chunk may be so long.
    ///
    /// # Errors
    ///
    /// When it is too long, or not the last one and no multiple of the size that chunks have.
    pub fn sized(self) -> Result<ChunkRange, ChunkRefusal> {
        let length = self.last - self.first + 1;
        if length >= LARGEST {
            return Err((413, "requestEntityTooLarge", "A fragment has less than 60 MiB."));
        }
        if !self.is_last() && !length.is_multiple_of(UNIT) {
            return Err(wrong("A fragment that is not the last one has a multiple of 327680 bytes."));
        }
        Ok(self)
    }

    /// Whether nothing comes after it.
    pub fn is_last(&self) -> bool {
        self.last + 1 >= self.total
    }

    fn read(text: &str) -> Option<ChunkRange> {
        let (range, total) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let range = ChunkRange {
            first: first.trim().parse().ok()?,
            last: last.trim().parse().ok()?,
            total: total.trim().parse().ok()?,
        };
        (range.first <= range.last && range.last < range.total).then_some(range)
    }
}

/// When a session ends that begins now.
pub fn session_end() -> String {
    let ends = Timestamp::now().saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
    Timestamp::from_millisecond(ends.as_millisecond()).unwrap_or(ends).to_string()
}

/// The session as a body ("uploadSession resource type"). Where the whole length is known, the range that is expected has its end: both forms are
/// documented, and some clients read that one only.
pub fn session(received: usize, total: Option<usize>, url: Option<Member>) -> Json {
    let ends = session_end();
    let last = total.and_then(|total| total.checked_sub(1)).map(|last| last.to_string()).unwrap_or_default();
    let expected = Json::Array(vec![Json::String(format!("{received}-{last}"))]);
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
            assert_eq!(ChunkRange::read(text).map(|own| (own.first, own.last, own.total)), expected, "{text}");
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
