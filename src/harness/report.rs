//! What a run prints: a line for each test as libtest does, the reasons of those that failed, and one summary.

use std::io::{self, Write};
use std::time::Duration;

use super::Verdict;
use crate::command_line::command_line;
use crate::report::{Tone, count, defused};

/// How many failures are shown with their reasons: a change of a rule may break all contracts.
const MOST_SHOWN: usize = 20;

/// How many characters stand on a line of terse output.
const TERSE_LINE: usize = 88;

/// Prints tests while they finish.
pub(super) struct Reporter<'o> {
    pub(super) out: &'o mut dyn Write,
    pub(super) terse: bool,
    passed: usize,
    failures: Vec<(String, String)>,
    pending: usize,
    not_pending: usize,
}

impl<'o> Reporter<'o> {
    /// Begins a run of that many tests.
    pub(super) fn new(out: &'o mut dyn Write, terse: bool, tests: usize) -> io::Result<Reporter<'o>> {
        writeln!(out, "\nrunning {}", count(tests, "test", "tests"))?;
        Ok(Reporter { out, terse, passed: 0, failures: Vec::new(), pending: 0, not_pending: 0 })
    }

    /// One test is done.
    pub(super) fn finished(&mut self, name: &str, verdict: Verdict) -> io::Result<()> {
        let name = defused(name);
        let is_passed = verdict == Verdict::Passed;
        let why = if matches!(verdict, Verdict::NotReviewed { .. }) { ", no reviewed snapshot" } else { "" };
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::NotReviewed { is_pending: true } => self.pending += 1,
            Verdict::NotReviewed { is_pending: false } => self.not_pending += 1,
            Verdict::Failed(reason) => self.failures.push((name.clone().into_owned(), defused(&reason).into_owned())),
        }
        let style = if is_passed { Tone::Good } else { Tone::Bad }.style();
        if self.terse {
            let done = self.passed + self.failed();
            let line_end = if done.is_multiple_of(TERSE_LINE) { "\n" } else { "" };
            return write!(self.out, "{style}{}{style:#}{line_end}", if is_passed { '.' } else { 'F' });
        }
        writeln!(self.out, "test {name} ... {style}{}{style:#}{why}", if is_passed { "ok" } else { "FAILED" })
    }

    fn failed(&self) -> usize {
        self.failures.len() + self.pending + self.not_pending
    }

    /// All tests are done; says whether they passed.
    pub(super) fn end(self, filtered_out: usize, elapsed: Duration) -> io::Result<bool> {
        let failed = self.failed();
        let Reporter { out, passed, failures, pending, not_pending, .. } = self;
        if !failures.is_empty() {
            writeln!(out, "\nfailures:")?;
        }
        for (name, reason) in failures.iter().take(MOST_SHOWN) {
            writeln!(out, "\n---- {name} ----\n{}", reason.trim_end())?;
        }
        if failures.len() > MOST_SHOWN {
            let more = count(failures.len() - MOST_SHOWN, "more test", "more tests");
            writeln!(out, "\n… and {more}; `{} replay` shows what broke by its causes", command_line())?;
        }
        if pending > 0 {
            let contracts = count(pending, "contract has", "contracts have");
            let snapshots = if pending == 1 { "its new one is" } else { "their new ones are" };
            writeln!(out, "\n{contracts} no reviewed snapshot; {snapshots} pending. Accept or reject:")?;
            writeln!(out, "  {} review", command_line())?;
        }
        if not_pending > 0 {
            let contracts = count(not_pending, "contract has", "contracts have");
            writeln!(
                out,
                "\n{contracts} no reviewed snapshot, and nothing was written: insta writes no snapshots in CI or with"
            )?;
            writeln!(
                out,
                "INSTA_UPDATE=no. `INSTA_UPDATE=new cargo test` leaves them pending for `{} review`.",
                command_line()
            )?;
        }
        let (style, result) = if failed == 0 { (Tone::Good, "ok") } else { (Tone::Bad, "FAILED") };
        let style = style.style();
        writeln!(
            out,
            "\ntest result: {style}{result}{style:#}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered_out} filtered \
             out; finished in {:.2}s\n",
            elapsed.as_secs_f64()
        )?;
        Ok(failed == 0)
    }
}
