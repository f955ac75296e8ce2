//! The proxy.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use graph_contracts_serve::{ADMIN, Certificate, ServeError, ServeOptions};
use graph_contracts_testing::TestResult;
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest::Client;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{serve, start};

async fn json_of(response: reqwest::Response) -> Outcome<Value> {
    Ok(serde_json::from_slice(&response.bytes().await?)?)
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::test]
async fn microsoft_graph_in_any_cloud_is_answered_here() -> TestResult {
    let served = serve(None, true).await;
    for client in [served.client_of_proxy(), served.client_of_proxy().http1_only()] {
        let client = client.build()?;
        for host in
            ["graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"]
        {
            let response = client.get(format!("https://{host}/v1.0/lamps")).bearer_auth("t").send().await?;
            assert_eq!(response.headers()["x-graph-contract"], "v1.0/lamp-list");
            let link = json_of(response).await?["@odata.nextLink"].as_str().unwrap_or_default().to_owned();
            assert_eq!(link, format!("https://{host}/v1.0/lamps?$skiptoken=2"));
            assert_eq!(client.get(link).bearer_auth("t").send().await?.status(), 200);
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_server_speaks_of_itself_at_its_own_address_only() -> TestResult {
    let served = serve(None, true).await;
    let client = served.client_of_proxy().build()?;
    let requests = client.get(format!("https://graph.microsoft.com{ADMIN}/requests")).send().await?;
    assert_eq!(requests.status(), 403);
    let own = client.get(format!("{}{ADMIN}/health", served.server.url())).send().await?;
    assert_eq!(own.status(), 200);
    Ok(())
}

#[tokio::test]
async fn tokens_are_signed_with_a_key_that_the_metadata_leads_to() -> TestResult {
    let served = serve(None, true).await;
    let client = served.client_of_proxy().build()?;
    let tenant = "https://login.microsoftonline.us/contoso.example";
    let metadata = json_of(client.get(format!("{tenant}/v2.0/.well-known/openid-configuration")).send().await?).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let form =
        "grant_type=client_credentials&client_id=a&client_secret=s&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
    let token = json_of(client.post(text(&metadata["token_endpoint"])).body(form).send().await?).await?;
    let token = text(&token["access_token"]);
    let keys = json_of(client.get(text(&metadata["jwks_uri"])).send().await?).await?;
    let bytes = |value: &str| URL_SAFE_NO_PAD.decode(value).expect("base64url");
    let key = aws_lc_rs::signature::RsaPublicKeyComponents {
        n: bytes(&text(&keys["keys"][0]["n"])),
        e: bytes(&text(&keys["keys"][0]["e"])),
    };
    let (message, signature) = token.rsplit_once('.').expect("a signature");
    let algorithm = &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
    assert!(key.verify(algorithm, message.as_bytes(), &bytes(signature)).is_ok());
    assert!(key.verify(algorithm, b"another", &bytes(signature)).is_err());
    let header: Value = serde_json::from_slice(&bytes(token.split('.').next().unwrap_or_default()))?;
    assert_eq!(header["kid"], keys["keys"][0]["kid"]);
    Ok(())
}

/// A host that answers with what it was sent, once.
async fn echo() -> Outcome<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.expect("bytes");
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {count}\r\nConnection: close\r\n\r\n");
        stream.write_all(&[head.as_bytes(), &buffer[..count]].concat()).await.expect("written");
    });
    Ok(port)
}

#[tokio::test]
async fn every_other_host_is_reached_untouched() -> TestResult {
    let served = serve(None, true).await;
    let port = echo().await?;
    let mut stream = TcpStream::connect(served.server.addresses()[0]).await?;
    stream.write_all(format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes()).await?;
    let mut head = [0; 4096];
    let count = stream.read(&mut head).await?;
    assert!(head[..count].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head[..count]));
    stream.write_all(b"\x16\x03 any bytes").await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    assert!(rest.ends_with(b"\r\n\r\n\x16\x03 any bytes"), "{}", String::from_utf8_lossy(&rest));
    assert!(served.server.journal().entries().is_empty());
    Ok(())
}

#[tokio::test]
async fn plain_requests_for_other_hosts_are_passed_on_without_what_is_for_the_proxy() -> TestResult {
    let served = serve(None, true).await;
    let port = echo().await?;
    let client = served.client_of_proxy().build()?;
    let request = client.get(format!("http://127.0.0.1:{port}/x?y=1")).header("proxy-authorization", "Basic canary");
    let sent = request.header("x-own", "1").send().await?.text().await?;
    assert!(sent.starts_with("GET /x?y=1 HTTP/1.1\r\n") && sent.contains("x-own: 1"), "{sent}");
    assert!(sent.contains(&format!("host: 127.0.0.1:{port}")) && !sent.contains("canary"), "{sent}");
    let plain = client.get("http://graph.microsoft.com/v1.0/lamps/1").bearer_auth("t").send().await?;
    assert_eq!(plain.headers()["x-graph-contract"], "v1.0/lamp-get");
    Ok(())
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_is_named() -> TestResult {
    let served = serve(None, true).await;
    let free = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let client = served.client_of_proxy().build()?;
    let response = client.get(format!("http://127.0.0.1:{free}/")).send().await?;
    assert_eq!(response.status(), 502);
    assert!(response.text().await?.starts_with(&format!("127.0.0.1:{free} cannot be reached: ")));
    Ok(())
}

#[tokio::test]
async fn a_server_without_a_proxy_makes_no_tunnels() -> TestResult {
    let served = serve(Some(Certificate::OfAuthority), false).await;
    let mut stream = TcpStream::connect(served.server.addresses()[0]).await?;
    stream
        .write_all(
            b"CONNECT graph.microsoft.com:443 HTTP/1.1\r\nHost: graph.microsoft.com\r\nConnection: close\r\n\r\n",
        )
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 405 ") && answer.contains("--proxy"), "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_proxy_is_for_this_machine_only() -> TestResult {
    let served = serve(None, true).await;
    let host = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let error = start(served.tls.clone(), ServeOptions { host, ..ServeOptions::default() }).await;
    assert!(matches!(error, Err(ServeError::OpenProxy { .. })), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_ends_leaves_no_tunnel() -> TestResult {
    let served = serve(None, true).await;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let mut stream = TcpStream::connect(served.server.addresses()[0]).await?;
    stream.write_all(format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await?;
    let mut head = [0; 4096];
    assert!(stream.read(&mut head).await? > 0);
    let start = std::time::Instant::now();
    served.server.stop().await;
    assert!(start.elapsed().as_secs() < 4, "{:?}", start.elapsed());
    Ok(())
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_authority_gets_nothing() -> TestResult {
    let served = serve(None, true).await;
    let proxy = reqwest::Proxy::all(format!("http://127.0.0.1:{}", served.port()))?;
    let client = Client::builder().proxy(proxy).build()?;
    assert!(client.get("https://graph.microsoft.com/v1.0/lamps").send().await.is_err());
    assert!(served.server.journal().entries().is_empty());
    Ok(())
}

/// The beginning of what a proxy answers to a head.
async fn answered(served: &crate::support::Served, head: &str) -> Outcome<String> {
    let mut stream = TcpStream::connect(served.server.addresses()[0]).await?;
    stream.write_all(format!("{head}\r\n\r\n").as_bytes()).await?;
    let mut buffer = [0; 4096];
    let count = stream.read(&mut buffer).await?;
    Ok(String::from_utf8_lossy(&buffer[..count]).into_owned())
}

#[tokio::test]
async fn the_service_itself_is_never_reached() -> TestResult {
    let served = serve(None, true).await;
    for (target, status) in [
        ("graph.microsoft.com:443", "200"),
        ("GRAPH.Microsoft.com.:443", "200"),
        ("login.microsoftonline.com:80", "200"),
        ("graph.microsoft.com:8443", "400"),
        ("graph.microsoft.com", "400"),
        ("graph.microsoft.com:99999", "400"),
        ("canary:canary@127.0.0.1:1", "400"),
    ] {
        let answer = answered(&served, &format!("CONNECT {target} HTTP/1.1\r\nHost: x")).await?;
        assert_eq!(answer.get(9..12), Some(status), "{target}: {answer}");
        assert!(!answer.contains("canary"), "{answer}");
    }
    // In plain text, too.
    let mut stream = TcpStream::connect(served.server.addresses()[0]).await?;
    let connect = "CONNECT graph.microsoft.com:80 HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(connect.as_bytes()).await?;
    let mut buffer = [0; 4096];
    let count = stream.read(&mut buffer).await?;
    assert!(buffer[..count].starts_with(b"HTTP/1.1 200"));
    let rest = lamps(&mut stream).await?;
    assert!(
        rest.contains("x-graph-contract: v1.0/lamp-list") && rest.contains("http://graph.microsoft.com/v1.0/lamps?"),
        "{rest}"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_sent_on_has_no_password_and_nothing_goes_on_without_its_tls() -> TestResult {
    let served = serve(None, true).await;
    let port = echo().await?;
    let sent = answered(&served, &format!("GET http://u:canary@127.0.0.1:{port}/x HTTP/1.1\r\nHost: y")).await?;
    assert!(sent.contains(&format!("host: 127.0.0.1:{port}")) && !sent.contains("canary"), "{sent}");
    for scheme in ["https", "ftp"] {
        let answer =
            answered(&served, &format!("GET {scheme}://u:canary@127.0.0.1:{port}/x HTTP/1.1\r\nHost: y")).await?;
        assert!(answer.starts_with("HTTP/1.1 400") && !answer.contains("canary"), "{answer}");
    }
    Ok(())
}

/// What is answered in a tunnel to the lamps of Microsoft Graph.
async fn lamps(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Outcome<String> {
    let get =
        "GET /v1.0/lamps HTTP/1.1\r\nHost: graph.microsoft.com\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n";
    stream.write_all(get.as_bytes()).await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    Ok(String::from_utf8_lossy(&rest).into_owned())
}

/// A tunnel in a stream of HTTP/2 (RFC 9113 section 8.5), or the status of its refusal.
async fn tunnel(served: &crate::support::Served, target: &str) -> Outcome<Result<TokioIo<Upgraded>, u16>> {
    let stream = TcpStream::connect(served.server.addresses()[0]).await?;
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await?;
    tokio::spawn(connection);
    let request = http::Request::connect(target).body(axum::body::Body::empty())?;
    let response = sender.send_request(request).await?;
    Ok(match response.status().as_u16() {
        200 => Ok(TokioIo::new(hyper::upgrade::on(response).await?)),
        status => Err(status),
    })
}

#[tokio::test]
async fn a_tunnel_may_be_a_stream_of_http_2() -> TestResult {
    let served = serve(None, true).await;
    let port = echo().await?;
    let mut stream = tunnel(&served, &format!("127.0.0.1:{port}")).await?.expect("a tunnel");
    stream.write_all(b"\x16\x03 any bytes").await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    assert!(rest.ends_with(b"\r\n\r\n\x16\x03 any bytes"), "{}", String::from_utf8_lossy(&rest));
    // What the server stands for is answered here.
    let mut stream = tunnel(&served, "graph.microsoft.com:80").await?.expect("a tunnel");
    let rest = lamps(&mut stream).await?;
    assert!(rest.contains("x-graph-contract: v1.0/lamp-list"), "{rest}");
    assert_eq!(tunnel(&served, "graph.microsoft.com:8443").await?.err(), Some(400));
    let free = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    assert_eq!(tunnel(&served, &format!("127.0.0.1:{free}")).await?.err(), Some(502));
    let other = serve(Some(Certificate::OfAuthority), false).await;
    assert_eq!(tunnel(&other, "graph.microsoft.com:443").await?.err(), Some(405));
    Ok(())
}
