//! Review of pending snapshots: what changed, what it means for a caller, and insta's own files.
//!
//! - [`entries`], [`Entry`]: the pending snapshots, each with what changed (`entry.rs`)
//! - [`together()`], [`Together`], [`show`]: those that are decided together, as they are shown (`together.rs`); [`dialog()`], [`Keys`]: going
//!   through them with somebody who decides (`dialog.rs`); [`decide`], [`review`], [`Review`]: doing what was decided (`run.rs`)
//! - `given`, `documented`: the forms that a contract gives now (`given.rs`)
//! - [`Pending`]: finding, accepting and rejecting the files (`pending.rs`); [`ReviewError`]: why that fails (`review_error.rs`)
//! - `contracts_of`: which contracts the snapshots of renamed pages belong to (`renamed.rs`)
//! - [`changes`]: two normal forms as changes (`changes.rs`): documented forms as the contracts that they are
//!   of (`restore.rs`), which [`crate::diff`] compares, and answers of live services by mismatch (`classify.rs`); what of a drift is over
//!   (`healed.rs`)
//! - [`patch`]: the drift of live runs as patches of the pages that document otherwise

mod changes;
mod classify;
mod dialog;
mod entry;
mod given;
mod healed;
pub mod patch;
mod pending;
mod renamed;
mod report;
mod restore;
mod review_error;
mod run;
mod together;

#[cfg(test)]
pub(crate) use changes::new_contract;
pub use changes::{Of, changes};
pub use dialog::{CarryOut, Keys, dialog};
pub use entry::{Decision, Entry, entries};
#[cfg(test)]
pub(crate) use healed::mark_healed;
pub use pending::{Action, Pending};
pub use review_error::{NothingPending, ReviewError};
pub use run::{Review, decide, review};
pub use together::{Together, show, together};
