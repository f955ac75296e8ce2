//! The stub: a wiremock server that answers as documented and refuses any other request, saying what differed.
//!
//! - [`Stub`]: starts the server (`server.rs`)
//! - `expectation.rs`: what a contract expects of a request, and where a request departs from it
//! - `body.rs`: the same for JSON bodies
//! - `refusal.rs`: the answer to a request that fits no contract

mod body;
mod expectation;
mod refusal;
mod server;

pub use expectation::Difference;
pub(crate) use expectation::is_bearer;
pub use refusal::{REFUSED, Refusal};
pub(crate) use server::Answers;
pub use server::{CONTRACT_HEADER, Stub, StubError};
