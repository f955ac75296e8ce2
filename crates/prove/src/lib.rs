//! The proof that a comparison which finds nothing wrong has looked: mutants of each documented response, of which every one has
//! to be caught, and harmless variations, of which none may be.
//!
//! - [`prove`]: derives them, sends them through the stub, judges them, and says what was caught (`run.rs`)
//! - [`Class`]: the kinds of mutant and variation (`class.rs`)
//! - [`Mutant`], [`mutants()`]: what is derived from a contract (`mutant.rs`, `mutants.rs`); of its body (`body.rs`, `documented_value.rs`, `presence.rs`), of the rest of
//!   the message (`message.rs`), and without harm (`harmless.rs`); of its request (`request.rs`)
//! - `verdict.rs`: whether a judgment is the one that is due
//! - [`Proof`]: what became of them (`proof.rs`)
//! - `specimens.rs`: contracts of the proof's own

mod body;
mod class;
mod documented_value;
mod harmless;
mod message;
mod mutant;
mod mutants;
mod presence;
mod proof;
mod report;
mod request;
mod run;
mod specimens;
mod verdict;

pub use class::Class;
pub use mutant::{Expectation, Mutant};
pub use mutants::mutants;
pub use proof::{BlindSpot, ClassCount, Count, Proof, Sampled};
pub use run::{Progress, ProveError, prove};
