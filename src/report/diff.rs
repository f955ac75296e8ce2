//! Two texts as the lines that differ, with a few around them.

use std::io::{self, Write};
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::Evidence;
use super::terminal::Terminal;
use super::{Tone, safe};

/// How many lines of a diff are shown.
const MOST_LINES: usize = 200;

/// How long a diff may take to become a good one.
const TIME: Duration = Duration::from_millis(500);

impl<W: Write> Terminal<W> {
    /// Both sides of what differs.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn diff(&mut self, evidence: &Evidence) -> io::Result<()> {
        let (bad, good) = (Tone::Bad.style(), Tone::Good.style());
        let diff = TextDiff::configure().timeout(TIME).diff_lines(&evidence.expected, &evidence.actual);
        let mut left = MOST_LINES;
        writeln!(self.out, "    {bad}- {}{bad:#}", safe(&evidence.reference))?;
        writeln!(self.out, "    {good}+ now{good:#}")?;
        for group in diff.grouped_ops(2) {
            for op in &group {
                for change in diff.iter_inline_changes(op) {
                    if left == 0 {
                        return writeln!(self.out, "    …");
                    }
                    left -= 1;
                    let (sign, style) = match change.tag() {
                        ChangeTag::Delete => ('-', bad),
                        ChangeTag::Insert => ('+', good),
                        ChangeTag::Equal => (' ', Tone::Dim.style()),
                    };
                    write!(self.out, "    {style}{sign} {style:#}")?;
                    for (emphasized, text) in change.iter_strings_lossy() {
                        let text = safe(text.trim_end_matches('\n'));
                        let style = if emphasized { style.bold().underline() } else { style };
                        write!(self.out, "{style}{text}{style:#}")?;
                    }
                    writeln!(self.out)?;
                }
            }
        }
        Ok(())
    }
}
