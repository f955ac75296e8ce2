//! Charts as SVG. Each says in words what it shows, none relies on color alone, and the bars of a chart have one scale.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use maud::{Markup, html};

use super::effect::{EFFECTS, effect};
use crate::history::Point;
use graph_contracts::compare::{Coverage, Severity};
use graph_contracts::report::{Case, Judged, Notice, Report, Status, Summary, count};

/// The width of a bar, in the units of its drawing.
const WIDTH: f64 = 400.0;

/// What is there is to be seen, however little it is of the whole, in the same units.
const LEAST: f64 = 2.0;

/// How many areas are shown at first.
const MOST_AREAS: usize = 12;

/// How many areas that are asserted least are shown at first.
const MOST_ASSERTED: usize = 8;

/// A part of a bar: the class that colors it, how much it is, and what it is called.
pub(super) type Part<'p> = (&'p str, usize, &'p str);

/// What the cases of a status are called: by the command's own words where it is about what is declared, not about what came.
fn status_name(report: &Report<'_>, status: Status) -> &'static str {
    if report.compares() || report.judged == Judged::Requests {
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

/// One bar of parts. So many as `all` make its whole width.
pub(super) fn bar(parts: &[Part<'_>], all: usize) -> Markup {
    let label = words(parts);
    let mut at = 0.0;
    let parts = parts.iter().filter(|(_, count, _)| *count > 0).map(|(class, count, _)| {
        let width = (WIDTH * *count as f64 / all.max(1) as f64).max(LEAST);
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

/// The parts in words; those that are 0 are left out.
fn words(parts: &[Part<'_>]) -> String {
    Summary::parts(parts.iter().map(|(_, count, word)| (*count, *word)))
}

fn whole(parts: &[Part<'_>]) -> usize {
    parts.iter().map(|(_, count, _)| count).sum()
}

/// The outcomes in words, the worst first, each with the class that colors it. A page that does not fail is not well if it has a defect.
pub(super) fn counts<'r>(report: &Report<'r>) -> Vec<Part<'r>> {
    let mut counts: Vec<Part<'r>> = Vec::new();
    for case in &report.cases {
        let class = color(report, case).name();
        match counts.iter_mut().find(|(own, _, word)| (*own, *word) == (class, case.outcome)) {
            Some((_, count, _)) => *count += 1,
            None => counts.push((class, 1, case.outcome)),
        }
    }
    counts.sort_by_key(|(class, _, word)| (Status::ALL.iter().position(|status| status.name() == *class), *word));
    counts
}

/// The status whose color a case has.
fn color(report: &Report<'_>, case: &Case<'_>) -> Status {
    if report.judged == Judged::Changes {
        return case.findings.first().map_or(case.status, |first| effect(first).0);
    }
    if report.judged != Judged::Pages || case.status != Status::Passed {
        return case.status;
    }
    match case.findings.iter().any(|finding| matches!(finding.notice(), None | Some(Notice::Warning))) {
        true => Status::Errored,
        false if case.findings.is_empty() => Status::Passed,
        false => Status::Skipped,
    }
}

/// All outcomes in one bar.
pub(super) fn outcomes(report: &Report<'_>) -> Markup {
    let parts = counts(report);
    bar(&parts, whole(&parts))
}

/// An area of the service, or a folder of pages.
struct Area {
    name: String,
    parts: Vec<Part<'static>>,
    cases: usize,
    is_green: bool,
}

fn areas_of(report: &Report<'_>) -> Vec<Area> {
    let mut cases: BTreeMap<String, Vec<&Case<'_>>> = BTreeMap::new();
    for case in &report.cases {
        cases.entry(report.area(case)).or_default().push(case);
    }
    let of = |(name, cases): (String, Vec<&Case<'_>>)| {
        let parts = match report.judged {
            Judged::Pages => levels(&cases),
            Judged::Changes => effects(&cases),
            Judged::Responses | Judged::Declarations | Judged::Requests => statuses(report, &cases),
        };
        let is_green = match report.judged {
            Judged::Pages => whole(&parts) == 0,
            Judged::Changes => cases.iter().all(|case| case.holds),
            Judged::Responses | Judged::Declarations | Judged::Requests => {
                cases.iter().all(|case| case.status == Status::Passed)
            }
        };
        Area { name, parts, cases: cases.len(), is_green }
    };
    let mut areas: Vec<Area> = cases.into_iter().map(of).collect();
    // What is worst comes first, then what is largest.
    areas.sort_by_key(|area| {
        let counts: Vec<usize> = area.parts.iter().map(|(_, count, _)| *count).collect();
        Reverse((counts, area.cases))
    });
    areas
}

fn statuses(report: &Report<'_>, cases: &[&Case<'_>]) -> Vec<Part<'static>> {
    let count = |status| cases.iter().filter(|case| case.status == status).count();
    Status::ALL.into_iter().map(|status| (status.name(), count(status), status_name(report, status))).collect()
}

/// The defects of pages by level, colored as outcomes are.
fn levels(cases: &[&Case<'_>]) -> Vec<Part<'static>> {
    let findings = || cases.iter().flat_map(|case| &case.findings);
    let errors = findings().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings().filter(|finding| finding.notice() == Some(Notice::Warning)).count();
    let notes = findings().count() - errors - warnings;
    vec![("failed", errors, "errors"), ("errored", warnings, "warnings"), ("skipped", notes, "notes")]
}

/// What changed by its worst effect, colored as outcomes are.
fn effects(cases: &[&Case<'_>]) -> Vec<Part<'static>> {
    let count = |notice: Notice| {
        cases.iter().filter(|case| case.findings.first().is_some_and(|first| first.notice == notice)).count()
    };
    EFFECTS.map(|(notice, status)| (status.name(), count(notice), notice.words())).into()
}

/// Whether areas say more than the cases do: a declaration that changed is an area of its own.
pub(super) fn has_areas(report: &Report<'_>) -> bool {
    report.judged != Judged::Changes || report.cases.iter().any(|case| report.area(case) != case.id)
}

/// The outcomes by area of the service, or the defects by folder: what is not as expected first, and the rest folded.
pub(super) fn areas(report: &Report<'_>) -> Markup {
    let areas = areas_of(report);
    let (green, shown): (Vec<&Area>, Vec<&Area>) = areas.iter().partition(|area| area.is_green);
    let is_pages = report.judged == Judged::Pages;
    let scale = areas.iter().map(|area| whole(&area.parts)).max().unwrap_or_default();
    let row = |area: &Area| {
        let said = if area.is_green && is_pages { count(area.cases, "page", "pages") } else { words(&area.parts) };
        html! { tr {
            th scope="row" { button.link type="button" data-area=(area.name) { (area.name) } }
            td { (bar(&area.parts, scale)) }
            td.num { (said) }
        } }
    };
    let table = |rows: &[&Area]| html! { table.areas { tbody { @for area in rows { (row(area)) } } } };
    let (first, rest) = shown.split_at(shown.len().min(MOST_AREAS));
    let (one, many) = report.unit;
    let one_of = if is_pages { ("folder", "folders") } else { ("area", "areas") };
    let how = match report.judged {
        Judged::Pages => "without a defect",
        Judged::Changes => "without a breaking change",
        Judged::Responses | Judged::Declarations | Judged::Requests => "as expected",
    };
    html! {
        h2 { (match report.judged { Judged::Pages => "By folder", Judged::Changes => "By area", _ => "By service area" }) }
        @if !first.is_empty() { (table(first)) }
        @if !rest.is_empty() { details { summary { (rest.len()) " more " (one_of.1) } (table(rest)) } }
        @if !green.is_empty() {
            details.green {
                summary {
                    @if shown.is_empty() && green.len() > 1 { "All " }
                    (count(green.len(), one_of.0, one_of.1)) " " (how) ": " (count(green.iter().map(|area| area.cases).sum(), one, many))
                }
                (table(&green))
            }
        }
    }
}

/// How the documented values are asserted, and where least of them.
pub(super) fn coverage(report: &Report<'_>) -> Markup {
    let parts = |own: Coverage| {
        [("none", own.none, "not at all"), ("shape", own.shape, "by shape"), ("exact", own.exact, "exactly")]
    };
    let all = parts(report.coverage);
    let mut areas: BTreeMap<String, Coverage> = BTreeMap::new();
    // A replay asserts the values of a contract once, whatever its routes; a live run those of each answer.
    let all_cases: Coverage = report.cases.iter().map(|case| case.coverage).sum();
    let is_once = all_cases != report.coverage;
    let mut seen = HashSet::new();
    let counted = report.cases.iter().filter(|case| seen.insert(case.id) || !is_once);
    for case in counted.filter(|case| case.coverage.leaves() > 0) {
        let own = areas.entry(report.area(case)).or_default();
        *own = [*own, case.coverage].into_iter().sum();
    }
    let share = |number: usize, of: Coverage| number as f64 / of.leaves().max(1) as f64;
    let mut areas: Vec<(String, Coverage)> = areas.into_iter().collect();
    let by = |own: &Coverage| (share(own.none, *own), share(own.shape, *own), own.leaves() as f64);
    areas.sort_by(|(_, one), (_, other)| {
        let (one, other) = (by(one), by(other));
        other.partial_cmp(&one).unwrap_or(std::cmp::Ordering::Equal)
    });
    let row = |(area, own): &(String, Coverage)| {
        html! { tr {
            th scope="row" { button.link type="button" data-area=(area) { (area) } }
            td { (bar(&parts(*own), own.leaves())) }
            td.num { (words(&parts(*own))) }
        } }
    };
    // What is asserted exactly is not in want of anything.
    let wanting = areas.iter().filter(|(_, own)| own.none + own.shape > 0).count();
    let (first, rest) = areas.split_at(wanting.min(MOST_ASSERTED));
    let table = |rows: &[(String, Coverage)]| html! { table.areas { tbody { @for area in rows { (row(area)) } } } };
    html! {
        h2 { "What is asserted" }
        p { (report.coverage.leaves()) " documented values: " (words(&all)) }
        (bar(&all, whole(&all)))
        @if areas.len() > 1 && !first.is_empty() {
            h3 { "Least asserted, as shares of each area" }
            (table(first))
            @if !rest.is_empty() { details { summary { (rest.len()) " more areas" } (table(rest)) } }
        }
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
    let most = counts.iter().copied().max().unwrap_or_default();
    let names = EDGES.iter().map(|edge| format!("< {edge} ms")).chain([format!("≥ {} ms", EDGES[EDGES.len() - 1])]);
    let rows: Vec<(String, usize)> = names.zip(counts).collect();
    // Edges beyond the fastest and the slowest say nothing.
    let first = rows.iter().position(|(_, count)| *count > 0).unwrap_or_default();
    let last = rows.iter().rposition(|(_, count)| *count > 0).unwrap_or_default();
    html! {
        @if !times.is_empty() {
            h2 { "How long the service took" }
            table.areas { tbody {
                @for (name, count) in &rows[first..=last] { tr {
                    th scope="row" { (name) }
                    td { (bar(&[("shape", *count, "exchanges")], most)) }
                    td.num { (count) }
                } }
            } }
        }
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
