//! Results as lines for a terminal.
//!
//! Styles are always written; whoever owns the stream strips them where it is no terminal or `NO_COLOR` is set.
//!
//! - [`Terminal`] writes a replay (`replay.rs`), an import (`import.rs`) what the linter found (`lint.rs`), a live run (`live.rs`),
//!   what it learned (`learn.rs`), a check against metadata (`metadata.rs`), a proof (`prove.rs`), a review (`review.rs`) and a
//!   comparison of two sets (`diff.rs`); [`safe`] makes text from elsewhere harmless

mod diff;
mod import;
mod learn;
mod lint;
mod live;
mod metadata;
mod prove;
mod replay;
mod review;

use std::io::Write;

use anstyle::{AnsiColor, Style};

pub use self::diff::diff_command;
pub use self::review::review_command;
use crate::normal::is_dangerous;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();
const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// Narrower terminals get the outcome and the contract only.
const ROOM_FOR_DETAILS: usize = 72;

/// Writes results, no wider than the terminal where a line can be cut.
pub struct Terminal<W> {
    out: W,
    width: usize,
}

impl<W: Write> Terminal<W> {
    /// Writes to `out`, which is `width` columns wide; lines that can be cut are.
    pub fn new(out: W, width: usize) -> Terminal<W> {
        Terminal { out, width: width.max(40) }
    }
}

/// Text that a terminal cannot mistake for commands: control characters and those that change the direction of text become
/// visible escapes.
pub fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_dangerous(c) { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    safe
}

/// Text in at most `width` characters, with an ellipsis where it was cut.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
