//! The plan of a live run as a report: each request that would be sent, and what is left out.

use std::time::Duration;

use graph_contracts::contract::Contract;
use graph_contracts::report::{Block, Line, Report, Summary, Tone, count};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::report::with_option;
use super::{Plan, PlannedSegment, Skip, Step, least_privileged};

/// The accounts of which permissions are named: how each is called, and whether it is an application.
const ACCOUNTS: [(&str, bool); 2] = [("an application", true), ("a signed-in user", false)];

impl Plan {
    /// The plan for the provider at that base URL. With `details`, it names each request.
    pub fn report<'r>(&'r self, contracts: &'r [Contract], provider: &str, at: Timestamp, details: bool) -> Report<'r> {
        let active = self.active().count();
        let writes = self.active().filter(|step| step.writes()).count();
        let result = format!(
            "{}, {writes} of them writing; {} left out",
            count(active, "request", "requests"),
            self.steps.len() - active
        );
        Report {
            blocks: if details { self.details(contracts, provider) } else { Vec::new() },
            summary: Summary { subject: format!("plan for {provider}"), result, ..Summary::default() },
            document: self.document(contracts, provider),
            ..Report::new("verify-live --dry-run", provider, at, Duration::ZERO)
        }
    }

    fn details(&self, contracts: &[Contract], provider: &str) -> Vec<Block> {
        let mut lines = Vec::new();
        for (number, step) in self.active().enumerate() {
            lines.extend(step.planned(number + 1, &contracts[step.contracts[0]], provider));
        }
        for step in &self.steps {
            let (Some(skip), contract) = (&step.skip, &contracts[step.contracts[0]]) else { continue };
            let what = format!("  {} {} {}", contract.id, contract.request.method, step.route);
            lines.push(Line::new(Tone::Warn, "   skipped").text(what));
            let why = with_option(&skip.to_string(), Some(skip.reason()), None);
            lines.push(Line::plain(format!("            {why}")));
        }
        let mut blocks = vec![Block::new(lines)];
        for (account, application) in ACCOUNTS {
            let chosen = least_privileged(self.active().map(|step| &step.needs), application);
            if !chosen.is_empty() {
                let chosen = chosen.into_iter().collect::<Vec<_>>().join(", ");
                let title = Line::new(Tone::Bold, format!("least privileged for {account}:"));
                blocks.push(Block::new(vec![title.text(format!(" {chosen}"))]));
            }
        }
        blocks
    }

    fn document(&self, contracts: &[Contract], provider: &str) -> Value {
        let least = |application| least_privileged(self.active().map(|step| &step.needs), application);
        let steps = self.steps.iter().map(|step| step.document(&contracts[step.contracts[0]], provider));
        json!({
            "provider": provider,
            "requests": self.active().count(),
            "writes": self.active().filter(|step| step.writes()).count(),
            "left_out": self.steps.len() - self.active().count(),
            "least_privileged": { "application": least(true), "delegated": least(false) },
            "steps": steps.collect::<Vec<_>>(),
        })
    }
}

impl Step {
    fn planned(&self, number: usize, contract: &Contract, provider: &str) -> Vec<Line> {
        let kind = if self.writes() { "write" } else { "read" };
        let request = format!(" {kind:<5}  {} {}", contract.request.method, self.url(contract, provider));
        let detail =
            |what: &str, value: &str| Line { indent: " ".repeat(12), ..Line::new(Tone::Dim, what).text(value) };
        let mut lines = vec![
            Line::new(Tone::Dim, format!("{number:>4}")).text(request),
            detail(&format!("{} ({})", contract.id, contract.location()), ""),
        ];
        for segment in &self.segments {
            if let PlannedSegment::Parameter { name, place, source } = segment {
                lines.push(detail(name, &format!(" is {}", source.describe(place))));
            }
        }
        for (who, application) in ACCOUNTS {
            if let Some(least) = self.needs.least(application) {
                lines.push(detail(&format!("{who} needs"), &format!(" {least}")));
            }
        }
        lines
    }

    fn document(&self, contract: &Contract, provider: &str) -> Value {
        let parameters = self.segments.iter().filter_map(|segment| match segment {
            PlannedSegment::Parameter { name, place, source } => {
                Some(json!({ "name": name, "place": place.to_string(), "from": source.describe(place) }))
            }
            PlannedSegment::Literal(_) => None,
        });
        let mut document = json!({
            "id": contract.id,
            "method": contract.request.method,
            "url": self.url(contract, provider),
            "phase": self.phase,
            "writes": self.writes(),
            "parameters": parameters.collect::<Vec<_>>(),
            "application": self.needs.least(true),
            "delegated": self.needs.least(false),
            "source": contract.location(),
        });
        if let Some(skip) = &self.skip {
            document["skipped"] = json!(Skip::reason(skip));
            document["reason"] = json!(with_option(&skip.to_string(), Some(skip.reason()), None));
        }
        document
    }
}
