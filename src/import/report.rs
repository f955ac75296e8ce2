//! An import as a report: no cases, but the files that changed, and an account of every HTTP block.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Import, Written};
use crate::command_line::command_line;
use crate::diagnostic::{Diagnostic, Severity, by_code};
use crate::report::counts::{OfCode, counts, of_codes};
use crate::report::{Block, Judged, Line, Report, Summary, Tone, count};

/// How long lists are as a rule: a whole documentation set has thousands of contracts and hundreds of defects.
const LISTED: usize = 50;

/// How many defects of each code are listed at least as a rule, however many codes there are.
const LEAST_LISTED: usize = 3;

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
            exit_code: u8::from((is_check && !self.is_current()) || !self.broken().is_empty()),
            unit: ("page", "pages"),
            judged: Judged::Pages,
            blocks: self
                .defects()
                .into_iter()
                .chain(self.files(is_check))
                .chain(not_followed(&self.linked))
                .chain([self.account()])
                .collect(),
            summary: Summary {
                subject,
                tone: Tone::Plain,
                result: format!("{}{current}", count(self.diagnostics.len(), "defect", "defects")),
                elapsed: Some(self.elapsed),
                notes: self.lint_note().into_iter().collect(),
            },
            document: self.document(),
            ..Report::new("import", "documentation pages", at, self.elapsed)
        }
    }

    /// Why the linter finds more.
    fn lint_note(&self) -> Option<Line> {
        let note = || {
            format!(
                "These are the defects of what contracts are made of; `{} lint` looks at all of the pages, and reports each cause once.",
                command_line()
            )
        };
        (!self.diagnostics.is_empty()).then(|| Line::plain(note()))
    }

    /// How many defects of each code there are, and where the first ones of each are. Those of pages whose contracts have not changed were listed
    /// when these were made: they are counted.
    fn defects(&self) -> Vec<Block> {
        let all = of_codes(&self.diagnostics, |own| own.code.severity());
        let (old, new): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            self.diagnostics.iter().partition(|own| self.unchanged_pages.contains(&own.page));
        let of_codes = of_codes(new.iter().copied(), |own| own.code.severity());
        let most = (LISTED / of_codes.len().max(1)).max(LEAST_LISTED);
        let of_code = |(_, code, own): &OfCode<'_, Severity>| {
            let title = Line::new(Tone::Bold, code.name()).text(format!(": {}", own.len()));
            let lines = own.iter().map(|own| diagnostic(own));
            Block::new(std::iter::once(title).chain(lines).collect()).at_most(1 + most)
        };
        let title = Line::new(Tone::Bold, "on pages whose contracts have not changed").text(":");
        let lines = std::iter::once(title).chain(old.iter().map(|own| diagnostic(own)));
        let old = (!old.is_empty()).then(|| Block::new(lines.collect()).at_most(1));
        std::iter::once(counts(&all, tone)).chain(of_codes.iter().map(of_code)).chain(old).collect()
    }

    /// The files that changed, or would.
    fn files(&self, is_check: bool) -> Vec<Block> {
        let would = |done: &'static str, planned: &'static str| if is_check { planned } else { done };
        let overwritten = would(
            "overwritten, changed by hand (the old file has .bak added)",
            "would be overwritten, changed by hand",
        );
        let set_aside = would(
            "documented no longer, and changed by hand: the file has .bak added now",
            "documented no longer, and changed by hand: the file would have .bak added",
        );
        let kinds = [
            (Written::Added, would("added", "would be added"), Tone::Good),
            (Written::Updated, would("updated", "would be updated"), Tone::Good),
            (Written::Overwritten, overwritten, Tone::Warn),
            (Written::Kept, "kept, changed by hand (--overwrite takes the page's version)", Tone::Warn),
            (
                Written::Stale,
                "documented no longer (import its page too, or delete with --unreferenced delete)",
                Tone::Warn,
            ),
            (
                Written::Deleted,
                would("deleted, documented no longer", "would be deleted, documented no longer"),
                Tone::Warn,
            ),
            (Written::SetAside, set_aside, Tone::Warn),
        ];
        let listed = |tone, word: &str, texts: Vec<String>| {
            let lines = texts.iter().map(|text| Line::new(tone, word).text(format!(": {text}")));
            Block::new(lines.collect()).at_most(LISTED)
        };
        let of_kind = |(kind, word, tone)| listed(tone, word, self.paths(&kind));
        let mut blocks: Vec<Block> = kinds.into_iter().map(of_kind).collect();
        let broken = self.broken().into_iter().map(str::to_owned).collect();
        blocks.push(listed(Tone::Warn, "kept, cannot be read (--overwrite takes the page's version)", broken));
        blocks
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

    /// What became of every block.
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
        Block::new(rows.map(Line::plain).collect())
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
            "deleted": self.paths(&Written::Deleted),
            "set_aside": self.paths(&Written::SetAside),
            "linked": shown(&self.linked),
        });
        if let (Value::Object(counts), Value::Object(found)) = (&mut document, found) {
            counts.extend(found);
        }
        document
    }
}

/// The links to folders with pages that were not followed, a line each.
pub(crate) fn not_followed(links: &[PathBuf]) -> Option<Block> {
    let line = |link: &String| {
        let said = format!(": {link}, a link to a folder with pages; if they are yours, name it, too");
        Line::new(Tone::Warn, "not followed").text(said)
    };
    let links = shown(links);
    let remark = |link: &String| format!("{link} is a link to a folder with pages, and was not followed");
    let block = || Block::new(links.iter().map(line).collect()).remark(links.iter().map(remark).collect());
    (!links.is_empty()).then(block)
}

/// Paths as text.
pub(crate) fn shown(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Warning => Tone::Warn,
        Severity::Error => Tone::Bad,
    }
}

fn diagnostic(diagnostic: &Diagnostic) -> Line {
    let severity = diagnostic.code.severity();
    let Diagnostic { code, page, line, column, message, .. } = diagnostic;
    let place = Line::plain(format!("{page}:{line}:{column}: ")).text;
    Line {
        indent: place,
        ..Line::new(tone(severity), severity.to_string()).text(format!(": {message} ")).dim(format!("[{code}]"))
    }
}
