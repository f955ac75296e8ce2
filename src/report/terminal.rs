//! Lines for a terminal: styles, widths, and text that does no harm.
//!
//! Styles are always written; whoever owns the stream strips them where it is no terminal or `NO_COLOR` is set.

use std::io::Write;

use anstyle::{AnsiColor, Style};

use crate::normal::is_dangerous;

/// As expected.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Not as expected.
pub const BAD: Style = AnsiColor::Red.on_default();
/// Something to look at.
pub const WARN: Style = AnsiColor::Yellow.on_default();
/// Beside the point.
pub const DIM: Style = Style::new().dimmed();
/// What a line is about.
pub const BOLD: Style = Style::new().bold();

/// Narrower terminals get the outcome and the contract only.
pub const ROOM_FOR_DETAILS: usize = 72;

/// Writes results, no wider than the terminal where a line can be cut.
pub struct Terminal<W> {
    /// Where lines go.
    pub out: W,
    /// How many columns there are.
    pub width: usize,
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
pub fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// A number of things.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
