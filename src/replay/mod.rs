//! Replay: contracts in, outcomes out.
//!
//! - [`replay`], [`replay_contracts`]: all contracts on all their routes, in parallel (`run.rs`)
//! - [`Outcome`], [`RouteOutcome`], [`Run`]: what became of them (`outcome.rs`)
//! - [`Client`]: sends one request and receives its response; [`documented_request`]: that request (`client.rs`)
//! - `judge.rs`: an exchange becomes the outcome of a route

mod client;
mod judge;
mod outcome;
mod report;
mod run;

pub use client::{Client, documented_request};
pub use judge::judge;
pub use outcome::{ContractOutcome, Outcome, RouteOutcome, Run};
pub use run::{ReplayError, ReplayOptions, replay, replay_contracts};
