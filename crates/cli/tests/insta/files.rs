//! What cargo-insta does with the files, and what is left of them: written anew, deleted, kept elsewhere, moved.

use std::process::Command;

use graph_contracts_testing::copy_folder;

use crate::project::{DRIFT, Project, STATE, SUMMARY, project};

/// Lets the drift of a live run be accepted.
fn with_accepted_drift(project: &Project) {
    assert_eq!(project.xtask(DRIFT).code, Some(1));
    assert_eq!(project.xtask("review --accept").code, Some(0));
}

/// The drift is known since the day on which it was found.
#[track_caller]
fn check_known(project: &Project) {
    let ran = project.xtask(DRIFT);
    assert!(ran.code == Some(0) && ran.out.contains("known since"), "{ran:?}");
    assert_eq!(project.pending(), [""; 0]);
}

#[test]
fn files_that_are_written_anew_keep_what_they_say_of_a_drift() {
    let Some(project) = project() else { return };
    with_accepted_drift(&project);
    let file = format!("snapshots/live/sandbox/{STATE}.snap");
    let before = project.read(&file);
    let ran = project.cargo("insta test --force-update-snapshots");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let after = project.read(&file);
    assert!(after.contains("source: tests/contracts.rs"), "it is written anew: {after}");
    let said =
        |text: &str| text.lines().filter(|line| !line.starts_with("source:")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(said(&after), said(&before));
    check_known(&project);
    // A sample that changes in the contract is no other drift, also after that.
    let contract = format!("contracts/{STATE}.json");
    project.write(&contract, &project.read(&contract).replace("Device Name value", "Another name"));
    check_known(&project);
}

#[test]
fn a_full_match_is_no_reason_to_review_anything() {
    let Some(project) = project() else { return };
    with_accepted_drift(&project);
    let ran = project.cargo("insta test --require-full-match");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(project.pending(), [""; 0]);
}

#[test]
fn what_is_not_in_use_is_deleted_and_accepted_drift_is_kept() {
    let Some(project) = project() else { return };
    with_accepted_drift(&project);
    let before = project.snapshots();
    for file in ["snapshots/v1.0/gone.snap", "snapshots/live/sandbox/v1.0/gone.snap"] {
        project.write(file, &project.read(&format!("snapshots/{SUMMARY}.snap")));
    }
    for check in ["insta test", "insta test --unreferenced=reject"] {
        assert_eq!(project.cargo(check).code, Some(1), "{check}");
    }
    let ran = project.cargo("insta test --unreferenced=delete");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(project.snapshots(), before);
    check_known(&project);
}

#[test]
fn a_renamed_contract_takes_its_snapshots_along_whichever_tool_accepts_the_new_one() {
    let Some(project) = project() else { return };
    project.rename(SUMMARY, "v1.0/renamed");
    assert_eq!(project.cargo("insta test").code, Some(1));
    assert_eq!(project.pending(), ["snapshots/v1.0/renamed.snap.new"]);
    let before = project.snapshots();
    let check = |project: &Project| {
        let files = project.snapshots();
        assert!(!files.contains_key(&format!("snapshots/{SUMMARY}.snap")), "{:?}", files.keys());
        assert!(files.contains_key("snapshots/v1.0/renamed.snap"), "{:?}", files.keys());
        assert_eq!(project.cargo("insta test --unreferenced=reject").code, Some(0));
        assert_eq!(project.xtask("review").out, "nothing is pending\n");
    };
    assert_eq!(project.xtask("review --accept").code, Some(0));
    check(&project);
    project.restore(&before);
    assert_eq!(project.cargo("insta accept").code, Some(0));
    assert_eq!(project.xtask("review --accept").code, Some(0));
    check(&project);
}

#[test]
fn both_tools_look_where_pending_snapshots_are_kept() {
    let Some(project) = project() else { return };
    project.document_devices(1, 2);
    let folder = project.path("waiting").display().to_string();
    let elsewhere = [("INSTA_PENDING_DIR", folder.as_str())];
    assert_eq!(project.cargo_with("insta test", &elsewhere).code, Some(1));
    assert_eq!(project.xtask_with(DRIFT, &elsewhere).code, Some(1));
    assert_eq!(project.pending(), [""; 0]);
    let printed = project.cargo_with("insta pending-snapshots", &elsewhere).out;
    let shown = project.xtask_with("review", &elsewhere).out;
    for id in [format!("{SUMMARY}.snap"), format!("live/sandbox/{STATE}.snap")] {
        assert!(printed.contains(&id) && shown.contains(&id), "{id} should be in {printed} and {shown}");
    }
    let one = format!("snapshots/live/sandbox/{STATE}.snap");
    assert_eq!(project.cargo_with(&format!("insta accept --snapshot {one}"), &elsewhere).code, Some(0));
    let ran = project.xtask_with("review --accept", &elsewhere);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(
        project
            .cargo_with("insta pending-snapshots", &elsewhere)
            .out
            .lines()
            .filter(|line| line.contains(".snap"))
            .count(),
        0
    );
    assert_eq!(project.xtask_with(DRIFT, &elsewhere).code, Some(0));
    assert_eq!(project.cargo("insta test --unreferenced=reject").code, Some(0));
}

#[test]
fn a_program_that_was_moved_to_another_project_tests_that_one_or_none() {
    let Some(project) = project() else { return };
    let built = project.cargo("test --no-run");
    let (_, rest) = built.out.split_once("tests/contracts.rs (").expect("the program's path");
    let program = project.path(rest.split(')').next().expect("its end"));
    let other = tempfile::tempdir().expect("a folder");
    for folder in ["contracts", "snapshots"] {
        copy_folder(&project.path(folder), &other.path().join(folder));
    }
    std::fs::write(other.path().join("Cargo.toml"), "[package]\nname = \"other\"\n").expect("written");
    std::fs::remove_file(other.path().join(format!("contracts/{STATE}.json"))).expect("removed");
    let moved = other.path().join("target/debug/deps/contracts");
    std::fs::create_dir_all(moved.parent().expect("a folder")).expect("made");
    std::fs::write(other.path().join("target/CACHEDIR.TAG"), "").expect("written");
    std::fs::copy(&program, &moved).expect("copied");
    let run = |variables: &[(&str, &str)]| {
        let mut command: Command = project.command(moved.to_str().expect("a path"), "--list", variables);
        let output = command.current_dir(other.path()).output().expect("it runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (code, _, error) = run(&[]);
    assert!(code == Some(101) && error.contains("it is not clear what to test"), "{error}");
    let folder = other.path().display().to_string();
    // As Cargo runs it.
    for variable in ["CARGO_MANIFEST_DIR", "INSTA_WORKSPACE_ROOT"] {
        let (code, out, error) = run(&[(variable, &folder)]);
        assert_eq!(code, Some(0), "{error}");
        assert!(!out.contains(STATE) && out.contains(SUMMARY), "{variable}: {out}");
        assert!(error.contains("this program was built in "), "{error}");
    }
}
