//! `graph-contracts init`

use std::path::Path;

use serde_json::Value;

use crate::support::{PAGE, Workspace};

#[test]
fn a_folder_with_pages_is_set_up_and_each_command_names_the_next() {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", PAGE);
    let ran = workspace.run("init --json init.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    for piece in [
        "found 1 page with 1 pair of request and response in docs",
        "wrote graph-contracts.toml",
        "wrote contracts/volatile.toml",
        "  graph-contracts import\n  graph-contracts replay\n",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {ran:?}");
    }
    let json: Value = serde_json::from_str(&workspace.read("init.json")).expect("JSON");
    assert_eq!(json["found"]["pages"], serde_json::json!(["docs"]));
    assert_eq!(workspace.run("import").code, 0);
    assert_eq!(workspace.run("replay --snapshots none").code, 0);
    assert_eq!(workspace.run("lint").code, 0);
}

#[test]
fn run_twice_it_changes_nothing() {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", PAGE);
    workspace.run("init");
    let files = workspace.files();
    let text = workspace.read("graph-contracts.toml");
    workspace.write("docs/lamp-list.md", PAGE);
    workspace.write("graph-contracts.toml", format!("{text}# mine\n"));
    let ran = workspace.run("init");
    assert_eq!(ran.code, 0, "{ran:?}");
    for file in ["graph-contracts.toml", "contracts/volatile.toml"] {
        assert!(ran.out.contains(&format!("is there already, and stays as it is: {file}\n")), "{ran:?}");
    }
    assert_eq!(workspace.read("graph-contracts.toml"), format!("{text}# mine\n"));
    assert_eq!(workspace.files().len(), files.len() + 1);
}

#[test]
fn below_a_configuration_there_is_no_second_one() {
    let workspace = Workspace::new();
    workspace.write(".git/HEAD", "ref: refs/heads/main\n");
    workspace.write("docs/lamp-get.md", PAGE);
    workspace.run("init");
    let files = workspace.files();
    let output = workspace.command("init").current_dir(workspace.path("docs")).output().expect("the command runs");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(workspace.files(), files);
}

#[test]
fn what_a_rust_package_needs_is_said() {
    let workspace = Workspace::new();
    workspace.write("Cargo.toml", "[package]\nname = 'lamps'\n");
    let ran = workspace.run("init");
    assert!(ran.out.contains("found a Rust package: Cargo.toml"), "{ran:?}");
    assert!(ran.out.contains("harness = false") && ran.out.contains("graph_contracts::contract_tests("), "{ran:?}");
    // What is printed is what the page about it has, and can be had.
    let manifest = ran.out.split("in Cargo.toml:\n").nth(1).and_then(|rest| rest.split("\nand in").next());
    let manifest = manifest.unwrap_or_else(|| panic!("it is printed: {ran:?}"));
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rust.md")).expect("a page");
    let unindented = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
    let manifest = unindented(manifest);
    assert!(unindented(&page).contains(&manifest), "{manifest}");
    let table: toml::Table = manifest.parse().expect("TOML");
    assert!(table["dev-dependencies"]["graph-contracts"].get("path").is_some(), "{manifest}");
}

#[test]
fn a_configuration_without_the_pages_is_no_dead_end() {
    let workspace = Workspace::new();
    let ran = workspace.run("init");
    assert!(ran.out.contains("found no documentation pages: no file here has a request and its response\n"), "{ran:?}");
    workspace.write("docs/lamp-get.md", PAGE);
    let ran = workspace.run("init");
    assert_eq!(ran.code, 0, "{ran:?}");
    for piece in [
        "graph-contracts.toml does not say where the pages are; add: pages = [\"docs\"]",
        "  graph-contracts import docs\n",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {ran:?}");
    }
    assert_eq!(workspace.run("import docs").code, 0);
    workspace.write("graph-contracts.toml", "pages = [\"docs\"]\n");
    assert!(!workspace.run("init").out.contains("does not say"));
}

#[test]
fn version_control_ignores_what_is_left_for_review() {
    let workspace = Workspace::new();
    workspace.write(".git/HEAD", "ref: refs/heads/main\n");
    workspace.write("docs/lamp-get.md", PAGE);
    let ran = workspace.run("init --json init.json");
    assert!(ran.out.contains("\nwrote .gitignore\n"), "{ran:?}");
    let json: Value = serde_json::from_str(&workspace.read("init.json")).expect("JSON");
    assert_eq!(json["files"][2], serde_json::json!({ "file": ".gitignore", "written": true }));
    let text = workspace.read(".gitignore");
    assert!(text.contains("\n*.snap.new\n") && text.contains("\n*.json.bak\n"), "{text}");
    let ran = workspace.run("init");
    assert!(ran.out.contains("is there already, and stays as it is: .gitignore\n"), "{ran:?}");
    assert_eq!(workspace.read(".gitignore"), text);
    workspace.write(".gitignore", "mine\n*.snap.new\n");
    let ran = workspace.run("init");
    assert!(ran.out.contains("\nadded 4 lines to .gitignore\n"), "{ran:?}");
    assert!(workspace.read(".gitignore").starts_with("mine\n*.snap.new\n\n# "), "{}", workspace.read(".gitignore"));
}

#[cfg(unix)]
#[test]
fn a_link_to_pages_elsewhere_is_named_where_it_is_not_followed() {
    let (workspace, elsewhere) = (Workspace::new(), Workspace::new());
    elsewhere.write("api/lamp-get.md", PAGE);
    std::os::unix::fs::symlink(elsewhere.path(""), workspace.path("docs")).expect("linked");
    let ran = workspace.run("init");
    let note = "did not follow docs, a link to a folder with pages; if they are yours, add it to `pages`\n";
    assert!(ran.out.contains(note), "{ran:?}");
    let link = format!("{} is a link to a folder, which is not followed", workspace.path("docs").display());
    workspace.check_refused(&format!("import {}", workspace.path("").display()), &[&link]);
    assert_eq!(workspace.run("import docs").code, 0, "a link that is named is looked into");
}
