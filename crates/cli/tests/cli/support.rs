//! Runs the command line in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use graph_contracts_testing::{copy_folder, outside_of_ci};
use tempfile::TempDir;

/// A folder for one test, and the command line in it.
pub(crate) struct Workspace {
    folder: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

/// A page with one pair.
pub(crate) const PAGE: &str = "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{id}\n```\n\n## Example\n\n```http\n\
    GET https://graph.microsoft.com/v1.0/lamps/{id}\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
    {\n  \"id\": \"7\",\n  \"on\": true\n}\n```\n";

impl Workspace {
    /// An empty folder.
    pub(crate) fn new() -> Workspace {
        Workspace { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A folder with copies of the project's contracts and snapshots.
    pub(crate) fn with_contracts() -> Workspace {
        let workspace = Workspace::new();
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for folder in ["contracts", "snapshots"] {
            copy_folder(&project.join(folder), &workspace.path(folder));
        }
        workspace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, content).expect("the file is written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    /// Replaces the only occurrence of a piece of a file.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "{from} should occur once in {name}");
        self.write(name, text.replace(from, to));
    }

    /// All files, sorted, with `/` between the parts.
    pub(crate) fn files(&self) -> Vec<String> {
        fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    collect(&entry.path(), &format!("{name}/"), files);
                } else {
                    files.push(name);
                }
            }
        }
        let mut files = Vec::new();
        collect(self.folder.path(), "", &mut files);
        files.sort();
        files
    }

    /// Runs a command, its arguments separated by blanks.
    pub(crate) fn run(&self, arguments: &str) -> Ran {
        let output = self.command(arguments).output().expect("the command runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: output.status.code().expect("an exit code"), out: text(output.stdout), error: text(output.stderr) }
    }

    /// A command, its arguments separated by blanks.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_graph-contracts"));
        command.args(arguments.split_whitespace()).current_dir(self.folder.path());
        outside_of_ci(&mut command);
        command
    }

    /// Runs a command that cannot do its work: exit code 2, a message with these pieces, and nothing written.
    #[track_caller]
    pub(crate) fn check_refused(&self, arguments: &str, pieces: &[&str]) {
        let before = self.files();
        let ran = self.run(arguments);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error.starts_with("error: "), "{ran:?}");
        for piece in pieces {
            assert!(ran.error.contains(piece), "{piece:?} should be in {:?}", ran.error);
        }
        assert_eq!(self.files(), before, "nothing is written");
    }
}
