//! The renderers of a [`Report`](graph_contracts::report::Report), beside its lines for a terminal.
//!
//! - [`html`](mod@html) for a browser, [`junit()`] for CI, [`sarif()`] for code scanning (`sarif_fix.rs`: what corrects a finding)
//! - [`summary()`]: Markdown; [`annotations()`]: lines that GitHub shows beside the page
//! - [`snippets()`]: findings with the lines of the pages, for a terminal
//! - [`Repository`]: paths as GitHub wants them
//! - [`history()`]: earlier results, for the trend; [`Comparison`]: one of them side by side with this one
//! - [`document()`]: `results.json`, and several of them as one report, [`Results`]

mod annotations;
mod comparison;
mod history;
pub mod html;
mod junit;
mod repository;
mod results;
mod sarif;
mod sarif_fix;
mod snippets;
mod summary;

pub use annotations::annotations;
pub use comparison::{Changed, Comparison, Counted, Found};
pub use history::{History, Point, history};
pub use junit::junit;
pub use repository::Repository;
pub use results::{MergeError, Results, document};
pub use sarif::sarif;
pub use snippets::{OfCode, snippets};
pub use summary::summary;
