//! Paths as GitHub wants them: relative to the root of the repository.

use std::io;
use std::path::{Component, Path, PathBuf};

use graph_contracts::file::repository_around;

/// A repository, for a command that runs in some folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    root: PathBuf,
    current: PathBuf,
}

impl Repository {
    /// The repository around a folder, for a command that runs in `current`; outside any repository, the folder in which it runs.
    ///
    /// # Errors
    ///
    /// When there is no such folder.
    pub fn around(folder: &Path, current: &Path) -> io::Result<Repository> {
        let current = current.canonicalize()?;
        let root = repository_around(&folder.canonicalize()?).unwrap_or_else(|| current.clone());
        Ok(Repository { root, current })
    }

    /// The root of the repository, or the folder in which the command runs.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a file in the repository, with `/` between its parts; `None` for a file that is elsewhere. The file's own path is
    /// absolute, or relative to the folder in which the command runs.
    pub fn path_of(&self, file: &Path) -> Option<String> {
        let file = normal(&self.current.join(file));
        // A path through a link may lead into the repository, too.
        let inside = match file.strip_prefix(&self.root) {
            Ok(inside) => inside.to_owned(),
            Err(_) => file.canonicalize().ok()?.strip_prefix(&self.root).ok()?.to_owned(),
        };
        let parts: Vec<&str> = inside.components().map(|part| part.as_os_str().to_str()).collect::<Option<_>>()?;
        (!parts.is_empty()).then(|| parts.join("/"))
    }
}

/// An absolute path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(normal.pop()),
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_to_the_root_of_the_repository_wherever_the_command_runs() -> io::Result<()> {
        let outer = tempfile::tempdir()?;
        let root = outer.path().canonicalize()?.join("repository");
        for folder in ["repository/.git", "repository/docs/api", "repository/tools/own", "elsewhere"] {
            std::fs::create_dir_all(outer.path().join(folder))?;
        }
        let absolute = root.join("docs/api/a.md").display().to_string();
        for (current, file, expected) in [
            ("repository", "docs/api/a.md", Some("docs/api/a.md")),
            ("repository", "./docs/./api/a.md", Some("docs/api/a.md")),
            ("repository", absolute.as_str(), Some("docs/api/a.md")),
            ("repository/tools/own", "../../docs/api/a.md", Some("docs/api/a.md")),
            ("repository/tools/own", "a.md", Some("tools/own/a.md")),
            ("repository", "../elsewhere/a.md", None),
            ("repository", "/nowhere/a.md", None),
            ("repository", "docs/..", None),
            ("elsewhere", "a.md", Some("a.md")),
            ("elsewhere", absolute.as_str(), None),
        ] {
            let current = outer.path().join(current);
            let repository = Repository::around(&current, &current)?;
            assert_eq!(repository.path_of(Path::new(file)).as_deref(), expected, "{file} in {}", current.display());
        }
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_into_the_repository_leads_into_it() -> io::Result<()> {
        let outer = tempfile::tempdir()?;
        std::fs::create_dir_all(outer.path().join("repository/.git"))?;
        std::fs::write(outer.path().join("repository/a.md"), "")?;
        std::os::unix::fs::symlink(outer.path().join("repository"), outer.path().join("link"))?;
        let link = outer.path().join("link");
        let repository = Repository::around(&link, &link)?;
        for file in [outer.path().join("link/a.md"), outer.path().join("repository/a.md")] {
            assert_eq!(repository.path_of(&file).as_deref(), Some("a.md"), "{}", file.display());
        }
        assert_eq!(repository.path_of(&outer.path().join("link/none.md")), None);
        Ok(())
    }
}
