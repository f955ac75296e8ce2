//! Review of pending snapshots: what changed, what it means for a caller, and insta's own files.
//!
//! - [`entries`], [`Entry`]: the pending snapshots, each with what changed (`entry.rs`)
//! - [`review`], [`Review`]: going through them with somebody who decides (`run.rs`)
//! - [`Pending`]: finding, accepting and rejecting the files (`pending.rs`); `insta_file.rs`: as insta reads and writes them
//! - [`changes`], [`Change`]: two normal forms as changes (`change.rs`)
//! - [`effect`], [`ChangeKind`]: what a difference means for a caller (`effect.rs`)
//! - [`patch`]: the drift of live runs as patches of the pages that document otherwise

mod change;
mod effect;
mod entry;
mod insta_file;
pub mod patch;
mod pending;
mod run;

pub use change::{Change, Of, changes, new_contract};
pub use effect::{About, ChangeKind, Effect, effect};
pub use entry::{Entry, entries};
pub use pending::{Origin, Pending, ReviewError};
pub use run::{Answer, Decision, Review, Reviewed, review};
