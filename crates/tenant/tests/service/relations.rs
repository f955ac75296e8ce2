//! What every tenant has, and what follows from what clients do elsewhere: inverse links, sent mail, well-known folders, the names of actions.

use graph_contracts_tenant::{Engine, Origin};
use graph_contracts_testing::contracts_of_pair;
use serde_json::{Value, json};

use crate::support::{BASE, ask, assert_refused, body, call, column, create, engine_of};

const USER: &str = r#"{"displayName": "Ann", "mail": "ann@contoso.com"}"#;
const MADE_USER: &str =
    r#"{"id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Ann", "mail": "ann@contoso.com"}"#;
const MADE_GROUP: &str = r#"{"id": "3e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "Team"}"#;
const GROUPS: &str = r#"{"value": [{"id": "3e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "displayName": "All Users"}]}"#;
const LINK: &str = r#"{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{id}"}"#;
const MESSAGES: &str = r#"{"value": [{"id": "AAMkAGI2TG93", "subject": "Lunch?", "isDraft": false}]}"#;
const FOLDER: &str = r#"{"id": "AAMkAGI2TG94", "displayName": "Inbox"}"#;
const ITEM: &str = r#"{"id": "0123ABCDEF456", "name": "a.txt"}"#;

/// A tenant of operations, each as `METHOD path`, with the body that is sent and the one that comes back.
fn tenant(operations: &[(&str, &str, &str)]) -> Engine {
    let contracts = operations.iter().enumerate().map(|(index, (line, sent, answered))| {
        let status = match (line.split(' ').next(), answered.is_empty()) {
            (_, true) => "204 No Content",
            (Some("POST"), _) if sent.contains("displayName") => "201 Created",
            _ => "200 OK",
        };
        contracts_of_pair(&format!("operation {index}"), line, sent, status, answered)
    });
    engine_of(contracts.collect::<Vec<_>>().concat())
}

fn directory() -> Engine {
    tenant(&[
        ("POST /users", USER, MADE_USER),
        ("GET /users/{id}", "", MADE_USER),
        ("PUT /users/{id}/manager/$ref", LINK, ""),
        ("GET /users/{id}/manager", "", MADE_USER),
        ("GET /users/{id}/directReports", "", r#"{"value": [{"id": "7", "displayName": "Reports"}]}"#),
        ("GET /users/{id}/memberOf", "", GROUPS),
        ("GET /users/{id}/transitiveMemberOf", "", GROUPS),
        ("GET /users/{id}/ownedObjects", "", GROUPS),
        ("POST /groups", r#"{"displayName": "Team"}"#, MADE_GROUP),
        ("GET /groups/{id}", "", MADE_GROUP),
        ("POST /groups/{id}/members/$ref", LINK, ""),
        ("DELETE /groups/{id}/members/{id}/$ref", "", ""),
        ("GET /groups/{id}/members", "", GROUPS),
        ("GET /groups/{id}/transitiveMembers", "", GROUPS),
    ])
}

fn names(engine: &Engine, url: &str) -> Vec<String> {
    let mut names = column(&call(engine, "GET", url, Value::Null).1, "displayName");
    names.sort();
    names
}

#[test]
fn links_are_seen_from_their_other_end() {
    let engine = directory();
    let user =
        |name: &str| create(&engine, "/users", json!({"displayName": name, "mail": format!("{name}@c.example")}));
    let group = |name: &str| create(&engine, "/groups", json!({"displayName": name}));
    let link = |url: &str, id: &str| {
        let method = if url.contains("manager") { "PUT" } else { "POST" };
        let sent = json!({"@odata.id": format!("{BASE}/v1.0/directoryObjects/{id}")});
        assert_eq!(call(&engine, method, &format!("{url}/$ref"), sent).0, 204, "{url}");
    };
    let (ann, boss, inner, outer) = (user("ann"), user("boss"), group("inner"), group("outer"));
    let member_of = format!("/users/{ann}/memberOf");
    assert!(names(&engine, &member_of).is_empty(), "nobody is in a group that no client has put them into");
    link(&format!("/groups/{inner}/members"), &ann);
    link(&format!("/groups/{outer}/members"), &inner);
    link(&format!("/users/{ann}/manager"), &boss);
    assert_eq!(names(&engine, &member_of), ["inner"]);
    assert_eq!(names(&engine, &format!("/users/{ann}/transitiveMemberOf")), ["inner", "outer"]);
    assert_eq!(names(&engine, &format!("/groups/{outer}/transitiveMembers")), ["ann", "inner"]);
    assert_eq!(names(&engine, &format!("/users/{boss}/directReports")), ["ann"]);
    let (status, one) = call(&engine, "GET", &format!("{member_of}/{inner}"), Value::Null);
    assert_eq!((status, &one["displayName"]), (200, &json!("inner")));
    assert_eq!(ask(&engine, "GET", &format!("{member_of}/$count"), &Value::Null).body, "1");
    let (_, expanded) = call(&engine, "GET", &format!("/users/{ann}?$expand=memberOf"), Value::Null);
    assert_eq!(expanded["memberOf"][0]["displayName"], "inner");
    assert_eq!(call(&engine, "DELETE", &format!("/groups/{inner}/members/{ann}/$ref"), Value::Null).0, 204);
    assert!(names(&engine, &member_of).is_empty());
    // No contract lets clients write owners: what the page shows is all that is known.
    assert_eq!(names(&engine, &format!("/users/{ann}/ownedObjects")), ["All Users"]);
}

#[test]
fn groups_within_each_other_are_listed_once() {
    let engine = directory();
    let [one, other] = ["one", "other"].map(|name| create(&engine, "/groups", json!({"displayName": name})));
    for (group, member) in [(&one, &other), (&other, &one)] {
        let sent = json!({"@odata.id": format!("{BASE}/v1.0/groups/{member}")});
        assert_eq!(call(&engine, "POST", &format!("/groups/{group}/members/$ref"), sent).0, 204);
    }
    assert_eq!(names(&engine, &format!("/groups/{one}/transitiveMembers")), ["other"]);
}

fn mailbox() -> Engine {
    tenant(&[
        ("GET /me", "", MADE_USER),
        ("GET /users/{id}", "", MADE_USER),
        ("POST /me/sendMail", r#"{"message": {"subject": "Lunch?"}, "saveToSentItems": "false"}"#, ""),
        ("POST /users/{id}/sendMail", r#"{"message": {"subject": "Lunch?"}}"#, ""),
        ("GET /users/{id}/messages", "", MESSAGES),
        (
            "POST /users/{id}/messages",
            r#"{"subject": "Lunch?", "displayName": ""}"#,
            r#"{"id": "AAMkAGI2TG93", "subject": "Lunch?"}"#,
        ),
        ("GET /users/{id}/mailFolders/{id}", "", FOLDER),
        ("POST /users/{id}/mailFolders", r#"{"displayName": "Work"}"#, FOLDER),
        ("GET /users/{id}/mailFolders/{id}/messages", "", MESSAGES),
        (
            "POST /users/{id}/mailFolders/{id}/messages",
            r#"{"subject": "Lunch?", "displayName": ""}"#,
            r#"{"id": "AAMkAGI2TG93", "subject": "Lunch?"}"#,
        ),
        ("GET /me/mailFolders/{id}/messages", "", MESSAGES),
        ("GET /me/messages", "", MESSAGES),
        ("GET /me/mailFolders/{id}", "", FOLDER),
    ])
}

#[test]
fn mail_that_is_sent_is_among_the_sent_items() {
    let engine = mailbox();
    let send = |sent: Value| {
        let response = ask(&engine, "POST", "/me/sendMail", &sent);
        assert_eq!(response.status, 204, "{sent}");
        response
    };
    let subjects = |url: &str| column(&call(&engine, "GET", url, Value::Null).1, "subject");
    let kept = send(json!({"message": {"subject": "One"}}));
    assert_eq!((kept.origin, kept.contract.as_deref()), (Origin::State, Some("v1.0/operation-2")));
    send(json!({"Message": {"subject": "Two"}, "SaveToSentItems": true}));
    send(json!({"message": {"subject": "Three"}, "saveToSentItems": false}));
    send(json!({"message": {"subject": "Four"}, "saveToSentItems": "false"}));
    assert_eq!(subjects("/me/mailFolders/SentItems/messages"), ["One", "Two"]);
    assert_eq!(subjects("/me/mailFolders('sentitems')/messages"), ["One", "Two"]);
    assert_eq!(subjects("/me/messages"), ["One", "Two"]);
    let (_, messages) = call(&engine, "GET", "/me/messages", Value::Null);
    let message = &messages["value"][0];
    assert_eq!((&message["isDraft"], message["sentDateTime"].is_string()), (&json!(false), true), "{message}");
    let (_, me) = call(&engine, "GET", "/me", Value::Null);
    assert_eq!(message["from"]["emailAddress"]["address"], me["mail"], "{message}");
    assert!(subjects("/me/mailFolders/inbox/messages").is_empty());
}

#[test]
fn well_known_folders_are_there_whatever_the_pages_show() {
    let engine = mailbox();
    for (word, shown) in
        [("archive", "Archive"), ("JunkEmail", "Junk Email"), ("msgfolderroot", "Top of Information Store")]
    {
        let (status, folder) = call(&engine, "GET", &format!("/me/mailFolders/{word}"), Value::Null);
        assert_eq!((status, &folder["displayName"]), (200, &json!(shown)), "{word}");
        let id = folder["id"].as_str().expect("an id");
        let (_, again) = call(&engine, "GET", &format!("/me/mailFolders/{id}"), Value::Null);
        assert_eq!(again["displayName"], shown, "{word}");
    }
    assert_refused(&engine, "GET", "/me/mailFolders/nothing", Value::Null, 404, "'nothing'");
}

#[test]
fn special_folders_are_made_when_they_are_asked_for() {
    let engine = tenant(&[
        ("GET /me/drive", "", r#"{"id": "b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFN"}"#),
        ("GET /me/drive/items/{id}", "", ITEM),
        ("GET /me/drive/items/{id}/children", "", r#"{"value": [{"id": "0123ABCDEF456", "name": "a.txt"}]}"#),
        ("PUT /me/drive/items/{id}/content", r#"{"any": "bytes"}"#, ITEM),
    ]);
    let (status, folder) = call(&engine, "GET", "/me/drive/special/CameraRoll", Value::Null);
    assert_eq!(
        (status, &folder["name"], &folder["specialFolder"]["name"]),
        (200, &json!("Camera Roll"), &json!("cameraroll"))
    );
    let made = ask(&engine, "PUT", "/me/drive/special/music:/a/b.mp3:/content", &json!("x"));
    assert_eq!((made.status.as_u16(), &body(&made)["name"]), (201, &json!("b.mp3")));
    assert_eq!(column(&call(&engine, "GET", "/me/drive/special/music/children", Value::Null).1, "name"), ["a"]);
    assert_eq!(call(&engine, "GET", "/me/drive/root:/Music/a/b.mp3", Value::Null).0, 200);
    let names = column(&call(&engine, "GET", "/me/drive/root/children", Value::Null).1, "name");
    assert_eq!(names, ["Camera Roll", "Music"]);
    assert_eq!(call(&engine, "GET", "/me/drive/special/nothing", Value::Null).0, 404);
}

#[test]
fn the_name_of_an_action_is_no_key() {
    let engine = tenant(&[
        ("POST /users", USER, MADE_USER),
        ("GET /users/{id}", "", MADE_USER),
        ("DELETE /users/{id}", "", ""),
        ("POST /users/validate", r#"{"entityType": "User"}"#, ""),
    ]);
    for method in ["GET", "DELETE"] {
        let response = ask(&engine, method, "/users/validate", &Value::Null);
        assert_eq!((response.status.as_u16(), response.origin), (405, Origin::Undocumented), "{method}");
        assert_eq!(response.headers["allow"], "POST");
    }
    assert_refused(&engine, "GET", "/users/alice", Value::Null, 404, "'alice'");
    assert_refused(&engine, "GET", "/users('validate')", Value::Null, 404, "'validate'");
}
