//! Files as they come, and as they should not.

use super::*;
use crate::recorded::{Content, Recorded};

/// What is read of a file: the requests, the entries that are none, and why it could not be read to its end.
fn all(text: &[u8]) -> (Vec<Recorded>, Vec<String>, Option<ReadError>) {
    let (mut requests, mut others) = (Vec::new(), Vec::new());
    let read = read("a.har", "", text, &mut |record| match record {
        Record::Exchange(own) => requests.push(*own),
        Record::Unreadable { number, reason } => others.push(format!("{number}: {reason}")),
    });
    (requests, others, read.err())
}

fn archive(entries: &str) -> Vec<u8> {
    format!(r#"{{"log":{{"version":"1.2","pages":[{{"a":[1]}}],"entries":[{entries}]}}}}"#).into_bytes()
}

#[track_caller]
fn check_body(request: &str, expected: &Content) {
    let text = format!(r#"{{"request":{{"method":"POST","url":"https://h/v1.0/a",{request}}}}}"#);
    let (requests, others, error) = all(&archive(&text));
    assert_eq!((others.len(), error), (0, None), "{others:?}");
    assert_eq!(requests[0].body, *expected, "{request}");
}

#[test]
fn a_body_is_whole_or_not_known() {
    let whole = |text: &str| Content::Whole(text.as_bytes().to_vec());
    let left_out = Content::NotKnown("the archive leaves the body out");
    check_body(r#""postData":{"mimeType":"application/json","text":"{}"}"#, &whole("{}"));
    check_body(r#""postData":{"mimeType":"application/json","text":"e30=","encoding":"base64"}"#, &whole("{}"));
    check_body(r#""bodySize":0"#, &whole(""));
    check_body(r#""bodySize":-1"#, &whole(""));
    check_body(r#""bodySize":12"#, &left_out);
    check_body(r#""headers":[{"name":"Content-Length","value":"12"}]"#, &left_out);
    check_body(r#""postData":{"mimeType":"a/b","text":"","comment":"70000 bytes are left out"}"#, &left_out);
    check_body(r#""postData":null,"headers":null"#, &whole(""));
    check_body(r#""postData":{"text":"a\ud800b"}"#, &whole("a\u{fffd}\u{fffd}\u{fffd}b"));
}

#[test]
fn pseudo_fields_and_what_is_no_field_are_left_out() {
    let fields = r#"[{"name":":path","value":"/a"},{"name":"Accept","value":"*/*"},{"name":"a b","value":"x"},{"name":"n","value":null}]"#;
    let entry = format!(r#"{{"request":{{"method":"GET","url":"https://h/a","headers":{fields}}}}}"#);
    let (requests, ..) = all(&archive(&entry));
    let headers = requests[0].headers.as_ref().expect("fields");
    assert_eq!(headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
}

#[test]
fn an_entry_that_is_none_keeps_no_other_from_being_read() {
    let good = r#"{"request":{"method":"GET","url":"https://h/a"},"response":{"status":200}}"#;
    let deep = format!(
        r#"{{"request":{{"method":"GET","url":"https://h/a"}},"x":{}{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let text =
        archive(&format!(r#"{good},{{"request":7}},null,{{"request":{{"method":null,"url":"a"}}}},{deep},{good}"#));
    let (requests, others, error) = all(&text);
    assert_eq!(error, None);
    assert_eq!(requests.iter().map(|own| own.number.as_str()).collect::<Vec<_>>(), ["1", "5", "6"], "{others:?}");
    assert_eq!(others.len(), 3);
}

#[test]
fn what_was_read_of_a_file_that_is_cut_off_counts() {
    let good = r#"{"request":{"method":"GET","url":"https://h/a"}}"#;
    let whole = archive(&format!("{good},\n{good}"));
    for end in 0..whole.len() {
        let (requests, others, error) = all(&whole[..end]);
        let error = error.unwrap_or_else(|| panic!("{end} bytes are the whole"));
        assert_eq!((error.entries, others.len()), (requests.len(), 0), "{end}");
    }
    let (requests, _, error) = all(&whole[..whole.len() - 6]);
    assert_eq!((requests.len(), error.map(|error| error.line)), (1, Some(2)));
}

#[test]
fn bytes_that_are_not_text_are_replaced() {
    let (requests, ..) = all(&archive("{\"request\":{\"method\":\"GET\",\"url\":\"https://h/\u{e9}\"}}"));
    assert_eq!(requests[0].url, "https://h/\u{e9}");
    let mut bytes = archive(r#"{"request":{"method":"GET","url":"https://h/?"}}"#);
    let at = bytes.iter().position(|byte| *byte == b'?').expect("a mark");
    bytes[at] = 0xff;
    assert_eq!(all(&bytes).0[0].url, "https://h/\u{fffd}");
}

#[test]
fn a_file_that_is_something_else_is_said_to_be() {
    for text in ["", "[]", "{}", "<html>", r#"{"log":{}}"#, r#"{"log":7}"#] {
        let (.., error) = all(text.as_bytes());
        let reason = error.unwrap_or_else(|| panic!("{text} is an archive")).reason;
        assert!(reason.starts_with("neither an HTTP Archive"), "{text}: {reason}");
    }
}

#[test]
fn a_journal_is_read_line_by_line() {
    let line = r#"{"number":1,"at":"2026-01-02T03:04:05Z","milliseconds":1.5,"method":"GET","url":"/v1.0/me","status":200,"contract":"v1.0/user-get"}"#;
    let (requests, others, error) = all(format!("{line}\n\nnot one\n{line}\n{}", &line[..30]).as_bytes());
    assert_eq!((requests.len(), others.len()), (2, 1), "{others:?}");
    assert_eq!(requests[0].url, "/v1.0/me");
    let error = error.expect("it is cut off");
    assert_eq!((error.line, error.entries), (5, 3));
}
