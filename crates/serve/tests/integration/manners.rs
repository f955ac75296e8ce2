//! How the server behaves as a server.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use flate2::Compression;
use flate2::write::GzEncoder;
use graph_contracts_serve::{ADMIN, Authorization, FailOn, ServeError, ServeOptions, Server};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::{ask, json_of, request, serve, with_json};

async fn served(options: ServeOptions) -> Server {
    let contracts = [
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", r#"{"id": "1", "name": "hall"}"#),
        contracts_of_pair(
            "lamp create",
            "POST /lamps",
            r#"{"name": "hall"}"#,
            "201 Created",
            r#"{"id": "1", "name": "hall"}"#,
        ),
    ];
    serve(contracts.concat(), options).await
}

#[tokio::test]
async fn both_addresses_of_this_machine_answer() -> TestResult {
    let server = served(ServeOptions::default()).await;
    for address in server.addresses() {
        let response = reqwest::get(format!("http://{address}{ADMIN}/health")).await?;
        assert_eq!(json_of(response).await, (200, json!({ "status": "ok" })), "{address}");
    }
    assert!(!server.addresses().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let server = served(ServeOptions::default()).await;
    let port = server.addresses()[0].port();
    let store = std::sync::Arc::new(graph_contracts::store::Store::new(
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "204 No Content", ""),
        graph_contracts::normal::VolatileRules::parse("v", "").expect("rules"),
    ));
    let error = Server::start(store, ServeOptions { port, ..ServeOptions::default() }).await.expect_err("it is taken");
    assert!(
        matches!(error, ServeError::Taken { host: IpAddr::V4(Ipv4Addr::LOCALHOST), port: own } if own == port),
        "{error}"
    );
}

#[tokio::test]
async fn a_token_is_asked_for_unless_none_is_looked_at() -> TestResult {
    let server = served(ServeOptions::default()).await;
    let url = format!("{}/v1.0/lamps/1", server.url());
    let response = reqwest::get(&url).await?;
    assert!(response.headers().contains_key("www-authenticate"));
    assert_eq!(json_of(response).await.1["error"]["code"], "InvalidAuthenticationToken");
    let open = served(ServeOptions { authorization: Authorization::Unchecked, ..ServeOptions::default() }).await;
    assert_eq!(reqwest::get(format!("{}/v1.0/lamps/1", open.url())).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn encoded_and_large_bodies_are_read() -> TestResult {
    let server = served(ServeOptions::default()).await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(br#"{"name": "attic"}"#)?;
    let response = request(&server, "POST", "/v1.0/lamps")
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(encoder.finish()?)
        .send()
        .await?;
    assert_eq!(json_of(response).await, (201, json!({ "id": "1", "name": "attic" })));
    let long = "x".repeat(3 << 20);
    let response = with_json(request(&server, "POST", "/v1.0/lamps"), &json!({ "name": long })).send().await?;
    assert_eq!(json_of(response).await.1["name"].as_str().map(str::len), Some(3 << 20));
    Ok(())
}

#[tokio::test]
async fn a_body_that_would_be_refused_is_not_asked_for() -> TestResult {
    let server = served(ServeOptions::default()).await;
    let mut stream = TcpStream::connect(server.addresses()[0]).await?;
    let head = "POST /v1.0/lamps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_body_that_waits_for_leave_gets_it() -> TestResult {
    let server = served(ServeOptions::default()).await;
    let mut stream = TcpStream::connect(server.addresses()[0]).await?;
    let body = r#"{"name": "attic"}"#;
    let head = format!(
        "POST /v1.0/lamps HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    let mut buffer = [0; 25];
    stream.read_exact(&mut buffer).await?;
    assert_eq!(&buffer, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).await?;
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await?;
    assert!(rest.starts_with("HTTP/1.1 201 Created\r\n"), "{rest}");
    Ok(())
}

#[tokio::test]
async fn scripts_of_any_origin_may_call_graph_and_none_may_call_the_server_itself() -> TestResult {
    let server = served(ServeOptions::default()).await;
    let preflight = request(&server, "OPTIONS", "/v1.0/lamps/1")
        .header("origin", "https://app.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization,client-request-id")
        .send()
        .await?;
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert_eq!(preflight.headers()["access-control-allow-headers"], "authorization,client-request-id");
    let response = request(&server, "GET", "/v1.0/lamps/1").header("origin", "https://app.example").send().await?;
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let admin =
        request(&server, "GET", &format!("{ADMIN}/requests")).header("origin", "https://app.example").send().await?;
    assert_eq!(admin.status(), 403);
    assert!(!admin.headers().contains_key("access-control-allow-origin"));
    let options = request(&server, "OPTIONS", "/v1.0/lamps/1").send().await?;
    assert_eq!((options.status().as_u16(), &options.headers()["allow"]), (204, &"GET".parse()?));
    let head = request(&server, "HEAD", "/v1.0/lamps/1").header("client-request-id", "7").send().await?;
    assert_eq!((head.status().as_u16(), &head.headers()["client-request-id"]), (200, &"7".parse()?));
    assert_eq!(head.text().await?, "");
    Ok(())
}

#[tokio::test]
async fn the_journal_counts_and_verifies() -> TestResult {
    let server = served(ServeOptions { fail_on: Some(FailOn::Undocumented), ..ServeOptions::default() }).await;
    ask(&server, "GET /v1.0/lamps/1").await;
    ask(&server, "GET /v1.0/lamps/2?loud=1").await;
    let verify = async |query: &str| ask(&server, &format!("GET {ADMIN}/verify?{query}")).await.0;
    assert_eq!(verify("contract=v1.0/lamp-get&times=2").await, 200);
    assert_eq!(verify("contract=v1.0/lamp-get").await, 200);
    assert_eq!(verify("contract=v1.0/lamp-get&times=1").await, 417);
    assert_eq!(verify("contract=v1.0/lamp-create").await, 417);
    assert_eq!(verify("contract=v1.0/nothing").await, 404);
    let (_, coverage) = ask(&server, &format!("GET {ADMIN}/coverage")).await;
    assert_eq!((&coverage["used"], &coverage["unused"]), (&json!(1), &json!(["v1.0/lamp-create"])));
    let (_, requests) = ask(&server, &format!("GET {ADMIN}/requests")).await;
    assert_eq!(requests["requests"][1]["notes"][0]["kind"], "undocumented-option");
    assert!(server.journal().summary().fails(Some(FailOn::Undocumented)));
    ask(&server, &format!("POST {ADMIN}/reset")).await;
    let summary = server.stop().await;
    assert_eq!((summary.requests, summary.fails(Some(FailOn::Undocumented))), (0, false));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_are_answered_at_once() -> TestResult {
    let server = served(ServeOptions::default()).await;
    let requests =
        (0..200).map(|number| tokio::spawn(request(&server, "GET", &format!("/v1.0/lamps/{number}")).send()));
    for response in requests.collect::<Vec<_>>() {
        assert_eq!(response.await??.status(), 200);
    }
    assert_eq!(server.journal().summary().answered, 200);
    Ok(())
}
