//! Metadata from a URL: what is sent, which limits hold, and what is said where there is no document. The servers here write bytes
//! to sockets.

use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use graph_contracts::contract::Cloud;
use graph_contracts::http::Limits;
use graph_contracts::report::raise_limit;
use graph_contracts_odata::check::{FetchError, Fetched, MetadataText, fetch, fetch_limits};
use reqwest::ClientBuilder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use graph_contracts_testing::{TestResult, project};

/// What must never be shown or sent.
const CANARY: &str = "canary-0123456789";

/// How long a phase may take where a test is about that.
const PHASE: Duration = Duration::from_millis(200);

/// A server that gives each connection the bytes for its path, and then closes or keeps it.
struct Server {
    base: String,
    /// The heads of all requests.
    seen: Arc<Mutex<Vec<String>>>,
}

/// The bytes of an answer, and whether the connection stays open behind them.
type Answer = (Vec<u8>, bool);

impl Server {
    async fn start(answer: impl Fn(&str, &str) -> Answer + Send + Sync + 'static) -> std::io::Result<Server> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (all, own) = (Arc::clone(&seen), base.clone());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match socket.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => break,
                    }
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                all.lock().expect("no test panicked").push(head);
                let (bytes, stays) = answer(&path, &own);
                tokio::spawn(async move {
                    // A client that goes away is no fault of the server.
                    let _ = socket.write_all(&bytes).await;
                    if stays {
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        Ok(Server { base, seen })
    }

    /// Answers every request with these bytes.
    async fn with(bytes: Vec<u8>, stays: bool) -> std::io::Result<Server> {
        Server::start(move |_, _| (bytes.clone(), stays)).await
    }

    /// What there is at a path.
    async fn get(&self, path: &str, limits: &Limits) -> Result<Fetched, FetchError> {
        fetch(ClientBuilder::new(), false, &format!("{}{path}", self.base), limits).await
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("no test panicked").clone()
    }
}

/// A response with these header fields, each ended by a line break.
fn response(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{fields}Connection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn csdl() -> Vec<u8> {
    std::fs::read(project("tests/metadata/v1.0.csdl")).expect("readable")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// Small limits; each test that is about one of them sets it.
fn limits() -> Limits {
    Limits { head_timeout: 20 * PHASE, idle_timeout: 20 * PHASE, timeout: 40 * PHASE, ..fetch_limits() }
}

/// An error with its causes.
fn text(error: &FetchError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(&format!(": {next}"));
        cause = next.source();
    }
    text
}

/// Expects no document, with all of these words.
#[track_caller]
fn check(found: &Result<Fetched, FetchError>, words: &[&str]) {
    let error = found.as_ref().expect_err("no document");
    // What the command line adds: the option that raises the limit.
    let limit = match error {
        FetchError::Send { cause, .. } => cause.exceeded().map(raise_limit),
        _ => None,
    };
    let text = text(error) + &limit.unwrap_or_default();
    for word in words {
        assert!(text.contains(word), "{word:?} should be in {text:?}");
    }
    assert!(!text.contains("canary"), "{text}");
}

const XML: &str = "Content-Type: application/xml\r\n";

#[tokio::test]
async fn a_document_is_fetched_and_nothing_is_sent_that_identifies_anybody() -> TestResult {
    let fields = format!("{XML}Content-Encoding: gzip\r\nSet-Cookie: {CANARY}\r\n");
    let server = Server::with(response("200 OK", &fields, &gzip(&csdl())), false).await?;
    let path = format!("/v1.0/$metadata?sig={CANARY}");
    for _ in 0..2 {
        let fetched = server.get(&path, &limits()).await?;
        assert_eq!(fetched.text.as_bytes(), csdl());
        assert_eq!(fetched.name, format!("{}/v1.0/$metadata?sig=…", server.base));
        let text =
            MetadataText { cloud: Cloud::Global, version: "v1.0".to_owned(), name: fetched.name, text: fetched.text };
        assert!(text.read().is_ok());
    }
    for head in server.seen() {
        let names: Vec<String> =
            head.lines().filter_map(|line| Some(line.split_once(": ")?.0.to_ascii_lowercase())).collect();
        assert!(head.starts_with("GET /v1.0/$metadata?sig="), "{head}");
        assert_eq!(names, ["accept", "accept-encoding", "host"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_followed_to_another_server_and_takes_nothing_along() -> TestResult {
    let target = Server::with(response("200 OK", XML, &csdl()), false).await?;
    let location = format!("Location: {}/elsewhere\r\n", target.base);
    let answer = move |path: &str, _: &str| match path {
        "/v1.0" => (response("301 Moved Permanently", "Location: /next\r\n", b""), false),
        _ => (response("307 Temporary Redirect", &location, b""), false),
    };
    let server = Server::start(answer).await?;
    let fetched = server.get("/v1.0", &limits()).await?;
    assert_eq!((fetched.name, fetched.text.len()), (format!("{}/v1.0", server.base), csdl().len()));
    assert_eq!((server.seen().len(), target.seen().len()), (2, 1));
    assert!(!target.seen()[0].to_ascii_lowercase().contains("referer"), "{:?}", target.seen());
    Ok(())
}

#[tokio::test]
async fn redirects_end() -> TestResult {
    let server = Server::with(response("302 Found", "Location: /again\r\n", b""), false).await?;
    check(
        &server.get("/v1.0", &limits()).await,
        &["GET http://127.0.0.1:", "/again: the answer is 302", "it is the 6th"],
    );
    assert_eq!(server.seen().len(), 6);
    let server = Server::with(response("302 Found", "", b""), false).await?;
    check(&server.get("/v1.0", &limits()).await, &["it has no Location"]);
    let fields = format!("Location: http://{CANARY}@127.0.0.1/\r\n");
    let server = Server::with(response("302 Found", &fields, b""), false).await?;
    check(&server.get("/v1.0", &limits()).await, &["it leads to http://127.0.0.1/: it names a user"]);
    // Whoever has TLS is told where it is needed.
    let server = Server::with(response("302 Found", "Location: https://127.0.0.1/\r\n", b""), false).await?;
    assert!(matches!(server.get("/v1.0", &limits()).await, Err(FetchError::NeedsTls { .. })));
    Ok(())
}

#[tokio::test]
async fn credentials_in_a_url_are_refused_before_anything_is_sent() -> TestResult {
    let server = Server::with(response("200 OK", XML, &csdl()), false).await?;
    for user in [CANARY.to_owned(), format!(":{CANARY}"), format!("user:{CANARY}")] {
        let url = server.base.replace("http://", &format!("http://{user}@"));
        let found = fetch(ClientBuilder::new(), false, &url, &limits()).await;
        check(&found, &[&server.base, "no credentials are ever sent: leave them out"]);
    }
    check(&fetch(ClientBuilder::new(), false, &format!("http://u:{CANARY}@h:x/"), &limits()).await, &["not a URL"]);
    assert_eq!(server.seen(), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_document_beyond_the_size_limit_is_not_read() -> TestResult {
    let small = Limits { max_body: 1000, ..limits() };
    let server = Server::with(response("200 OK", XML, &[b' '; 1001]), false).await?;
    check(&server.get("/v1.0", &small).await, &["/v1.0 failed", "1001 bytes, more than 1000", "--max-body"]);
    // Neither is one that does not say how large it is, or only what it is when decoded.
    let endless = [format!("HTTP/1.1 200 OK\r\n{XML}\r\n").as_bytes(), &[b' '; 5000]].concat();
    check(&Server::with(endless, true).await?.get("/v1.0", &small).await, &["more than 1000 bytes"]);
    let bomb = gzip(&vec![b' '; 1 << 20]);
    let large = Limits { max_body: 10_000, ..limits() };
    let server = Server::with(response("200 OK", &format!("{XML}Content-Encoding: gzip\r\n"), &bomb), false).await?;
    check(&server.get("/v1.0", &large).await, &["decodes to more than 10000 bytes"]);
    Ok(())
}

#[tokio::test]
async fn a_server_that_stalls_is_left() -> TestResult {
    let start = Instant::now();
    let server = Server::with(Vec::new(), true).await?;
    let short = Limits { head_timeout: PHASE, ..limits() };
    check(&server.get("/v1.0", &short).await, &["no complete response head within 200ms", "--head-timeout"]);
    let part = response("200 OK", XML, &csdl());
    let server = Server::with(part[..500].to_vec(), true).await?;
    let short = Limits { idle_timeout: PHASE, ..limits() };
    check(&server.get("/v1.0", &short).await, &["nothing more for 200ms", "--idle-timeout"]);
    let server = Server::with(part[..500].to_vec(), true).await?;
    let short = Limits { timeout: 2 * PHASE, ..limits() };
    check(&server.get("/v1.0", &short).await, &["no complete response within 400ms", "--timeout"]);
    assert!(start.elapsed() < 20 * PHASE, "{:?}", start.elapsed());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_together_have_one_time_limit() -> TestResult {
    let answer = |path: &str, _: &str| {
        // No hop alone takes too long.
        std::thread::sleep(PHASE / 2);
        (response("302 Found", &format!("Location: {path}1\r\n"), b""), false)
    };
    let server = Server::start(answer).await?;
    let short = Limits { timeout: PHASE, ..limits() };
    check(&server.get("/v1.0", &short).await, &["no complete response within 200ms"]);
    Ok(())
}

#[tokio::test]
async fn what_is_no_document_is_said_with_what_to_do() -> TestResult {
    let answer = |path: &str, _: &str| match path {
        "/401" => (response("401 Unauthorized", "", b""), false),
        "/404" => (response("404 Not Found", "", b"<html/>"), false),
        "/503" => (response("503 Service Unavailable", "", b""), false),
        "/html" => (response("200 OK", "Content-Type: text/html\r\n", b"<html/>"), false),
        "/json" => (response("200 OK", "Content-Type: application/json\r\n", b"{}"), false),
        "/latin-1" => (response("200 OK", XML, b"<a>\xe9</a>"), false),
        "/gzip" => (response("200 OK", &format!("{XML}Content-Encoding: gzip\r\n"), b"none"), false),
        _ => (response("200 OK", XML, &csdl())[..600].to_vec(), false),
    };
    let server = Server::start(answer).await?;
    for (path, words) in [
        ("/401", ["the answer is 401", "no credentials are ever sent"]),
        ("/404", ["the answer is 404", "'https://graph.microsoft.com/v1.0/$metadata'"]),
        ("/503", ["the answer is 503", "try again later"]),
        ("/html", ["text/html, and no CSDL in XML", "in single quotes"]),
        ("/json", ["application/json, and no CSDL in XML", "in single quotes"]),
        ("/latin-1", ["the document cannot be read: it is not valid UTF-8", "GET"]),
        ("/gzip", ["the body is not valid gzip", "GET"]),
        ("/cut-off", ["the body broke off after", "GET"]),
    ] {
        check(&server.get(path, &limits()).await, &words);
    }
    let gone = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let found = fetch(ClientBuilder::new(), false, &format!("http://{gone}/v1.0"), &limits()).await;
    check(&found, &["cannot connect", "GET"]);
    assert!(matches!(
        fetch(ClientBuilder::new(), false, "https://127.0.0.1/v1.0", &limits()).await,
        Err(FetchError::NeedsTls { .. })
    ));
    Ok(())
}
