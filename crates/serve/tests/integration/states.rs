//! A tenant that remembers what clients did.

use graph_contracts_serve::{ADMIN, Seeds, ServeOptions, State};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use http::HeaderValue;
use serde_json::json;

use crate::server::{ask, json_of, request, serve, with_json};

#[tokio::test]
async fn what_is_created_can_be_read_changed_and_deleted() -> TestResult {
    let lamp = r#"{"id": "4b1a9a0e-6b5c-4c7e-9a55-0d2f8f3a0c11", "name": "hall", "level": 3}"#;
    let contracts = [
        contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall", "level": 3}"#, "201 Created", lamp),
        contracts_of_pair("lamp list", "GET /lamps", "", "200 OK", &format!("{{\"value\": [{lamp}]}}")),
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", lamp),
        contracts_of_pair("lamp update", "PATCH /lamps/{id}", r#"{"level": 5}"#, "200 OK", lamp),
        contracts_of_pair("lamp delete", "DELETE /lamps/{id}", "", "204 No Content", ""),
    ];
    let server =
        serve(contracts.concat(), ServeOptions { state: State::Tenant(None), ..ServeOptions::default() }).await;
    let create = async |name: &str, level: u32| {
        let sent = json!({ "name": name, "level": level });
        let response = with_json(request(&server, "POST", "/v1.0/lamps"), &sent).send().await.expect("an answer");
        let (status, body) = json_of(response).await;
        assert_eq!((status, &body["name"]), (201, &json!(name)));
        body["id"].as_str().unwrap_or_default().to_owned()
    };
    let (attic, cellar) = (create("attic", 1).await, create("cellar", 9).await);
    assert_ne!(attic, cellar);
    let changed =
        with_json(request(&server, "PATCH", &format!("/v1.0/lamps/{attic}")), &json!({ "level": 2 })).send().await?;
    assert_eq!(changed.headers()["x-graph-contract"], "v1.0/lamp-update");
    let (_, body) = ask(&server, &format!("GET /v1.0/lamps/{attic}")).await;
    assert_eq!((&body["name"], &body["level"]), (&json!("attic"), &json!(2)));
    let (_, body) = ask(&server, "GET /v1.0/lamps?$filter=level gt 5&$select=name").await;
    assert_eq!(body["value"], json!([{ "name": "cellar" }]));
    assert_eq!(ask(&server, &format!("DELETE /v1.0/lamps/{attic}")).await.0, 204);
    let (status, body) = ask(&server, &format!("GET /v1.0/lamps/{attic}")).await;
    assert_eq!(status, 404);
    assert!(body["error"]["code"].is_string());
    ask(&server, &format!("POST {ADMIN}/reset")).await;
    assert_eq!(ask(&server, &format!("GET /v1.0/lamps/{cellar}")).await.0, 404);
    assert_eq!(ask(&server, "PUT /v1.0/lamps/1").await.0, 501);
    Ok(())
}

#[tokio::test]
async fn a_tenant_begins_with_its_seeds() -> TestResult {
    let lamp = r#"{"id": "1", "name": "hall"}"#;
    let contracts = [
        contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall"}"#, "201 Created", lamp),
        contracts_of_pair("lamp list", "GET /lamps", "", "200 OK", &format!("{{\"value\": [{lamp}]}}")),
    ];
    let seeds = Seeds::parse("seeds.json", r#"{"/lamps": [{"id": "7", "name": "attic"}]}"#)?;
    let options = ServeOptions { state: State::Tenant(Some(Box::new(seeds))), ..ServeOptions::default() };
    let server = serve(contracts.concat(), options).await;
    let names = async || ask(&server, "GET /v1.0/lamps?$select=name").await.1["value"].clone();
    assert_eq!(names().await, json!([{ "name": "attic" }]));
    with_json(request(&server, "POST", "/v1.0/lamps"), &json!({ "name": "cellar" })).send().await?;
    assert_eq!(names().await, json!([{ "name": "attic" }, { "name": "cellar" }]));
    ask(&server, &format!("POST {ADMIN}/reset")).await;
    assert_eq!(names().await, json!([{ "name": "attic" }]));
    Ok(())
}

/// The example of one operation has an identifier for its name, and the route of another the parameter.
#[tokio::test]
async fn an_identifier_that_an_example_shows_is_a_key_of_other_operations() -> TestResult {
    let lamp = r#"{"id": "LAMP_1", "name": "hall"}"#;
    let contracts = [
        contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall"}"#, "201 Created", lamp),
        contracts_of_pair("lamp get", "GET /lamps/LAMP_1", "", "200 OK", lamp),
        contracts_of_pair("lamp update", "PATCH /lamps/{id}", r#"{"name": "hall"}"#, "200 OK", lamp),
    ];
    let options = ServeOptions { state: State::Tenant(None), ..ServeOptions::default() };
    let server = serve(contracts.concat(), options).await;
    let update = with_json(request(&server, "PATCH", "/v1.0/lamps/LAMP_1"), &json!({ "name": "attic" }));
    let (status, body) = json_of(update.send().await?).await;
    assert_eq!((status, body["error"]["code"].as_str()), (404, Some("Request_ResourceNotFound")));
    Ok(())
}

#[tokio::test]
async fn what_the_tenant_knows_nothing_of_is_answered_as_documented_and_says_so() -> TestResult {
    let lamp = r#"{"id": "LAMP_1", "name": "hall"}"#;
    let link = r#"{"id": "7", "roles": ["read"], "link": {"kind": "view"}}"#;
    let contracts = [
        contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall"}"#, "201 Created", lamp),
        contracts_of_pair("share lamp", "POST /lamps/{id}/createLink", r#"{"type": "view"}"#, "201 Created", link),
        contracts_of_pair("lamp owned", "GET /lamps/getOwned(of='{of}')", "", "200 OK", r#"{"value": "x"}"#),
    ];
    let server =
        serve(contracts.concat(), ServeOptions { state: State::Tenant(None), ..ServeOptions::default() }).await;
    let made = with_json(request(&server, "POST", "/v1.0/lamps"), &json!({ "name": "attic" })).send().await?;
    assert!(!made.headers().contains_key("x-graph-notes"));
    let id = json_of(made).await.1["id"].as_str().unwrap_or_default().to_owned();
    for (method, path) in [("POST", format!("lamps/{id}/createLink")), ("GET", "lamps/getOwned(of='a')".to_owned())] {
        let own = request(&server, method, &format!("/v1.0/{path}"));
        let own = if method == "POST" { with_json(own, &json!({ "type": "view" })) } else { own };
        let answer = own.send().await?;
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        assert_eq!(
            answer.headers()["x-graph-notes"],
            "answered as the page shows it, whatever the tenant holds",
            "{path}"
        );
    }
    let wrong = request(&server, "GET", &format!("/v1.0/lamps/{id}/createLink")).send().await?;
    assert_eq!((wrong.status().as_u16(), &wrong.headers()["allow"]), (405, &HeaderValue::from_static("POST")));
    Ok(())
}
