//! `graph-contracts verify-live` that is ended between any two requests by any signal: cleaning up finds what it left.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use graph_contracts::contract::Contract;
use graph_contracts_testing::{Fault, contracts_of_pair as page};

use crate::live_faults::{Tenant, shown};

/// The life of a lamp.
fn life() -> Vec<Contract> {
    let lamp = r#"{ "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "name": "A lamp", "watts": 5 }"#;
    [
        page("Create lamp", "POST /lamps", r#"{ "name": "A lamp", "watts": 5 }"#, "201 Created", lamp),
        page("Get lamp", "GET /lamps/{id}", "", "200 OK", lamp),
        page("Update lamp", "PATCH /lamps/{id}", r#"{ "watts": 6 }"#, "200 OK", lamp),
        page("Delete lamp", "DELETE /lamps/{id}", "", "204 No Content", ""),
    ]
    .concat()
}

/// The points are counted in a run that nobody ends; at each of them, a run is ended by each signal while the request is under way,
/// processed or not.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_ended_by_a_signal_at_any_request_leaves_nothing_that_cleaning_up_does_not_find() {
    let contracts = life();
    let whole = Tenant::with_contracts(&contracts, |_, _, _| Fault::None).await;
    let (code, text) = whole.run("--allow-writes").await;
    assert!(code < 2 && whole.sandbox.left().is_empty(), "{text}");
    let points = whole.proxy.methods().len();
    assert!(points >= 8, "a life cycle has more requests: {points}");
    let signals: [&[&str]; 4] = [&["-KILL"], &["-TERM"], &["-INT", "-INT"], &["-HUP"]];
    let ends = (1..=points).flat_map(|point| signals.map(|signals| (point, signals)));
    let ends = ends.flat_map(|(point, signals)| [Fault::Hold, Fault::Silence].map(|fault| (point, signals, fault)));
    let checks = ends.map(|(point, signals, fault)| check(&contracts, point, signals, fault));
    futures_util::stream::iter(checks).buffer_unordered(8).collect::<Vec<()>>().await;
}

async fn check(contracts: &[Contract], point: usize, signals: &[&str], fault: Fault) {
    let (reached, is_over) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (seen, over) = (Arc::clone(&reached), Arc::clone(&is_over));
    let ending = fault.clone();
    let tenant = Tenant::with_contracts(contracts, move |index, _, _| {
        let is_point = !over.load(Ordering::SeqCst) && index + 1 == point;
        if is_point {
            seen.store(true, Ordering::SeqCst);
        }
        if is_point { ending.clone() } else { Fault::None }
    })
    .await;
    let child = tenant.spawn("--allow-writes --head-timeout 1");
    while !reached.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // What is processed although nothing tells it needs a moment.
    tokio::time::sleep(Duration::from_millis(20)).await;
    for signal in signals {
        Command::new("kill").args([signal, child.id().to_string().as_str()]).status().expect("kill is there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().expect("it ends"));
    let (_, ended) = shown(&output.await.expect("it ends"));
    is_over.store(true, Ordering::SeqCst);
    let (code, text) = tenant.run("--cleanup").await;
    assert_eq!((code, tenant.sandbox.left().len()), (0, 0), "{signals:?} at {point}, {fault:?}: {ended}{text}");
}

/// News of so many things that comparing them takes seconds.
fn huge() -> String {
    let member = |n: usize| format!("\"m{n}\":{{\"a\":[{{\"b\":\"x{n}\"}}]}}");
    let body = format!("{{{}}}", (0..120_000).map(member).collect::<Vec<_>>().join(","));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// A run that is interrupted while it compares a huge response does not compare it to its end; and whether it may still clean up or is
/// interrupted a second time, nothing is lost.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_while_it_compares_a_huge_response_ends_and_loses_nothing() {
    let contracts = [life(), page("Get news", "GET /news", "", "200 OK", r#"{ "headline": "A lamp" }"#)].concat();
    let answer = huge();
    let start = |asked: Arc<AtomicBool>| {
        let answer = answer.clone();
        Tenant::with_contracts(&contracts, move |_, _, path| {
            let is_news = path.ends_with("/news");
            asked.fetch_or(is_news, Ordering::SeqCst);
            if is_news { Fault::Answer(answer.clone()) } else { Fault::None }
        })
    };
    let whole = start(Arc::default()).await;
    let (code, text) = whole.run("--allow-writes").await;
    assert_eq!((code, text.contains("drifted  GET    v1.0/get-news")), (1, true), "{text}");
    for signals in [1, 2] {
        let asked: Arc<AtomicBool> = Arc::default();
        let tenant = start(Arc::clone(&asked)).await;
        let child = tenant.spawn("--allow-writes");
        while !asked.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        // What is still on its way then is received, and no more compared to its end than what is there.
        tokio::time::sleep(Duration::from_millis(200)).await;
        for _ in 0..signals {
            Command::new("kill").args(["-INT", child.id().to_string().as_str()]).status().expect("kill is there");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let output = tokio::task::spawn_blocking(move || child.wait_with_output().expect("it ends"));
        let (code, text) = shown(&output.await.expect("it ends"));
        assert!(code == 2 && !text.contains("drifted"), "{text}");
        let is_left = !tenant.sandbox.left().is_empty();
        if signals == 1 {
            assert!(text.contains("the run ended before the response was compared"), "{text}");
            assert!(!is_left && tenant.ledger().is_none(), "{text}");
        } else {
            let ledger = tenant.ledger();
            assert!(!is_left || ledger.is_some_and(|ledger| ledger.contains(r#""entry":"created""#)), "{text}");
        }
        let (code, cleaned) = tenant.run("--cleanup").await;
        assert_eq!((code, tenant.sandbox.left().len()), (0, 0), "{text}{cleaned}");
    }
}
