//! Results as JUnit XML, as CI servers read it: one test case for each contract and route, contract, or page.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Property, SerializeError, TestCase, TestCaseStatus, TestSuite};

use graph_contracts::report::{Case, Report, Status, shown_source};

/// How many findings stand in the description of a failure; the others are in the other reports.
const MOST_FINDINGS: usize = 50;

/// The document. Test suites are the service areas.
///
/// # Errors
///
/// When it cannot be written as XML.
pub fn junit(report: &Report<'_>) -> Result<String, SerializeError> {
    let mut document = quick_junit::Report::new(format!("graph-contracts {}", report.command));
    document.set_time(report.elapsed);
    let mut areas: BTreeMap<String, Vec<&Case<'_>>> = BTreeMap::new();
    for case in &report.cases {
        areas.entry(report.area(case)).or_default().push(case);
    }
    for (area, cases) in areas {
        let mut suite = TestSuite::new(area);
        let skipped = cases.iter().filter(|case| case.status == Status::Skipped).count();
        // Most readers know `skipped`; the crate writes `disabled`, which others know.
        suite.extra.insert("skipped".into(), skipped.to_string().into());
        suite.add_test_cases(cases.into_iter().map(test_case));
        document.add_test_suite(suite);
    }
    document.to_string()
}

fn test_case(case: &Case<'_>) -> TestCase {
    let status = match case.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(case.verdict.as_str());
            status
        }
        Status::Failed => failure(case, NonSuccessKind::Failure),
        Status::Errored => failure(case, NonSuccessKind::Error),
    };
    let name = if case.route.is_empty() { case.id } else { case.route };
    let mut test = TestCase::new(name, status);
    test.set_classname(case.id);
    if let Some(elapsed) = case.elapsed {
        test.set_time(elapsed);
    }
    if let Some(source) = &case.source {
        test.add_property(Property::new("source", source.to_string()));
    }
    test.add_property(Property::new("outcome", case.outcome));
    for (name, value) in &case.properties {
        test.add_property(Property::new(*name, *value));
    }
    test
}

fn failure(case: &Case<'_>, kind: NonSuccessKind) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    let first = case.errors().next().or(case.findings.first());
    status.set_message(first.map_or_else(|| case.verdict.clone(), |finding| finding.line()));
    status.set_type(first.map_or(case.outcome, |finding| finding.code));
    let mut lines = vec![case.verdict.clone()];
    lines.extend(
        case.findings
            .iter()
            .take(MOST_FINDINGS)
            .map(|found| format!("{}  {}", found.line(), shown_source(&found.source))),
    );
    let more = case.omitted + case.findings.len().saturating_sub(MOST_FINDINGS);
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    status.set_description(lines.join("\n"));
    status
}
