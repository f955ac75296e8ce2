//! What the linter found as a report: a case for each page.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Fixes, Level, Lint};
use crate::command_line::command_line;
use crate::compare::{Reference, Severity};
use crate::diagnostic::{Code, Diagnostic, by_code};
use crate::import::{not_followed, shown};
use crate::report::counts::{counts, of_codes};
use crate::report::{
    Block, Case, Excerpt, Finding, Judged, Line, Notice, Report, Status, Summary, Tone, Total, count, help,
};
use crate::source::SourceLine;

impl Lint {
    /// What was found by a run that began at that time. `is_denied` says which defects fail it, and `suppressions` is the name of the file
    /// of what is accepted.
    pub fn report(&self, at: Timestamp, is_denied: impl Fn(&Diagnostic) -> bool, suppressions: &str) -> Report<'_> {
        let mut pages: BTreeMap<&str, Vec<Known<'_>>> =
            self.files.keys().filter(|page| self.has_judged(page)).map(|page| (page.as_str(), Vec::new())).collect();
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let fingerprint = self.fingerprints.get(index).map(|own| own.line.as_str());
            let excerpt = self.excerpts.get(index);
            pages.entry(&diagnostic.page).or_default().push(Known { diagnostic, fingerprint, excerpt });
        }
        let cases: Vec<Case<'_>> =
            pages.into_iter().map(|(page, diagnostics)| self.case(page, &diagnostics, &is_denied)).collect();
        let accepted = Total::new(self.suppressed, "defect is accepted", "defects are accepted");
        let mut blocks = Vec::new();
        blocks.extend(unused_suppressions(&self.unused_suppressions, suppressions));
        blocks.extend(not_followed(&self.linked));
        blocks.extend(self.fixes.as_ref().map(fixed));
        let left_out = [(self.suppressed, "suppressed"), (self.off, "off"), (self.known, "known")]
            .into_iter()
            .filter(|(number, _)| *number > 0);
        let left_out: String = left_out.map(|(number, how)| format!(", {number} {how}")).collect();
        Report {
            exit_code: u8::from(cases.iter().any(|case| case.status == Status::Failed)),
            unit: ("page", "pages"),
            judged: Judged::Pages,
            cases,
            blocks,
            totals: Some(accepted).filter(|total| total.number > 0).into_iter().collect(),
            summary: Summary {
                subject: match &self.judged {
                    Some(judged) => format!("{} of {}", judged.len(), count(self.pages, "page", "pages")),
                    None => count(self.pages, "page", "pages"),
                },
                tone: Tone::Plain,
                result: format!("{}{left_out}", count(self.diagnostics.len(), "defect", "defects")),
                elapsed: Some(self.elapsed),
                notes: [
                    self.without_requests_note(),
                    self.undecided_note().map(Line::plain),
                    self.unjudged_note(),
                    self.gone_note(),
                ]
                .into_iter()
                .flatten()
                .collect(),
            },
            document: self.document(at),
            ..Report::new("lint", "documentation pages", at, self.elapsed)
        }
    }

    /// How many defects of each code there are: what is shown before them.
    pub fn counts(&self) -> Block {
        counts(&of_codes(&self.diagnostics, |own| self.levels.of_diagnostic(own)), Level::tone)
    }

    /// Why no example was judged.
    fn without_requests_note(&self) -> Option<Line> {
        let pages = match self.judged.as_ref().map_or(self.pages, BTreeSet::len) {
            0 => return None,
            1 => "this page".to_owned(),
            pages => format!("these {pages} pages"),
        };
        let what = "a code block that begins with a method and a URL";
        let note = || format!("No request is on {pages} ({what}), so no example was judged.");
        (self.with_requests == 0).then(|| Line::plain(note()))
    }

    /// What of the baseline is not there any more.
    fn gone_note(&self) -> Option<Line> {
        let gone = count(self.gone, "defect of the baseline is", "defects of the baseline are");
        let note = || format!("{gone} gone; `{} lint --update-baseline` takes what is gone out", command_line());
        (self.gone > 0).then(|| Line::plain(note()))
    }

    /// What `--fix` leaves to a person, by code.
    pub fn undecided_note(&self) -> Option<String> {
        let own = self.diagnostics.iter().filter(|own| own.edit.is_none());
        let mut by_code: BTreeMap<Code, usize> = BTreeMap::new();
        own.for_each(|own| *by_code.entry(own.code).or_default() += 1);
        let mut by_code: Vec<(Code, usize)> = by_code.into_iter().collect();
        by_code.sort_by_key(|(code, number)| (Reverse(*number), code.name()));
        let all = count(by_code.iter().map(|(_, number)| number).sum(), "defect has", "defects have");
        let codes = by_code.iter().map(|(code, number)| format!("{number} {code}")).collect::<Vec<_>>().join(", ");
        let is_said = self.fixes.is_some() && !by_code.is_empty();
        is_said.then(|| format!("{all} no single right answer, and a person has to decide: {codes}"))
    }

    /// What could not be judged because of the language of the pages.
    fn unjudged_note(&self) -> Option<Line> {
        let rules = self.unjudged.iter().map(|(code, pages)| format!("{code} on {}", count(*pages, "page", "pages")));
        let rules = rules.collect::<Vec<_>>().join(", ");
        let note = || format!("not judged, because the prose is in a language that these rules do not read: {rules}");
        (!rules.is_empty()).then(|| Line::plain(note()))
    }

    fn case<'r>(&self, page: &'r str, diagnostics: &[Known<'r>], is_denied: impl Fn(&Diagnostic) -> bool) -> Case<'r> {
        let is_failed = diagnostics.iter().any(|own| is_denied(own.diagnostic));
        let is_warned = diagnostics.iter().any(|own| self.levels.of_diagnostic(own.diagnostic) >= Level::Warning);
        let (status, outcome) = match (is_failed, diagnostics.is_empty()) {
            (true, _) => (Status::Failed, "defective"),
            (false, true) => (Status::Passed, "clean"),
            (false, false) if is_warned => (Status::Passed, "with warnings"),
            (false, false) => (Status::Passed, "with notes"),
        };
        Case {
            holds: diagnostics.is_empty(),
            verdict: match diagnostics.len() {
                0 => "No defect was found.".to_owned(),
                1 => "One defect was found.".to_owned(),
                number => format!("{number} defects were found."),
            },
            findings: diagnostics.iter().map(|own| finding(own, self.levels.of_diagnostic(own.diagnostic))).collect(),
            source: Some(SourceLine::new(page, 1)),
            ..Case::new(page, "", status, outcome)
        }
    }

    fn document(&self, at: Timestamp) -> Value {
        let defective: BTreeSet<&str> = self.diagnostics.iter().map(|diagnostic| diagnostic.page.as_str()).collect();
        let by_code: BTreeMap<&str, usize> =
            by_code(&self.diagnostics).into_iter().map(|(code, number)| (code.name(), number)).collect();
        let entries = self.diagnostics.iter().enumerate().map(|(index, own)| Entry {
            severity: self.levels.of_diagnostic(own),
            diagnostic: own,
            fingerprint: self.fingerprints.get(index).map(|own| own.line.as_str()),
            help: help(own.code),
        });
        let judged = self.judged.as_ref().map_or(self.pages, BTreeSet::len);
        let unused = self.unused_suppressions.iter().map(|(line, entry)| format!("{line}: {entry}"));
        let unjudged: BTreeMap<&str, usize> = self.unjudged.iter().map(|(code, pages)| (code.name(), *pages)).collect();
        json!({
            "command": "lint",
            "at": at,
            "pages": self.pages,
            "judged": judged,
            "with_requests": self.with_requests,
            "clean": judged.saturating_sub(defective.len()),
            "diagnostics": entries.collect::<Vec<_>>(),
            "by_code": by_code,
            "suppressed": self.suppressed,
            "off": self.off,
            "known": self.known,
            "gone": self.gone,
            "unjudged": unjudged,
            "fixes": self.fixes.as_ref().map(fixes_document),
            "unused_suppressions": unused.collect::<Vec<_>>(),
            "linked": shown(&self.linked),
            "seconds": self.elapsed.as_secs_f64(),
        })
    }
}

/// One diagnostic of the document.
#[derive(Serialize)]
struct Entry<'a> {
    severity: Level,
    #[serde(flatten)]
    diagnostic: &'a Diagnostic,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    help: &'static str,
}

/// What was corrected, by code, and what was not, and why.
fn fixed(fixes: &Fixes) -> Block {
    let counts = fixes.by_code().into_iter().map(|(code, (fixed, left))| {
        let left = if left == 0 { String::new() } else { format!(", {left} left") };
        Line::new(Tone::Good, "fixed").text(format!(" {:<29}{fixed:>7}{left}", code.name()))
    });
    let left =
        fixes.left().map(|own| Line::new(Tone::Warn, "not fixed").text(format!(": {}: {}", own.diagnostic, own.why)));
    Block::new(counts.chain(left).collect())
}

fn fixes_document(fixes: &Fixes) -> Value {
    let counts = fixes.by_code().into_iter().map(|(code, (fixed, _))| (code.name(), fixed));
    let left = fixes.left().map(|own| {
        let Diagnostic { code, page, line, column, .. } = &own.diagnostic;
        json!({ "code": code, "page": page, "line": line, "column": column, "why": own.why })
    });
    json!({ "fixed": counts.collect::<BTreeMap<_, _>>(), "left": left.collect::<Vec<_>>() })
}

/// The entries of a file of suppressions that accepted nothing, by line.
pub fn unused_suppressions(unused: &[(u32, String)], file: &str) -> Option<Block> {
    let lines = unused
        .iter()
        .map(|(line, entry)| Line::new(Tone::Warn, "suppresses nothing").text(format!(": {file}:{line}: {entry}")));
    let remark = |(line, entry): &(u32, String)| format!("line {line} of the suppressions accepts nothing: {entry}");
    (!unused.is_empty()).then(|| Block::new(lines.collect()).remark(unused.iter().map(remark).collect()))
}

/// A defect, what it is recognized by in another state of its page, and its line.
struct Known<'r> {
    diagnostic: &'r Diagnostic,
    fingerprint: Option<&'r str>,
    excerpt: Option<&'r Excerpt>,
}

fn finding<'r>(known: &Known<'r>, level: Level) -> Finding<'r> {
    let Diagnostic { code, page, line, column, message, .. } = known.diagnostic;
    Finding {
        code: code.name(),
        title: code.title().trim_end_matches('.'),
        subject: message.clone(),
        at: format!("line {line}, column {column}"),
        sides: None,
        message,
        declared: None,
        rule: None,
        severity: if level == Level::Error { Severity::Error } else { Severity::Notice },
        source: Some(SourceLine { column: Some(*column), ..SourceLine::new(page.as_str(), *line) }),
        notice: if level == Level::Note { Notice::Note } else { Notice::Warning },
        reference: Reference::Documentation,
        means: help(*code),
        fingerprint: known.fingerprint,
        excerpt: known.excerpt,
    }
}
