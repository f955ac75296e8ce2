//! What is refused before the body is sent, where the client waits for leave (RFC 9110 section 10.1.1).

use graph_contracts_serve::{ServeOptions, Server};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::contents::{alone, frames};
use crate::server::{ask, json_of, request, serve};
use crate::tenant::tenant;

/// Sends the head of a request that waits for leave, and gives the first line that comes.
async fn first_line(server: &Server, line: &str, fields: &str) -> String {
    let mut stream = TcpStream::connect(server.addresses()[0]).await.expect("a connection");
    let token = if fields.contains("Authorization") { "" } else { "Authorization: Bearer x\r\n" };
    let head = format!("{line} HTTP/1.1\r\nHost: localhost\r\n{token}Expect: 100-continue\r\n{fields}\r\n");
    stream.write_all(head.as_bytes()).await.expect("a head");
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn what_the_head_decides_is_refused_before_the_body_is_sent() -> TestResult {
    let _alone = alone().await;
    let server = tenant().await;
    let item = request(&server, "PUT", "/v1.0/me/drive/root:/a.bin:/content").body("abc").send().await?;
    let id = json_of(item).await.1["id"].as_str().expect("an id").to_owned();
    let (_, session) = ask(&server, "POST /v1.0/me/drive/root:/b.bin:/createUploadSession").await;
    let upload =
        session["uploadUrl"].as_str().and_then(|url| url.strip_prefix(server.url())).expect("a URL").to_owned();
    let content = format!("PUT /v1.0/me/drive/items/{id}/content");
    let check = async |line: &str, fields: &str, status: u16| {
        let answer = first_line(&server, line, fields).await;
        assert_eq!(answer, format!("HTTP/1.1 {status}"), "{line} {fields}");
    };
    check(&content, "Content-Length: 3\r\n", 100).await;
    check(&content, "Transfer-Encoding: chunked\r\n", 100).await;
    check(&content, "Content-Length: 3\r\nIf-Match: \"other\"\r\n", 412).await;
    check(&content, "Content-Length: 300000000\r\n", 413).await;
    check(&content, "Content-Length: 3\r\nx-graph-contracts-fault: 503\r\n", 503).await;
    check(&content, "Content-Length: 3\r\nx-graph-contracts-fault: nonsense\r\n", 400).await;
    check("PUT /v1.0/me/drive/items/none/content", "Content-Length: 3\r\n", 404).await;
    check("PUT /v1.0/nowhere", "Content-Length: 3\r\n", 501).await;
    check("POST /v1.0/me/drive/items/1/createUploadSession", "Content-Length: 9999999\r\n", 413).await;
    let upload = format!("PUT {upload}");
    let range = |range: &str, length: usize| format!("Content-Length: {length}\r\nContent-Range: bytes {range}\r\n");
    check(&upload, &range("0-327679/655360", 327_680), 100).await;
    check(&upload, &range("0-9/655360", 327_680), 400).await;
    check(&upload, &range("327680-655359/655360", 327_680), 416).await;
    check("PUT /_uploads/none", &range("0-9/10", 10), 404).await;
    // Nothing of that has changed anything.
    assert_eq!(ask(&server, &format!("GET /v1.0/me/drive/items/{id}")).await.1["size"], 3);
    Ok(())
}

#[tokio::test]
async fn without_a_tenant_the_pages_decide() -> TestResult {
    let _alone = alone().await;
    let session =
        r#"{"uploadUrl": "https://sn3302.up.1drv.com/up/1", "expirationDateTime": "2015-01-29T09:21:55.523Z"}"#;
    let contracts = [
        contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall"}"#, "201 Created", r#"{"id": "1"}"#),
        contracts_of_pair("begin", "POST /me/drive/items/{id}/createUploadSession", "{}", "200 OK", session),
    ];
    let server = serve(contracts.concat(), ServeOptions::default()).await;
    let (_, session) = ask(&server, "POST /v1.0/me/drive/items/1/createUploadSession").await;
    let upload = session["uploadUrl"].as_str().and_then(|url| url.strip_prefix(server.url())).expect("a URL");
    let upload = format!("PUT {upload}");
    let check = async |line: &str, fields: &str, status: u16| {
        let answer = first_line(&server, line, fields).await;
        assert_eq!(answer, format!("HTTP/1.1 {status}"), "{line} {fields}");
    };
    check("POST /v1.0/lamps", "Content-Length: 3\r\nContent-Type: application/json\r\n", 100).await;
    check("POST /v1.0/rooms", "Content-Length: 3\r\n", 501).await;
    check("POST /v1.0/lamps", "Content-Length: 9999999\r\nContent-Type: application/json\r\n", 413).await;
    check("PUT /v1.0/lamps", "Content-Length: 3\r\n", 501).await;
    check("POST /v1.0/$batch", "Content-Length: 3\r\nContent-Type: application/json\r\n", 100).await;
    check(&upload, "Content-Length: 10\r\nContent-Range: bytes 0-9/10\r\n", 100).await;
    check(&upload, "Content-Length: 10\r\nContent-Range: bytes 5-14/15\r\n", 416).await;
    check(&upload, "Content-Length: 10\r\nContent-Range: bytes 0-8/15\r\n", 400).await;
    Ok(())
}

/// A client that sends all of its body without asking can read why it was refused.
#[tokio::test]
async fn who_does_not_ask_reads_the_refusal_too() -> TestResult {
    let _alone = alone().await;
    let lamp = contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall"}"#, "201 Created", r#"{"id": "1"}"#);
    let server = serve(lamp, ServeOptions::default()).await;
    for says_length in [true, false] {
        let body = if says_length { vec![b' '; 20 << 20].into() } else { frames(0..300) };
        let sent = request(&server, "POST", "/v1.0/lamps").header("content-type", "application/json").body(body);
        let (status, body) = json_of(sent.send().await?).await;
        assert_eq!((status, &body["error"]["code"]), (413, &"RequestEntityTooLarge".into()));
        assert!(body["error"]["message"].as_str().is_some_and(|text| text.contains("8388608 bytes")), "{body}");
    }
    Ok(())
}
