//! Faults that are asked for.

use std::time::{Duration, Instant};

use graph_contracts_serve::{ADMIN, FAULT_HEADER, FaultOptions, ServeOptions, Server};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use serde_json::json;

use crate::server::{ask, request, serve, with_json};

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
    assert_eq!(status(&server, "/v1.0/lamps/1").await, 204);
    let statuses: Vec<u16> = server.journal().entries().iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [429, 503, 0, 204], "a broken connection is a request too");
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
    let wrong =
        with_json(request(&server, "POST", &format!("{ADMIN}/faults")), &json!({ "fault": "200" })).send().await?;
    assert_eq!(wrong.status(), 400);
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
