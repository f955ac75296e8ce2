//! Several requests in one.

use graph_contracts_serve::ServeOptions;
use graph_contracts_testing::{TestResult, contracts_of_pair};
use serde_json::json;

use crate::server::{json_of, request, serve, with_json};

#[tokio::test]
async fn each_request_of_a_batch_is_answered_by_its_contract() -> TestResult {
    let contracts = [
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", r#"{"id": "1", "name": "hall"}"#),
        contracts_of_pair(
            "lamp update",
            "PATCH /lamps/{id}",
            r#"{"name": "hall"}"#,
            "200 OK",
            r#"{"id": "1", "name": "hall"}"#,
        ),
    ];
    let server = serve(contracts.concat(), ServeOptions::default()).await;
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/lamps/7?$select=name" },
        { "id": "2", "method": "PATCH", "url": "/lamps/7", "headers": { "Content-Type": "application/json" },
          "body": { "name": "attic" }, "dependsOn": ["1"] },
        { "id": "3", "method": "GET", "url": "/rooms" },
        { "id": "4", "method": "GET", "url": format!("{}/v1.0/lamps/7", server.url()) },
    ] });
    let response = with_json(request(&server, "POST", "/v1.0/$batch"), &batch).send().await?;
    let (status, body) = json_of(response).await;
    assert_eq!(status, 200);
    let responses = &body["responses"];
    assert_eq!((&responses[0]["status"], &responses[0]["body"]), (&json!(200), &json!({ "name": "hall" })));
    assert_eq!(responses[1]["body"]["name"], "attic");
    assert_eq!(
        (&responses[2]["status"], &responses[2]["body"]["error"]["code"]),
        (&json!(501), &json!("requestNotDocumented"))
    );
    assert_eq!(responses[0]["headers"]["Content-Type"], "application/json");
    assert_eq!(responses[3]["body"]["name"], "hall");
    let calls = server.journal().calls();
    assert_eq!((calls.get("v1.0/lamp-get"), calls.get("v1.0/lamp-update")), (Some(&2), Some(&1)));
    assert_eq!(server.journal().summary().refused, 1);
    Ok(())
}
