//! A report on pages: its defects by code, as rows of the list, and page by page.

use std::cmp::Reverse;

use maud::{Markup, html};
use serde::Serialize;

use super::charts::bar;
use super::coded::coded;
use super::entry::{Entry, anchor, badge};
use super::excerpt::{excerpt, fix, parts};
use graph_contracts::report::{Case, Class, Finding, Group, Notice, Report, Status, count, safe, shown_source};

/// How many codes are shown at first.
const FIRST_CODES: usize = 12;

/// How many causes of a code are shown, and how many places of one.
const MOST_CAUSES: usize = 10;
const MOST_PLACES: usize = 3;

/// How many defects of a page are shown.
const MOST_DEFECTS: usize = 500;

/// The longest message that the list has, in characters.
const LONGEST: usize = 300;

/// A row of the list, for the script.
#[derive(Serialize)]
pub(super) struct DefectRow {
    id: String,
    at: String,
    status: &'static str,
    outcome: &'static str,
    code: String,
    area: String,
    message: String,
    line: Option<[String; 3]>,
    fix: bool,
}

/// How much a defect matters: a status that has its color, and its word.
fn level(finding: &Finding<'_>) -> (Status, &'static str) {
    match finding.notice() {
        None => (Status::Failed, "error"),
        Some(Notice::Warning) => (Status::Errored, "warning"),
        Some(notice) => (Status::Skipped, notice.words()),
    }
}

fn has_fix(finding: &Finding<'_>) -> bool {
    finding.excerpt.is_some_and(|excerpt| !excerpt.fix.is_empty())
}

/// Where a defect is within its page.
fn at(finding: &Finding<'_>) -> String {
    let place = finding.source.as_ref();
    place
        .map(|own| own.column.map_or(own.line.to_string(), |column| format!("{}:{column}", own.line)))
        .unwrap_or_default()
}

/// The address of a defect in this file.
fn address(case: &Case<'_>, finding: &Finding<'_>) -> String {
    format!("{}:{}", anchor(case.id), at(finding))
}

/// The rows of the list: the worst first, by page and line.
pub(super) fn rows(report: &Report<'_>) -> Vec<DefectRow> {
    let row = |case: &Case<'_>, finding: &Finding<'_>| {
        let (status, outcome) = level(finding);
        DefectRow {
            id: case.id.to_owned(),
            at: at(finding),
            status: status.name(),
            outcome,
            code: finding.code.to_owned(),
            area: report.area(case),
            message: safe(&finding.message.chars().take(LONGEST).collect::<String>()),
            line: finding.excerpt.map(|excerpt| parts(&excerpt.text, excerpt.caret)),
            fix: has_fix(finding),
        }
    };
    let mut found: Vec<(&Case<'_>, &Finding<'_>)> =
        report.cases.iter().flat_map(|case| case.findings.iter().map(move |finding| (case, finding))).collect();
    found.sort_by_key(|(_, finding)| Status::ALL.iter().position(|status| *status == level(finding).0));
    found.into_iter().map(|(case, finding)| row(case, finding)).collect()
}

/// The defects by code: how many, on how many pages, and by what they have in common.
pub(super) fn codes(report: &Report<'_>) -> Markup {
    let kinds = report.kinds();
    let most = kinds.iter().map(Class::places).max().unwrap_or_default();
    let (first, rest) = kinds.split_at(kinds.len().min(FIRST_CODES));
    html! {
        section #causes {
            h2 { "Defects by code" }
            @if kinds.is_empty() { p { "None." } }
            @for class in first { (code(class, most)) }
            @if !rest.is_empty() {
                details.more { summary { (rest.len()) " more codes" } @for class in rest { (code(class, most)) } }
            }
        }
    }
}

fn code(class: &Class<'_>, most: usize) -> Markup {
    let Some(Group { first, places }) = class.groups.first() else { return html! {} };
    let (status, word) = level(first);
    let (all, pages) = (class.places(), class.ids().len());
    let fixable = class.groups.iter().flat_map(|group| &group.places).filter(|(_, finding)| has_fix(finding)).count();
    html! {
        details class=(format!("cause of-pages {}", status.name())) {
            summary {
                span.count { (all) }
                span.scale { (bar(&[(status.name(), all, word)], most)) }
                span { (badge(status, word)) " " code { (first.code) } " " span.dim { "on " (count(pages, "page", "pages")) ": " (coded(first.title)) } }
            }
            p { "To do: " (coded(first.means)) "."
                @if fixable > 0 { " " code { "lint --fix" } " corrects " (if fixable == all { "it".to_owned() } else { format!("{fixable} of them") }) "." } }
            p { button.link type="button" data-code=(first.code) { "Show " (if all == 1 { "it".to_owned() } else { format!("all {all}") }) " in the list" } }
            @if let Some((case, finding)) = places.iter().find(|(_, finding)| has_fix(finding)).or(places.first()) {
                p { "Such as " a href=(address(case, finding)) { (shown_source(&finding.source)) } ": " (coded(finding.message)) }
                (excerpt(finding))
                (fix(finding))
            }
            @if class.groups.len() > 1 { (causes(class)) }
        }
    }
}

/// What the defects of a code have in common.
fn causes(class: &Class<'_>) -> Markup {
    let mut groups: Vec<&Group<'_>> = class.groups.iter().collect();
    groups.sort_by_key(|group| Reverse(group.places.len()));
    html! {
        h3 { "By cause" }
        ul.causes {
            @for group in groups.iter().take(MOST_CAUSES) {
                li {
                    strong { (group.places.len()) "×" } " " (coded(group.first.message)) " "
                    @for (index, (case, finding)) in group.places.iter().take(MOST_PLACES).enumerate() {
                        @if index > 0 { ", " }
                        a href=(address(case, finding)) { (shown_source(&finding.source)) }
                    }
                    @if group.places.len() > MOST_PLACES { ", …" }
                }
            }
            @if groups.len() > MOST_CAUSES { li { "… and " (groups.len() - MOST_CAUSES) " more causes; the list has all" } }
        }
    }
}

/// All defects of a page.
pub(super) fn page(entry: &Entry<'_>, rerun: &str) -> String {
    let findings: Vec<&Finding<'_>> = entry.cases.iter().flat_map(|case| &case.findings).collect();
    let page = html! {
        h2 tabindex="-1" { (entry.id) }
        p { (count(findings.len(), "defect", "defects")) }
        p.rerun { "Run it again: " code { (rerun) } }
        @for finding in findings.iter().take(MOST_DEFECTS) {
            @let (status, word) = level(finding);
            section.defect data-at=(at(finding)) tabindex="-1" {
                h3 { (badge(status, word)) " " code { (finding.code) } " " span.dim { "at " (at(finding)) } }
                p { (coded(finding.message)) }
                (excerpt(finding))
                p.dim { "To do: " (coded(finding.means)) @if let Some(declared) = finding.declared { " (declared in " code { (safe(&declared.to_string())) } ")" } }
                (fix(finding))
            }
        }
        @if findings.len() > MOST_DEFECTS { p { "… and " (findings.len() - MOST_DEFECTS) " more; the list has all" } }
    };
    page.into_string()
}
