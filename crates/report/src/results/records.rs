//! What a report shows, as JSON: read from a report, and made into one again.

use std::collections::BTreeMap;
use std::time::Duration;

use graph_contracts::compare::{Coverage, Reference, Severity};
use graph_contracts::normal::Level;
use graph_contracts::report::{Case, Evidence, Excerpt, Finding, Judged, Notice, Report, Status, Total};
use graph_contracts::source::SourceLine;
use serde::{Deserialize, Serialize};

/// What stands in a report beside its cases.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    pub(super) provider: String,
    /// What a case is called: one of them, several.
    pub(super) unit: (String, String),
    pub(super) judged: Judged,
    pub(super) errored: String,
    pub(super) level: Level,
    pub(super) exit_code: u8,
    /// Which part of how many it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<(usize, usize)>,
    pub(super) totals: Vec<Total>,
    pub(super) remarks: Vec<String>,
}

/// A case.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseRecord {
    pub(super) id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    route: String,
    status: Status,
    pub(super) outcome: String,
    holds: bool,
    verdict: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_out: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    findings: Vec<FindingRecord>,
    #[serde(default, skip_serializing_if = "is_zero")]
    omitted: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<SourceLine>,
    #[serde(default)]
    asserted: Coverage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
}

/// A finding of a case.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct FindingRecord {
    code: String,
    title: String,
    subject: String,
    at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sides: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    declared: Option<SourceLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    severity: Severity,
    notice: Notice,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<SourceLine>,
    reference: Reference,
    means: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excerpt: Option<Excerpt>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Shown {
    /// What a report says beside its cases.
    pub(super) fn of(report: &Report<'_>) -> Shown {
        Shown {
            provider: report.provider.clone(),
            unit: (report.unit.0.to_owned(), report.unit.1.to_owned()),
            judged: report.judged,
            errored: report.errored.to_owned(),
            level: report.level,
            exit_code: report.exit_code,
            part: report.part,
            totals: report.totals.clone(),
            remarks: report.own_remarks().map(str::to_owned).collect(),
        }
    }
}

impl CaseRecord {
    /// A case of a report.
    pub(super) fn of(case: &Case<'_>) -> CaseRecord {
        CaseRecord {
            id: case.id.to_owned(),
            route: case.route.to_owned(),
            status: case.status,
            outcome: case.outcome.to_owned(),
            holds: case.holds,
            verdict: case.verdict.clone(),
            reason: case.reason.clone(),
            left_out: case.left_out.map(str::to_owned),
            note: case.note.clone(),
            findings: case.findings.iter().map(FindingRecord::of).collect(),
            omitted: case.omitted,
            source: case.source.clone(),
            asserted: case.coverage,
            seconds: case.elapsed.map(|elapsed| elapsed.as_secs_f64()),
            properties: case.properties.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            evidence: case.evidence.cloned(),
        }
    }

    /// What no other case of the same run has.
    pub(super) fn key(&self) -> (&str, &str) {
        (&self.id, &self.route)
    }

    /// The case again.
    pub(super) fn case(&self) -> Case<'_> {
        Case {
            holds: self.holds,
            verdict: self.verdict.clone(),
            reason: self.reason.clone(),
            left_out: self.left_out.as_deref(),
            note: self.note.clone(),
            findings: self.findings.iter().map(FindingRecord::finding).collect(),
            omitted: self.omitted,
            source: self.source.clone(),
            coverage: self.asserted,
            elapsed: self.seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            properties: self.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            evidence: self.evidence.as_ref(),
            ..Case::new(&self.id, &self.route, self.status, &self.outcome)
        }
    }
}

impl FindingRecord {
    fn of(finding: &Finding<'_>) -> FindingRecord {
        FindingRecord {
            code: finding.code.to_owned(),
            title: finding.title.to_owned(),
            subject: finding.subject.clone(),
            at: finding.at.clone(),
            sides: finding.sides.map(|(expected, actual)| (expected.to_owned(), actual.to_owned())),
            message: finding.message.to_owned(),
            declared: finding.declared.cloned(),
            rule: finding.rule.clone(),
            severity: finding.severity,
            notice: finding.notice,
            source: finding.source.clone(),
            reference: finding.reference,
            means: finding.means.to_owned(),
            fingerprint: finding.fingerprint.map(str::to_owned),
            excerpt: finding.excerpt.cloned(),
        }
    }

    fn finding(&self) -> Finding<'_> {
        Finding {
            code: &self.code,
            title: &self.title,
            subject: self.subject.clone(),
            at: self.at.clone(),
            sides: self.sides.as_ref().map(|(expected, actual)| (expected.as_str(), actual.as_str())),
            message: &self.message,
            declared: self.declared.as_ref(),
            rule: self.rule.clone(),
            severity: self.severity,
            notice: self.notice,
            source: self.source.clone(),
            reference: self.reference,
            means: &self.means,
            fingerprint: self.fingerprint.as_deref(),
            excerpt: self.excerpt.as_ref(),
        }
    }
}
