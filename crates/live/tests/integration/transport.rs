//! Requests to a live provider: manners, tokens, and what is repeated. The providers here write bytes to sockets.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use graph_contracts::http::{Limits, OutgoingRequest};
use jiff::Timestamp;

use graph_contracts_live::{
    AccessToken, Creation, Destination, KnownKeys, Ledger, LiveError, LiveExchange, Manners, Pace, TokenError,
    TokenFuture, TokenSource, Tokens, Transport,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use graph_contracts_testing::TestResult;

/// What must never be shown.
const CANARY: &str = "canary-0123456789";

/// How a provider answers one request.
#[derive(Clone)]
enum Answer {
    /// With these bytes.
    Bytes(String),
    /// With a reset.
    Reset,
    /// Not at all.
    Silence,
}

use Answer::{Bytes, Reset, Silence};

/// A response with this status and these header fields, each ended by a line break.
fn status(status: &str, fields: &str) -> Answer {
    Bytes(format!("HTTP/1.1 {status}\r\nrequest-id: service-1\r\nContent-Length: 0\r\n{fields}\r\n"))
}

fn ok() -> Answer {
    status("200 OK", "")
}

/// One request as it came.
#[derive(Clone, Debug)]
struct Seen {
    head: String,
    at: Instant,
}

impl Seen {
    fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(": ")?;
            own.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// A provider that answers one request on each connection, and remembers it.
struct Provider {
    base: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Provider {
    /// Gives the answers in order, the last one to every further request.
    async fn start(answers: Vec<Answer>) -> std::io::Result<Provider> {
        Provider::by_request(move |index, _| answers[index.min(answers.len() - 1)].clone()).await
    }

    async fn by_request(answer: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static) -> std::io::Result<Provider> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&seen);
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (all, answer) = (Arc::clone(&all), Arc::clone(&answer));
                // A client that goes away is no fault of the provider.
                tokio::spawn(async move { serve(socket, &all, &*answer).await.ok() });
            }
        });
        Ok(Provider { base, seen })
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panicked").clone()
    }
}

async fn serve(
    mut socket: TcpStream,
    all: &Mutex<Vec<Seen>>,
    answer: &(impl Fn(usize, &Seen) -> Answer + Sync),
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let seen = Seen { head: String::from_utf8_lossy(&head).into_owned(), at: Instant::now() };
    let length = seen.field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    socket.read_exact(&mut vec![0; length]).await?;
    let index = {
        let mut all = all.lock().expect("no test panicked");
        all.push(seen.clone());
        all.len() - 1
    };
    match answer(index, &seen) {
        Bytes(bytes) => socket.write_all(bytes.as_bytes()).await,
        Reset => socket.set_zero_linger(),
        Silence => std::future::pending().await,
    }
}

/// Gives a new token each time it is asked.
#[derive(Default)]
struct Counter(AtomicU32);

impl TokenSource for Counter {
    fn token<'a>(&'a self, _fresh: bool) -> TokenFuture<'a> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Ok::<_, TokenError>(AccessToken::new(format!("{CANARY}-{number}"), None)) })
    }
}

fn manners(time_budget: Duration) -> Manners {
    let many = NonZeroU32::new(1000).expect("not zero");
    Manners { concurrency: many, requests_per_second: 1000.0, time_budget }
}

fn limits() -> Limits {
    Limits { head_timeout: Duration::from_millis(300), ..Limits::default() }
}

fn transport_within(base: &str, time_budget: Duration) -> Result<Transport, LiveError> {
    let pace = Arc::new(Pace::new(manners(time_budget)));
    let base = base.parse().expect("a URL");
    Transport::new(reqwest::Client::builder(), base, Tokens::new(Counter::default()), pace, limits())
}

fn transport(provider: &Provider) -> Transport {
    transport_within(&provider.base, Duration::from_secs(30)).expect("a transport")
}

fn request(method: &str) -> OutgoingRequest {
    OutgoingRequest {
        method: method.to_owned(),
        path_and_query: format!("/v1.0/lamps?$filter={CANARY}"),
        ..OutgoingRequest::default()
    }
}

/// Nothing that is printed shows a token or a value of a query.
#[track_caller]
fn assert_discreet(transport: &Transport, result: &Result<LiveExchange, LiveError>) {
    let shown = match result {
        Ok(exchange) => format!("{transport:?} {exchange:?}"),
        Err(error) => format!("{transport:?} {error:?} {}", with_causes(error)),
    };
    assert!(!shown.contains("canary"), "{shown}");
}

fn with_causes(error: &LiveError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(&format!(": {next}"));
        cause = next.source();
    }
    text
}

/// What became of a request.
struct Became {
    result: Result<LiveExchange, LiveError>,
    seen: Vec<Seen>,
    took: Duration,
}

impl Became {
    /// Expects so many attempts, and then a response with that status, or an error in these words.
    #[track_caller]
    fn check(&self, requests: usize, expected: Result<u16, &str>) {
        assert_eq!(self.seen.len(), requests, "{:?}", self.result);
        match expected {
            Ok(status) => {
                let exchange = self.result.as_ref().expect("a response");
                assert_eq!((exchange.response.status, exchange.attempts as usize), (status, requests));
            }
            Err(words) => {
                let error = self.result.as_ref().expect_err("an error");
                // As the command line says it.
                let limit = error.exceeded().map(|limit| format!(" (raise it with --{})", limit.replace('_', "-")));
                let text = with_causes(error) + &limit.unwrap_or_default();
                assert!(text.contains(words), "{text}\ninstead of\n{words}");
                assert!(text.contains("/v1.0/lamps?$filter=… (client-request-id "), "{text}");
            }
        }
    }

    fn is_ambiguous(&self) -> bool {
        match &self.result {
            Ok(exchange) => exchange.ambiguous,
            Err(error) => error.is_ambiguous(),
        }
    }
}

async fn sent_within(method: &str, time_budget: Duration, answers: Vec<Answer>) -> Became {
    let provider = Provider::start(answers).await.expect("a provider");
    let transport = transport_within(&provider.base, time_budget).expect("a transport");
    let start = Instant::now();
    let result = transport.send(request(method)).await;
    assert_discreet(&transport, &result);
    Became { result, seen: provider.seen(), took: start.elapsed() }
}

async fn sent(method: &str, answers: Vec<Answer>) -> Became {
    sent_within(method, Duration::from_secs(30), answers).await
}

#[tokio::test]
async fn a_live_request_has_a_token_an_identifier_and_what_the_contract_says() -> TestResult {
    let provider = Provider::start(vec![ok()]).await?;
    let transport = transport(&provider);
    let own = |name: &str| (name.to_owned(), "mine".to_owned());
    let headers = ["ConsistencyLevel", "Authorization", "client-request-id", "Host", "Content-Length", "Connection"];
    let request = OutgoingRequest { headers: headers.map(own).to_vec(), body: Some(b"{}".to_vec()), ..request("POST") };
    let exchange = transport.send(request).await?;
    let seen = &provider.seen()[0];
    assert!(seen.head.starts_with(&format!("POST /v1.0/lamps?$filter={CANARY} HTTP/1.1\r\n")), "{}", seen.head);
    assert_eq!(seen.field("authorization"), Some(format!("Bearer {CANARY}-0").as_str()));
    assert_eq!(seen.field("client-request-id"), Some(exchange.client_request_id.as_str()));
    assert_eq!(seen.field("content-length"), Some("2"));
    assert_eq!(seen.field("consistencylevel"), Some("mine"));
    assert_eq!(seen.head.matches("mine").count(), 1, "{}", seen.head);
    assert_eq!(exchange.request_id.as_deref(), Some("service-1"));
    assert_eq!((exchange.attempts, exchange.throttled, exchange.ambiguous), (1, 0, false));
    Ok(())
}

/// Microsoft Graph answers 411 without it.
#[tokio::test]
async fn a_post_without_a_body_has_a_length() {
    let became = sent("POST", vec![ok()]).await;
    assert_eq!(became.seen[0].field("content-length"), Some("0"));
}

#[tokio::test]
async fn identifiers_are_the_same_for_all_attempts_and_differ_between_requests() -> TestResult {
    let provider = Provider::start(vec![status("429 Slow", "Retry-After: 0\r\n"), ok()]).await?;
    let transport = transport(&provider);
    let first = transport.send(request("GET")).await?.client_request_id;
    let second = transport.send(request("GET")).await?.client_request_id;
    let seen = provider.seen();
    let ids: Vec<_> = seen.iter().filter_map(|seen| seen.field("client-request-id")).collect();
    assert_eq!(ids, [&first, &first, &second]);
    assert_ne!(first, second);
    Ok(())
}

#[tokio::test]
async fn a_throttled_request_waits_as_long_as_it_is_told() {
    let seconds = "Retry-After: 1\r\n";
    let decimals = "Retry-After: 0.825\r\n";
    let date = "Date: Fri, 31 Dec 1999 23:59:59 GMT\r\nRetry-After: Sat, 01 Jan 2000 00:00:00 GMT\r\n";
    let mut cases = Vec::new();
    for (fields, wait) in [(seconds, 1000), (decimals, 825), (date, 1000)] {
        for throttled in ["429 Too Many Requests", "503 Service Unavailable"] {
            for method in ["GET", "POST"] {
                cases.push(async move {
                    let became = sent(method, vec![status(throttled, fields), ok()]).await;
                    became.check(2, Ok(200));
                    assert!(became.took >= Duration::from_millis(wait), "{fields}: {:?}", became.took);
                    assert!(!became.is_ambiguous());
                });
            }
        }
    }
    // All at a time: they wait, each for its own provider.
    join_all(cases).await;
}

#[tokio::test]
async fn without_a_time_to_come_back_the_wait_grows() {
    let became = sent("POST", vec![status("429 Too Many Requests", ""), ok()]).await;
    became.check(2, Ok(200));
    assert!(became.took >= Duration::from_millis(100), "{:?}", became.took);
    assert_eq!(became.result.expect("an answer").throttled, 1);
}

#[tokio::test]
async fn a_503_without_a_time_to_come_back_may_have_been_processed() {
    let script = vec![status("503 Service Unavailable", ""), ok()];
    sent("GET", script.clone()).await.check(2, Ok(200));
    for method in ["POST", "PATCH", "PUT", "DELETE"] {
        let became = sent(method, script.clone()).await;
        became.check(1, Ok(503));
        assert!(became.is_ambiguous());
    }
}

#[tokio::test]
async fn one_throttled_answer_slows_all() -> TestResult {
    let provider = Provider::by_request(|index, _| match index {
        0 => status("429 Too Many Requests", "Retry-After: 0.8\r\n"),
        _ => ok(),
    })
    .await?;
    let transport = transport(&provider);
    let later = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        futures_util::future::join_all((0..5).map(|_| transport.send(request("GET")))).await
    };
    let (first, later) = tokio::join!(transport.send(request("GET")), later);
    assert_eq!(first?.throttled, 1);
    for exchange in later {
        assert_eq!(exchange?.attempts, 1, "it is not even sent while the service is throttling");
    }
    let seen = provider.seen();
    assert_eq!(seen.len(), 7);
    for later in &seen[1..] {
        assert!(later.at - seen[0].at >= Duration::from_millis(790), "{:?}", later.at - seen[0].at);
    }
    Ok(())
}

#[tokio::test]
async fn a_wait_beyond_the_time_budget_ends_the_request_and_all_others() -> TestResult {
    let provider = Provider::start(vec![status("429 Too Many Requests", "Retry-After: 3600\r\n"), ok()]).await?;
    let transport = transport_within(&provider.base, Duration::from_secs(5))?;
    let start = Instant::now();
    let first = transport.send(request("POST")).await;
    assert_discreet(&transport, &first);
    let text = with_causes(&first.expect_err("an error"));
    assert!(
        text.contains(
            ", request-id service-1): the service answered 429, and it is not repeated: that takes a wait of 1h"
        ),
        "{text}"
    );
    assert!(text.contains(" are left of the time budget of 5s: raise it"), "{text}");
    let second = transport.send(request("POST")).await.expect_err("an error");
    assert!(second.to_string().contains("): not sent"), "{second}");
    assert!(!second.is_ambiguous());
    assert_eq!(provider.seen().len(), 1);
    assert!(start.elapsed() < Duration::from_secs(2));
    Ok(())
}

#[tokio::test]
async fn a_service_that_throttles_without_end_uses_up_the_budget() {
    let endless = vec![status("429 Too Many Requests", "Retry-After: 0\r\n")];
    let became = sent_within("GET", Duration::from_millis(450), endless).await;
    // One every 100 milliseconds at most, however soon the service wants the next one.
    assert!((1..=5).contains(&became.seen.len()), "{:?}", became.seen);
    became.check(became.seen.len(), Err("the service answered 429, and it is not repeated"));
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once() -> TestResult {
    let refused = status("401 Unauthorized", "");
    let became = sent("POST", vec![refused.clone(), ok()]).await;
    became.check(2, Ok(200));
    let tokens: Vec<_> = became.seen.iter().filter_map(|seen| seen.field("authorization")).collect();
    assert_eq!(tokens, [format!("Bearer {CANARY}-0"), format!("Bearer {CANARY}-1")]);

    let became = sent("POST", vec![refused.clone()]).await;
    became.check(2, Err("the service refuses the access token (401)"));
    assert!(!became.is_ambiguous());

    // All share the refresh, and none asks for another one.
    let provider = Provider::start(vec![refused]).await?;
    let transport = transport(&provider);
    let all = futures_util::future::join_all((0..4).map(|_| transport.send(request("GET")))).await;
    assert!(all.iter().all(Result::is_err));
    let mut tokens: Vec<_> =
        provider.seen().iter().filter_map(|seen| seen.field("authorization").map(str::to_owned)).collect();
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens, [format!("Bearer {CANARY}-0"), format!("Bearer {CANARY}-1")]);
    Ok(())
}

#[tokio::test]
async fn what_changes_nothing_is_repeated() {
    let mut cases = Vec::new();
    for failure in [status("500 Oops", ""), status("502 Bad Gateway", ""), status("504 Timeout", ""), Reset, Silence] {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let failure = failure.clone();
            cases.push(async move {
                let became = sent(method, vec![failure, ok()]).await;
                became.check(2, Ok(200));
                assert!(!became.is_ambiguous(), "it changes nothing");
            });
        }
    }
    join_all(cases).await;
}

#[tokio::test]
async fn a_failure_that_lasts_is_the_outcome() {
    sent("GET", vec![status("502 Bad Gateway", "")]).await.check(4, Ok(502));
    sent("GET", vec![Reset])
        .await
        .check(4, Err("no response that can be compared: run again: no readable response head"));
}

#[tokio::test]
async fn what_may_have_happened_is_not_repeated() {
    for method in ["POST", "PATCH", "PUT", "DELETE"] {
        let became = sent(method, vec![status("502 Bad Gateway", ""), ok()]).await;
        became.check(1, Ok(502));
        assert!(became.is_ambiguous());
        for (failure, cause) in [
            (Reset, "no readable response head"),
            (Silence, "no complete response head within 300ms (raise it with --head-timeout)"),
            (Bytes(String::new()), "no readable response head: connection closed before message completed"),
            (
                Bytes("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{".to_owned()),
                "the body broke off after 1 bytes",
            ),
        ] {
            let became = sent(method, vec![failure, ok()]).await;
            became.check(
                1,
                Err(&format!("it may have been processed, so it is not repeated: look whether it was: {cause}")),
            );
            assert!(became.is_ambiguous());
        }
    }
}

#[tokio::test]
async fn an_answer_without_its_body_says_what_was_created() {
    let broken = "HTTP/1.1 201 Created\r\nrequest-id: service-1\r\nLocation: /v1.0/lamps/7?sig=canary\r\n\
                  Content-Length: 9\r\n\r\n{";
    let became = sent("POST", vec![Bytes(broken.to_owned())]).await;
    let error = became.result.expect_err("an error");
    let about = error.about().expect("a request");
    assert_eq!((about.status, about.location.as_deref()), (Some(201), Some("/v1.0/lamps/7")));
    assert_eq!(about.request_id.as_deref(), Some("service-1"));
}

#[tokio::test]
async fn a_refusal_counts_even_if_its_body_breaks_off() {
    let broken = |status| format!("HTTP/1.1 {status}\r\nRetry-After: 0\r\nContent-Length: 9\r\n\r\n{{");
    sent("POST", vec![Bytes(broken("429 Too Many Requests")), ok()]).await.check(2, Ok(200));
    sent("POST", vec![Bytes(broken("401 Unauthorized")), ok()]).await.check(2, Ok(200));
}

#[tokio::test]
async fn without_a_connection_nothing_happened() -> TestResult {
    let free = TcpListener::bind("127.0.0.1:0").await?;
    let address = free.local_addr()?;
    drop(free);
    let transport = transport_within(&format!("http://{address}"), Duration::from_secs(30))?;
    let error = transport.send(request("POST")).await.expect_err("an error");
    assert!(!error.is_ambiguous());
    assert_eq!(error.about().expect("a request").attempts, 4);
    let text = with_causes(&error);
    assert!(text.contains("POST http://127.0.0.1") && text.contains("cannot connect"), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_live_redirect_is_not_followed_and_the_token_goes_to_no_other_host() -> TestResult {
    let other = Provider::start(vec![ok()]).await?;
    let fields = format!("Location: {}/v1.0/lamps\r\n", other.base);
    let mut seen = 0;
    for redirect in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let became = sent("GET", vec![status(redirect, &fields)]).await;
        assert_eq!(became.seen.len(), 1);
        assert!(became.result?.response.header("location").is_some_and(|location| location.starts_with(&other.base)));
        seen += other.seen().len();
    }
    assert_eq!(seen, 0);
    let elsewhere = |path: &str| OutgoingRequest { path_and_query: path.to_owned(), ..request("GET") };
    let provider = Provider::start(vec![ok()]).await?;
    let transport = transport(&provider);
    let host = other.base.trim_start_matches("http:");
    assert!(transport.send(elsewhere(&other.base)).await.is_err());
    assert!(transport.send(elsewhere(&format!("@{}", host.trim_start_matches('/')))).await.is_err());
    transport.send(elsewhere(host)).await?;
    assert_eq!((provider.seen().len(), other.seen().len()), (1, 0), "it is a path of the base");
    Ok(())
}

/// A client that would follow redirects and ask a proxy is not what is used.
#[tokio::test]
async fn what_is_handed_in_cannot_send_the_token_elsewhere() -> TestResult {
    let other = Provider::start(vec![ok()]).await?;
    let provider = Provider::start(vec![status("302 Found", &format!("Location: {}\r\n", other.base))]).await?;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::limited(5))
        .proxy(reqwest::Proxy::all(&other.base)?);
    let pace = Arc::new(Pace::new(manners(Duration::from_secs(5))));
    let tokens = Tokens::new(Counter::default());
    let transport = Transport::new(http, provider.base.parse()?, tokens, pace, limits())?;
    assert_eq!(transport.send(request("GET")).await?.response.status, 302);
    assert_eq!((provider.seen().len(), other.seen().len()), (1, 0));
    Ok(())
}

#[test]
fn a_base_without_tls_is_refused_unless_it_is_this_machine() {
    let error =
        transport_within("http://user:secret@graph.example/", Duration::ZERO).expect_err("an error").to_string();
    let words = "the base URL http://graph.example/: without TLS the token could be read on the way: use https";
    assert_eq!(error, words);
}

#[tokio::test]
async fn a_request_that_cannot_be_sent_is_an_error_that_quotes_no_value() -> TestResult {
    let provider = Provider::start(vec![ok()]).await?;
    let transport = transport(&provider);
    let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    for (bad, words) in [
        (OutgoingRequest { method: "GE T".to_owned(), ..request("GET") }, "its method is not valid"),
        (OutgoingRequest { headers: header("a b", CANARY), ..request("GET") }, "the header field `a b` has a name"),
        (OutgoingRequest { headers: header("a", "canary\n"), ..request("GET") }, "the header field `a` has a value"),
        (
            OutgoingRequest { path_and_query: "/v1.0/../x?canary".to_owned(), ..request("GET") },
            "its path is not escaped",
        ),
    ] {
        let result = transport.send(bad).await;
        assert_discreet(&transport, &result);
        let error = result.expect_err("an error").to_string();
        assert!(error.contains(words), "{error}");
    }
    assert!(provider.seen().is_empty());
    Ok(())
}

/// A run that ends at any point leaves what its next run needs.
#[tokio::test]
async fn a_live_run_that_is_killed_leaves_what_the_next_one_deletes() -> TestResult {
    let provider = Provider::by_request(|_, seen| match seen.head.split(' ').next() {
        Some("POST") => status("201 Created", "Location: /v1.0/lamps/7\r\n"),
        Some("DELETE") => status("404 Not Found", ""),
        _ => ok(),
    })
    .await?;
    let transport = transport(&provider);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("ledger.jsonl");
    let target = || Destination::new(transport.base(), "tenant");

    let open = || Ledger::open(&path, target(), "a test");
    let ledger = open()?;
    let creation = || Some(Creation { marked: None, time: Timestamp::now(), before: KnownKeys::default() });
    let intent = ledger.intent("lamp-post", "POST", "/v1.0/lamps", creation())?.n;
    let created = transport.send(request("POST")).await?.response.header("location").expect("a location");
    ledger.created(intent, &created, None)?;
    ledger.settled(intent)?;
    ledger.intent("lamp-post", "POST", "/v1.0/lamps", creation())?;
    assert!(open().is_err_and(|error| error.to_string().contains("another run")));
    drop(ledger);
    // The kill came within a write.
    let torn = [std::fs::read(&path)?.as_slice(), br#"{"entry":"crea"#].concat();
    std::fs::write(&path, torn)?;

    for _ in 0..2 {
        let ledger = open()?;
        for object in ledger.left().created {
            let url = object.url;
            let delete = OutgoingRequest { path_and_query: url.clone(), ..request("DELETE") };
            assert_eq!(transport.send(delete).await?.response.status, 404);
            ledger.gone(&url)?;
        }
        let left = ledger.close()?;
        assert!(left.created.is_empty());
        assert_eq!(left.unsettled.len(), 1, "a request without an answer is not forgotten");
    }
    assert_eq!(provider.seen().len(), 2, "what is gone is not deleted again");
    let ledger = open()?;
    for intent in ledger.left().unsettled {
        ledger.acknowledge(intent.n)?;
    }
    assert!(ledger.close()?.is_empty());
    assert!(!path.exists());
    Ok(())
}
