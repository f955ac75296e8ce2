//! Where a project has its contracts and snapshots.

use std::path::{Path, PathBuf};

/// The folders of a project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The contracts.
    pub contracts: PathBuf,
    /// Their reviewed snapshots.
    pub snapshots: PathBuf,
    /// What the command line is called by, for the next step in messages.
    pub command: String,
}

impl Project {
    /// `contracts` and `snapshots` in a folder, or those that the environment variables `GRAPH_CONTRACTS_DIR` and
    /// `GRAPH_SNAPSHOTS_DIR` name, absolute or relative to that folder.
    pub fn at(root: impl AsRef<Path>) -> Project {
        let root = root.as_ref();
        // Test runners start tests in the folder of their package: paths in messages are shorter then.
        let is_here = std::env::current_dir().is_ok_and(|here| here == root);
        let folder = |variable: &str, name: &str| {
            let named = std::env::var_os(variable).filter(|value| !value.is_empty());
            let folder = named.map_or_else(|| PathBuf::from(name), PathBuf::from);
            if is_here { folder } else { root.join(folder) }
        };
        Project {
            contracts: folder("GRAPH_CONTRACTS_DIR", "contracts"),
            snapshots: folder("GRAPH_SNAPSHOTS_DIR", "snapshots"),
            command: "cargo xtask".to_owned(),
        }
    }
}
