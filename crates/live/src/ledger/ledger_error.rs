//! Why a ledger cannot be used.

use std::io;
use std::path::PathBuf;

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The file cannot be read or written.
    #[error("the ledger {}: cannot {what}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// The path leads elsewhere, or to a device.
    #[error("the ledger {}: it is a link or a special file, which is not followed: move it away", .path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// Another run has it.
    #[error("the ledger {}: another run writes to this tenant: wait until it ends", .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a ledger, or is one of another version.
    #[error(
        "the ledger {}:1: it does not begin as a ledger of version {version}: clean up with the version that wrote it, or move it \
         away if it is of no use", .path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version that is read and written here.
        version: u32,
    },
    /// A line was not written by a run.
    #[error(
        "the ledger {}:{line}: not an entry of a run: {why}; repair the line, or remove it if you know what it means",
        .path.display()
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// Why.
        why: String,
    },
    /// What is to be noted does not fit what is noted already.
    #[error("the ledger {}: cannot note that: {why}", .path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The ledger is that of another base URL or tenant.
    #[error(
        "the ledger {} is about {there}, and this run goes to {here}: clean up there first; it has {left}", .path.display()
    )]
    Elsewhere {
        /// The file.
        path: PathBuf,
        /// Where its run wrote.
        there: String,
        /// Where this run goes.
        here: String,
        /// What is left, each with its URL.
        left: String,
    },
}
