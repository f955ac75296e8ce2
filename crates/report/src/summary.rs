//! Results as Markdown: for a pull request, or the summary of a job.

use std::fmt::Write as _;

use graph_contracts::command_line::command_line;
use graph_contracts::compare::Reference;
use graph_contracts::report::{Finding, Group, Judged, Notice, Report, Status, code_span, defused, shown_source};

use crate::comparison::{Comparison, Counted};

/// How many causes are listed.
const MOST_CAUSES: usize = 20;

/// How many cases are listed that are not as expected.
const MOST_CASES: usize = 50;

/// The longest text in a cell, in characters.
const LONGEST: usize = 200;

/// The Markdown; beside an earlier run, if there is one.
pub fn summary(report: &Report<'_>, comparison: Option<&Comparison>) -> String {
    let mut out = String::new();
    let mark = match report.exit_code {
        // Nobody denied what breaks callers, and it is not well either.
        0 if report.judged == Judged::Changes && report.cases.iter().any(|case| !case.holds) => "⚠️",
        0 => "✅",
        _ => "❌",
    };
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "## {mark} {} — {}\n\n",
        report.headline(),
        code(&format!("{} {}", command_line(), report.command))
    );
    let at = report.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let _ = write!(out, "{} · {at} · {:.1} s\n\n", code(&report.provider), report.elapsed.as_secs_f64());
    let (_, several) = report.unit;
    let _ = write!(out, "| outcome | {several} |\n|---|---:|\n");
    for (_, outcome, count) in report.counts() {
        let _ = writeln!(out, "| {outcome} | {count} |");
    }
    let coverage = report.coverage;
    if coverage.leaves() > 0 {
        let _ = write!(
            out,
            "\n{} documented values: {} asserted exactly, {} by shape, {} not at all.\n",
            coverage.leaves(),
            coverage.exact,
            coverage.shape,
            coverage.none
        );
    }
    if let Some(comparison) = comparison {
        compared(&mut out, comparison);
    }
    if report.judged == Judged::Pages {
        codes(&mut out, report);
        defects(&mut out, report);
    } else {
        causes(&mut out, report);
        cases(&mut out, report);
    }
    if report.remarks().next().is_some() {
        out.push('\n');
    }
    for remark in report.remarks() {
        let _ = writeln!(out, "- {}", code(&remark));
    }
    out
}

fn compared(out: &mut String, comparison: &Comparison) {
    let at = comparison.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let _ = write!(out, "\n### Beside the run of {at}: {}\n", comparison.headline());
    let counts = [("outcome", &comparison.outcomes), ("code", &comparison.codes)];
    for (name, counts) in counts.into_iter().filter(|(_, counts)| !counts.is_empty()) {
        let _ = write!(out, "\n| {name} | before | now |\n|---|---:|---:|\n");
        for Counted { name, before, after } in counts.iter().take(MOST_CAUSES) {
            let _ = writeln!(out, "| {} | {before} | {after} |", code(name));
        }
    }
    let found = [("new", &comparison.new), ("gone", &comparison.gone)];
    if found.iter().any(|(_, found)| !found.is_empty()) {
        let _ = write!(out, "\n| | code | where | what |\n|---|---|---|---|\n");
    }
    for (sign, found) in found {
        for own in found.iter().take(MOST_CASES) {
            let _ = writeln!(out, "| {sign} | {} | {} | {} |", code(&own.code), code(own.place()), code(&own.message));
        }
        if found.len() > MOST_CASES {
            let _ = writeln!(out, "| {sign} | | | … and {} more |", found.len() - MOST_CASES);
        }
    }
    for note in comparison.notes() {
        let _ = write!(out, "\n{note}\n");
    }
}

/// What is wrong with pages, by code.
fn codes(out: &mut String, report: &Report<'_>) {
    let kinds = report.kinds();
    if kinds.is_empty() {
        return;
    }
    let _ = write!(out, "\n### By code\n\n| defects | pages | code | level | what to do |\n|---:|---:|---|---|---|\n");
    for class in kinds.iter().take(MOST_CAUSES) {
        let Some(Group { first, .. }) = class.groups.first() else { continue };
        let level = first.notice().map_or("error", Notice::words);
        let (places, pages) = (class.places(), class.ids().len());
        let _ = writeln!(out, "| {places} | {pages} | {} | {level} | {} |", code(first.code), text(first.means));
    }
    if kinds.len() > MOST_CAUSES {
        let _ = write!(out, "\n… and {} more codes.\n", kinds.len() - MOST_CAUSES);
    }
}

/// The defects of pages, the worst first.
fn defects(out: &mut String, report: &Report<'_>) {
    let mut found: Vec<&Finding<'_>> = report.cases.iter().flat_map(|case| &case.findings).collect();
    if found.is_empty() {
        return;
    }
    found.sort_by_key(|finding| finding.notice().map(|notice| notice != Notice::Warning));
    let _ = write!(out, "\n### Defects\n\n| level | where | code | what |\n|---|---|---|---|\n");
    for finding in found.iter().take(MOST_CASES) {
        let level = finding.notice().map_or("error", Notice::words);
        let place = code(&shown_source(&finding.source));
        let _ = writeln!(out, "| {level} | {place} | {} | {} |", code(finding.code), code(&finding.line()));
    }
    if found.len() > MOST_CASES {
        let _ = write!(out, "\n… and {} more.\n", found.len() - MOST_CASES);
    }
}

fn causes(out: &mut String, report: &Report<'_>) {
    let classes = report.classes();
    if classes.is_empty() {
        return;
    }
    let _ = write!(out, "\n### By cause\n\n| places | what | first seen | what it means |\n|---:|---|---|---|\n");
    for class in classes.iter().take(MOST_CAUSES) {
        let Some(Group { first, .. }) = class.groups.first() else { continue };
        let note = first.notice().map(|notice| format!(" ({})", notice.words())).unwrap_or_default();
        let declared = first.declared.filter(|_| first.reference != Reference::Old);
        let declared = declared.map(|declared| format!(" (declared in {})", code(&declared.to_string())));
        let declared = declared.unwrap_or_default();
        let what = match class.groups.len() {
            1 => format!("{}{note}: {}{declared}", text(first.title), code(&first.subject)),
            causes => format!("{}{note}: {causes} causes, such as {}", text(first.title), code(&first.subject)),
        };
        let _ = writeln!(out, "| {} | {what} | {} | {} |", class.places(), code(&first.place()), text(first.means));
    }
    if classes.len() > MOST_CAUSES {
        let _ = write!(out, "\n… and {} more causes.\n", classes.len() - MOST_CAUSES);
    }
}

fn cases(out: &mut String, report: &Report<'_>) {
    let is_bad = |status| matches!(status, Status::Failed | Status::Errored);
    let bad: Vec<_> = report.cases.iter().filter(|case| is_bad(case.status)).collect();
    if bad.is_empty() {
        return;
    }
    let _ = write!(out, "\n### Not as expected\n\n| outcome | what | where | first finding |\n|---|---|---|---|\n");
    for case in bad.iter().take(MOST_CASES) {
        let first = case.errors().next().or(case.findings.first());
        // The line with the difference says more than where the case is documented.
        let place = first.map(Finding::place).filter(|place| !place.is_empty());
        let place = place.unwrap_or_else(|| shown_source(&case.source));
        let first = first.map_or_else(|| case.verdict.clone(), Finding::line);
        let what =
            if case.route.is_empty() { code(case.id) } else { format!("{} {}", code(case.id), code(case.route)) };
        let _ = writeln!(out, "| {} | {what} | {} | {} |", case.outcome, code(&place), code(&first));
    }
    if bad.len() > MOST_CASES {
        let _ = write!(out, "\n… and {} more.\n", bad.len() - MOST_CASES);
    }
}

/// A text as a code span in a table. A bar ends a cell also within a code span (GitHub Flavored Markdown, 4.10).
fn code(text: &str) -> String {
    // A job may print its summary.
    code_span(&defused(text), LONGEST).replace('|', "\\|")
}

/// A text of the project's own in a table.
fn text(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_code_span_is_markup() {
        for (given, expected) in [
            ("a.md:3", "`a.md:3`"),
            ("a|b", "`a\\|b`"),
            ("`x` <b> @you", "`` `x` <b> @you ``"),
            ("a\nb\u{202e}c", "`a b c`"),
            ("##[add-mask]x", "`#\\u{23}[add-mask]x`"),
            (" ", ""),
        ] {
            assert_eq!(code(given), expected, "{given:?}");
        }
    }
}
