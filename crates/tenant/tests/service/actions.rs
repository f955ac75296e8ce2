//! What does something with an object, and makes none.

use graph_contracts_tenant::Origin;
use graph_contracts_testing::contracts_of_pair;
use serde_json::{Value, json};

use crate::support::{ask, assert_refused, call, create, engine_of};

const LAMP: &str = r#"{"id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "name": "hall", "watts": 5}"#;
const PERMISSION: &str = r#"{"id": "7", "roles": ["read"], "link": {"kind": "view"}}"#;

#[test]
fn what_an_action_answers_is_as_documented_and_nothing_is_made() {
    let contracts = [
        contracts_of_pair("Create lamp", "POST /lamps", r#"{"name": "hall"}"#, "201 Created", LAMP),
        contracts_of_pair("Get lamp", "GET /lamps/{id}", "", "200 OK", LAMP),
        contracts_of_pair("Share a lamp", "POST /lamps/{id}/createLink", r#"{"type": "a"}"#, "201 Created", PERMISSION),
        contracts_of_pair("lamp: duplicate", "POST /lamps/{id}/duplicate", "", "201 Created", LAMP),
        contracts_of_pair("Create shade", "POST /lamps/{id}/shades", r#"{"color": "red"}"#, "201 Created", PERMISSION),
        contracts_of_pair(
            "List shades",
            "GET /lamps/{id}/shades",
            "",
            "200 OK",
            &format!("{{\"value\": [{PERMISSION}]}}"),
        ),
    ];
    let engine = engine_of(contracts.concat());
    let lamp = create(&engine, "/lamps", json!({"name": "attic"}));
    let left = engine.left();
    for action in ["createLink", "duplicate"] {
        let url = format!("/lamps/{lamp}/{action}");
        let response = ask(&engine, "POST", &url, &json!({"type": "edit"}));
        assert_eq!((response.status.as_u16(), response.origin), (201, Origin::Documented), "{action}");
        assert_eq!(engine.left(), left, "{action}");
        assert_refused(&engine, "POST", &format!("/lamps/none/{action}"), Value::Null, 404, "none");
    }
    let (_, unchanged) = call(&engine, "GET", &format!("/lamps/{lamp}"), Value::Null);
    assert_eq!((&unchanged["name"], &unchanged["type"]), (&json!("attic"), &Value::Null));
    // What is listed, or made of what is sent, is made.
    create(&engine, &format!("/lamps/{lamp}/shades"), json!({"color": "blue"}));
    assert_eq!(engine.left().len(), left.len() + 1);
}
