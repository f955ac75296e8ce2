//! Reviewed normal forms.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use insta::Snapshot;

use super::insta_file::{InstaFile, content_line, read_text};
use super::layout::snapshot_path;
use crate::file;
use crate::normal::{Declared, NormalForm};

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file cannot be read, or insta cannot.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Git could not merge the file.
    #[error("{}:{line}: Git's marker of a conflict that is not resolved; resolve it, or delete the file and review the contract's \
        snapshot again", path.display())]
    Conflict {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u32,
    },
    /// The text is not a normal form.
    #[error("{}:{line}: not a normal form: {message}; delete the file and review the contract's snapshot again", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// The reviewed normal form of a contract; `None` if there is no snapshot.
///
/// # Errors
///
/// When the file is there but cannot be read, or does not hold a normal form.
pub fn read_snapshot(folder: &Path, id: &str) -> Result<Option<NormalForm>, SnapshotError> {
    let path = snapshot_path(folder, id);
    let Some(file) = read_file(&path)? else { return Ok(None) };
    let declared = Declared(file.declared.map(Arc::new));
    NormalForm::parse(&file.content).map(|form| Some(NormalForm { declared, ..form })).map_err(|error| {
        let first = content_line(&file::read_text(&path).unwrap_or_default());
        SnapshotError::Invalid { line: first + error.line - 1, message: error.message, path }
    })
}

/// A file of insta; `None` if it is missing.
///
/// # Errors
///
/// When the file exists but cannot be read, or is not insta's.
pub fn read_file(path: &Path) -> Result<Option<InstaFile>, SnapshotError> {
    Ok(read_insta(path)?.map(|snapshot| InstaFile::of(&snapshot).unwrap_or_default()))
}

/// The same, as insta has it.
pub(crate) fn read_insta(path: &Path) -> Result<Option<Snapshot>, SnapshotError> {
    if !path.exists() {
        return Ok(None);
    }
    let unreadable = |cause: String| SnapshotError::Unreadable { path: path.to_owned(), cause: cause.into() };
    let bytes = file::read(path).map_err(|cause| unreadable(cause.to_string()))?;
    if let Some(line) = file::conflict_line(&bytes) {
        return Err(SnapshotError::Conflict { path: path.to_owned(), line });
    }
    let text = file::without_mark(&bytes);
    if text.len() < bytes.len() {
        // insta takes such a file for one without metadata.
        return read_text(&String::from_utf8_lossy(text)).map(Some).map_err(unreadable);
    }
    // The error is made text at once: it cannot be sent to another thread.
    Snapshot::from_file(path).map(Some).map_err(|cause| unreadable(cause.to_string()))
}
