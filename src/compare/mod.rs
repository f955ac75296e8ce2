//! Comparison: two normal forms in, mismatches out.
//!
//! - [`compare()`]: what is documented or was last reviewed, against what came back (`compare.rs`, `body.rs`,
//!   `comparing.rs`)
//! - [`Mismatch`], [`MismatchKind`]: one difference as data (`mismatch.rs`)
//! - [`Comparison`], [`Coverage`]: all differences, and how much was compared (`comparison.rs`)
//! - [`Context`]: the level, the types and the page lines of a contract (`context.rs`)
//! - `typed.rs`: checks values against their declared types; `identity.rs`: which identifiers stand for which;
//!   `excerpt`: values as messages show them (`excerpt.rs`)

mod body;
#[expect(clippy::module_inception, reason = "the module's verb is its file")]
mod compare;
mod comparing;
mod comparison;
mod context;
mod drift;
mod excerpt;
mod identity;
mod mismatch;
mod place;
mod typed;

pub use compare::{assertions, compare, coverage};
pub use comparison::{Assertion, Comparison, Coverage};
pub use context::Context;
pub use drift::{OTHER_LENGTH, OTHER_VALUE, drifted, shown};
pub(crate) use excerpt::{EXCERPT, excerpt};
pub use mismatch::{Mismatch, MismatchKind, Reference, Severity};
pub use typed::conforms;
