//! The bytes of files.

use graph_contracts::http::ByteRange;

use super::super::answer::{self, Answer};
use crate::blob::Blob;

/// Where files are downloaded from without a token ("Download the contents of a DriveItem").
pub(super) const DOWNLOADS: &str = "/_downloads/";

/// The media type of bytes of which nothing is known.
pub(super) const BYTES: &str = "application/octet-stream";

/// The content of a file.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    /// Its media type.
    pub(crate) media_type: String,
    pub(crate) bytes: Blob,
}

impl Content {
    /// The content, or the part of it that a `Range` field asks for (RFC 9110 section 14.2).
    pub(crate) fn answer(&self, range: Option<&str>) -> Answer {
        let length = self.bytes.length();
        // However large it is, answers share it.
        let of_bytes = |status: u16, bytes: Blob| {
            let content = answer::Content::Bytes(bytes);
            Answer::new(status, content).with_header("Content-Type", &self.media_type)
        };
        match ByteRange::of(range, length) {
            ByteRange::Whole => of_bytes(200, self.bytes.clone()).with_header("Accept-Ranges", "bytes"),
            ByteRange::Part(range) => {
                let shown = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                of_bytes(206, self.bytes.slice(range)).with_header("Content-Range", shown)
            }
            ByteRange::Unsatisfiable => Answer::error(416, "invalidRange", "The range is not within the file.")
                .with_header("Content-Range", format!("bytes */{length}")),
        }
    }
}
