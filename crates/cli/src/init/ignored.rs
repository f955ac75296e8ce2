//! What version control should ignore of what this program leaves: lines for `.gitignore`.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use graph_contracts::file::{self, TEMPORARY, repository_around};
use ignore::gitignore::Gitignore;

/// The file.
const FILE: &str = ".gitignore";

/// What stands above the lines.
const TITLE: &str = "# What graph-contracts leaves for review, or from a run";

/// The patterns, each with a file that is one of these.
fn patterns() -> [(String, PathBuf); 5] {
    [
        ("*.snap.new".to_owned(), PathBuf::from("snapshots/v1.0/graph-contracts.snap.new")),
        ("*.pending-snap".to_owned(), PathBuf::from("tests/.graph-contracts.pending-snap")),
        ("*.json.bak".to_owned(), PathBuf::from("contracts/v1.0/graph-contracts.json.bak")),
        (format!("{TEMPORARY}*"), PathBuf::from(format!("contracts/v1.0/{TEMPORARY}graph-contracts"))),
        ("/target/verify-live/".to_owned(), PathBuf::from("target/verify-live/graph-contracts/run")),
    ]
}

/// What became of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ignoring {
    /// It says all of it already, by itself or with those above it.
    Said,
    /// It is new.
    New,
    /// So many lines were added to its end.
    Extended(usize),
}

/// Lets version control ignore what this program leaves in a folder: lines are added to the end of the file, which keeps what it has. `None`
/// where the folder has no such file and is in no repository.
///
/// # Errors
///
/// When the file cannot be read or written.
pub(super) fn ignore_leftovers(folder: &Path) -> anyhow::Result<Option<(PathBuf, Ignoring)>> {
    let here = std::fs::canonicalize(folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    let path = folder.join(FILE);
    let shown = path.display();
    let before = match file::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("{shown}: cannot be read")),
    };
    let repository = repository_around(&here);
    if before.is_none() && repository.is_none() {
        return Ok(None);
    }
    let missing = missing(&here, repository.as_deref().unwrap_or(&here));
    if missing.is_empty() {
        return Ok(before.is_some().then_some((path, Ignoring::Said)));
    }
    let added = missing.len();
    let lines: Vec<String> = std::iter::once(TITLE.to_owned()).chain(missing).collect();
    let what = match before {
        None => {
            file::write(&path, &(lines.join("\n") + "\n")).with_context(|| format!("{shown}: cannot be written"))?;
            Ignoring::New
        }
        Some(before) => {
            file::append(&path, &continued(&before, &lines)).with_context(|| format!("{shown}: cannot be written"))?;
            Ignoring::Extended(added)
        }
    };
    Ok(Some((path, what)))
}

/// The patterns about which no file says anything, from the folder upwards to the root of its repository: what is said decides, also that
/// something is not ignored.
fn missing(folder: &Path, root: &Path) -> Vec<String> {
    let files = folder.ancestors().take_while(|above| above.starts_with(root)).map(|above| above.join(FILE));
    // A line that is not valid says nothing.
    let files: Vec<Gitignore> = files.filter(|file| file.is_file()).map(|file| Gitignore::new(file).0).collect();
    let is_said = |sample: &Path| {
        let sample = folder.join(sample);
        files.iter().any(|file| !file.matched_path_or_any_parents(&sample, false).is_none())
    };
    patterns().into_iter().filter(|(_, sample)| !is_said(sample)).map(|(pattern, _)| pattern).collect()
}

/// Lines for the end of a file, with the line ends that it has, below a blank line.
fn continued(before: &[u8], lines: &[String]) -> String {
    let end = if before.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
    let own: String = lines.iter().map(|line| format!("{line}{end}")).collect();
    match before.last() {
        None => own,
        Some(b'\n') => format!("{end}{own}"),
        Some(_) => format!("{end}{end}{own}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = "# What graph-contracts leaves for review, or from a run\n*.snap.new\n*.pending-snap\n*.json.bak\n\
        .import-*\n/target/verify-live/\n";

    /// The files of a folder and of `sub` in it before, and what `sub` has after.
    #[track_caller]
    fn check(above: Option<&str>, own: Option<&str>, expected: Option<&str>) {
        let folder = tempfile::tempdir().expect("a folder");
        let sub = folder.path().join("sub");
        std::fs::create_dir_all(&sub).expect("a folder");
        for (file, text) in [(folder.path().join(FILE), above), (sub.join(FILE), own)] {
            text.into_iter().for_each(|text| std::fs::write(&file, text).expect("a file"));
        }
        if above.is_some() {
            std::fs::create_dir(folder.path().join(".git")).expect("a folder");
        }
        for _ in 0..2 {
            ignore_leftovers(&sub).expect("it is done");
            assert_eq!(std::fs::read_to_string(sub.join(FILE)).ok().as_deref(), expected, "{above:?} {own:?}");
        }
    }

    #[test]
    fn what_is_left_is_ignored_and_what_is_there_is_kept() {
        check(None, None, None);
        check(Some(""), None, Some(ALL));
        check(None, Some(""), Some(ALL));
        check(None, Some("a\n"), Some(&format!("a\n\n{ALL}")));
        check(None, Some("a"), Some(&format!("a\n\n{ALL}")));
        check(None, Some("a\r\n"), Some(&format!("a\r\n\r\n{}", ALL.replace('\n', "\r\n"))));
        check(None, Some(ALL), Some(ALL));
    }

    #[test]
    fn what_is_said_already_is_not_said_again() {
        let title = ALL.lines().next().unwrap_or_default();
        let some = "*.snap.new\n/target\n*.bak\n";
        check(None, Some(some), Some(&format!("{some}\n{title}\n*.pending-snap\n.import-*\n")));
        check(Some(some), None, Some(&format!("{title}\n*.pending-snap\n.import-*\n/target/verify-live/\n")));
        check(Some(&ALL.replace("/target", "**/target")), None, None);
        // Somebody wants to commit these.
        let wanted = ALL.replace("*.json.bak", "!*.json.bak");
        check(None, Some(&wanted), Some(&wanted));
    }
}
