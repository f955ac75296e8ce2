//! How much a provider may send, and how long it may take.

use std::time::Duration;

/// The bounds of one exchange. A response beyond them is an outcome of that contract alone.
///
/// The head of a response is bounded too, by what HTTP itself reads: 100 header fields, and some 400 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body, in bytes: as it is sent, and after each of its content codings is undone.
    pub max_body: usize,
    /// How long the connection may take, from the name of the host to the open socket.
    pub connect_timeout: Duration,
    /// How long the response head may take: connecting, sending the request, and everything up to the end of the head.
    pub head_timeout: Duration,
    /// How long the provider may be silent within the body.
    pub idle_timeout: Duration,
    /// How long all of it may take. It ends a response that arrives a byte at a time.
    pub timeout: Duration,
}

impl Default for Limits {
    /// 16 MiB, 10 seconds to connect and between two pieces of the body, 30 seconds up to the head, 60 seconds in all.
    fn default() -> Limits {
        Limits {
            max_body: 16 * 1024 * 1024,
            connect_timeout: Duration::from_secs(10),
            head_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
        }
    }
}
