//! Results as SARIF 2.1.0, in the form that GitHub code scanning takes.

use std::collections::{BTreeMap, HashMap, HashSet};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use graph_contracts::compare::{self, MismatchKind};
use graph_contracts::contract::short_digest;
use graph_contracts::diagnostic::Code;
use graph_contracts::report::{Case, Finding, Judged, Notice, Report, help};
use graph_contracts::source::SourceLine;

use crate::sarif_fix::fixes;

/// The schema that the document follows.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The fingerprint by which GitHub knows that a finding is the same as in another run ("SARIF support for code scanning").
const FINGERPRINT: &str = "primaryLocationLineHash";

/// So many results GitHub takes in a run ("SARIF support for code scanning": Validating your SARIF file).
const MOST_RESULTS: usize = 25_000;

/// The levels, the worst first.
const LEVELS: [&str; 3] = ["error", "warning", "note"];

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
struct Rule<'f> {
    name: &'f str,
    title: &'f str,
    help: &'f str,
    level: &'static str,
    /// The page of `docs/` with a section for it.
    page: Option<&'static str>,
}

/// The document. `location` gives the path of a page's file in its repository; findings on pages that have none are left out.
pub fn sarif(report: &Report<'_>, location: impl Fn(&str) -> Option<String>) -> Value {
    let rules: Vec<Rule<'_>> = match report.judged {
        Judged::Pages | Judged::Declarations => Code::ALL.iter().map(|code| Rule::of_code(*code)).collect(),
        Judged::Responses => MismatchKind::ALL.iter().map(|kind| Rule::of_kind(*kind)).collect(),
        Judged::Requests => Rule::of_findings(report, Some("verify-client.md")),
        Judged::Changes => Rule::of_findings(report, None),
    };
    // What metadata does not describe is not a defect. What is wrong at one place on several routes is one.
    let mut seen = HashSet::new();
    let findings = report.cases.iter().flat_map(|case| case.findings.iter().map(move |finding| (case, finding)));
    let findings = findings.filter(|(_, finding)| finding.notice() != Some(Notice::NotKnown));
    let findings = findings.filter(|(_, finding)| {
        report.compares() || seen.insert((finding.code, finding.source.as_ref(), finding.line()))
    });
    let mut occurrences = HashMap::new();
    let mut found: Vec<Value> = findings
        .filter_map(|(case, finding)| {
            let mut result = result(report.judged, finding, &rules, &location)?;
            let own = finding.fingerprint.map_or_else(|| fingerprint(case, finding), str::to_owned);
            // Equal lines with equal defects are told apart by their order.
            let occurrence = *occurrences.entry(own.clone()).and_modify(|number| *number += 1).or_insert(1_usize);
            result["partialFingerprints"] = json!({ FINGERPRINT: format!("{own}:{occurrence}") });
            Some(result)
        })
        .collect();
    let all = found.len();
    if all > MOST_RESULTS {
        let rank = |result: &Value| LEVELS.iter().position(|level| result["level"] == **level);
        found.sort_by_key(rank);
        found.truncate(MOST_RESULTS);
    }
    let rules: Vec<Value> = rules.iter().map(Rule::descriptor).collect();
    let driver = json!({ "name": "graph-contracts", "rules": rules, "semanticVersion": env!("CARGO_PKG_VERSION") });
    let mut run = json!({ "columnKind": "unicodeCodePoints", "results": found, "tool": { "driver": driver } });
    if all > MOST_RESULTS {
        let text = format!("{} more findings are left out, because GitHub takes {MOST_RESULTS}", all - MOST_RESULTS);
        run["invocations"] = json!([{
            "executionSuccessful": true,
            "toolExecutionNotifications": [{ "level": "warning", "message": { "text": text } }],
        }]);
    }
    json!({ "$schema": SCHEMA, "runs": [run], "version": "2.1.0" })
}

/// What a finding is recognized by whose page says nothing of it: where it is and what it is about.
fn fingerprint(case: &Case<'_>, finding: &Finding<'_>) -> String {
    short_digest([case.id, case.route, finding.code, &finding.subject, &finding.at].join("\n").as_bytes())
}

impl<'f> Rule<'f> {
    /// The kinds that were found, by name. The renderers know none of what a client does, or of what may change.
    fn of_findings(report: &'f Report<'_>, page: Option<&'static str>) -> Vec<Rule<'f>> {
        let findings = report.cases.iter().flat_map(|case| &case.findings);
        let rules =
            findings.map(|own| Rule { name: own.code, title: own.title, help: own.means, level: "warning", page });
        let by_name: BTreeMap<&str, Rule<'f>> = rules.map(|own| (own.name, own)).collect();
        by_name.into_values().collect()
    }

    fn of_code(code: Code) -> Rule<'static> {
        let level = match code.severity() {
            graph_contracts::diagnostic::Severity::Warning => "warning",
            graph_contracts::diagnostic::Severity::Error => "error",
        };
        Rule { name: code.name(), title: code.title(), help: help(code), level, page: Some("diagnostics.md") }
    }

    fn of_kind(kind: MismatchKind) -> Rule<'static> {
        Rule { name: kind.name(), title: kind.phrase(), help: kind.means(), level: "error", page: None }
    }

    /// A `reportingDescriptor` (SARIF 2.1.0 section 3.49).
    fn descriptor(&self) -> Value {
        let mut descriptor = json!({
            "defaultConfiguration": { "level": self.level },
            "help": { "text": self.help },
            "id": self.name,
            "shortDescription": { "text": self.title },
        });
        // A copy of the project without a home has no page to lead to.
        if let (Some(home), Some(page)) =
            (option_env!("CARGO_PKG_REPOSITORY").filter(|home| !home.is_empty()), self.page)
        {
            let version = env!("CARGO_PKG_VERSION");
            descriptor["helpUri"] = json!(format!("{home}/blob/v{version}/docs/{page}#{}", self.name));
        }
        descriptor
    }
}

/// A `result` (SARIF 2.1.0 section 3.27).
fn result(
    judged: Judged,
    finding: &Finding<'_>,
    rules: &[Rule<'_>],
    location: impl Fn(&str) -> Option<String>,
) -> Option<Value> {
    let SourceLine { page, line, column } = finding.source.as_ref()?;
    let uri = location(page)?;
    let rule = rules.iter().position(|rule| rule.name == finding.code)?;
    let level = match (judged, finding.severity) {
        (Judged::Changes, compare::Severity::Notice) if finding.notice == Notice::Breaking => "warning",
        (Judged::Pages | Judged::Declarations | Judged::Requests, compare::Severity::Notice)
            if finding.notice == Notice::Warning =>
        {
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
    let fixes = fixes(finding.excerpt, finding.means, &uri);
    let mut result = json!({
        "level": level,
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region } }],
        "message": { "text": finding.line() },
        "ruleId": finding.code,
        "ruleIndex": rule,
    });
    if let Some(fixes) = fixes {
        result["fixes"] = fixes;
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use graph_contracts::compare::Severity;
    use graph_contracts::report::Status;
    use jiff::Timestamp;

    use super::*;

    fn finding(line: u32, severity: Severity) -> Finding<'static> {
        Finding {
            code: "todo-left",
            title: "A TODO was left in the page",
            subject: "todo-left".to_owned(),
            at: String::new(),
            sides: None,
            message: "a TODO was left in the page",
            declared: None,
            rule: None,
            severity,
            notice: Notice::Warning,
            source: Some(SourceLine::new("a.md", line)),
            reference: compare::Reference::Documentation,
            means: "",
            fingerprint: Some("f"),
            excerpt: None,
        }
    }

    fn run(findings: Vec<Finding<'static>>) -> Value {
        let case = Case { findings, ..Case::new("a.md", "", Status::Passed, "with warnings") };
        let report = Report {
            judged: Judged::Pages,
            cases: vec![case],
            ..Report::new("lint", "documentation pages", Timestamp::UNIX_EPOCH, Duration::ZERO)
        };
        sarif(&report, |page| Some(page.to_owned()))["runs"][0].take()
    }

    #[test]
    fn equal_defects_on_equal_lines_are_told_apart() {
        let run = run(vec![finding(1, Severity::Notice), finding(9, Severity::Notice)]);
        let own = |index: usize| run["results"][index]["partialFingerprints"][FINGERPRINT].clone();
        assert_eq!((own(0), own(1)), (json!("f:1"), json!("f:2")));
        assert_eq!(run["invocations"], Value::Null);
    }

    #[test]
    fn what_github_does_not_take_is_summarized_the_least_bad_first() {
        let mut findings: Vec<Finding<'static>> = (0..25_009).map(|line| finding(line + 1, Severity::Notice)).collect();
        findings.push(finding(7, Severity::Error));
        let run = run(findings);
        assert_eq!(run["results"].as_array().map(Vec::len), Some(MOST_RESULTS));
        assert_eq!(run["results"][0]["level"], "error");
        let said = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
        assert_eq!(said, "10 more findings are left out, because GitHub takes 25000");
    }
}
