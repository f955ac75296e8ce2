//! Reviewed normal forms: one insta snapshot per contract, `snapshots/<id>.snap`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use insta::{Comparator, Settings, Snapshot};
use walkdir::WalkDir;

use crate::compare::{Context, Reference, compare};
use crate::contract::Contract;
use crate::normal::NormalForm;
use crate::store::id_of;

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
    /// The text is no normal form.
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

/// The folder within the snapshots folder in which the drift of live runs is accepted, by profile.
pub const LIVE: &str = "live";

/// The files of the drift that was accepted, sorted.
///
/// # Errors
///
/// When the folder cannot be read. A folder that does not exist has none.
pub fn accepted_drift(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let live = folder.join(LIVE);
    if !live.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(live).sort_by_file_name() {
        let entry =
            entry.map_err(|error| error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links")))?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|extension| extension == "snap") {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// The path of the snapshot of a contract.
pub fn snapshot_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.snap"))
}

/// The path of the snapshot of a contract that waits to be reviewed.
pub fn pending_path(folder: &Path, id: &str) -> PathBuf {
    snapshot_path(folder, id).with_extension("snap.new")
}

/// The reviewed normal form of a contract; `None` if there is no snapshot.
///
/// # Errors
///
/// When the file is there but cannot be read, or does not hold a normal form.
pub fn read_snapshot(folder: &Path, id: &str) -> Result<Option<NormalForm>, SnapshotError> {
    let path = snapshot_path(folder, id);
    let Some(snapshot) = read_file(&path)? else { return Ok(None) };
    let text = text(&snapshot);
    let form = NormalForm::parse(&text);
    form.map(Some).map_err(|error| SnapshotError::Invalid {
        line: metadata_lines(&path) + error.line,
        message: error.message,
        path,
    })
}

/// A file of insta; `None` if there is none.
///
/// # Errors
///
/// When the file is there but cannot be read, or is none of insta's.
pub fn read_file(path: &Path) -> Result<Option<Snapshot>, SnapshotError> {
    if !path.exists() {
        return Ok(None);
    }
    // The error is made text at once: it cannot be sent to another thread.
    let snapshot = Snapshot::from_file(path).map_err(|cause| cause.to_string());
    snapshot.map(Some).map_err(|cause| SnapshotError::Unreadable { path: path.to_owned(), cause: cause.into() })
}

/// The content of a snapshot.
pub fn text(snapshot: &Snapshot) -> String {
    snapshot.as_text().map(ToString::to_string).unwrap_or_default()
}

/// How many lines stand before the content of a snapshot file: those of the metadata, with `---` before and after them.
fn metadata_lines(path: &Path) -> usize {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let second = text.lines().enumerate().filter(|(_, line)| line.trim_end() == "---").nth(1);
    second.map_or(0, |(index, _)| index + 1)
}

/// The snapshots below a folder that belong to no contract: their paths, sorted. `is_contract` says whether a contract has an id.
/// Accepted drift of live runs, in
/// `live/<profile>`, belongs to contracts like the others.
///
/// # Errors
///
/// When the folder cannot be read. A folder that does not exist has no snapshots.
pub fn unreferenced(folder: &Path, is_contract: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry =
            entry.map_err(|error| error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links")))?;
        let path = entry.path();
        let is_snapshot = entry.file_type().is_file() && path.extension().is_some_and(|extension| extension == "snap");
        // The profile comes before the id.
        let profile = path.strip_prefix(folder.join(LIVE)).ok().and_then(|relative| relative.components().next());
        let own = profile.map_or_else(|| folder.to_owned(), |profile| folder.join(LIVE).join(profile));
        if is_snapshot && !is_contract(&id_of(&own, path)) {
            found.push(path.to_owned());
        }
    }
    Ok(found)
}

/// The insta settings for the snapshot of a contract: where it is, and that it is compared by meaning. `folder` is absolute
/// or relative to the test's own folder. The name for `insta::assert_snapshot!` is the last part of the id.
pub fn settings(folder: &Path, contract: &Contract) -> Settings {
    let mut settings = Settings::clone_current();
    let parent = contract.id.rsplit_once('/').map_or("", |(parent, _)| parent);
    settings.set_snapshot_path(folder.join(parent));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(format!("{} ({})", contract.title, contract.source.page));
    settings.set_comparator(Box::new(ByMeaning(Arc::new(contract.clone()))));
    settings
}

/// The last part of a contract's id, which is the name of its snapshot within the folder that [`settings`] sets.
pub fn snapshot_name(contract: &Contract) -> &str {
    contract.id.rsplit('/').next().unwrap_or(&contract.id)
}

/// Compares snapshots as normal forms, so that the order of members makes no difference.
#[derive(Clone)]
struct ByMeaning(Arc<Contract>);

impl Comparator for ByMeaning {
    fn matches(&self, reference: &Snapshot, test: &Snapshot) -> bool {
        // Most snapshots are the same to the letter.
        if reference.as_text().zip(test.as_text()).is_some_and(|(one, other)| one.to_string() == other.to_string()) {
            return true;
        }
        let form = |snapshot: &Snapshot| {
            let text = snapshot.as_text().map(ToString::to_string)?;
            NormalForm::parse(&text).ok()
        };
        match (form(reference), form(test)) {
            (Some(expected), Some(actual)) => {
                compare(&expected, &actual, Reference::Snapshot, &mut Context::new(&self.0)).mismatches.is_empty()
            }
            _ => false,
        }
    }

    fn dyn_clone(&self) -> Box<dyn Comparator> {
        Box::new(self.clone())
    }
}
