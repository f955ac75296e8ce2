//! Learning: which values differ between two reads of the same thing, and the volatile rules that would cover them.
//!
//! Without a socket:
//!
//! - [`differences`]: two responses to one request become a [`Reading`]: what differed, what held still, and what no rule can
//!   say (`reading.rs`, `unlearned_reason.rs`); which elements of two arrays belong together (`align.rs`)
//! - [`Pattern`], [`Selector`]: places in a body with `[*]` for every index, and the JSONPath that selects some (`pattern.rs`)
//! - [`propose`]: many readings become few [`Proposal`]s (`propose.rs`)
//! - [`Patch`]: proposals become a patch of `volatile.toml`, which is never applied automatically (`patch.rs`)
//!
//! Doing it: [`learn`] reads each readable contract twice; [`Learned`]: what became of it (`run.rs`, `outcome.rs`).
//!
//! No value that a tenant holds leaves a reading: neither values nor names of members that the page does not document.

mod align;
mod outcome;
mod patch;
mod pattern;
mod propose;
mod reading;
mod report;
mod run;
mod unlearned_reason;

pub use outcome::{LearnOutcome, Learned, LearnedStep};
pub use patch::{Patch, PatchError};
pub use pattern::{Part, Pattern, Selector};
pub use propose::{Evidence, Proposal, Rule, propose};
pub use reading::{Reading, Seen, Unlearned, ValuePosition, differences};
pub use run::{LearnOptions, SPACING, learn};
pub use unlearned_reason::UnlearnedReason;
