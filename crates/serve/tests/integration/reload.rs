//! Contracts that are read again.

use graph_contracts_serve::{ADMIN, ServeOptions, State};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use serde_json::json;

use crate::server::{ask, json_of, request, serve, store, with_json};

const LAMP: &str = r#"{"id": "4b1a9a0e-6b5c-4c7e-9a55-0d2f8f3a0c11", "name": "hall"}"#;

#[tokio::test]
async fn other_contracts_answer_and_the_journal_stays() {
    let server =
        serve(contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", LAMP), ServeOptions::default()).await;
    assert_eq!(ask(&server, "GET /v1.0/lamps/1").await.0, 200);
    assert_eq!(ask(&server, "GET /v1.0/rooms/1").await.0, 501);
    server.reload(store(contracts_of_pair("room get", "GET /rooms/{id}", "", "204 No Content", "")));
    assert_eq!(ask(&server, "GET /v1.0/rooms/1").await.0, 204);
    assert_eq!(ask(&server, "GET /v1.0/lamps/1").await.0, 501);
    let (_, coverage) = ask(&server, &format!("GET {ADMIN}/coverage")).await;
    assert_eq!((&coverage["contracts"], &coverage["used"]), (&json!(1), &json!(1)));
    assert_eq!(coverage["areas"], json!({ "rooms": { "contracts": 1, "used": 1, "calls": 1 } }));
    assert_eq!(server.journal().summary().requests, 4);
    assert_eq!(server.journal().calls().get("v1.0/lamp-get"), Some(&1));
}

#[tokio::test]
async fn a_tenant_keeps_what_it_holds() -> TestResult {
    let lamps = || {
        let create = contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall"}"#, "201 Created", LAMP);
        [create, contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", LAMP)].concat()
    };
    let server = serve(lamps(), ServeOptions { state: State::Tenant(None), ..ServeOptions::default() }).await;
    let sent = with_json(request(&server, "POST", "/v1.0/lamps"), &json!({ "name": "attic" })).send().await?;
    let (_, lamp) = json_of(sent).await;
    let path = format!("/v1.0/lamps/{}", lamp["id"].as_str().unwrap_or_default());
    let more = contracts_of_pair("lamp delete", "DELETE /lamps/{id}", "", "204 No Content", "");
    server.reload(store([lamps(), more].concat()));
    assert_eq!(ask(&server, &format!("GET {path}")).await.1["name"], "attic");
    assert_eq!(ask(&server, &format!("DELETE {path}")).await.0, 204);
    assert_eq!(ask(&server, &format!("GET {path}")).await.0, 404);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_is_lost_meanwhile() -> TestResult {
    let lamp = || contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", LAMP);
    let server = serve(lamp(), ServeOptions::default()).await;
    let requests: Vec<_> =
        (0..100).map(|number| tokio::spawn(request(&server, "GET", &format!("/v1.0/lamps/{number}")).send())).collect();
    for _ in 0..20 {
        server.reload(store(lamp()));
        tokio::task::yield_now().await;
    }
    for response in requests {
        assert_eq!(response.await??.status(), 200);
    }
    assert_eq!(server.journal().summary().answered, 100);
    Ok(())
}
