//! The folders of a project's snapshots: insta may be told to keep what is pending elsewhere.

use std::collections::BTreeMap;
use std::env;
use std::path::{Component, Path, PathBuf};

use super::layout::{LIVE, accepted_drift, live_folder, pending_files};
use crate::store::FolderError;

/// Where insta keeps pending snapshots, if not beside the accepted ones (insta's documentation, "Environment variables").
const PENDING_DIR: &str = "INSTA_PENDING_DIR";

/// The folder relative to which insta names files, if it is not the one that Cargo says.
pub const WORKSPACE_ROOT: &str = "INSTA_WORKSPACE_ROOT";

/// The folders of snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotFolders {
    /// That of the accepted ones.
    pub accepted: PathBuf,
    /// That of the pending ones.
    pub pending: PathBuf,
}

impl SnapshotFolders {
    /// One folder for both, as insta has it by default.
    pub fn same(folder: impl Into<PathBuf>) -> SnapshotFolders {
        let accepted = folder.into();
        SnapshotFolders { pending: accepted.clone(), accepted }
    }

    /// The folders of a project's snapshots, as insta's variables `INSTA_PENDING_DIR` and `INSTA_WORKSPACE_ROOT` have them.
    ///
    /// # Errors
    ///
    /// When pending snapshots are kept elsewhere and the folder is outside of the workspace: insta has no place for them then. The message
    /// says so.
    pub fn of_environment(folder: &Path) -> Result<SnapshotFolders, String> {
        let Some(pending) = folder_in(PENDING_DIR) else { return Ok(SnapshotFolders::same(folder)) };
        let own = std::path::absolute(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let root = folder_in(WORKSPACE_ROOT).unwrap_or_else(|| workspace_around(&own));
        let root = std::path::absolute(&root).map_err(|error| format!("{}: {error}", root.display()))?;
        SnapshotFolders::kept_apart(folder, &own, &pending, &root)
    }

    fn kept_apart(folder: &Path, own: &Path, pending: &Path, root: &Path) -> Result<SnapshotFolders, String> {
        let real = || {
            let (own, root) = (own.canonicalize().ok()?, root.canonicalize().ok()?);
            own.strip_prefix(root).map(Path::to_owned).ok()
        };
        let relative = own.strip_prefix(root).map(Path::to_owned).ok().or_else(real);
        let relative = relative.filter(|path| path.components().all(|part| matches!(part, Component::Normal(_))));
        let relative = relative.ok_or_else(|| {
            format!(
                "{}: is outside of the workspace {}, and {PENDING_DIR} keeps pending snapshots by their paths in it; \
                 unset it, or name the workspace in {WORKSPACE_ROOT}",
                folder.display(),
                root.display()
            )
        })?;
        Ok(SnapshotFolders { accepted: folder.to_owned(), pending: pending.join(relative) })
    }

    /// The folders of the drift of live runs with a profile.
    pub fn live(&self, profile: &str) -> SnapshotFolders {
        let of = |folder: &Path| live_folder(folder, profile);
        SnapshotFolders { accepted: of(&self.accepted), pending: of(&self.pending) }
    }

    /// The files with the drift of live runs: of each accepted path the pending file, or else the accepted one.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read.
    pub fn drift_files(&self) -> Result<BTreeMap<PathBuf, PathBuf>, FolderError> {
        let mut all: BTreeMap<PathBuf, PathBuf> =
            accepted_drift(&self.accepted)?.into_iter().map(|file| (file.clone(), file)).collect();
        let pending = pending_files(&self.pending.join(LIVE))?;
        all.extend(pending.into_iter().map(|file| (self.target(&file), file)));
        Ok(all)
    }

    /// The accepted file that a pending one becomes.
    pub fn target(&self, pending: &Path) -> PathBuf {
        let relative = pending.strip_prefix(&self.pending).unwrap_or(pending);
        self.accepted.join(relative).with_extension("")
    }
}

/// The folder that an environment variable names, if it names one.
pub(crate) fn folder_in(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The workspace that a folder belongs to: the nearest package or workspace around it, and the workspace around a package. Without one,
/// the current folder.
pub(crate) fn workspace_around(folder: &Path) -> PathBuf {
    let mut packages = folder.ancestors().filter(|above| above.join("Cargo.toml").is_file()).peekable();
    let Some(nearest) = packages.peek().map(|nearest| (*nearest).to_owned()) else {
        return env::current_dir().unwrap_or_else(|_| folder.to_owned());
    };
    let is_workspace = |above: &&Path| {
        let text = std::fs::read_to_string(above.join("Cargo.toml")).unwrap_or_default();
        text.lines().any(|line| line.trim_start().starts_with("[workspace"))
    };
    packages.find(is_workspace).map_or(nearest, Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_snapshots_have_their_paths_in_the_workspace() {
        let check = |folder: &str, root: &str, expected: Option<&str>| {
            let found =
                SnapshotFolders::kept_apart(Path::new("s"), Path::new(folder), Path::new("/p"), Path::new(root));
            assert_eq!(found.map(|found| found.pending).ok(), expected.map(PathBuf::from), "{folder} in {root}");
        };
        check("/w/snapshots", "/w", Some("/p/snapshots"));
        check("/w/a/snapshots", "/w", Some("/p/a/snapshots"));
        check("/elsewhere/snapshots", "/w", None);
        check("/w/../snapshots", "/w", None);
    }

    #[test]
    fn the_accepted_file_of_a_pending_one_has_its_path() {
        let folders = SnapshotFolders { accepted: PathBuf::from("s"), pending: PathBuf::from("/p/s") };
        assert_eq!(folders.target(Path::new("/p/s/v1.0/a.b.snap.new")), Path::new("s/v1.0/a.b.snap"));
        let live = folders.live("mine");
        assert_eq!(live.target(Path::new("/p/s/live/mine/a.snap.new")), Path::new("s/live/mine/a.snap"));
    }

    #[test]
    fn a_package_belongs_to_the_workspace_around_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        write("w/Cargo.toml", "[workspace]\n");
        write("w/a/Cargo.toml", "[package]\n");
        write("b/Cargo.toml", "[package]\n");
        let check = |of: &str, expected: &str| {
            assert_eq!(workspace_around(&folder.path().join(of)), folder.path().join(expected), "{of}");
        };
        check("w/a/snapshots", "w");
        check("w/snapshots", "w");
        check("b/snapshots", "b");
    }
}
