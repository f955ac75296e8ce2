//! What can be wrong with a folder of contracts.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::command_line::{explain, import_pages};
use crate::contract::FORMAT;
use crate::normal::RuleError;

/// Everything that is wrong with a folder of contracts; never empty.
#[derive(thiserror::Error)]
#[error("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct StoreError {
    /// The problems, by file.
    pub problems: Vec<StoreErrorKind>,
}

/// One thing that is wrong with a folder of contracts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// A file or folder cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The folder has no contract.
    #[error("{}: no contracts here", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not a contract.
    #[error("{}:{line}:{column}: {message}; import the page again with --overwrite, or see {}", path.display(), explain("contract-format"))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u32,
        /// The column, counted from 1.
        column: u32,
        /// What is wrong.
        message: String,
    },
    /// A contract has another format than this version reads.
    #[error("{}{}: format {format}, but this version reads format {FORMAT}; {}", path.display(),
        if *more > 0 { format!(" and {more} more") } else { String::new() },
        if *format < FORMAT { format!("import the pages again: `{}{}`", import_pages(), into(folder)) }
        else { "update the program".to_owned() })]
    Format {
        /// The file.
        path: PathBuf,
        /// The contracts folder that it is in.
        folder: PathBuf,
        /// The format that it has.
        format: u32,
        /// How many other files of the folder have such a format.
        more: usize,
    },
    /// Two files have the same id.
    #[error("{}: the id `{id}` is already that of {}; give one of them another id or delete it", path.display(), other.display())]
    Duplicate {
        /// The second file.
        path: PathBuf,
        /// The first file.
        other: PathBuf,
        /// Their id.
        id: String,
    },
    /// A file's id does not agree with its path.
    #[error("{}: the id is `{id}`, so the file must be {}; rename the file or change the id", path.display(), expected.display())]
    Misplaced {
        /// The file.
        path: PathBuf,
        /// Its id.
        id: String,
        /// Where it belongs.
        expected: PathBuf,
    },
    /// The file of the volatile rules cannot be read.
    #[error("{}: the rules for volatile values cannot be read: {cause}", path.display())]
    NoRules {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A volatile rule cannot be used.
    #[error("{0}")]
    Rule(RuleError),
}

/// The option for a folder of contracts, unless it is the usual one.
fn into(folder: &Path) -> String {
    if folder == Path::new("contracts") { String::new() } else { format!(" --contracts {}", folder.display()) }
}

/// A test that returns the error shows this form: it is for people too.
impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<StoreErrorKind> for StoreError {
    fn from(problem: StoreErrorKind) -> StoreError {
        StoreError { problems: vec![problem] }
    }
}
