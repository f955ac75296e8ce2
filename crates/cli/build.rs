//! The version that `--version` says: with the commit, where the command line is built in its repository.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let commit = if is_own_repository() { git(&["log", "-1", "--format=%h %cs"]) } else { None };
    if commit.is_some()
        && let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"])
    {
        println!("cargo:rerun-if-changed={log}");
    }
    let shown = commit.map_or_else(|| version.clone(), |commit| format!("{version} ({commit})"));
    println!("cargo:rustc-env=GRAPH_CONTRACTS_VERSION={shown}");
}

/// Whether the repository around is this project's, and not one that has a copy of a published package in it.
fn is_own_repository() -> bool {
    let root = git(&["rev-parse", "--show-toplevel"]).and_then(|root| Path::new(&root).canonicalize().ok());
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().ok();
    root.is_some() && root == own
}

/// What git says; nothing without git, or outside of a repository.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}
