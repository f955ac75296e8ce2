//! Two texts as the lines that differ, with a few around them.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::Evidence;
use super::detail::Detail;
use super::terminal::Terminal;
use super::{Tone, safe};

/// How many lines of a diff are shown as a rule.
const MOST_LINES: usize = 200;

/// Of a longer piece of a line, only the beginning and the end are shown, in characters; of one that differs, more.
const LONGEST_PIECE: usize = 120;
const LONGEST_DIFFERENCE: usize = 400;

/// How many characters of a line are shown at most, however many pieces differ.
const LONGEST_LINE: usize = 1200;

/// How long a diff may take to become a good one.
const TIME: Duration = Duration::from_millis(500);

impl<W: Write> Terminal<W> {
    /// Both sides of what differs.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn diff(&mut self, evidence: &Evidence) -> io::Result<()> {
        if self.detail() == Detail::Result {
            return Ok(());
        }
        let (bad, good) = (Tone::Bad.style(), Tone::Good.style());
        let diff = TextDiff::configure().timeout(TIME).diff_lines(&evidence.expected, &evidence.actual);
        // What has nothing before it is shown as a whole: somebody may accept it.
        let mut left = if evidence.expected.is_empty() { usize::MAX } else { self.detail().most(MOST_LINES) };
        writeln!(self.out, "    {bad}- {}{bad:#}", safe(&evidence.reference))?;
        writeln!(self.out, "    {good}+ now{good:#}")?;
        for group in diff.grouped_ops(2) {
            for op in &group {
                for change in diff.iter_inline_changes(op) {
                    if left == 0 {
                        return writeln!(self.out, "    … and more; --all shows it");
                    }
                    left -= 1;
                    let (sign, style) = match change.tag() {
                        ChangeTag::Delete => ('-', bad),
                        ChangeTag::Insert => ('+', good),
                        ChangeTag::Equal => (' ', Tone::Dim.style()),
                    };
                    write!(self.out, "    {style}{sign} {style:#}")?;
                    let mut shown = 0;
                    for (emphasized, text) in change.iter_strings_lossy() {
                        if shown > LONGEST_LINE {
                            write!(self.out, "{style} … and more{style:#}")?;
                            break;
                        }
                        let longest = if emphasized { LONGEST_DIFFERENCE } else { LONGEST_PIECE };
                        let text = safe(&shortened(text.trim_end_matches('\n'), longest));
                        shown += text.chars().count();
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

/// The beginning and the end of a text that is too long, and how much is between them.
fn shortened(text: &str, longest: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= longest {
        return Cow::Borrowed(text);
    }
    let (before, behind) = (longest * 2 / 3, longest / 3);
    let start: String = text.chars().take(before).collect();
    let end: String = text.chars().skip(length - behind).collect();
    Cow::Owned(format!("{start}… {} characters …{end}", length - before - behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: &str, actual: &str, pieces: &[&str], longest: usize) {
        let mut lines = Vec::new();
        let evidence = Evidence::of_texts("before".to_owned(), expected, actual);
        Terminal::new(&mut lines, 100).diff(&evidence).expect("written");
        let text = anstream::adapter::strip_str(&String::from_utf8_lossy(&lines)).to_string();
        for piece in pieces {
            assert!(text.contains(piece), "{piece:?} should be in {text}");
        }
        let found = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(found <= longest, "{found} characters in {text}");
    }

    #[test]
    fn a_long_value_is_cut_around_what_differs() {
        let long = "x".repeat(50_000);
        check(
            &format!("{{\n  \"a\": \"{long} one {long}\"\n}}\n"),
            &format!("{{\n  \"a\": \"{long} two {long}\"\n}}\n"),
            &["one", "two", "characters"],
            1200,
        );
    }

    #[test]
    fn what_is_new_is_shown_as_a_whole() {
        let lines: String = (0..1000).map(|number| format!("line {number}\n")).collect();
        check("", &lines, &["+ line 0\n", "+ line 999\n"], 30);
    }
}
