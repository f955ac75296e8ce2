//! A replay as lines for a terminal.

use std::io::{self, Write};
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::{BAD, BOLD, DIM, GOOD, Terminal, WARN, count, safe};
use crate::compare::{Mismatch, Reference};
use crate::replay::{ContractOutcome, Evidence, Outcome, RouteOutcome, Run};

/// Narrower terminals get the outcome and the contract only.
const ROOM_FOR_DETAILS: usize = 72;

impl<W: Write> Terminal<W> {
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
            kind.phrase(),
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
