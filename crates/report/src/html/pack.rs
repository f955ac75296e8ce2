//! Pieces of HTML that are kept compressed within the file.

use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// How many contract pages are compressed together: similar texts compress well, and one is opened at a time.
pub(super) const TOGETHER: usize = 40;

/// Texts as base64 of a gzip of their JSON array.
pub(super) fn pack(texts: &[String]) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Compressing texts into memory cannot fail.
    let written = serde_json::to_vec(texts).map(|json| encoder.write_all(&json));
    let _ = written;
    BASE64_STANDARD.encode(encoder.finish().unwrap_or_default())
}

/// The source expression of an inline script or style sheet (Content Security Policy Level 3, section 2.3.1).
pub(super) fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}
