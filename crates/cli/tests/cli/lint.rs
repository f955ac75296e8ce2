//! `graph-contracts lint`

use crate::support::{PAGE, Workspace};

/// A page with a TODO on line 3 and a trailing comma.
fn with_defects() -> Workspace {
    let workspace = Workspace::new();
    let page = PAGE.replace("# Get lamp\n", "# Get lamp\n\nTODO: more\n").replace("true\n}", "true,\n}");
    workspace.write("docs/v1.0/api/lamp-get.md", page);
    workspace
}

#[test]
fn defects_are_shown_with_line_caret_and_help() {
    let ran = with_defects().run("lint docs");
    assert_eq!(ran.code, 0, "warnings alone are not failure: {ran:?}");
    for piece in [
        "warning[todo-left]: a TODO was left in the page",
        "--> v1.0/api/lamp-get.md:3:1",
        "3 | TODO: more",
        "  | ^^^^^",
        "help: replace the TODO with what it stands for",
        "json-trailing-comma                      1",
        "1 page: 3 defects in",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'), "a pipe gets no colors");
}

#[test]
fn denied_codes_and_errors_fail() {
    let workspace = with_defects();
    assert_eq!(workspace.run("lint docs --deny todo-left").code, 1);
    assert_eq!(workspace.run("lint docs --deny warnings").code, 1);
    assert_eq!(workspace.run("lint docs --deny no-body").code, 0);
    workspace.check_refused(
        "lint docs --deny no-such-code",
        &["--deny no-such-code", "`graph-contracts explain diagnostics` lists them"],
    );
    for denied in ["warning", "wanrings", "Warnings"] {
        workspace.check_refused(&format!("lint docs --deny {denied}"), &["; did you mean `warnings`?"]);
    }
    workspace.check_refused("lint docs --only warnings", &["there is no such code"]);
    workspace.write("graph-contracts.toml", "[lint]\ndeny = ['warning']\n");
    workspace.check_refused("lint docs", &["graph-contracts.toml:2:9: ", "; did you mean `warnings`?"]);
    std::fs::remove_file(workspace.path("graph-contracts.toml")).expect("removed");
    workspace.write("docs/v1.0/api/orphan.md", "```http\nHTTP/1.1 200 OK\n```\n");
    assert_eq!(workspace.run("lint docs").code, 1, "what cannot become a contract is an error");
}

#[test]
fn accepted_defects_are_not_shown_and_unused_entries_are() {
    let workspace = with_defects();
    let entry =
        |code: &str, page: &str| format!("[[suppress]]\ncode = \"{code}\"\npage = \"{page}\"\nreason = \"known\"\n");
    workspace.write("lint.toml", entry("todo-left", "v1.0/api/lamp-get.md") + &entry("no-body", "*"));
    let ran = workspace.run("lint docs --deny todo-left --suppressions lint.toml");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("1 page: 2 defects, 1 suppressed"), "{ran:?}");
    assert!(ran.out.contains("suppresses nothing: lint.toml:5: no-body on *"), "{ran:?}");
    workspace.write("lint.toml", "[[suppress]]\ncode = 1\n");
    workspace.check_refused("lint docs --suppressions lint.toml", &["lint.toml:"]);
}

#[test]
fn levels_decide_by_code_and_page_and_what_is_off_is_counted() {
    let workspace = with_defects();
    workspace.write("docs/beta/api/lamp-get.md", PAGE.replace("# Get lamp\n", "# Get lamp\n\nTODO: more\n"));
    let check = |command: &str, code: i32, summary: &str| {
        let ran = workspace.run(command);
        assert_eq!((ran.code, ran.out.contains(summary)), (code, true), "{command}: {ran:?}");
        ran
    };
    check("lint docs --only todo-left", 0, "2 pages: 2 defects in");
    check("lint docs --only todo-left --levels todo-left=error", 1, "2 pages: 2 defects in");
    check("lint docs --only todo-left --levels todo-left=off --deny todo-left", 0, "2 pages: 0 defects, 2 off in");
    check("lint docs --only todo-left --levels todo-left@beta/**=off", 0, "2 pages: 1 defect, 1 off in");
    check("lint docs --only todo-left --levels todo-left=note --deny warnings", 0, "2 defects in");
    check("lint docs --only todo-left --levels todo-left=note --deny todo-left", 1, "2 defects in");
    workspace.check_refused("lint docs --levels todo=off", &["--levels", "there is no code `todo`"]);
    let levels = "[[lint.levels]]\ntodo-left = 'error'\n\n[[lint.levels]]\npages = 'beta/**'\n'*' = 'note'\n";
    workspace.write("graph-contracts.toml", levels);
    let command = "lint docs --only todo-left --sarif a.sarif --json a.json --report r";
    let ran = check(command, 1, "2 defects in");
    assert!(ran.out.contains("note[todo-left]") && ran.out.contains("error[todo-left]"), "{ran:?}");
    let json: serde_json::Value = serde_json::from_str(&workspace.read("a.json")).expect("JSON");
    let severities: Vec<_> = json["diagnostics"].as_array().into_iter().flatten().map(|own| &own["severity"]).collect();
    assert_eq!(severities, ["note", "error"]);
    let sarif: serde_json::Value = serde_json::from_str(&workspace.read("a.sarif")).expect("JSON");
    let levels: Vec<_> =
        sarif["runs"][0]["results"].as_array().into_iter().flatten().map(|own| &own["level"]).collect();
    assert_eq!(levels, ["note", "error"]);
    workspace.write("graph-contracts.toml", "[lint]\ndeny = { a = 1 }\n");
    workspace.check_refused("lint docs", &["graph-contracts.toml:2:10", "a text, a number"]);
}

#[test]
fn what_is_off_stays_in_the_baseline() {
    let workspace = with_defects();
    workspace.run("lint docs --baseline b.json --update-baseline");
    let ran = workspace.run("lint docs --baseline b.json --update-baseline --levels todo-left=off");
    assert!(ran.out.contains("1 page: 0 defects, 1 off, 2 known in"), "{ran:?}");
    assert!(workspace.run("lint docs --baseline b.json").out.contains("1 page: 0 defects, 3 known in"));
}

#[test]
fn with_a_baseline_only_new_defects_are_reported() {
    let workspace = with_defects();
    workspace.write("docs/v1.0/api/lamp-list.md", PAGE.replace("# Get lamp\n", "# List lamps\n\nTODO: all\n"));
    let ran = workspace.run("lint docs --deny warnings --baseline b.json");
    assert_eq!((ran.code, ran.out.contains("There is no b.json yet")), (1, true), "{ran:?}");
    let next = "\n  graph-contracts lint docs --deny warnings --baseline b.json --update-baseline\n";
    assert!(ran.out.contains(next), "{ran:?}");
    let ran = workspace.run("lint docs --deny warnings --baseline b.json --update-baseline");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.contains("2 pages: 0 defects, 5 known")
            && ran.out.contains("5 defects are known from now on, in b.json"),
        "{ran:?}"
    );
    let next = "\n  graph-contracts lint docs --deny warnings --baseline b.json\n";
    assert!(ran.out.contains(next), "{ran:?}");
    let ran = workspace.run("lint docs --deny warnings --baseline b.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    // Lines move, one defect goes, and another comes.
    workspace.edit("docs/v1.0/api/lamp-get.md", "# Get lamp\n\nTODO: more\n", "# Get lamp\n\nMore.\n\nText.\n");
    workspace.edit("docs/v1.0/api/lamp-list.md", "## Example\n", "TODO: an example\n\n## Example\n");
    let ran = workspace.run("lint docs --deny warnings --baseline b.json --json lint.json");
    assert_eq!(ran.code, 1, "{ran:?}");
    for piece in [
        "--> v1.0/api/lamp-list.md:11:1",
        "2 pages: 1 defect, 4 known",
        "1 defect of the baseline is gone; `graph-contracts lint --update-baseline` takes what is gone out",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {ran:?}");
    }
    assert!(!ran.out.contains("lamp-get.md"), "{ran:?}");
    let json: serde_json::Value = serde_json::from_str(&workspace.read("lint.json")).expect("JSON");
    assert_eq!((json["known"].as_u64(), json["gone"].as_u64()), (Some(4), Some(1)));
    // Of pages that are not looked at, nothing is gone, and nothing is forgotten.
    let ran = workspace.run("lint docs/v1.0/api/lamp-list.md --pages-root docs --baseline b.json --update-baseline");
    assert!(ran.out.contains("1 page: 0 defects, 3 known") && !ran.out.contains("gone"), "{ran:?}");
    assert_eq!(workspace.read("b.json").matches("lamp-get.md").count(), 3);
}

#[test]
fn only_codes_that_are_asked_for_are_reported() {
    let workspace = with_defects();
    workspace.run("lint docs --baseline b.json --update-baseline");
    let ran = workspace.run("lint docs --only todo-left");
    assert!(ran.out.contains("1 page: 1 defect in") && ran.out.contains("todo-left"), "{ran:?}");
    let ran = workspace.run("lint docs --only todo-left --baseline b.json --update-baseline");
    assert!(ran.out.contains("1 page: 0 defects, 1 known in"), "{ran:?}");
    assert_eq!(workspace.read("b.json").matches("\"code\"").count(), 3, "what was not asked for stays known");
    workspace.check_refused("lint docs --only no-such-code", &["--only no-such-code: there is no such code"]);
}

#[test]
fn a_baseline_that_is_none_is_refused() {
    let workspace = with_defects();
    workspace.check_refused("lint docs --update-baseline", &["--update-baseline: name the file with --baseline"]);
    workspace.write("b.json", "{}");
    workspace.check_refused("lint docs --baseline b.json", &["b.json:1:2: missing field `format`"]);
}

#[test]
fn the_result_is_there_as_json_and_sarif() {
    let workspace = with_defects();
    workspace.run("lint docs --json lint.json --sarif lint.sarif");
    let document = |file| serde_json::from_str::<serde_json::Value>(&workspace.read(file)).expect("JSON");
    let json = document("lint.json");
    assert_eq!((&json["pages"], &json["by_code"]["todo-left"]), (&1.into(), &1.into()));
    let first = &json["diagnostics"][0];
    assert_eq!((&first["code"], &first["severity"]), (&"permissions-not-stated".into(), &"warning".into()));
    let sarif = document("lint.sarif");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let result =
        run["results"].as_array().expect("results").iter().find(|r| r["ruleId"] == "todo-left").expect("a result");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "docs/v1.0/api/lamp-get.md");
    assert_eq!(place["region"]["startLine"], 3);
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
    assert_eq!(rule["id"], "todo-left");
}

#[test]
fn pages_that_cannot_be_read_are_refused() {
    let workspace = Workspace::new();
    workspace.check_refused("lint nowhere", &["nowhere: cannot be read"]);
    workspace.write("docs/a.md", b"\xff");
    workspace.check_refused("lint docs", &["docs/a.md:1:1: not UTF-8"]);
}

#[test]
fn findings_of_two_pages_of_one_name_are_told_apart_and_located_in_their_repository() {
    let workspace = Workspace::new();
    workspace.write("set/.git/config", "");
    for version in ["v1.0", "beta"] {
        let page = format!("# Get lamp\n\nTODO: {version}\n{}", PAGE.replace("/v1.0/", &format!("/{version}/")));
        workspace.write(&format!("set/docs/{version}/api/lamp-get.md"), page);
    }
    let pages = "set/docs/v1.0/api/lamp-get.md set/docs/beta/api/lamp-get.md";
    for root in ["", "--pages-root set/docs", "--pages-root ."] {
        workspace.run(&format!("lint {pages} {root} --sarif lint.sarif"));
        let sarif: serde_json::Value = serde_json::from_str(&workspace.read("lint.sarif")).expect("JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("results");
        let todos = results.iter().filter(|result| result["ruleId"] == "todo-left");
        let places = todos.map(|todo| &todo["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
        let (beta, v1) = ("docs/beta/api/lamp-get.md", "docs/v1.0/api/lamp-get.md");
        // The folder above is in no repository: its paths are those from where the command runs.
        let expected = if root.ends_with('.') {
            [format!("set/{beta}"), format!("set/{v1}")]
        } else {
            [beta, v1].map(str::to_owned)
        };
        assert_eq!(places.collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>(), "{root}");
    }
}

#[test]
fn the_pages_of_resources_below_a_folder_are_linted_with_it() {
    let workspace = Workspace::new();
    workspace.write("docs/v1.0/api/lamp-get.md", PAGE);
    let rows = "# lamp resource type\n\n|Property|Type|\n|---|---|\n|name|String|\n|watts|Int32|\n";
    let json = "<!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" } -->\n```json\n{\n  \"name\": \"String\",\n  \"wats\": 60\n}\n```\n";
    workspace.write("docs/v1.0/resources/lamp.md", format!("{rows}\n{json}"));
    let expected = "--> v1.0/resources/lamp.md:12:3";
    let ran = workspace.run("lint docs");
    assert!(ran.out.contains(expected) && ran.out.contains("2 pages: "), "{ran:?}");
    for path in ["docs/v1.0/resources", "docs/v1.0/resources/lamp.md"] {
        let ran = workspace.run(&format!("lint {path}"));
        assert!(ran.out.contains("member-not-in-resource") && ran.out.contains("1 page: 1 defect"), "{path}: {ran:?}");
    }
    let ran = workspace.run("lint docs/v1.0/api");
    assert!(!ran.out.contains("member-not-in-resource"), "only what is named is linted: {ran:?}");
}

#[test]
fn comments_in_pages_accept_what_follows_them() {
    let workspace = with_defects();
    let comment = "<!-- graph-contracts-ignore todo-left: a draft -->\n";
    workspace.edit("docs/v1.0/api/lamp-get.md", "TODO: more\n", &format!("{comment}TODO: more\n"));
    let ran = workspace.run("lint docs --deny todo-left --deny suppression-unused");
    assert_eq!((ran.code, ran.out.contains("1 page: 2 defects, 1 suppressed")), (0, true), "{ran:?}");
    workspace.edit("docs/v1.0/api/lamp-get.md", "TODO: more\n", "More.\n");
    let ran = workspace.run("lint docs --deny suppression-unused");
    assert_eq!((ran.code, ran.out.contains("--> v1.0/api/lamp-get.md:3:1")), (1, true), "{ran:?}");
    // What could not be found without metadata is not unused.
    workspace.edit("docs/v1.0/api/lamp-get.md", "todo-left: a draft", "name-case-differs: old clients");
    assert_eq!(workspace.run("lint docs --deny suppression-unused").code, 0);
}

#[test]
fn a_defect_is_accepted_by_its_fingerprint() {
    let workspace = with_defects();
    workspace.edit("docs/v1.0/api/lamp-get.md", "TODO: more\n", "TODO: more\n\nTODO: all\n");
    assert_eq!(workspace.run("lint docs --only todo-left --json a.json").code, 0);
    let json: serde_json::Value = serde_json::from_str(&workspace.read("a.json")).expect("JSON");
    let first = json["diagnostics"][0]["fingerprint"].as_str().expect("a fingerprint");
    let entry = "[[suppress]]\ncode = 'todo-left'\npage = '**/*-get.md'\nreason = 'known'\n";
    workspace.write("s.toml", format!("{entry}fingerprint = '{first}'\n"));
    let ran = workspace.run("lint docs --only todo-left --suppressions s.toml");
    assert!(ran.out.contains("lamp-get.md:5:1") && ran.out.contains("1 page: 1 defect, 1 suppressed"), "{ran:?}");
}

#[test]
fn what_has_one_right_answer_is_fixed_in_place() {
    let workspace = with_defects();
    let before = workspace.read("docs/v1.0/api/lamp-get.md");
    let ran = workspace.run("lint docs --fix --dry-run");
    let patch = "--- a/docs/v1.0/api/lamp-get.md\n+++ b/docs/v1.0/api/lamp-get.md\n@@ ";
    assert_eq!((ran.code, ran.out.starts_with(patch)), (0, true), "{ran:?}");
    assert!(ran.out.contains("-  \"on\": true,\n+  \"on\": true\n"), "{ran:?}");
    assert!(ran.error.contains("would fix 1 defect: json-trailing-comma"), "{ran:?}");
    assert_eq!(workspace.read("docs/v1.0/api/lamp-get.md"), before, "nothing is written");
    let ran = workspace.run("lint docs --fix --json a.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("1 page: 2 defects in") && ran.out.contains("fixed json-trailing-comma"), "{ran:?}");
    assert_eq!(workspace.read("docs/v1.0/api/lamp-get.md"), before.replace("true,\n", "true\n"));
    let json: serde_json::Value = serde_json::from_str(&workspace.read("a.json")).expect("JSON");
    assert_eq!(json["fixes"], serde_json::json!({ "fixed": { "json-trailing-comma": 1 }, "left": [] }));
    assert!(workspace.run("lint docs --fix --dry-run").out.is_empty(), "a second run changes nothing");
    workspace.check_refused("lint docs --dry-run", &["--fix"]);
}

#[test]
fn what_is_accepted_or_off_is_not_fixed() {
    let workspace = with_defects();
    let before = workspace.read("docs/v1.0/api/lamp-get.md");
    workspace.run("lint docs --fix --levels json-trailing-comma=off");
    workspace.run("lint docs --fix --only todo-left");
    workspace.write("s.toml", "[[suppress]]\ncode = 'json-trailing-comma'\npage = '*'\nreason = 'known'\n");
    workspace.run("lint docs --fix --suppressions s.toml");
    assert_eq!(workspace.read("docs/v1.0/api/lamp-get.md"), before);
}

#[test]
fn a_page_without_a_request_is_said_to_have_none() {
    let workspace = Workspace::new();
    workspace.write("docs/a.md", "# Lamps\n\nText.\n");
    let check = |arguments: &str, note: &str, number: u32| {
        let ran = workspace.run(&format!("{arguments} --json out.json"));
        assert!(ran.code == 0 && ran.out.contains(note), "{note}: {ran:?}");
        assert_eq!(ran.out.contains("no example was judged"), !note.is_empty(), "{ran:?}");
        let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
        assert_eq!(document["with_requests"], number, "{document}");
    };
    check("lint docs", "No request is on this page (a code block that begins with a method and a URL), so", 0);
    workspace.write("docs/b.md", "# Rooms\n");
    check("lint docs", "No request is on these 2 pages (", 0);
    workspace.write("docs/c.md", crate::support::PAGE);
    check("lint docs", "", 1);
    check("lint docs/a.md", "No request is on this page", 0);
}
