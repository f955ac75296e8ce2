//! What the linter found as SARIF 2.1.0, in the form that GitHub code scanning takes.

use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, Region, ReportingConfiguration,
    ReportingDescriptor, Result, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use crate::diagnostic::{Code, Severity};
use crate::lint::Lint;

/// The schema that the document follows.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document. `location` gives the path of a page's file in its repository.
pub fn lint(lint: &Lint, location: impl Fn(&str) -> String) -> Sarif {
    let results = lint.diagnostics.iter().map(|diagnostic| {
        let region = Region::builder()
            .start_line(i64::from(diagnostic.line.max(1)))
            .start_column(i64::from(diagnostic.column.max(1)))
            .build();
        let artifact = ArtifactLocation::builder().uri(location(&diagnostic.page)).build();
        let physical = PhysicalLocation::builder().artifact_location(artifact).region(region).build();
        let rule_index = Code::ALL.iter().position(|code| *code == diagnostic.code).unwrap_or_default();
        Result::builder()
            .rule_id(diagnostic.code.name())
            .rule_index(rule_index as i64)
            .level(level(diagnostic.code))
            .message(text(&diagnostic.message))
            .locations(vec![Location::builder().physical_location(physical).build()])
            .build()
    });
    let rules = Code::ALL.iter().map(|code| {
        let multiformat = |text: &str| MultiformatMessageString::builder().text(text).build();
        let level = serde_json::to_value(level(*code)).unwrap_or_default();
        ReportingDescriptor::builder()
            .id(code.name())
            .short_description(multiformat(code.title()))
            .help(multiformat(code.help()))
            .default_configuration(ReportingConfiguration::builder().level(level).build())
            .build()
    });
    let driver = ToolComponent::builder()
        .name("graph-contracts")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.collect::<Vec<_>>())
        .build();
    let run = Run::builder().tool(Tool::builder().driver(driver).build()).results(results.collect::<Vec<_>>()).build();
    Sarif::builder().version(serde_json::json!("2.1.0")).schema(SCHEMA).runs(vec![run]).build()
}

fn level(code: Code) -> ResultLevel {
    match code.severity() {
        Severity::Warning => ResultLevel::Warning,
        Severity::Error => ResultLevel::Error,
    }
}

fn text(text: &str) -> Message {
    Message::builder().text(text).build()
}
