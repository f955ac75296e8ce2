//! What the linter found as results: a case for each page.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Case, Finding, Results, Status};
use graph_contracts::compare::{Coverage, Reference, Severity};
use graph_contracts::lint::Lint;
use graph_contracts::normal::Level;
use graph_contracts::report::count;
use graph_contracts::{Code, Diagnostic};

impl<'r> Results<'r> {
    /// A run of the linter that began at that time. `is_denied` says which defects count.
    pub fn of_lint(lint: &'r Lint, at: Timestamp, is_denied: impl Fn(Code) -> bool) -> Results<'r> {
        let mut pages: BTreeMap<&str, Vec<&Diagnostic>> =
            lint.files.keys().map(|page| (page.as_str(), Vec::new())).collect();
        for diagnostic in &lint.diagnostics {
            pages.entry(&diagnostic.page).or_default().push(diagnostic);
        }
        let cases: Vec<Case<'r>> =
            pages.into_iter().map(|(page, diagnostics)| case(page, &diagnostics, &is_denied)).collect();
        let unused = lint.unused_suppressions.iter();
        let unused = unused.map(|(line, entry)| format!("line {line} of the suppressions accepts nothing: {entry}"));
        let suppressed =
            (lint.suppressed > 0).then(|| format!("{} accepted", count(lint.suppressed, "defect is", "defects are")));
        Results {
            command: "lint",
            provider: "documentation pages".to_owned(),
            at,
            elapsed: lint.elapsed,
            holds: cases.iter().all(|case| case.status == Status::Passed),
            unit: ("page", "pages"),
            cases,
            remarks: suppressed.into_iter().chain(unused).collect(),
            store: None,
            level: Level::Exact,
            coverage: Coverage::default(),
        }
    }
}

fn case<'r>(page: &'r str, diagnostics: &[&'r Diagnostic], is_denied: impl Fn(Code) -> bool) -> Case<'r> {
    let is_failed = diagnostics.iter().any(|diagnostic| is_denied(diagnostic.code));
    let verdict = match (diagnostics.len(), is_failed) {
        (0, _) => "No defect was found.".to_owned(),
        (1, _) => "One defect was found.".to_owned(),
        (number, _) => format!("{number} defects were found."),
    };
    Case {
        id: page,
        route: "",
        status: if is_failed { Status::Failed } else { Status::Passed },
        outcome: match (is_failed, diagnostics.is_empty()) {
            (true, _) => "defective",
            (false, true) => "clean",
            (false, false) => "with warnings",
        },
        verdict,
        findings: diagnostics.iter().map(|diagnostic| finding(diagnostic)).collect(),
        omitted: 0,
        source: format!("{page}:1"),
        coverage: Coverage::default(),
        elapsed: None,
        properties: Vec::new(),
        evidence: None,
    }
}

fn finding(diagnostic: &Diagnostic) -> Finding<'_> {
    let Diagnostic { code, page, line, column, message, .. } = diagnostic;
    Finding {
        code: code.name(),
        title: code.title().trim_end_matches('.'),
        subject: code.name().to_owned(),
        at: format!("line {line}, column {column}"),
        sides: None,
        message,
        declared: "",
        severity: match code.severity() {
            graph_contracts::Severity::Error => Severity::Error,
            graph_contracts::Severity::Warning => Severity::Notice,
        },
        source: format!("{page}:{line}:{column}"),
        notice: "warning",
        reference: Reference::Documentation,
        means: code.help(),
    }
}
