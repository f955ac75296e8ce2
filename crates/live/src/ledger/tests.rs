//! What a ledger keeps, and when it is refused.

use reqwest::Url;
use tempfile::TempDir;

use super::*;
use crate::known_keys::{Known, KnownKeys};

const BASE: &str = "https://h:8443";
const THEN: &str = "2026-11-24T12:00:00Z";
const HEAD: &str = r#"{"ledger":1,"base":"https://h:8443","tenant":"t","identity":"me","salt":"salt"}"#;

fn destination(base: &str, tenant: &str) -> Destination {
    Destination::new(&Url::parse(base).expect("a URL"), tenant)
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("a/b/ledger.jsonl")
}

fn try_open(folder: &TempDir) -> Result<Ledger, LedgerError> {
    Ledger::open(path(folder), destination(BASE, "T"), "me")
}

#[track_caller]
fn open(folder: &TempDir) -> Ledger {
    try_open(folder).expect("a ledger")
}

fn text(folder: &TempDir) -> String {
    std::fs::read_to_string(path(folder)).expect("a file")
}

fn change(ledger: &Ledger, url: &str) -> IntentId {
    ledger.intent("c", "PATCH", url, None).expect("noted").n
}

fn post(ledger: &Ledger, url: &str) -> IntentId {
    let before = KnownKeys::new(ledger.salt(), ["ada@contoso.com"]);
    let creation = Creation { marked: None, time: THEN.parse().expect("a time"), before };
    ledger.intent("c", "POST", url, Some(creation)).expect("noted").n
}

/// Creates an object of which all is known.
fn create(ledger: &Ledger, url: &str) {
    let n = post(ledger, url.rsplit_once('/').expect("a key").0);
    ledger.created(n, url, None).expect("noted");
    ledger.settled(n).expect("noted");
}

#[track_caller]
fn check_left(ledger: &Ledger, created: &[&str], unsettled: &[u64]) {
    let left = ledger.left();
    let urls: Vec<&str> = left.created.iter().map(|object| object.url.as_str()).collect();
    let numbers: Vec<u64> = left.unsettled.iter().map(|intent| intent.n.0).collect();
    assert_eq!((urls.as_slice(), numbers.as_slice()), (created, unsettled));
}

#[test]
fn what_is_created_is_left_until_it_is_gone() {
    let folder = folder();
    let ledger = open(&folder);
    for url in ["/v1.0/users/1", "/v1.0/users/2", "/v1.0/users/3"] {
        create(&ledger, url);
    }
    check_left(&ledger, &["/v1.0/users/3", "/v1.0/users/2", "/v1.0/users/1"], &[]);
    ledger.gone("/v1.0/users/2").expect("noted");
    ledger.gone("https://h:8443/v1.0/users/3").expect("noted");
    ledger.gone("/v1.0/users/2").expect("it is harmless twice");
    check_left(&ledger, &["/v1.0/users/1"], &[]);
    create(&ledger, "/v1.0/users/2");
    check_left(&ledger, &["/v1.0/users/2", "/v1.0/users/1"], &[]);
}

#[test]
fn children_are_left_before_their_parents_however_old_they_are() {
    let folder = folder();
    let ledger = open(&folder);
    for url in ["/v1.0/g/1/c/2/m/3", "/v1.0/g/10", "/v1.0/g/1/c/2", "/v1.0/g/1", "/v1.0/g/1/d/4"] {
        create(&ledger, url);
    }
    let expected = ["/v1.0/g/1/d/4", "/v1.0/g/1/c/2/m/3", "/v1.0/g/1/c/2", "/v1.0/g/1", "/v1.0/g/10"];
    check_left(&ledger, &expected, &[]);
}

#[test]
fn a_change_is_open_until_its_answer_is_known() {
    let folder = folder();
    let ledger = open(&folder);
    let [_, answered, failed, ambiguous] = [(); 4].map(|()| change(&ledger, "/v1.0/users/1"));
    ledger.answered(answered, 204, 1).expect("noted");
    ledger.failed(failed, false, 1, "no connection").expect("noted");
    ledger.failed(ambiguous, true, 1, "reset").expect("noted");
    check_left(&ledger, &[], &[3, 0]);
    ledger.acknowledge(ambiguous).expect("noted");
    check_left(&ledger, &[], &[0]);
}

#[test]
fn a_creation_is_open_until_its_collection_was_seen_whatever_it_was_answered() {
    let folder = folder();
    let ledger = open(&folder);
    let [refused, proven, unsent] = [(); 3].map(|()| post(&ledger, "/v1.0/users"));
    ledger.answered(refused, 409, 1).expect("noted");
    ledger.created(proven, "/v1.0/users/1", None).expect("noted");
    ledger.answered(proven, 201, 1).expect("noted");
    ledger.failed(unsent, false, 1, "no connection").expect("noted");
    check_left(&ledger, &["/v1.0/users/1"], &[1, 0]);
    ledger.settled(proven).expect("noted");
    ledger.settled(refused).expect("noted");
    check_left(&ledger, &["/v1.0/users/1"], &[]);
}

#[test]
fn what_may_be_the_runs_is_named_until_it_is_known_whose_it_is() {
    let folder = folder();
    let ledger = open(&folder);
    let [gone, disowned, created, acknowledged, open] = [(); 5].map(|()| post(&ledger, "/v1.0/users"));
    for (n, url) in [(gone, "1"), (disowned, "2"), (created, "3"), (acknowledged, "4"), (open, "5")] {
        ledger.suspect(n, &format!("/v1.0/users/{url}"), "why", false).expect("noted");
    }
    ledger.gone("/v1.0/users/1").expect("noted");
    ledger.disowned(disowned, "/v1.0/users/2").expect("noted");
    ledger.created(created, "/v1.0/users/3", Some(THEN.to_owned())).expect("noted");
    ledger.acknowledge(acknowledged).expect("noted");
    let left = ledger.left();
    assert_eq!(left.suspects.iter().map(|suspect| suspect.url.as_str()).collect::<Vec<_>>(), ["/v1.0/users/5"]);
    assert_eq!(left.created[0].stamp.as_deref(), Some(THEN));
}

#[test]
fn a_ledger_survives_a_crash_and_goes_on() {
    let folder = folder();
    let ledger = open(&folder);
    create(&ledger, "/v1.0/users/1");
    post(&ledger, "/v1.0/users");
    let salt = ledger.salt().clone();
    drop(ledger);
    let ledger = open(&folder);
    check_left(&ledger, &["/v1.0/users/1"], &[1]);
    let before = &ledger.left().unsettled[0].creation.as_ref().expect("a creation").before.clone();
    assert!(*ledger.salt() == salt && before.has(&salt, "ADA@contoso.com") == Known::InAnotherCase);
    assert_eq!(post(&ledger, "/v1.0/users"), IntentId(2));
    check_left(&ledger, &["/v1.0/users/1"], &[2, 1]);
}

/// The file is cut off at many of its bytes: each costs some syncs.
#[test]
fn a_torn_last_line_is_cut_off_wherever_it_is_torn() {
    let folder = folder();
    let ledger = open(&folder);
    let n = post(&ledger, "/v1.0/users");
    ledger.created(n, "/v1.0/users/1", None).expect("noted");
    drop(ledger);
    let whole = text(&folder);
    let ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at + 1).collect();
    let intent = ends[1];
    for end in (0..whole.len()).step_by(7).chain([intent - 1, intent, intent + 1, whole.len() - 1]) {
        std::fs::write(path(&folder), &whole[..end]).expect("written");
        let ledger = open(&folder);
        check_left(&ledger, &[], if end < intent { &[] } else { &[0] });
        let number = u64::from(end >= intent);
        assert_eq!(post(&ledger, "/v1.0/users"), IntentId(number));
        drop(ledger);
        check_left(&open(&folder), &[], if end < intent { &[0] } else { &[1, 0] });
    }
    std::fs::write(path(&folder), [whole.as_bytes(), &[0; 100], b"\xff"].concat()).expect("written");
    check_left(&open(&folder), &["/v1.0/users/1"], &[0]);
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let folder = folder();
    drop(open(&folder));
    std::fs::write(path(&folder), text).expect("written");
    let error = try_open(&folder).expect_err("an error").to_string();
    assert!(error.contains(expected), "{error}");
    assert_eq!(self::text(&folder), text, "nothing is lost");
}

#[test]
fn a_line_that_no_run_has_written_is_named() {
    let intent = |n: u64, rest: &str| {
        let time = r#""time":"2026-11-24T12:00:00Z""#;
        format!(r#"{{"entry":"intent","n":{n},"contract":"c","method":"POST","url":"/v1.0/users",{time}{rest}}}"#)
    };
    let creation = r#","creation":{"time":"2026-11-24T12:00:00Z","before":{"exact":[],"lower":[]}}"#;
    let created = |url: &str| format!(r#"{{"entry":"created","n":0,"url":"{url}","time":"2026-11-24T12:00:00Z"}}"#);
    check_refused(&format!("{HEAD}\noops\n"), "ledger.jsonl:2: not an entry of a run: ");
    check_refused(
        &format!("{HEAD}\n{}\n", created("/v1.0/users/1")),
        "the request that it is about is not in the ledger",
    );
    let own = intent(0, creation);
    for url in
        ["/v1.0/groups/1", "/v1.0/users", "/v1.0/users/", "/v1.0/users/1/2", "/v1.0/users/..", "https://h/v1.0/users/1"]
    {
        check_refused(&format!("{HEAD}\n{own}\n{}\n", created(url)), "is nothing that POST /v1.0/users can create");
    }
    // A request that creates nothing.
    check_refused(&format!("{HEAD}\n{}\n{}\n", intent(0, ""), created("/v1.0/users/1")), "is nothing that POST");
    let stamped = created("/v1.0/users/1").replace('}', r#","stamp":"2020-01-01T00:00:00Z"}"#);
    check_refused(&format!("{HEAD}\n{own}\n{stamped}\n"), "is not what a request at 2026-11-24T12:00:00Z created");
    for marker in ["", "gc", "Desk", "gc0123456789ab0000"] {
        let marked = format!(
            r#","creation":{{"marked":{{"marker":"{marker}","member":"name","text":"x"}},"time":"2026-11-24T12:00:00Z","before":{{"exact":[],"lower":[]}}}}"#
        );
        check_refused(&format!("{HEAD}\n{}\n", intent(0, &marked)), "is not a marker");
    }
    check_refused(&format!("{HEAD}\n{own}\n{own}\n"), "an earlier request of the same number");
    check_refused(&format!("{}\n", HEAD.replace(":1,", ":2,")), "does not begin as a ledger of version 1");
    check_refused(&format!("{own}\n"), "does not begin as a ledger of version 1");
}

#[test]
fn two_runs_cannot_have_it() {
    let folder = folder();
    let ledger = open(&folder);
    let error = try_open(&folder).expect_err("an error");
    assert!(matches!(error, LedgerError::InUse { .. }), "{error}");
    drop(ledger);
    open(&folder);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_and_a_device_is_not_written_to() {
    let folder = folder();
    let own = folder.path().join("own.txt");
    std::fs::write(&own, "precious").expect("written");
    std::fs::create_dir_all(path(&folder).parent().expect("a folder")).expect("made");
    for target in [own.as_path(), Path::new("/dev/null")] {
        std::os::unix::fs::symlink(target, path(&folder)).expect("linked");
        let error = try_open(&folder).expect_err("an error");
        assert!(matches!(error, LedgerError::NotAFile { .. }), "{error}");
        std::fs::remove_file(path(&folder)).expect("removed");
    }
    assert_eq!(std::fs::read_to_string(&own).expect("read"), "precious");
}

#[test]
fn what_was_written_elsewhere_is_shown_and_not_touched() {
    let folder = folder();
    let ledger = open(&folder);
    create(&ledger, "/v1.0/users/1");
    drop(ledger);
    let before = text(&folder);
    for (base, tenant) in [(BASE, "other"), ("https://h", "T"), ("http://h:8443", "T")] {
        let error = Ledger::open(path(&folder), destination(base, tenant), "me").expect_err("an error").to_string();
        assert!(error.contains("is about the tenant t at https://h:8443, and this run goes to"), "{error}");
        assert!(error.ends_with("it has /v1.0/users/1"), "{error}");
    }
    assert_eq!(text(&folder), before);
    let ledger = Ledger::open(path(&folder), destination("https://H:8443/", "t"), "me").expect("the same");
    ledger.gone("/v1.0/users/1").expect("noted");
    let names =
        [(BASE, "T"), (BASE, "other"), ("https://h", "T")].map(|(base, tenant)| destination(base, tenant).file_name());
    assert!(names[0] != names[1] && names[0] != names[2] && names[1] != names[2], "{names:?}");
}

#[test]
fn it_is_removed_only_when_nothing_is_left() {
    let folder = folder();
    let ledger = open(&folder);
    create(&ledger, "/v1.0/users/1");
    let before = text(&folder);
    assert_eq!(ledger.close().expect("closed").created.len(), 1);
    assert_eq!(text(&folder), before);
    let ledger = open(&folder);
    ledger.gone("/v1.0/users/1").expect("noted");
    assert!(ledger.close().expect("closed").is_empty());
    assert!(!path(&folder).exists());
    check_left(&open(&folder), &[], &[]);
}

#[test]
fn lines_hold_identifiers_only_and_none_of_others() {
    let folder = folder();
    let ledger = open(&folder);
    let n = post(&ledger, "/v1.0/users/adele/messages?$search=secret");
    ledger.created(n, "https://h:8443/v1.0/users/adele/messages/2?sig=secret", None).expect("noted");
    ledger.gone("/v1.0/users/adele/messages/2").expect("noted");
    let text = text(&folder);
    assert!(!text.contains("secret") && !text.contains("ada@contoso.com"), "{text}");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| {
            let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            // What is another one each time.
            for name in ["time", "salt"] {
                line.as_object_mut().expect("an object").remove(name);
            }
            line
        })
        .collect();
    let expected = serde_json::json!([
        { "ledger": 1, "base": "https://h:8443", "tenant": "t", "identity": "me" },
        {
            "entry": "intent", "n": 0, "contract": "c", "method": "POST", "url": "/v1.0/users/adele/messages",
            "creation": { "time": THEN, "before": lines[1]["creation"]["before"] }
        },
        { "entry": "created", "n": 0, "url": "/v1.0/users/adele/messages/2" },
        { "entry": "gone", "url": "/v1.0/users/adele/messages/2" },
    ]);
    assert_eq!(serde_json::Value::from(lines), expected);
}

#[test]
fn a_request_whose_effect_is_not_known_says_what_may_exist_and_how_to_look_for_it() {
    let folder = folder();
    let ledger = open(&folder);
    for (method, words) in
        [("post", "what it creates may exist"), ("DELETE", "it may be deleted"), ("PATCH", "it may be changed")]
    {
        ledger.intent("user-post", method, "/v1.0/users", None).expect("noted");
        let advice = ledger.left().unsettled[0].advice(ledger.destination());
        let start = format!("{} /v1.0/users of user-post at 2", method.to_ascii_uppercase());
        assert!(advice.starts_with(&start), "{advice}");
        assert!(advice.contains(words) && advice.contains("GET https://h:8443/v1.0/users"), "{advice}");
    }
}
