//! Faults that are asked for.

use std::time::{Duration, Instant};

use graph_contracts_serve::{ADMIN, FAULT_HEADER, FaultOptions, ServeOptions, Server};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use serde_json::json;

use crate::server::{ask, json_of, request, serve, with_json};

async fn served(faults: FaultOptions) -> Server {
    let contracts = [
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "204 No Content", ""),
        contracts_of_pair("room get", "GET /rooms/{id}", "", "204 No Content", ""),
    ];
    serve(contracts.concat(), ServeOptions { faults, ..ServeOptions::default() }).await
}

async fn status(server: &Server, target: &str) -> u16 {
    ask(server, &format!("GET {target}")).await.0
}

#[tokio::test]
async fn a_request_asks_for_a_fault_by_a_header_field() -> TestResult {
    let server = served(FaultOptions::default()).await;
    let ask = |fault: &str| request(&server, "GET", "/v1.0/lamps/1").header(FAULT_HEADER, fault).send();
    let limited = ask("429;retry-after=7").await?;
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"7".parse()?));
    let unavailable = ask("503;retry-after=date").await?;
    assert!(unavailable.headers()["retry-after"].to_str()?.ends_with(" GMT"));
    let broken = ask("reset").await.expect_err("the connection breaks");
    assert!(broken.is_request(), "{broken:?}");
    let nonsense = ask("nonsense").await?;
    assert_eq!(nonsense.status(), 400, "what is no fault is not passed over");
    assert_eq!(status(&server, "/v1.0/lamps/1").await, 204);
    let statuses: Vec<u16> = server.journal().entries().iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [429, 503, 0, 400, 204], "a broken connection is a request too");
    Ok(())
}

#[tokio::test]
async fn faults_are_planned_for_a_contract() -> TestResult {
    let server = served(FaultOptions::default()).await;
    let plan = json!({ "fault": "503", "times": 1, "contract": "v1.0/room-get" });
    let planned = with_json(request(&server, "POST", &format!("{ADMIN}/faults")), &plan).send().await?;
    assert_eq!(planned.status(), 204);
    assert_eq!(status(&server, "/v1.0/lamps/1").await, 204);
    assert_eq!(status(&server, "/v1.0/rooms/1").await, 503);
    assert_eq!(status(&server, "/v1.0/rooms/1").await, 204);
    for wrong in [json!({ "fault": "200" }), json!({ "fault": "429", "contract": "v1.0/nothing" })] {
        let answer = with_json(request(&server, "POST", &format!("{ADMIN}/faults")), &wrong).send().await?;
        assert_eq!(answer.status(), 400, "{wrong}");
    }
    Ok(())
}

#[tokio::test]
async fn faults_befall_each_request_of_a_batch_alone() -> TestResult {
    let server = served(FaultOptions::default()).await;
    let plan = json!({ "fault": "503", "contract": "v1.0/room-get" });
    assert_eq!(with_json(request(&server, "POST", &format!("{ADMIN}/faults")), &plan).send().await?.status(), 204);
    let single = |id: &str, url: &str, fault: &str| json!({ "id": id, "method": "GET", "url": url, "headers": { FAULT_HEADER: fault } });
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/lamps/1" },
        { "id": "2", "method": "GET", "url": "/rooms/1" },
        { "id": "3", "method": "GET", "url": "/rooms/1" },
        single("4", "/lamps/1", "429;retry-after=7"),
        single("5", "/lamps/1", "nonsense"),
        single("6", "/lamps/1", "reset"),
    ] });
    let response = with_json(request(&server, "POST", "/v1.0/$batch"), &batch).send().await?;
    let (status, body) = json_of(response).await;
    let statuses: Vec<u64> = (0..6).filter_map(|index| body["responses"][index]["status"].as_u64()).collect();
    assert_eq!((status, statuses), (200, vec![204, 503, 204, 429, 400, 204]), "{body}");
    assert_eq!(body["responses"][3]["headers"]["Retry-After"], "7");
    assert_eq!(server.journal().entries()[0].within.len(), 6);
    Ok(())
}

#[tokio::test]
async fn answers_are_limited_and_late_as_asked() {
    let faults = FaultOptions {
        latency: "20ms".parse().expect("a latency"),
        throttle: "2/60s".parse().ok(),
        ..FaultOptions::default()
    };
    let server = served(faults).await;
    let start = Instant::now();
    assert_eq!(status(&server, "/v1.0/lamps/1").await, 204);
    assert!(start.elapsed() >= Duration::from_millis(20));
    assert_eq!(status(&server, "/v1.0/lamps/1").await, 204);
    assert_eq!(status(&server, "/v1.0/lamps/1").await, 429);
}
