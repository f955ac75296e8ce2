//! What a command found, in one form: every command produces a [`Report`], and every renderer consumes one.
//!
//! - [`Report`], [`Summary`], [`Case`], [`Status`]: the whole, and what became of one contract on a route, one contract, or one page (`report.rs`,
//!   `case.rs`)
//! - [`Finding`], [`Group`], [`Class`]: what was found in a case, and what findings have in common (`finding.rs`, `group.rs`,
//!   `class.rs`)
//! - [`Block`], [`Line`], [`Tone`]: what stands beside the cases, as lines with a tone (`block.rs`, `counts.rs`); `asserted`: how much was (`asserted.rs`)
//! - [`Evidence`]: both sides of what differs (`evidence.rs`); [`Excerpt`], [`Correction`]: the line of a page with a defect, and what corrects
//!   it (`excerpt.rs`)
//! - [`Terminal`]: all of it as lines for a terminal (`terminal.rs`, `diff.rs`), or less ([`Detail`], `detail.rs`); [`safe`], [`cut`], [`count`]: text (`text.rs`);
//!   [`defused`]: text that no CI server takes for a command (`workflow_command.rs`)
//!
//! The other renderers (HTML, JUnit, SARIF, Markdown, annotations) are a crate of their own.

mod asserted;
mod block;
mod case;
mod class;
pub(crate) mod counts;
mod detail;
mod diff;
mod evidence;
mod excerpt;
mod finding;
mod group;
#[expect(clippy::module_inception, reason = "the module's noun is its file")]
mod report;
mod terminal;
mod text;
mod workflow_command;

pub use asserted::asserted;
pub use block::{Block, Line, Tone};
pub use case::{Case, Status};
pub use class::Class;
pub use detail::Detail;
pub use evidence::Evidence;
pub use excerpt::{Correction, Excerpt};
pub use finding::{Finding, Notice, shown_source};
pub use group::{Group, group};
pub use report::{Judged, Report, Summary, Total};
pub use terminal::{CaseLine, Terminal, sides};
pub use text::{at_place, code_span, count, cut, help, make_contracts, padded, quoted, raise_limit, safe};
pub use workflow_command::{Defused, defused};
