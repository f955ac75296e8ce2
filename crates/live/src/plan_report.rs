//! The plan of a live run as a report, in groups: each request that would be sent, what is left out, and the effects.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use graph_contracts::contract::Contract;
use graph_contracts::report::{Block, Line, Report, Summary, Tone, count};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::effect::{Effect, switch};
use super::report::with_option;
use super::{EffectsOfClass, ParameterPosition, Phase, Plan, PlannedSegment, Skip, Step, least_privileged};

/// The accounts of which permissions are named: how each is called, and whether it is an application.
const ACCOUNTS: [(&str, bool); 2] = [("an application", true), ("a signed-in user", false)];

impl Plan {
    /// The plan for the provider at that base URL. With its effects by class, it names each request, in groups.
    pub fn report<'r>(
        &'r self,
        contracts: &'r [Contract],
        provider: &str,
        at: Timestamp,
        effects: Option<&[EffectsOfClass]>,
    ) -> Report<'r> {
        let active = self.active().count();
        let writes = self.active().filter(|step| step.writes()).count();
        let result = format!(
            "{}, {writes} of them writing; {} left out",
            count(active, "request", "requests"),
            self.steps.len() - active
        );
        Report {
            blocks: effects.map(|effects| self.details(contracts, provider, effects)).unwrap_or_default(),
            summary: Summary { subject: format!("plan for {provider}"), result, ..Summary::default() },
            document: self.document(contracts, provider, effects.unwrap_or_default()),
            ..Report::new("verify-live --dry-run", provider, at, Duration::ZERO)
        }
    }

    fn details(&self, contracts: &[Contract], provider: &str, effects: &[EffectsOfClass]) -> Vec<Block> {
        // Each step has its number in the order of the run, whatever group it is in.
        let active: Vec<Numbered> =
            self.active().enumerate().map(|(at, step)| Numbered { number: at + 1, step }).collect();
        let is_deletion = |step: &Step| step.phase == Phase::Delete && ParameterPosition::read(&step.route).is_key();
        let of = |is: &dyn Fn(&Step) -> bool| active.iter().filter(|own| is(own.step)).collect::<Vec<_>>();
        let creations = of(&|step| step.phase == Phase::Create);
        let places: BTreeSet<ParameterPosition> = creations.iter().map(|own| own.creates()).collect();
        let is_its_deletion =
            |step: &Step| is_deletion(step) && step.target().is_some_and(|target| places.contains(&target));
        let deletions = of(&is_its_deletion);
        let changes = of(&|step| step.writes() && step.phase != Phase::Create && !is_its_deletion(step));
        let group = |title: &str, steps: &[&Numbered<'_>]| {
            let lines = steps.iter().flat_map(|own| own.lines(contracts, provider));
            titled(title, steps.len(), lines.collect())
        };
        let created = creations.iter().flat_map(|own| {
            let own_deletions = deletions.iter().filter(|deletion| deletion.step.target() == Some(own.creates()));
            let mut own_deletions = own_deletions.peekable();
            let mut lines = own.lines(contracts, provider);
            if own_deletions.peek().is_none() {
                lines.push(detail("deleted", " by its URL at the end"));
            }
            for deletion in own_deletions {
                let contract = &contracts[deletion.step.contracts[0]];
                let text = format!(" with {}, as {} documents", deletion.number, contract.id);
                lines.push(detail("deleted", &text));
            }
            lines
        });
        let created: Vec<Line> = created.collect();
        let mut blocks = Vec::new();
        blocks.extend(group("reads", &of(&|step| !step.writes())));
        blocks.extend(titled("creations, each with its deletion", creations.len(), created));
        blocks.extend(group("changes of what is created", &changes));
        blocks.extend(group("deletions of what is created", &deletions));
        blocks.extend(self.left_out(contracts));
        blocks.extend(Block::list(
            Line::new(Tone::Bold, "effects").text(", none of which --allow-writes allows:"),
            effects.iter().map(EffectsOfClass::phrase).collect(),
            usize::MAX,
        ));
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

    /// What is left out, by reason: each reason as a sentence, and the requests that it is about.
    fn left_out(&self, contracts: &[Contract]) -> Vec<Block> {
        let mut reasons: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for step in &self.steps {
            let (Some(skip), contract) = (&step.skip, &contracts[step.contracts[0]]) else { continue };
            let why = with_option(&skip.to_string(), Some(skip.reason()), None);
            let what = format!("{} {} {}", contract.id, contract.request.method, step.route);
            reasons.entry(skip.reason()).or_default().entry(why).or_default().push(what);
        }
        let block = |(reason, by_sentence): (&str, BTreeMap<String, Vec<String>>)| {
            let steps = by_sentence.values().map(Vec::len).sum();
            let lines = by_sentence.into_iter().flat_map(|(why, what)| {
                let what = what.into_iter().map(|what| Line::plain(format!("      {what}")));
                std::iter::once(Line::new(Tone::Warn, "   skipped").text(format!(": {why}"))).chain(what)
            });
            titled(&format!("left out: {reason}"), steps, lines.collect())
        };
        reasons.into_iter().filter_map(block).collect()
    }

    fn document(&self, contracts: &[Contract], provider: &str, effects: &[EffectsOfClass]) -> Value {
        let least = |application| least_privileged(self.active().map(|step| &step.needs), application);
        let steps = self.steps.iter().map(|step| step.document(&contracts[step.contracts[0]], provider));
        let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
        for skip in self.steps.iter().filter_map(|step| step.skip.as_ref()) {
            *skipped.entry(skip.reason()).or_default() += 1;
        }
        json!({
            "provider": provider,
            "requests": self.active().count(),
            "writes": self.active().filter(|step| step.writes()).count(),
            "left_out": self.steps.len() - self.active().count(),
            "skipped": skipped,
            "effects": effects,
            "least_privileged": { "application": least(true), "delegated": least(false) },
            "steps": steps.collect::<Vec<_>>(),
        })
    }
}

/// A step that is not left out, with its number in the order of the run.
struct Numbered<'p> {
    number: usize,
    step: &'p Step,
}

impl Numbered<'_> {
    /// The place of the object that the step creates.
    fn creates(&self) -> ParameterPosition {
        ParameterPosition::read(&self.step.route).item()
    }

    fn lines(&self, contracts: &[Contract], provider: &str) -> Vec<Line> {
        self.step.planned(self.number, &contracts[self.step.contracts[0]], provider)
    }
}

impl EffectsOfClass {
    fn phrase(&self) -> String {
        let EffectsOfClass { class, what, requests, adds, .. } = self;
        let requests = count(*requests, "request", "requests");
        match (self.allowed, *adds) {
            (true, _) => format!("{class}: {requests} may {what}, as the profile allows"),
            (false, 0) => format!("{class}: {requests} may {what}; leave for the class alone adds none of them"),
            (false, adds) => {
                let adds = count(adds, "request", "requests");
                format!(
                    "{class}: {requests} may {what}; `allow_effects = [\"{class}\"]` adds {adds}, with those that depend on them"
                )
            }
        }
    }
}

/// Lines under a title that counts what they are about; nothing where there is nothing.
fn titled(title: &str, number: usize, lines: Vec<Line>) -> Option<Block> {
    let title = Line::new(Tone::Bold, title).text(format!(": {number}"));
    (number > 0).then(|| Block::new(std::iter::once(title).chain(lines).collect()))
}

fn detail(what: &str, value: &str) -> Line {
    Line { indent: " ".repeat(12), ..Line::new(Tone::Dim, what).text(value) }
}

impl Step {
    fn planned(&self, number: usize, contract: &Contract, provider: &str) -> Vec<Line> {
        let kind = if self.writes() { "write" } else { "read" };
        let request = format!(" {kind:<5}  {} {}", contract.request.method, self.url(contract, provider));
        let mut lines = vec![
            Line::new(Tone::Dim, format!("{number:>4}")).text(request),
            detail(&format!("{} ({})", contract.id, contract.location()), ""),
        ];
        for segment in &self.segments {
            if let PlannedSegment::Parameter { name, place, source } = segment {
                lines.push(detail(name, &format!(" is {}", source.describe(place))));
            }
        }
        if let Some(switch) = switch(contract).filter(|_| self.writes()) {
            lines.push(detail("sent switched off", &format!(": {switch}")));
        }
        for Effect { class, because } in &self.effects {
            lines.push(detail("may", &format!(" {} ({class}): {because}", class.what())));
        }
        for (who, application) in ACCOUNTS {
            if let Some(least) = self.needs.least(application) {
                lines.push(detail(&format!("{who} needs"), &format!(" {}", least.join(" and "))));
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
        if let Some(switch) = switch(contract).filter(|_| self.writes()) {
            document["switched_off"] = switch.to_string().into();
        }
        if !self.effects.is_empty() {
            let effects = self.effects.iter();
            let effects = effects.map(|own| json!({ "class": own.class, "because": own.because.to_string() }));
            document["effects"] = effects.collect::<Vec<_>>().into();
        }
        if let Some(skip) = &self.skip {
            document["skipped"] = json!(Skip::reason(skip));
            document["reason"] = json!(with_option(&skip.to_string(), Some(skip.reason()), None));
        }
        document
    }
}
