//! Where the configuration is.

use std::path::{Path, PathBuf};

/// The name of the file.
pub(crate) const FILE: &str = "graph-contracts.toml";

/// What the root of a repository has.
const REPOSITORY: &str = ".git";

/// The folder of the configuration, relative to `here`: the nearest that has one, from `here` upwards. The search ends at the root of the
/// repository, and at the home folder: what is above them belongs to somebody else.
pub(super) fn folder_of_file(here: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let mut relative = PathBuf::new();
    for folder in here.ancestors() {
        if folder.join(FILE).is_file() {
            return Some(relative);
        }
        if folder.join(REPOSITORY).exists() || Some(folder) == home {
            return None;
        }
        relative.push("..");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_ends_at_the_repository_and_at_home() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let path = |name: &str| root.path().join(name);
        for folder in ["home/repository/.git", "home/repository/docs/api", "home/other", "elsewhere"] {
            std::fs::create_dir_all(path(folder))?;
        }
        let check = |file: &str, here: &str, expected: Option<&str>| {
            std::fs::write(path(file), "")?;
            let found = folder_of_file(&path(here), Some(&path("home")));
            assert_eq!(found, expected.map(PathBuf::from), "{file} from {here}");
            std::fs::remove_file(path(file))
        };
        check("home/repository/graph-contracts.toml", "home/repository", Some(""))?;
        check("home/repository/graph-contracts.toml", "home/repository/docs/api", Some("../.."))?;
        check("home/graph-contracts.toml", "home/repository/docs", None)?;
        check("home/graph-contracts.toml", "home/other", Some(".."))?;
        check("graph-contracts.toml", "home/other", None)?;
        check("graph-contracts.toml", "elsewhere", Some(".."))
    }
}
