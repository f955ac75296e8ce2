//! `--report` of each command, as a user runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use graph_contracts_testing::copy_folder;
use tempfile::TempDir;

use crate::formats::{RESULTS, SARIF, is_valid};

/// What a command did.
struct Ran {
    code: i32,
    out: String,
    error: String,
}

/// The project's folder.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the command line in a folder.
fn xtask(folder: &Path, arguments: &[&str], variables: &[(&str, &Path)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_graph-contracts"));
    command.current_dir(folder).args(arguments);
    for name in ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().expect("a code"), out: text(output.stdout), error: text(output.stderr) }
}

/// Runs a command in a folder, with a report and with one that cannot be written; where the report is.
#[track_caller]
fn check(own: &Path, arguments: &[&str], code: i32) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report");
    let with = [arguments, &["--report", report.to_str().expect("UTF-8")]].concat();
    let ran = xtask(own, &with, &[]);
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.error);
    for name in ["report.html", "junit.xml", "results.json", "summary.md"] {
        assert!(std::fs::metadata(report.join(name)).is_ok_and(|file| file.len() > 0), "{name}");
    }
    let text = std::fs::read_to_string(report.join("results.json")).expect("results.json");
    is_valid(RESULTS, &serde_json::from_str(&text).expect("JSON"));
    if let Ok(text) = std::fs::read_to_string(report.join("results.sarif")) {
        is_valid(SARIF, &serde_json::from_str(&text).expect("JSON"));
    }
    // A file where the folder should be.
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let without = [arguments, &["--report", file.to_str().expect("UTF-8")]].concat();
    let ran = xtask(own, &without, &[]);
    // Whoever asked for a report has none: a run that is as expected could not do what it should, and one that is broken stays that.
    assert_eq!(ran.code, if code == 0 { 2 } else { code }, "{}", ran.error);
    assert!(!ran.out.is_empty(), "the result is said all the same");
    assert!(ran.error.contains("the report is not complete"), "{}", ran.error);
    folder
}

#[test]
fn a_replay_writes_its_reports() {
    check(&project(), &["replay"], 0);
}

#[test]
fn a_proof_writes_its_reports() {
    check(&project(), &["prove", "v1.0/create-userstatussummary"], 0);
}

#[test]
fn the_linter_writes_its_reports_and_says_where_in_the_repository() {
    let folder = check(&project(), &["lint", "tests/pages/dialects", "--deny", "warnings"], 1);
    let sarif = std::fs::read_to_string(folder.path().join("report/results.sarif")).expect("results.sarif");
    assert!(sarif.contains("\"uri\": \"tests/pages/dialects/"), "{sarif}");
}

#[test]
fn a_comparison_of_two_sets_writes_its_reports() {
    let own = tempfile::tempdir().expect("a folder");
    let contracts = project().join("contracts");
    copy_folder(&contracts, &own.path().join("new"));
    let changed = own.path().join("new/v1.0/create-userstatussummary.json");
    let text = std::fs::read_to_string(&changed).expect("a contract");
    std::fs::write(&changed, text.replacen("\"status\": 201", "\"status\": 202", 1)).expect("written");
    let old = contracts.to_str().expect("UTF-8");
    check(own.path(), &["diff", old, "new"], 0);
    let folder = check(own.path(), &["diff", old, "new", "--deny", "breaking"], 1);
    let report = |name: &str| std::fs::read_to_string(folder.path().join("report").join(name)).expect(name);
    let html = report("report.html");
    assert!(html.contains("1 breaking change"), "{html}");
    assert!(html.contains("status-changed"), "{html}");
    assert!(report("junit.xml").contains("failures=\"1\""));
    // The report of another run is made of the results alone.
    let again = ["report", "--merge", "report/results.json", "--report", "again"];
    let ran = xtask(folder.path(), &again, &[]);
    assert_eq!(ran.code, 1, "{}", ran.error);
    let again = std::fs::read_to_string(folder.path().join("again/report.html")).expect("report.html");
    assert!(again.contains("1 breaking change"), "{again}");
}

#[test]
fn a_check_against_metadata_writes_its_reports() {
    let folder = check(&project(), &["check-metadata", "--metadata", "tests/metadata/v1.0.csdl"], 1);
    let html = std::fs::read_to_string(folder.path().join("report/report.html")).expect("report.html");
    assert!(html.contains("0 of 5 contracts are confirmed"), "{html}");
    // The pages are not in the repository.
    assert!(!folder.path().join("report/results.sarif").exists());
}

#[test]
fn a_live_run_that_drifts_shows_both_sides_and_what_drifted_in_github() {
    // Pending snapshots and the ledger are where the command runs.
    let own = tempfile::tempdir().expect("a folder");
    let contracts = project().join("contracts");
    let run = ["verify-live", "--sandbox", "--allow-writes", "--sandbox-drift", "--contracts"];
    let arguments = [&run[..], &[contracts.to_str().expect("UTF-8")]].concat();
    let folder = check(own.path(), &arguments, 1);
    let report = folder.path().join("again");
    let summary = folder.path().join("summary");
    std::fs::write(&summary, "before\n").expect("written");
    let with = [&arguments[..], &["--report", report.to_str().expect("UTF-8")]].concat();
    let with = [&with[..], &["--history", folder.path().to_str().expect("UTF-8")]].concat();
    let variables = [("GITHUB_ACTIONS", Path::new("true")), ("GITHUB_STEP_SUMMARY", summary.as_path())];
    let ran = xtask(own.path(), &with, &variables);
    assert_eq!(ran.code, 1, "{}", ran.error);
    assert!(ran.out.contains("\n::error "), "{}", ran.out);
    let text = std::fs::read_to_string(&summary).expect("a summary");
    assert!(text.starts_with("before\n## ❌ 0 of 5 contracts hold"), "{text}");
    let html = std::fs::read_to_string(report.join("report.html")).expect("report.html");
    assert!(html.contains("<svg class=\"trend\""), "the earlier run is in the trend");
}

#[test]
fn what_cannot_be_written_does_not_keep_the_rest_from_being_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report");
    // Folders where files should be, for one of the report and for the summary of the job.
    std::fs::create_dir_all(report.join("junit.xml")).expect("a folder");
    let variables = [("GITHUB_ACTIONS", Path::new("true")), ("GITHUB_STEP_SUMMARY", folder.path())];
    let own = tempfile::tempdir().expect("a folder");
    let contracts = project().join("contracts");
    let run = ["verify-live", "--sandbox", "--allow-writes", "--sandbox-drift", "--contracts"];
    let report_is = ["--report", report.to_str().expect("UTF-8"), "--history", "nowhere"];
    let arguments = [&run[..], &[contracts.to_str().expect("UTF-8")], &report_is].concat();
    let ran = xtask(own.path(), &arguments, &variables);
    assert_eq!(ran.code, 1, "{}", ran.error);
    for problem in
        ["junit.xml: cannot be written", "the summary of the job cannot be written", "the history cannot be read"]
    {
        assert!(ran.error.contains(problem), "{problem}: {}", ran.error);
    }
    assert_eq!(ran.error.matches("the report is not complete").count(), 3, "{}", ran.error);
    for name in ["report.html", "results.json", "summary.md"] {
        assert!(report.join(name).is_file(), "{name}");
    }
    assert!(ran.out.contains("\n::error "), "{}", ran.out);
}

#[test]
fn pages_are_named_by_their_place_in_the_repository_wherever_the_command_runs() {
    let repository = tempfile::tempdir().expect("a folder");
    let own = repository.path().join("tools");
    let docs = repository.path().join("docs of ours");
    for folder in [&repository.path().join(".git"), &own, &docs] {
        std::fs::create_dir_all(folder).expect("a folder");
    }
    for page in
        std::fs::read_dir(project().join("contracts/v1.0")).expect("contracts").map(|entry| entry.expect("a file"))
    {
        let text = std::fs::read_to_string(page.path()).expect("a contract");
        let contract: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let name = contract["source"]["page"].as_str().expect("a page");
        std::fs::write(docs.join(name), "").expect("written");
    }
    let contracts = project().join("contracts");
    let run =
        ["verify-live", "v1.0/", "--sandbox", "--allow-writes", "--sandbox-drift", "--pages-root", "../docs of ours"];
    let arguments = [&run[..], &["--report", "report", "--contracts", contracts.to_str().expect("UTF-8")]].concat();
    let ran = xtask(&own, &arguments, &[("GITHUB_ACTIONS", Path::new("true"))]);
    assert_eq!(ran.code, 1, "{}", ran.error);
    assert!(ran.out.contains("\n::error file=docs of ours/"), "{}", ran.out);
    let sarif = std::fs::read_to_string(own.join("report/results.sarif")).expect("results.sarif");
    assert!(sarif.contains("\"uri\": \"docs%20of%20ours/"), "{sarif}");
}

#[test]
fn a_run_that_asks_nothing_has_no_report() {
    let own = tempfile::tempdir().expect("a folder");
    let contracts = project().join("contracts");
    let contracts = contracts.to_str().expect("UTF-8");
    let run = ["verify-live", "--sandbox", "--dry-run", "--report", "report", "--contracts", contracts];
    let ran = xtask(own.path(), &run, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.error.contains("cannot be used with '--report <DIR>'"), "{}", ran.error);
    assert!(!own.path().join("report").exists());
}
