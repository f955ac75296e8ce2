//! The files that have changed: since a commit, as Git says, or those of a list.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

/// The files that differ from the commit at which this state and `reference` have parted: committed since then or not, and new ones that
/// Git does not ignore. A file that was renamed is a new one. `near` is a path in the repository. The paths have no links in their folders.
///
/// # Errors
///
/// When there is no Git, no repository, or no such commit.
pub(crate) fn changed_since(reference: &str, near: &Path) -> anyhow::Result<BTreeSet<PathBuf>> {
    let near = std::fs::canonicalize(near).with_context(|| format!("{}: cannot be read", near.display()))?;
    let folder = if near.is_dir() { near.as_path() } else { near.parent().unwrap_or(&near) };
    let flag = format!("--changed-since {reference}");
    let Some(top) = git(&flag, folder, &["rev-parse", "--show-toplevel"])? else {
        bail!("{flag}: {} is in no Git repository", folder.display());
    };
    let top = std::fs::canonicalize(path_of(trimmed(&top))).unwrap_or_else(|_| path_of(trimmed(&top)));
    let commit = format!("{reference}^{{commit}}");
    let Some(commit) = git(&flag, &top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])? else {
        bail!(
            "{flag}: Git knows no such commit here; fetch it first (`git fetch`; with actions/checkout, `fetch-depth: 0`)"
        );
    };
    let commit = String::from_utf8_lossy(trimmed(&commit)).into_owned();
    let Some(base) = git(&flag, &top, &["merge-base", &commit, "HEAD"])? else {
        bail!(
            "{flag}: it has no commit in common with HEAD; fetch the history (`git fetch --unshallow`; with \
             actions/checkout, `fetch-depth: 0`)"
        );
    };
    let base = String::from_utf8_lossy(trimmed(&base)).into_owned();
    let diff = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", &base, "--"];
    let new = ["ls-files", "--others", "--exclude-standard", "-z"];
    let mut changed = BTreeSet::new();
    for arguments in [&diff[..], &new[..]] {
        let Some(names) = git(&flag, &top, arguments)? else {
            bail!("{flag}: `git {}` fails in {}", arguments[0], top.display());
        };
        changed
            .extend(names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(|name| top.join(path_of(name))));
    }
    Ok(changed)
}

/// The commit from which branches of the repository around a folder begin, by a name that is known there: that of the remote's usual branch, or
/// else of a local one. Before the first commit, it is the branch that this will be on. `None` where there is no Git, or no repository.
pub(crate) fn base_of_branches(folder: &Path) -> Option<String> {
    let said = |arguments: &[&str]| {
        let output = git("", folder, arguments).ok().flatten()?;
        Some(String::from_utf8_lossy(trimmed(&output)).into_owned())
    };
    let usual = said(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
    let others = ["origin/main", "origin/master", "main", "master"].map(str::to_owned);
    let current = said(&["symbolic-ref", "--quiet", "--short", "HEAD"]);
    let is_known = |name: &String| {
        said(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")]).is_some()
    };
    usual.into_iter().chain(others).find(is_known).or(current)
}

/// The output of Git in a folder; `None` where it says that there is no answer.
fn git(flag: &str, folder: &Path, arguments: &[&str]) -> anyhow::Result<Option<Vec<u8>>> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).env("GIT_OPTIONAL_LOCKS", "0").output();
    match output {
        Ok(output) => Ok(output.status.success().then_some(output.stdout)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("{flag}: there is no `git` here; install it, or give the changed files as a list (`-`)")
        }
        Err(error) => Err(error).with_context(|| format!("{flag}: `git` cannot be run")),
    }
}

/// The paths of a list on standard input, as they are given: each ends with a NUL, or with a line end.
pub(crate) fn listed() -> anyhow::Result<Vec<PathBuf>> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).context("the list of files cannot be read from standard input")?;
    Ok(paths(&bytes))
}

fn paths(list: &[u8]) -> Vec<PathBuf> {
    let end = if list.contains(&0) { 0 } else { b'\n' };
    let names = list.split(|byte| *byte == end);
    let names = names.map(|name| if end == b'\n' { name.strip_suffix(b"\r").unwrap_or(name) } else { name });
    names.filter(|name| !name.is_empty()).map(path_of).collect()
}

/// Where a file is or was, without links in its folder.
pub(crate) fn place(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (std::fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

/// The line without its end.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(unix)]
fn path_of(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn path_of(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_path_before_each_nul_or_on_each_line() {
        let check = |list: &str, expected: &[&str]| {
            let expected: Vec<PathBuf> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(paths(list.as_bytes()), expected, "{list:?}");
        };
        check("", &[]);
        check("a.md\nb c.md\r\n\n", &["a.md", "b c.md"]);
        check("a.md\0b\nc.md\0", &["a.md", "b\nc.md"]);
    }
}
