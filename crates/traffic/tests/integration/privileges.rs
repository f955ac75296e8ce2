//! The least privileges, beside what tokens have and what was granted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use graph_contracts_traffic::{Expectations, Granted, Kind};
use serde_json::{Value, json};

use crate::{Call, call, lamp, lines, verify};

fn with_token(call: Call, claims: &Value) -> Call {
    call.with("Authorization", &format!("Bearer e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string())))
}

fn get() -> Call {
    call(0.0, "GET /v1.0/lamps/7", 200, &lamp())
}

#[track_caller]
fn check(calls: &[Call], granted: Option<&str>, expected: &[&str]) {
    let granted = granted.map(|text| Granted::parse(text).expect("what was granted"));
    let found = verify(calls, Expectations { granted, promised: None });
    assert_eq!(lines(&found), expected, "{found:#?}");
}

#[test]
fn what_a_token_lacks_is_found_at_the_request() {
    check(
        &[with_token(get(), &json!({ "scp": "openid Room.Read.All" }))],
        None,
        &["excess-permission", "missing-permission 1 v1.0/lamp-get.md:5"],
    );
    check(&[with_token(get(), &json!({ "scp": "Lamp.Read profile" }))], None, &[]);
    check(&[with_token(get(), &json!({ "roles": ["Lamp.Read.All"] }))], None, &[]);
    check(&[get()], None, &[]);
}

#[test]
fn a_permission_that_includes_the_needed_one_by_its_name_is_enough() {
    let plug = || call(0.0, "GET /v1.0/plugs/7", 200, &json!({ "id": "7", "name": "hall" }));
    let missing = |scopes: &str| {
        let found = verify(&[with_token(plug(), &json!({ "scp": scopes }))], Expectations::default());
        lines(&found).iter().any(|line| line.starts_with("missing-permission"))
    };
    for scopes in ["Plug.Read", "Plug.ReadWrite", "plug.read.all", "Plug.ReadWrite.All"] {
        assert!(!missing(scopes), "{scopes}");
    }
    for scopes in ["Plug.ReadBasic", "Plug.Read.Shared", "Lamp.ReadWrite", "Plug.Write", "Plug", "Plug.FullControl.All"]
    {
        assert!(missing(scopes), "{scopes}");
    }
}

#[test]
fn what_is_granted_and_not_needed_is_found() {
    check(
        &[get()],
        Some("delegated = ['Lamp.Read', 'Lamp.ReadWrite', 'Mail.Read']"),
        &["excess-permission", "excess-permission"],
    );
    check(&[get()], Some("delegated = ['Lamp.ReadWrite']"), &["excess-permission"]);
    check(&[get()], Some("application = ['Lamp.Read.All']"), &[]);
    check(&[get()], Some("delegated = []\napplication = ['Lamp.Read.All']"), &[]);
    check(
        &[get()],
        Some("delegated = ['Mail.Read']"),
        &["excess-permission", "missing-permission 1 v1.0/lamp-get.md:5"],
    );
}

#[test]
fn where_a_page_states_no_permissions_nothing_is_too_much() {
    let bulb = call(1.0, "GET /v1.0/bulbs/7", 200, &json!({ "id": "7" }));
    let granted = Granted::parse("delegated = ['Lamp.Read', 'Mail.Read']").expect("what was granted");
    let found = verify(&[get(), bulb], Expectations { granted: Some(granted), promised: None });
    assert_eq!(lines(&found), ["deprecated 2 v1.0/bulb-get.md:1"]);
    let unknown: Vec<&str> =
        found.whole.iter().filter(|own| own.found.kind == Kind::Unknown).map(|own| own.said.as_str()).collect();
    assert_eq!(
        unknown,
        [
            "Mail.Read (delegated) is granted, and no call needs it, as far as is known: the permissions of 1 operation are not"
        ]
    );
}

#[test]
fn the_least_privileges_are_those_of_all_calls() {
    let found = verify(
        &[get(), call(1.0, "POST /v1.0/lamps", 201, &lamp()).sending(&json!({ "name": "a", "watts": 1 }))],
        Expectations::default(),
    );
    assert_eq!(found.delegated.least.iter().collect::<Vec<_>>(), ["Lamp.ReadWrite"]);
    assert_eq!(found.application.least.iter().collect::<Vec<_>>(), ["Lamp.ReadWrite.All"]);
    assert_eq!((found.delegated.unknown, found.delegated.granted), (0, None));
}
