//! `graph-contracts review`

use std::io::Write as _;
use std::process::Command;

use crate::support::Workspace;

pub(crate) const DRIFT: &str = "verify-live --sandbox --allow-writes --sandbox-drift";
pub(crate) const LIVE: &str = "snapshots/live/sandbox/beta/create-deviceinstallstate.snap.new";
pub(crate) const SNAPSHOT: &str = "snapshots/v1.0/create-userinstallstatesummary.snap";

/// A folder in which the drift of the simulated tenant is pending: one snapshot for each of the five contracts.
pub(crate) fn with_drift() -> Workspace {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run(DRIFT);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.out.trim_end().ends_with("5 snapshots are pending. Accept or reject each:\n  graph-contracts review"),
        "{ran:?}"
    );
    workspace
}

/// Lets the contract of [`SNAPSHOT`] document another number of devices.
pub(crate) fn document_devices(workspace: &Workspace, from: u32, to: u32) {
    let contract = "contracts/v1.0/create-userinstallstatesummary.json";
    let value = |number: u32| format!("\"failedDeviceCount\": {number}");
    workspace.write(contract, workspace.read(contract).replace(&value(from), &value(to)));
}

/// A folder in which a test has found that another value is sent, and comes back, than was reviewed.
pub(crate) fn with_changed_value() -> Workspace {
    let workspace = Workspace::with_contracts();
    document_devices(&workspace, 1, 2);
    let text = workspace.read(SNAPSHOT).replace("\"failedDeviceCount\": 1", "\"failedDeviceCount\": 2");
    let text = text.replacen("source:", "assertion_line: 43\nsource:", 1);
    workspace.write(&format!("{SNAPSHOT}.new"), text);
    workspace
}

pub(crate) fn pending(workspace: &Workspace) -> Vec<String> {
    workspace.files().into_iter().filter(|file| file.ends_with(".snap.new")).collect()
}

pub(crate) fn document(workspace: &Workspace) -> serde_json::Value {
    serde_json::from_str(&workspace.read("out.json")).expect("JSON")
}

#[track_caller]
pub(crate) fn check_shown(text: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(text.contains(piece), "{piece:?} should be in {text}");
    }
}

#[test]
fn without_a_terminal_what_is_pending_is_listed_with_the_commands_that_decide() {
    let workspace = with_drift();
    let before = workspace.files();
    let ran = workspace.run("review --json out.json");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(
        &ran.out,
        &[
            "1/5  beta/create-deviceinstallstate  live, profile sandbox",
            "request-id ",
            "breaking  enumeration value not documented at $['installState']  001_db447d6de3041acf.txt:85",
            "      documented  \"installed\"\n             now  \"simulatedUnknownValue\"\n",
            "callers map the documented values only",
            "-   \"installState\": \"installed\",",
            "+   \"installState\": \"simulatedUnknownValue\",",
            "breaking  value of another type at $['successDeviceCount']",
            "breaking  another status  003_",
            "5 snapshots: 5 pending (5 breaking)",
            &format!("graph-contracts review --accept {LIVE}\n"),
            &format!("graph-contracts review --reject {LIVE}\n"),
            "graph-contracts review --patch --pages-root DIR",
        ],
    );
    let document = document(&workspace);
    assert_eq!((&document["pending"], &document["breaking"]), (&5.into(), &5.into()), "{document}");
    let first = &document["entries"][0];
    assert_eq!((&first["kind"], &first["profile"], &first["file"]), (&"live".into(), &"sandbox".into(), &LIVE.into()));
    assert_eq!((&first["changes"][0]["change"], &first["decision"]), (&"enum-value-added".into(), &"pending".into()));
    assert_eq!(first["changes"][0]["at"], "$['installState']");
    assert_eq!(first["changes"][0]["mismatch"], "enum", "the run's own word: {first}");
    let effect = (&first["changes"][0]["breaking"], &first["changes"][0]["effect"]);
    assert_eq!(effect, (&true.into(), &"breaking".into()));
    std::fs::remove_file(workspace.path("out.json")).expect("removed");
    assert_eq!(workspace.files(), before, "nothing is decided");
}

#[test]
fn one_is_accepted_by_its_file_and_the_others_are_rejected() {
    let workspace = with_drift();
    let ran = workspace.run(&format!("review --accept {LIVE}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let next = "Commit snapshots: the next live runs compare with it.\n";
    check_shown(&ran.out, &["  accepted  ", &format!("1 snapshot: 1 accepted\n{next}")]);
    assert!(!ran.out.contains("installState"), "what was decided is not shown again: {ran:?}");
    assert!(workspace.path("snapshots/live/sandbox/beta/create-deviceinstallstate.snap").exists());
    assert_eq!(pending(&workspace).len(), 4);
    let ran = workspace.run("review --reject --json out.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!((&document(&workspace)["rejected"], pending(&workspace).len()), (&4.into(), 0));
    check_shown(
        &ran.out,
        &[
            "The next live run reports again what is rejected and still differs.\n",
            "run `graph-contracts verify-live` again, and before you decide, fix it:  graph-contracts review --patch --pages-root DIR\n",
        ],
    );
    let ran = workspace.run("review");
    assert_eq!((ran.code, ran.out.as_str()), (0, "nothing is pending\n"));
    let ran = workspace.run(&format!("{DRIFT} deviceinstallstate"));
    assert!(ran.code == 0 && ran.out.contains("known since"), "what was accepted is known: {ran:?}");
    assert_eq!(workspace.run("replay").code, 0, "accepted drift belongs to its contracts");
}

#[test]
fn a_changed_sample_of_the_stub_is_cosmetic_and_accepted_without_its_line() {
    let workspace = with_changed_value();
    let ran = workspace.run("review");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(
        &ran.out,
        &[
            "1/1  v1.0/create-userinstallstatesummary  the stub",
            "        reviewed  1\n             now  2\n",
            "cosmetic  sample values changed at $['failedDeviceCount']  000_4fe8af0c44e28dd1.txt:77",
            "cosmetic  sample values changed at request $['failedDeviceCount']  000_4fe8af0c44e28dd1.txt:60",
            "-   \"failedDeviceCount\": 1,",
            "1 snapshot: 1 pending\n",
        ],
    );
    assert!(!ran.out.contains("--patch"), "only services drift: {}", ran.out);
    let pending = workspace.read(&format!("{SNAPSHOT}.new"));
    assert_eq!(workspace.run("review --accept").code, 0);
    let accepted = workspace.read(SNAPSHOT);
    assert_eq!(accepted, pending.replacen("assertion_line: 43\n", "", 1), "what insta writes");
    assert_eq!(workspace.run("replay").code, 0, "what was accepted is what is true");
}

#[test]
fn what_is_declared_is_reviewed_though_no_message_changes() {
    let workspace = Workspace::with_contracts();
    let now = workspace.read(SNAPSHOT);
    let check = |from: &str, to: &str, shown: &[&str]| {
        assert!(now.contains(from), "{from} should be in {now}");
        workspace.write(SNAPSHOT, now.replacen(from, to, 1));
        workspace.write(&format!("{SNAPSHOT}.new"), &now);
        let ran = workspace.run("review userinstallstate");
        assert_eq!(ran.code, 1, "{ran:?}");
        check_shown(&ran.out, shown);
        assert_eq!(workspace.run("review --accept").code, 0);
        assert_eq!(workspace.read(SNAPSHOT), now);
    };
    let grant = "          - - DeviceManagementApps.ReadWrite.All\n";
    check(
        grant,
        &format!("{grant}          - - DeviceManagementApps.Read.All\n"),
        &["breaking  permission no longer sufficient at DeviceManagementApps.Read.All for a work or school account"],
    );
    check(
        "failedDeviceCount: Edm.Int32",
        "failedDeviceCount: Edm.String",
        &["breaking  property retyped at microsoft.graph.userInstallStateSummary/failedDeviceCount", "Edm.String"],
    );
    // Nothing is said of it.
    let (head, rest) = now.split_once("info:\n").expect("what is declared");
    let before = format!("{head}---\n{}", rest.split_once("---\n").expect("a form").1);
    workspace.write(SNAPSHOT, &before);
    workspace.write(&format!("{SNAPSHOT}.new"), &now);
    check_shown(&workspace.run("review userinstallstate").out, &["nothing changed"]);
}

#[test]
fn a_contract_that_nobody_has_looked_at_is_new() {
    let workspace = with_changed_value();
    std::fs::remove_file(workspace.path(SNAPSHOT)).expect("removed");
    let ran = workspace.run("review userinstallstate");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(&ran.out, &["additive  new contract at v1.0/create-userinstallstatesummary", "no caller relies on it"]);
}

#[test]
fn before_the_first_replay_nothing_is_pending() {
    let workspace = Workspace::with_contracts();
    std::fs::remove_dir_all(workspace.path("snapshots")).expect("removed");
    for (configuration, folder, replay) in
        [("", "snapshots", "replay"), ("snapshots = 'own'\n", "own", "replay --snapshots own")]
    {
        workspace.write("graph-contracts.toml", configuration);
        let ran = workspace.run("review");
        let said = format!(
            "nothing is pending\nNothing was replayed yet: there is no {folder}. To do so:\n  graph-contracts {replay}\n"
        );
        assert_eq!((ran.code, ran.out), (0, said), "{}", ran.error);
        std::fs::create_dir(workspace.path(folder)).expect("made");
        let ran = workspace.run("review");
        assert_eq!((ran.code, ran.out.as_str()), (0, "nothing is pending\n"), "{}", ran.error);
        std::fs::remove_dir(workspace.path(folder)).expect("removed");
    }
    workspace.check_refused("review own", &["nothing that is pending is called own"]);
    workspace.check_refused("review --patch --pages-root .", &["own: there is no such folder"]);
}

#[test]
fn what_cannot_run_says_why() {
    let workspace = Workspace::with_contracts();
    workspace.check_refused("review --snapshots nowhere", &["nowhere: there is no such folder", "--snapshots"]);
    workspace.check_refused(
        "review nothing-like-it",
        &["nothing that is pending is called nothing-like-it; nothing is pending"],
    );
    let workspace = with_changed_value();
    let listed = format!("one of these files:\n  {SNAPSHOT}.new");
    workspace.check_refused("review nothing-like-it", &["nothing-like-it; name a contract, a profile or", &listed]);
    for path in [SNAPSHOT.to_owned(), format!("./{SNAPSHOT}.new"), workspace.path(SNAPSHOT).display().to_string()] {
        assert_eq!(workspace.run(&format!("review {path}")).code, 1, "{path}");
    }
    workspace.check_refused("review --accept --reject", &["cannot be used with"]);
    workspace.check_refused("review --patch", &["--pages-root"]);
    workspace.check_refused("review --patch --pages-root nowhere", &["nowhere: "]);
    workspace.check_refused("review --contracts nowhere", &["nowhere: cannot be read"]);
}

#[test]
fn a_hostile_file_is_shown_harmlessly_and_can_only_be_rejected() {
    let workspace = Workspace::with_contracts();
    let good = workspace.read(SNAPSHOT);
    workspace.write("snapshots/v1.0/a\u{1b}[31mb.snap.new", &good);
    workspace.write("snapshots/v1.0/none.snap.new", "---\n---\n---\n---\n");
    workspace.write(&format!("{SNAPSHOT}.new"), b"---\nsource: a\n---\nGET /\xff\n");
    workspace.write("snapshots/live/x.snap.new", "---\nextension: ../../../x/y\nsnapshot_kind: binary\n---\n");
    workspace.write(
        "snapshots/live/p\u{202e}/v1.0/create-userstatussummary.snap.new",
        good.replace("HTTP 201", "HTTP 201\u{1b}]0;x"),
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink(workspace.path("snapshots"), workspace.path("snapshots/v1.0/loop")).expect("linked");
    let files = pending(&workspace).into_iter().filter(|file| !file.contains("loop")).count();
    assert_eq!(files, 5);
    let ran = workspace.run("review --accept --json out.json");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{}", ran.out);
    check_shown(
        &ran.out,
        &[
            "there is no contract of that id",
            "line 4 is not UTF-8",
            "not a normal form",
            "line 2 is not part of insta's metadata",
            "5 snapshots: 5 pending",
        ],
    );
    let ran = workspace.run("review --reject");
    assert_eq!(ran.code, 0, "{ran:?}");
    check_shown(
        &ran.out,
        &["Fix their pages, and import them:  graph-contracts import\n", "graph-contracts import --overwrite\n"],
    );
    assert!(!workspace.path(&format!("{SNAPSHOT}.new")).exists() && workspace.read(SNAPSHOT) == good);
}

/// A folder with a page of which a service answers otherwise, live and pending.
pub(crate) fn with_drifting_page(page: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("docs/my api/lamp-post.md", page);
    assert_eq!(workspace.run("import docs").code, 0);
    let ran = workspace.run(DRIFT);
    assert!(ran.code == 1 && pending(&workspace).len() == 1, "{ran:?}");
    workspace
}

/// A page with one pair that creates something.
pub(crate) const PAGE: &str = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Example\n\n```http\n\
    POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{\n  \"name\": \"a\"\n}\n```\n\n```http\n\
    HTTP/1.1 201 Created\nContent-Type: application/json\n\n{\n  \"id\": \"7\",\n  \"name\": \"a\",\n  \"on\": true\n}\n```\n";

#[test]
fn drift_becomes_a_patch_of_the_page_that_git_and_patch_apply() {
    for page in [PAGE.to_owned(), PAGE.replace('\n', "\r\n")] {
        let workspace = with_drifting_page(&page);
        let ran = workspace.run("review --patch --pages-root docs --out fix.diff --json out.json");
        assert_eq!(ran.code, 0, "{ran:?}");
        check_shown(
            &ran.out,
            &[
                "   patched  my api/lamp-post.md",
                "1 drift: 1 patched in fix.diff",
                "patch -p1 --binary -d docs < fix.diff",
            ],
        );
        let diff = workspace.read("fix.diff");
        assert!(diff.starts_with("--- a/my api/lamp-post.md\t\n+++ b/my api/lamp-post.md\t\n@@ "), "{diff}");
        assert!(diff.contains("\n-  \"on\": true") && diff.contains("\n+  \"on\": \"On value\""), "{diff}");
        assert_eq!(workspace.read("docs/my api/lamp-post.md"), page, "nothing is applied by itself");
        assert_eq!(document(&workspace)["pages"][0]["contracts"][0], "v1.0/lamp-post");
        assert_eq!(workspace.run("review --patch --pages-root docs").out, diff, "to a pipe, as it is");
        assert_eq!(workspace.run("review --patch --pages docs").out, diff);
        workspace.write("graph-contracts.toml", "pages = ['docs']\n");
        check_shown(&workspace.run("review").out, &["fix it:  graph-contracts review --patch\n"]);
        assert_eq!(workspace.run("review --patch").out, diff, "the configuration names the pages");
        std::fs::remove_file(workspace.path("graph-contracts.toml")).expect("removed");
        for (program, arguments) in
            [("git", ["apply", "../fix.diff"].as_slice()), ("patch", &["-p1", "--binary", "-i", "../fix.diff"])]
        {
            let applied = Command::new(program).args(arguments).current_dir(workspace.path("docs")).output();
            // Where it is not installed, there is nothing to go on with.
            let Ok(applied) = applied else { continue };
            assert!(applied.status.success(), "{program}: {applied:?}");
            assert_eq!(
                workspace.read("docs/my api/lamp-post.md"),
                page.replacen("\"on\": true", "\"on\": \"On value\"", 1)
            );
            let ran = workspace.run("review --patch --pages-root docs");
            assert_eq!(ran.code, 1, "the contract is still the old one: {ran:?}");
            check_shown(&ran.error, &["no patch for ", "import the page again"]);
            workspace.write("docs/my api/lamp-post.md", &page);
        }
    }
}

#[test]
fn accepted_drift_is_patched_too_and_what_a_person_has_to_decide_is_said() {
    let workspace = with_drift();
    assert_eq!(workspace.run("review --accept").code, 0);
    std::fs::create_dir(workspace.path("docs")).expect("made");
    workspace.write("docs/000_4fe8af0c44e28dd1.txt", "# Something else\n");
    let ran = workspace.run("review --patch --pages-root docs userinstallstate userstatus");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(
        &ran.error,
        &[
            "v1.0/create-userinstallstatesummary.snap: 000_4fe8af0c44e28dd1.txt does not have this example",
            "v1.0/create-userstatussummary.snap: docs/002_3ba0beaaa3953874.txt: cannot be read",
        ],
    );
    assert_eq!(ran.out, "");
}

#[test]
fn a_contract_s_page_is_never_looked_for_elsewhere() {
    let workspace = with_drifting_page(PAGE);
    let contract = "contracts/v1.0/lamp-post.json";
    workspace.edit(contract, "\"page\": \"my api/lamp-post.md\"", "\"page\": \"../docs/my api/lamp-post.md\"");
    let ran = workspace.run("review --patch --pages-root docs");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(&ran.error, &["../docs/my api/lamp-post.md: no page of the folder"]);
}

/// Says what is not tried here, although the output of tests is captured.
pub(crate) fn skipped(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).expect("written");
}

#[test]
fn accepting_and_rejecting_leave_the_files_that_cargo_insta_leaves() {
    let version = Command::new("cargo").args(["insta", "--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        return skipped("cargo-insta is not installed, so there is nothing to compare with");
    }
    for operation in ["accept", "reject"] {
        let (ours, theirs) = (with_drift(), Workspace::new());
        let sample = ours.read(SNAPSHOT).replacen("source:", "assertion_line: 43\nsource:", 1);
        ours.write(SNAPSHOT, sample.replacen("HTTP 201", "HTTP 200", 1));
        ours.write(&format!("{SNAPSHOT}.new"), sample);
        let files = || ours.files().into_iter().filter(|file| file.starts_with("snapshots/"));
        files().for_each(|file| theirs.write(&file, ours.read(&file)));
        theirs.write("Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\n\n[workspace]\n");
        theirs.write("src/lib.rs", "");
        let cargo = Command::new("cargo").args(["insta", operation]).current_dir(theirs.path("")).output();
        let cargo = cargo.expect("cargo runs");
        assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
        assert_eq!(ours.run(&format!("review --{operation}")).code, 0);
        let left = theirs.files().into_iter().filter(|file| file.starts_with("snapshots/"));
        assert_eq!(left.collect::<Vec<_>>(), files().collect::<Vec<_>>());
        files().for_each(|file| assert_eq!(theirs.read(&file), ours.read(&file), "{file}"));
    }
}
