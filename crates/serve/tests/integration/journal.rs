//! What is written of requests, and what never is.

use graph_contracts::matching::Mode;
use graph_contracts_serve::{ADMIN, HarFile, ServeOptions, Server, har};
use graph_contracts_testing::{TestResult, contracts_of_pair, contracts_of_text};
use serde_json::{Value, json};

use crate::server::{ask, request, serve, with_json};

const LAMP: &str = r#"{"id": "1", "name": "hall"}"#;

async fn served(mode: Mode) -> Server {
    let page = "# Get room\n\n## HTTP request\n\n```http\nGET /rooms/{id}\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/rooms/{id}\nX-Api-Key: 1\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    let contracts = [
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", LAMP),
        contracts_of_pair("lamp create", "POST /lamps", r#"{"name": "hall", "level": 1}"#, "201 Created", LAMP),
        contracts_of_text("room-get.md", page),
    ];
    serve(contracts.concat(), ServeOptions { mode, ..ServeOptions::default() }).await
}

/// Sends secrets wherever a client may have them.
async fn send_secrets(server: &Server) -> TestResult {
    let plain = || reqwest::Client::new();
    let secret_fields = |request: reqwest::RequestBuilder| {
        let request = request.bearer_auth("SECRET-token").header("cookie", "session=SECRET-cookie");
        request.header("x-api-key", "SECRET-key").header("proxy-authorization", "Basic SECRET-proxy")
    };
    let url = |target: &str| format!("{}{target}", server.url());
    secret_fields(plain().get(url("/v1.0/lamps/1?access_token=SECRET-parameter&sig=SECRET-signature"))).send().await?;
    secret_fields(plain().get(url("/v1.0/rooms/1"))).send().await?;
    secret_fields(plain().put(url("/v1.0/lamps/1?access_token=SECRET%26parameter"))).send().await?;
    let lamp = json!({ "name": 1, "password": "SECRET-password", "passwordProfile": { "password": "SECRET-nested" },
        "level": "high", "keys": [{ "secretText": "SECRET-text" }] });
    with_json(secret_fields(plain().post(url("/v1.0/lamps"))), &lamp).send().await?;
    let batch = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/rooms/1?client_secret=SECRET-within",
        "headers": { "Authorization": "Bearer SECRET-inner", "X-Api-Key": "SECRET-inner" } }] });
    with_json(secret_fields(plain().post(url("/v1.0/$batch"))), &batch).send().await?;
    let form = "grant_type=client_credentials&client_id=1&client_secret=SECRET-client&password=SECRET-owner";
    let sign_in = plain().post(url("/common/oauth2/v2.0/token?code=SECRET-code"));
    sign_in.header("content-type", "application/x-www-form-urlencoded").body(form).send().await?;
    let odd = plain().post(url("/common/oauth2/v2.0/token")).header("content-type", "text/plain");
    odd.body("client_secret=SECRET-odd").send().await?;
    let broken = secret_fields(plain().post(url("/v1.0/lamps"))).header("content-type", "application/json");
    broken.body(r#"{"password": "SECRET-broken"#).send().await?;
    Ok(())
}

#[tokio::test]
async fn secrets_are_written_nowhere() -> TestResult {
    for mode in [Mode::Lenient, Mode::Strict] {
        let server = served(mode).await;
        let mut listener = server.journal().listen();
        send_secrets(&server).await?;
        let folder = tempfile::tempdir()?;
        let mut file = HarFile::create(&folder.path().join("a.har"))?;
        let mut written = String::new();
        while let Ok(entry) = listener.try_recv() {
            written += &serde_json::to_string(&entry)?;
            for refusal in entry.refusal.iter().chain(entry.within.iter().filter_map(|own| own.refusal.as_ref())) {
                written += &refusal.message();
            }
            file.push(&entry)?;
        }
        written += &std::fs::read_to_string(folder.path().join("a.har"))?;
        for address in ["requests", "requests.har", "coverage", "faults"] {
            written += &request(&server, "GET", &format!("{ADMIN}/{address}")).send().await?.text().await?;
        }
        written += &first_event(&server).await?;
        assert!(written.contains("/v1.0/lamps/1?access_token=(redacted)"), "{written}");
        let leaked: Vec<&str> =
            written.match_indices("SECRET").map(|(at, _)| &written[at..(at + 40).min(written.len())]).collect();
        assert!(leaked.is_empty(), "{mode:?}: {leaked:#?}");
    }
    Ok(())
}

/// The first event of a page that has just been opened.
async fn first_event(server: &Server) -> Result<String, Box<dyn std::error::Error>> {
    let mut response = request(server, "GET", &format!("{ADMIN}/events")).send().await?;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    while !text.contains("\n\n") {
        text += std::str::from_utf8(&response.chunk().await?.unwrap_or_default())?;
    }
    Ok(text)
}

fn data_of(event: &str) -> Value {
    let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or_default();
    serde_json::from_str(data).unwrap_or_default()
}

#[tokio::test]
async fn messages_stand_in_the_archive_as_they_were() -> TestResult {
    let server = served(Mode::Lenient).await;
    let sent = with_json(request(&server, "POST", "/v1.0/lamps?a=b%20c"), &json!({ "name": "attic", "level": 2 }));
    sent.header("x-own", "1").send().await?;
    let document = har(&server.journal().entries());
    let entry = &document["log"]["entries"][0];
    assert_eq!(document["log"]["version"], "1.2");
    assert_eq!(entry["request"]["url"], format!("{}/v1.0/lamps?a=b%20c", server.url()));
    assert_eq!(entry["request"]["queryString"], json!([{ "name": "a", "value": "b c" }]));
    assert_eq!(entry["request"]["postData"]["text"], r#"{"name":"attic","level":2}"#);
    assert_eq!(entry["response"]["status"], 201);
    assert_eq!(entry["response"]["content"]["text"], r#"{"id":"1","name":"attic"}"#);
    assert_eq!(entry["_contract"], "v1.0/lamp-create");
    let fields = entry["request"]["headers"].as_array().cloned().unwrap_or_default();
    assert!(fields.contains(&json!({ "name": "x-own", "value": "1" })), "{fields:?}");
    assert!(fields.contains(&json!({ "name": "authorization", "value": "(redacted)" })), "{fields:?}");
    Ok(())
}

#[tokio::test]
async fn large_bodies_are_counted_and_left_out() -> TestResult {
    let server = served(Mode::Lenient).await;
    let body = format!("{{\"name\": \"{}\"}}", "x".repeat(70_000));
    request(&server, "POST", "/v1.0/lamps")
        .header("content-type", "application/json")
        .body(body.clone())
        .send()
        .await?;
    let entry = har(&server.journal().entries())["log"]["entries"][0].clone();
    assert_eq!(entry["request"]["bodySize"], body.len());
    assert_eq!(entry["request"]["postData"]["text"], "");
    assert_eq!(
        entry["request"]["postData"]["comment"],
        format!("{} bytes are left out: larger than 64 KiB", body.len())
    );
    Ok(())
}

#[tokio::test]
async fn an_archive_is_valid_after_each_request() -> TestResult {
    let server = served(Mode::Lenient).await;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("requests.har");
    let mut file = HarFile::create(&path)?;
    let read =
        || -> Result<Value, Box<dyn std::error::Error>> { Ok(serde_json::from_str(&std::fs::read_to_string(&path)?)?) };
    assert_eq!(read()?["log"]["entries"], json!([]));
    for count in 1..=3 {
        ask(&server, &format!("GET /v1.0/lamps/{count}")).await;
        file.push(server.journal().entries().last().ok_or("no entry")?)?;
        assert_eq!(read()?["log"]["entries"].as_array().map(Vec::len), Some(count));
    }
    assert_eq!(read()?, har(&server.journal().entries()));
    Ok(())
}

#[tokio::test]
async fn events_begin_with_what_was_and_go_on_after_the_last_one() -> TestResult {
    let server = served(Mode::Lenient).await;
    ask(&server, "GET /v1.0/lamps/1").await;
    let first = first_event(&server).await?;
    let data = data_of(&first);
    assert_eq!(data["requests"][0]["url"], "/v1.0/lamps/1");
    assert_eq!(data["summary"]["requests"], 1);
    let id = first.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or_default().to_owned();
    let mut events = request(&server, "GET", &format!("{ADMIN}/events")).header("last-event-id", &id).send().await?;
    ask(&server, "GET /v1.0/lamps/2").await;
    let mut text = String::new();
    while !text.contains("lamps/2") {
        text += std::str::from_utf8(&events.chunk().await?.ok_or("the events end")?)?;
    }
    assert!(!text.contains("lamps/1"), "{text}");
    // After a reset, the journal is another one.
    ask(&server, &format!("POST {ADMIN}/reset")).await;
    ask(&server, "GET /v1.0/lamps/3").await;
    let response = request(&server, "GET", &format!("{ADMIN}/events")).header("last-event-id", &id).send();
    let mut response = response.await?;
    let text = String::from_utf8(response.chunk().await?.unwrap_or_default().to_vec())?;
    assert!(text.contains("lamps/3") && data_of(&text)["began"] != data["began"], "{text}");
    Ok(())
}

#[tokio::test]
async fn who_listens_does_not_keep_the_server_from_ending() -> TestResult {
    let server = served(Mode::Lenient).await;
    let mut events = request(&server, "GET", &format!("{ADMIN}/events")).send().await?;
    events.chunk().await?;
    let start = std::time::Instant::now();
    server.stop().await;
    assert!(start.elapsed() < std::time::Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(matches!(events.chunk().await, Ok(None)), "the events end in order");
    Ok(())
}
