//! `graph-contracts verify-client`

use crate::support::{PAGE, Workspace};

/// A request to Microsoft Graph as an entry of an HTTP Archive.
fn entry(method: &str, path: &str) -> String {
    format!(
        r#"{{"request":{{"method":"{method}","url":"https://graph.microsoft.com{path}","headers":[{{"name":"client-request-id","value":"c"}}]}},"response":{{"status":404,"headers":[]}}}}"#
    )
}

fn archive(entries: &[String]) -> String {
    format!(r#"{{"log":{{"entries":[{}]}}}}"#, entries.join(","))
}

/// A folder with the contract of a lamp.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("docs/v1.0/lamp-get.md", PAGE);
    workspace.run("import docs");
    workspace
}

#[track_caller]
fn check(traffic: &str, arguments: &str, code: i32, said: &[&str]) {
    let workspace = workspace();
    workspace.write("a.har", traffic);
    workspace.write("promised.txt", "# what we use\nv1.0/lamp-get\n");
    let ran = workspace.run(&format!("verify-client a.har {arguments}"));
    assert_eq!(ran.code, code, "{ran:?}");
    for text in said {
        assert!(ran.out.contains(text) || ran.error.contains(text), "{text}: {ran:?}");
    }
}

#[test]
fn documented_calls_pass_and_others_fail() {
    let (documented, other) = (entry("GET", "/v1.0/lamps/7"), entry("DELETE", "/v1.0/lamps/7"));
    check(&archive(std::slice::from_ref(&documented)), "", 0, &["1 call, 1 operation: 1 documented"]);
    let found = ["request 2: the nearest is", "method: DELETE instead of GET", "1 documented, 1 undocumented"];
    check(&archive(&[documented.clone(), other.clone()]), "", 1, &found);
    check(&archive(&[documented.clone(), other]), "--deny beta", 0, &["no page documents the request (undocumented):"]);
    check(&archive(std::slice::from_ref(&documented)), "--expect promised.txt", 0, &[]);
    check(
        &archive(&[]),
        "--expect promised.txt",
        1,
        &["is promised, and was not called", "nothing was judged; what counts: 1 uncalled"],
    );
}

#[test]
fn what_has_no_request_shows_none() {
    let workspace = workspace();
    workspace.write("a.har", archive(&[entry("GET", "/v1.0/lamps/7")]));
    workspace.write("more.txt", "v1.0/nothing\n");
    let ran = workspace.run("verify-client a.har --expect more.txt");
    let lines: Vec<&str> = ran.out.lines().skip_while(|line| !line.starts_with("v1.0/nothing is promised")).collect();
    assert_eq!(lines[1..4], ["  call it, or take it out of the promised contracts", "  client", ""], "{ran:?}");
}

#[test]
fn an_address_of_ones_own_is_one() {
    let workspace = workspace();
    for wrong in ["localhost:3000", "ftp://localhost", "local host", "http://"] {
        workspace.check_refused(
            &format!("verify-client a.har --base-url '{wrong}'"),
            &["no address; write it with its scheme"],
        );
    }
    let own = entry("GET", "/v1.0/lamps/7").replace("https://graph.microsoft.com", "http://LOCALHOST:3000/graph");
    workspace.write("a.har", archive(&[own]));
    for base in ["http://localhost:3000/graph", "http://localhost:3000/graph/", "http://localhost:3000/graph/v1.0"] {
        let ran = workspace.run(&format!("verify-client a.har --base-url {base}"));
        assert!(ran.code == 0 && ran.out.contains("1 documented"), "{base}: {ran:?}");
    }
}

#[test]
fn an_upstream_is_one_of_the_proxy() {
    workspace().check_refused(
        "verify-client a.har --upstream tenant",
        &["cannot be used with '--upstream <stub|tenant|URL>'"],
    );
    workspace().check_refused("verify-client --upstream tenant", &["verify-client --proxy"]);
}

#[test]
fn where_nothing_is_judged_it_could_not_run() {
    let other = r#"{"request":{"method":"GET","url":"https://graph.example/v1.0/lamps/7","headers":[]},"response":{"status":200,"headers":[]}}"#;
    let nothing = "0 calls, 0 operations: nothing was judged in ";
    check(&archive(&[]), "", 2, &[nothing, "No request was recorded. Record while the client runs"]);
    check(&archive(&[other.to_owned()]), "", 2, &[nothing, "name that with --base-url"]);
    check(&archive(&[other.to_owned()]), "--base-url https://graph.example", 0, &["1 documented"]);
    check(&archive(&[other.to_owned()]), "--deny none --expect promised.txt", 2, &[nothing]);
}

#[test]
fn a_file_that_is_no_traffic_is_an_error() {
    let workspace = workspace();
    for text in ["no archive", "", "{}", r#"{"openapi":"3.1.0"}"#] {
        workspace.write("a.har", text);
        workspace.check_refused(
            "verify-client a.har",
            &["error: a.har:1:", "neither an HTTP Archive", "serve --journal FILE` has written"],
        );
        let ran = workspace.run("verify-client a.har");
        assert!(!ran.error.contains("--base-url") && ran.out.is_empty(), "{ran:?}");
    }
    // What can be read is judged all the same.
    workspace.write("b.har", archive(&[entry("GET", "/v1.0/lamps/7")]));
    let ran = workspace.run("verify-client a.har b.har");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("1 documented; 1 file is not read to the end"), "{ran:?}");
}

#[test]
fn what_was_read_of_a_broken_file_is_judged() {
    let whole = archive(&[entry("GET", "/v1.0/lamps/7"), entry("GET", "/v1.0/shades")]);
    check(
        &whole[..whole.len() - 3],
        "",
        2,
        &["a.har:1:", "what was read before, 2 entries, is judged", "1 undocumented"],
    );
}

#[test]
fn what_cannot_be_understood_is_said() {
    check(&archive(&[]), "--deny typo", 2, &["a kind is one of: all, none, undocumented"]);
    check(&archive(&[]), "--expect a.toml", 2, &["a.toml: cannot be read"]);
    check(&archive(&[]), "--granted promised.txt", 2, &["`delegated`, `application` or both"]);
}

#[test]
fn a_command_needs_the_proxy_and_a_service_needs_tls() {
    let workspace = workspace();
    for arguments in ["verify-client --proxy", "verify-client --proxy --upstream tenant", "verify-client --proxy --"] {
        let usage = "Usage: graph-contracts verify-client --proxy [--upstream UPSTREAM] -- COMMAND…\n";
        workspace.check_refused(arguments, &["there is no command", usage]);
        assert!(!workspace.run(arguments).error.contains("FILE"));
    }
    workspace.check_refused("verify-client", &["FILE"]);
    workspace.check_refused("verify-client -- true", &["--proxy"]);
    workspace.check_refused("verify-client a.har --proxy -- true", &["--proxy"]);
    workspace.check_refused(
        "verify-client --proxy --upstream http://service.example -- true",
        &["without TLS the token could be read"],
    );
    workspace.check_refused("verify-client --proxy --upstream nobody -- true", &["`stub`, `tenant`, or the base URL"]);
}

/// What clients of every language do behind the proxy is tried in `crates/traffic/tests/clients`.
#[cfg(all(unix, feature = "live"))]
mod proxy {
    use std::process::Stdio;

    use super::workspace;
    use crate::support::Workspace;

    /// Runs a script behind the proxy.
    #[track_caller]
    fn check(script: &str, code: i32, said: &[&str]) {
        let workspace = workspace();
        workspace.write("client.sh", script);
        let home = workspace.path("home").display().to_string();
        let run = workspace
            .command("verify-client --proxy -- sh client.sh")
            .env("XDG_DATA_HOME", &home)
            .env("HOME", &home)
            .output();
        let ran = run.expect("the command runs");
        let text = String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(code), "{text}");
        for piece in said {
            assert!(text.contains(piece), "{piece}: {text}");
        }
    }

    #[test]
    fn the_exit_code_of_a_command_is_said_and_its_failure_is_2() {
        check("exit 0", 2, &["the command ended with 0", "Nothing was sent through the proxy", "GRAPH_BASE_URL"]);
        check("exit 3", 2, &["the command ended with 3"]);
        check("kill -9 $$", 2, &["the command was ended by a signal"]);
    }

    #[test]
    fn a_command_is_told_of_the_proxy_and_of_whom_to_trust() {
        let script = r#"
            case $HTTPS_PROXY in http://127.0.0.1:*) ;; *) exit 3;; esac
            [ "$HTTPS_PROXY" = "$GRAPH_BASE_URL" ] || exit 4
            grep -q "BEGIN CERTIFICATE" "$SSL_CERT_FILE" || exit 5
            [ "$SSL_CERT_FILE" = "$NODE_EXTRA_CA_CERTS" ] || exit 6
        "#;
        check(script, 2, &["the command ended with 0", "sh runs behind the proxy http://127.0.0.1:"]);
    }

    #[test]
    fn signals_are_passed_on_and_what_was_sent_is_judged_all_the_same() {
        let workspace = Workspace::new();
        workspace.write("docs/v1.0/lamp-get.md", crate::support::PAGE);
        workspace.run("import docs");
        workspace.write("client.sh", "trap 'echo told; exit 7' TERM\necho ready\nwhile :; do sleep 0.05; done\n");
        let home = workspace.path("home").display().to_string();
        let mut command = workspace.command("verify-client --proxy --json result.json -- sh client.sh");
        let child = command.env("XDG_DATA_HOME", &home).env("HOME", &home).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the command runs");
        let mut out = std::io::BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        std::io::BufRead::read_line(&mut out, &mut line).expect("a line");
        assert_eq!(line, "ready\n");
        let killed = std::process::Command::new("kill").arg(child.id().to_string()).status();
        assert!(killed.expect("it is sent").success());
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut out, &mut rest).expect("its output");
        assert_eq!(child.wait().expect("it ends").code(), Some(2), "{rest}");
        assert!(rest.starts_with("told\n") && rest.contains("the command ended with 7"), "{rest}");
        assert!(workspace.read("result.json").contains(r#""command_exit_code": 7"#));
    }

    #[test]
    fn what_cannot_be_run_is_said() {
        let workspace = workspace();
        let home = workspace.path("home").display().to_string();
        let ran = workspace.command("verify-client --proxy -- no-such-program").env("XDG_DATA_HOME", &home).output();
        let ran = ran.expect("the command runs");
        let error = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{error}");
        assert!(error.contains("no-such-program: cannot be run"), "{error}");
    }
}
