//! Delta queries follow what clients change.

use graph_contracts_tenant::Engine;
use serde_json::{Value, json};

use crate::support::{BASE, ask, ask_with, assert_refused, body, call, column, engine, user};

fn link(page: &Value, name: &str) -> String {
    page[name].as_str().expect("a link").to_owned()
}

/// What a delta link gives, and the next one.
fn follow(engine: &Engine, url: &str) -> (Value, String) {
    let (status, page) = call(engine, "GET", url, Value::Null);
    assert_eq!(status, 200, "{page}");
    let next = link(&page, "@odata.deltaLink");
    (page["value"].clone(), next)
}

#[test]
fn only_changes_since_the_token_come() {
    let engine = engine();
    let (ann, bob) = (user(&engine, "ann"), user(&engine, "bob"));
    let (first, next) = follow(&engine, "/users/delta?$select=displayName,id");
    assert_eq!(first, json!([{"id": ann, "displayName": "ann"}, {"id": bob, "displayName": "bob"}]));
    assert!(
        next.starts_with(&format!("{BASE}/v1.0/users/delta?$select=displayName,id&$deltatoken=")) && next.len() < 100,
        "{next}"
    );
    assert_eq!(follow(&engine, &next).0, json!([]));
    // Reading is no change, and neither is what others are linked to.
    call(&engine, "GET", &format!("/users/{ann}"), Value::Null);
    call(&engine, "PATCH", &format!("/users/{bob}"), json!({"displayName": "bobby"}));
    let cleo = user(&engine, "cleo");
    call(&engine, "DELETE", &format!("/users/{ann}"), Value::Null);
    let (changes, last) = follow(&engine, &next);
    let expected = json!([
        {"id": bob, "displayName": "bobby"}, {"id": cleo, "displayName": "cleo"},
        {"id": ann, "@removed": {"reason": "deleted"}}
    ]);
    assert_eq!(changes, expected);
    assert_eq!(follow(&engine, &last).0, json!([]));
    // The same token gives the same again.
    assert_eq!(follow(&engine, &next).0, expected);
}

#[test]
fn a_round_has_pages() {
    let engine = engine();
    for name in ["a", "b", "c"] {
        user(&engine, name);
    }
    let (mut url, mut names) = ("/users/delta?$filter=displayName ne 'b'".to_owned(), Vec::new());
    loop {
        let response = ask_with(&engine, "GET", &url, &[("prefer", "odata.maxpagesize=1")], b"");
        let page = body(&response);
        names.extend(column(&page, "displayName"));
        if page.get("@odata.nextLink").is_none() {
            break;
        }
        url = link(&page, "@odata.nextLink");
        assert_eq!(page.get("@odata.deltaLink"), None);
    }
    assert_eq!(names, ["a", "c"]);
}

#[test]
fn who_only_wants_what_comes_begins_with_the_latest_token() {
    let engine = engine();
    user(&engine, "ann");
    let (items, next) = follow(&engine, "/users/delta()?$deltatoken=latest");
    assert_eq!(items, json!([]));
    user(&engine, "bob");
    let (items, _) = follow(&engine, &next);
    assert_eq!(items[0]["displayName"], "bob");
}

#[test]
fn a_token_that_is_not_of_the_tenant_begins_anew() {
    let engine = engine();
    let (_, old) = follow(&engine, "/users/delta");
    engine.reset();
    for token in [
        &old,
        "/users/delta?$deltatoken=x",
        "/users/delta?$deltatoken=0.zzz",
        "/users/delta?$skiptoken=0.9.1.0",
        "/users/delta?$deltatoken=-",
    ] {
        assert_refused(&engine, "GET", token, Value::Null, 410, "synchronized again");
        let response = ask(&engine, "GET", token, &Value::Null);
        assert_eq!(body(&response)["error"]["code"], "syncStateNotFound");
        assert_eq!(response.headers["location"], format!("{BASE}/v1.0/users/delta"));
    }
}
