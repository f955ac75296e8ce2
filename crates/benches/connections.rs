//! Many open connections at a time, to a server in another process: a process may have so many open files, and both ends of a connection are files.

use std::process::Command;
use std::time::Instant;

use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The argument by which a process is the one that opens the connections; a host with a port and a number follow.
pub const ARGUMENT: &str = "--connect";

/// So many connections are opened, or asked, at a time.
const AT_A_TIME: usize = 256;

/// The longest answer that is read.
const LONGEST: usize = 4096;

/// Has another process of this program open so many connections to the server at a URL, send one request on each, and then one more on each. Says how
/// many were answered.
pub fn ask_from_another_process(url: &str, count: usize) -> String {
    let host = url.trim_start_matches("http://");
    let asked = std::env::current_exe()
        .and_then(|program| Command::new(program).args([ARGUMENT, host, &count.to_string()]).output());
    match asked {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => format!("no process to open {count} connections: {error}"),
    }
}

/// What the other process does, if this is it: `None` for any other.
pub async fn asked() -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != ARGUMENT).skip(1);
    let (host, count) = (arguments.next()?, arguments.next()?.parse().ok()?);
    Some(ask(&host, count).await)
}

async fn ask(host: &str, count: usize) -> String {
    let start = Instant::now();
    let open = (0..count).map(|_| TcpStream::connect(host));
    let opened: Vec<_> = futures_util::stream::iter(open).buffered(AT_A_TIME).collect().await;
    let mut connections: Vec<TcpStream> = opened.into_iter().flatten().collect();
    let (open, mut answered) = (connections.len(), [0; 2]);
    for round in &mut answered {
        let asked = connections.into_iter().map(|connection| answer(connection, host));
        let kept: Vec<Option<TcpStream>> = futures_util::stream::iter(asked).buffered(AT_A_TIME).collect().await;
        connections = kept.into_iter().flatten().collect();
        *round = connections.len();
    }
    let [first, second] = answered;
    let seconds = start.elapsed().as_secs_f64();
    format!(
        "of {count} connections, {open} are open at a time, {first} and then {second} requests are answered, within {seconds:.1} s"
    )
}

/// Sends a request without a token, which has a short answer that any contracts have; the connection, if the answer comes.
async fn answer(mut connection: TcpStream, host: &str) -> Option<TcpStream> {
    let request = format!("GET /v1.0/me HTTP/1.1\r\nHost: {host}\r\n\r\n");
    connection.write_all(request.as_bytes()).await.ok()?;
    let mut received = Vec::new();
    while !is_whole(&received) {
        if received.len() > LONGEST || connection.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
    received.starts_with(b"HTTP/1.1 401").then_some(connection)
}

/// Whether an answer has come to its end.
fn is_whole(received: &[u8]) -> bool {
    let text = String::from_utf8_lossy(received);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let mut length = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.next().and_then(|(_, value)| value.trim().parse::<usize>().ok()) == Some(body.len())
}
