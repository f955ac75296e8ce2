//! The page as a whole: the answer, the causes, the charts, and the list.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use serde::Serialize;

use super::coded::coded;
use super::compared::compared;
use super::entry::{Entry, Row, anchor, badge, badge_of, entries, json};
use super::pack::{TOGETHER, hash, pack};
use super::{Options, changes, charts, defects};
use crate::history::Point;
use graph_contracts::command_line::command_line;
use graph_contracts::compare::{Reference, Severity};
use graph_contracts::report::{Class, Group, Judged, Report, Status, group, safe, shown_source};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// How many causes are shown at first, so that the charts are not far below them.
const FIRST_CAUSES: usize = 10;

/// How many causes are shown.
const MOST_CAUSES: usize = 100;

/// So many rows are shown also where all of them are as expected.
const SHORT: usize = 10;

/// How many places of a cause are shown.
const MOST_PLACES: usize = 25;

/// The file.
pub fn html(report: &Report<'_>, options: &Options<'_>) -> String {
    let is_pages = report.judged == Judged::Pages;
    let is_changes = report.judged == Judged::Changes;
    // A page without a defect has nothing to show.
    let has_page = |entry: &Entry<'_>| !is_pages || entry.cases.iter().any(|case| !case.findings.is_empty());
    let entries: Vec<Entry<'_>> = entries(report).into_iter().filter(has_page).collect();
    let ids: Vec<&str> = entries.iter().map(|entry| entry.id).collect();
    let (rows, number) = match report.judged {
        Judged::Pages => of_rows(&ids, &defects::rows(report)),
        Judged::Changes => of_rows(&ids, &changes::rows(report)),
        Judged::Responses | Judged::Declarations | Judged::Requests => {
            let mut rows: Vec<Row> = entries.iter().map(|entry| entry.row(report)).collect();
            rows.sort_by_key(Row::rank);
            of_rows(&ids, &rows)
        }
    };
    let shown = |entry: &Entry<'_>| match report.judged {
        Judged::Pages => defects::page(entry, &(options.rerun)(entry.id)),
        Judged::Changes => changes::page(entry, &(options.rerun)(entry.id)),
        Judged::Responses | Judged::Declarations | Judged::Requests => entry.page(report, options),
    };
    let packs: Vec<String> =
        entries.chunks(TOGETHER).map(|entries| pack(&entries.iter().map(shown).collect::<Vec<_>>())).collect();
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    let title = format!("{} · {} {}", report.headline(), command_line(), report.command);
    let thing = match report.judged {
        Judged::Pages => "defects",
        Judged::Changes => "changes",
        Judged::Responses | Judged::Declarations | Judged::Requests => "contracts",
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#list" { "Skip to the " (thing) }
                header { (answer(report)) }
                main {
                    section #detail hidden {
                        p { a #back href="#list" { "← all " (thing) } }
                        div #page {}
                    }
                    div #overview {
                        @if let Some(comparison) = options.comparison { (compared(report, comparison)) }
                        @if is_pages { (defects::codes(report)) } @else if is_changes { (changes::kinds(report)) } @else { (causes(report)) (without_result(report)) }
                        section.charts {
                            @if charts::has_areas(report) { div { (charts::areas(report)) } }
                            div {
                                @if report.coverage.leaves() > 0 { (charts::coverage(report)) }
                                @if report.command == "verify-live" { (charts::latencies(report)) }
                                @if !options.earlier.is_empty() { (charts::trend(options.earlier, &now(report))) }
                            }
                        }
                        (list(report, thing, number))
                    }
                    noscript { p { "The list and the pages of the " (thing) " need the script of this file." } }
                }
                footer { "graph-contracts " (env!("CARGO_PKG_VERSION")) }
                script #rows type="application/json" data-together=(TOGETHER) { (rows) }
                @for pack in &packs { script.pack type="text/plain" { (pack) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The rows of the list for the script, with the ids of the pages that can be opened; and how many rows there are.
fn of_rows<R: Serialize>(ids: &[&str], rows: &[R]) -> (Markup, usize) {
    (json(&serde_json::json!({ "ids": ids, "rows": rows })), rows.len())
}

/// This run as a point of the trend.
fn now(report: &Report<'_>) -> Point {
    let asked = report.cases.len() - report.count(Status::Skipped);
    let held = match report.judged {
        Judged::Pages => report.cases.iter().filter(|case| case.holds).count(),
        Judged::Responses | Judged::Declarations | Judged::Requests | Judged::Changes => report.count(Status::Passed),
    };
    Point { at: report.at, held, asked }
}

fn verdict(report: &Report<'_>) -> Markup {
    if report.judged == Judged::Changes {
        return changes::verdict(report);
    }
    let words = match report.judged {
        Judged::Pages => ["passed", "failed"],
        _ => ["as expected", "not as expected"],
    };
    if report.exit_code == 0 { badge(Status::Passed, words[0]) } else { badge(Status::Failed, words[1]) }
}

fn answer(report: &Report<'_>) -> Markup {
    let is_pages = report.judged == Judged::Pages;
    let (_, several) = report.unit;
    html! {
        p.kind { (command_line()) " " (report.command) }
        h1 { (verdict(report)) " " (report.headline()) }
        p { @if report.judged == Judged::Changes { "Compared: " } @else if !is_pages { "Asked: " } code { (report.provider) } " · " time { (report.at.strftime("%Y-%m-%d %H:%M:%S UTC")) } " · " (format!("{:.2} s", report.elapsed.as_secs_f64())) }
        (charts::outcomes(report))
        p.counts {
            span { (report.cases.len()) " " (several) ":" }
            @for (class, count, outcome) in charts::counts(report) { span { (badge_of(class, outcome)) " " (count) } " " }
        }
        @if report.remarks().next().is_some() { ul.remarks { @for remark in report.remarks() { li { (safe(&remark)) } } } }
    }
}

fn causes(report: &Report<'_>) -> Markup {
    let classes = report.classes();
    if classes.is_empty() {
        return html! {};
    }
    let has_at = !report.compares();
    html! {
        section #causes {
            h2 { "What was found, by cause" }
            @for class in classes.iter().take(FIRST_CAUSES) { (one_or_many(class, has_at)) }
            @if classes.len() > FIRST_CAUSES {
                details.more {
                    summary { (classes.len() - FIRST_CAUSES) " more causes" }
                    @for class in classes.iter().take(MOST_CAUSES).skip(FIRST_CAUSES) { (one_or_many(class, has_at)) }
                    @if classes.len() > MOST_CAUSES { p { "… and " (classes.len() - MOST_CAUSES) " more causes; the list below can be searched for them" } }
                }
            }
        }
    }
}

/// The cases that could not be asked, by the reason.
fn without_result(report: &Report<'_>) -> Markup {
    let errored = report.cases.iter().filter(|case| case.status == Status::Errored);
    let groups = group(errored, |case| case.reason.as_deref().unwrap_or(&case.verdict));
    html! {
        @if !groups.is_empty() {
            section #errored {
                h2 { "Without a result, by reason" }
                @for cases in groups.iter().take(FIRST_CAUSES) {
                    details.cause.errored {
                        summary { span.count { (cases.len()) } " " (safe(cases[0].reason.as_deref().unwrap_or(&cases[0].verdict))) }
                        ul {
                            @for case in cases.iter().take(MOST_PLACES) { li { a href=(anchor(case.id)) { (case.id) } " " code { (case.route) } } }
                            @if cases.len() > MOST_PLACES { li { "… and " (cases.len() - MOST_PLACES) " more; the list has all" } }
                        }
                    }
                }
                @if groups.len() > FIRST_CAUSES { p { "… and " (groups.len() - FIRST_CAUSES) " more reasons; the list has all" } }
            }
        }
    }
}

/// A cause, or the causes of one kind below what they have in common.
fn one_or_many(class: &Class<'_>, has_at: bool) -> Markup {
    let first = match (class.single(), class.groups.first()) {
        (Some(group), _) => return cause(group, has_at),
        (None, Some(Group { first, .. })) => first,
        (None, None) => return html! {},
    };
    let number = class.groups.len();
    html! {
        details.class.notice[first.severity == Severity::Notice] {
            summary {
                span.count { (class.places()) } " " strong { (coded(first.title)) } " " (number) " causes"
                @if let Some(notice) = first.notice() { " (" (notice.words()) ")" }
            }
            @for group in class.groups.iter().take(MOST_CAUSES) { (cause(group, has_at)) }
            @if number > MOST_CAUSES { p { "… and " (number - MOST_CAUSES) " more causes; the list below can be searched for them" } }
        }
    }
}

/// One cause; with where each finding is, if `has_at`.
fn cause(group: &Group<'_>, has_at: bool) -> Markup {
    let first = group.first;
    html! {
        details.cause.notice[first.severity == Severity::Notice] {
            summary {
                span.count { (group.places.len()) } " " strong { (coded(first.title)) } " " code { (safe(&first.subject)) }
                @if first.reference == Reference::Snapshot { " (beside the reviewed snapshot)" }
                @if let Some(notice) = first.notice() { " (" (notice.words()) ")" }
            }
            p { (coded(first.means)) }
            ul {
                @for (case, finding) in group.places.iter().take(MOST_PLACES) {
                    li {
                        a href=(anchor(case.id)) { (case.id) }
                        // A difference says itself where it is.
                        @if has_at { " at " code { (safe(&finding.at)) } }
                        " " span.dim { (shown_source(&finding.source)) } " " (finding.line())
                    }
                }
                @if group.places.len() > MOST_PLACES { li { "… and " (group.places.len() - MOST_PLACES) " more; results.json has all" } }
            }
        }
    }
}

fn list(report: &Report<'_>, thing: &str, number: usize) -> Markup {
    let is_pages = report.judged == Judged::Pages;
    let is_changes = report.judged == Judged::Changes;
    let columns: &[(&str, &str)] = match report.judged {
        Judged::Pages => {
            &[("outcome", "level"), ("code", "code"), ("place", "page:line"), ("message", "what is wrong")]
        }
        Judged::Changes => &[
            ("outcome", "effect"),
            ("code", "kind"),
            ("item", report.unit.0),
            ("source", "before > now"),
            ("message", "what changed"),
        ],
        Judged::Responses | Judged::Declarations | Judged::Requests => &[
            ("outcome", "outcome"),
            ("id", "contract"),
            ("methods", "method"),
            ("area", "area"),
            ("version", "version"),
            ("source", "page:line"),
            ("asserted", "asserted"),
            ("milliseconds", "ms"),
        ],
    };
    let has_times = report.cases.iter().any(|case| case.elapsed.is_some());
    let has_column = |name: &str| match name {
        "asserted" => report.coverage.leaves() > 0,
        "milliseconds" => has_times,
        _ => true,
    };
    let filters: &[(&str, &str)] = match report.judged {
        Judged::Pages => &[("outcome", "Level"), ("code", "Code"), ("area", "Folder")],
        Judged::Changes => &[("outcome", "Effect"), ("code", "Kind"), ("area", "Area")],
        Judged::Responses | Judged::Declarations | Judged::Requests => {
            &[("outcome", "Outcome"), ("version", "Version"), ("area", "Area"), ("methods", "Method")]
        }
    };
    // Where all is well, what there is can be looked up, and is not in the way.
    let is_open =
        number <= SHORT || report.cases.iter().any(|case| case.status != Status::Passed) || is_pages || is_changes;
    html! {
        section #list tabindex="-1" {
            details #fold open[is_open] {
                // A change shows in several places.
                summary { h2 { "All " (number) " " (if is_changes { "places of changes" } else { thing }) } }
                form #filters role="search" {
                    label { "Text " input #text type="search" autocomplete="off"; }
                    @if is_pages { label { "Page " input #id type="search" autocomplete="off"; } }
                    @for (name, label) in filters { label { (label) " " select id=(name) { option value="" { "all" } } } }
                    button type="reset" { "Clear" }
                }
                p #shown role="status" {}
                table #table .cards .of-pages[is_pages] .of-changes[is_changes] {
                    thead { tr { @for (name, label) in columns.iter().filter(|(name, _)| has_column(name)) { th scope="col" aria-sort="none" { button type="button" data-sort=(name) { (label) } } } } }
                    tbody {}
                }
                p { button #more type="button" hidden { "Show more" } " " button #all type="button" hidden { "Show all" } }
            }
        }
    }
}
