//! Where snapshots are: `snapshots/<id>.snap`, and the drift of live runs in `snapshots/live/<profile>/<id>.snap`; what is pending ends
//! in `.snap.new`.

use std::path::{Path, PathBuf};

use walkdir::DirEntry;

use crate::store::{FolderError, entries_below};

/// The folder within the snapshots folder for the drift of live runs, by profile.
pub(super) const LIVE: &str = "live";

const ACCEPTED: &str = ".snap";
const PENDING: &str = ".snap.new";

/// What wrote a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A test against the stub.
    Stub,
    /// A live run with a profile.
    Live {
        /// The profile's name.
        profile: String,
    },
}

/// The path of the snapshot of a contract.
pub fn snapshot_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}{ACCEPTED}"))
}

/// The path of the pending snapshot of a contract.
pub fn pending_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}{PENDING}"))
}

/// The folder of a profile's live snapshots.
pub fn live_folder(snapshots: &Path, profile: &str) -> PathBuf {
    snapshots.join(LIVE).join(profile)
}

/// Whether a text is the end of the path of a snapshot, pending or accepted.
pub fn names_snapshot(text: &str) -> bool {
    text.ends_with(ACCEPTED) || text.ends_with(PENDING)
}

/// The pending snapshots below a folder, sorted by path. Links are not followed; a folder that does not exist has none.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn pending_files(folder: &Path) -> Result<Vec<PathBuf>, FolderError> {
    files(folder, PENDING)
}

/// The files of the drift that was accepted, sorted.
///
/// # Errors
///
/// When the folder cannot be read. A folder that does not exist has none.
pub fn accepted_drift(snapshots: &Path) -> Result<Vec<PathBuf>, FolderError> {
    files(&snapshots.join(LIVE), ACCEPTED)
}

/// The snapshots below a folder that belong to no contract: their paths, sorted. `is_contract` says whether a contract has an id.
/// Accepted drift of live runs belongs to contracts like the others.
///
/// # Errors
///
/// When the folder cannot be read. A folder that does not exist has no snapshots.
pub fn unreferenced(snapshots: &Path, is_contract: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, FolderError> {
    let mut found = files(snapshots, ACCEPTED)?;
    found.retain(|file| !is_contract(&origin(snapshots, file).0));
    Ok(found)
}

/// The files below a folder whose names end so, sorted by path.
fn files(folder: &Path, end: &str) -> Result<Vec<PathBuf>, FolderError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let is_sought = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.file_type().is_file() && name.len() > end.len() && name.ends_with(end)
    };
    Ok(entries_below(folder, false)?.into_iter().filter(is_sought).map(DirEntry::into_path).collect())
}

/// The id of the contract of an accepted file, and what wrote it, by its place in the snapshots folder.
pub fn origin(snapshots: &Path, target: &Path) -> (String, Origin) {
    let relative = target.strip_prefix(snapshots).unwrap_or(target).with_extension("");
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    match parts.as_slice() {
        [first, profile, id @ ..] if first == LIVE && !id.is_empty() => {
            (id.join("/"), Origin::Live { profile: profile.clone() })
        }
        id => (id.join("/"), Origin::Stub),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_place() {
        let check = |path: &str, id: &str, profile: Option<&str>| {
            let (found, origin) = origin(Path::new("s"), &Path::new("s").join(path));
            let profile = profile.map_or(Origin::Stub, |profile| Origin::Live { profile: profile.to_owned() });
            assert_eq!((found.as_str(), origin), (id, profile), "{path}");
        };
        check("v1.0/a.b.snap", "v1.0/a.b", None);
        check("live/mine/v1.0/a.snap", "v1.0/a", Some("mine"));
        check("live/a.snap", "live/a", None);
    }
}
