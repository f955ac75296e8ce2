//! Comparison: two normal forms in, mismatches out.
//!
//! - [`compare`]: what is documented or was last reviewed, against what came back (`compare.rs`, `body.rs`)
//! - [`Mismatch`], [`MismatchKind`]: one difference as data (`mismatch.rs`)
//! - [`Context`]: the types and page lines of a contract, which a difference is explained with (`context.rs`)

mod body;
#[expect(clippy::module_inception, reason = "the module's verb is its file")]
mod compare;
mod context;
mod identity;
mod mismatch;

pub use compare::compare;
pub(crate) use compare::excerpt;
pub use context::Context;
pub use mismatch::{At, Mismatch, MismatchKind, Reference, Severity};
