//! A file in the HTTP Archive format that grows with each request.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::Entry;
use super::har::{creator, har_entry};

/// What ends the document.
const END: &str = "\n]}}\n";

/// A file of requests, a valid document after each of them.
#[derive(Debug)]
pub struct HarFile {
    file: File,
    /// Where the next request is written, over the end of the document.
    end: u64,
    is_empty: bool,
}

impl HarFile {
    /// A new file, in place of any that is there.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn create(path: &Path) -> io::Result<HarFile> {
        let start = format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{},\"entries\":[", creator());
        let mut file = File::create(path)?;
        file.write_all(format!("{start}{END}").as_bytes())?;
        Ok(HarFile { file, end: start.len() as u64, is_empty: true })
    }

    /// Adds a request.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn push(&mut self, entry: &Entry) -> io::Result<()> {
        let separator = if self.is_empty { "\n" } else { ",\n" };
        let text = format!("{separator}{}", har_entry(entry));
        self.file.seek(SeekFrom::Start(self.end))?;
        // Both in one piece, so that nobody reads a document without an end.
        self.file.write_all(format!("{text}{END}").as_bytes())?;
        (self.end, self.is_empty) = (self.end + text.len() as u64, false);
        Ok(())
    }
}
