//! `graph-contracts.toml`: where it is, and the folders that it names. The command line reads all of it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::file;
use crate::source::LineIndex;

/// The name of the file.
pub const FILE: &str = "graph-contracts.toml";

/// The folder of the configuration, relative to `here`: the nearest that has one, from `here` upwards. The search ends at the root of the
/// repository, and at the home folder: what is above them belongs to somebody else.
pub fn folder_of_file(here: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let mut relative = PathBuf::new();
    for folder in here.ancestors() {
        if folder.join(FILE).is_file() {
            return Some(relative);
        }
        if file::is_repository(folder) || Some(folder) == home {
            return None;
        }
        relative.push("..");
    }
    None
}

/// The folders that a configuration names, relative to where the search began. All other keys are for the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Folders {
    /// The contracts.
    pub contracts: Option<PathBuf>,
    /// Their reviewed snapshots.
    pub snapshots: Option<PathBuf>,
    /// The file of the rules for volatile values.
    pub rules: Option<PathBuf>,
}

/// The folders that the nearest configuration names, from a folder upwards; none, if there is no such file.
///
/// # Errors
///
/// When the file cannot be read or is no configuration, with its line and column.
pub fn folders_above(here: &Path) -> Result<Folders, String> {
    let absolute = std::path::absolute(here).unwrap_or_else(|_| here.to_owned());
    let Some(folder) = folder_of_file(&absolute, std::env::home_dir().as_deref()) else {
        return Ok(Folders::default());
    };
    let file = absolute.join(&folder).join(FILE);
    let text = file::read_text(&file).map_err(|error| format!("{}: cannot be read: {error}", file.display()))?;
    let named: Folders = toml::from_str(&text).map_err(|error| {
        let (line, column) = LineIndex::new(&text).position(error.span().unwrap_or_default().start);
        format!("{}:{line}:{column}: {}", file.display(), error.message())
    })?;
    let below = |name: PathBuf| folder.join(name);
    Ok(Folders {
        contracts: named.contracts.map(below),
        snapshots: named.snapshots.map(below),
        rules: named.rules.map(below),
    })
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

    #[test]
    fn the_folders_are_relative_to_where_the_search_began() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let here = root.path().join("crates/client");
        std::fs::create_dir_all(&here)?;
        std::fs::create_dir(root.path().join(".git"))?;
        assert_eq!(folders_above(&here), Ok(Folders::default()));
        let check = |text: &str, [contracts, snapshots, rules]: [Option<&str>; 3]| {
            std::fs::write(root.path().join(FILE), text)?;
            let path = |own: Option<&str>| own.map(PathBuf::from);
            let expected = Folders { contracts: path(contracts), snapshots: path(snapshots), rules: path(rules) };
            assert_eq!(folders_above(&here), Ok(expected), "{text}");
            std::io::Result::Ok(())
        };
        check("pages = ['docs']\n[lint]\nbaseline = 'b'\n", [None, None, None])?;
        check("contracts = 'a'\nsnapshots = 'b/c'\n", [Some("../../a"), Some("../../b/c"), None])?;
        check("rules = 'r.toml'\n", [None, None, Some("../../r.toml")])?;
        std::fs::write(root.path().join(FILE), "\ncontracts = 1\n")?;
        let why = folders_above(&here).expect_err("no folder");
        assert!(why.contains("graph-contracts.toml:2:13: "), "{why}");
        Ok(())
    }
}
