//! `graph-contracts import`

use std::collections::BTreeMap;

use crate::support::{PAGE, Workspace};

fn with_page() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", PAGE);
    workspace
}

const CONTRACT: &str = "contracts/v1.0/lamp-get.json";

fn contents(workspace: &Workspace) -> BTreeMap<String, String> {
    workspace.files().into_iter().map(|file| (file.clone(), workspace.read(&file))).collect()
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let workspace = with_page();
    let ran = workspace.run("import docs");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("1 page, 1 pair, 1 contract:"), "{ran:?}");
    let expected = ["contracts/schema.json", CONTRACT, "contracts/volatile.toml", "docs/lamp-get.md"];
    assert_eq!(workspace.files(), expected);
    let before = contents(&workspace);
    let ran = workspace.run("import docs");
    assert!(ran.out.contains("nothing to change"), "{ran:?}");
    assert_eq!(contents(&workspace), before);
    // A page gives the same contract on its own.
    workspace.run("import docs/lamp-get.md --out other");
    assert_eq!(workspace.read("other/v1.0/lamp-get.json"), before[CONTRACT]);
}

#[test]
fn check_writes_nothing_and_says_whether_the_contracts_are_current() {
    let workspace = with_page();
    let ran = workspace.run("import docs --check");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains(&format!("would be added: {CONTRACT}")), "{ran:?}");
    assert!(ran.out.ends_with("Take what the pages document now:\n  graph-contracts import docs\n"), "{ran:?}");
    assert_eq!(workspace.files(), ["docs/lamp-get.md"]);
    workspace.run("import docs");
    let ran = workspace.run("import docs --check");
    assert!(ran.code == 0 && !ran.out.contains("Take what"), "{ran:?}");
    workspace.edit("docs/lamp-get.md", "true", "false");
    let before = contents(&workspace);
    let ran = workspace.run("import docs --check");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains(&format!("would be updated: {CONTRACT}")), "{ran:?}");
    assert_eq!(contents(&workspace), before);
}

#[test]
fn what_check_prints_to_run_makes_the_contracts_current() {
    let workspace = with_page();
    workspace.write("docs/room-get.md", PAGE.replace("lamp", "room"));
    workspace.run("import docs");
    let check = |next: &str| {
        let ran = workspace.run("import docs --check");
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.out.ends_with(&format!("Take what the pages document now:\n  graph-contracts {next}\n")),
            "{ran:?}"
        );
        workspace.run(next);
        assert_eq!(workspace.run("import docs --check").code, 0, "{next}");
    };
    workspace.edit(CONTRACT, "\"title\": \"", "\"title\": \"Changed: ");
    check("import docs --overwrite");
    std::fs::remove_file(workspace.path("docs/room-get.md")).expect("removed");
    check("import docs --unreferenced delete");
}

#[test]
fn defects_of_pages_whose_contracts_have_not_changed_are_counted() {
    let workspace = with_page();
    workspace.write("docs/room-get.md", PAGE.replace("lamp", "room"));
    let stated = |page: &str| format!("\n{page}-get.md:1:1: warning: the page does not state any permission");
    let check = |arguments: &str, expected: [bool; 2], is_counted: bool| {
        let ran = workspace.run(arguments);
        let counts = ran.out.lines().next().unwrap_or_default();
        assert!(counts.starts_with("warning  permissions-not-stated") && counts.ends_with(" 2"), "{ran:?}");
        assert_eq!(["lamp", "room"].map(|page| ran.out.contains(&stated(page))), expected, "{arguments}: {ran:?}");
        assert_eq!(ran.out.contains("on pages whose contracts have not changed:\n"), is_counted, "{ran:?}");
    };
    check("import docs", [true, true], false);
    check("import docs", [false, false], true);
    check("import docs --all", [true, true], true);
    workspace.edit("docs/room-get.md", "true", "false");
    check("import docs --check", [false, true], true);
}

#[test]
fn a_changed_page_updates_its_contract() {
    let workspace = with_page();
    workspace.run("import docs");
    workspace.edit("docs/lamp-get.md", "true", "false");
    let ran = workspace.run("import docs");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains(&format!("updated: {CONTRACT}")), "{ran:?}");
    assert!(workspace.read(CONTRACT).contains("\"on\": false"));
}

#[test]
fn changes_by_hand_are_kept_unless_they_may_be_overwritten() {
    let workspace = with_page();
    workspace.run("import docs");
    workspace.edit(CONTRACT, "true", "null");
    let ran = workspace.run("import docs");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("kept, changed by hand") && ran.out.contains(CONTRACT), "{ran:?}");
    assert!(workspace.read(CONTRACT).contains("\"on\": null"));
    assert_eq!(workspace.run("import docs --check").code, 1);
    let ran = workspace.run("import docs --overwrite");
    assert!(
        ran.out.contains(&format!("overwritten, changed by hand (the old file has .bak added): {CONTRACT}")),
        "{ran:?}"
    );
    assert!(workspace.read(CONTRACT).contains("\"on\": true"));
    assert!(workspace.read(&format!("{CONTRACT}.bak")).contains("\"on\": null"), "nothing is lost");
    assert_eq!(workspace.run("import docs --check").code, 0);
}

/// The page of a contract file in the first format, and that file.
const OLD_PAGE: &str = "# Get lamp\n\n## Permissions\n\n|Permission type|Permissions (from least to most privileged)|\n|:---|:---|\n\
    |Delegated (work or school account)|Lamp.Read, Lamp.ReadWrite|\n|Delegated (personal Microsoft account)|Not supported.|\n\
    |Application|Not supported.|\n\n## HTTP request\n\n```http\nGET /lamps/{id}\n```\n\n## Example\n\n```http\n\
    GET https://graph.microsoft.com/v1.0/lamps/7\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
const OLD_CONTRACT: &str = include_str!("formats/lamp-get-1.json");

#[test]
fn contracts_in_an_older_format_are_refused_until_they_are_imported_again() {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", OLD_PAGE);
    workspace.write(CONTRACT, OLD_CONTRACT);
    workspace.write("contracts/v1.0/lamp-list.json", OLD_CONTRACT.replace("lamp-get\"", "lamp-list\""));
    let refused = format!(
        "{CONTRACT} and 1 more: format 1, but this version reads format 2; import the pages again: `graph-contracts import PATH`"
    );
    workspace.check_refused("replay", &[&refused]);
    let ran = workspace.run("import docs");
    assert!(ran.out.contains(&format!("updated: {CONTRACT}")), "{ran:?}");
    assert!(
        ran.out
            .contains("documented no longer (import its page too, or delete with --unreferenced delete): contracts/v1.0/lamp-list.json")
    );
    assert!(workspace.read(CONTRACT).contains("{ \"one-of\": [[\"Lamp.Read\"], [\"Lamp.ReadWrite\"]] }"));
    workspace.edit(CONTRACT, "\"format\": 2", "\"format\": 3");
    workspace.check_refused("replay v1.0/lamp-get", &["format 3, but this version reads format 2; update the program"]);
}

#[test]
fn a_change_by_hand_survives_a_change_of_the_format() {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", OLD_PAGE);
    let end = OLD_CONTRACT.trim_end().strip_suffix("\n}").expect("an object");
    let rule = "{ \"path\": \"$.on\", \"reason\": \"lamps change\" }";
    let with_rule = format!("{end},\n  \"volatile\": [\n    {rule}\n  ]\n}}\n");
    workspace.write(CONTRACT, &with_rule);
    let ran = workspace.run("import docs");
    assert!(ran.out.contains(&format!("updated: {CONTRACT}")), "{ran:?}");
    assert!(workspace.read(CONTRACT).contains(rule));
    workspace.write(CONTRACT, with_rule.replace("204", "202"));
    let ran = workspace.run("import docs");
    assert!(
        ran.out.contains(&format!("kept, cannot be read (--overwrite takes the page's version): {CONTRACT}: format 1")),
        "{ran:?}"
    );
    workspace.run("import docs --overwrite");
    assert!(workspace.read(&format!("{CONTRACT}.bak")).contains("202"));
    assert!(workspace.read(CONTRACT).contains(rule));
}

#[test]
fn a_file_that_is_no_contract_is_not_overwritten_either() {
    let workspace = with_page();
    workspace.write(CONTRACT, "my notes");
    let ran = workspace.run("import docs");
    assert!(
        ran.out.contains(&format!("kept, cannot be read (--overwrite takes the page's version): {CONTRACT}:1:1")),
        "{ran:?}"
    );
    assert_eq!(workspace.read(CONTRACT), "my notes");
    // Other files in the folder do not concern the import.
    workspace.write("contracts/package.json", "{}");
    assert!(!workspace.run("import docs").out.contains("package.json"));
}

#[test]
fn rules_of_a_contract_and_of_the_folder_survive() {
    let workspace = with_page();
    workspace.run("import docs");
    let text = workspace.read(CONTRACT);
    let end = text.trim_end().strip_suffix("\n}").expect("an object");
    workspace.write(
        CONTRACT,
        format!("{end},\n  \"volatile\": [\n    {{ \"path\": \"$.on\", \"reason\": \"lamps change\" }}\n  ]\n}}\n"),
    );
    workspace.write("contracts/volatile.toml", "# mine\n");
    workspace.edit("docs/lamp-get.md", "\"7\"", "\"8\"");
    let ran = workspace.run("import docs");
    assert!(ran.out.contains(&format!("updated: {CONTRACT}")), "{ran:?}");
    let text = workspace.read(CONTRACT);
    assert!(text.contains("lamps change") && text.contains("\"8\""), "{text}");
    assert_eq!(workspace.read("contracts/volatile.toml"), "# mine\n");
    assert_eq!(workspace.run("import docs --check").code, 0);
}

#[test]
fn a_contract_that_is_documented_no_longer_is_named_and_left() {
    let workspace = with_page();
    workspace.write("docs/lamp-list.md", PAGE.replace("Get lamp", "List lamps"));
    workspace.run("import docs");
    std::fs::remove_file(workspace.path("docs/lamp-list.md")).expect("removed");
    let ran = workspace.run("import docs");
    let line = "documented no longer (import its page too, or delete with --unreferenced delete): contracts/v1.0/lamp-list.json";
    assert!(ran.out.contains(line), "{ran:?}");
    assert!(workspace.files().contains(&"contracts/v1.0/lamp-list.json".to_owned()));
    assert_eq!(workspace.run("import docs --check").code, 1);
    // A single page says nothing about the contracts of others.
    assert_eq!(workspace.run("import docs/lamp-get.md --check").code, 0);
}

#[test]
fn what_an_interrupted_import_left_behind_is_removed() {
    let workspace = with_page();
    workspace.write("contracts/v1.0/.import-x1y2z3", "half a contr");
    workspace.run("import docs");
    let expected = ["contracts/schema.json", CONTRACT, "contracts/volatile.toml", "docs/lamp-get.md"];
    assert_eq!(workspace.files(), expected);
}

#[test]
fn the_result_is_there_as_json_too() {
    let workspace = with_page();
    workspace.run("import docs --json out/import.json");
    let document: serde_json::Value = serde_json::from_str(&workspace.read("out/import.json")).expect("JSON");
    let members =
        ["pages", "pages_with_pair", "request_blocks", "response_blocks", "route_blocks", "pairs", "contracts"];
    assert_eq!(members.map(|name| document[name].as_u64()), [1, 1, 2, 1, 1, 1, 1].map(Some));
    assert_eq!(document["diagnostics"]["permissions-not-stated"], 1);
}

#[test]
fn each_pair_is_listed_as_a_line_of_json() {
    let workspace = with_page();
    workspace.run("import docs --list out/list.jsonl");
    let expected = serde_json::json!({
        "path": "lamp-get.md", "request_line": 12, "response_line": 16, "method": "GET",
        "url": "https://graph.microsoft.com/v1.0/lamps/{id}", "status": 200, "body_kind": "json", "kind": "pair",
        "contract": "v1.0/lamp-get"
    });
    let list = workspace.read("out/list.jsonl");
    let lines: Vec<serde_json::Value> = list.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines, [expected]);
}

#[test]
fn paths_that_are_no_pages_are_refused() {
    let workspace = Workspace::new();
    workspace.write("empty/readme.rst", "no page");
    workspace.check_refused("import nowhere.md", &["nowhere.md: cannot be read"]);
    workspace.check_refused("import empty", &["empty: no pages here", ".md or .txt"]);
}

#[test]
fn pages_that_cannot_be_read_are_refused_all_at_once() {
    let workspace = with_page();
    workspace.write("docs/a-empty.md", " \n");
    workspace.write("docs/b-latin.md", b"# T\xc3\xa4\nx\xe4\n");
    workspace.write("docs/c-huge.md", "x".repeat(50 * 1024 * 1024));
    workspace.check_refused(
        "import docs",
        &[
            "docs/a-empty.md:1:1: the page is empty",
            "docs/b-latin.md:2:2: not UTF-8",
            "docs/c-huge.md: 50 MB are too large",
        ],
    );
}

#[test]
fn pages_without_a_pair_are_refused() {
    let workspace = Workspace::new();
    workspace.write("docs/a.md", "# Title\n\nProse.\n");
    workspace.check_refused("import docs", &["no pair of request and response in 1 page"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let workspace = with_page();
    workspace.write("taken", "a file");
    workspace.check_refused("import docs --out taken", &["taken"]);
}

#[test]
fn what_is_wrong_is_said_even_if_there_is_no_contract() {
    let workspace = Workspace::new();
    workspace.write("docs/a.md", PAGE.replace("200 OK", "600 x"));
    workspace.check_refused(
        "import docs",
        &["no pair of request and response", "a.md:16:1: 600 is not a final HTTP status"],
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_with_pages_is_named_and_not_followed() {
    let (workspace, elsewhere) = (with_page(), Workspace::new());
    elsewhere.write("more/room-get.md", PAGE);
    elsewhere.write("media/lamp.png", "no page");
    for name in ["more", "media"] {
        std::os::unix::fs::symlink(elsewhere.path(name), workspace.path(&format!("docs/{name}"))).expect("linked");
    }
    // What is read anyway needs no mention.
    std::os::unix::fs::symlink(workspace.path("docs"), workspace.path("docs/again")).expect("linked");
    let said = "not followed: docs/more, a link to a folder with pages; if they are yours, name it, too\n";
    for command in ["import docs", "lint docs"] {
        let ran = workspace.run(&format!("{command} --json found.json"));
        assert!(ran.out.contains(said) && !ran.out.contains("docs/media") && !ran.out.contains("again"), "{ran:?}");
        assert!(workspace.read("found.json").contains("\"linked\": [\n    \"docs/more\"\n  ]"), "{ran:?}");
        let ran = workspace.run(&format!("{command} docs/more"));
        assert!(ran.out.starts_with("2 pages") || ran.out.contains("\n2 pages"), "{ran:?}");
        assert!(!ran.out.contains("not followed"), "{ran:?}");
    }
}

#[test]
fn a_page_that_is_named_twice_is_imported_once() {
    let workspace = with_page();
    let ran = workspace.run("import docs ./docs docs/lamp-get.md");
    assert!(ran.out.contains("1 page, 1 pair, 1 contract:"), "{ran:?}");
}

#[test]
fn hostile_and_colliding_names_stay_in_the_folder_and_apart() {
    let workspace = Workspace::new();
    let pair = &PAGE[PAGE.find("```http\nGET https").expect("a pair")..];
    let extra = "\n```http\nHTTP/1.1 404 Not Found\n```\n";
    workspace
        .write("docs/a.md", format!("{PAGE}{extra}## <a name=\"/../../../x-y\"></a>E\n{pair}\n## Response 2\n{pair}"));
    workspace.write("docs/b.md", PAGE);
    workspace.write("docs/c.md", PAGE);
    let ran = workspace.run("import docs");
    assert!(ran.out.contains("3 pages, 5 pairs, 6 contracts:"), "{ran:?}");
    let contracts = workspace.files().into_iter().filter(|file| file.starts_with("contracts/v1.0/"));
    assert_eq!(contracts.count(), 6);
    assert_eq!(workspace.run("import docs --check").code, 0);
    let ran = workspace.run("replay --snapshots none");
    assert!(ran.out.contains("6 contracts, 6 routes: 6 matched"), "{ran:?}");
}

#[test]
fn odd_but_valid_pages_replay_as_documented() {
    let check = |from: &str, to: &str| {
        let workspace = Workspace::new();
        assert!(PAGE.contains(from), "{from}");
        workspace.write("docs/a.md", PAGE.replacen(from, to, 1));
        workspace.run("import docs");
        let ran = workspace.run("replay --snapshots none");
        assert_eq!(ran.code, 0, "{to}: {ran:?}");
    };
    let url = "GET https://graph.microsoft.com/v1.0/lamps/{id}";
    for line in [
        "Accept: application/json, text/plain",
        "Prefer: a\nPrefer: b",
        "Authorization: Basic abc",
        "Authorization: bearer x",
        "X-Graph-Contract: foo",
        "Prefer: a\u{1b}b",
    ] {
        check(url, &format!("{url}\n{line}"));
    }
    for path in ["?b=1&b=2", "/a\\b", "/{a/b}", "/a\tb", "/x#y", "/?$filter=a eq 'b?c'", "/f(x='a/b')"] {
        check(url, &format!("{url}{path}"));
    }
    for body in ["{\"a\": 1, \"a\": 2}", "[]", "\"text\""] {
        check(url, &format!("{url}\nContent-Type: application/json\n\n{body}"));
    }
    for length in ["abc", "1,234", "7\nContent-Length: 8"] {
        check(
            "Content-Type: application/json\n",
            &format!("Content-Type: application/json\nContent-Length: {length}\n"),
        );
    }
    check("# Get lamp", "# Lämpchen löschen");
    check("\"id\": \"7\"", "\"id\": \"abcdefghij\", \"deviceId\": \"abcdefghij\"");
}

#[test]
fn a_path_that_no_url_can_have_is_not_replayed_and_says_why() {
    let workspace = Workspace::new();
    workspace
        .write("docs/a.md", PAGE.replace("lamps/{id}\n```\n\n```http\nHTTP", "lamps/%2e%2e\n```\n\n```http\nHTTP"));
    workspace.run("import docs");
    let ran = workspace.run("replay --snapshots none");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("could not be replayed: the path /lamps/%2e%2e cannot be sent"), "{ran:?}");
}

#[test]
fn broken_pages_give_diagnostics_and_not_errors() {
    let workspace = with_page();
    workspace.write(
        "docs/broken.md",
        format!("{PAGE}\n```http\nHTTP/1.1 200 OK\nA: b\n{{\n```\n<!-- {{ not json }} -->\nTODO: more\n"),
    );
    let ran = workspace.run("import docs");
    assert_eq!(ran.code, 0, "{ran:?}");
    for code in ["no-blank-line-before-body", "json-not-valid", "metadata-not-json", "todo-left"] {
        assert!(ran.out.contains(&format!("[{code}]")), "{code} in {}", ran.out);
    }
}

/// Imports as asked, and checks the names of the pages in the contracts of a version's page.
#[track_caller]
fn check_names(workspace: &Workspace, arguments: &str, expected: &[&str]) {
    let ran = workspace.run(&format!("import {arguments} --list list.jsonl"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let names: Vec<String> = workspace.read("list.jsonl").lines().map(|line| page_of(line, arguments)).collect();
    assert_eq!(names, expected, "{arguments}");
}

fn page_of(line: &str, arguments: &str) -> String {
    let entry: serde_json::Value = serde_json::from_str(line).expect("JSON");
    entry["path"].as_str().expect(arguments).to_owned()
}

fn with_two_versions() -> Workspace {
    let workspace = Workspace::new();
    for version in ["v1.0", "beta"] {
        let page = PAGE.replace("/v1.0/", &format!("/{version}/"));
        workspace.write(&format!("set/docs/{version}/api/lamp-get.md"), page);
    }
    workspace
}

#[test]
fn a_page_is_named_from_the_root_of_its_repository_however_it_is_named() {
    let workspace = with_two_versions();
    workspace.write("set/.git/config", "");
    let (beta, v1) = ("docs/beta/api/lamp-get.md", "docs/v1.0/api/lamp-get.md");
    check_names(&workspace, "set", &[beta, v1]);
    check_names(&workspace, "set/docs/v1.0/api/lamp-get.md set/docs/beta/api", &[beta, v1]);
    check_names(&workspace, "set/docs/../docs/v1.0/api/", &[v1]);
    check_names(&workspace, "set --pages-root set/docs", &["beta/api/lamp-get.md", "v1.0/api/lamp-get.md"]);
    check_names(&workspace, "set --pages-root .", &[&format!("set/{beta}"), &format!("set/{v1}")]);
}

#[test]
fn without_a_repository_a_page_is_named_from_the_folder_that_was_named() {
    let workspace = with_two_versions();
    check_names(&workspace, "set", &["docs/beta/api/lamp-get.md", "docs/v1.0/api/lamp-get.md"]);
    check_names(&workspace, "set/docs/v1.0", &["api/lamp-get.md"]);
    let both = ["beta/api/lamp-get.md", "v1.0/api/lamp-get.md"];
    check_names(&workspace, "set/docs/v1.0 set/docs/beta", &both);
    check_names(&workspace, "set/docs/v1.0/api/lamp-get.md set/docs/beta/api/lamp-get.md", &both);
    check_names(&workspace, "set/docs/beta/api/lamp-get.md", &["lamp-get.md"]);
}

#[test]
fn a_page_that_is_not_below_the_root_is_refused() {
    let workspace = with_two_versions();
    let pieces = ["set/docs/beta/api/lamp-get.md: not below the root of the pages", "--pages-root"];
    workspace.check_refused("import set --pages-root set/docs/v1.0", &pieces);
    workspace.check_refused("import set/docs/beta/api/lamp-get.md --pages-root set/docs/v1.0", &pieces);
    workspace.check_refused("import set --pages-root nowhere", &["nowhere: cannot be read"]);
    workspace.check_refused("import set --pages-root set/docs/beta/api/lamp-get.md", &["lamp-get.md: not a folder"]);
}

#[test]
fn contracts_of_pages_that_are_gone_are_stale_where_their_folder_was_imported() {
    let workspace = with_two_versions();
    workspace.write("set/.git/config", "");
    workspace.run("import set");
    for version in ["v1.0", "beta"] {
        std::fs::rename(
            workspace.path(&format!("set/docs/{version}/api/lamp-get.md")),
            workspace.path(&format!("set/docs/{version}/api/bulb-get.md")),
        )
        .expect("renamed");
    }
    let ran = workspace.run("import set/docs/beta");
    assert!(ran.out.contains("contracts/beta/lamp-get.json"), "{ran:?}");
    assert!(!ran.out.contains("contracts/v1.0/lamp-get.json"), "nobody looked for its page: {ran:?}");
}

#[test]
fn contracts_of_pages_that_are_gone_are_deleted_if_that_is_asked_for_and_nothing_is_lost() {
    let workspace = with_two_versions();
    workspace.write("set/.git/config", "");
    workspace.run("import set");
    let own = "contracts/beta/lamp-get.json";
    workspace.write(own, workspace.read(own).replace("\"status\": 200", "\"status\": 299"));
    for version in ["v1.0", "beta"] {
        let page = workspace.path(&format!("set/docs/{version}/api/lamp-get.md"));
        std::fs::rename(&page, page.with_file_name("bulb-get.md")).expect("renamed");
    }
    let ran = workspace.run("import set");
    assert!(ran.out.contains("--unreferenced delete") && workspace.path(CONTRACT).exists(), "{ran:?}");
    let ran = workspace.run("import set --unreferenced delete --check");
    assert!(ran.code == 1 && ran.out.contains("would be deleted") && workspace.path(CONTRACT).exists(), "{ran:?}");
    let ran = workspace.run("import set --unreferenced delete");
    assert!(ran.out.contains(&format!("deleted, documented no longer: {CONTRACT}")), "{ran:?}");
    assert!(!workspace.path(CONTRACT).exists() && !workspace.path(own).exists(), "{:?}", workspace.files());
    assert!(workspace.read(&format!("{own}.bak")).contains("299"), "what somebody has changed is kept");
    assert!(!workspace.path(&format!("{CONTRACT}.bak")).exists(), "the others are made of pages");
    let ran = workspace.run("import set --check");
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn permissions_in_an_included_file_are_those_of_the_page() {
    let workspace = Workspace::new();
    let include =
        "# Get lamp\n\n## Permissions\n\n[!INCLUDE [table](../includes/permissions/lamp-get-permissions.md)]\n";
    workspace.write("docs/v1.0/api/lamp-get.md", PAGE.replacen("# Get lamp\n", include, 1));
    let missing = "v1.0/api/lamp-get.md:5:1: warning: the included file ../includes/permissions/lamp-get-permissions.md \
                   does not exist [include-not-read]";
    let ran = workspace.run("import docs");
    assert!(format!("{}{}", ran.out, ran.error).contains(missing), "{ran:?}");
    assert!(workspace.read(CONTRACT).contains("\"stated\": \"not-read\""));
    let ran = workspace.run("lint docs");
    assert!(ran.out.contains("include-not-read") && !ran.out.contains("permissions-not-stated"), "{ran:?}");
    let head = "|Permission type|Least privileged permissions|Higher privileged permissions|\n|:---|:---|:---|\n";
    let table = format!(
        "{head}|Delegated (work or school account)|Lamp.Read|Lamp.ReadWrite and House.Read|\n|Application|Not supported.|Not supported.|\n"
    );
    workspace.write("docs/v1.0/includes/permissions/lamp-get-permissions.md", table);
    workspace.run("import docs");
    let contract: String = workspace.read(CONTRACT).split_whitespace().collect();
    for piece in [
        r#""stated":"table","line":1,"file":"v1.0/includes/permissions/lamp-get-permissions.md","order":"least-to-most""#,
        r#""delegated_work":{"one-of":[["Lamp.Read"],["Lamp.ReadWrite","House.Read"]]}"#,
        r#""delegated_personal":"not-stated","application":"not-supported""#,
    ] {
        assert!(contract.contains(piece), "{piece} in {contract}");
    }
    let ran = workspace.run("lint docs");
    assert!(!ran.out.contains("include-not-read") && !ran.out.contains("permissions-not-stated"), "{ran:?}");
}

#[test]
fn what_metadata_says_is_kept_and_is_part_of_what_the_import_wrote() {
    const PAGE: &str = "# Get book\n\n## HTTP request\n\n```http\nGET /books/{id}\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/books/1\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
        {\"id\": \"1\", \"binding\": \"cloth\"}\n```\n";
    const CONTRACT: &str = "contracts/v1.0/book-get.json";
    let workspace = Workspace::new();
    workspace.write("docs/book-get.md", PAGE);
    workspace.run("import docs");
    let without = workspace.read(CONTRACT);
    assert!(!without.contains("\"metadata\""), "{without}");
    let metadata = graph_contracts_testing::project("tests/metadata/library.csdl");
    let import = format!("import docs --metadata v1.0={}", metadata.display());
    assert!(workspace.run(&import).out.contains(&format!("updated: {CONTRACT}")));
    let with = workspace.read(CONTRACT);
    assert!(with.contains("\"document\": \"library.csdl\"") && with.contains("\"microsoft.graph.book\""), "{with}");
    // The name of the file counts, and not where it is.
    workspace.write("elsewhere/library.csdl", std::fs::read(&metadata).expect("the metadata"));
    let ran = workspace.run("import docs --check --metadata v1.0=elsewhere/library.csdl");
    assert_eq!(ran.code, 0, "{ran:?}");
    // A rule that somebody changed is a change by hand.
    workspace.edit(CONTRACT, "\"cloth\", \"paper\"", "\"cloth\", \"silk\"");
    let ran = workspace.run(&import);
    assert!(workspace.read(CONTRACT).contains("silk"), "{ran:?}");
    workspace.run(&format!("{import} --overwrite"));
    assert_eq!(workspace.read(CONTRACT), with);
    workspace.run("import docs");
    assert_eq!(workspace.read(CONTRACT), without);
    workspace.check_refused("import docs --metadata v1.0=none.csdl", &["none.csdl", "cannot be read"]);
}
