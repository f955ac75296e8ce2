//! What changed for a caller.
//!
//! - [`Change`], [`Place`]: what was, what is there now, and where it shows (`change.rs`)
//! - [`Kind`]: the kinds of change, and why each means what it means (`kind.rs`); `docs/diff.md` explains them
//! - [`Effect`]: what a change means for a caller (`effect.rs`)
//! - [`diff`]: changes between two sets of contracts, or two documents of metadata, by cause
//! - [`review`]: changes in snapshots that wait for somebody to decide, by mismatch
//! - `judgment/`: what a difference means, for both
//! - `body_of_form.rs`: the body of a normal form as a contract has it
//! - `declared.rs`: documented bodies, with what is declared of their values

mod body_of_form;
mod change;
mod declared;
pub mod diff;
mod effect;
mod judgment;
mod kind;
pub mod review;

pub use change::{Change, NOTHING, Place};
pub use effect::Effect;
pub use kind::Kind;
