//! What is deleted and can be restored.

use graph_contracts_tenant::{Engine, Origin};
use graph_contracts_testing::{contracts_of_pair, contracts_of_text};
use serde_json::{Value, json};

use crate::support::{BASE, ask, assert_refused, call, column, create, engine_of};

const USER: &str =
    r##"{"@odata.type": "#microsoft.graph.user", "id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Ann"}"##;
const GROUP: &str = r##"{"@odata.type": "#microsoft.graph.group", "id": "3e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Team", "visibility": "Public"}"##;
const ROOM: &str = r##"{"@odata.type": "#microsoft.graph.room", "id": "5e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Hall"}"##;
const LINK: &str = r#"{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{id}"}"#;

/// A directory in which users and groups are kept when they are deleted, and rooms are not.
fn directory() -> Engine {
    let list = |item: &str| format!("{{\"value\": [{item}]}}");
    let mut contracts = Vec::new();
    for (name, example) in [("user", USER), ("group", GROUP), ("room", ROOM)] {
        let sent = r#"{"displayName": "x"}"#;
        contracts.extend(contracts_of_pair(
            &format!("{name} create"),
            &format!("POST /{name}s"),
            sent,
            "201 Created",
            example,
        ));
        contracts.extend(contracts_of_pair(
            &format!("{name} list"),
            &format!("GET /{name}s"),
            "",
            "200 OK",
            &list(example),
        ));
        contracts.extend(contracts_of_pair(
            &format!("{name} get"),
            &format!("GET /{name}s/{{id}}"),
            "",
            "200 OK",
            example,
        ));
        contracts.extend(contracts_of_pair(
            &format!("{name} delete"),
            &format!("DELETE /{name}s/{{id}}"),
            "",
            "204 No Content",
            "",
        ));
    }
    let lists = format!(
        "# List deleted items\n\n## HTTP request\n\n```http\nGET /directory/deleteditems/microsoft.graph.group\n\
         GET /directory/deletedItems/microsoft.graph.user\n```\n\n## Example\n\n```http\n\
         GET https://graph.microsoft.com/v1.0/directory/deletedItems/microsoft.graph.group\n```\n\n```http\nHTTP/1.1 200 OK\n\
         Content-Type: application/json\n\n{}\n```\n",
        list(GROUP)
    );
    contracts.extend(contracts_of_text("deleted-list.md", &lists));
    let item = "/directory/deletedItems/{id}";
    let others = [
        ("deleted get", format!("GET {item}"), "", "200 OK", GROUP),
        ("deleted restore", format!("POST {item}/restore"), "", "200 OK", GROUP),
        ("deleted delete", format!("DELETE {item}"), "", "204 No Content", ""),
        ("member add", "POST /groups/{id}/members/$ref".to_owned(), LINK, "204 No Content", ""),
        ("member list", "GET /groups/{id}/members".to_owned(), "", "200 OK", &list(USER)),
    ];
    for (title, request, sent, status, body) in others {
        contracts.extend(contracts_of_pair(title, &request, sent, status, body));
    }
    engine_of(contracts)
}

fn names(engine: &Engine, url: &str) -> Vec<String> {
    column(&call(engine, "GET", url, Value::Null).1, "displayName")
}

const USERS: &str = "/directory/deletedItems/microsoft.graph.user";
const GROUPS: &str = "/directory/deletedItems/microsoft.graph.group";

#[test]
fn what_is_deleted_is_among_the_deleted_items_until_it_is_restored() {
    let engine = directory();
    assert!(names(&engine, USERS).is_empty() && names(&engine, GROUPS).is_empty(), "nobody has deleted anything");
    let [ann, bob] = ["ann", "bob"].map(|name| create(&engine, "/users", json!({"displayName": name})));
    let team = create(&engine, "/groups", json!({"displayName": "team"}));
    let (members, link) = (format!("/groups/{team}/members"), json!({"@odata.id": format!("{BASE}/v1.0/users/{ann}")}));
    assert_eq!(call(&engine, "POST", &format!("{members}/$ref"), link).0, 204);
    for (collection, id) in [("users", &ann), ("users", &bob)] {
        assert_eq!(call(&engine, "DELETE", &format!("/{collection}/{id}"), Value::Null).0, 204);
    }
    assert_refused(&engine, "GET", &format!("/users/{ann}"), Value::Null, 404, &ann);
    assert!(names(&engine, "/users").is_empty() && names(&engine, &members).is_empty());
    assert_eq!((names(&engine, USERS), names(&engine, GROUPS).len()), (vec!["ann".to_owned(), "bob".to_owned()], 0));
    assert_eq!(names(&engine, &format!("{USERS}?$filter=displayName eq 'bob'")), ["bob"]);
    assert_eq!(ask(&engine, "GET", &format!("{USERS}/$count"), &Value::Null).body, "2");

    let (status, own) = call(&engine, "GET", &format!("/directory/deletedItems/{ann}"), Value::Null);
    assert_eq!((status, &own["@odata.type"], &own["id"]), (200, &json!("#microsoft.graph.user"), &json!(ann)));
    assert!(own["deletedDateTime"].is_string() && own["visibility"].is_null(), "it is a user and no group: {own}");

    let restored = ask(&engine, "POST", &format!("/directory/deletedItems/{ann}/restore"), &Value::Null);
    let shown: Value = serde_json::from_slice(&restored.body).expect("JSON");
    assert_eq!((restored.status.as_u16(), restored.origin, &shown["displayName"]), (200, Origin::State, &json!("ann")));
    assert!(shown["deletedDateTime"].is_null());
    assert_eq!((names(&engine, "/users"), names(&engine, &members)), (vec!["ann".to_owned()], vec!["ann".to_owned()]));
    assert_eq!(names(&engine, USERS), ["bob"]);
    assert_refused(&engine, "POST", &format!("/directory/deletedItems/{ann}/restore"), Value::Null, 404, &ann);
}

#[test]
fn what_is_deleted_there_is_gone_for_good() {
    let engine = directory();
    let team = create(&engine, "/groups", json!({"displayName": "team"}));
    assert_eq!(call(&engine, "DELETE", &format!("/groups/{team}"), Value::Null).0, 204);
    assert_eq!(call(&engine, "DELETE", &format!("/directory/deletedItems/{team}"), Value::Null).0, 204);
    assert!(names(&engine, GROUPS).is_empty());
    for (method, url) in [("GET", ""), ("DELETE", ""), ("POST", "/restore")] {
        assert_refused(&engine, method, &format!("/directory/deletedItems/{team}{url}"), Value::Null, 404, &team);
    }
}

#[test]
fn only_types_that_a_page_lists_there_are_kept() {
    let engine = directory();
    let hall = create(&engine, "/rooms", json!({"displayName": "hall"}));
    assert_eq!(call(&engine, "DELETE", &format!("/rooms/{hall}"), Value::Null).0, 204);
    assert_refused(&engine, "GET", &format!("/directory/deletedItems/{hall}"), Value::Null, 404, &hall);
}

#[test]
fn who_has_what_another_one_has_by_now_is_not_restored() {
    let engine = directory();
    let of = |name: &str| json!({"displayName": "ann", "userPrincipalName": name});
    let first = create(&engine, "/users", of("Ann@contoso.example"));
    assert_eq!(call(&engine, "DELETE", &format!("/users/{first}"), Value::Null).0, 204);
    let second = create(&engine, "/users", of("ann@contoso.example"));
    let restore = format!("/directory/deletedItems/{first}/restore");
    let (status, refusal) = call(&engine, "POST", &restore, Value::Null);
    let error = &refusal["error"];
    assert_eq!(
        (status, &error["code"], &error["details"][0]["target"]),
        (400, &json!("Request_BadRequest"), &json!("userPrincipalName"))
    );
    assert_eq!((names(&engine, USERS).len(), names(&engine, "/users").len()), (1, 1), "nothing has moved");
    // As soon as it is free, it goes.
    assert_eq!(
        call(&engine, "PATCH", &format!("/users/{second}"), json!({"userPrincipalName": "other@contoso.example"})).0,
        200
    );
    assert_eq!(call(&engine, "POST", &restore, Value::Null).0, 200);
    assert_eq!((names(&engine, USERS).len(), names(&engine, "/users").len()), (0, 2));
}
