//! `graph-contracts serve`.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{PAGE, Ran, Workspace};

/// How long a server may take for one thing.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with a contract that answers `GET /lamps/{id}`.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("pages/lamp-get.md", PAGE);
    let ran = workspace.run("import pages --out contracts");
    assert_eq!(ran.code, 0, "{ran:?}");
    workspace
}

/// A server that runs.
struct Served<'w> {
    workspace: &'w Workspace,
    child: Child,
    url: String,
}

impl Served<'_> {
    /// Starts a server on a free port, with its output in the files `out` and `error`.
    fn start<'w>(workspace: &'w Workspace, arguments: &str) -> Served<'w> {
        let command = workspace.command(&format!("serve --port 0 --ready-file ready {arguments}"));
        Served::start_by(workspace, command)
    }

    /// The same by a command.
    fn start_by(workspace: &Workspace, mut command: Command) -> Served<'_> {
        let _ = std::fs::remove_file(workspace.path("ready"));
        let file = |name: &str| Stdio::from(std::fs::File::create(workspace.path(name)).expect("a file"));
        let child = command.stdout(file("out")).stderr(file("error")).spawn().expect("the command runs");
        let mut served = Served { workspace, child, url: String::new() };
        served.wait_for("a URL", |served| served.workspace.path("ready").exists());
        served.url = workspace.read("ready").trim().to_owned();
        served
    }

    /// Waits until something is true.
    #[track_caller]
    fn wait_for(&mut self, what: &str, is_true: impl Fn(&Served<'_>) -> bool) {
        let start = Instant::now();
        while !is_true(self) {
            let ended = self.child.try_wait().expect("a process");
            let texts = (self.workspace.read("out"), self.workspace.read("error"));
            assert!(ended.is_none() && start.elapsed() < PATIENCE, "no {what}: {ended:?} {texts:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The status and the body of an answer.
    fn ask(&self, line: &str, fields: &str, body: &str) -> (u16, String) {
        let (method, target) = line.split_once(' ').expect("method and target");
        let address = self.url.strip_prefix("http://").expect("a URL");
        let mut stream = TcpStream::connect(address).expect("the server listens");
        let length = body.len();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer SECRET\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{fields}\r\n"
        );
        stream.write_all(format!("{head}{body}").as_bytes()).expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, body.to_owned())
    }

    fn get(&self, target: &str) -> u16 {
        self.ask(&format!("GET {target}"), "", "").0
    }

    /// Ends the server by a signal, and waits for it.
    fn end(mut self) -> Ran {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill is there");
        assert!(sent.success());
        let code = self.child.wait().expect("a process").code().expect("it ends in order");
        Ran { code, out: self.workspace.read("out"), error: self.workspace.read("error") }
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[cfg(unix)]
fn a_server_says_where_it_is_and_ends_in_order() {
    let workspace = workspace();
    let served = Served::start(&workspace, "--journal requests.jsonl");
    let url = served.url.clone();
    assert_eq!(served.get("/v1.0/lamps/9"), 200);
    assert_eq!(served.get("/v1.0/rooms/9"), 501);
    let ran = served.end();
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], url);
    assert_eq!(lines[1], "serves 1 contracts in the place of https://graph.microsoft.com; Ctrl-C ends it");
    assert_eq!(lines[2], "2 requests: 1 answered, 0 of them with something undocumented, 1 refused");
    assert!(ran.error.starts_with("GET /v1.0/rooms/9 fits no contract, and none has a path like it\n"), "{ran:?}");
    let journal = workspace.read("requests.jsonl");
    let entries: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&entries[0]["contract"], &entries[0]["url"]), (&json!("v1.0/lamp-get"), &json!("/v1.0/lamps/9")));
    assert_eq!(entries[1]["refusal"]["nearest"], json!(null));
    assert!(!journal.contains("SECRET") && !ran.error.contains("SECRET"));
}

#[test]
#[cfg(unix)]
fn what_is_not_documented_fails_the_run_if_that_is_asked_for() {
    let workspace = workspace();
    let check = |target: &str, code: i32| {
        let served = Served::start(&workspace, "--fail-on undocumented");
        served.get(target);
        let ran = served.end();
        assert_eq!(ran.code, code, "{target}: {ran:?}");
    };
    check("/v1.0/lamps/9", 0);
    check("/v1.0/lamps/9?loud=1", 1);
    check("/v1.0/rooms/9", 1);
}

#[test]
#[cfg(unix)]
fn each_request_is_a_line_of_json() {
    let workspace = workspace();
    let served = Served::start(&workspace, "--json");
    let url = served.url.clone();
    served.get("/v1.0/lamps/9");
    let ran = served.end();
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ready = json!({ "url": url, "contracts": 1, "certificate_authority": null, "proxy": null });
    assert_eq!(lines[0], ready);
    assert_eq!((&lines[1]["number"], &lines[1]["status"]), (&json!(1), &json!(200)));
    let summary = json!({ "requests": 1, "answered": 1, "refused": 0, "undocumented": 0, "denied": 0 });
    assert_eq!(lines[2], json!({ "summary": summary }));
    assert_eq!(lines.len(), 3);
}

#[test]
fn what_cannot_run_says_why() {
    let workspace = workspace();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let message = format!("port {port} of 127.0.0.1 is taken by another program: end that one, or choose another port");
    workspace.check_refused(&format!("serve --port {port}"), &[&message]);
    workspace.check_refused("serve --contracts nowhere", &["nowhere"]);
    workspace.check_refused(
        "serve --port 0 --har no/such/folder.har",
        &["cannot write the HTTP Archive no/such/folder.har"],
    );
    workspace.check_refused("serve --port 0 --journal no/such/folder.jsonl", &["cannot write the journal"]);
}

#[test]
#[cfg(unix)]
fn an_archive_is_valid_and_has_no_secrets() {
    let workspace = workspace();
    let served = Served::start(&workspace, "--har requests.har");
    served.ask("GET /v1.0/lamps/9?access_token=SECRET", "Cookie: session=SECRET\r\nX-Api-Key: SECRET\r\n", "");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    served.ask("POST /common/oauth2/v2.0/token", form, "grant_type=client_credentials&client_secret=SECRET");
    let json = "Content-Type: application/json\r\n";
    served.ask("POST /v1.0/lamps", json, r#"{"name": "hall", "passwordProfile": {"password": "SECRET"}}"#);
    served.ask("PUT /v1.0/lamps/9/$value", "Content-Type: image/png\r\n", "\u{1}\u{2}");
    let ran = served.end();
    let text = workspace.read("requests.har");
    assert!(!(text.clone() + &ran.out + &ran.error).contains("SECRET"), "{text}\n{ran:?}");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let schema: Value = serde_json::from_str(include_str!("formats/har-1.2.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{error} at {}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let entries = document["log"]["entries"].as_array().expect("requests");
    assert_eq!(entries.len(), 4);
    assert_eq!(entries[0]["response"]["content"]["mimeType"], "application/json");
    assert!(entries[2]["request"]["postData"]["text"].as_str().is_some_and(|text| text.contains("hall")));
    // The schema does find what is wrong.
    let mut wrong = document.clone();
    wrong["log"]["entries"][0]["request"].as_object_mut().expect("an object").remove("httpVersion");
    assert!(!validator.is_valid(&wrong));
    wrong = document.clone();
    wrong["log"]["entries"][0]["startedDateTime"] = json!("yesterday");
    assert!(!validator.is_valid(&wrong));
}

#[test]
#[cfg(unix)]
fn a_terminal_takes_no_commands_from_a_request() {
    let workspace = workspace();
    let served = Served::start(&workspace, "");
    served.get("/v1.0/rooms/%1B%5B2J%0A::error::x");
    let ran = served.end();
    assert!(!ran.error.contains('\u{1b}'), "{ran:?}");
    assert!(!ran.error.lines().any(|line| line.starts_with("::error")), "{ran:?}");
}

#[test]
#[cfg(unix)]
fn changed_contracts_are_read_again_and_broken_ones_are_not_taken() {
    let workspace = workspace();
    let mut served = Served::start(&workspace, "--watch");
    assert_eq!(served.get("/v1.0/lamps/9"), 200);
    assert_eq!(served.get("/v1.0/rooms/9"), 501);
    // Another contract.
    workspace.write("pages/room-get.md", PAGE.replace("lamp", "room"));
    assert_eq!(workspace.run("import pages --out contracts --overwrite").code, 0);
    served.wait_for("room", |served| served.get("/v1.0/rooms/9") == 200);
    // A broken one: what is broken is said, and the others answer on.
    let contract = workspace.read("contracts/v1.0/room-get.json");
    workspace.write("contracts/v1.0/room-get.json", "{\n  \"id\": 7\n}\n");
    let broken = "contracts/v1.0/room-get.json:2:";
    served.wait_for("message", |served| served.workspace.read("error").contains(broken));
    assert_eq!(served.get("/v1.0/rooms/9"), 200);
    // Fixed, and the folder made anew.
    std::fs::remove_dir_all(workspace.path("contracts")).expect("it is removed");
    served.wait_for("message", |served| served.workspace.read("error").matches("cannot be read").count() > 1);
    assert_eq!(served.get("/v1.0/rooms/9"), 200);
    workspace.write("contracts/v1.0/room-get.json", contract);
    served.wait_for("one contract", |served| served.get("/v1.0/lamps/9") == 501);
    assert_eq!(served.get("/v1.0/rooms/9"), 200);
    // And watched still.
    std::fs::remove_dir_all(workspace.path("contracts/v1.0")).expect("it is removed");
    workspace.write("pages/desk-get.md", PAGE.replace("lamp", "desk"));
    assert_eq!(workspace.run("import pages --out contracts --overwrite").code, 0);
    served.wait_for("desk", |served| served.get("/v1.0/desks/9") == 200);
    let ran = served.end();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("serves 2 contracts that were read again"), "{ran:?}");
}

#[test]
#[cfg(unix)]
fn rules_outside_the_contracts_are_read_again() {
    let workspace = workspace();
    workspace.write("rules/own.toml", graph_contracts::normal::DEFAULT_RULES);
    let mut served = Served::start(&workspace, "--watch --rules rules/own.toml");
    workspace.write("rules/new.toml", "[[rule]]\nlamp = 1\n");
    std::fs::rename(workspace.path("rules/new.toml"), workspace.path("rules/own.toml")).expect("it is renamed");
    served.wait_for("message", |served| served.workspace.read("error").contains("rules/own.toml:1:3: "));
    assert_eq!(served.get("/v1.0/lamps/9"), 200);
    assert_eq!(served.end().code, 0);
}

#[cfg(unix)]
#[test]
fn more_connections_are_open_than_a_shell_usually_allows_files() {
    let workspace = workspace();
    let own = workspace.command("serve --port 0 --ready-file ready");
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -Sn 64 && exec \"$0\" \"$@\""]).arg(own.get_program()).args(own.get_args());
    limited.current_dir(workspace.path(""));
    let served = Served::start_by(&workspace, limited);
    let address = served.url.strip_prefix("http://").expect("a URL");
    let mut streams: Vec<TcpStream> =
        (0..200).map(|_| TcpStream::connect(address).expect("the server listens")).collect();
    for stream in &mut streams {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let request = format!("GET /v1.0/lamps/7 HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer any\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("the server answers");
        assert_eq!(&status, b"HTTP/1.1 200");
    }
}
