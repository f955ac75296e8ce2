//! A check against metadata as results: a case for each contract on each route.

use jiff::Timestamp;

use super::{Case, Finding, Results, Status};
use graph_contracts::compare::{Coverage, Reference, Severity};
use graph_contracts::normal::Level;
use graph_contracts::report::safe;
use graph_contracts::store::Store;
use graph_contracts_odata::check::{Check, Finding as Found, RouteCheck, Verdict};

/// The word for a finding that says why something is not known. It is no defect of a page.
pub(crate) const NOT_KNOWN: &str = "not known";

/// The word for a finding that contradicts nothing.
pub(crate) const WARNING: &str = "warning";

impl<'r> Results<'r> {
    /// A check of contracts of this store that began at that time.
    pub fn of_metadata(check: &'r Check, store: &'r Store, at: Timestamp) -> Results<'r> {
        let documents: Vec<String> =
            check.metadata.iter().map(|(version, name)| format!("{name} ({version})")).collect();
        let missing = check
            .missing
            .iter()
            .map(|version| format!("no metadata of {version} was given, so that nothing is known of its contracts"));
        let unused = check.unused_suppressions.iter();
        let unused = unused.map(|(line, entry)| format!("line {line} of the suppressions accepts nothing: {entry}"));
        Results {
            command: "check-metadata",
            provider: documents.join(", "),
            at,
            elapsed: check.elapsed,
            holds: check.holds(),
            unit: ("route", "routes"),
            cases: check.routes.iter().map(case).collect(),
            remarks: missing.chain(unused).collect(),
            store: Some(store),
            level: Level::Exact,
            coverage: Coverage::default(),
        }
    }
}

fn case(route: &RouteCheck) -> Case<'_> {
    let status = match route.verdict {
        Verdict::Confirmed | Verdict::Accepted => Status::Passed,
        Verdict::Contradicted => Status::Failed,
        Verdict::Unknown => Status::Skipped,
    };
    let verdict = match route.verdict {
        Verdict::Confirmed => "The metadata declares it as it is documented.".to_owned(),
        Verdict::Contradicted => "The metadata says otherwise than the page.".to_owned(),
        Verdict::Accepted => "The metadata says otherwise than the page; that is accepted.".to_owned(),
        Verdict::Unknown => {
            let reason = route.findings.iter().find(|finding| finding.is_unknown());
            format!("Not known: {}.", safe(reason.map_or("", |finding| &finding.message)))
        }
    };
    Case {
        id: &route.contract,
        route: &route.route,
        status,
        outcome: route.verdict.name(),
        verdict,
        findings: route.findings.iter().map(finding).collect(),
        omitted: 0,
        source: route.source.clone(),
        coverage: Coverage::default(),
        elapsed: None,
        properties: Vec::new(),
        evidence: None,
    }
}

fn finding(found: &Found) -> Finding<'_> {
    let (severity, notice) = match found {
        found if found.is_unknown() => (Severity::Notice, NOT_KNOWN),
        found if found.accepted => (Severity::Notice, "accepted"),
        found if found.contradicts() => (Severity::Error, ""),
        _ => (Severity::Notice, WARNING),
    };
    Finding {
        code: found.code.name(),
        title: found.code.title().trim_end_matches('.'),
        subject: found.subject.clone(),
        at: found.at.clone(),
        sides: None,
        message: &found.message,
        declared: &found.metadata,
        severity,
        notice,
        source: found.source.clone(),
        reference: Reference::Documentation,
        means: found.code.help(),
    }
}
