//! `graph-contracts check-metadata`, and `graph-contracts lint --metadata`

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use crate::support::{Ran, Workspace};

/// Where the metadata is in the folder of a test.
const CSDL: &str = "v1.0.csdl";

/// The page of a request for something, and its response with that body.
fn page(title: &str, request: &str, body: &str) -> String {
    let (method, path) = request.split_once(' ').expect("a request");
    format!(
        "# {title}\n\n## HTTP request\n\n```http\n{method} {path}\n```\n\n## Example\n\n```http\n\
         {method} https://graph.microsoft.com/v1.0{path}\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
         {body}\n```\n"
    )
}

/// A folder with metadata of v1.0, and the pages and contracts of one that is confirmed, two that are contradicted by one cause, and
/// one of beta.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let csdl = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/metadata/v1.0.csdl"));
    workspace.write(CSDL, csdl.expect("readable"));
    let locker = "{\n  \"id\": \"1\",\n  \"number\": 7\n}";
    let wrong = "{\n  \"id\": \"1\",\n  \"floor\": 3\n}";
    workspace.write("docs/v1.0/api/locker-get.md", page("Get locker", "GET /lockers/{id}", locker));
    workspace.write("docs/v1.0/api/locker-floor.md", page("Get floor of locker", "GET /lockers/{locker-id}", wrong));
    workspace.write("docs/v1.0/api/locker-wide.md", page("Get wide locker", "GET /lockers('{id}')", wrong));
    let beta = page("Get drawer", "GET /drawers/{id}", locker).replace("/v1.0/", "/beta/");
    workspace.write("docs/beta/api/drawer-get.md", beta);
    let ran = workspace.run("import docs");
    assert_eq!(ran.code, 0, "{ran:?}");
    workspace
}

/// Runs the command, and expects a code and these pieces on the standard output.
#[track_caller]
fn check(workspace: &Workspace, arguments: &str, code: i32, pieces: &[&str]) -> Ran {
    let ran = workspace.run(arguments);
    assert_eq!(ran.code, code, "{ran:?}");
    for piece in pieces {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}{}", ran.out, ran.error);
    }
    assert!(!ran.out.contains('\u{1b}'), "a pipe gets no colors");
    ran
}

/// A server that answers a number of connections with these bytes; its base URL.
fn serve(answer: String, times: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut socket in listener.incoming().take(times).flatten() {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|read| read > 0) {
                head.push(byte[0]);
            }
            // A client that goes away is no fault of the server.
            let _ = socket.write_all(answer.as_bytes());
        }
    });
    base
}

#[test]
fn each_contract_is_confirmed_contradicted_or_unknown() {
    let workspace = workspace();
    let pieces = [
        "     unknown  beta/drawer-get ",
        "   confirmed  v1.0/locker-get ",
        "contradicted  v1.0/locker-floor ",
        "contradicted  v1.0/locker-wide ",
        "`floor` is not a property of example.library.locker",
        "  declared in v1.0.csdl:17\n",
        "  correct or remove the member\n",
        "[member-not-in-metadata]  2 places in 2 contracts\n",
        "  v1.0/locker-floor on GET /lockers/{locker-id}\n    at $['floor'] of the response body  v1.0/api/locker-floor.md:21\n",
        "not known: no metadata of the version beta was given  1 contract, 1 route",
        "4 contracts, 4 routes: 1 confirmed, 2 contradicted, 1 unknown in ",
        "The metadata of beta makes more known: --metadata VERSION=FILE",
    ];
    check(&workspace, "check-metadata --metadata v1.0.csdl", 1, &pieces);
}

#[test]
fn what_is_confirmed_or_unknown_is_no_failure() {
    let workspace = workspace();
    let ran =
        check(&workspace, "check-metadata --metadata v1.0.csdl locker-get", 0, &["1 contract, 1 route: 1 confirmed"]);
    assert!(!ran.out.contains("makes more known") && !ran.out.contains("suppressions"), "{ran:?}");
    check(&workspace, "check-metadata --metadata v1.0.csdl beta/", 0, &["1 contract, 1 route: 1 unknown"]);
    workspace.check_refused("check-metadata --metadata v1.0.csdl nothing-like-this", &["nothing-like-this"]);
}

#[test]
fn the_version_is_said_or_in_the_name_of_the_file() {
    let workspace = workspace();
    workspace.write("service.xml", workspace.read(CSDL).replace("locker\"", "drawer\"").replace("lockers", "drawers"));
    let both = "check-metadata --metadata v1.0.csdl --metadata beta=service.xml";
    check(&workspace, both, 1, &["   confirmed  beta/drawer-get", "2 confirmed, 2 contradicted in "]);
    // What is of beta says nothing of v1.0.
    check(
        &workspace,
        "check-metadata --metadata beta=v1.0.csdl v1.0",
        0,
        &["3 unknown", "of v1.0 makes more known", "com/v1.0/$metadata'"],
    );
    workspace.check_refused("check-metadata --metadata nowhere.xml", &["nowhere.xml: cannot be read"]);
    workspace.check_refused("check-metadata --metadata contracts", &["contracts: cannot be read"]);
    workspace.check_refused(
        "check-metadata --metadata service.xml",
        &["service.xml: which version", "--metadata VERSION=service.xml"],
    );
    workspace.check_refused(
        "check-metadata --metadata v1.0.csdl --metadata v1.0=service.xml",
        &["service.xml:", "is declared in v1.0.csdl:", "already"],
    );
    workspace.check_refused("check-metadata --metadata moon:v1.0=service.xml", &["`moon` is not a cloud"]);
}

#[test]
fn several_documents_of_one_version_are_one_model() {
    let workspace = workspace();
    let edmx = |inner: &str| format!("<Edmx Version=\"4.0\">{inner}</Edmx>");
    let main = edmx(
        "<Reference Uri=\"types.xml\"><Include Namespace=\"shop.types\" Alias=\"t\"/></Reference>\n<DataServices><Schema Namespace=\"shop\" Alias=\"self\">\n\
         <EntityType Name=\"locker\" BaseType=\"t.numbered\"/>\n\
         <EntityContainer Name=\"Service\"><EntitySet Name=\"lockers\" EntityType=\"self.locker\"/></EntityContainer></Schema></DataServices>",
    );
    let types = edmx(
        "<DataServices><Schema Namespace=\"shop.types\" Alias=\"self\">\n\n<EntityType Name=\"numbered\"><Key><PropertyRef Name=\"id\"/></Key>\n\
         <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/><Property Name=\"number\" Type=\"self.size\"/></EntityType>\n\
         <EnumType Name=\"size\"><Member Name=\"small\"/></EnumType></Schema></DataServices>",
    );
    workspace.write("main.xml", main);
    workspace.write("types.xml", types);
    // Without the second document, what comes from it is not known.
    check(&workspace, "check-metadata --metadata v1.0=main.xml locker-get", 0, &["1 confirmed"]);
    let both = "--metadata v1.0=main.xml --metadata v1.0=types.xml";
    let pieces = ["which is of type shop.types.size", "declared in types.xml:4\n"];
    check(&workspace, &format!("check-metadata {both} locker-get --json out.json"), 1, &pieces);
    let json: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    assert_eq!(json["metadata"], serde_json::json!({ "v1.0": ["main.xml", "types.xml"] }));
    check(&workspace, &format!("lint docs/v1.0/api/locker-get.md {both}"), 1, &["(types.xml:4)"]);
}

#[test]
fn a_cloud_that_a_page_names_has_its_operations() {
    let workspace = workspace();
    let china =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/metadata/v1.0-china.csdl"));
    workspace.write("china.csdl", china.expect("readable"));
    let named = |name: &str, text: &str| {
        let directive = format!("\n\n[!INCLUDE [national-cloud-support](../../includes/{name}.md)]\n\n## HTTP request");
        text.replacen("\n\n## HTTP request", &directive, 1)
    };
    let book = page("Get book", "GET /books/{id}", "{\n  \"id\": \"1\"\n}");
    workspace.write("docs/v1.0/api/book-get.md", named("all-clouds", &book));
    let locker = workspace.read("docs/v1.0/api/locker-get.md");
    workspace.write("docs/v1.0/api/locker-get.md", named("global-only", &locker));
    assert_eq!(workspace.run("import docs").code, 0);
    let pieces = [
        "the page names China operated by 21Vianet, whose metadata lacks the operation: the service has nothing called `books`",
        "  declared in china.csdl:",
        "    at the cloud china  v1.0/api/book-get.md:3\n",
        "  operation-in-denied-cloud                1  ",
        "What pages say of usgov-dod:v1.0 and usgov:v1.0 is unknown without its metadata: --metadata CLOUD:VERSION=FILE",
    ];
    let both = "--metadata v1.0.csdl --metadata china:v1.0=china.csdl";
    check(&workspace, &format!("check-metadata {both} book-get locker-get --json out.json"), 1, &pieces);
    let json: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    assert_eq!(json["metadata"], serde_json::json!({ "v1.0": "v1.0.csdl", "china:v1.0": "china.csdl" }));
    assert_eq!(json["missing_clouds"], serde_json::json!({ "usgov:v1.0": 2, "usgov-dod:v1.0": 2 }));
    check(&workspace, "check-metadata --metadata v1.0.csdl book-get locker-get", 0, &["2 confirmed in "]);
    let pieces = ["error[operation-not-in-cloud]: the page names China", "--> v1.0/api/book-get.md:3:1"];
    check(&workspace, &format!("lint docs/v1.0/api/book-get.md --pages-root docs {both}"), 1, &pieces);
}

#[test]
fn metadata_that_cannot_be_read_is_refused_with_its_place() {
    let workspace = workspace();
    workspace.check_refused("check-metadata --metadata v1.0=nowhere.xml", &["nowhere.xml: cannot be read"]);
    workspace.write("v1.0.xml", "<edmx:Edmx>\n  <a></b>\n</edmx:Edmx>\n");
    workspace.check_refused("check-metadata --metadata v1.0.xml", &["v1.0.xml:2:6: "]);
    workspace.write("v1.0.html", "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n");
    workspace.check_refused("check-metadata --metadata v1.0.html", &["v1.0.html:2:1: "]);
    workspace.write("v1.0.txt", b"\xff");
    workspace.check_refused("check-metadata --metadata v1.0.txt", &["v1.0.txt: cannot be read"]);
}

#[test]
fn without_metadata_it_is_said_where_it_comes_from() {
    let pieces = [
        "there is no metadata to check against",
        "  graph-contracts check-metadata locker --metadata 'https://graph.microsoft.com/v1.0/$metadata'\n",
        "--metadata v1.0=FILE",
        "`graph-contracts explain check-metadata`",
    ];
    workspace().check_refused("check-metadata locker", &pieces);
}

#[test]
fn accepted_findings_do_not_count_and_entries_that_accept_nothing_are_said() {
    let workspace = workspace();
    let entry =
        |code: &str, page: &str| format!("[[suppress]]\ncode = \"{code}\"\npage = \"{page}\"\nreason = \"known\"\n");
    // The linter has the same file: this command ignores its codes.
    let entries = entry("member-not-in-metadata", "*") + &entry("null-not-allowed", "*") + &entry("todo-left", "*");
    workspace.write("accepted.toml", entries);
    let run = "check-metadata --metadata v1.0.csdl --suppressions accepted.toml --json out.json";
    let pieces = [
        "accepted:\n  member-not-in-metadata                   2  `floor` is not a property of",
        "suppresses nothing: accepted.toml:5: null-not-allowed on *\n",
        "    accepted  v1.0/locker-floor",
        "1 confirmed, 2 accepted, 1 unknown in ",
    ];
    let ran = check(&workspace, run, 0, &pieces);
    assert!(!ran.out.contains("todo-left"), "{ran:?}");
    let json: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    assert_eq!((&json["contradicted"], &json["accepted"]), (&0.into(), &2.into()));
    workspace.write("accepted.toml", entry("no-such-code", "*"));
    workspace.check_refused(
        "check-metadata --metadata v1.0.csdl --suppressions accepted.toml",
        &["accepted.toml:1:1: there is no code `no-such-code`"],
    );
}

#[test]
fn the_result_is_there_as_json() {
    let workspace = workspace();
    check(&workspace, "check-metadata --metadata v1.0.csdl --json out/result.json", 1, &[]);
    let json: serde_json::Value = serde_json::from_str(&workspace.read("out/result.json")).expect("JSON");
    for (name, expected) in
        [("contracts", 4), ("routes", 4), ("confirmed", 1), ("contradicted", 2), ("accepted", 0), ("unknown", 1)]
    {
        assert_eq!(json[name], expected, "{name}");
    }
    let finding = &json["findings"][1];
    for (name, expected) in [
        ("code", "member-not-in-metadata"),
        ("contract", "v1.0/locker-floor"),
        ("route", "GET /lockers/{locker-id}"),
        ("at", "$['floor'] of the response body"),
        ("source", "v1.0/api/locker-floor.md:21"),
        ("metadata", "v1.0.csdl:17"),
    ] {
        assert_eq!(finding[name], expected, "{name}");
    }
    assert_eq!((&json["findings"][0]["code"], &json["findings"][0]["metadata"]), (&"no-metadata".into(), &().into()));
    assert_eq!(json["missing"], serde_json::json!(["beta"]));
}

#[test]
fn metadata_is_fetched_from_a_url() {
    let workspace = workspace();
    let csdl = workspace.read(CSDL);
    let head = |status: &str, length: usize| {
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        )
    };
    let base = serve(head("200 OK", csdl.len()) + &csdl, 3);
    let place = format!("  declared in {base}/v1.0/$metadata:17\n");
    check(&workspace, &format!("check-metadata --metadata {base}/v1.0/$metadata"), 1, &[&place]);
    // No value of a query is shown, not even in the command that a report shows.
    let run = format!("check-metadata --metadata {base}/v1.0/$metadata?sig=canary --report report --json out.json");
    let ran = check(&workspace, &run, 1, &[&format!("{base}/v1.0/$metadata?sig=…:17")]);
    for text in [ran.out, ran.error, workspace.read("out.json"), workspace.read("report/report.html")] {
        assert!(!text.contains("canary"), "{text}");
    }
    workspace.check_refused(
        &format!("check-metadata --max-body 1KiB --metadata {base}/v1.0/$metadata"),
        &[&format!("GET {base}/v1.0/$metadata failed"), "more than 1024 (raise it with --max-body)"],
    );
    let base = serve(head("404 Not Found", 0), 1);
    workspace.check_refused(
        &format!("check-metadata --metadata {base}/v1.0/$metadata"),
        &[&format!("GET {base}/v1.0/$metadata: the answer is 404")],
    );
    let with_user = base.replace("http://", "http://user:canary@");
    for name in [format!("{with_user}/v1.0/$metadata"), format!("{with_user}/$metadata")] {
        let ran = workspace.run(&format!("check-metadata --metadata {name}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error.contains(&base) && !ran.error.contains("canary"), "{ran:?}");
    }
}

#[test]
fn without_tls_the_command_says_how_to_build_it() {
    let workspace = workspace();
    // Cargo, which would build it, is not there.
    let mut command = workspace.command("check-metadata --metadata https://127.0.0.1:9/v1.0/$metadata");
    let output = command.env_remove("CARGO").output().expect("the command runs");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{error}");
    if !cfg!(feature = "live") {
        assert!(error.contains("build graph-contracts with its default features"), "{error}");
    }
}

#[test]
fn the_linter_finds_it_too_once_for_each_place() {
    let workspace = workspace();
    // Two routes, and one place.
    workspace.edit(
        "docs/v1.0/api/locker-floor.md",
        "```http\nGET /lockers/{locker-id}\n```",
        "```http\nGET /lockers/{locker-id}\nGET /lockers('{locker-id}')\n```",
    );
    assert_eq!(workspace.run("lint docs").code, 0, "without metadata, these are warnings alone");
    let pieces = [
        "error[member-not-in-metadata]: `floor` is not a property of example.library.locker",
        "(v1.0.csdl:17)",
        "--> v1.0/api/locker-floor.md:22:3",
        "22 |   \"floor\": 3",
        "   |   ^^^^^^^^",
        "help: correct or remove the member",
        "member-not-in-metadata                   2\n",
    ];
    let ran = check(&workspace, "lint docs --metadata v1.0.csdl --json lint.json --sarif lint.sarif", 1, &pieces);
    assert!(!ran.out.contains("no-metadata"), "what is not known is not a defect: {ran:?}");
    let sarif: serde_json::Value = serde_json::from_str(&workspace.read("lint.sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let result = results.iter().find(|result| result["ruleId"] == "member-not-in-metadata").expect("a result");
    assert_eq!(result["level"], "error");
    assert_eq!(
        result["locations"][0]["physicalLocation"]["region"],
        serde_json::json!({"startLine": 22, "startColumn": 3})
    );
    let json: serde_json::Value = serde_json::from_str(&workspace.read("lint.json")).expect("JSON");
    assert_eq!(json["by_code"]["member-not-in-metadata"], 2);
    let entry = "[[suppress]]\ncode = \"member-not-in-metadata\"\npage = \"*\"\nreason = \"known\"\n";
    workspace.write("accepted.toml", entry);
    let accepted = "lint docs --suppressions accepted.toml";
    check(&workspace, &format!("{accepted} --metadata v1.0.csdl"), 0, &[", 2 suppressed in "]);
    let ran = check(&workspace, accepted, 0, &[]);
    assert!(!ran.out.contains("suppresses nothing"), "without metadata, it cannot be found: {ran:?}");
    workspace.write("service.xml", workspace.read(CSDL));
    workspace.check_refused("lint docs --metadata service.xml", &["service.xml: which version"]);
}
