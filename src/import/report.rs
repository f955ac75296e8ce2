//! An import as a report: no cases, but the files that changed, and an account of every HTTP block.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Import, Written};
use crate::diagnostic::{Diagnostic, Severity, by_code};
use crate::report::{Block, Judged, Line, Report, Summary, Tone, count};

/// Longer lists are cut: a whole documentation set has thousands of contracts and hundreds of defects.
const LISTED: usize = 50;

impl Import {
    /// What an import did that began at that time; or would do, if it was only a check.
    pub fn report(&self, at: Timestamp, is_check: bool) -> Report<'_> {
        let counts = &self.counts;
        let subject = format!(
            "{}, {}, {}",
            count(counts.pages, "page", "pages"),
            count(counts.pairs + counts.shared_pairs, "pair", "pairs"),
            count(counts.contracts, "contract", "contracts")
        );
        let current = if self.is_current() { ", nothing to change" } else { "" };
        Report {
            exit_code: u8::from(is_check && !self.is_current()),
            unit: ("page", "pages"),
            judged: Judged::Pages,
            blocks: vec![Block::new(listed(&self.diagnostics, diagnostic)), self.files(is_check), self.account()],
            summary: Summary {
                subject,
                tone: Tone::Plain,
                result: format!("{}{current}", count(self.diagnostics.len(), "defect", "defects")),
                elapsed: Some(self.elapsed),
                notes: Vec::new(),
            },
            document: self.document(),
            ..Report::new("import", "documentation pages", at, self.elapsed)
        }
    }

    /// The files that changed, or would.
    fn files(&self, is_check: bool) -> Block {
        let would = |done: &'static str, planned: &'static str| if is_check { planned } else { done };
        let overwritten = would(
            "overwritten, changed by hand (the old file has .bak added)",
            "would be overwritten, changed by hand",
        );
        let kinds = [
            (Written::Added, would("added", "would be added"), Tone::Good),
            (Written::Updated, would("updated", "would be updated"), Tone::Good),
            (Written::Overwritten, overwritten, Tone::Warn),
            (Written::Kept, "kept, changed by hand (--overwrite takes the page's version)", Tone::Warn),
            (Written::Stale, "documented no longer (delete the file, or import its page too)", Tone::Warn),
        ];
        let line = |tone, word: &str, text: &str| Line::new(tone, word).text(format!(": {text}"));
        let of_kind = |(kind, word, tone)| listed(&self.paths(&kind), |path| line(tone, word, path));
        let mut lines: Vec<Line> = kinds.into_iter().flat_map(of_kind).collect();
        lines.extend(listed(&self.broken(), |problem| line(Tone::Warn, "kept, no longer a contract", problem)));
        Block::new(lines)
    }

    /// The paths of the files of which this became.
    fn paths(&self, kind: &Written) -> Vec<String> {
        self.files.iter().filter(|(_, own)| own == kind).map(|(path, _)| path.display().to_string()).collect()
    }

    /// What is wrong with files that should be contracts.
    fn broken(&self) -> Vec<&str> {
        let files = self.files.iter().map(|(_, written)| written);
        files
            .filter_map(|written| if let Written::Broken(problem) = written { Some(problem.as_str()) } else { None })
            .collect()
    }

    /// What became of every block, and how many defects of each kind there are.
    fn account(&self) -> Block {
        let counts = &self.counts;
        let rows = [
            ("request blocks", counts.request_blocks),
            ("  answered by the next response", counts.pairs),
            ("  answered by a shared response", counts.shared_pairs),
            ("  URL templates", counts.route_blocks),
            ("  unanswered", counts.unanswered),
            ("  that cannot be read", counts.incomplete_requests),
            ("response blocks", counts.response_blocks),
            ("  further responses", counts.extra_responses),
            ("  without a request", counts.orphan_responses),
            ("  that cannot be read", counts.incomplete_responses),
            ("contracts", counts.contracts),
            ("defects", self.diagnostics.len()),
        ];
        let rows = rows.into_iter().map(|(name, number)| format!("{name:<34}{number:>7}"));
        let by_code = by_code(&self.diagnostics).into_iter();
        let by_code = by_code.map(|(code, number)| format!("  {:<32}{number:>7}", code.name()));
        Block::new(rows.chain(by_code).map(Line::plain).collect())
    }

    fn document(&self) -> Value {
        let by_code = by_code(&self.diagnostics).into_iter().map(|(code, number)| (code.name(), number));
        let mut document = json!(self.counts);
        let found = json!({
            "diagnostics": by_code.collect::<BTreeMap<_, _>>(),
            "seconds": self.elapsed.as_secs_f64(),
            "defects": self.diagnostics,
            "added": self.paths(&Written::Added),
            "updated": self.paths(&Written::Updated),
            "kept": self.paths(&Written::Kept),
            "broken": self.broken(),
            "overwritten": self.paths(&Written::Overwritten),
            "stale": self.paths(&Written::Stale),
        });
        if let (Value::Object(counts), Value::Object(found)) = (&mut document, found) {
            counts.extend(found);
        }
        document
    }
}

/// The first of a list, a line each, and how many more there are.
fn listed<T>(items: &[T], line: impl Fn(&T) -> Line) -> Vec<Line> {
    let mut lines: Vec<Line> = items.iter().take(LISTED).map(line).collect();
    match items.len().saturating_sub(LISTED) {
        0 => {}
        more => lines.push(Line::default().dim(format!("… and {more} more (--json FILE has them all)"))),
    }
    lines
}

fn diagnostic(diagnostic: &Diagnostic) -> Line {
    let (tone, word) = match diagnostic.code.severity() {
        Severity::Warning => (Tone::Warn, "warning"),
        Severity::Error => (Tone::Bad, "error"),
    };
    let Diagnostic { code, page, line, column, message, .. } = diagnostic;
    let place = Line::plain(format!("{page}:{line}:{column}: ")).text;
    Line { indent: place, ..Line::new(tone, word).text(format!(": {message} ")).dim(format!("[{code}]")) }
}
