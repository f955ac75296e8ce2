//! Objects from their creation to their deletion, their links, and how they are addressed.

use graph_contracts_tenant::{Engine, Origin};
use serde_json::{Value, json};

use crate::support::{BASE, ask, ask_with, assert_refused, body, call, column, create, engine, user};

#[test]
fn a_user_lives_from_creation_to_deletion_by_either_key() {
    let engine = engine();
    let sent = json!({"displayName": "Ann", "userPrincipalName": "Ann.O'Neil@contoso.com", "kind": "guest", "own": {"a": [1]}});
    let id = create(&engine, "/users", sent.clone());
    // A single object is not in a member `value`, which typed clients would read as an object without any of its members.
    let (status, read) = call(&engine, "GET", &format!("/users/{id}"), Value::Null);
    assert_eq!((status, &read["id"], &read["own"]), (200, &json!(id), &sent["own"]));
    for url in [
        "/users/ann.o'neil@contoso.com",
        "/users/Ann.O%27Neil%40contoso.com",
        "/users('ann.o''neil@contoso.com')",
        "/me",
    ] {
        let (status, own) = call(&engine, "GET", url, Value::Null);
        assert_eq!((status, &own["id"], &own["kind"]), (200, &json!(id), &json!("guest")), "{url}");
    }
    assert_eq!(
        call(&engine, "PATCH", "/users/ann.o'neil@contoso.com", json!({"displayName": "Anna", "own": null})).0,
        204
    );
    let (_, listed) = call(&engine, "GET", "/users?$filter=startswith(displayName,'anna')&$count=true", Value::Null);
    assert_eq!((column(&listed, "id"), &listed["@odata.count"]), (vec![id.clone()], &json!(1)));
    assert_eq!(call(&engine, "DELETE", &format!("/users/{id}"), Value::Null), (204, Value::Null));
    assert_refused(&engine, "GET", &format!("/users/{id}"), Value::Null, 404, "does not exist");
    let (_, refusal) = call(&engine, "GET", &format!("/users/{id}"), Value::Null);
    assert_eq!(refusal["error"]["code"], json!("Request_ResourceNotFound"));
    assert_refused(&engine, "GET", "/users/ann.o'neil@contoso.com", Value::Null, 404, "does not exist");
    assert_eq!(engine.left(), Vec::<String>::new());
}

#[test]
fn what_is_missing_unknown_or_there_already_is_refused() {
    let engine = engine();
    assert_refused(&engine, "POST", "/users", json!({"displayName": "A"}), 400, "'userPrincipalName' of resource");
    assert_refused(
        &engine,
        "POST",
        "/users",
        json!({"displayName": null, "userPrincipalName": "a@b"}),
        400,
        "'displayName'",
    );
    assert_refused(&engine, "POST", "/users", json!([]), 400, "JSON");
    user(&engine, "ann");
    let twice = json!({"displayName": "Other", "userPrincipalName": "ANN@contoso.com"});
    assert_refused(&engine, "POST", "/users", twice.clone(), 400, "userPrincipalName already exists");
    let (_, refusal) = call(&engine, "POST", "/users", twice);
    assert_eq!(
        (&refusal["error"]["code"], &refusal["error"]["details"][0]["code"], &refusal["error"]["details"][0]["target"]),
        (&json!("Request_BadRequest"), &json!("ObjectConflict"), &json!("userPrincipalName"))
    );
    let bob = user(&engine, "bob");
    assert_refused(
        &engine,
        "PATCH",
        &format!("/users/{bob}"),
        json!({"userPrincipalName": "ann@contoso.com"}),
        400,
        "already exists",
    );
    assert_eq!(
        call(&engine, "PATCH", &format!("/users/{bob}"), json!({"userPrincipalName": "bob@contoso.com"})).0,
        204
    );
    assert_refused(&engine, "GET", "/users/unknown", Value::Null, 404, "'unknown' does not exist");
    assert_refused(&engine, "GET", "/users?$filter=displayName eq", Value::Null, 400, "Invalid filter clause");
    assert_refused(&engine, "GET", "/users?$top=x", Value::Null, 400, "Invalid top clause");
    for (method, url) in [("GET", "/nothing"), ("PUT", "/users"), ("POST", "/users/unknown")] {
        let response = ask(&engine, method, url, &json!({}));
        assert_eq!(response.origin, Origin::Undocumented, "{method} {url}");
        assert!(matches!(response.status.as_u16(), 404 | 405));
    }
}

#[test]
fn lists_are_counted_sorted_and_paged() {
    let engine = engine();
    for name in ["cleo", "ann", "bob", "dan"] {
        user(&engine, name);
    }
    let (_, page) = call(&engine, "GET", "/users?$orderby=displayName%20desc&$top=3&$select=displayName", Value::Null);
    assert_eq!(column(&page, "displayName"), ["dan", "cleo", "bob"]);
    assert_eq!(page["value"][0], json!({"displayName": "dan"}));
    let next = page["@odata.nextLink"].as_str().expect("a link");
    let (_, page) = call(&engine, "GET", next, Value::Null);
    assert_eq!(page["value"], json!([{"displayName": "ann"}]));
    assert_eq!(page.get("@odata.nextLink"), None);
    let count = ask(&engine, "GET", "/users/$count?$filter=displayName ne 'bob'", &Value::Null);
    assert_eq!(
        (&count.body[..], &count.headers["content-type"]),
        (b"3".as_slice(), &"text/plain".parse().expect("a value"))
    );
    let response = ask(&engine, "GET", "/users?$filter=nothing eq 1&$expand=manager", &Value::Null);
    let notes: Vec<&str> = response.notes.iter().map(|note| note.option.as_str()).collect();
    assert_eq!((body(&response)["value"].as_array().map(Vec::len), notes), (Some(4), vec!["$expand", "$filter"]));
    assert_eq!(response.contract.as_deref(), Some("v1.0/list-users"));
}

#[test]
fn members_are_linked_and_not_copied() {
    let engine = engine();
    let (ann, bob) = (user(&engine, "ann"), user(&engine, "bob"));
    let group = create(
        &engine,
        "/groups",
        json!({"displayName": "T", "members@odata.bind": [format!("{BASE}/v1.0/users/{ann}")]}),
    );
    let members = format!("/groups/{group}/members");
    let (_, made) = call(&engine, "GET", &format!("/groups/{group}"), Value::Null);
    assert_eq!(made.get("members@odata.bind"), None);
    let reference = |id: &str| json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")});
    assert_eq!(call(&engine, "POST", &format!("{members}/$ref"), reference(&bob)), (204, Value::Null));
    assert_refused(&engine, "POST", &format!("{members}/$ref"), reference(&bob), 400, "properties: 'members'");
    assert_refused(&engine, "POST", &format!("{members}/$ref"), reference("none"), 404, "'none' does not exist");
    assert_refused(&engine, "POST", &format!("{members}/$ref"), json!({}), 400, "@odata.id");
    assert_refused(
        &engine,
        "POST",
        "/groups",
        json!({"displayName": "U", "members@odata.bind": ["users/none"]}),
        404,
        "'none'",
    );
    call(&engine, "PATCH", &format!("/users/{bob}"), json!({"displayName": "Bobby"}));
    let (_, listed) = call(&engine, "GET", &members, Value::Null);
    assert_eq!(
        (column(&listed, "displayName"), &listed["value"][0]["@odata.type"]),
        (vec!["ann".to_owned(), "Bobby".to_owned()], &json!("#microsoft.graph.user"))
    );
    assert_eq!(ask(&engine, "GET", &format!("{members}/$count"), &Value::Null).body, "2");
    let (_, references) = call(&engine, "GET", &format!("{members}/$ref"), Value::Null);
    assert_eq!(references["value"][1]["@odata.id"], json!(format!("{BASE}/v1.0/users/{bob}")));
    assert_eq!(call(&engine, "DELETE", &format!("{members}/{ann}/$ref"), Value::Null).0, 204);
    assert_refused(&engine, "DELETE", &format!("{members}/{ann}/$ref"), Value::Null, 404, "does not exist");
    assert_eq!(call(&engine, "GET", &format!("/users/{ann}"), Value::Null).0, 200);
    assert_eq!(call(&engine, "DELETE", &format!("/users/{bob}"), Value::Null).0, 204);
    assert_eq!(call(&engine, "GET", &members, Value::Null).1["value"], json!([]));
}

#[test]
fn a_single_link_leads_to_its_object_and_is_replaced() {
    let engine = engine();
    let [ann, bob, cleo] = ["ann", "bob", "cleo"].map(|name| user(&engine, name));
    let manager = format!("/users/{ann}/manager");
    for boss in [&bob, &cleo] {
        let sent = json!({"@odata.id": format!("{BASE}/v1.0/users/{boss}")});
        assert_eq!(call(&engine, "PUT", &format!("{manager}/$ref"), sent).0, 204);
        assert_eq!(call(&engine, "GET", &manager, Value::Null).1["id"], json!(boss));
        let (_, reference) = call(&engine, "GET", &format!("{manager}/$ref"), Value::Null);
        assert_eq!(reference["@odata.id"], json!(format!("{BASE}/v1.0/users/{boss}")));
    }
    assert_eq!(call(&engine, "DELETE", &format!("{manager}/$ref"), Value::Null).0, 204);
    assert_refused(&engine, "DELETE", &format!("{manager}/$ref"), Value::Null, 404, "does not exist");
}

#[test]
fn the_signed_in_user_is_one_of_the_tenant() {
    let engine = engine();
    let (status, me) = call(&engine, "GET", "/me", Value::Null);
    let id = me["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        (status, call(&engine, "GET", &format!("/users/{id}"), Value::Null).1["id"].as_str()),
        (200, Some(id.as_str()))
    );
    let folder = create(&engine, "/me/folders", json!({"displayName": "Work"}));
    let note = create(&engine, &format!("/users/{id}/folders/{folder}/notes"), json!({"subject": "Eggs"}));
    let (_, notes) = call(&engine, "GET", &format!("/me/folders/{folder}/notes"), Value::Null);
    assert_eq!((column(&notes, "id"), column(&notes, "subject")), (vec![note], vec!["Eggs".to_owned()]));
}

#[test]
fn names_that_examples_use_for_objects_lead_to_one() {
    let engine = engine();
    let note = create(&engine, "/me/folders/Inbox/notes", json!({"subject": "Eggs"}));
    assert_eq!(column(&call(&engine, "GET", "/me/folders/inbox/notes", Value::Null).1, "id"), [note]);
    // A name that has a page of its own is one, too.
    let note = create(&engine, "/me/folders/outbox/notes", json!({"subject": "Milk"}));
    assert_eq!(column(&call(&engine, "GET", "/me/folders('Outbox')/notes", Value::Null).1, "id"), [note]);
    assert_refused(&engine, "GET", "/me/folders/sent/notes", Value::Null, 404, "'sent'");
}

#[test]
fn keys_are_addressed_by_the_names_of_their_properties() {
    let engine = engine();
    let id = create(&engine, "/applications", json!({"name": "App"}));
    let (_, own) = call(&engine, "GET", &format!("/applications/{id}"), Value::Null);
    let app = own["appId"].as_str().expect("an app id");
    for url in [format!("/applications(appId='{app}')"), format!("/applications(AppId='{}')", app.to_uppercase())] {
        assert_eq!(call(&engine, "GET", &url, Value::Null).1["id"], json!(id), "{url}");
    }
    assert_refused(&engine, "GET", "/applications(appId='none')", Value::Null, 404, "appId='none'");
}

#[test]
fn put_makes_what_is_not_there() {
    let engine = engine();
    let (status, made) = call(&engine, "PUT", "/settings/size", json!({"value": "large"}));
    assert_eq!((status, &made["id"], &made["value"]), (200, &json!("size"), &json!("large")));
    assert_eq!(call(&engine, "PUT", "/settings/size", json!({"value": "small"})).1["value"], json!("small"));
    assert_eq!(call(&engine, "GET", "/settings/size", Value::Null).1["value"], json!("small"));
}

#[test]
fn an_object_that_has_changed_is_not_overwritten_by_who_knows_an_older_one() {
    let engine = engine();
    let folder = create(&engine, "/me/folders", json!({"displayName": "Work"}));
    let notes = format!("/me/folders/{folder}/notes");
    let note = format!("{notes}/{}", create(&engine, &notes, json!({"subject": "Eggs"})));
    let tag = || call(&engine, "GET", &note, Value::Null).1["@odata.etag"].as_str().expect("a tag").to_owned();
    let change = |tag: &str| {
        let response = ask_with(&engine, "PATCH", &note, &[("if-match", tag)], br#"{"subject": "Flour"}"#);
        (response.status.as_u16(), body(&response)["error"]["code"].clone())
    };
    let first = tag();
    assert_eq!(tag(), first);
    assert_eq!(change(&first).0, 200);
    assert_ne!(tag(), first);
    assert_eq!(change(&first), (412, json!("resourceModified")));
    assert_eq!(change(&format!("W/\"x,\", {}", tag())).0, 200);
    assert_eq!(change("*").0, 200);
    assert_eq!(ask_with(&engine, "DELETE", &note, &[("if-match", &first)], b"").status.as_u16(), 412);
    assert_eq!(ask_with(&engine, "GET", &note, &[("if-none-match", &tag())], b"").status.as_u16(), 304);
    assert_eq!(ask_with(&engine, "DELETE", &note, &[("if-match", &tag())], b"").status.as_u16(), 204);
    // Where no page shows a tag, nothing is known of it.
    assert_eq!(
        ask_with(
            &engine,
            "PATCH",
            &format!("/me/folders/{folder}"),
            &[("if-match", "W/\"x\"")],
            br#"{"displayName": "Home"}"#
        )
        .status
        .as_u16(),
        200
    );
}

#[test]
fn a_reset_forgets_what_clients_did() {
    let engine = engine();
    user(&engine, "ann");
    engine.reset();
    assert_eq!(call(&engine, "GET", "/users", Value::Null).1["value"], json!([]));
}

#[test]
fn any_request_is_answered_by_any_number_of_threads() {
    let engine = engine();
    let paths = [
        "/users",
        "/users/$count",
        "/%FF/%00",
        "/users('",
        "//",
        "/users(a=)",
        "/users(=)/x",
        "/groups/$ref",
        "/me/$ref",
        "/$count",
        "/me/manager/$ref/$ref",
    ];
    let bodies =
        [json!(null), json!({"a@odata.bind": [1, {}, "", "//"], "id": {}}), json!({"@odata.id": "///"}), json!([[]])];
    std::thread::scope(|scope| {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", ""] {
            let (engine, paths, bodies) = (&engine, &paths, &bodies);
            scope.spawn(move || {
                for (path, body) in paths.iter().flat_map(|path| bodies.iter().map(move |body| (path, body))) {
                    let response = ask(engine, method, &format!("{path}?$filter=('&$select=,&$top=-"), body);
                    assert!(response.status.as_u16() < 500, "{method} {path} {body}");
                }
            });
        }
    });
}

#[test]
fn a_collection_is_narrowed_to_a_type() {
    let engine = engine();
    let group = create(&engine, "/groups", json!({"displayName": "Team"}));
    let ann = user(&engine, "ann");
    let members = format!("/groups/{group}/members");
    let sent = json!({"@odata.id": format!("{BASE}/v1.0/users/{ann}")});
    assert_eq!(call(&engine, "POST", &format!("{members}/$ref"), sent).0, 204);
    for (cast, expected) in [("microsoft.graph.user", vec![ann]), ("graph.User", column_of_one(&engine, &members))] {
        let (status, found) = call(&engine, "GET", &format!("{members}/{cast}"), Value::Null);
        assert_eq!((status, column(&found, "id")), (200, expected), "{cast}");
    }
    let count = ask(&engine, "GET", &format!("{members}/microsoft.graph.user/$count"), &Value::Null);
    assert_eq!((count.status.as_u16(), &count.body[..]), (200, b"1".as_slice()));
}

fn column_of_one(engine: &Engine, url: &str) -> Vec<String> {
    column(&call(engine, "GET", url, Value::Null).1, "id")
}

#[test]
fn a_manager_of_a_manager_is_expanded_as_often_as_levels_say() {
    let engine = engine();
    let [ann, bob, cleo] = ["ann", "bob", "cleo"].map(|name| user(&engine, name));
    // The last one leads back to the first.
    for (one, boss) in [(&ann, &bob), (&bob, &cleo), (&cleo, &ann)] {
        let sent = json!({"@odata.id": format!("{BASE}/v1.0/users/{boss}")});
        assert_eq!(call(&engine, "PUT", &format!("/users/{one}/manager/$ref"), sent).0, 204);
    }
    let expand = |levels: &str| {
        let url = format!("/users/{ann}?$select=id&$expand=manager($levels={levels};$select=id)");
        call(&engine, "GET", &url, Value::Null).1
    };
    let own = expand("2");
    assert_eq!((&own["manager"]["id"], &own["manager"]["manager"]["id"]), (&json!(bob), &json!(cleo)), "{own}");
    assert_eq!(own["manager"]["manager"].get("manager"), None, "{own}");
    assert_eq!(expand("max")["manager"]["manager"]["manager"]["id"], json!(ann));
}
