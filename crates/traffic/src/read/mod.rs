//! Files of traffic, read as a stream, one entry after another: memory does not grow with the file.
//!
//! - [`read`]: HTTP Archives (`archive.rs`, each entry of one: `entry.rs`) and journals of `serve` (`journal.rs`)
//! - `utf8.rs`: bytes that are not UTF-8 become replacement characters

mod archive;
mod entry;
mod journal;
mod utf8;

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

pub(crate) use self::journal::of_journal;
use self::utf8::Utf8Reader;
use crate::recorded::Record;

/// So much of a file is looked at to find out what it is.
const BEGINNING: usize = 64 << 10;

/// What takes entries, each as what makes a record of its number.
type Each<'e> = dyn FnMut(&dyn Fn(String) -> Record) + 'e;

/// Why a file could not be read to its end.
#[derive(Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// The line, counted from 1, if it is known.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What is wrong.
    pub reason: String,
    /// How many entries were read before.
    pub entries: usize,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReadError { file, line, column, reason, entries } = self;
        write!(f, "{file}:{line}:{column}: {reason}")?;
        if *entries == 0 {
            return Ok(());
        }
        let entries = graph_contracts::report::count(*entries, "entry", "entries");
        write!(f, "; what was read before, {entries}, is judged")
    }
}

/// Reads a file of traffic, and hands each of its entries on. `prefix` stands before the number of each.
///
/// # Errors
///
/// When the file ends too early, or is neither an HTTP Archive nor a journal.
pub fn read(file: &str, prefix: &str, source: impl Read, each: &mut dyn FnMut(Record)) -> Result<(), ReadError> {
    let mut source = BufReader::with_capacity(BEGINNING, Utf8Reader::new(source));
    let failed =
        |error: &io::Error| ReadError { file: file.to_owned(), reason: error.to_string(), ..ReadError::default() };
    let beginning = source.fill_buf().map_err(|error| failed(&error))?;
    let is_journal = journal::is_one(beginning);
    let mut entries = 0;
    let mut counted = |make: &dyn Fn(String) -> Record| {
        entries += 1;
        each(make(format!("{prefix}{entries}")));
    };
    let found = if is_journal { journal::read(source, &mut counted) } else { archive::read(source, &mut counted) };
    found.map_err(|error| ReadError { file: file.to_owned(), entries, ..error })
}

#[cfg(test)]
mod tests;
