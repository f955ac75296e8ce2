//! What all commands have in common on a terminal: colors, how much is said, results for programs, and completions of a shell

use crate::support::{PAGE, Workspace};

#[test]
fn colors_are_for_terminals_unless_somebody_says_otherwise() {
    let workspace = Workspace::with_contracts();
    let check = |arguments: &str, variable: &str, expected: bool| {
        let output = workspace.command(arguments).env(variable, "1").output().expect("the command runs");
        let out = String::from_utf8_lossy(&output.stdout);
        assert_eq!(out.contains('\u{1b}'), expected, "{arguments} {variable}: {out}");
    };
    check("replay", "UNUSED", false);
    check("replay --color always", "UNUSED", true);
    check("replay --color always", "NO_COLOR", true);
    check("--color never replay", "CLICOLOR_FORCE", false);
    check("replay", "CLICOLOR_FORCE", true);
    workspace.check_refused("replay --color sometimes", &["auto, always, never"]);
}

#[test]
fn shells_complete_commands_and_flags() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = workspace.run(&format!("completions {shell}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        for piece in ["graph-contracts", "verify-live", "partition"] {
            assert!(ran.out.contains(piece), "{shell}: {piece}");
        }
    }
}

#[test]
fn explanations_and_completions_are_for_programs_too() {
    let workspace = Workspace::new();
    let json = |arguments: &str| -> serde_json::Value {
        let ran = workspace.run(&format!("{arguments} --json -"));
        assert_eq!(ran.code, 0, "{ran:?}");
        serde_json::from_str(&ran.out).expect("JSON alone")
    };
    let page = json("explain replay");
    assert_eq!((&page["topic"], &page["title"]), (&"replay".into(), &"Replay and review".into()));
    assert_eq!(page["text"].as_str().map(|text| format!("{text}\n")), Some(workspace.run("explain replay").out));
    let topics = json("explain")["topics"].clone();
    let listed = topics.as_array().and_then(|all| all.iter().find(|own| own["topic"] == "todo-left"));
    assert_eq!(Some(&json("explain todo-left")["title"]), listed.map(|own| &own["title"]));
    let has = |topic: &str| topics.as_array().is_some_and(|all| all.iter().any(|own| own["topic"] == topic));
    assert!(has("replay") && has("init") && has("todo-left"), "{topics}");
    let script = json("completions bash");
    assert_eq!(script["shell"], "bash");
    assert_eq!(script["script"].as_str(), Some(workspace.run("completions bash").out.as_str()));
}

/// Pages with so many lamps.
fn lamps(workspace: &Workspace, number: usize) {
    for lamp in 0..number {
        workspace.write(&format!("pages/v1.0/api/lamp{lamp}-get.md"), PAGE.replace("lamps", &format!("lamps{lamp}")));
    }
}

#[test]
fn a_long_list_is_bounded_and_counted_and_all_shows_it() {
    let workspace = Workspace::new();
    lamps(&workspace, 60);
    let ran = workspace.run("import pages");
    assert!(ran.out.contains("  … and 10 more; --all shows them\n"), "{ran:?}");
    assert_eq!(workspace.run("import pages --check").code, 0);
    let check = |arguments: &str, cases: usize, piece: &str| {
        let ran = workspace.run(&format!("replay --snapshots none {arguments}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.out.lines().filter(|line| line.starts_with("   matched  ")).count(), cases, "{ran:?}");
        assert!(ran.out.contains(piece), "{arguments}: {ran:?}");
        ran
    };
    check("", 50, "… and 10 more; --verbose shows each\n");
    let ran = check("--verbose", 60, "60 matched in ");
    assert_eq!(ran.error, "note: there is no configuration: all flags have their own defaults\n");
    check("--all", 60, "60 matched in ");
    let ran = check("-q", 0, "60 matched in ");
    assert_eq!((ran.out.lines().count(), ran.error.as_str()), (1, ""), "{ran:?}");
    workspace.check_refused("replay -q --all", &["cannot be used with"]);
}

#[test]
fn a_quiet_command_prints_its_result_in_one_line() {
    let workspace = Workspace::with_contracts();
    lamps(&workspace, 2);
    for command in [
        "import pages --contracts imported",
        "lint pages",
        "replay",
        "prove userinstallstatesummary",
        "diff contracts contracts",
        "review",
        "verify-live --sandbox",
        "verify-live --sandbox --allow-writes",
        "verify-live --sandbox --allow-writes --sandbox-drift",
        "verify-live --sandbox --dry-run",
        "verify-live --sandbox --allow-writes --dry-run",
    ] {
        let ran = workspace.run(&format!("{command} -q"));
        assert_eq!((ran.out.lines().count(), ran.error.as_str()), (1, ""), "{command}: {ran:?}");
    }
}

#[test]
fn defects_are_counted_by_code_and_shown_by_code() {
    let workspace = Workspace::new();
    for page in 0..40 {
        let text = PAGE.replace("GET /lamps/{id}", &format!("GET /lamps{page}/{{id}}")).replace("\"7\"", "\"7\",,");
        workspace.write(&format!("pages/v1.0/api/lamp{page}.md"), text + "\nTODO: more\n");
    }
    let ran = workspace.run("lint pages");
    let (counts, snippets) = ran.out.split_once("\n\n").expect("counts, and then defects");
    assert!(counts.starts_with("warning  json-not-valid                          40\n"), "{ran:?}");
    let shown = |out: &str| out.matches("warning[json-not-valid]").count();
    assert!(snippets.contains("… and ") && snippets.contains(" more; --all shows them"), "{ran:?}");
    assert!(shown(snippets) > 0 && shown(snippets) < 40, "{ran:?}");
    assert_eq!(shown(&workspace.run("lint pages --all").out), 40);
    assert_eq!(workspace.run("lint pages -q").out.lines().count(), 1);
    let ran = workspace.run("import pages --contracts out");
    assert!(ran.out.starts_with("warning  json-not-valid                          40\n"), "{ran:?}");
}

#[test]
fn with_a_dash_standard_output_is_the_result_for_programs_alone() {
    let workspace = Workspace::with_contracts();
    lamps(&workspace, 2);
    workspace.write("pages/v1.0/api/todo.md", "# TODO\n");
    for command in [
        "import pages --contracts imported",
        "lint pages",
        "lint pages --fix --dry-run",
        "replay",
        "prove userinstallstatesummary",
        "diff contracts contracts",
        "review",
        "verify-live --sandbox",
        "verify-live --sandbox --dry-run",
        "verify-live --sandbox --learn",
        "init",
    ] {
        let ran = workspace.run(&format!("{command} --json -"));
        assert!(!ran.error.contains("error:"), "{command}: {ran:?}");
        let document = serde_json::from_str::<serde_json::Value>(&ran.out);
        assert!(document.is_ok_and(|document| document.is_object()), "{command}: {ran:?}");
        assert!(!ran.error.is_empty() || command.contains("dry-run"), "{command}: {ran:?}");
    }
}
