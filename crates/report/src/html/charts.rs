//! Charts as SVG. Each says in words what it shows, and none relies on color alone.

use std::collections::BTreeMap;
use std::time::Duration;

use maud::{Markup, html};

use crate::history::Point;
use graph_contracts::compare::Coverage;
use graph_contracts::report::{Report, Status};

/// The width of a bar, in the units of its drawing.
const WIDTH: f64 = 400.0;

/// How many areas are shown at first.
const MOST_AREAS: usize = 25;

/// What the cases of a status are called: by the command's own words where it is about what is declared, not about what came.
fn status_name(report: &Report<'_>, status: Status) -> &'static str {
    if report.compares() {
        return status.name();
    }
    match status {
        Status::Passed if report.cases.iter().any(|case| case.status == Status::Passed && !case.holds) => {
            "confirmed or accepted"
        }
        Status::Passed => "confirmed",
        Status::Failed => "contradicted",
        Status::Errored => status.name(),
        Status::Skipped => "unknown",
    }
}

/// The statuses that a case of this command can have, the worst first.
fn statuses(report: &Report<'_>) -> impl Iterator<Item = Status> {
    let compares = report.compares();
    Status::ALL.into_iter().filter(move |status| compares || *status != Status::Errored)
}

/// One bar of parts, each with a class and a count.
fn bar(parts: &[(&str, usize)], label: &str) -> Markup {
    let all: usize = parts.iter().map(|(_, count)| count).sum();
    let mut at = 0.0;
    let parts = parts.iter().filter(|(_, count)| *count > 0).map(|(class, count)| {
        let width = WIDTH * *count as f64 / all.max(1) as f64;
        at += width;
        (*class, at - width, width)
    });
    html! {
        svg.bar viewBox=(format!("0 0 {WIDTH} 12")) preserveAspectRatio="none" role="img" aria-label=(label) {
            @for (class, x, width) in parts {
                rect class=(class) x=(format!("{x:.2}")) y="0" width=(format!("{width:.2}")) height="12" {}
            }
        }
    }
}

/// All outcomes in one bar.
pub(super) fn outcomes(report: &Report<'_>) -> Markup {
    let parts: Vec<(&str, usize)> =
        Status::ALL.iter().rev().map(|status| (status.name(), report.count(*status))).collect();
    let label: Vec<String> = report.counts().iter().map(|(_, word, count)| format!("{count} {word}")).collect();
    bar(&parts, &label.join(", "))
}

/// The outcomes by area of the service.
pub(super) fn areas(report: &Report<'_>) -> Markup {
    let mut areas: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    for case in &report.cases {
        let index = Status::ALL.iter().position(|status| *status == case.status).unwrap_or_default();
        areas.entry(report.area(case)).or_default()[index] += 1;
    }
    let mut areas: Vec<(String, [usize; 4])> = areas.into_iter().collect();
    // What fails most comes first, then what is largest.
    areas.sort_by_key(|(_, counts)| std::cmp::Reverse((counts[0], counts[1], counts.iter().sum::<usize>())));
    let shown: Vec<Status> = statuses(report).collect();
    let row = |(area, counts): &(String, [usize; 4])| {
        let by_status = || Status::ALL.into_iter().zip(*counts);
        let parts: Vec<(&str, usize)> = by_status().rev().map(|(status, count)| (status.name(), count)).collect();
        let seen = by_status().rev().filter(|(_, count)| *count > 0);
        let label: Vec<String> =
            seen.map(|(status, count)| format!("{count} {}", status_name(report, status))).collect();
        html! { tr {
            th scope="row" { button.link type="button" data-area=(area) { (area) } }
            td { (bar(&parts, &label.join(", "))) }
            @for (status, count) in by_status() { @if shown.contains(&status) { td.num { (count) } } }
        } }
    };
    let (first, rest) = areas.split_at(areas.len().min(MOST_AREAS));
    let table = |rows: &[(String, [usize; 4])]| {
        html! {
            table.areas {
                thead { tr {
                    th scope="col" { "area" } th scope="col" { "outcomes" }
                    @for status in &shown { th.num scope="col" { (status_name(report, *status)) } }
                } }
                tbody { @for area in rows { (row(area)) } }
            }
        }
    };
    html! {
        h2 { "By service area" }
        (table(first))
        @if !rest.is_empty() { details { summary { (rest.len()) " more areas" } (table(rest)) } }
    }
}

/// How the documented values are asserted.
pub(super) fn coverage(coverage: Coverage) -> Markup {
    let Coverage { exact, shape, none } = coverage;
    let words = format!("{exact} exactly, {shape} by shape, {none} not at all");
    html! {
        h2 { "What is asserted" }
        p { (coverage.leaves()) " documented values: " (words) }
        (bar(&[("exact", exact), ("shape", shape), ("none", none)], &words))
    }
}

/// How long the exchanges took.
pub(super) fn latencies(report: &Report<'_>) -> Markup {
    const EDGES: [u64; 7] = [25, 50, 100, 250, 500, 1000, 2500];
    let times: Vec<Duration> = report.cases.iter().filter_map(|case| case.elapsed).collect();
    let mut counts = [0_usize; EDGES.len() + 1];
    for time in &times {
        let index = EDGES.iter().position(|edge| time.as_millis() < u128::from(*edge)).unwrap_or(EDGES.len());
        counts[index] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let names = EDGES.iter().map(|edge| format!("< {edge} ms")).chain([format!("≥ {} ms", EDGES[EDGES.len() - 1])]);
    html! {
        h2 { "How long the service took" }
        table.histogram { tbody {
            @for (name, count) in names.zip(counts) { tr {
                th scope="row" { (name) }
                td { (bar(&[("shape", count), ("rest", most - count)], &format!("{count} exchanges"))) }
                td.num { (count) }
            } }
        } }
    }
}

/// The share that held, run by run.
pub(super) fn trend(earlier: &[Point], now: &Point) -> Markup {
    let points: Vec<&Point> = earlier.iter().chain([now]).filter(|point| point.asked > 0).collect();
    let share = |point: &Point| point.held as f64 / point.asked as f64;
    let step = 400.0 / (points.len().max(2) - 1) as f64;
    let line: Vec<String> = points
        .iter()
        .enumerate()
        .map(|(index, point)| format!("{:.1},{:.1}", index as f64 * step, 100.0 - share(point) * 100.0))
        .collect();
    let (lowest, last) = (points.iter().map(|point| share(point)).fold(1.0, f64::min), share(now));
    let label = format!("{} runs; lowest {:.1} %, this run {:.1} %", points.len(), lowest * 100.0, last * 100.0);
    html! {
        h2 { "Trend" }
        p { (label) }
        svg.trend viewBox="-6 -6 412 112" role="img" aria-label=(label) {
            line.axis x1="0" y1="0" x2="400" y2="0" {}
            line.axis x1="0" y1="100" x2="400" y2="100" {}
            polyline points=(line.join(" ")) {}
            @for (index, point) in points.iter().enumerate() {
                circle cx=(format!("{:.1}", index as f64 * step)) cy=(format!("{:.1}", 100.0 - share(point) * 100.0)) r="3" {
                    title { (point.at.strftime("%Y-%m-%d %H:%M")) ": " (point.held) " of " (point.asked) }
                }
            }
        }
        details { summary { "as a table" } table { tbody { @for point in &points { tr {
            th scope="row" { (point.at.strftime("%Y-%m-%d %H:%M")) } td.num { (point.held) " of " (point.asked) }
        } } } } }
    }
}
