//! What a cloned project has in place of files: links where commands write, and devices, pipes and files of `/proc` where they read.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::{PAGE, Workspace};

const PRECIOUS: &str = "precious";

/// A project with one page and its contract, and a file of the user's elsewhere.
struct Cloned {
    workspace: Workspace,
    elsewhere: Workspace,
}

impl Cloned {
    fn new() -> Cloned {
        let (workspace, elsewhere) = (Workspace::new(), Workspace::new());
        workspace.write("docs/lamp-get.md", PAGE);
        elsewhere.write("own", PRECIOUS);
        let ran = workspace.run("import docs");
        assert_eq!(ran.code, 0, "{ran:?}");
        Cloned { workspace, elsewhere }
    }

    /// Puts a link to the user's file, or to the folder that it is in, at a place of the project.
    fn link(&self, name: &str, to: &str) {
        let path = self.workspace.path(name);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).expect("removed");
        } else if path.exists() {
            std::fs::remove_file(&path).expect("removed");
        }
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        symlink(self.elsewhere.path(to), path).expect("linked");
    }

    /// Runs a command, which says that a place is a link, and leaves the user's folder as it is.
    #[track_caller]
    fn check_untouched(&self, arguments: &str, link: &str) {
        let ran = self.workspace.run(arguments);
        let said = format!("{link} is a link to ");
        assert!(ran.error.contains(&said) || ran.out.contains(&said), "{arguments}: {ran:?}");
        assert!(ran.error.contains("nothing is written through links") || ran.out.contains("nothing is written"));
        assert_eq!(self.elsewhere.files(), ["own"], "{arguments}");
        assert_eq!(self.elsewhere.read("own"), PRECIOUS, "{arguments}");
    }
}

#[test]
fn an_import_writes_through_no_link() {
    for (link, to) in [("contracts/schema.json", "own"), ("contracts/v1.0", ""), ("contracts", "")] {
        let cloned = Cloned::new();
        cloned.link(link, to);
        cloned.check_untouched("import docs", link);
    }
    let cloned = Cloned::new();
    cloned.link("contracts/v1.0/lamp-get.json", "own");
    cloned.check_untouched("import docs --overwrite", "contracts/v1.0/lamp-get.json");
    // A link to nothing cannot be read, which is said before.
    for link in ["contracts/volatile.toml", "contracts/v1.0/lamp-get.json"] {
        let cloned = Cloned::new();
        cloned.link(link, "none");
        assert_eq!(cloned.workspace.run("import docs").code, 2, "{link}");
        assert_eq!(cloned.elsewhere.files(), ["own"], "{link}");
    }
}

#[test]
fn results_are_written_through_no_link() {
    let cloned = Cloned::new();
    cloned.link("results.json", "own");
    cloned.check_untouched("replay --json results.json", "results.json");
    cloned.check_untouched("lint docs --sarif results.json", "results.json");
    for name in ["report.html", "junit.xml", "results.json", "summary.md"] {
        let cloned = Cloned::new();
        cloned.link(&format!("reports/{name}"), "own");
        cloned.check_untouched("replay --report reports", &format!("reports/{name}"));
    }
    cloned.link("reports", "");
    cloned.check_untouched("replay --report reports", "reports");
    cloned.check_untouched("replay --report reports/below", "reports");
}

#[test]
fn pending_snapshots_and_patches_are_written_through_no_link() {
    for link in ["snapshots", "snapshots/live", "snapshots/live/sandbox", "snapshots/live/sandbox/v1.0"] {
        let cloned = Cloned::new();
        cloned.link(link, "");
        cloned.check_untouched("verify-live --sandbox --sandbox-drift", link);
    }
}

#[test]
fn only_regular_files_are_read() {
    let pipe = |workspace: &Workspace, name: &str| {
        let path = workspace.path(name);
        if path.exists() {
            std::fs::remove_file(&path).expect("removed");
        }
        let made = Command::new("mkfifo").arg(path).status().expect("mkfifo runs");
        assert!(made.success());
    };
    let project = || Cloned::new().workspace;
    let check = |name: &str, arguments: &str| {
        let workspace = project();
        pipe(&workspace, name);
        let ran = workspace.run(arguments);
        assert_eq!(ran.code, 2, "{arguments}: {ran:?}");
        assert!(ran.error.contains("it is a pipe, and only regular files are read"), "{arguments}: {ran:?}");
    };
    check("docs/lamp.md", "import docs");
    check("docs/lamp.md", "lint docs/lamp.md");
    check("contracts/v1.0/lamp-get.json", "replay");
    check("contracts/v1.0/lamp-get.json", "import docs");
    check("contracts/volatile.toml", "replay");
    check("suppressions.toml", "lint docs --suppressions suppressions.toml");
    check("profile.toml", "verify-live --profile profile.toml --dry-run");
    check("metadata.csdl", "check-metadata --metadata v1.0=metadata.csdl");
    check("contracts/v1.0/lamp-get.json", "diff contracts contracts");
    if Path::new("/proc/self/environ").exists() {
        let workspace = project();
        symlink("/proc/self/environ", workspace.path("docs/other-get.md")).expect("linked");
        workspace.check_refused("import docs", &["other-get.md", "a file that the system makes when it is read"]);
    }
}
