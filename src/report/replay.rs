//! A replay as lines for a terminal.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::causes::{Cause, causes};
use super::terminal::{BAD, BOLD, DIM, GOOD, ROOM_FOR_DETAILS, Terminal, WARN, count, cut, safe};
use crate::compare::{Coverage, Mismatch, Reference};
use crate::replay::{ContractOutcome, Evidence, Outcome, RouteOutcome, Run};

/// How many places of a cause are shown; `--json` has all.
const MOST_PLACES: usize = 5;

/// How many mismatches of a route are shown; `--json` has all that were kept.
const MOST_MISMATCHES: usize = 20;

/// How many lines of a diff are shown.
const MOST_DIFF_LINES: usize = 200;

/// How long a diff may take to become a good one.
const DIFF_TIME: Duration = Duration::from_millis(500);

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
        let routes: Vec<&RouteOutcome> = run.routes().collect();
        let (shared, own): (Vec<Cause<'_>>, Vec<Cause<'_>>) =
            causes(routes.iter().copied()).into_iter().partition(Cause::is_shared);
        for cause in &shared {
            self.cause(cause)?;
            if let Some(evidence) = cause.places.first().and_then(|place| routes[place.index].evidence.as_ref()) {
                self.diff(evidence)?;
            }
        }
        let with_own: HashSet<usize> = own.iter().flat_map(|cause| &cause.places).map(|place| place.index).collect();
        for (_, route) in routes.iter().enumerate().filter(|(index, _)| with_own.contains(index)) {
            self.route(route)?;
        }
        self.errors(&routes)?;
        if !run.unreferenced_snapshots.is_empty() {
            writeln!(
                self.out,
                "\n{BAD}snapshots without a contract{BAD:#} (import the page again, or delete the file):"
            )?;
            for path in &run.unreferenced_snapshots {
                writeln!(self.out, "  {}", safe(&path.display().to_string()))?;
            }
        }
        let unasserted: Vec<(&ContractOutcome, usize)> = run
            .contracts
            .iter()
            .map(|contract| (contract, contract.coverage().none))
            .filter(|(_, none)| *none > 0)
            .collect();
        if !unasserted.is_empty() {
            writeln!(self.out, "\n{WARN}contracts with values that nothing asserts{WARN:#}:")?;
            for (contract, none) in unasserted.iter().take(MOST_PLACES) {
                writeln!(self.out, "  {}: {}", safe(&contract.id), count(*none, "leaf", "leaves"))?;
            }
            if unasserted.len() > MOST_PLACES {
                writeln!(self.out, "  … and {} more; --json FILE lists all", unasserted.len() - MOST_PLACES)?;
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
        let Coverage { exact, shape, none } = run.coverage();
        let leaves = count(exact + shape + none, "documented leaf", "documented leaves");
        let style = if none > 0 || shape > exact { WARN } else { DIM };
        writeln!(
            self.out,
            "{style}{leaves} of the responses: {exact} asserted exactly, {shape} by shape, {none} not at all{style:#}"
        )?;
        let is_reviewed = |mismatch: &Mismatch| mismatch.reference == Reference::Snapshot;
        if run.routes().flat_map(|route| &route.mismatches).any(is_reviewed) {
            writeln!(
                self.out,
                "If the contract is right as it is now, accept it: `cargo test` leaves the new snapshot pending, and then run\n  \
                 cargo xtask review\n\
                 If not, mend the contract, or import its page again with `cargo xtask import PATH --overwrite`."
            )?;
        }
        Ok(())
    }

    /// Mismatches of several routes that have one cause.
    fn cause(&mut self, cause: &Cause<'_>) -> io::Result<()> {
        let Cause { kind, subject, means, places, .. } = cause;
        let title = safe(&format!("{}: {subject}", kind.phrase()));
        writeln!(self.out, "\n{BAD}{title}{BAD:#}  {DIM}{} places{DIM:#}", places.len())?;
        writeln!(self.out, "  {}", safe(means))?;
        for place in places.iter().take(MOST_PLACES) {
            let (id, at, source) = (safe(place.id), safe(&place.at.to_string()), safe(place.source));
            writeln!(self.out, "  {BOLD}{id}{BOLD:#} {DIM}on{DIM:#} {}", safe(place.route))?;
            let difference = safe(&format!("{} instead of {}", place.actual, place.expected));
            writeln!(self.out, "    at {BOLD}{at}{BOLD:#}  {DIM}{source}{DIM:#}  {difference}")?;
        }
        if places.len() > MOST_PLACES {
            writeln!(self.out, "  … and {} more; --json FILE lists all", places.len() - MOST_PLACES)?;
        }
        Ok(())
    }

    /// The routes that could not be replayed, by the reason.
    fn errors(&mut self, routes: &[&RouteOutcome]) -> io::Result<()> {
        let mut by_error: BTreeMap<&str, Vec<&RouteOutcome>> = BTreeMap::new();
        for route in routes {
            if let Some(error) = &route.error {
                by_error.entry(error).or_default().push(route);
            }
        }
        for (error, routes) in by_error {
            let number = count(routes.len(), "route", "routes");
            writeln!(self.out, "\n{WARN}could not be replayed{WARN:#}: {}  {DIM}{number}{DIM:#}", safe(error))?;
            for route in routes.iter().take(MOST_PLACES) {
                writeln!(self.out, "  {BOLD}{}{BOLD:#} {DIM}on{DIM:#} {}", safe(&route.id), safe(&route.route))?;
            }
            if routes.len() > MOST_PLACES {
                writeln!(self.out, "  … and {} more; --json FILE lists all", routes.len() - MOST_PLACES)?;
            }
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
        for mismatch in route.mismatches.iter().take(MOST_MISMATCHES) {
            self.mismatch(mismatch)?;
        }
        let more = route.omitted + route.mismatches.len().saturating_sub(MOST_MISMATCHES);
        if more > 0 {
            writeln!(self.out, "  … and {more} more; --json FILE lists them")?;
        }
        if let Some(evidence) = &route.evidence {
            self.diff(evidence)?;
        }
        Ok(())
    }

    /// One mismatch: what differs and where, both sides, and what it means.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn mismatch(&mut self, mismatch: &Mismatch) -> io::Result<()> {
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
        writeln!(self.out, "    {:>10}  {GOOD}{}{GOOD:#}", "now", safe(actual))?;
        writeln!(self.out, "    {DIM}{}{DIM:#}", safe(kind.means()))
    }

    /// The lines that differ, with a few around them.
    pub fn diff(&mut self, evidence: &Evidence) -> io::Result<()> {
        let diff = TextDiff::configure().timeout(DIFF_TIME).diff_lines(&evidence.expected, &evidence.actual);
        let mut left = MOST_DIFF_LINES;
        writeln!(self.out, "    {BAD}- {}{BAD:#}", safe(&evidence.reference))?;
        writeln!(self.out, "    {GOOD}+ now{GOOD:#}")?;
        for group in diff.grouped_ops(2) {
            for op in &group {
                for change in diff.iter_inline_changes(op) {
                    if left == 0 {
                        return writeln!(self.out, "    …");
                    }
                    left -= 1;
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
