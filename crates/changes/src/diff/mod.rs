//! Compares two sets: two imports of the documentation, or two documents of a service's metadata.
//!
//! - [`contracts`], [`metadata`]: two sets to their [`Diff`] (`run.rs`)
//! - [`Change`], [`Place`]: what changed, by cause, with the places in both sets (`change.rs`)
//! - [`Kind`], [`Effect`]: the kinds of change and what each means for a caller (`kind.rs`); `docs/diff.md` explains them
//! - contracts: which of them are the same (`pair.rs`), what operations there are (`operations.rs`), and what differs: the message
//!   (`message.rs`), its body (`body.rs`, `values.rs`), property tables (`types.rs`), permissions (`permissions.rs`)
//! - metadata: `metadata/`
//!
//! A change of a [`review`](crate::review) is about one answer to one request; a change here is about what is documented. Where both judge the
//! same thing, they say the same (a test in `tests/review.rs` holds them together).

mod body;
mod change;
mod kind;
mod message;
mod metadata;
mod operations;
mod pair;
mod permissions;
mod run;
#[cfg(test)]
mod tests;
mod types;
mod values;

pub use change::{Change, Diff, NOTHING, Place, SetOf};
pub use kind::{Effect, Kind};
pub use run::{contracts, metadata};
