//! A project with contracts, snapshots and their tests, on which both tools work.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use graph_contracts_testing::{copy_folder, project as repository};
use tempfile::TempDir;

/// The version that the files are compared with.
const VERSION: &str = "cargo-insta 1.49.";

/// The commands of live runs against the simulated tenant.
pub(crate) const DRIFT: &str = "verify-live --sandbox --allow-writes --sandbox-drift";
pub(crate) const NO_DRIFT: &str = "verify-live --sandbox --allow-writes";

/// A contract whose samples tests change, and the one that they rename, drop or look at.
pub(crate) const SUMMARY: &str = "v1.0/create-userinstallstatesummary";
pub(crate) const STATE: &str = "beta/create-deviceinstallstate";

/// The project: built once, used by one test at a time.
pub(crate) struct Project(TempDir);

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
}

/// The project as it was at first; nothing where the tool is missing, which is said.
pub(crate) fn project() -> Option<MutexGuard<'static, Project>> {
    static PROJECT: LazyLock<Option<Mutex<Project>>> = LazyLock::new(|| Project::made().map(Mutex::new));
    let project = PROJECT.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
    project.reset();
    Some(project)
}

impl Project {
    fn made() -> Option<Project> {
        let version = Command::new("cargo").args(["insta", "--version"]).output();
        let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        if !version.starts_with(VERSION) {
            let found = if version.is_empty() { "not installed" } else { version.trim() };
            let why = format!("skipped: {VERSION}x is needed to compare with, and it is {found}\n");
            std::io::stderr().write_all(why.as_bytes()).expect("written");
            return None;
        }
        let made = Project(tempfile::tempdir().expect("a folder"));
        let manifest = std::fs::read_to_string(repository("Cargo.toml")).expect("a manifest");
        let profile: String = manifest
            .lines()
            .skip_while(|line| *line != "[profile.dev]")
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n");
        made.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"project\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[lib]\ndoctest = false\n\n\
                 [dev-dependencies]\ngraph-contracts = {{ path = {:?} }}\ninsta = \"1.49\"\n\n\
                 [[test]]\nname = \"contracts\"\nharness = false\n\n{profile}\n",
                repository("").display().to_string()
            ),
        );
        made.write("src/lib.rs", "");
        let test = std::fs::read_to_string(repository("tests/contracts.rs")).expect("a test file");
        made.write("tests/contracts.rs", &test);
        // The versions that are there already: nothing has to be fetched.
        std::fs::copy(repository("Cargo.lock"), made.path("Cargo.lock")).expect("copied");
        Some(made)
    }

    /// Contracts and snapshots as they are in the repository.
    fn reset(&self) {
        for folder in ["contracts", "snapshots", "waiting", "saved"] {
            if self.path(folder).exists() {
                std::fs::remove_dir_all(self.path(folder)).expect("removed");
            }
        }
        for folder in ["contracts", "snapshots"] {
            copy_folder(&repository(folder), &self.path(folder));
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).expect(name);
    }

    /// The snapshots with what is in them, pending and accepted.
    pub(crate) fn snapshots(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        collect(&self.path("snapshots"), "snapshots", &mut found);
        found
    }

    /// The paths of those that are pending.
    pub(crate) fn pending(&self) -> Vec<String> {
        self.snapshots().into_keys().filter(|file| file.ends_with(".snap.new")).collect()
    }

    /// Makes the snapshots what they were.
    pub(crate) fn restore(&self, snapshots: &BTreeMap<String, String>) {
        std::fs::remove_dir_all(self.path("snapshots")).expect("removed");
        snapshots.iter().for_each(|(file, text)| self.write(file, text));
    }

    /// Lets a contract document another number of devices.
    pub(crate) fn document_devices(&self, from: u32, to: u32) {
        let file = format!("contracts/{SUMMARY}.json");
        let value = |number: u32| format!("\"failedDeviceCount\": {number}");
        self.write(&file, &self.read(&file).replace(&value(from), &value(to)));
    }

    /// Gives a contract another id.
    pub(crate) fn rename(&self, from: &str, to: &str) {
        let file = |id: &str| format!("contracts/{id}.json");
        self.write(&file(to), &self.read(&file(from)).replace(&format!("\"{from}\""), &format!("\"{to}\"")));
        self.remove(&file(from));
    }

    /// Runs `cargo` with arguments that are separated by blanks.
    pub(crate) fn cargo(&self, arguments: &str) -> Ran {
        self.cargo_with(arguments, &[])
    }

    pub(crate) fn cargo_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Ran {
        ran(&self.command("cargo", arguments, variables).output().expect("cargo runs"))
    }

    /// Runs `graph-contracts` with arguments that are separated by blanks.
    pub(crate) fn xtask(&self, arguments: &str) -> Ran {
        self.xtask_with(arguments, &[])
    }

    pub(crate) fn xtask_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Ran {
        let program = env!("CARGO_BIN_EXE_graph-contracts");
        ran(&self.command(program, arguments, variables).output().expect("the command runs"))
    }

    pub(crate) fn command(&self, program: &str, arguments: &str, variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments.split_whitespace()).current_dir(self.0.path());
        // What CI sets would decide what insta writes, and what this test was run with is not what the project is built with.
        let own = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let is_own = |name: &String| {
            name.starts_with("INSTA_") || name.starts_with("CARGO_PKG") || name.starts_with("CARGO_MANIFEST")
        };
        own.filter(is_own).for_each(|name| {
            command.env_remove(name);
        });
        command.env_remove("CI").env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", target());
        command.envs(variables.iter().copied());
        command
    }
}

/// The target folder of the repository: what both need is built once.
fn target() -> PathBuf {
    // `target/debug/graph-contracts`
    Path::new(env!("CARGO_BIN_EXE_graph-contracts")).ancestors().nth(2).expect("a target folder").to_owned()
}

fn ran(output: &Output) -> Ran {
    let out = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ran { code: output.status.code(), out }
}

fn collect(folder: &Path, name: &str, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => collect(&entry.path(), &name, found),
            false => {
                found.insert(name, std::fs::read_to_string(entry.path()).expect("readable"));
            }
        }
    }
}
