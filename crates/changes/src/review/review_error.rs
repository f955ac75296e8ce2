//! Why snapshots cannot be reviewed.

use std::fmt;
use std::io;
use std::path::PathBuf;

use graph_contracts::store::FolderError;
use graph_contracts::store::NothingSelected;

/// Why pending snapshots cannot be reviewed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// A file or folder cannot be read, written or removed.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
    /// The folder of the snapshots cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file is another than was shown.
    #[error("{}: has changed since it was shown; nothing was done with it, look at it again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// What was done with a file cannot be taken back.
    #[error("{}: what was decided stands: {why}", path.display())]
    Done {
        /// The file.
        path: PathBuf,
        /// Why.
        why: &'static str,
    },
    /// A pending snapshot cannot be accepted.
    #[error("{}: cannot be accepted: {why}; reject it, and run what wrote it again", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// No contract is what was asked for.
    #[error(transparent)]
    NoContract(#[from] NothingSelected),
    /// No pending snapshot is what was asked for.
    #[error(transparent)]
    NothingSelected(NothingPending),
}

/// No pending snapshot is what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct NothingPending {
    /// What was asked for.
    pub filters: Vec<String>,
    /// What is pending.
    pub pending: Vec<PathBuf>,
}

/// So many files are listed.
const MOST_LISTED: usize = 20;

impl fmt::Display for NothingPending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing that is pending is called {}; ", self.filters.join(" or "))?;
        match self.pending.as_slice() {
            [] => f.write_str("nothing is pending"),
            pending => {
                f.write_str("name a contract, a profile or one of these files:")?;
                pending.iter().take(MOST_LISTED).try_for_each(|file| write!(f, "\n  {}", file.display()))?;
                match pending.len().saturating_sub(MOST_LISTED) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
        }
    }
}
