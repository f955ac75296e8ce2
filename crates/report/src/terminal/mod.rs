//! Results as lines for a terminal.
//!
//! Styles are always written; whoever owns the stream strips them where it is no terminal or `NO_COLOR` is set.
//!
//! - [`Terminal`] writes an import (`import.rs`) what the linter found (`lint.rs`), a live run (`live.rs`), what it learned (`learn.rs`),
//!   a check against metadata (`metadata.rs`), a proof (`prove.rs`), a review (`review.rs`) and a comparison of two sets (`diff.rs`);
//!   [`safe`] makes text from elsewhere harmless

mod diff;
mod import;
mod learn;
mod lint;
mod live;
mod metadata;
mod prove;
mod review;

use std::io::Write;
use std::ops::{Deref, DerefMut};

pub use graph_contracts::report::safe;
use graph_contracts::report::{self, BAD, BOLD, DIM, GOOD, ROOM_FOR_DETAILS, WARN, count, cut};

pub use self::diff::diff_command;
pub use self::review::review_command;

/// Writes results, no wider than the terminal where a line can be cut.
pub struct Terminal<W>(report::Terminal<W>);

impl<W: Write> Terminal<W> {
    /// Writes to `out`, which is `width` columns wide; lines that can be cut are.
    pub fn new(out: W, width: usize) -> Terminal<W> {
        Terminal(report::Terminal::new(out, width))
    }
}

impl<W> Deref for Terminal<W> {
    type Target = report::Terminal<W>;

    fn deref(&self) -> &report::Terminal<W> {
        &self.0
    }
}

impl<W> DerefMut for Terminal<W> {
    fn deref_mut(&mut self) -> &mut report::Terminal<W> {
        &mut self.0
    }
}
