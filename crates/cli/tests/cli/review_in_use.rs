//! `graph-contracts review`: what is accepted is what is true now, and what is not in use any more goes.

use crate::review::{
    DRIFT, LIVE, PAGE, SNAPSHOT, check_shown, document, document_devices, pending, with_changed_value, with_drift,
    with_drifting_page,
};
use crate::support::Workspace;

/// Runs a command without drift.
const NO_DRIFT: &str = "verify-live --sandbox --allow-writes";

const ACCEPTED: &str = "snapshots/live/sandbox/beta/create-deviceinstallstate.snap";
const CONTRACT: &str = "contracts/beta/create-deviceinstallstate.json";

/// The accepted files of live runs.
fn accepted(workspace: &Workspace) -> Vec<String> {
    let is_accepted = |file: &String| file.starts_with("snapshots/live/") && file.ends_with(".snap");
    workspace.files().into_iter().filter(is_accepted).collect()
}

#[test]
fn what_the_contract_does_not_give_any_more_is_stale_and_cannot_be_accepted() {
    let workspace = with_changed_value();
    document_devices(&workspace, 2, 3);
    let ran = workspace.run("review --accept --json out.json");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(&ran.out, &["cannot be accepted: it is stale", "run `cargo test` again", "1 snapshot: 1 pending"]);
    assert_eq!(document(&workspace)["entries"][0]["stale"], true);
    assert_eq!(workspace.run("review --reject").code, 0);
    let workspace = with_drift();
    workspace.write(CONTRACT, workspace.read(CONTRACT).replace("Device Name value", "Another name"));
    let ran = workspace.run(&format!("review --accept {LIVE}"));
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(&ran.out, &["it is stale: the contract has changed since the live run", "verify-live"]);
    assert_eq!(workspace.run(&format!("{DRIFT} deviceinstallstate")).code, 1);
    assert_eq!(workspace.run(&format!("review --accept {LIVE}")).code, 0, "it is what the contract gives now");
}

#[test]
fn accepted_drift_is_known_although_the_page_shows_another_sample() {
    let workspace = with_drift();
    assert_eq!(workspace.run("review --accept").code, 0);
    workspace.write(CONTRACT, workspace.read(CONTRACT).replace("Device Name value", "Another name"));
    let ran = workspace.run(&format!("{DRIFT} deviceinstallstate"));
    assert!(ran.code == 0 && ran.out.contains("known since"), "{ran:?}");
    assert_eq!(pending(&workspace), [""; 0]);
}

#[test]
fn of_a_new_contract_the_whole_snapshot_is_shown_with_its_masks() {
    let workspace = with_changed_value();
    let text = workspace.read(&format!("{SNAPSHOT}.new"));
    std::fs::remove_file(workspace.path(SNAPSHOT)).expect("removed");
    let ran = workspace.run("review");
    let (_, form) = text.split_once("\n---\n").expect("metadata");
    for line in form.lines().filter(|line| !line.is_empty()) {
        assert!(ran.out.contains(&format!("+ {line}\n")), "{line} should be in {}", ran.out);
    }
    check_shown(&ran.out, &["+ content-length: [int?]", "nothing: this is all of the new snapshot"]);
}

#[test]
fn drift_that_is_over_is_removed_when_that_is_accepted() {
    let workspace = with_drift();
    assert_eq!(workspace.run("review --accept").code, 0);
    assert_eq!(accepted(&workspace).len(), 5);
    let ran = workspace.run(NO_DRIFT);
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(&ran.out, &["healed", "5 snapshots are pending"]);
    let ran = workspace.run("review");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(
        &ran.out,
        &[
            "as documented again: accepting removes",
            "  cosmetic  as documented again at $['installState']",
            "5 snapshots: 5 pending\n",
        ],
    );
    assert!(!ran.out.contains("breaking") && !ran.out.contains("--patch"), "what is over breaks nobody: {ran:?}");
    let ran = workspace.run(&format!("review --accept {LIVE}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    check_shown(&ran.out, &[&format!("   removed  {LIVE} and {ACCEPTED}\n")]);
    // What `cargo insta accept` leaves says that the drift is over, and goes too.
    let other = "snapshots/live/sandbox/v1.0/create-userstatussummary.snap";
    workspace.write(other, workspace.read(&format!("{other}.new")));
    std::fs::remove_file(workspace.path(&format!("{other}.new"))).expect("removed");
    let ran = workspace.run(&format!("{NO_DRIFT} userstatus"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = workspace.run("review --accept");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!((accepted(&workspace).len(), pending(&workspace).len()), (0, 0), "{ran:?}");
    assert_eq!(workspace.run(NO_DRIFT).code, 0);
}

#[test]
fn the_snapshots_of_a_renamed_contract_move_along_and_those_of_a_deleted_one_are_removed() {
    let workspace = with_drift();
    assert_eq!(workspace.run("review --accept").code, 0);
    let text = workspace.read(CONTRACT).replace("beta/create-deviceinstallstate", "beta/renamed-state");
    workspace.write("contracts/beta/renamed-state.json", text);
    std::fs::remove_file(workspace.path(CONTRACT)).expect("removed");
    std::fs::remove_file(workspace.path("contracts/v1.0/create-userstatussummary.json")).expect("removed");
    let before = workspace.files();
    let ran = workspace.run("review --reject");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(
        &ran.out,
        &[
            "renamed: accepting moves it to snapshots/beta/renamed-state.snap",
            "renamed: accepting moves it to snapshots/live/sandbox/beta/renamed-state.snap",
            "not in use any more: accepting removes it",
            "4 snapshots: 4 pending",
        ],
    );
    assert_eq!(workspace.files(), before, "nothing is moved or removed that was not accepted");
    let ran = workspace.run("review --accept");
    assert_eq!(ran.code, 0, "{ran:?}");
    check_shown(
        &ran.out,
        &[
            &format!("     moved  {ACCEPTED} to snapshots/live/sandbox/beta/renamed-state.snap"),
            "   removed  snapshots/v1.0/create-userstatussummary.snap",
            "   removed  snapshots/live/sandbox/v1.0/create-userstatussummary.snap",
        ],
    );
    assert_eq!(workspace.run("replay").code, 0);
    assert_eq!(workspace.run("review").out, "nothing is pending\n");
}

#[test]
fn what_is_pending_for_a_renamed_contract_takes_the_place_of_its_earlier_snapshot() {
    let workspace = Workspace::with_contracts();
    let (old, new) = ("snapshots/beta/create-deviceinstallstate.snap", "snapshots/beta/renamed-state.snap");
    let text = workspace.read(CONTRACT).replace("beta/create-deviceinstallstate", "beta/renamed-state");
    workspace.write("contracts/beta/renamed-state.json", text.replace("Device Name value", "Another name"));
    std::fs::remove_file(workspace.path(CONTRACT)).expect("removed");
    let snapshot = workspace.read(old);
    workspace.write(&format!("{new}.new"), snapshot.replace("Device Name value", "Another name"));
    let ran = workspace.run("review");
    check_shown(
        &ran.out,
        &[&format!("renamed: takes the place of {old}"), "sample values changed", "1 snapshot: 1 pending"],
    );
    let ran = workspace.run("review --accept");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!workspace.path(old).exists() && workspace.path(new).exists());
    assert_eq!(workspace.run("replay").code, 0);
}

#[test]
fn drift_by_route_is_shown_by_route() {
    let workspace = with_drift();
    let text = workspace.read(LIVE);
    let (head, form) = text.split_once("\n---\n").expect("metadata");
    let routes: Vec<&str> = form.lines().filter_map(|line| line.strip_prefix("route ")).collect();
    let content = format!("== {}\n{form}== {}\nas documented\n", routes[0], routes[1]);
    workspace.write(LIVE, format!("{head}\n---\n{content}"));
    let ran = workspace.run(&format!("review {LIVE}"));
    check_shown(&ran.out, &[&format!("enumeration value not documented at $['installState'] on {}", routes[0])]);
    assert!(!ran.out.contains(&format!("$['installState'] on {}", routes[1])), "{}", ran.out);
    let ran = workspace.run(&format!("review --accept {LIVE}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = workspace.run("review --patch --pages-root . deviceinstallstate");
    check_shown(&ran.error, &["the routes are answered in different ways"]);
}

#[test]
fn pending_snapshots_may_be_kept_elsewhere() {
    let workspace = Workspace::with_contracts();
    workspace.write("Cargo.toml", "[package]\nname = \"a\"\n");
    let run = |arguments: &str| {
        let mut command = workspace.command(arguments);
        let output = command.env("INSTA_PENDING_DIR", workspace.path("waiting")).output().expect("the command runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, out) = run(DRIFT);
    assert_eq!(code, Some(1), "{out}");
    let elsewhere = format!("waiting/{LIVE}");
    assert_eq!(pending(&workspace).len(), 5);
    assert!(workspace.path(&elsewhere).exists());
    assert_eq!(workspace.run("review").out, "nothing is pending\n", "nothing is beside the accepted ones");
    let (code, out) = run(&format!("review --accept {elsewhere}"));
    assert_eq!(code, Some(0), "{out}");
    assert!(workspace.path(ACCEPTED).exists() && !workspace.path(&elsewhere).exists());
    assert_eq!(run("review --accept").0, Some(0));
    assert_eq!((accepted(&workspace).len(), run(DRIFT).0), (5, Some(0)), "what was accepted is known");
    let outside = std::env::temp_dir();
    let mut command = workspace.command("review");
    command.env("INSTA_PENDING_DIR", "waiting").args(["--snapshots".as_ref(), outside.as_os_str()]);
    let output = command.output().expect("the command runs");
    check_shown(&String::from_utf8_lossy(&output.stderr), &["is outside of the workspace", "INSTA_WORKSPACE_ROOT"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn of_profiles_that_contradict_each_other_there_is_no_patch() {
    let workspace = with_drifting_page(PAGE);
    let own = "snapshots/live/sandbox/v1.0/lamp-post.snap.new";
    let other = own.replace("sandbox", "other");
    workspace.write(&other, workspace.read(own).replace("\"[string]\"", "\"[int]\""));
    let ran = workspace.run("review --patch --pages-root docs");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    check_shown(
        &ran.error,
        &[
            &format!("no patch for {own}: it contradicts {other}"),
            &format!("no patch for {other}: it contradicts {own}"),
        ],
    );
    workspace.write(&other, workspace.read(own));
    assert_eq!(workspace.run("review --patch --pages-root docs --out fix.diff").code, 0, "they agree");
}

#[test]
fn snapshots_of_other_contracts_are_never_removed() {
    let workspace = Workspace::with_contracts();
    workspace.write("docs/lamp-post.md", PAGE);
    assert_eq!(workspace.run("import docs --out others").code, 0);
    let before = workspace.files();
    let ran = workspace.run("review --contracts others --accept");
    assert_eq!(ran.code, 1, "{ran:?}");
    check_shown(&ran.out, &["not one snapshot of this folder belongs to these contracts", "5 snapshots: 5 pending"]);
    assert_eq!(workspace.files(), before);
}
