//! The stub: a wiremock server that answers as documented and refuses any other request, saying what differed.
//!
//! - [`Stub`]: starts the server, and tells what it was asked; [`StubBuilder`]: how it answers (`server.rs`)
//! - `responder.rs`: from a request to its answer, by the engine in `matching`
//! - [`Answer`]: what it answers (`answer.rs`); [`StubRequest`]: what it was asked (`request_log.rs`)
//! - `mounted.rs`: the one mock of a server, which is mounted anew now and then

mod answer;
mod mounted;
mod request_log;
mod responder;
mod server;

pub use answer::Answer;
pub use answer::Answers;
pub use mounted::Mounted;
pub use request_log::StubRequest;
pub use server::{Stub, StubBuilder, StubError};
