//! Contents that are made as they are sent, and checked as they come, so that no test has them in memory.

use bytes::Bytes;
use futures_util::stream;
use graph_contracts_serve::BodyStream;
use reqwest::{Body, Response};
use tokio::sync::{Mutex, MutexGuard};

pub(crate) const FRAME: usize = 64 << 10;

/// Whoever has it runs alone: the memory of a process is that of all of its tests.
pub(crate) async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    ALONE.lock().await
}

/// The frame of that number: no two are the same.
pub(crate) fn frame(number: usize) -> Bytes {
    let mut bytes = vec![b'.'; FRAME];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes.into()
}

/// A body of the frames of those numbers, which are made as they are taken; its length is not said.
pub(crate) fn frames(numbers: std::ops::Range<usize>) -> Body {
    let made = stream::iter(numbers.map(|number| Ok::<Bytes, std::convert::Infallible>(frame(number))));
    Body::wrap(BodyStream::new(axum::body::Body::from_stream(made)))
}

/// Takes a body, which has to be frames from that number on, and gives how many bytes there were.
pub(crate) async fn received(mut response: Response, first: usize) -> usize {
    let (mut length, mut expected) = (0, Bytes::new());
    let mut numbers = first..;
    while let Some(mut chunk) = response.chunk().await.expect("a body") {
        length += chunk.len();
        while !chunk.is_empty() {
            if expected.is_empty() {
                expected = frame(numbers.next().unwrap_or_default());
            }
            let both = chunk.len().min(expected.len());
            assert!(chunk.split_to(both) == expected.split_to(both), "other bytes before {length}");
        }
    }
    length
}

/// How many bytes of memory the process has; from now on, the most that it has is counted. `None` where the system does not say it.
pub(crate) fn memory() -> Option<usize> {
    // Linux, proc_pid_clear_refs(5).
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    stated("VmRSS:")
}

fn stated(name: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? << 10)
}

/// Fails if the process has needed much more memory than `before`; says so where that cannot be found out.
pub(crate) fn assert_little_memory(before: Option<usize>, most: usize) {
    match before.zip(stated("VmHWM:")) {
        Some((before, after)) => {
            let grown = after.saturating_sub(before);
            assert!(grown <= most, "{grown} bytes more than before, of at most {most}");
        }
        #[expect(clippy::print_stderr, reason = "nobody takes it for measured")]
        None => eprintln!("skipped: this system does not say how much memory a process has needed"),
    }
}
