//! Whatever a provider sends, or does not, is the outcome of that one contract: the run goes on, and nothing panics, hangs or
//! grows without bound. The providers here write bytes to sockets. `docs/reliability.md` lists every fault with its test.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use graph_contracts::compare::MismatchKind;
use graph_contracts::contract::Contract;
use graph_contracts::http::{Limits, SendError};
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules};
use graph_contracts::replay::{Client, Outcome, ReplayOptions, judge, replay, replay_contracts};
use graph_contracts::store::Store;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use graph_contracts_testing::{TestResult, contracts_of_text, project};

/// The documented body.
const BODY: &str =
    r#"{"id": "7", "colour": "green", "others": ["green", "greener", "greenest", "the greenest green"]}"#;

/// The documented body, compressed by another implementation.
const BODY_IN_BROTLI: &[u8] = b"\x1b\x5f\x00\x00\x2c\x0e\x78\xf3\x4b\xf0\xe0\xd0\xa3\xc2\x34\x6b\x25\x98\xd5\x22\x5b\
    \x7b\x7d\x5b\xe4\xa6\x8c\x4e\xb3\x90\xa1\xa5\x29\x9d\xae\x04\x91\x9b\xb3\xc9\x11\xb0\xde\xe7\x6d\x27\x90\x71\x2a\x81\
    \xdb\x10\x14\x89\xbf\x41\x75\x9c\xfd\xb3\x40\xf0\x24\x44\xf2\x6a\xe1\x1c\x27\x9e\x92\xe6\x54\xf5\xb3\x17\x66\x63\xa0\
    \x0f";

/// 32 MiB of one letter.
const BROTLI_BOMB: &[u8] = b"\xcb\xff\xff\x3f\xf8\x25\xc2\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4b\x00\xc4\x61\
    \x11\x80\xee\xfd\x1f\xff\xff\xff\xe0\x97\x00\x88\xc3\x02\x00\xdd\xfb\xbf\xfc\xff\xff\xc3\x2f\x01\x10\x87\x05\x00\xba\
    \xf7\x7f";

/// How long each phase may take here.
const PHASE: Duration = Duration::from_millis(200);

/// A test that takes longer hangs.
const HANG: Duration = Duration::from_secs(20);

/// The contract: `GET /lamps/7` is answered with [`BODY`].
fn lamp() -> Contract {
    let page = format!(
        "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{{id}}\n```\n\n## Example\n\n```http\n\
         GET https://graph.microsoft.com/v1.0/lamps/7\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
         {BODY}\n```\n"
    );
    contracts_of_text("lamp-get.md", &page).remove(0)
}

/// Small limits; each test that is about one of them sets it.
fn limits() -> Limits {
    Limits {
        max_body: 64 * 1024,
        connect_timeout: 10 * PHASE,
        head_timeout: 20 * PHASE,
        idle_timeout: 20 * PHASE,
        timeout: 40 * PHASE,
    }
}

/// What a provider does on a connection, once it has read the head of the request.
#[derive(Clone)]
enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes that often, or until the client goes away.
    Repeat(Vec<u8>, usize),
    /// Sends these bytes one by one, with a pause before each; then again from the start.
    Drip(Vec<u8>, Duration),
    /// Waits until the client has read what was sent.
    Pause,
    /// Does nothing more, and keeps the connection open.
    Hang,
    /// Closes the connection by a reset.
    Reset,
}

use Step::{Drip, Hang, Pause, Repeat, Reset, Send};

/// A provider on a free port.
struct Provider {
    base: String,
    /// The bytes that it could send.
    sent: Arc<AtomicUsize>,
}

impl Provider {
    /// Takes the steps of one script on each connection, the last script on every further one. Where a script ends, the
    /// connection is closed.
    async fn start(scripts: Vec<Vec<Step>>) -> std::io::Result<Provider> {
        Provider::by_path(move |index, _| scripts[index.min(scripts.len() - 1)].clone()).await
    }

    /// Takes the steps that `script` gives for the number of the connection and the path of the request.
    async fn by_path(
        script: impl Fn(usize, &str) -> Vec<Step> + std::marker::Send + 'static,
    ) -> std::io::Result<Provider> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let sent = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&sent);
        tokio::spawn(async move {
            for index in 0.. {
                let (mut socket, _) = listener.accept().await?;
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(socket.read_u8().await?);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let steps = script(index, head.split(' ').nth(1).unwrap_or_default());
                // A client that goes away is no fault of the provider.
                tokio::spawn(act(socket, steps, Arc::clone(&counter)));
            }
            Ok::<(), std::io::Error>(())
        });
        Ok(Provider { base, sent })
    }
}

async fn act(mut socket: TcpStream, steps: Vec<Step>, sent: Arc<AtomicUsize>) -> std::io::Result<()> {
    for step in steps {
        match step {
            Send(bytes) => socket.write_all(&bytes).await?,
            Repeat(bytes, times) => {
                for _ in 0..times {
                    socket.write_all(&bytes).await?;
                    sent.fetch_add(bytes.len(), Ordering::Relaxed);
                }
            }
            Drip(bytes, pause) => {
                for byte in bytes.iter().cycle() {
                    tokio::time::sleep(pause).await;
                    socket.write_all(&[*byte]).await?;
                }
            }
            Pause => tokio::time::sleep(PHASE / 4).await,
            Hang => std::future::pending().await,
            Reset => return socket.set_zero_linger(),
        }
    }
    Ok(())
}

/// What becomes of a contract.
#[derive(Debug, PartialEq)]
enum Becomes {
    Matched,
    /// Mismatched, at these places.
    Mismatched(Vec<(MismatchKind, String)>),
    /// Errored, in these words; the cause that an operating system or a library gives may follow.
    Errored(String),
}

fn mismatched(mismatches: &[(MismatchKind, &str)]) -> Becomes {
    Becomes::Mismatched(mismatches.iter().map(|(kind, at)| (*kind, (*at).to_owned())).collect())
}

fn errored(words: &str) -> Becomes {
    Becomes::Errored(words.to_owned())
}

/// Sends the request and judges the response, as a replay does.
async fn replayed(client: &Client, contract: &Contract) -> Becomes {
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    let normalization = NormalizationPlan::new(contract, &rules, Level::Exact).expect("the contract's rules are valid");
    let route = &contract.routes[0].path;
    let sent = tokio::time::timeout(HANG, client.send(contract, route)).await.expect("it hangs");
    match sent {
        Err(error) => Becomes::Errored(with_causes(error)),
        Ok(exchange) => {
            let outcome = judge(&normalization, route, &exchange.response, None);
            match outcome.outcome {
                Outcome::Matched => Becomes::Matched,
                _ => Becomes::Mismatched(outcome.mismatches.iter().map(|m| (m.kind, m.at.to_string())).collect()),
            }
        }
    }
}

/// An error with its causes.
fn with_causes(error: SendError) -> String {
    let exceeded = error.exceeded();
    with_option(&format!("{:#}", anyhow::Error::from(error)), exceeded)
}

/// An error as the command line shows it: with the option that raises the limit.
fn with_option(error: &str, exceeded: Option<&str>) -> String {
    let option = exceeded.map(|limit| format!(" (raise it with --{})", limit.replace('_', "-")));
    format!("{error}{}", option.unwrap_or_default())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

#[track_caller]
fn assert_becomes(found: &Becomes, expected: &Becomes) {
    match (found, expected) {
        (Becomes::Errored(found), Becomes::Errored(words)) => {
            assert!(found.starts_with(words), "{found}\ninstead of\n{words}");
        }
        _ => assert_eq!(found, expected),
    }
}

/// Lets a provider take these steps, and expects what becomes of the contract.
#[track_caller]
fn check_within(limits: Limits, steps: &[Step], expected: Becomes) {
    let becomes = block_on(async {
        let provider = Provider::start(vec![steps.to_vec()]).await.expect("a provider");
        let client = Client::with_limits(&provider.base, limits).expect("a client");
        replayed(&client, &lamp()).await
    });
    assert_becomes(&becomes, &expected);
}

#[track_caller]
fn check(steps: &[Step], expected: Becomes) {
    check_within(limits(), steps, expected);
}

fn send(bytes: impl AsRef<[u8]>) -> Step {
    Send(bytes.as_ref().to_vec())
}

/// A response with these further header fields and this body, whatever they say of each other.
fn response(fields: &str, body: impl AsRef<[u8]>) -> Step {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{fields}\r\n");
    send([head.as_bytes(), body.as_ref()].concat())
}

/// A response with this body, encoded so.
fn encoded(encoding: &str, body: &[u8]) -> Step {
    response(&format!("Content-Encoding: {encoding}\r\nContent-Length: {}\r\n", body.len()), body)
}

/// The documented response.
fn good() -> Step {
    response(&format!("Content-Length: {}\r\n", BODY.len()), BODY)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

const NOT_JSON: (MismatchKind, &str) = (MismatchKind::NotJson, "body");

const MISSING_COLOUR: (MismatchKind, &str) = (MismatchKind::MissingMember, "$['colour']");
const MISSING_OTHERS: (MismatchKind, &str) = (MismatchKind::MissingMember, "$['others']");

/// Another status. What comes with a redirect is nothing that a success is compared with.
const OTHER_STATUS: [(MismatchKind, &str); 1] = [(MismatchKind::Status, "status")];

/// Another status, and none of what is documented for the right one.
const OTHER_RESPONSE: [(MismatchKind, &str); 3] = [
    (MismatchKind::Status, "status"),
    (MismatchKind::EmptyBody, "body"),
    (MismatchKind::MissingHeader, "header content-type"),
];

const CLOSED: &str = "no readable response head: connection closed before message completed";

#[test]
fn the_documented_response_matches() {
    check(&[good()], Becomes::Matched);
}

// The body: its size and its content.

#[test]
fn a_body_that_announces_more_than_the_limit_is_not_read() {
    let words = "the body has 104857600 bytes, more than 65536 (raise it with --max-body)";
    check(&[response("Content-Length: 104857600\r\n", ""), Hang], errored(words));
}

#[test]
fn a_body_that_does_not_announce_its_size_is_read_up_to_the_limit() {
    let words = "the body has more than 65536 bytes (raise it with --max-body)";
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000)).into_bytes();
    check(&[response("Transfer-Encoding: chunked\r\n", ""), Repeat(chunk, 17), Hang], errored(words));
    check(&[response("", ""), Repeat(vec![b'a'; 0x1000], 17), Hang], errored(words));
}

#[test]
fn the_limit_holds_to_the_byte() {
    let exactly = Limits { max_body: BODY.len(), ..limits() };
    check_within(exactly, &[good()], Becomes::Matched);
    check_within(exactly, &[response("", BODY)], Becomes::Matched);
    let one_less = Limits { max_body: BODY.len() - 1, ..limits() };
    let words = "the body has 96 bytes, more than 95 (raise it with --max-body)";
    check_within(one_less, &[good()], errored(words));
    let words = "the body has more than 95 bytes (raise it with --max-body)";
    check_within(one_less, &[response("", BODY)], errored(words));
}

#[test]
fn a_stream_of_100_megabytes_stops_at_the_default_limit() {
    const MEBIBYTE: usize = 1024 * 1024;
    let (becomes, sent) = block_on(async {
        let script = vec![response("", ""), Repeat(vec![b'a'; MEBIBYTE], 100)];
        let provider = Provider::start(vec![script]).await.expect("a provider");
        let client = Client::new(&provider.base).expect("a client");
        (replayed(&client, &lamp()).await, provider.sent.load(Ordering::Relaxed))
    });
    assert_eq!(becomes, errored("the body has more than 16777216 bytes (raise it with --max-body)"));
    assert!(sent < 50 * MEBIBYTE, "{sent} bytes were taken");
}

#[test]
fn nesting_of_200_000_levels_is_reported() {
    let large = Limits { max_body: 16 * 1024 * 1024, ..limits() };
    for (open, close) in [("[", "]"), ("{\"id\":", "}")] {
        let body = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        check_within(large, &[response("", &body)], mismatched(&[NOT_JSON]));
        check_within(large, &[response("", open.repeat(200_000))], mismatched(&[NOT_JSON]));
    }
}

#[test]
fn nesting_that_can_be_read_is_compared() {
    let deep = |open: &str, close: &str, depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    check(&[response("", deep("[", "]", 500))], mismatched(&[(MismatchKind::Structure, "$")]));
    let members = [(MismatchKind::VolatileShape, "$['id']"), MISSING_COLOUR, MISSING_OTHERS];
    check(&[response("", deep("{\"id\":", "}", 250))], mismatched(&members));
}

#[test]
fn a_body_that_is_not_utf_8_is_reported() {
    check(&[response("", b"{\"id\": \"\xff\xfe\"}")], mismatched(&[NOT_JSON]));
    check(&[response("", BODY.replace("green", "\0"))], mismatched(&[NOT_JSON]));
}

// The framing of the body.

#[test]
fn a_body_shorter_than_its_length_is_an_error() {
    let short = response(&format!("Content-Length: {}\r\n", BODY.len() + 1), BODY);
    let words = "the body broke off after 96 bytes: end of file before message length reached";
    check(std::slice::from_ref(&short), errored(words));
    let impatient = Limits { idle_timeout: PHASE, ..limits() };
    let words = "the body broke off after 96 bytes: nothing more for 200ms (raise it with --idle-timeout)";
    check_within(impatient, &[short, Hang], errored(words));
}

#[test]
fn a_body_longer_than_its_length_is_cut() {
    check(&[response("Content-Length: 10\r\n", BODY)], mismatched(&[NOT_JSON]));
    check(&[response(&format!("Content-Length: {}\r\n", BODY.len()), format!("{BODY} more"))], Becomes::Matched);
}

/// Left-over bytes that look like a response, whenever they come.
#[test]
fn bytes_after_a_response_do_not_disturb_the_next_exchange() {
    let left_over = send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
    for script in [vec![good(), left_over.clone(), Hang], vec![good(), Pause, left_over, Hang]] {
        block_on(async {
            let provider = Provider::start(vec![script, vec![Pause, Pause, good(), Hang]]).await.expect("a provider");
            let client = Client::with_limits(&provider.base, limits()).expect("a client");
            for _ in 0..2 {
                assert_eq!(replayed(&client, &lamp()).await, Becomes::Matched);
            }
        });
    }
}

#[test]
fn a_length_that_is_none_is_an_error() {
    let words = "no readable response head: invalid content-length parsed";
    for fields in ["Content-Length: many\r\n", "Content-Length: -1\r\n", "Content-Length: 96\r\nContent-Length: 97\r\n"]
    {
        check(&[response(fields, BODY)], errored(words));
    }
    check(&[response("Content-Length: 99999999999999999999999\r\n", BODY)], errored(words));
}

#[test]
fn chunks_are_put_together() {
    let (one, two) = BODY.split_at(40);
    let body =
        format!("{:x};name=value\r\n{one}\r\n{:X}\r\n{two}\r\n0\r\nTrailer: field\r\n\r\n", one.len(), two.len());
    check(&[response("Transfer-Encoding: chunked\r\n", body)], Becomes::Matched);
}

#[test]
fn chunks_that_are_cut_off_are_an_error() {
    let words = "the body broke off after 96 bytes: unexpected EOF during chunk size line";
    let chunk = format!("60\r\n{BODY}\r\n");
    check(&[response("Transfer-Encoding: chunked\r\n", &chunk)], errored(words));
    let words = "the body broke off after 96 bytes: end of file before message length reached";
    check(&[response("Transfer-Encoding: chunked\r\n", format!("61\r\n{BODY}"))], errored(words));
}

#[test]
fn a_chunk_size_that_is_none_is_an_error() {
    for size in ["many", "-1", "ffffffffffffffffff"] {
        let body = format!("{size}\r\n{BODY}\r\n0\r\n\r\n");
        let words = "the body broke off after 0 bytes: ";
        check(&[response("Transfer-Encoding: chunked\r\n", body)], errored(words));
    }
}

#[test]
fn an_endless_chunk_extension_is_an_error() {
    let words = "the body broke off after 0 bytes: chunk extensions over limit";
    check(&[response("Transfer-Encoding: chunked\r\n", "1;"), Repeat(vec![b'a'; 1024], usize::MAX)], errored(words));
}

// The content coding of the body.

#[test]
fn gzip_deflate_and_brotli_are_decoded() {
    check(&[encoded("gzip", &gzip(BODY.as_bytes()))], Becomes::Matched);
    check(&[encoded("deflate", &zlib(BODY.as_bytes()))], Becomes::Matched);
    check(&[encoded("br", BODY_IN_BROTLI)], Becomes::Matched);
    let body = [b"50\r\n", BODY_IN_BROTLI, b"\r\n0\r\n\r\n"].concat();
    check(&[response("Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n", body)], Becomes::Matched);
}

#[test]
fn nested_codings_are_decoded() {
    check(&[encoded("gzip, gzip", &gzip(&gzip(BODY.as_bytes())))], Becomes::Matched);
    check(&[encoded("br, gzip", &gzip(BODY_IN_BROTLI))], Becomes::Matched);
    let words = "the body has 4 content codings, more than 3";
    check(&[encoded("gzip, gzip, gzip, gzip", &gzip(BODY.as_bytes()))], errored(words));
    check(&[encoded(&"gzip,".repeat(10_000), &gzip(BODY.as_bytes()))], errored(&words.replace('4', "10000")));
}

#[test]
fn a_broken_coding_is_an_error() {
    let whole = gzip(BODY.as_bytes());
    let words = "the body is not valid gzip: unexpected end of file";
    check(&[encoded("gzip", &whole[..whole.len() - 1])], errored(words));
    check(&[encoded("gzip", BODY.as_bytes())], errored("the body is not valid gzip: invalid gzip header"));
    let mut changed = whole;
    let end = changed.len();
    changed[end - 8] ^= 1;
    let words = "the body is not valid gzip: corrupt gzip stream does not have a matching checksum";
    check(&[encoded("gzip", &changed)], errored(words));
    check(&[encoded("deflate", BODY.as_bytes())], errored("the body is not valid deflate: corrupt deflate stream"));
    check(&[encoded("br", BODY.as_bytes())], errored("the body is not valid br: Invalid Data"));
}

#[test]
fn a_gzip_bomb_stops_at_the_limit() {
    let bomb = gzip(&vec![b'a'; 1024 * 1024]);
    let words = |encoded| {
        format!("the body, {encoded} bytes of gzip, decodes to more than 65536 bytes (raise it with --max-body)")
    };
    check(&[encoded("gzip", &bomb)], errored(&words(bomb.len())));
    // The inner body would be small, but there is much between it and the outer one.
    let hollow = gzip(&gzip(b"").repeat(100_000));
    check(&[encoded("gzip, gzip", &hollow)], errored(&words(hollow.len())));
}

#[test]
fn a_brotli_bomb_stops_at_the_limit() {
    let words = "the body, 53 bytes of br, decodes to more than 65536 bytes (raise it with --max-body)";
    check(&[encoded("br", BROTLI_BOMB)], errored(words));
}

#[test]
fn an_unknown_coding_is_an_error() {
    let words = "the body has an unknown content coding (gzip, deflate and br are known)";
    check(&[encoded("zstd", BODY.as_bytes())], errored(words));
    check(&[encoded("gzip\u{1f600}", BODY.as_bytes())], errored(words));
}

#[test]
fn an_empty_body_has_no_coding() {
    check(&[encoded("gzip", b"")], mismatched(&[(MismatchKind::EmptyBody, "body")]));
}

// Connections that end, and connections that do not begin.

#[test]
fn a_reset_before_the_head_is_an_error() {
    let words = "no readable response head: Connection reset by peer";
    check(&[Reset], errored(words));
}

#[test]
fn a_reset_in_the_head_is_an_error() {
    let words = "no readable response head: Connection reset by peer";
    check(&[send("HTTP/1.1 200 OK\r\nContent-"), Pause, Reset], errored(words));
}

#[test]
fn a_reset_in_the_body_is_an_error() {
    let words = "the body broke off after 10 bytes: Connection reset by peer";
    check(&[response("Content-Length: 96\r\n", &BODY[..10]), Pause, Reset], errored(words));
    check(&[response("", &BODY[..10]), Pause, Reset], errored(words));
}

#[test]
fn a_reset_after_the_response_is_no_error() {
    block_on(async {
        let scripts = vec![vec![good(), Pause, Reset], vec![good(), Reset]];
        let provider = Provider::start(scripts).await.expect("a provider");
        let client = Client::with_limits(&provider.base, limits()).expect("a client");
        assert_eq!(replayed(&client, &lamp()).await, Becomes::Matched);
        tokio::time::sleep(PHASE / 2).await;
        assert_eq!(replayed(&client, &lamp()).await, Becomes::Matched);
    });
}

#[test]
fn a_connection_closed_without_a_byte_is_an_error() {
    check(&[], errored(CLOSED));
}

#[test]
fn a_connection_closed_in_the_head_is_an_error() {
    check(&[send("HTTP/1.1 200 OK\r\nContent-")], errored(CLOSED));
    check(&[send("HTTP/1.1 200 OK\r\n")], errored(CLOSED));
}

#[test]
fn a_port_where_nobody_listens_is_an_error() -> TestResult {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        drop(listener);
        let becomes = replayed(&Client::with_limits(&base, limits())?, &lamp()).await;
        let words = "cannot connect: Connection refused";
        assert_becomes(&becomes, &errored(words));
        Ok(())
    })
}

#[test]
fn a_connection_that_is_never_accepted_ends_in_time() -> TestResult {
    block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind("127.0.0.1:0".parse()?)?;
        let listener = socket.listen(1)?;
        let address = listener.local_addr()?;
        // As many connections as wait for being accepted. The next one is not even established.
        let mut waiting = Vec::new();
        while let Ok(connected) = tokio::time::timeout(PHASE / 4, TcpStream::connect(address)).await {
            waiting.push(connected?);
        }
        let impatient = Limits { connect_timeout: PHASE, ..limits() };
        let becomes = replayed(&Client::with_limits(&format!("http://{address}"), impatient)?, &lamp()).await;
        assert_eq!(becomes, errored("no connection within 200ms (raise it with --connect-timeout)"));
        Ok(())
    })
}

// Time.

#[test]
fn a_provider_that_never_answers_ends_in_time() {
    let impatient = Limits { head_timeout: PHASE, ..limits() };
    let words = "no complete response head within 200ms (raise it with --head-timeout)";
    check_within(impatient, &[Hang], errored(words));
    check_within(impatient, &[send("HTTP/1.1 200 OK\r\n"), Hang], errored(words));
}

#[test]
fn a_head_that_comes_in_drips_ends_in_time() {
    let impatient = Limits { head_timeout: PHASE, ..limits() };
    let words = "no complete response head within 200ms (raise it with --head-timeout)";
    let steps = [send("HTTP/1.1 200 OK\r\n"), Drip(b"a: b\r\n".to_vec(), PHASE / 8)];
    check_within(impatient, &steps, errored(words));
}

#[test]
fn a_body_that_comes_in_drips_ends_in_time() {
    let impatient = Limits { timeout: 3 * PHASE, idle_timeout: PHASE, ..limits() };
    let becomes = block_on(async {
        let steps = vec![response("", "["), Drip(b" ".to_vec(), PHASE / 8)];
        let provider = Provider::start(vec![steps]).await.expect("a provider");
        replayed(&Client::with_limits(&provider.base, impatient).expect("a client"), &lamp()).await
    });
    // How many bytes have come depends on the machine.
    let Becomes::Errored(words) = becomes else { panic!("{becomes:?}") };
    let rest = words.strip_prefix("no complete response within 600ms, ").expect(&words);
    let received = rest.strip_suffix(" bytes of the body had come (raise it with --timeout)").expect(rest);
    assert!(received.parse::<usize>().is_ok_and(|received| (1..=25).contains(&received)), "{words}");
}

#[test]
fn a_body_that_falls_silent_ends_in_time() {
    let impatient = Limits { idle_timeout: PHASE, ..limits() };
    let words = "the body broke off after 10 bytes: nothing more for 200ms (raise it with --idle-timeout)";
    check_within(impatient, &[response("Content-Length: 96\r\n", &BODY[..10]), Hang], errored(words));
    check_within(impatient, &[response("", &BODY[..10]), Hang], errored(words));
}

#[test]
fn the_whole_exchange_ends_in_time_before_the_head() {
    let impatient = Limits { timeout: PHASE, ..limits() };
    let words = "no complete response within 200ms, the head was not complete (raise it with --timeout)";
    check_within(impatient, &[Hang], errored(words));
}

#[test]
fn a_limit_of_any_size_is_one() {
    let long = Duration::MAX;
    let endless =
        Limits { max_body: usize::MAX, connect_timeout: long, head_timeout: long, idle_timeout: long, timeout: long };
    check_within(endless, &[good()], Becomes::Matched);
    check_within(endless, &[encoded("gzip", &gzip(BODY.as_bytes()))], Becomes::Matched);
}

// Heads that HTTP knows, and that are not documented.

#[test]
fn a_redirect_is_reported_and_not_followed() {
    let redirect = send("HTTP/1.1 302 Found\r\nLocation: /v1.0/lamps/8\r\nContent-Length: 0\r\n\r\n");
    block_on(async {
        let provider = Provider::start(vec![vec![redirect], vec![good()]]).await.expect("a provider");
        let client = Client::with_limits(&provider.base, limits()).expect("a client");
        assert_eq!(replayed(&client, &lamp()).await, mismatched(&OTHER_STATUS));
    });
}

#[test]
fn a_redirect_loop_is_reported_and_not_followed() {
    let redirect = send("HTTP/1.1 301 Moved Permanently\r\nLocation: /v1.0/lamps/7\r\nContent-Length: 0\r\n\r\n");
    check(&[redirect], mismatched(&OTHER_STATUS));
}

#[test]
fn http_1_0_without_a_length_ends_with_the_connection() {
    check(&[send(format!("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{BODY}"))], Becomes::Matched);
}

#[test]
fn informational_responses_before_the_response_are_passed_over() {
    check(&[send("HTTP/1.1 100 Continue\r\n\r\n"), good()], Becomes::Matched);
    let hints = "HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\nLink: </a>\r\n\r\n";
    check(&[send(hints), Pause, send(hints), good()], Becomes::Matched);
}

#[test]
fn an_endless_flood_of_informational_responses_ends_in_time() {
    let impatient = Limits { head_timeout: PHASE, ..limits() };
    let words = "no complete response head within 200ms (raise it with --head-timeout)";
    let flood = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100).into_bytes();
    check_within(impatient, &[Repeat(flood, usize::MAX)], errored(words));
}

#[test]
fn switching_protocols_is_reported() {
    let switching =
        send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x01\x02");
    check(&[switching, Hang], mismatched(&OTHER_RESPONSE));
}

#[test]
fn a_response_that_has_no_content_is_not_waited_for() {
    check(&[send("HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n\r\n"), Hang], mismatched(&OTHER_RESPONSE));
    check(&[send("HTTP/1.1 304 Not Modified\r\nContent-Length: 104857600\r\n\r\n"), Hang], mismatched(&OTHER_STATUS));
}

// Heads that are none.

#[test]
fn a_flood_of_header_fields_is_an_error() {
    let words = "no readable response head: message head is too large";
    check(&[response(&"a: b\r\n".repeat(10_000), BODY)], errored(words));
    check(&[response(&"a: b\r\n".repeat(100), BODY)], errored(words));
    check(&[response(&"a: b\r\n".repeat(99), BODY)], Becomes::Matched);
}

#[test]
fn a_header_field_of_10_megabytes_is_an_error() {
    let words = "no readable response head: message head is too large";
    let field = format!("a: {}\r\n", "b".repeat(10 * 1024 * 1024));
    check(&[response(&field, BODY)], errored(words));
}

#[test]
fn an_endless_header_field_is_an_error() {
    let words = "no readable response head: message head is too large";
    check(&[send("HTTP/1.1 200 OK\r\na: "), Repeat(vec![b'b'; 1024], usize::MAX)], errored(words));
}

#[test]
fn header_bytes_that_are_not_utf_8_are_a_value() {
    let fields = b"X-Odd: \xff\xfe\r\n";
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    check(&[send([head, &fields[..], b"\r\n", BODY.as_bytes()].concat())], Becomes::Matched);
}

#[test]
fn a_folded_header_field_is_one_line() {
    let head = b"HTTP/1.1 200 OK\r\nX-Odd: a\r\n  b\r\nContent-Type: application/json;\r\n\tcharset=utf-8\r\n\r\n";
    check(&[send([head, BODY.as_bytes()].concat())], Becomes::Matched);
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain;\r\n charset=utf-8\r\n\r\n";
    let expected = mismatched(&[(MismatchKind::MediaType, "header content-type")]);
    check(&[send([&head[..], BODY.as_bytes()].concat())], expected);
}

#[test]
fn header_bytes_that_http_does_not_allow_are_an_error() {
    let words = "no readable response head: invalid HTTP header parsed";
    check(&[response("X-Odd: a\0b\r\n", BODY)], errored(words));
    check(&[response("X Odd: a\r\n", BODY)], errored(words));
    check(&[response(": a\r\n", BODY)], errored(words));
}

#[test]
fn something_else_than_http_is_an_error() {
    let words = "no readable response head: invalid HTTP version parsed";
    check(&[send("220 mail.example ESMTP\r\n")], errored(words));
    check(&[send(BODY)], errored(words));
    check(&[send([0, 1, 2, 3, 255])], errored(words));
    check(&[send("HTTP/9.9 200 OK\r\n\r\n")], errored(words));
    // The alert with which TLS answers plain text.
    check(&[send([21, 3, 1, 0, 2, 2, 70])], errored(words));
}

#[test]
fn the_preface_of_http_2_is_an_error() {
    let words = "no readable response head: invalid HTTP version parsed";
    check(&[send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")], errored(words));
    // A frame with settings is what a server sends first.
    check(&[send([0, 0, 0, 4, 0, 0, 0, 0, 0])], errored(words));
}

#[test]
fn a_status_that_is_none_is_an_error() {
    let words = "no readable response head: invalid HTTP status-code parsed";
    for status in ["000", "099", "2000", "abc", "-20"] {
        check(&[send(format!("HTTP/1.1 {status} Odd\r\nContent-Length: 0\r\n\r\n"))], errored(words));
    }
}

#[test]
fn a_status_that_nobody_knows_is_reported() {
    let expected = mismatched(&[(MismatchKind::Status, "status")]);
    check(&[send("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n")], expected);
}

// Anything at all.

/// Pieces that responses are made of, well-formed and not.
const PIECES: [&[u8]; 30] = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 204 No Content\r\n",
    b"HTTP/1.0 200\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n",
    b"Content-Type: application/json\r\n",
    b"Content-Length: 0\r\n",
    b"Content-Length: 96\r\n",
    b"content-length: 18446744073709551615\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Transfer-Encoding: chunked, identity\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: br, deflate\r\n",
    b"Connection: keep-alive\r\n",
    b"Set-Cookie: a=b\r\n",
    b"X: \xff\r\n",
    b" folded\r\n",
    b": \r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"60\r\n",
    b"0\r\n\r\n",
    b"ffffffffffffffff\r\n",
    b";a=\"",
    BODY.as_bytes(),
    BODY_IN_BROTLI,
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff",
    b"\x00\x00\x00\x04\x00",
];

#[test]
fn whatever_comes_there_is_an_outcome() {
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..12).prop_map(|pieces| pieces.concat());
    let in_head = bytes.clone().prop_map(|bytes| [b"HTTP/1.1 200 OK\r\n", bytes.as_slice()].concat());
    let config = ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(response in prop_oneof![bytes, in_head, pieces])| {
        block_on(async {
            let provider = Provider::start(vec![vec![Send(response)]]).await.expect("a provider");
            let client = Client::with_limits(&provider.base, limits()).expect("a client");
            // It is one of the three; that it comes is what is tested.
            replayed(&client, &lamp()).await;
        });
    });
}

// The run.

/// Contracts in a row, of which every second one meets another fault, with one client.
#[test]
fn a_hostile_response_is_the_outcome_of_its_contract_alone() -> TestResult {
    let faults: Vec<(Vec<Step>, bool)> = vec![
        (vec![Reset], true),
        (vec![good(), send("HTTP/1.1 500 Left Over\r\nContent-Length: 0\r\n\r\n"), Hang], false),
        (vec![encoded("br", BROTLI_BOMB)], true),
        (vec![response("Content-Length: 97\r\n", BODY), Hang], true),
        (vec![response("", ""), Repeat(vec![b'a'; 1024], usize::MAX)], true),
        (vec![send("HTTP/1.1 100 Continue\r\n\r\n"), Hang], true),
        (vec![response("Transfer-Encoding: chunked\r\n", "many\r\n")], true),
        (vec![], true),
    ];
    let expected: Vec<bool> = faults.iter().flat_map(|(_, errored)| [*errored, false]).collect();
    let impatient = Limits { head_timeout: PHASE, idle_timeout: PHASE, ..limits() };
    let errored = block_on(async {
        let scripts = faults.into_iter().flat_map(|(fault, _)| [fault, vec![good(), Hang]]).collect();
        let provider = Provider::start(scripts).await?;
        let client = Client::with_limits(&provider.base, impatient)?;
        let mut errored = Vec::new();
        for _ in 0..expected.len() {
            match replayed(&client, &lamp()).await {
                Becomes::Mismatched(mismatches) => panic!("{mismatches:?}"),
                becomes => errored.push(becomes != Becomes::Matched),
            }
        }
        Ok::<_, Box<dyn std::error::Error>>(errored)
    })?;
    assert_eq!(errored, expected);
    Ok(())
}

/// The contract with the largest response is beyond the limit.
#[tokio::test]
async fn a_run_goes_on_after_a_response_beyond_the_limit() -> TestResult {
    let store = Arc::new(Store::read(&project("contracts"))?);
    let contracts = &store.contracts;
    let size = |contract: &Contract| contract.response.body.as_ref().map_or(0, |body| body.to_text().len());
    let largest = contracts.iter().max_by_key(|contract| size(contract)).expect("contracts");
    let limit = size(largest) - 1;
    let run = replay(
        &store,
        &(0..contracts.len()).collect::<Vec<_>>(),
        &ReplayOptions {
            snapshots: Some(project("snapshots")),
            concurrency: 2,
            limits: Limits { max_body: limit, ..Limits::default() },
        },
        |_| {},
    )
    .await?;
    assert_eq!(run.contracts.len(), contracts.len());
    for contract in &run.contracts {
        let words = format!("the body has {} bytes, more than {limit} (raise it with --max-body)", limit + 1);
        let expected = (contract.id == largest.id).then_some(words);
        for route in &contract.routes {
            let error = route.error.as_ref().map(|error| with_option(error, route.exceeded));
            assert_eq!(error, expected, "{}", contract.id);
        }
    }
    assert_eq!(run.exit_code(), 2);
    Ok(())
}

#[tokio::test]
async fn a_replay_that_is_dropped_leaves_no_request_under_way() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = Client::new(&format!("http://{}", listener.local_addr()?))?;
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES)?;
    let store = Arc::new(Store::new(vec![lamp()], rules));
    let asked = async {
        let (mut socket, _) = listener.accept().await?;
        socket.read_u8().await?;
        Ok::<_, std::io::Error>(socket)
    };
    let mut socket = tokio::select! {
        outcomes = replay_contracts(&store, &[0], &client, None, 1, |_| {}) => return Err(format!("{outcomes:?}").into()),
        socket = asked => socket?,
    };
    // The client would wait longer than this.
    tokio::time::timeout(HANG, socket.read_to_end(&mut Vec::new())).await??;
    Ok(())
}
