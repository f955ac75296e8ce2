//! The contract tests of a project as test runners see them: listed, selected and run, with what is printed.

use std::ffi::OsString;
use std::path::Path;

use graph_contracts::harness::{AssertSnapshot, Project, run_tests};
use graph_contracts::stub::Stub;
use graph_contracts_testing::{TestResult, project};
use tempfile::TempDir;

const SUMMARY: &str = "v1.0/create-userinstallstatesummary";
const STATUS: &str = "v1.0/create-userstatussummary";

/// insta takes the snapshot.
const ACCEPTS: AssertSnapshot = |_, _| {};

/// insta refuses the snapshot; its panics are not printed here.
const REFUSES: AssertSnapshot = |_, _| std::panic::resume_unwind(Box::new("refused"));

/// A copy of the project's contracts and snapshots.
struct Copy(TempDir);

impl Copy {
    fn new() -> Copy {
        let copy = Copy(tempfile::tempdir().expect("a folder"));
        for folder in ["contracts", "snapshots"] {
            for version in ["v1.0", "beta"] {
                let (from, to) = (project(folder).join(version), copy.path(folder).join(version));
                std::fs::create_dir_all(&to).expect("created");
                for file in std::fs::read_dir(from).expect("a folder") {
                    let file = file.expect("a file").path();
                    std::fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("copied");
                }
            }
        }
        copy
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn edit(&self, name: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.path(name)).expect("a file");
        assert!(text.contains(old), "{name} has no {old}");
        std::fs::write(self.path(name), text.replace(old, new)).expect("written");
    }

    /// More contracts like the first, without snapshots.
    fn add_contracts(&self, number: usize) {
        let text = std::fs::read_to_string(self.path(&format!("contracts/{SUMMARY}.json"))).expect("a contract");
        for index in 0..number {
            let id = format!("v1.0/copy-{index:03}");
            let file = self.path(&format!("contracts/{id}.json"));
            std::fs::write(file, text.replace(&format!("\"{SUMMARY}\""), &format!("\"{id}\""))).expect("written");
        }
    }

    fn run(&self, arguments: &str, assert: AssertSnapshot) -> (bool, String) {
        let arguments = std::iter::once("contracts").chain(arguments.split_whitespace()).map(OsString::from);
        let mut out = Vec::new();
        let at = Project::of_folders(self.path("contracts"), self.path("snapshots"));
        let passed = run_tests(&at, arguments, assert, Some(&mut out)).expect("tests that can be run");
        (passed, anstream::adapter::strip_str(&String::from_utf8_lossy(&out)).to_string())
    }
}

#[track_caller]
fn check_shown(out: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(out.contains(piece), "no {piece:?} in:\n{out}");
    }
}

#[test]
fn a_test_is_named_by_the_id_of_its_contract_and_nothing_else() {
    let copy = Copy::new();
    let (_, before) = copy.run("--list --format terse", ACCEPTS);
    assert_eq!(before.lines().count(), 8, "{before}");
    check_shown(&before, &[&format!("{SUMMARY}: test\n"), "every_contract_has_a_snapshot: test\n"]);
    copy.add_contracts(1);
    let (_, after) = copy.run("--list --format terse", ACCEPTS);
    let added: Vec<&str> = after.lines().filter(|line| !before.contains(line)).collect();
    assert_eq!((added, after.lines().count()), (vec!["v1.0/copy-000: test"], 9), "a new file renames no other test");
    assert_eq!(copy.run("--list --format terse --ignored", ACCEPTS), (true, String::new()));
}

#[test]
fn filters_select_by_id() {
    let copy = Copy::new();
    let (passed, out) = copy.run("create-user", ACCEPTS);
    assert!(passed, "{out}");
    check_shown(&out, &["running 3 tests\n", &format!("test {SUMMARY} ... ok\n"), "5 filtered out"]);
    check_shown(&copy.run("create-user --skip v1.0/", ACCEPTS).1, &["running 1 test\n", "test beta/create-userapp"]);
    std::fs::copy(
        copy.path("contracts/v1.0/create-userstatussummary.json"),
        copy.path(&format!("contracts/{STATUS}-2.json")),
    )
    .expect("copied");
    check_shown(&copy.run(STATUS, ACCEPTS).1, &["running 1 test\n"]);
}

#[test]
fn a_filter_that_selects_nothing_says_so_and_fails_nothing() {
    let (passed, out) = Copy::new().run("nothing-like-it", REFUSES);
    assert!(passed, "{out}");
    check_shown(&out, &["running 0 tests\nno contract's id contains nothing-like-it\n", "0 failed"]);
}

#[test]
fn a_contract_that_is_named_is_the_only_one_that_is_read() {
    let copy = Copy::new();
    std::fs::write(copy.path("contracts/v1.0/broken.json"), "{").expect("written");
    let (passed, out) = copy.run(&format!("{STATUS} --exact --nocapture"), ACCEPTS);
    assert!(passed, "{out}");
    check_shown(&out, &["running 1 test\n", "1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out"]);
}

#[test]
fn a_file_that_is_no_contract_is_one_test_that_fails() {
    let copy = Copy::new();
    std::fs::write(copy.path("contracts/v1.0/broken.json"), "{\n  \"id\": oops\n}\n").expect("written");
    std::fs::write(copy.path("contracts/v1.0/empty.json"), "{}").expect("written");
    let (passed, out) = copy.run("v1.0/", ACCEPTS);
    assert!(!passed, "{out}");
    check_shown(
        &out,
        &[
            "test v1.0/broken ... FAILED\n",
            "broken.json:2:9: not a contract: expected value; import the page again with --overwrite, or see `graph-contracts explain contract-format`\n",
            "empty.json:1:2: not a contract: missing field",
            "2 passed; 2 failed",
        ],
    );
    assert!(!out.contains("Invalid {"), "no form for debugging: {out}");
}

#[test]
fn contracts_without_a_snapshot_fail_with_one_line_each_and_one_summary() {
    let copy = Copy::new();
    copy.add_contracts(150);
    let (passed, out) = copy.run("", |name, _| {
        if name.starts_with("copy-") {
            REFUSES(name, "")
        }
    });
    assert!(!passed, "{out}");
    let (tests, others): (Vec<&str>, Vec<&str>) = out.lines().partition(|line| line.starts_with("test v1.0/copy-"));
    assert_eq!(tests.len(), 150);
    assert!(tests.iter().all(|line| line.ends_with(" ... FAILED, no reviewed snapshot")), "{tests:?}");
    assert!(others.len() < 40, "{}", others.join("\n"));
    check_shown(
        &out,
        &["150 contracts have no reviewed snapshot, and nothing was written", "150 contracts without", "145 more"],
    );
    for index in 0..150 {
        std::fs::write(copy.path(&format!("snapshots/v1.0/copy-{index:03}.snap.new")), "").expect("written");
    }
    let (_, out) = copy.run("copy-", REFUSES);
    let next = "150 contracts have no reviewed snapshot; their new ones are pending. Accept or reject:\n  graph-contracts review\n";
    check_shown(&out, &[next]);
}

#[test]
fn another_form_than_the_reviewed_one_is_shown_with_the_line_of_the_page_and_the_next_step() {
    let copy = Copy::new();
    copy.edit(&format!("contracts/{SUMMARY}.json"), "\"failedDeviceCount\": 1", "\"failedDeviceCount\": 2");
    let (passed, out) = copy.run(SUMMARY, REFUSES);
    assert!(!passed, "{out}");
    check_shown(
        &out,
        &[
            "value changed at $['failedDeviceCount']  000_4fe8af0c44e28dd1.txt:77",
            "reviewed  1",
            "-   \"failedDeviceCount\": 1,",
            "+   \"failedDeviceCount\": 2,",
            "graph-contracts review",
            "0 passed; 1 failed",
        ],
    );
    assert!(copy.run(SUMMARY, ACCEPTS).0, "insta was told to accept it");
}

#[test]
fn what_is_declared_is_reviewed_though_no_message_changes() {
    let check = |from: &str, to: &str, shown: &str| {
        let copy = Copy::new();
        copy.edit(&format!("contracts/{SUMMARY}.json"), from, to);
        let (passed, out) = copy.run(SUMMARY, REFUSES);
        assert!(!passed, "{out}");
        check_shown(&out, &["declaration changed at ", shown, "graph-contracts review"]);
        // A snapshot of earlier days does not say what was declared.
        let snapshot = copy.path(&format!("snapshots/{SUMMARY}.snap"));
        let text = std::fs::read_to_string(&snapshot).expect("a snapshot");
        let (head, rest) = text.split_once("info:\n").expect("what is declared");
        let (_, form) = rest.split_once("---\n").expect("the end of the metadata");
        std::fs::write(&snapshot, format!("{head}---\n{form}")).expect("written");
        let (_, out) = copy.run(SUMMARY, REFUSES);
        assert!(!out.contains("declaration changed"), "unknown is no change: {out}");
    };
    check("\"application\": \"not-supported\"", "\"application\": { \"one-of\": [[\"A.Read\"]] }", "A.Read");
    check(
        "\"name\": \"failedDeviceCount\", \"type\": \"Edm.Int32\"",
        "\"name\": \"failedDeviceCount\", \"type\": \"Edm.Double\"",
        "microsoft.graph.userInstallStateSummary/failedDeviceCount",
    );
}

#[test]
fn only_so_many_failures_are_shown_with_their_reasons() {
    let copy = Copy::new();
    for index in 0..50 {
        std::fs::write(copy.path(&format!("contracts/v1.0/broken-{index}.json")), "{").expect("written");
    }
    let (_, out) = copy.run("broken", ACCEPTS);
    assert_eq!(out.matches("not a contract").count(), 20, "{out}");
    check_shown(&out, &["… and 30 more tests; `graph-contracts replay` shows what broke by its causes"]);
}

#[test]
fn the_folders_are_tested_as_a_whole() {
    let copy = Copy::new();
    let moved = |name: &str| copy.path(&format!("snapshots/v1.0/{name}.snap"));
    std::fs::rename(moved("create-userstatussummary"), moved("gone")).expect("renamed");
    let (_, out) = copy.run("every_", ACCEPTS);
    check_shown(
        &out,
        &["1 snapshot without a contract:\n", "gone.snap\n", "1 contract without a reviewed snapshot:\n  v1.0/"],
    );
    assert!(Path::new(&moved("gone")).exists());
}

#[test]
fn a_server_of_ones_own_is_compared_by_rule() -> TestResult {
    let check = |served: &str, expected: &str| -> TestResult {
        let (own, other) = (Copy::new(), Copy::new());
        let file = other.path(&format!("contracts/{SUMMARY}.json"));
        let text = std::fs::read_to_string(&file)?;
        let (request, response) = text.split_once("\"response\": {\n").expect("a response");
        let response = response.replace("\"failedDeviceCount\": 1,", served);
        std::fs::write(&file, format!("{request}\"response\": {{\n{response}"))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let stub = runtime.block_on(Stub::start(&other.path("contracts")))?;
        let project = Project::of_folders(own.path("contracts"), own.path("nothing-reviewed")).base_url(stub.uri());
        let mut out = Vec::new();
        let arguments = ["contracts", SUMMARY].map(OsString::from);
        run_tests(&project, arguments, REFUSES, Some(&mut out))?;
        check_shown(&String::from_utf8_lossy(&out), &[expected]);
        Ok(())
    };
    check("\"failedDeviceCount\": 1, \"another\": null,", "1 passed; 0 failed")?;
    check("\"failedDeviceCount\": 7,", "value changed at $['failedDeviceCount']")?;
    check("\"failedDeviceCount\": \"many\",", "value of another type at $['failedDeviceCount']")?;
    check("", "member missing at $['failedDeviceCount']")
}

#[test]
fn a_server_that_tests_must_not_reach_is_refused() {
    let check = |url: &str, why: &str| {
        let copy = Copy::new();
        let project = Project::of_folders(copy.path("contracts"), copy.path("snapshots")).base_url(url);
        let arguments = ["contracts", SUMMARY].map(OsString::from);
        let error = run_tests(&project, arguments, ACCEPTS, Some(&mut Vec::new())).expect_err("nothing is sent");
        assert!(error.to_string().contains(why), "{error}");
    };
    check("https://graph.microsoft.com/v1.0", "verify-live");
    check("http://GRAPH.microsoft.com:80", "verify-live");
    check("https://localhost:4010", "plain HTTP only");
    check("localhost:4010", "plain HTTP only");
    check("", "not valid");
}
