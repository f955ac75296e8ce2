//! The commands of the documentation, run: each block of commands in README.md and docs/ does what is shown, or says why it is not run.
//!
//! A block is fenced as `console`. What stands before it in comments of HTML is for this test: `<!-- not run: REASON -->`, and
//! `<!-- prepare: SHELL -->` for what a reader has done before. The commands of a page run in its order, in a folder that has this project's
//! contracts and snapshots, its test pages as `path/to/docs`, and the metadata of its tests.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test may stop")]

mod console;
mod shown;

use std::path::{Path, PathBuf};
use std::process::Command;

use graph_contracts_testing::{copy_folder, outside_of_ci};

use self::console::{Block, blocks};
use self::shown::difference;

/// What the folder has that a page's commands run in.
const PROJECT: [(&str, &str); 5] = [
    ("contracts", "contracts"),
    ("snapshots", "snapshots"),
    ("tests/pages", "path/to/docs"),
    ("tests/metadata", "metadata"),
    ("examples/client", "client"),
];

#[test]
fn every_command_of_the_documentation_does_what_is_shown() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages: Vec<PathBuf> = vec![project.join("README.md"), project.join("CONTRIBUTING.md")];
    for entry in std::fs::read_dir(project.join("docs")).expect("a folder").flatten() {
        pages.extend(Some(entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    pages.sort();
    let mut wrong = Vec::new();
    let mut ran = 0;
    std::thread::scope(|scope| {
        let project = &project;
        let each: Vec<_> = pages.iter().map(|page| scope.spawn(move || check_page(project, page))).collect();
        for (page, done) in pages.iter().zip(each) {
            let (commands, differences) = done.join().expect("a page is tried");
            ran += commands;
            let name = page.strip_prefix(project).unwrap_or(page).display();
            wrong.extend(differences.into_iter().map(|difference| format!("{name}:{difference}")));
        }
    });
    assert!(wrong.is_empty(), "{} of the documentation do not hold:\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(ran > 10, "only {ran} commands were run");
}

/// Runs the commands of a page; how many there were, and what differs, with the line.
fn check_page(project: &Path, page: &Path) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(page).expect("a page");
    let folder = tempfile::tempdir().expect("a folder");
    for (from, to) in PROJECT {
        copy_folder(&project.join(from), &folder.path().join(to));
    }
    let (mut ran, mut wrong) = (0, Vec::new());
    for block in blocks(&text) {
        let Block { line, not_run, prepare, steps } = block;
        if let Some(reason) = not_run {
            if reason.is_empty() {
                wrong.push(format!("{line}: it is not said why these commands are not run"));
            }
            continue;
        }
        for shell in prepare {
            let (code, output) = run(folder.path(), &shell);
            if code != Some(0) {
                wrong.push(format!("{line}: cannot be prepared: {shell}\n{output}"));
            }
        }
        for step in steps {
            if !step.command.starts_with("graph-contracts ") && !step.command.starts_with("cargo xtask ") {
                wrong.push(format!("{}: `{}` is neither run nor marked as not run", step.line, step.command));
                continue;
            }
            ran += 1;
            let (code, output) = run(folder.path(), &step.command.replacen("cargo xtask ", "graph-contracts ", 1));
            let refused = step.output.is_empty() && !matches!(code, Some(0 | 1));
            let refused = || refused.then(|| format!("prints\n{output}"));
            if let Some(differs) = difference(&step.output, &output).or_else(refused) {
                wrong.push(format!("{}: `{}` exits with {code:?}, and {differs}", step.line, step.command));
            }
        }
    }
    (ran, wrong)
}

/// Runs a command of a shell, in which `graph-contracts` is the program under test; its exit code, and all that it printed.
fn run(folder: &Path, command: &str) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_graph-contracts"));
    let beside = program.parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("{{ {command}\n}} 2>&1"))
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", beside.display()));
    outside_of_ci(&mut shell);
    let output = shell.output().expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}
