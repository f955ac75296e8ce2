//! The stub: a wiremock server that answers as documented and refuses any other request, saying what differed.
//!
//! - [`Stub`]: starts the server (`server.rs`); [`Answer`]: what it answers (`answer.rs`)
//! - `expectation.rs`: what a contract expects of a request, and where a request departs from it ([`Difference`],
//!   `difference.rs`)
//! - `body.rs`: the same for JSON bodies
//! - `mounted.rs`: the one mock of a server, which is mounted anew now and then
//! - `refusal.rs`: the answer to a request that fits no contract

mod answer;
mod body;
mod difference;
mod expectation;
mod mounted;
mod refusal;
mod server;

pub use answer::Answer;
pub use answer::Answers;
pub use difference::Difference;
pub use expectation::CONTRACT_HEADER;
pub(crate) use expectation::is_bearer;
pub use mounted::Mounted;
pub use refusal::{REFUSED, Refusal};
pub use server::{Stub, StubError};
