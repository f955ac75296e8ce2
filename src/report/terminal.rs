//! Results as lines for a terminal.
//!
//! Styles are always written; whoever owns the stream strips them where it is no terminal or `NO_COLOR` is set.

use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use crate::compare::{Mismatch, Reference};
use crate::diagnostic::{Diagnostic, Severity};
use crate::import::Import;
use crate::replay::{ContractOutcome, Evidence, Outcome, RouteOutcome, Run};

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

    /// One line for a contract of a replay.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn contract(&mut self, outcome: &ContractOutcome) -> io::Result<()> {
        let (style, word) = match outcome.outcome() {
            Outcome::Matched => (GOOD, "matched"),
            Outcome::Mismatched => (BAD, "mismatched"),
            Outcome::Errored => (WARN, "errored"),
        };
        let id = safe(&outcome.id);
        if self.width < ROOM_FOR_DETAILS {
            return writeln!(self.out, "{style}{word:>10}{style:#}  {}", cut(&id, self.width - 12));
        }
        let routes = count(outcome.routes.len(), "route", "routes");
        let tail = format!("{routes:>9} {:>8}", milliseconds(outcome.elapsed));
        let room = self.width.min(100) - tail.len() - 14;
        writeln!(self.out, "{style}{word:>10}{style:#}  {:<room$} {DIM}{tail}{DIM:#}", cut(&id, room))
    }

    /// What broke, what else is to be known, and the summary of a replay.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn replay(&mut self, run: &Run) -> io::Result<()> {
        for route in run.routes().filter(|route| route.outcome != Outcome::Matched) {
            self.route(route)?;
        }
        if !run.unreferenced_snapshots.is_empty() {
            writeln!(
                self.out,
                "\n{BAD}snapshots without a contract{BAD:#} (import the page again, or delete the file):"
            )?;
            for path in &run.unreferenced_snapshots {
                writeln!(self.out, "  {}", safe(&path.display().to_string()))?;
            }
        }
        if !run.unused_rules.is_empty() {
            writeln!(self.out, "\n{WARN}volatile rules that matched nothing in these contracts{WARN:#}:")?;
            for rule in &run.unused_rules {
                writeln!(self.out, "  {}", safe(rule))?;
            }
        }
        self.summary(run)
    }

    fn summary(&mut self, run: &Run) -> io::Result<()> {
        let routes = run.routes().count();
        let style = match run.exit_code() {
            0 => GOOD,
            1 => BAD,
            _ => WARN,
        };
        write!(
            self.out,
            "\n{BOLD}{}, {}:{BOLD:#} ",
            count(run.contracts.len(), "contract", "contracts"),
            count(routes, "route", "routes")
        )?;
        let parts = [(Outcome::Matched, "matched"), (Outcome::Mismatched, "mismatched"), (Outcome::Errored, "errored")];
        let parts = parts.into_iter().map(|(outcome, word)| (run.count(outcome), word)).filter(|(count, _)| *count > 0);
        let mut parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
        if !run.unreferenced_snapshots.is_empty() {
            let number = run.unreferenced_snapshots.len();
            parts.push(count(number, "snapshot without a contract", "snapshots without a contract"));
        }
        writeln!(self.out, "{style}{}{style:#} in {:.2} s", parts.join(", "), run.elapsed.as_secs_f64())?;
        let is_reviewed = |mismatch: &Mismatch| mismatch.reference == Reference::Snapshot;
        if run.routes().flat_map(|route| &route.mismatches).any(is_reviewed) {
            writeln!(
                self.out,
                "If the contract is right as it is now, accept it with `cargo insta test --review`; if not, mend the contract, or\n\
                 import its page again with `cargo xtask import PATH --overwrite`."
            )?;
        }
        Ok(())
    }

    /// The mismatches of a route, with a diff.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn route(&mut self, route: &RouteOutcome) -> io::Result<()> {
        writeln!(self.out, "\n{BOLD}{}{BOLD:#} {DIM}on{DIM:#} {}", safe(&route.id), safe(&route.route))?;
        if let Some(error) = &route.error {
            writeln!(self.out, "  {WARN}could not be replayed{WARN:#}: {}", safe(error))?;
        }
        for mismatch in &route.mismatches {
            self.mismatch(mismatch)?;
        }
        if let Some(evidence) = &route.evidence {
            self.diff(evidence)?;
        }
        Ok(())
    }

    fn mismatch(&mut self, mismatch: &Mismatch) -> io::Result<()> {
        let Mismatch { kind, at, expected, actual, source, reference, .. } = mismatch;
        let than = match reference {
            Reference::Documentation => "documented",
            Reference::Snapshot => "reviewed",
        };
        writeln!(
            self.out,
            "  {BAD}{}{BAD:#} at {BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}",
            kind.meaning(),
            safe(&at.to_string()),
            safe(source)
        )?;
        writeln!(self.out, "    {than:>10}  {BAD}{}{BAD:#}", safe(expected))?;
        writeln!(self.out, "    {:>10}  {GOOD}{}{GOOD:#}", "now", safe(actual))
    }

    /// The lines that differ, with a few around them.
    fn diff(&mut self, evidence: &Evidence) -> io::Result<()> {
        let diff = TextDiff::from_lines(&evidence.expected, &evidence.actual);
        writeln!(self.out, "    {BAD}- {}{BAD:#}", safe(&evidence.reference))?;
        writeln!(self.out, "    {GOOD}+ now{GOOD:#}")?;
        for group in diff.grouped_ops(2) {
            for op in &group {
                for change in diff.iter_inline_changes(op) {
                    let (sign, style) = match change.tag() {
                        ChangeTag::Delete => ('-', BAD),
                        ChangeTag::Insert => ('+', GOOD),
                        ChangeTag::Equal => (' ', DIM),
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

    /// What an import did.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn import(&mut self, import: &Import, check: bool) -> io::Result<()> {
        for diagnostic in &import.diagnostics {
            self.diagnostic(diagnostic)?;
        }
        if !import.diagnostics.is_empty() {
            writeln!(self.out)?;
        }
        let would = |done: &'static str, planned: &'static str| if check { planned } else { done };
        let lists = [
            (&import.added, would("added", "would be added"), GOOD),
            (&import.updated, would("updated", "would be updated"), GOOD),
            (
                &import.overwritten,
                would(
                    "overwritten, changed by hand (the old file has .bak added)",
                    "would be overwritten, changed by hand",
                ),
                WARN,
            ),
            (&import.kept, "kept, changed by hand (--overwrite takes the page's version)", WARN),
            (&import.stale, "documented no longer (delete the file, or import its page too)", WARN),
        ];
        for (paths, word, style) in lists {
            for path in paths {
                writeln!(self.out, "{style}{word}{style:#}: {}", safe(&path.display().to_string()))?;
            }
        }
        for problem in &import.broken {
            writeln!(self.out, "{WARN}kept, no contract any more{WARN:#}: {}", safe(problem))?;
        }
        let counts = &import.counts;
        writeln!(
            self.out,
            "{BOLD}{}, {}, {}:{BOLD:#} {}{} in {:.2} s",
            count(counts.pages, "page", "pages"),
            count(counts.pairs + counts.shared_pairs, "pair", "pairs"),
            count(counts.contracts, "contract", "contracts"),
            count(import.diagnostics.len(), "defect", "defects"),
            if import.is_current() { ", nothing to change" } else { "" },
            import.elapsed.as_secs_f64()
        )
    }

    fn diagnostic(&mut self, diagnostic: &Diagnostic) -> io::Result<()> {
        let (style, word) = match diagnostic.code.severity() {
            Severity::Warning => (WARN, "warning"),
            Severity::Error => (BAD, "error"),
        };
        let Diagnostic { code, page, line, column, message } = diagnostic;
        writeln!(
            self.out,
            "{}:{line}:{column}: {style}{word}{style:#}: {} {DIM}[{code}]{DIM:#}",
            safe(page),
            safe(message)
        )
    }
}

/// Text that a terminal cannot mistake for commands: control characters and those that change the direction of text become
/// visible escapes.
pub fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        let is_dangerous = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if is_dangerous { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    safe
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn milliseconds(elapsed: Duration) -> String {
    format!("{} ms", elapsed.as_millis())
}

/// Text in at most `width` characters, with an ellipsis where it was cut.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}
