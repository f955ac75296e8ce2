//! The contracts (or pages) of a report: a row of the list, and a page each.

use std::cmp::Reverse;
use std::collections::HashMap;

use maud::{Markup, PreEscaped, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::Options;
use super::coded::coded;
use super::exchange::Documented;
use graph_contracts::compare::{Coverage, Severity};
use graph_contracts::contract::{Contract, Grant, Permissions, Route};
use graph_contracts::normal::NormalizationPlan;
use graph_contracts::report::{Case, Finding, Report, Status, safe, shown_source};

/// How many findings of a case are shown.
const MOST_FINDINGS: usize = 200;

/// How much text of a row can be searched for, in characters.
const LONGEST_TEXT: usize = 600;

/// The cases of one contract or page.
pub(super) struct Entry<'e> {
    pub(super) id: &'e str,
    pub(super) cases: Vec<&'e Case<'e>>,
}

/// A row of the list, for the script.
#[derive(Serialize)]
pub(super) struct Row {
    id: String,
    title: String,
    status: &'static str,
    outcome: String,
    version: String,
    area: String,
    methods: String,
    source: String,
    asserted: [usize; 3],
    milliseconds: Option<u128>,
    text: String,
}

impl Row {
    /// What is worst comes first; of that, what is least asserted.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        let status = Status::ALL.iter().position(|status| status.name() == self.status);
        let [_, shape, none] = self.asserted;
        (status, Reverse(none), Reverse(shape))
    }
}

/// The cases by contract or page, in the order in which they are first seen.
pub(super) fn entries<'e>(report: &'e Report<'e>) -> Vec<Entry<'e>> {
    let mut entries: Vec<Entry<'e>> = Vec::new();
    let mut known = HashMap::new();
    for case in &report.cases {
        let index = *known.entry(case.id).or_insert_with(|| {
            entries.push(Entry { id: case.id, cases: Vec::new() });
            entries.len() - 1
        });
        entries[index].cases.push(case);
    }
    entries
}

impl Entry<'_> {
    /// The case with the worst outcome.
    pub(super) fn worst(&self) -> Option<&Case<'_>> {
        self.cases.iter().copied().min_by_key(|case| Status::ALL.iter().position(|status| *status == case.status))
    }

    pub(super) fn row(&self, report: &Report<'_>) -> Row {
        let worst = self.worst();
        let contract = worst.and_then(|case| report.contract(case));
        let mut methods: Vec<&str> =
            self.cases.iter().map(|case| case.method()).filter(|method| !method.is_empty()).collect();
        methods.extend(contract.map(|contract| contract.request.method.as_str()));
        methods.sort_unstable();
        methods.dedup();
        let coverage: Coverage = self.cases.iter().map(|case| case.coverage).sum();
        let mut text = String::new();
        let findings = self.cases.iter().flat_map(|case| &case.findings);
        let words =
            self.cases.iter().map(|case| case.route).chain(findings.flat_map(|found| [found.code, &found.subject]));
        for word in words {
            if text.len() + word.len() > LONGEST_TEXT {
                break;
            }
            text.push_str(word);
            text.push(' ');
        }
        Row {
            id: self.id.to_owned(),
            title: contract.map(|contract| contract.title.clone()).unwrap_or_default(),
            status: worst.map_or("", |case| case.status.name()),
            outcome: worst.map_or_else(String::new, |case| case.outcome.to_owned()),
            version: contract.and_then(|contract| contract.api_version.clone()).unwrap_or_default(),
            area: worst.map(|case| report.area(case)).unwrap_or_default(),
            methods: methods.join(" "),
            source: worst.map(|case| shown_source(&case.source)).unwrap_or_default(),
            asserted: [coverage.exact, coverage.shape, coverage.none],
            milliseconds: self.cases.iter().filter_map(|case| case.elapsed).max().map(|elapsed| elapsed.as_millis()),
            text,
        }
    }

    /// The contract's page.
    pub(super) fn page(&self, report: &Report<'_>, options: &Options<'_>) -> String {
        let contract = self.worst().and_then(|case| report.contract(case));
        let normalization = contract.zip(report.store).and_then(|(contract, store)| {
            // A contract whose own rules cannot be used has no normal form; its cases say so.
            NormalizationPlan::new(contract, &store.rules, report.level).ok()
        });
        let documented = normalization.as_ref().map(|normalization| Documented::of(normalization, report.compares()));
        let page = html! {
            h2 tabindex="-1" { (self.id) }
            @if let Some(contract) = contract { (head(contract)) }
            p.rerun { "Run this one again: " code { ((options.rerun)(self.id)) } }
            @for case in &self.cases { (shown(case)) }
            @if let Some(documented) = &documented {
                h3 { "Request" }
                (documented.request())
                @let differing: Vec<_> = self.cases.iter().filter_map(|case| Some((case, case.evidence?))).collect();
                @for (case, evidence) in &differing {
                    h3 { "Response on " code { (case.route) } }
                    (documented.beside(evidence))
                }
                @if differing.is_empty() {
                    h3 { "Response" }
                    @if report.compares() { p.dim { (agreement(self)) } }
                    (documented.response())
                }
                @if report.compares() { p.legend { span.e { "by value" } " " span.s { "by shape" } " " span.n { "not asserted" } " " span.mask { "masked" } } }
            }
        };
        page.into_string()
    }
}

/// What can be said of the observed response where no difference was seen.
fn agreement(entry: &Entry<'_>) -> &'static str {
    match entry.worst().map(|case| case.status) {
        Some(Status::Passed) => "Documented; what was observed agrees with it in everything that is asserted.",
        Some(Status::Skipped) => "Documented; it was not asked for.",
        _ => "Documented; there is nothing observed to show beside it.",
    }
}

fn head(contract: &Contract) -> Markup {
    // Those of the example's URL, and of each route that has its own.
    fn own(route: &Route) -> Option<(String, &Permissions)> {
        Some((format!(" on {}", route.path), route.permissions.as_ref()?))
    }
    let first = (String::new(), &*contract.permissions);
    let stated: Vec<(String, &Permissions)> =
        std::iter::once(first).chain(contract.routes.iter().filter_map(own)).collect();
    let grants = |own: &Permissions| {
        [
            ("work or school account", own.delegated_work.clone()),
            ("personal account", own.delegated_personal.clone()),
            ("application", own.application.clone()),
        ]
    };
    html! {
        p { (contract.title) }
        dl {
            dt { "documented in" } dd { code { (contract.location()) } }
            @if let Some(other) = &contract.alternative_of { dt { "alternative of" } dd { a href=(anchor(other)) { (other) } } }
            @for (on, permissions) in &stated {
                @for (who, grant) in grants(permissions) {
                    @if grant != Grant::NotStated { dt { "permissions, " (who) (on) } dd { (grant) } }
                }
                @if !permissions.prose.is_empty() { dt { "permissions" (on) } dd { (permissions.prose.join(", ")) } }
            }
        }
    }
}

/// The fragment of a contract's page.
pub(super) fn anchor(id: &str) -> String {
    format!("#{}", utf8_percent_encode(id, LITERAL))
}

/// What is encoded in a fragment (RFC 3986 section 3.5).
const LITERAL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

fn shown(case: &Case<'_>) -> Markup {
    let Coverage { exact, shape, none } = case.coverage;
    html! {
        section.case {
            @if !case.route.is_empty() { h3 { code { (case.route) } } }
            p { (badge(case.status, case.outcome)) " " (safe(&case.verdict)) }
            @if exact + shape + none > 0 {
                p.dim { (exact + shape + none) " documented values: " (exact) " asserted exactly, " (shape) " by shape, " (none) " not at all" }
            }
            @if !case.properties.is_empty() {
                dl { @for (name, value) in &case.properties { dt { (name) } dd { code { (value) } } } }
            }
            @if !case.findings.is_empty() { (findings(case)) }
        }
    }
}

/// An outcome; color is not all that tells it.
pub(super) fn badge(status: Status, outcome: &str) -> Markup {
    badge_of(status.name(), outcome)
}

/// The same by the name of a status.
pub(super) fn badge_of(status: &str, outcome: &str) -> Markup {
    let sign = match status {
        "passed" => "✓",
        "failed" => "✗",
        "errored" => "!",
        _ => "–",
    };
    html! { span class=(format!("badge {status}")) { span aria-hidden="true" { (sign) } " " (outcome) } }
}

fn findings(case: &Case<'_>) -> Markup {
    let has_sides = case.findings.iter().any(|finding| finding.sides.is_some());
    let has_declared = case.findings.iter().any(|finding| finding.declared.is_some());
    html! {
        table.findings.cards {
            thead { tr {
                th scope="col" { "what" } th scope="col" { "where" }
                @if has_sides { th scope="col" { "expected" } th scope="col" { "observed" } } @else { th scope="col" { "message" } }
                th scope="col" { "page" } @if has_declared { th scope="col" { "metadata" } } th scope="col" { "what it means" }
            } }
            tbody { @for finding in case.findings.iter().take(MOST_FINDINGS) { (row(finding, has_sides, has_declared)) } }
        }
        @let more = case.omitted + case.findings.len().saturating_sub(MOST_FINDINGS);
        @if more > 0 { p { "… and " (more) " more" } }
    }
}

fn row(finding: &Finding<'_>, has_sides: bool, has_declared: bool) -> Markup {
    let (expected, observed) = finding.sides.unwrap_or_default();
    let (expected, observed) = (safe(expected), safe(observed));
    html! {
        tr.notice[finding.severity == Severity::Notice] {
            td data-label="what" { (coded(finding.title)) @if let Some(notice) = finding.notice() { " (" (notice.words()) ")" } }
            td data-label="where" { code { (safe(&finding.at)) } }
            @if has_sides {
                td data-label="expected" { code { (expected) } } td data-label="observed" { code { (observed) } }
            } @else {
                td data-label="message" { (coded(finding.message)) }
            }
            td data-label="page" { code { (shown_source(&finding.source)) } }
            @if has_declared { td data-label="metadata" { code { (finding.declared.map(|declared| safe(&declared.to_string())).unwrap_or_default()) } } }
            td data-label="what it means" {
                (coded(finding.means))
                @if let Some(rule) = &finding.rule { " Rule: " (coded(rule)) }
            }
        }
    }
}

/// JSON within a script element: nothing in it ends the element (HTML section 4.12.1.3).
pub(super) fn json(value: &impl Serialize) -> Markup {
    let text = serde_json::to_string(value).unwrap_or_default();
    PreEscaped(text.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_script_does_not_end_it() {
        assert_eq!(json(&"</script><!--").into_string(), "\"\\u003c/script>\\u003c!--\"");
    }

    #[test]
    fn a_fragment_is_the_id_of_the_contract() {
        assert_eq!(anchor("v1.0/create-user"), "#v1.0/create-user");
        assert_eq!(anchor("a b\"<"), "#a%20b%22%3C");
    }
}
