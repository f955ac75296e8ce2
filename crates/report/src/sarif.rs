//! Results as SARIF 2.1.0, in the form that GitHub code scanning takes.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, Region, ReportingConfiguration,
    ReportingDescriptor, Result, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use super::results::{NOT_KNOWN, WARNING};
use super::{Finding, Results};
use graph_contracts::Code;
use graph_contracts::compare::{self, MismatchKind};

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
    level: ResultLevel,
}

/// The document. `location` gives the path of a page's file in its repository; findings on pages that have none are left out.
pub fn sarif(results: &Results<'_>, location: impl Fn(&str) -> Option<String>) -> Sarif {
    let rules: Vec<Rule> = match results.command {
        "lint" | "check-metadata" => Code::ALL.iter().map(|code| Rule::of_code(*code)).collect(),
        _ => MismatchKind::ALL.iter().map(|kind| Rule::of_kind(*kind)).collect(),
    };
    // What metadata does not say is no defect. What is wrong at one place on several routes is one.
    let mut seen = HashSet::new();
    let findings = results.cases.iter().flat_map(|case| &case.findings);
    let findings = findings.filter(|finding| finding.notice() != Some(NOT_KNOWN));
    let findings = findings
        .filter(|finding| results.compares() || seen.insert((finding.code, finding.source.as_str(), finding.line())));
    let found = findings.filter_map(|finding| result(results.command, finding, &rules, &location)).collect::<Vec<_>>();
    let rules = rules.iter().map(|rule| {
        let multiformat = |text: &str| MultiformatMessageString::builder().text(text).build();
        let level = serde_json::to_value(rule.level).unwrap_or_default();
        ReportingDescriptor::builder()
            .id(rule.name)
            .short_description(multiformat(rule.title))
            .help(multiformat(rule.help))
            .default_configuration(ReportingConfiguration::builder().level(level).build())
            .build()
    });
    let driver = ToolComponent::builder()
        .name("graph-contracts")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.collect::<Vec<_>>())
        .build();
    let run = Run::builder().tool(Tool::builder().driver(driver).build()).results(found).build();
    Sarif::builder().version(serde_json::json!("2.1.0")).schema(SCHEMA).runs(vec![run]).build()
}

impl Rule {
    fn of_code(code: Code) -> Rule {
        let level = match code.severity() {
            graph_contracts::Severity::Warning => ResultLevel::Warning,
            graph_contracts::Severity::Error => ResultLevel::Error,
        };
        Rule { name: code.name(), title: code.title(), help: code.help(), level }
    }

    fn of_kind(kind: MismatchKind) -> Rule {
        Rule { name: kind.name(), title: kind.phrase(), help: kind.means(), level: ResultLevel::Error }
    }
}

fn result(
    command: &str,
    finding: &Finding<'_>,
    rules: &[Rule],
    location: impl Fn(&str) -> Option<String>,
) -> Option<Result> {
    let (page, line) = finding.place();
    let uri = location(page)?;
    let rule = rules.iter().position(|rule| rule.name == finding.code)?;
    let level = match (command, finding.severity) {
        ("lint", _) => rules[rule].level,
        ("check-metadata", compare::Severity::Notice) if finding.notice == WARNING => ResultLevel::Warning,
        (_, compare::Severity::Error) => ResultLevel::Error,
        (_, compare::Severity::Notice) => ResultLevel::Note,
    };
    let line = i64::from(line.max(1));
    let region = match finding.column() {
        Some(column) => Region::builder().start_line(line).start_column(i64::from(column.max(1))).build(),
        None => Region::builder().start_line(line).build(),
    };
    let uri = utf8_percent_encode(&uri, IN_PATHS);
    let artifact = ArtifactLocation::builder().uri(uri.to_string()).build();
    let physical = PhysicalLocation::builder().artifact_location(artifact).region(region).build();
    let result = Result::builder()
        .rule_id(finding.code)
        .rule_index(rule as i64)
        .level(level)
        .message(Message::builder().text(finding.line()).build())
        .locations(vec![Location::builder().physical_location(physical).build()]);
    Some(result.build())
}
