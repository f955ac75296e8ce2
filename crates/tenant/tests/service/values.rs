//! What clients read: values of the declared types, bytes, and what they expand.

use graph_contracts::contract::{Contract, MessageTypes, MetadataRules};
use graph_contracts::service::{
    EnumerationType, ServiceProperty, ServiceRules, ServiceType, StructuredType, TypeReference,
};
use graph_contracts_testing::contracts_of_text;
use serde_json::{Value, json};

use crate::support::{ask, ask_with, assert_refused, body, call, create, engine, engine_of, user};

/// A lamp of which metadata says more than the page.
fn lamps() -> Vec<Contract> {
    let example = |method: &str, path: &str, sent: &str, status: &str| {
        let received = r#"{"id": "lamp-0007", "shade": "Round", "watts": "String", "since": "String (timestamp)", "on": "true",
            "bulbs": "none", "maker": "Acme", "note": "{note}", "link": "https://graph.microsoft.com/v1.0/lamps/lamp-0007"}"#;
        let text = format!(
            "# Lamp\n\n## HTTP request\n\n```http\n{method} {path}\n```\n\n## Example\n\n```http\n{method} https://graph.microsoft.com/v1.0{path}\
             {sent}\n```\n\n```http\nHTTP/1.1 {status}\nContent-Type: application/json\n\n{received}\n```\n"
        );
        contracts_of_text(&format!("{}-lamp.md", method.to_lowercase()), &text).remove(0)
    };
    let sent = "\nContent-Type: application/json\n\n{\"shade\": \"round\", \"new\": 1}";
    let mut contracts =
        vec![example("GET", "/lamps/{id}", "", "200 OK"), example("POST", "/lamps", sent, "201 Created")];
    let property = |name: &str, of_type: &str| {
        let type_ref = TypeReference::from(of_type.to_owned());
        (name.to_owned(), ServiceProperty { type_ref, ..ServiceProperty::default() })
    };
    let properties = [
        property("id", "Edm.String"),
        property("shade", "n.shade"),
        property("watts", "Edm.Int32"),
        property("since", "Edm.DateTimeOffset"),
        property("on", "Edm.Boolean"),
        property("bulbs", "Collection(Edm.String)"),
        property("maker", "Edm.String"),
        property("note", "Edm.String"),
        property("link", "Edm.String"),
    ];
    let lamp = StructuredType { complete: true, properties: properties.into(), ..StructuredType::default() };
    let members = ["square", "round"].map(str::to_owned).to_vec();
    let shade = EnumerationType { members, ..EnumerationType::default() };
    let types = [("n.lamp", ServiceType::Entity(lamp)), ("n.shade", ServiceType::Enumeration(shade))];
    let types = types.into_iter().map(|(name, own)| (name.to_owned(), own)).collect();
    let rules = ServiceRules::new("n.csdl".to_owned(), types);
    let of_lamp = || Some(TypeReference::from("n.lamp".to_owned()));
    for contract in &mut contracts {
        let request = contract.request.body.as_ref().and_then(|_| of_lamp());
        let messages = MessageTypes { request, response: of_lamp() };
        contract.metadata = MetadataRules::of(contract, &rules, &[messages]).map(Box::new);
    }
    contracts
}

#[test]
fn values_are_of_the_declared_types_and_otherwise_as_documented() {
    let engine = engine_of(lamps());
    let id = create(&engine, "/lamps", json!({"shade": "square", "maker": "Me"}));
    for _ in 0..2 {
        let (_, lamp) = call(&engine, "GET", &format!("/lamps/{id}"), Value::Null);
        assert_eq!((&lamp["shade"], &lamp["maker"]), (&json!("square"), &json!("Me")), "{lamp}");
        assert!(lamp["watts"].is_i64() && lamp["on"].is_boolean() && lamp["bulbs"].is_array(), "{lamp}");
        assert!(lamp["since"].as_str().is_some_and(|since| since.ends_with('Z')), "{lamp}");
        assert_eq!(
            (&lamp["note"], &lamp["link"]),
            (&json!("Simulated note"), &json!(format!("http://127.0.0.1:4010/v1.0/lamps/{id}")))
        );
    }
    let other = create(&engine, "/lamps", json!({}));
    let (_, lamp) = call(&engine, "GET", &format!("/lamps/{other}"), Value::Null);
    assert_eq!((&lamp["shade"], &lamp["maker"]), (&json!("round"), &json!("Acme")));
}

#[test]
fn what_metadata_does_not_declare_is_refused_unless_the_page_sends_it() {
    let engine = engine_of(lamps());
    assert_refused(&engine, "POST", "/lamps", json!({"color": "red"}), 400, "'color' does not exist on type 'n.lamp'");
    assert_eq!(
        call(&engine, "POST", "/lamps", json!({"new": 2, "Maker": "any case", "@odata.type": "#n.lamp"})).0,
        201
    );
    assert_refused(&engine, "GET", "/lamps?$filter=color eq 'red'", Value::Null, 400, "no property `color`");
}

#[test]
fn bytes_are_kept() {
    let engine = engine();
    let id = user(&engine, "ann");
    let url = format!("/users/{id}/photo/$value");
    let documented = ask(&engine, "GET", &url, &Value::Null);
    assert_eq!(documented.status, 200);
    assert_eq!(ask_with(&engine, "PUT", &url, &[("content-type", "image/png")], b"\x89PNG").status, 200);
    let photo = ask(&engine, "GET", &url, &Value::Null);
    assert_eq!(
        (&photo.body[..], &photo.headers["content-type"]),
        (b"\x89PNG".as_slice(), &"image/png".parse().expect("a value"))
    );
}

#[test]
fn what_is_expanded_comes_from_the_links() {
    let engine = engine();
    let [ann, bob] = ["ann", "bob"].map(|name| user(&engine, name));
    let sent = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{bob}")});
    call(&engine, "PUT", &format!("/users/{ann}/manager/$ref"), sent);
    let response = ask(&engine, "GET", &format!("/users/{ann}?$select=id&$expand=manager"), &Value::Null);
    assert_eq!((&body(&response)["manager"]["id"], response.notes), (&json!(bob), Vec::new()));
    let sent = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{ann}")});
    call(&engine, "PUT", &format!("/users/{bob}/manager/$ref"), sent);
    let query = "$select=id&$expand=manager($select=id;$expand=manager($select=displayName))";
    let (_, own) = call(&engine, "GET", &format!("/users/{ann}?{query}"), Value::Null);
    let within = json!({"@odata.type": "#microsoft.graph.user", "displayName": "ann"});
    assert_eq!(own["manager"], json!({"@odata.type": "#microsoft.graph.user", "id": bob, "manager": within}));
    let response = ask(&engine, "GET", "/users?$expand=manager,nothing", &Value::Null);
    let notes: Vec<&str> = response.notes.iter().map(|note| note.reason.as_str()).collect();
    assert_eq!(
        (&body(&response)["value"][0]["manager"]["id"], notes),
        (&json!(bob), vec!["nothing is known of `nothing`"])
    );
}

#[test]
fn what_has_no_value_of_its_own_is_told_apart() {
    let engine = engine();
    let addresses: Vec<Value> = (0..2)
        .map(|number| {
            let sent = json!({"displayName": "A", "userPrincipalName": format!("{number}@contoso.com")});
            let id = create(&engine, "/users", sent);
            call(&engine, "GET", &format!("/users/{id}"), Value::Null).1["mail"].clone()
        })
        .collect();
    assert!(
        addresses[0] != addresses[1] && addresses[0].as_str().is_some_and(|mail| mail.ends_with("@contoso.com")),
        "{addresses:?}"
    );
}

#[test]
fn a_collection_is_one_even_where_a_page_shows_an_object_of_it() {
    let engine = engine();
    let id = create(&engine, "/me/folders", json!({"displayName": "Home", "owner": {"name": "Bob"}}));
    let (_, listed) = call(&engine, "GET", "/me/folders", Value::Null);
    assert_eq!(
        (listed["value"].as_array().map(Vec::len), &listed["value"][0]["id"]),
        (Some(1), &json!(id)),
        "{listed}"
    );
    assert_eq!(listed.get("displayName"), None);
    // What was sent is not mixed with what the page shows.
    assert_eq!(listed["value"][0]["owner"], json!({"name": "Bob"}));
}
