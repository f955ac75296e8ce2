//! Which folder a test program is to test. It knows the one in which it was built, and its target folder may have been moved or copied since,
//! together with its project or without it: then it must not test the contracts of another project.

use std::path::{Path, PathBuf};

use crate::snapshot::{WORKSPACE_ROOT, folder_in};

/// What a process knows of where it runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    /// The package that Cargo or nextest runs tests of (`CARGO_MANIFEST_DIR`; Cargo sets it for programs that it runs, too).
    pub(super) package: Option<PathBuf>,
    /// The workspace that somebody has named for insta (`INSTA_WORKSPACE_ROOT`).
    pub(super) workspace: Option<PathBuf>,
    /// The program's own file.
    pub(super) program: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub(super) fn of_process() -> Surroundings {
        Surroundings {
            package: folder_in("CARGO_MANIFEST_DIR"),
            workspace: folder_in(WORKSPACE_ROOT),
            program: std::env::current_exe().ok(),
        }
    }

    /// The folder to test with a program that was built in the folder `built`.
    ///
    /// # Errors
    ///
    /// When the program is in another project than the one in which it was built, or that one is gone; the message says what to do.
    pub(super) fn folder(&self, built: &Path) -> Result<PathBuf, String> {
        let is_same = |one: &Path, other: &Path| matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other);
        // Whoever runs this program may itself be run by Cargo, for a package without contracts.
        let package = self.package.as_deref().filter(|package| has_contracts(package));
        if let Some(workspace) = &self.workspace {
            let own = package.filter(|package| package.starts_with(workspace));
            return own.map_or_else(|| within(workspace, built), |own| Ok(own.to_owned()));
        }
        if let Some(package) = package {
            return Ok(if is_same(package, built) { built } else { package }.to_owned());
        }
        let moved = self.project_around_target().filter(|around| {
            let (Ok(around), Ok(built)) = (around.canonicalize(), built.canonicalize()) else { return true };
            !built.starts_with(around)
        });
        match moved {
            Some(around) => Err(format!(
                "this program was built in {} and is in the target folder of {} now, so it is not clear what to test: \
                 run `cargo test` in the one that you mean, or name it in {WORKSPACE_ROOT}",
                built.display(),
                around.display()
            )),
            None if !built.is_dir() => Err(format!(
                "this program was built in {}, which is not there any more: build it again, or name the project in {WORKSPACE_ROOT}",
                built.display()
            )),
            None => Ok(built.to_owned()),
        }
    }

    /// The project in whose target folder the program is, as Cargo marks it (`CACHEDIR.TAG`).
    fn project_around_target(&self) -> Option<&Path> {
        let target = self.program.as_deref()?.ancestors().find(|above| above.join("CACHEDIR.TAG").is_file())?;
        target.parent().filter(|around| around.join("Cargo.toml").is_file())
    }
}

/// The folder within a workspace: the end of the path in which the program was built, as far as the workspace has it.
fn within(workspace: &Path, built: &Path) -> Result<PathBuf, String> {
    if built.starts_with(workspace) && built.is_dir() {
        return Ok(built.to_owned());
    }
    let parts: Vec<_> = built.components().filter(|part| matches!(part, std::path::Component::Normal(_))).collect();
    let ends = (0..=parts.len()).map(|from| workspace.join(parts[from..].iter().collect::<PathBuf>()));
    let is_package = |folder: &PathBuf| has_contracts(folder) || folder.join("Cargo.toml").is_file();
    ends.into_iter().find(is_package).ok_or_else(|| {
        format!("{WORKSPACE_ROOT} is {}, which has neither a package nor contracts", workspace.display())
    })
}

fn has_contracts(folder: &Path) -> bool {
    std::env::var_os("GRAPH_CONTRACTS_DIR").is_some() && folder.join("Cargo.toml").is_file()
        || folder.join("contracts").is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two copies of a project, each with a target folder, and a package without contracts.
    fn projects() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for file in [
            "a/Cargo.toml",
            "a/contracts/x",
            "a/target/CACHEDIR.TAG",
            "b/Cargo.toml",
            "b/contracts/x",
            "b/target/CACHEDIR.TAG",
            "w/Cargo.toml",
            "w/packages/a/contracts/x",
            "runner/Cargo.toml",
            "shared/CACHEDIR.TAG",
        ] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "").expect("written");
        }
        folder
    }

    /// What a program that was built in one folder tests: in what package, workspace and target folder it runs.
    #[track_caller]
    fn check(built: &str, (package, workspace, target): (&str, &str, &str), expected: Result<&str, &str>) {
        let folder = projects();
        let path = |name: &str| Some(folder.path().join(name)).filter(|_| !name.is_empty());
        let program = path(target).map(|target| target.join("debug/deps/contracts-1"));
        let around = Surroundings { package: path(package), workspace: path(workspace), program };
        let found = around.folder(&folder.path().join(built));
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, folder.path().join(expected)),
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{expected:?} should be in {found}"),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn a_program_tests_the_project_in_which_it_was_built() {
        check("a", ("a", "", "a/target"), Ok("a"));
        check("a", ("a", "", "shared"), Ok("a"));
        check("a", ("", "", "a/target"), Ok("a"));
        check("a", ("", "", "shared"), Ok("a"));
        check("a", ("runner", "", "a/target"), Ok("a"));
    }

    #[test]
    fn a_target_folder_that_was_moved_tests_the_project_that_it_is_run_for_or_none() {
        check("a", ("b", "", "b/target"), Ok("b"));
        check("gone", ("b", "", "b/target"), Ok("b"));
        check("a", ("", "", "b/target"), Err("is not clear what to test"));
        check("gone", ("", "", "b/target"), Err("is not clear what to test"));
        check("gone", ("", "", "shared"), Err("is not there any more"));
    }

    #[test]
    fn whoever_names_a_workspace_is_heard() {
        check("gone/packages/a", ("", "w", "shared"), Ok("w/packages/a"));
        check("w/packages/a", ("", "w", "shared"), Ok("w/packages/a"));
        check("a", ("a", "b", "a/target"), Ok("b"));
        check("a", ("a", "shared", "a/target"), Err("neither a package nor contracts"));
    }
}
