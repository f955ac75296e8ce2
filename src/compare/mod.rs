//! Comparison: two normal forms in, mismatches out.
//!
//! - [`compare()`]: what is documented or was last reviewed, against what came back (`compare.rs`, `body.rs`,
//!   `comparing.rs`)
//! - [`Mismatch`], [`MismatchKind`]: one difference as data (`mismatch.rs`)
//! - [`Comparison`], [`Coverage`]: all differences, and how much was compared (`comparison.rs`)
//! - [`Context`]: the level, the types and the page lines of a contract (`context.rs`)
//! - [`Rule`]: what decided on a difference (`rule.rs`);
//!   `presence.rs`: null, absent and undocumented members; `selection.rs`: what a request asks for; `control.rs`: what objects say they are
//! - `typed.rs`: checks values against their declared types; `identity.rs`: which identifiers stand for which;
//!   `excerpt`: values as messages show them (`excerpt.rs`)

mod body;
#[expect(clippy::module_inception, reason = "the module's verb is its file")]
mod compare;
mod comparing;
mod comparison;
mod context;
mod control;
mod drift;
mod excerpt;
mod identity;
mod mismatch;
mod place;
mod presence;
mod rule;
mod selection;
mod typed;

pub use compare::{assertions, compare, coverage};
pub use comparison::{Assertion, Comparison, Coverage};
pub use context::Context;
pub use drift::{OTHER_LENGTH, OTHER_VALUE, drifted, is_withheld_name, shown, withheld_name};
pub(crate) use excerpt::{EXCERPT, excerpt};
pub use mismatch::{Mismatch, MismatchKind, Reference, Severity};
pub use rule::{Rule, RuleSource};
