//! The bytes of files.

use super::super::answer::{self, Answer};

/// Where files are downloaded from without a token ("Download the contents of a DriveItem").
pub(super) const DOWNLOADS: &str = "/_downloads/";

/// The media type of bytes of which nothing is known.
pub(super) const BYTES: &str = "application/octet-stream";

/// The content of a file.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    /// Its media type.
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
}

impl Content {
    /// The content, or the part of it that a `Range` asks for (RFC 9110 section 14.2); other ranges than a single one are ignored.
    pub(crate) fn answer(&self, range: Option<&str>) -> Answer {
        let length = self.bytes.len();
        let whole = || {
            Answer::new(200, answer::Content::Bytes(self.bytes.clone())).with_header("Content-Type", &self.media_type)
        };
        let Some(range) = range.and_then(|range| range.strip_prefix("bytes=")).filter(|range| !range.contains(','))
        else {
            return whole().with_header("Accept-Ranges", "bytes");
        };
        let number = |text: &str| text.trim().parse::<usize>().ok();
        let (start, end) = match range.split_once('-') {
            Some(("", last)) => match number(last) {
                Some(count) => (length.saturating_sub(count), length),
                None => return whole(),
            },
            Some((first, "")) => (number(first).unwrap_or(length), length),
            Some((first, last)) => match (number(first), number(last)) {
                (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(length)),
                _ => return whole(),
            },
            None => return whole(),
        };
        if start >= length {
            return Answer::error(416, "invalidRange", "The range is not within the file.")
                .with_header("Content-Range", format!("bytes */{length}"));
        }
        Answer::new(206, answer::Content::Bytes(self.bytes[start..end].to_vec()))
            .with_header("Content-Type", &self.media_type)
            .with_header("Content-Range", format!("bytes {start}-{}/{length}", end - 1))
    }
}
