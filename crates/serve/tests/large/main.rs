//! Bodies that are larger than what the server may take of memory, over real sockets. They have a process of their own, so that its memory is theirs.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

#[path = "../integration/server.rs"]
mod server;

mod contents;
mod passing;
mod tenant;
mod unread;
