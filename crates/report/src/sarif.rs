//! Results as SARIF 2.1.0, in the form that GitHub code scanning takes.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use graph_contracts::compare::{self, MismatchKind};
use graph_contracts::diagnostic::Code;
use graph_contracts::report::{Finding, Judged, Notice, Report, help};
use graph_contracts::source::SourceLine;

/// The schema that the document follows.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What is encoded in the path of a URI (RFC 3986 section 3.3).
const IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a finding can be: its stable name, a title, what to do or what it means, and how much it matters.
struct Rule {
    name: &'static str,
    title: &'static str,
    help: &'static str,
    level: &'static str,
}

/// The document. `location` gives the path of a page's file in its repository; findings on pages that have none are left out.
pub fn sarif(report: &Report<'_>, location: impl Fn(&str) -> Option<String>) -> Value {
    let rules: Vec<Rule> = match report.judged {
        Judged::Pages | Judged::Declarations => Code::ALL.iter().map(|code| Rule::of_code(*code)).collect(),
        Judged::Responses => MismatchKind::ALL.iter().map(|kind| Rule::of_kind(*kind)).collect(),
    };
    // What metadata does not describe is not a defect. What is wrong at one place on several routes is one.
    let mut seen = HashSet::new();
    let findings = report.cases.iter().flat_map(|case| &case.findings);
    let findings = findings.filter(|finding| finding.notice() != Some(Notice::NotKnown));
    let findings = findings
        .filter(|finding| report.compares() || seen.insert((finding.code, finding.source.as_ref(), finding.line())));
    let found: Vec<Value> = findings.filter_map(|finding| result(report.judged, finding, &rules, &location)).collect();
    let rules: Vec<Value> = rules.iter().map(Rule::descriptor).collect();
    let driver = json!({ "name": "graph-contracts", "rules": rules, "semanticVersion": env!("CARGO_PKG_VERSION") });
    json!({ "$schema": SCHEMA, "runs": [{ "results": found, "tool": { "driver": driver } }], "version": "2.1.0" })
}

impl Rule {
    fn of_code(code: Code) -> Rule {
        let level = match code.severity() {
            graph_contracts::diagnostic::Severity::Warning => "warning",
            graph_contracts::diagnostic::Severity::Error => "error",
        };
        Rule { name: code.name(), title: code.title(), help: help(code), level }
    }

    fn of_kind(kind: MismatchKind) -> Rule {
        Rule { name: kind.name(), title: kind.phrase(), help: kind.means(), level: "error" }
    }

    /// A `reportingDescriptor` (SARIF 2.1.0 section 3.49).
    fn descriptor(&self) -> Value {
        json!({
            "defaultConfiguration": { "level": self.level },
            "help": { "text": self.help },
            "id": self.name,
            "shortDescription": { "text": self.title },
        })
    }
}

/// A `result` (SARIF 2.1.0 section 3.27).
fn result(
    judged: Judged,
    finding: &Finding<'_>,
    rules: &[Rule],
    location: impl Fn(&str) -> Option<String>,
) -> Option<Value> {
    let SourceLine { page, line, column } = finding.source.as_ref()?;
    let uri = location(page)?;
    let rule = rules.iter().position(|rule| rule.name == finding.code)?;
    let level = match (judged, finding.severity) {
        (Judged::Pages | Judged::Declarations, compare::Severity::Notice) if finding.notice == Notice::Warning => {
            "warning"
        }
        (_, compare::Severity::Error) => "error",
        (_, compare::Severity::Notice) => "note",
    };
    let line = (*line).max(1);
    let region = match column {
        Some(column) => json!({ "startColumn": (*column).max(1), "startLine": line }),
        None => json!({ "startLine": line }),
    };
    let uri = utf8_percent_encode(&uri, IN_PATHS).to_string();
    Some(json!({
        "level": level,
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region } }],
        "message": { "text": finding.line() },
        "ruleId": finding.code,
        "ruleIndex": rule,
    }))
}
