//! Where a project has its contracts and snapshots.

use std::path::{Path, PathBuf};

use super::moved::Surroundings;
use crate::snapshot::folder_in;

/// The folders of a project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The contracts.
    pub contracts: PathBuf,
    /// Their reviewed snapshots.
    pub snapshots: PathBuf,
    /// Why it is not clear which folders these are, or that they are others than those in which the program was built.
    pub(super) moved: Moved,
    /// Whether insta looks for snapshots that no test asserts.
    pub(super) insta_finds_unreferenced: bool,
}

/// `cargo insta test --unreferenced=…` names a file in which insta lists the snapshots that tests assert, and looks for the others in the
/// workspace itself if all tests pass.
const REFERENCES_FILE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

/// Whether a project is where its test program was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// It is.
    No,
    /// It is in this folder now, and was built in the other one.
    To(PathBuf, PathBuf),
    /// Where it is now is not clear, for this reason.
    Unclear(String),
}

impl Project {
    /// The project of a test file: `contracts` and `snapshots` in the folder of its package, `env!("CARGO_MANIFEST_DIR")`, or those that the
    /// environment variables `GRAPH_CONTRACTS_DIR` and `GRAPH_SNAPSHOTS_DIR` name, absolute or relative to that folder. If the project was
    /// moved or copied with its target folder, or insta's variable `INSTA_WORKSPACE_ROOT` names another one, it is the folder of the package
    /// that is tested now.
    pub fn at(root: impl AsRef<Path>) -> Project {
        let built = root.as_ref();
        let (root, moved) = match Surroundings::of_process().folder(built) {
            Ok(root) if root == built => (root, Moved::No),
            Ok(root) => (root.clone(), Moved::To(root, built.to_owned())),
            Err(why) => (built.to_owned(), Moved::Unclear(why)),
        };
        // Test runners start tests in the folder of their package: paths in messages are shorter then.
        let is_here = std::env::current_dir().is_ok_and(|here| here == root);
        let folder = |variable: &str, name: &str| {
            let folder = folder_in(variable).unwrap_or_else(|| PathBuf::from(name));
            if is_here { folder } else { root.join(folder) }
        };
        Project {
            contracts: folder("GRAPH_CONTRACTS_DIR", "contracts"),
            snapshots: folder("GRAPH_SNAPSHOTS_DIR", "snapshots"),
            moved,
            insta_finds_unreferenced: std::env::var_os(REFERENCES_FILE).is_some(),
        }
    }

    /// A project with these folders, wherever they are: insta does not look into them.
    pub fn of_folders(contracts: impl Into<PathBuf>, snapshots: impl Into<PathBuf>) -> Project {
        let (contracts, snapshots) = (contracts.into(), snapshots.into());
        Project { contracts, snapshots, moved: Moved::No, insta_finds_unreferenced: false }
    }
}
