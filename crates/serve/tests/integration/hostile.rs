//! Clients that send what nobody would: the server answers or closes, and goes on serving.

use std::time::{Duration, Instant};

use graph_contracts_serve::{ServeOptions, Server, State};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::{ask, request, serve, with_json};

async fn served(state: State) -> Server {
    let lamp = r#"{"id": "1", "name": "hall", "level": 3, "tags": ["a"], "room": {"name": "x"}}"#;
    let contracts = [
        contracts_of_pair("lamp list", "GET /lamps", "", "200 OK", &format!("{{\"value\": [{lamp}]}}")),
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", lamp),
        contracts_of_pair("lamp find", "GET /lamps/find(name='{name}')", "", "200 OK", lamp),
        contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall", "tags": ["a"]}"#, "201 Created", lamp),
        contracts_of_pair("lamp update", "PATCH /lamps/{id}", r#"{"name": "hall"}"#, "200 OK", lamp),
    ];
    serve(contracts.concat(), ServeOptions { state, ..ServeOptions::default() }).await
}

async fn still_answers(server: &Server) {
    assert_eq!(ask(server, "GET /v1.0/lamps").await.0, 200);
}

#[tokio::test]
async fn any_path_and_query_is_answered() -> TestResult {
    for state in [State::Nothing, State::Tenant(None)] {
        let server = served(state).await;
        let many = "a/".repeat(2000);
        let open = "(".repeat(3000);
        let filter = format!("/v1.0/lamps?$filter={}", "not%20(".repeat(1000));
        let or = format!("/v1.0/lamps?$filter={}level%20eq%201", "level%20eq%201%20or%20".repeat(1000));
        let targets = [
            "/",
            "//",
            "/v1.0",
            "/v1.0/",
            "/v1.0//lamps",
            "/v1.0/lamps/%00",
            "/v1.0/lamps/%ff%fe",
            "/v1.0/lamps('",
            "/v1.0/lamps()",
            "/v1.0/lamps/find(name='%27')",
            "/v1.0/lamps/find(name=)",
            "/v1.0/lamps/find(,=,)",
            "/v1.0/lamps/$count/$count",
            "/v1.0/$batch",
            "/v1.0/%24batch",
            "/v1.0/lamps?$top=-1",
            "/v1.0/lamps?$top=99999999999999999999",
            "/v1.0/lamps?$skip=18446744073709551615",
            "/v1.0/lamps?$skiptoken=18446744073709551615",
            "/v1.0/lamps?$select=,,,&$orderby=,&$expand=(",
            "/v1.0/lamps?&&&===&$=",
            "/__graph-contracts-content/",
            "/__graph-contracts-content/v1.0/lamp-list/to/",
            "/__graph-contracts-content/none/to/x/y",
            "/__graph-contracts-content/0/",
            "/__graph-contracts/verify?times=x",
            "/__graph-contracts/nothing",
            &format!("/v1.0/{many}"),
            &format!("/v1.0/lamps{open}"),
            &filter,
            &or,
        ];
        for target in targets {
            let start = Instant::now();
            let status = ask(&server, &format!("GET {target}")).await.0;
            assert!((200..600).contains(&status), "{target}");
            assert!(start.elapsed() < Duration::from_secs(10), "{target}");
        }
        still_answers(&server).await;
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_does_not_repeat_what_is_long() -> TestResult {
    let server = served(State::Nothing).await;
    for target in [format!("/v1.0/lamps/1/{}", "a".repeat(30_000)), format!("/v1.0/{}?b={0}", "a".repeat(20_000))] {
        let body = request(&server, "GET", &target).send().await?.text().await?;
        assert!(body.len() < 8_000 && body.contains('…'), "{} bytes", body.len());
    }
    Ok(())
}

#[tokio::test]
async fn a_server_as_a_whole_has_options() -> TestResult {
    let server = served(State::Nothing).await;
    let mut stream = TcpStream::connect(server.addresses()[0]).await?;
    stream.write_all(b"OPTIONS * HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    Ok(())
}

#[tokio::test]
async fn any_body_is_answered() -> TestResult {
    for (name, state) in [("stateless", State::Nothing), ("tenant", State::Tenant(None))] {
        let server = served(state).await;
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let wide: String = (0..50_000).map(|number| format!("\"m{number}\":{number},")).collect();
        let wide = format!("{{{wide}\"name\":\"x\"}}");
        let same = format!("{{{}\"name\":\"x\"}}", "\"name\":\"y\",".repeat(50_000));
        let list = format!("{{\"tags\":[{}1]}}", "1,".repeat(100_000));
        for body in [
            "",
            "{",
            "null",
            "1",
            "[]",
            "\"x\"",
            "{\"name\":1e999999}",
            "\u{feff}{}",
            "{\"@odata.type\":\"#\"}",
            &deep,
            &wide,
            &same,
            &list,
        ] {
            for (method, path) in [
                ("POST", "/v1.0/lamps"),
                ("PATCH", "/v1.0/lamps/1"),
                ("POST", "/v1.0/$batch"),
                ("POST", "/v1.0/nothing"),
            ] {
                let start = Instant::now();
                let sent =
                    request(&server, method, path).header("content-type", "application/json").body(body.to_owned());
                let status = sent.send().await?.status().as_u16();
                assert!((200..600).contains(&status), "{method} {path}");
                assert!(start.elapsed() < Duration::from_secs(10), "{name}, {method} {path}: {:.40}", body);
            }
        }
        still_answers(&server).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_batch_within_a_batch_and_batches_of_nonsense_are_answered() -> TestResult {
    let server = served(State::Nothing).await;
    let within = json!({ "requests": [{ "id": "1", "method": "POST", "url": "/$batch", "headers": { "Content-Type": "application/json" },
        "body": { "requests": [] } }, { "id": "2", "method": "\r\n", "url": "/lamps" }, { "id": "3", "method": "GET", "url": "/lamps",
        "headers": { "a\r\nb": "c" } }, { "id": "4", "method": "GET", "url": "//evil.example/lamps" }, { "id": "5", "method": "PUT", "url": "/lamps", "body": 1 }] });
    let response = with_json(request(&server, "POST", "/v1.0/$batch"), &within).send().await?;
    assert_eq!(response.status(), 200);
    still_answers(&server).await;
    Ok(())
}

#[tokio::test]
async fn what_is_not_http_closes_its_own_connection_only() -> TestResult {
    let server = served(State::Nothing).await;
    let requests: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v1.0/lamps HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /v1.0/lamps HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"\r\n\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x09\x09\x09",
    ];
    for bytes in requests {
        let mut stream = TcpStream::connect(server.addresses()[0]).await?;
        stream.write_all(bytes).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "the connection stays open after {bytes:?}");
    }
    // A client that opens a connection and says nothing keeps nobody waiting.
    let _silent = TcpStream::connect(server.addresses()[0]).await?;
    still_answers(&server).await;
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(8));
    Ok(())
}

/// RFC 9112 section 3.2. Of several hosts, a cache or a proxy in between might mean another one.
#[tokio::test]
async fn a_host_is_one_host() -> TestResult {
    let server = served(State::Nothing).await;
    let status = async |head: &str| {
        let mut stream = TcpStream::connect(server.addresses()[0]).await.expect("a connection");
        stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await.expect("written");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer).get(9..12).unwrap_or_default().to_owned()
    };
    let health = "GET /__graph-contracts/health HTTP/1.1\r\n";
    assert_eq!(status(&format!("{health}Host: localhost")).await, "200");
    assert_eq!(status(&format!("{health}Host: localhost\r\nHost: evil.example")).await, "400");
    assert_eq!(status(&format!("{health}Host: evil.example@localhost")).await, "400");
    assert_eq!(status(&format!("{health}Host: a b\"")).await, "400");
    assert_eq!(
        status(&format!("{health}Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example")).await,
        "403"
    );
    // Nobody is asked who they are where only the server is asked after.
    assert_eq!(status("OPTIONS * HTTP/1.1\r\nHost: localhost").await, "204");
    let list = "GET /v1.0/lamps HTTP/1.1\r\nAuthorization: Bearer t\r\n";
    assert_eq!(status(&format!("{list}Host:")).await, "200");
    still_answers(&server).await;
    Ok(())
}
