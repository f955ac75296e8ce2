//! A report on two sets: what changed, by kind, as rows of the list, and contract by contract.

use maud::{Markup, html};
use serde::Serialize;

use super::charts::bar;
use super::coded::coded;
use super::effect::{EFFECTS, effect};
use super::entry::{Entry, anchor, badge};
use graph_contracts::report::{Case, Class, Finding, Group, Notice, Report, Status, count, cut, safe};

/// How many kinds are shown at first.
const FIRST_KINDS: usize = 12;

/// How many changes of a kind are shown, and how many places of one.
const MOST_CHANGES: usize = 10;
const MOST_PLACES: usize = 3;

/// How many changes of a contract are shown.
const MOST_OF_ONE: usize = 500;

/// How much of a value the list has, and how much is shown elsewhere, in characters.
const SHORT: usize = 200;
const LONG: usize = 1000;

/// Whether it is well: what breaks a caller is not, also where nobody denied it.
pub(super) fn verdict(report: &Report<'_>) -> Markup {
    match (report.exit_code, report.cases.iter().all(|case| case.holds)) {
        (0, true) => badge(Status::Passed, "nothing breaks"),
        (0, false) => badge(Status::Errored, "not denied"),
        _ => badge(Status::Failed, "denied"),
    }
}

/// A row of the list, for the script.
#[derive(Serialize)]
pub(super) struct ChangeRow {
    id: String,
    /// Which of the changes of its contract it is.
    at: String,
    status: &'static str,
    outcome: &'static str,
    code: String,
    area: String,
    source: String,
    message: String,
    sides: [String; 2],
}

/// Both sides of a change, each of so many characters at most.
fn sides(finding: &Finding<'_>, most: usize) -> [String; 2] {
    let (before, after) = finding.sides.unwrap_or_default();
    [before, after].map(|side| cut(&safe(side), most))
}

/// The rows of the list: what breaks first.
pub(super) fn rows(report: &Report<'_>) -> Vec<ChangeRow> {
    let row = |case: &Case<'_>, (index, finding): (usize, &Finding<'_>)| {
        let (status, outcome) = effect(finding);
        ChangeRow {
            id: case.id.to_owned(),
            at: (index + 1).to_string(),
            status: status.name(),
            outcome,
            code: finding.code.to_owned(),
            area: report.area(case),
            source: safe(&finding.place()),
            message: format!("{}: {}", finding.title, cut(&safe(&finding.at), SHORT)),
            sides: sides(finding, SHORT),
        }
    };
    let mut found: Vec<(&Case<'_>, (usize, &Finding<'_>))> =
        report.cases.iter().flat_map(|case| case.findings.iter().enumerate().map(move |own| (case, own))).collect();
    found.sort_by_key(|(_, (_, finding))| EFFECTS.iter().position(|(notice, _)| *notice == finding.notice));
    found.into_iter().map(|(case, finding)| row(case, finding)).collect()
}

/// The address of a change in this file.
fn address(case: &Case<'_>, finding: &Finding<'_>) -> String {
    let index = case.findings.iter().position(|own| std::ptr::eq(own, finding)).unwrap_or_default();
    format!("{}:{}", anchor(case.id), index + 1)
}

/// The changes by kind, what breaks first: how many, where, and each with both sides.
pub(super) fn kinds(report: &Report<'_>) -> Markup {
    let kinds = report.kinds();
    let most = kinds.iter().map(|class| class.groups.len()).max().unwrap_or_default();
    html! {
        section #causes {
            @if kinds.is_empty() { h2 { "Changes by kind" } p { "None." } }
            @for (notice, _) in EFFECTS {
                @let of: Vec<&Class<'_>> = kinds.iter().filter(|class| is_of(class, notice)).collect();
                @let (first, rest) = of.split_at(of.len().min(FIRST_KINDS));
                @if !of.is_empty() { h2 { (title(notice)) } }
                @for class in first { (kind(report, class, most)) }
                @if !rest.is_empty() {
                    details.more { summary { (rest.len()) " more kinds" } @for class in rest { (kind(report, class, most)) } }
                }
            }
        }
    }
}

fn is_of(class: &Class<'_>, notice: Notice) -> bool {
    class.groups.first().is_some_and(|group| group.first.notice == notice)
}

fn title(notice: Notice) -> &'static str {
    match notice {
        Notice::Breaking => "Breaking: a caller may fail",
        Notice::Additive => "Additive: a caller may use more",
        _ => "Cosmetic: nothing to a caller",
    }
}

fn kind(report: &Report<'_>, class: &Class<'_>, most: usize) -> Markup {
    let Some(Group { first, .. }) = class.groups.first() else { return html! {} };
    let (status, word) = effect(first);
    let (one, many) = report.unit;
    let (changes, items) = (class.groups.len(), class.ids().len());
    html! {
        details class=(format!("cause of-pages {}", status.name())) {
            summary {
                span.count { (changes) }
                span.scale { (bar(&[(status.name(), changes, word)], most)) }
                span { (badge(status, word)) " " code { (first.code) } " " span.dim { "in " (count(items, one, many)) ": " (coded(first.title)) } }
            }
            p { (coded(first.means)) }
            p { button.link type="button" data-code=(first.code) { "Show " (if class.places() == 1 { "it".to_owned() } else { format!("all {} places", class.places()) }) " in the list" } }
            @for group in class.groups.iter().take(MOST_CHANGES) { (change(group)) }
            @if changes > MOST_CHANGES { p { "… and " (changes - MOST_CHANGES) " more; the list has all" } }
        }
    }
}

/// One change, and where it shows.
fn change(group: &Group<'_>) -> Markup {
    html! {
        div.change {
            h3 { code { (cut(&safe(&group.first.at), LONG)) } }
            (both(group.first))
            ul.causes {
                @for (case, finding) in group.places.iter().take(MOST_PLACES) {
                    li { a href=(address(case, finding)) { (case.id) } " " span.dim { (safe(&finding.place())) } }
                }
                @if group.places.len() > MOST_PLACES { li { "… and " (count(group.places.len() - MOST_PLACES, "more place", "more places")) } }
            }
        }
    }
}

/// Both sides below each other.
fn both(finding: &Finding<'_>) -> Markup {
    let [before, after] = sides(finding, LONG);
    html! {
        table.msg.diff { tbody {
            tr.del { td.sign { "-" } td { (before) } }
            tr.add { td.sign { "+" } td { (after) } }
        } }
    }
}

/// All changes of a contract or declaration.
pub(super) fn page(entry: &Entry<'_>, rerun: &str) -> String {
    let findings: Vec<&Finding<'_>> = entry.cases.iter().flat_map(|case| &case.findings).collect();
    let page = html! {
        h2 tabindex="-1" { (entry.id) }
        p { (count(findings.len(), "change", "changes")) }
        p.rerun { "Compare it again: " code { (rerun) } }
        @for (index, finding) in findings.iter().enumerate().take(MOST_OF_ONE) {
            @let (status, word) = effect(finding);
            section.defect data-at=(index + 1) tabindex="-1" {
                h3 { (badge(status, word)) " " code { (finding.code) } " " span.dim { (safe(&finding.place())) } }
                p { (coded(finding.title)) ": " code { (cut(&safe(&finding.at), LONG)) } }
                (both(finding))
                p.dim { (coded(finding.means)) }
            }
        }
        @if findings.len() > MOST_OF_ONE { p { "… and " (findings.len() - MOST_OF_ONE) " more; the list has all" } }
    };
    page.into_string()
}
