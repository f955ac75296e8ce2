//! An import as lines for a terminal.

use std::io::{self, Write};

use super::{BAD, BOLD, DIM, GOOD, Terminal, WARN, count, safe};
use graph_contracts::import::Import;
use graph_contracts::{Diagnostic, Severity};

/// Longer lists are cut: a whole documentation set has thousands of contracts and hundreds of defects.
const LISTED: usize = 50;

impl<W: Write> Terminal<W> {
    /// What an import did.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn import(&mut self, import: &Import, check: bool) -> io::Result<()> {
        self.listed(&import.diagnostics, Self::diagnostic)?;
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
            self.listed(paths, |own, path| {
                writeln!(own.out, "{style}{word}{style:#}: {}", safe(&path.display().to_string()))
            })?;
        }
        self.listed(&import.broken, |own, problem| {
            writeln!(own.out, "{WARN}kept, no contract any more{WARN:#}: {}", safe(problem))
        })?;
        if !(import.is_current() && import.overwritten.is_empty()) {
            writeln!(self.out)?;
        }
        self.table(import)?;
        let counts = &import.counts;
        writeln!(
            self.out,
            "\n{BOLD}{}, {}, {}:{BOLD:#} {}{} in {:.2} s",
            count(counts.pages, "page", "pages"),
            count(counts.pairs + counts.shared_pairs, "pair", "pairs"),
            count(counts.contracts, "contract", "contracts"),
            count(import.diagnostics.len(), "defect", "defects"),
            if import.is_current() { ", nothing to change" } else { "" },
            import.elapsed.as_secs_f64()
        )
    }

    /// What became of every block, and how many defects of each kind there are.
    fn table(&mut self, import: &Import) -> io::Result<()> {
        let counts = &import.counts;
        let rows = [
            ("request blocks", counts.request_blocks),
            ("  answered by the next response", counts.pairs),
            ("  answered by a shared response", counts.shared_pairs),
            ("  URL templates", counts.route_blocks),
            ("  unanswered", counts.unanswered),
            ("response blocks", counts.response_blocks),
            ("  further responses", counts.extra_responses),
            ("  without a request", counts.orphan_responses),
            ("contracts", counts.contracts),
            ("defects", import.diagnostics.len()),
        ];
        for (name, number) in rows {
            writeln!(self.out, "{name:<34}{number:>7}")?;
        }
        for (code, number) in import.diagnostics_by_code() {
            writeln!(self.out, "  {:<32}{number:>7}", code.name())?;
        }
        Ok(())
    }

    /// The first of a list, each by `write`, and how many more there are.
    fn listed<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T) -> io::Result<()>) -> io::Result<()> {
        for item in items.iter().take(LISTED) {
            write(self, item)?;
        }
        match items.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => writeln!(self.out, "{DIM}… and {more} more (--json FILE has them all){DIM:#}"),
        }
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
