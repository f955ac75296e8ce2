//! Replay: contracts in, outcomes out.
//!
//! - [`replay`]: all contracts on all their routes, in parallel (`run.rs`)
//! - [`Outcome`], [`RouteOutcome`], [`Run`]: what became of them (`outcome.rs`)
//! - `client.rs`: sends one request and receives its response
//! - `judge.rs`: an exchange becomes the outcome of a route

mod client;
mod judge;
mod outcome;
mod run;

pub use client::Client;
pub use judge::judge;
pub use outcome::{ContractOutcome, Evidence, Outcome, RouteOutcome, Run};
pub(crate) use run::is_selected;
pub use run::{ReplayError, ReplayOptions, replay};
