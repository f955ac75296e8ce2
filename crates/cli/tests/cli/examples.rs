//! The scripts in `examples/`, which a reader can run too.

use std::path::Path;
use std::process::Command;

use graph_contracts_testing::{outside_of_ci, project};
use serde_json::Value;

/// Runs a script with arguments, and the program under test on its path; what it printed.
fn run(script: &str, arguments: &[&Path], copies: Option<&str>) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_graph-contracts"));
    let path = std::env::var("PATH").unwrap_or_default();
    let beside = program.parent().expect("a folder").display();
    let mut command = Command::new("sh");
    command.arg(project(script)).arg(arguments[0]).args(copies).args(&arguments[1..]);
    command.env("PATH", format!("{beside}:{path}"));
    outside_of_ci(&mut command);
    let output = command.output().expect("a shell");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}\n{error}");
    out
}

#[test]
fn the_first_steps_are_printed_each_by_the_one_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = run("examples/first-steps.sh", &[&project("tests/pages"), &folder.path().join("repository")], None);
    let commands: Vec<&str> = out.lines().filter_map(|line| line.strip_prefix("$ graph-contracts ")).collect();
    // With the installation before them, eight.
    assert_eq!(
        commands,
        ["init", "import", "replay", "review --accept", "replay", "review --accept", "replay"],
        "{out}"
    );
    assert!(out.contains("another status") && out.contains("matched in"), "{out}");
}

#[test]
fn a_pull_request_is_told_its_new_defect_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = folder.path().join("repository");
    let out = run("examples/pull-request.sh", &[&project("tests/pages"), &repository], Some("100"));
    assert!(out.contains("2000 pages"), "{out}");
    let read = |name: &str| std::fs::read_to_string(repository.join(name)).expect(name);
    let results: Value = serde_json::from_str(&read("lint.json")).expect("JSON");
    let found = results["diagnostics"].as_array().expect("diagnostics");
    let shown: Vec<String> =
        found.iter().map(|own| format!("{} {}:{}", own["code"], own["page"], own["line"]).replace('"', "")).collect();
    assert_eq!(shown, ["reason-not-standard docs/set-1/get-label.md:33"], "{out}");
    let sarif: Value = serde_json::from_str(&read("lint.sarif")).expect("JSON");
    let result = &sarif["runs"][0]["results"];
    assert_eq!(result.as_array().map(Vec::len), Some(1), "{result}");
    let at = &result[0]["locations"][0]["physicalLocation"];
    assert_eq!(at["artifactLocation"]["uri"], "docs/set-1/get-label.md");
    assert_eq!(at["region"]["startLine"], 33);
    let summary = read("report/summary.md");
    assert!(summary.contains("reason-not-standard") && !summary.contains("open-locker"), "{summary}");
}
