//! Replay: contracts in, outcomes out.
//!
//! - [`replay`], [`replay_contracts`]: all contracts on all their routes, in parallel (`run.rs`)
//! - [`Outcome`], [`RouteOutcome`], [`Run`]: what became of them (`outcome.rs`)
//! - [`Client`]: sends one request and receives its response, within [`Limits`]; else there is a [`SendError`] (`client.rs`,
//!   `limits.rs`, `send_error.rs`)
//! - `receive.rs`: sends a request and receives the response whole, within limits; a live run does it the same way
//! - `decode.rs`: undoes the content codings of a body; `urls.rs`: how URLs may be shown
//! - `judge.rs`: an exchange becomes the outcome of a route

mod client;
mod decode;
mod judge;
mod limits;
mod outcome;
mod receive;
mod report;
mod run;
mod send_error;
mod urls;

pub use client::Client;
pub use judge::judge;
pub use limits::Limits;
pub use outcome::{ContractOutcome, Evidence, Outcome, RouteOutcome, Run};
pub use receive::{receive, undecided};
pub use run::{ReplayError, ReplayOptions, replay, replay_contracts};
pub use send_error::with_causes;
pub use send_error::{Cause, SendError};
pub use urls::{is_local, shown};
