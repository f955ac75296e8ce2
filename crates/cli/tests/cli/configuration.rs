//! `graph-contracts.toml`

use serde_json::Value;

use crate::support::{PAGE, Ran, Workspace};

/// A project with its configuration at the root, and pages below it.
fn project(configuration: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("project/.git/HEAD", "ref: refs/heads/main\n");
    workspace.write("project/graph-contracts.toml", configuration);
    workspace.write("project/docs/lamp-get.md", PAGE);
    workspace
}

/// Runs a command in a folder of the workspace.
fn run_in(workspace: &Workspace, folder: &str, arguments: &str) -> Ran {
    let mut command = workspace.command(arguments);
    let output = command.current_dir(workspace.path(folder)).output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().expect("an exit code"), out: text(output.stdout), error: text(output.stderr) }
}

#[test]
fn keys_stand_for_flags_from_every_folder_below() {
    let workspace = project("pages = ['docs']\ncontracts = 'made'\nsnapshots = 'reviewed'\n");
    let ran = run_in(&workspace, "project/docs", "import");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(workspace.path("project/made/v1.0/lamp-get.json").is_file(), "{:?}", workspace.files());
    let ran = run_in(&workspace, "project", "replay --snapshots none");
    assert_eq!(ran.code, 0, "the command line counts more: {ran:?}");
    let ran = run_in(&workspace, "project", "replay");
    assert_eq!(ran.code, 1, "there is no reviewed snapshot: {ran:?}");
    let ran = run_in(&workspace, "project", "import --config none");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error.contains("no pages: give their files or folders"), "{ran:?}");
}

#[test]
fn without_pages_the_line_that_names_them_is_said() {
    for (configuration, folder) in [("", "docs"), ("contracts = 'made'\n", "docs")] {
        let workspace = project(configuration);
        for (at, arguments) in [("project", "import"), ("project", "lint"), ("project/docs", "lint")] {
            let ran = run_in(&workspace, at, arguments);
            let said =
                format!("at the top of graph-contracts.toml, as `graph-contracts init` does: pages = [\"{folder}\"]\n");
            assert!(ran.code == 2 && ran.error.contains(&said), "{ran:?}");
        }
        // What is said is what helps.
        workspace.write("project/graph-contracts.toml", format!("pages = [\"{folder}\"]\n{configuration}"));
        assert_eq!(run_in(&workspace, "project", "import").code, 0);
    }
    let ran = Workspace::new().run("import");
    assert!(ran.code == 2 && ran.error.ends_with(": pages = [\"path/to/docs\"]\n"), "{ran:?}");
}

#[test]
fn a_table_stands_for_one_command() {
    let workspace = project("pages = ['docs']\n[replay]\nsnapshots = 'none'\n[lint]\ndeny = ['warnings']\n");
    for arguments in ["import", "replay"] {
        let ran = run_in(&workspace, "project", arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let ran = run_in(&workspace, "project", "replay --help");
    assert!(ran.out.contains("[default: none]"), "help says what is so here: {ran:?}");
}

#[test]
fn what_a_flag_needs_may_stand_in_the_file() {
    let workspace = project(
        "pages = ['docs']\nsnapshots = 'none'\npages-root = 'docs'\nreport = 'made'\n[verify-live]\nsandbox = true\n",
    );
    let check = |arguments: &str, code: i32, said: &str| {
        let ran = run_in(&workspace, "project", arguments);
        assert_eq!(ran.code, code, "{arguments}: {ran:?}");
        assert!(format!("{}{}", ran.out, ran.error).contains(said), "{arguments}: {said:?} is not in {ran:?}");
    };
    check("import", 0, "");
    // The first run has no history, and where a report is no matter, what is in the file stands in nobody's way.
    check("replay --history made", 0, "the report is made/report.html");
    check("replay --history nowhere", 2, "nowhere: the history cannot be read");
    check("verify-live --sandbox-drift --dry-run", 0, "GET");
    check("verify-live --dry-run --report made", 2, "cannot be used with '--report");
    check("replay --config none --contracts contracts --history made", 2, "--report <DIR>");
    check("verify-live --config none --sandbox-drift", 2, "--sandbox");
    check("lint docs --config none --ca-cert a.pem", 2, "--metadata");
    // It is the root of the pages of a patch, and asks for none.
    let reviewed = project("pages = ['docs']\npages-root = 'docs'\n");
    for (arguments, code, said) in [
        ("import", 0, ""),
        ("replay -q", 1, ""),
        ("review", 1, "1 snapshot: 1 pending"),
        ("review --patch", 0, "nothing to patch"),
        ("review --patch --config none", 2, "give the folder relative to which they were named with --pages-root"),
    ] {
        let ran = run_in(&reviewed, "project", arguments);
        assert_eq!(ran.code, code, "{arguments}: {ran:?}");
        assert!(format!("{}{}", ran.out, ran.error).contains(said), "{arguments}: {said:?} is not in {ran:?}");
    }
}

#[test]
fn another_file_can_be_named() {
    let workspace = project("pages = ['nowhere']\n");
    workspace.write("other/own.toml", "pages = ['../project/docs']\ncontracts = '../made'\n");
    let ran = run_in(&workspace, "project", "import --config ../other/own.toml");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(workspace.path("made/v1.0/lamp-get.json").is_file(), "{:?}", workspace.files());
    let ran = run_in(&workspace, "project", "import --config ../none.toml");
    assert_eq!((ran.code, ran.error.contains("../none.toml: there is no such file")), (2, true), "{ran:?}");
}

#[track_caller]
fn check_problem(configuration: &str, expected: &str) {
    let workspace = project(configuration);
    let ran = run_in(&workspace, "project", "replay");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error.starts_with("error: graph-contracts.toml:"), "{ran:?}");
    assert!(ran.error.contains(expected), "{expected} should be in {ran:?}");
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    check_problem("pages = [\n", ":1:10: ");
    check_problem("\ncontract = 'a'\n", ":2:1: no command has a key `contract`; did you mean `contracts`?");
    check_problem("[reply]\nsnapshots = 'a'\n", ":1:2: there is no command `reply`; did you mean `replay`?");
    check_problem("[serve]\nsnapshots = 'a'\n", ":2:1: `serve` does not have a key `snapshots`");
    check_problem(
        "[verify-live]\nallow-writes = true\n",
        ":2:1: --allow-writes is given on the command line each time",
    );
    check_problem("contracts = ['a', 'b']\n", ":1:13: `check-metadata`: `contracts` takes one value");
    check_problem(
        "contracts = 5\n",
        ":1:13: `check-metadata`: `contracts` is a path: a text in quotation marks is expected",
    );
    check_problem("[lint]\npages = ['a',\n 7]\n", ":3:2: `lint`: `pages` is a path");
    check_problem("[serve]\nport = 4010\nfault = ['429:5%', 'no']\n", ":3:20: `serve`: invalid value 'no'");
    check_problem("[serve]\nwatch = 'yes'\n", ":2:9: `serve`: `watch` is true or false");
    check_problem("[serve]\nport = 'http'\n", ":2:8: `serve`: invalid value 'http' for '--port <");
    check_problem("[serve]\nport = 1.5\n", ":2:8: `serve`: invalid value '1.5'");
    check_problem("[serve]\nport = { a = 1 }\n", ":2:10: `serve`: a text, a number");
}

#[test]
fn what_a_command_cannot_read_is_said_at_the_place_that_names_it() {
    let check = |configuration: &str, command: &str, expected: &str| {
        let ran = run_in(&project(configuration), "project", command);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error.starts_with(&format!("error: {expected}")), "{expected} should begin {ran:?}");
    };
    let own = "graph-contracts.toml";
    check("pages = ['docs', 'nowhere']\n", "lint", &format!("{own}:1:18: nowhere: cannot be read"));
    check("pages = ['docs', 'nowhere']\n", "import", &format!("{own}:1:18: nowhere: cannot be read"));
    check("contracts = 'nowhere'\n", "replay", &format!("{own}:1:13: nowhere: cannot be read"));
    check("[lint]\nsuppressions = 'a.toml'\n", "lint docs", &format!("{own}:2:16: a.toml: cannot be read"));
    check("metadata = ['v1.0=a.csdl']\n", "lint docs", &format!("{own}:1:13: a.csdl: cannot be read"));
    check("rules = 'a.toml'\n", "serve --contracts docs", &format!("{own}:1:9: a.toml: the rules for volatile values"));
    // What the command line names is not from the file.
    check("contracts = 'nowhere'\n", "replay --contracts other", "other: cannot be read");
}

#[test]
fn the_rules_may_be_elsewhere() {
    let workspace = project("pages = ['docs']\nrules = 'rules.toml'\nsnapshots = 'none'\n");
    let rule = |path: &str| format!("[[body]]\npath = \"{path}\"\nreason = \"r\"\n");
    workspace.write("project/rules.toml", rule("$.watts"));
    let ran = run_in(&workspace, "project", "import");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!workspace.path("project/contracts/volatile.toml").exists(), "{:?}", workspace.files());
    let ran = run_in(&workspace, "project", "replay");
    assert!(ran.out.contains("rules.toml:2: $.watts"), "the rule that selects nothing is named: {ran:?}");
    workspace.write("other.toml", rule("$."));
    let ran = run_in(&workspace, "project", "replay --rules ../other.toml");
    assert_eq!((ran.code, ran.error.contains("../other.toml:")), (2, true), "{ran:?}");
}

#[test]
fn a_profile_is_a_file_of_its_own() {
    let workspace = project("metadata = ['v1.0=nowhere.csdl']\nprofile = 'own.toml'\n");
    workspace.write("project/own.toml", "base_url = 'http://127.0.0.1:1'\nmetadata = false\n");
    workspace.write("project/contracts/v1.0/none", "");
    run_in(&workspace, "project", "import docs --config none");
    let ran = run_in(&workspace, "project", "verify-live --dry-run");
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn without_contracts_and_configuration_the_way_to_both_is_said() {
    let workspace = Workspace::new();
    for command in ["replay", "prove", "serve", "review", "check-metadata --metadata v1.0=a", "verify-live --sandbox"] {
        let ran = workspace.run(command);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error.contains("`graph-contracts init`"), "{command}: {ran:?}");
    }
    for command in ["import", "lint"] {
        let ran = workspace.run(command);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error.contains("`graph-contracts init`"), "{command}: {ran:?}");
    }
}

#[test]
fn the_schema_has_each_key() {
    let workspace = Workspace::new();
    let printed = workspace.run("init --schema").out;
    let documented = include_str!("../../../../docs/graph-contracts.schema.json");
    assert!(printed == documented, "write it again: `cargo xtask init --schema > docs/graph-contracts.schema.json`");
    let schema: Value = serde_json::from_str(&printed).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let check = |text: &str, expected: bool| {
        let value: Value = toml::from_str::<Value>(text).expect("TOML");
        assert_eq!(validator.is_valid(&value), expected, "{text}");
    };
    check("pages = ['docs']\ncontracts = 'contracts'\n[serve]\nport = 4010\nwatch = true\nmatch = 'strict'\n", true);
    check("page = 'docs'\n", false);
    check("[serve]\nsnapshots = 'a'\n", false);
    check("[serve]\nmatch = 'loose'\n", false);
}
