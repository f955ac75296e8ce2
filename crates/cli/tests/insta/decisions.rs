//! What is accepted and rejected: by one tool, by the other, in part, and by both at once.

use crate::project::{DRIFT, NO_DRIFT, Project, STATE, SUMMARY, project};

/// Lets everything be pending that there is: a changed contract, a new one, and the drift of a live run.
fn with_pending(project: &Project) {
    project.remove("snapshots/beta/create-userappinstallstatus.snap");
    project.document_devices(1, 2);
    let ran = project.cargo("insta test");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let ran = project.xtask(DRIFT);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(project.pending().len(), 7, "{:?}", project.pending());
}

/// Nothing is left to decide, by either tool.
#[track_caller]
fn check_green(project: &Project) {
    for ran in [project.cargo("insta test --unreferenced=reject"), project.xtask("replay"), project.xtask(DRIFT)] {
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    assert_eq!(project.xtask("review").out, "nothing is pending\n");
}

#[test]
fn accepting_and_rejecting_all_leaves_the_same_files() {
    let Some(project) = project() else { return };
    with_pending(&project);
    let before = project.snapshots();
    for operation in ["reject", "accept"] {
        project.restore(&before);
        let ran = project.cargo(&format!("insta {operation}"));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let theirs = project.snapshots();
        project.restore(&before);
        let ran = project.xtask(&format!("review --{operation}"));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(project.snapshots(), theirs, "{operation}");
    }
    check_green(&project);
}

#[test]
fn one_of_them_is_decided_by_the_path_that_either_tool_prints() {
    let Some(project) = project() else { return };
    with_pending(&project);
    let before = project.snapshots();
    let printed = project.cargo("insta pending-snapshots").out;
    let live = format!("snapshots/live/sandbox/{STATE}.snap");
    for file in [live, format!("snapshots/{SUMMARY}.snap")] {
        assert!(printed.contains(&file), "{file} should be in {printed}");
        for operation in ["accept", "reject"] {
            project.restore(&before);
            let ran = project.cargo(&format!("insta {operation} --snapshot {file}"));
            assert_eq!(ran.code, Some(0), "{ran:?}");
            let theirs = project.snapshots();
            for path in [&file, &format!("{file}.new")] {
                project.restore(&before);
                let ran = project.xtask(&format!("review --{operation} {path}"));
                assert_eq!(ran.code, Some(0), "{ran:?}");
                assert_eq!(project.snapshots(), theirs, "{operation} {path}");
            }
        }
    }
    // What is left is decided by the other tool.
    project.restore(&before);
    assert_eq!(project.cargo(&format!("insta accept --snapshot snapshots/{SUMMARY}.snap")).code, Some(0));
    assert_eq!(project.xtask("review --accept").code, Some(0));
    check_green(&project);
    project.restore(&before);
    assert_eq!(project.xtask(&format!("review --accept {SUMMARY}")).code, Some(0));
    assert_eq!(project.cargo("insta accept").code, Some(0));
    check_green(&project);
}

#[test]
fn two_runs_at_once_lose_nothing() {
    let Some(project) = project() else { return };
    with_pending(&project);
    let before = project.snapshots();
    assert_eq!(project.xtask("review --accept").code, Some(0));
    let accepted = project.snapshots();
    let ours = env!("CARGO_BIN_EXE_graph-contracts");
    let both = [(ours, "review --accept"), (ours, "review --accept")];
    for programs in [both, [(ours, "review --accept"), ("cargo", "insta accept")]] {
        for _ in 0..3 {
            project.restore(&before);
            let running: Vec<_> = programs
                .iter()
                .map(|(program, arguments)| {
                    let mut command = project.command(program, arguments, &[]);
                    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn()
                })
                .collect();
            for child in running {
                // Whoever comes second may find a file gone, and says so.
                child.expect("it runs").wait().expect("it ends");
            }
            assert_eq!(project.snapshots(), accepted, "{programs:?}");
        }
    }
    check_green(&project);
}

#[test]
fn what_the_contract_does_not_give_any_more_is_not_accepted() {
    let Some(project) = project() else { return };
    with_pending(&project);
    project.document_devices(2, 3);
    let ran = project.xtask(&format!("review --accept snapshots/{SUMMARY}.snap.new"));
    assert!(ran.code == Some(1) && ran.out.contains("it is stale"), "{ran:?}");
    // Nor is it green if the other tool accepts it.
    assert_eq!(project.cargo(&format!("insta accept --snapshot snapshots/{SUMMARY}.snap")).code, Some(0));
    let ran = project.cargo("insta test");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(project.xtask(&format!("review --accept {SUMMARY}")).code, Some(1), "its live drift is stale, too");
    assert_eq!(project.xtask(DRIFT).code, Some(1));
    assert_eq!(project.xtask("review --accept").code, Some(0));
    check_green(&project);
}

#[test]
fn drift_that_is_over_goes_whichever_tool_accepts_that() {
    let Some(project) = project() else { return };
    assert_eq!(project.xtask(DRIFT).code, Some(1));
    assert_eq!(project.cargo("insta accept").code, Some(0));
    assert_eq!(project.xtask(NO_DRIFT).code, Some(1));
    assert_eq!(project.pending().len(), 5);
    let healed = project.snapshots();
    let clean = |project: &Project| {
        assert!(!project.snapshots().keys().any(|file| file.contains("/live/")), "{:?}", project.snapshots().keys());
        assert_eq!(project.xtask(NO_DRIFT).code, Some(0));
    };
    assert_eq!(project.xtask("review --accept").code, Some(0));
    clean(&project);
    project.restore(&healed);
    assert_eq!(project.cargo("insta accept").code, Some(0));
    assert_eq!(project.xtask(NO_DRIFT).code, Some(0), "it is accepted that nothing drifts");
    let accepted = project.snapshots();
    assert_eq!(project.xtask("review --accept").code, Some(0));
    clean(&project);
    project.restore(&accepted);
    assert_eq!(project.cargo("insta test --unreferenced=delete").code, Some(0));
    clean(&project);
}
