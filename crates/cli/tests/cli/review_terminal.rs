//! `graph-contracts review` on a terminal.

// Other systems have a `script` with other options.
#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use crate::review::{LIVE, check_shown, document, pending, skipped, with_drift};
use crate::support::Workspace;

/// The command on a terminal of its own; nothing where there is no `script` to make one.
fn on_terminal(workspace: &Workspace, arguments: &str) -> Option<Child> {
    let command = format!("{} {arguments}", env!("CARGO_BIN_EXE_graph-contracts"));
    let script = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(workspace.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    if script.is_err() {
        skipped("`script` is not installed, so there is no terminal to try");
    }
    script.ok()
}

#[test]
fn on_a_terminal_each_is_decided_by_a_key() {
    let workspace = with_drift();
    let Some(mut script) = on_terminal(&workspace, "review") else { return };
    let mut keys = script.stdin.take().expect("a pipe");
    // The first is not an answer; the second contract is skipped, the last two are left.
    keys.write_all(b"xasr").expect("typed");
    keys.write_all(b"q").expect("typed");
    let output = script.wait_with_output().expect("it ends");
    drop(keys);
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    check_shown(
        &out,
        &["A word in brackets", "[a]ccept", "1 accepted, 1 rejected, 3 pending", "Go on with what is pending:  "],
    );
    // Whoever was asked knows the keys, and what is to be done is said once.
    assert_eq!((out.matches("--patch").count(), out.matches("--accept").count()), (1, 0), "{out}");
    assert_eq!(out.matches("A word in brackets").count(), 1, "{out}");
    assert_eq!(pending(&workspace).len(), 3);
    assert!(workspace.path(LIVE.trim_end_matches(".new")).exists());
}

#[test]
fn what_is_decided_is_done_at_once_and_taken_back_by_whoever_goes_back() {
    let workspace = with_drift();
    let Some(mut script) = on_terminal(&workspace, "review") else { return };
    let (mut keys, mut screen) = (script.stdin.take().expect("a pipe"), script.stdout.take().expect("a pipe"));
    let mut out = Vec::new();
    let mut type_and_wait = |key: &[u8], prompts: usize| {
        keys.write_all(key).expect("typed");
        let mut byte = [0];
        while String::from_utf8_lossy(&out).matches("[q]uit").count() < prompts {
            assert_eq!(screen.read(&mut byte).expect("readable"), 1, "{}", String::from_utf8_lossy(&out));
            out.push(byte[0]);
        }
    };
    type_and_wait(b"", 1);
    for (key, prompts, expected) in [(b"a", 2, 4), (b"b", 3, 4), (b"s", 4, 5), (b"b", 5, 5), (b"r", 6, 4)] {
        type_and_wait(key, prompts);
        assert_eq!(pending(&workspace).len(), expected, "after {}", char::from(key[0]));
    }
    // Nothing of it is lost, however the program ends.
    script.kill().expect("killed");
    script.wait().expect("it ends");
    assert_eq!(pending(&workspace).len(), 4);
}

#[test]
fn whoever_interrupts_keeps_what_was_decided_and_gets_the_summary() {
    let workspace = with_drift();
    let Some(mut script) = on_terminal(&workspace, "review --json out.json") else { return };
    let (mut keys, mut screen) = (script.stdin.take().expect("a pipe"), script.stdout.take().expect("a pipe"));
    let mut out = Vec::new();
    let mut wait_for = |prompts: usize| {
        let mut byte = [0];
        while String::from_utf8_lossy(&out).matches("[q]uit").count() < prompts {
            assert_eq!(screen.read(&mut byte).expect("readable"), 1, "{}", String::from_utf8_lossy(&out));
            out.push(byte[0]);
        }
    };
    wait_for(1);
    keys.write_all(b"a").expect("typed");
    wait_for(2);
    // Until a key is waited for, the terminal makes a signal of it, and the next one a key.
    std::thread::spawn(move || {
        while keys.write_all(b"\x03").is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    });
    screen.read_to_end(&mut out).expect("readable");
    let code = script.wait().expect("it ends").code();
    let out = String::from_utf8_lossy(&out);
    assert_eq!(code, Some(1), "{out}");
    check_shown(&out, &["1 accepted, 4 pending"]);
    let document = document(&workspace);
    assert_eq!((&document["accepted"], &document["pending"]), (&1.into(), &4.into()));
    assert_eq!(pending(&workspace).len(), 4);
}
