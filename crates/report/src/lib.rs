//! The renderers of a [`Report`](graph_contracts::report::Report), beside its lines for a terminal.
//!
//! - [`html`](mod@html) for a browser, [`junit`](mod@junit) for CI, [`sarif`](mod@sarif) for code scanning
//! - [`summary`](mod@summary): Markdown; [`annotations`](mod@annotations): lines that GitHub shows beside the page
//! - [`snippets`](mod@snippets): findings with the lines of the pages, for a terminal
//! - [`Repository`]: paths as GitHub wants them
//! - [`history`](mod@history): earlier results, for the trend

mod annotations;
mod history;
pub mod html;
mod junit;
mod repository;
mod sarif;
mod snippets;
mod summary;

pub use annotations::annotations;
pub use history::{History, Point, history};
pub use junit::junit;
pub use repository::Repository;
pub use sarif::sarif;
pub use snippets::snippets;
pub use summary::summary;
