//! `graph-contracts replay`

use crate::support::{PAGE, Workspace};

const CONTRACT: &str = "contracts/v1.0/create-userinstallstatesummary.json";

#[test]
fn the_five_documented_pages_match_on_six_routes() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run("replay --json out.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("5 contracts, 6 routes: 6 matched in "), "{ran:?}");
    let proved = "The contracts are consistent, and as they were reviewed. What the service itself answers, `graph-contracts verify-live` asks.\n";
    assert!(ran.out.ends_with(proved), "{ran:?}");
    assert_eq!(ran.out.matches("   matched  ").count(), 5, "one line per contract: {ran:?}");
    assert!(!ran.out.contains('\u{1b}'), "a pipe gets no colors");
    let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    let members = ["contracts", "routes", "matched", "mismatched", "errored"];
    assert_eq!(members.map(|name| document[name].as_u64()), [5, 6, 6, 0, 0].map(Some));
    assert!(document["seconds"].is_f64());
    let first = &document["outcomes"][0];
    assert_eq!(first["id"], "beta/create-deviceinstallstate");
    assert_eq!(first["route"], "POST /beta/deviceAppManagement/managedEBooks/{managedEBookId}/deviceStates/");
    assert_eq!((&first["outcome"], &first["mismatches"]), (&"matched".into(), &serde_json::json!([])));
}

#[test]
fn a_changed_documented_value_fails_with_a_diff_that_names_the_member() {
    let workspace = Workspace::with_contracts();
    let text = workspace.read(CONTRACT);
    let (request, response) = text.split_once("\"response\": {\n    \"status\"").expect("both parts");
    let response = response.replacen("\"failedDeviceCount\": 1", "\"failedDeviceCount\": 9", 1);
    workspace.write(CONTRACT, format!("{request}\"response\": {{\n    \"status\"{response}"));
    let ran = workspace.run("replay --json out.json");
    assert_eq!(ran.code, 1, "{ran:?}");
    for piece in [
        "value changed at $['failedDeviceCount']  000_4fe8af0c44e28dd1.txt:77",
        "-   \"failedDeviceCount\": 1,",
        "+   \"failedDeviceCount\": 9,",
        "5 contracts, 6 routes: 5 matched, 1 mismatched",
        "graph-contracts review",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    let broken = document["outcomes"].as_array().expect("outcomes").iter().find(|o| o["outcome"] == "mismatched");
    let mismatch = &broken.expect("a broken contract")["mismatches"][0];
    assert_eq!((&mismatch["kind"], &mismatch["expected"]), (&"value".into(), &"1".into()));
    assert_eq!((&mismatch["actual"], &mismatch["reference"]), (&"9".into(), &"snapshot".into()));
}

#[test]
fn a_changed_documented_request_fails_too() {
    let check = |from: &str, to: &str, expected: &str| {
        let workspace = Workspace::with_contracts();
        let text = workspace.read(CONTRACT);
        assert!(text.contains(from), "{from}");
        workspace.write(CONTRACT, text.replacen(from, to, 1));
        let ran = workspace.run("replay");
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains(expected), "{expected:?} should be in {}", ran.out);
    };
    let at = "000_4fe8af0c44e28dd1.txt";
    check(
        "\"failedDeviceCount\": 1",
        "\"failedDeviceCount\": 9",
        &format!("value changed at request $['failedDeviceCount']  {at}:60"),
    );
    check(
        "\"value\": \"application/json\"",
        "\"value\": \"application/xml\"",
        "wrong media type at request header content-type",
    );
    check("/userStateSummary\",", "/userStateSummaries\",", "request changed at request ");
}

#[test]
fn other_ids_content_lengths_and_orders_of_members_change_nothing() {
    let workspace = Workspace::with_contracts();
    workspace.edit(CONTRACT, "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "00000000-1111-2222-3333-444444444444");
    workspace.edit(CONTRACT, "\"238\"", "\"999\"");
    let id = "        \"id\": \"00000000-1111-2222-3333-444444444444\",\n";
    workspace.edit(CONTRACT, id, "");
    let count = "        \"installedDeviceCount\": 4,\n";
    let text = workspace.read(CONTRACT);
    let at = text.rfind(count).expect("the response has it") + count.len();
    workspace.write(CONTRACT, format!("{}{id}{}", &text[..at], &text[at..]));
    let ran = workspace.run("replay");
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn filters_select_contracts_by_id() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run("replay v1.0 userapp");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("3 contracts, 3 routes: 3 matched"), "{ran:?}");
    workspace.check_refused("replay nothing-like-it", &["no contract's id contains nothing-like-it"]);
}

#[test]
fn snapshots_and_contracts_belong_together() {
    let workspace = Workspace::with_contracts();
    let snapshot = workspace.read("snapshots/v1.0/create-userstatussummary.snap");
    std::fs::remove_file(workspace.path("snapshots/v1.0/create-userstatussummary.snap")).expect("removed");
    workspace.write("snapshots/v1.0/gone.snap", snapshot);
    let ran = workspace.run("replay");
    assert_eq!(ran.code, 1, "{ran:?}");
    for piece in [
        "\n       new  v1.0/create-userstatussummary ",
        "5 matched, 1 new",
        "no reviewed snapshot",
        "graph-contracts review",
        "snapshots without a contract",
        "gone.snap",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    let ran = workspace.run("replay --snapshots none");
    assert_eq!(ran.code, 0, "without snapshots, the documentation alone counts: {ran:?}");
}

#[test]
fn rules_that_match_nothing_are_reported() {
    let workspace = Workspace::with_contracts();
    let rules = workspace.read("contracts/volatile.toml");
    workspace
        .write("contracts/volatile.toml", format!("{rules}\n[[body]]\npath = \"$..nowhere\"\nreason = \"none\"\n"));
    let line = rules.lines().count() + 3;
    let ran = workspace.run("replay");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("volatile rules that matched nothing"), "{ran:?}");
    assert!(ran.out.contains(&format!("contracts/volatile.toml:{line}: $..nowhere")), "{ran:?}");
    let text = workspace.read(CONTRACT);
    let end = text.trim_end().strip_suffix("\n}").expect("an object");
    let rule = "{ \"path\": \"$.elsewhere\", \"reason\": \"none\" }";
    workspace.write(CONTRACT, format!("{end},\n  \"volatile\": [\n    {rule}\n  ]\n}}\n"));
    let ran = workspace.run("replay");
    assert!(ran.out.contains("contract v1.0/create-userinstallstatesummary: $.elsewhere"), "{ran:?}");
    // A part of the contracts does not say whether a rule is needed.
    assert!(!workspace.run("replay v1.0").out.contains("contracts/volatile.toml"));
}

#[test]
fn zero_contracts_are_never_green() {
    let workspace = Workspace::new();
    workspace.check_refused("replay", &["contracts: cannot be read"]);
    std::fs::create_dir(workspace.path("contracts")).expect("made");
    workspace.check_refused("replay", &["contracts: no contracts here", "graph-contracts import PATH"]);
}

#[test]
fn files_that_are_no_contracts_are_refused_with_their_place() {
    let refused = |from: &str, to: &str, pieces: &[&str]| {
        let workspace = Workspace::with_contracts();
        workspace.edit(CONTRACT, from, to);
        let place = [&[CONTRACT], pieces].concat();
        workspace.check_refused("replay", &place);
    };
    refused("\"title\": ", "\"title\" ", &[":5:", "expected `:`"]);
    refused("\"title\": ", "\"tilte\": ", &[":5:", "unknown field `tilte`", "explain contract-format"]);
    refused("\n  \"title\": \"Create userInstallStateSummary\",", "", &["missing field `title`"]);
    refused("\"status\": 201", "\"status\": 42", &[":45:5", "`response.status` is 42"]);
    refused(
        "\"id\": \"v1.0/create-userinstallstatesummary\"",
        "\"id\": \"v1.0/other\"",
        &["rename the file or change the id"],
    );
    refused(
        "\"id\": \"v1.0/create-userinstallstatesummary\"",
        "\"id\": \"../x\"",
        &[":4:3", "cannot be a file's path"],
    );
    refused("\"id\": \"v1.0/create-userinstallstatesummary\"", "\"id\": \"x\"", &[":4:3", "names no version"]);
    refused("\"method\": \"POST\"", "\"method\": \"CONNECT\"", &["`request.method` is `CONNECT`"]);
}

#[test]
fn an_id_that_occurs_twice_is_refused() {
    let workspace = Workspace::with_contracts();
    workspace.write("contracts/v1.0/copy.json", workspace.read(CONTRACT));
    workspace.check_refused("replay", &["copy.json", "create-userinstallstatesummary.json", "the id"]);
}

#[test]
fn rules_that_cannot_be_used_are_refused_with_their_place() {
    let refused = |rules: &str, pieces: &[&str]| {
        let workspace = Workspace::with_contracts();
        workspace.write("contracts/volatile.toml", rules);
        workspace.check_refused("replay", pieces);
    };
    refused("[[body]]\npath = \"$[\"\nreason = \"x\"\n", &["contracts/volatile.toml:2:", "is not a JSONPath"]);
    refused("[[body]\n", &["contracts/volatile.toml:1:"]);
    refused("[[body]]\npath = \"$.a\"\nraeson = \"x\"\n", &["contracts/volatile.toml:3:1", "unknown field `raeson`"]);
}

#[test]
fn a_snapshot_that_is_none_concerns_its_contract_alone() {
    let workspace = Workspace::with_contracts();
    workspace.write("snapshots/v1.0/create-userstatussummary.snap", "---\nsource: x\n---\nnonsense\n");
    let ran = workspace.run("replay --json out.json");
    assert_eq!(ran.code, 2, "{ran:?}");
    for piece in ["create-userstatussummary.snap:4: not a normal form", "5 contracts, 6 routes: 5 matched, 1 errored"] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    assert!(workspace.read("out.json").contains("\"errored\": 1"));
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let workspace = Workspace::with_contracts();
    workspace.write("snapshots/v1.0/a\u{1b}[31mb.snap", "---\nsource: x\n---\nx\n");
    let ran = workspace.run("replay");
    assert!(ran.code == 1 && !ran.out.contains('\u{1b}'), "{ran:?}");
    let id = "\"id\": \"v1.0/create-userinstallstatesummary\"";
    workspace.edit(CONTRACT, id, "\"id\": \"v1.0/\\u001b]0;title\\u0007\"");
    let ran = workspace.run("replay");
    assert!(ran.code == 2 && !ran.error.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn contracts_of_ones_own_pages_are_replayed_without_snapshots() {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", PAGE);
    workspace.run("import docs --out mine");
    let ran = workspace.run("replay --contracts mine --snapshots none");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("1 contract, 1 route: 1 matched"), "{ran:?}");
}

#[test]
fn a_request_that_the_stub_refuses_is_explained() {
    let workspace = Workspace::with_contracts();
    // Two media types for one body: no request can be right.
    let header = "{ \"name\": \"Content-type\", \"value\": \"application/json\", \"line\": 53 }";
    workspace.edit(CONTRACT, header, &format!("{header}, {}", header.replace("json", "xml")));
    let ran = workspace.run("replay");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("request refused at request header Content-type"), "{ran:?}");
}

#[test]
fn a_response_beyond_a_limit_is_an_error_that_names_the_flag() {
    let workspace = Workspace::with_contracts();
    let ran =
        workspace.run("replay --max-body 1KiB --timeout 30 --connect-timeout 5 --head-timeout 5 --idle-timeout 5");
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = workspace.run("replay --max-body 200");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("could not be replayed: the body has "), "{ran:?}");
    assert!(ran.out.contains(" bytes, more than 200 (raise it with --max-body)"), "{ran:?}");
}

#[test]
fn a_limit_that_lets_nothing_through_is_refused() {
    let workspace = Workspace::with_contracts();
    workspace.check_refused("replay --max-body 0", &["--max-body", "one byte at least"]);
    workspace.check_refused("replay --max-body many", &["--max-body", "such as 1048576 or 1MiB"]);
    for flag in ["--timeout", "--connect-timeout", "--head-timeout", "--idle-timeout"] {
        workspace.check_refused(&format!("replay {flag} 0"), &[flag, "0 is not in 1..=86400"]);
    }
}

#[test]
fn what_is_to_be_reviewed_is_left_pending_but_not_in_ci() {
    let workspace = Workspace::with_contracts();
    let pending = "snapshots/v1.0/create-userinstallstatesummary.snap.new";
    let text = workspace.read(CONTRACT);
    let (request, response) = text.split_once("\"response\": {\n    \"status\"").expect("both parts");
    let response = response.replacen("\"failedDeviceCount\": 1", "\"failedDeviceCount\": 9", 1);
    let changed = format!("{request}\"response\": {{\n    \"status\"{response}");
    workspace.write(CONTRACT, &changed);
    for (variable, value) in [("CI", "true"), ("INSTA_UPDATE", "no")] {
        let output = workspace.command("replay").env(variable, value).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(!workspace.path(pending).exists(), "{variable}={value}");
    }
    assert!(
        workspace
            .run("replay")
            .out
            .contains("1 snapshot is pending. Accept or reject each:\n  graph-contracts review\n")
    );
    // What was pending is not true any more.
    workspace.write(CONTRACT, &text);
    assert_eq!(workspace.run("replay").code, 0);
    assert!(!workspace.path(pending).exists());
    workspace.write(CONTRACT, &changed);
    assert_eq!(workspace.run("replay").code, 1);
    let ran = workspace.run("review --accept");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(workspace.run("replay").code, 0);
    let snapshot = workspace.read(pending.trim_end_matches(".new"));
    assert!(snapshot.contains("declared:") && snapshot.contains("\"failedDeviceCount\": 9"), "{snapshot}");
}

/// Pages that are imported and reviewed, as the configuration names them.
fn imported() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", PAGE);
    workspace.write("docs/room-get.md", PAGE.replace("lamp", "room"));
    workspace.write("graph-contracts.toml", "pages = ['docs']\n");
    for command in ["import", "replay", "review --accept"] {
        workspace.run(command);
    }
    workspace
}

#[test]
fn a_page_that_has_changed_since_its_import_is_named_and_is_no_failure() {
    let check = |prepare: &dyn Fn(&Workspace), arguments: &str, expected: &[&str]| {
        let workspace = imported();
        prepare(&workspace);
        let ran = workspace.run(&format!("{arguments} --json out.json"));
        assert_eq!(ran.code, 0, "{ran:?}");
        let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
        assert_eq!(document["changed_pages"], serde_json::json!(expected), "{arguments}: {ran:?}");
        let next = "Take what the pages document now:\n  graph-contracts import\n";
        assert_eq!(ran.out.ends_with(next), !expected.is_empty(), "{ran:?}");
        assert_eq!(ran.out.contains("The contracts are consistent"), expected.is_empty(), "{ran:?}");
        for page in expected {
            let block = format!("pages that have changed since their contracts were made:\n  {page}\n");
            assert!(ran.out.contains(&block), "{ran:?}");
        }
    };
    let edit = |workspace: &Workspace| workspace.edit("docs/lamp-get.md", "\"on\": true", "\"on\": false");
    check(&|_| {}, "replay", &[]);
    check(&edit, "replay", &["lamp-get.md"]);
    check(&edit, "replay --pages none", &[]);
    check(&edit, "replay lamp", &[]);
    // What says the same in other words has not changed, and what is not there is not known.
    check(&|own| own.write("docs/lamp-get.md", PAGE.to_owned() + "\nMore.\n"), "replay", &[]);
    check(&|own| std::fs::remove_file(own.path("docs/lamp-get.md")).expect("removed"), "replay", &[]);
    check(&|own| std::fs::remove_dir_all(own.path("docs")).expect("removed"), "replay", &[]);
    // A page of no contract is another matter.
    check(&|own| own.write("docs/new-get.md", PAGE.replace("lamp", "plug")), "replay", &[]);
    let more = "\n## Example 2\n\n```http\nDELETE https://graph.microsoft.com/v1.0/lamps/1\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    check(&|own| own.write("docs/lamp-get.md", PAGE.to_owned() + more), "replay", &["lamp-get.md"]);
    check(&|own| own.write("docs/lamp-get.md", "# Lamp\n"), "replay", &["lamp-get.md"]);
}

#[test]
fn where_there_are_no_pages_it_is_not_known_whether_they_have_changed() {
    let workspace = imported();
    assert_eq!(workspace.run("replay").error, "");
    workspace.write("graph-contracts.toml", "pages = ['doc']\n");
    let ran = workspace.run("replay");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.error.starts_with("note: doc: "), "{ran:?}");
    assert!(ran.error.ends_with(", so that it is not known whether pages have changed\n"), "{ran:?}");
}

#[test]
fn a_misspelled_id_is_answered_with_the_nearest_one() {
    let workspace = imported();
    workspace
        .check_refused("replay v1.0/lamp-gte", &["no contract's id contains v1.0/lamp-gte", "mean `v1.0/lamp-get`?"]);
    workspace.check_refused("replay roomget", &["; did you mean `room-get`?"]);
    let ran = workspace.run("replay 0123456789");
    assert!(ran.code == 2 && !ran.error.contains("did you mean"), "{ran:?}");
}

#[test]
fn pages_that_are_much_older_than_their_contracts_are_not_read_again() {
    let workspace = imported();
    workspace.edit("docs/lamp-get.md", "\"on\": true", "\"on\": false");
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let age = |name: &str| {
        let file = std::fs::File::options().append(true).open(workspace.path(name)).expect(name);
        file.set_modified(long_ago).expect("its time is set");
    };
    let is_named = || workspace.run("replay").out.contains("pages that have changed");
    assert!(is_named());
    age("docs/lamp-get.md");
    assert!(is_named(), "the other page is as young as the contracts");
    age("docs/room-get.md");
    assert!(!is_named());
    // What a page includes, and what describes its types, belongs to it.
    workspace.write("docs/includes/a.md", "Text.\n");
    assert!(is_named());
}
