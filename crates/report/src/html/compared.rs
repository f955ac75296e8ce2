//! This run beside an earlier one.

use maud::{Markup, html};

use crate::comparison::{Changed, Comparison, Counted, Found};
use graph_contracts::report::{Report, safe};

use super::entry::anchor;

/// How many lines of a list are shown.
const MOST: usize = 100;

/// So many are shown without being asked for.
const FEW: usize = 10;

/// What is new, gone and the same.
pub(super) fn compared(report: &Report<'_>, comparison: &Comparison) -> Markup {
    let Comparison { at, outcomes, codes, changed, new, gone, .. } = comparison;
    let (_, many) = report.unit;
    html! {
        section #compared {
            h2 { "Beside the run of " time { (at.strftime("%Y-%m-%d %H:%M:%S UTC")) } ": " (comparison.headline()) }
            @for note in comparison.notes() { p.dim { (note) } }
            div.charts {
                div { (counted(many, outcomes)) }
                @if !codes.is_empty() { div { (counted("findings by code", codes)) } }
            }
            (found("new", "failed", new))
            (found("gone", "passed", gone))
            @if !changed.is_empty() {
                details open[changed.len() <= FEW] {
                    summary { (changed.len()) " with another outcome" }
                    ul.causes { @for Changed { id, route, before, after, .. } in changed.iter().take(MOST) {
                        li { a href=(anchor(id)) { (id) } " " @if !route.is_empty() { code { (route) } " " } (before) " → " strong { (after) } }
                    } }
                    (more(changed.len()))
                }
            }
        }
    }
}

/// Numbers before and now.
fn counted(what: &str, counts: &[Counted]) -> Markup {
    let row = |own: &Counted| {
        let difference = match own.after.cmp(&own.before) {
            std::cmp::Ordering::Greater => format!("+{}", own.after - own.before),
            std::cmp::Ordering::Less => format!("−{}", own.before - own.after),
            std::cmp::Ordering::Equal => "the same".to_owned(),
        };
        html! { tr { th scope="row" { code { (own.name) } } td.num { (own.before) } td.num { (own.after) } td.num { (difference) } } }
    };
    html! {
        table.numbers {
            thead { tr { th scope="col" { (what) } th.num scope="col" { "before" } th.num scope="col" { "now" } th.num scope="col" { "difference" } } }
            tbody { @for own in counts { (row(own)) } }
        }
    }
}

fn found(title: &str, status: &str, found: &[Found]) -> Markup {
    html! {
        @if !found.is_empty() {
            details class=(format!("cause {status}")) open[found.len() <= FEW] {
                summary { span.count { (found.len()) } " " strong { (title) } }
                ul.causes { @for own in found.iter().take(MOST) {
                    li {
                        code { (own.code) } " "
                        // What is gone may have no page in this file any more.
                        @if status == "failed" { a href=(anchor(&own.id)) { (safe(own.place())) } } @else { (safe(own.place())) }
                        @if own.place() != own.id && !own.source.starts_with(&own.id) { " " span.dim { (own.id) } }
                        ": " (own.message)
                        @if let Some(notice) = own.notice { " (" (notice) ")" }
                    }
                } }
                (more(found.len()))
            }
        }
    }
}

fn more(all: usize) -> Markup {
    html! { @if all > MOST { p { "… and " (all - MOST) " more; results.json has all" } } }
}
