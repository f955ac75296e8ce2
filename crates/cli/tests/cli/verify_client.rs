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
    check(&archive(&[]), "--expect promised.txt", 1, &["is promised, and was not called"]);
    check(&archive(&[]), "", 0, &["--base-url"]);
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
    check("no archive", "", 2, &["neither an HTTP Archive nor a journal"]);
}

#[test]
fn what_cannot_be_understood_is_said() {
    check(&archive(&[]), "--deny typo", 2, &["a kind is one of: all, none, undocumented"]);
    check(&archive(&[]), "--expect a.toml", 2, &["a.toml: cannot be read"]);
    check(&archive(&[]), "--granted promised.txt", 2, &["`delegated`, `application` or both"]);
}
