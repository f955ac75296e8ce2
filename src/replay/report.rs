//! A replay as a report: a case for each contract on each route.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{ContractOutcome, Outcome, RouteOutcome, Run};
use crate::command_line::{command_line, import_pages};
use crate::compare::{Mismatch, MismatchKind, Reference};
use crate::report::{
    Block, Case, CaseLine, Finding, Group, Line, Report, Status, Summary, Tone, asserted, count, raise_limit,
};
use crate::source::SourceLine;
use crate::store::Store;

/// How many contracts with values that nothing asserts are listed.
const MOST_UNASSERTED: usize = 5;

impl Outcome {
    /// The word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }

    fn tone(self) -> Tone {
        match self {
            Outcome::Matched => Tone::Good,
            Outcome::Mismatched => Tone::Bad,
            Outcome::New | Outcome::Errored => Tone::Warn,
        }
    }
}

impl ContractOutcome {
    /// The line for the contract.
    pub fn line(&self) -> CaseLine<'_> {
        let outcome = self.outcome();
        CaseLine {
            tone: outcome.tone(),
            word: (outcome.name(), 10),
            method: None,
            id: &self.id,
            routes: Some(self.routes.len()),
            elapsed: Some(self.elapsed),
        }
    }
}

impl RouteOutcome {
    /// The outcome as a case of a report; `source` is where the contract is documented.
    pub fn case<'r>(&'r self, source: Option<SourceLine>) -> Case<'r> {
        let status = match self.outcome {
            Outcome::Matched => Status::Passed,
            Outcome::New | Outcome::Mismatched => Status::Failed,
            Outcome::Errored => Status::Errored,
        };
        let option = self.exceeded.map(raise_limit).unwrap_or_default();
        let reason = self.error.as_ref().map(|error| format!("{error}{option}"));
        let verdict = match self.outcome {
            Outcome::Matched => "The response is as documented.".to_owned(),
            Outcome::New => "The response is as documented, and nobody has reviewed it yet.".to_owned(),
            Outcome::Mismatched => "The response departs from what is documented or reviewed.".to_owned(),
            Outcome::Errored => reason.clone().unwrap_or_default(),
        };
        Case {
            verdict,
            reason,
            findings: self.mismatches.iter().map(Finding::of).collect(),
            omitted: self.omitted,
            source,
            coverage: self.coverage,
            elapsed: Some(self.elapsed).filter(|elapsed| !elapsed.is_zero()),
            evidence: self.evidence.as_ref(),
            ..Case::new(&self.id, &self.route, status, self.outcome.name())
        }
    }
}

impl Run {
    /// The run, which began at that time, as a report on contracts of this store.
    pub fn report<'r>(&'r self, store: &'r Store, at: Timestamp) -> Report<'r> {
        let cases = self.contracts.iter();
        let cases = cases.flat_map(|own| own.routes.iter().map(|route| route.case(Some(own.source.clone())))).collect();
        let mut report = Report {
            exit_code: self.exit_code(),
            errored: "could not be replayed",
            cases,
            blocks: self.blocks(),
            summary: self.summary(),
            store: Some(store),
            coverage: self.coverage(),
            ..Report::new("replay", "the stub", at, self.elapsed)
        };
        report.document = self.document(&report);
        report
    }

    fn blocks(&self) -> Vec<Block> {
        let snapshots: Vec<String> =
            self.unreferenced_snapshots.iter().map(|path| path.display().to_string()).collect();
        let unasserted = self.contracts.iter().map(|contract| (&contract.id, contract.coverage().none));
        let unasserted = unasserted.filter(|(_, none)| *none > 0);
        let unasserted = unasserted.map(|(id, none)| format!("{id}: {}", count(none, "leaf", "leaves"))).collect();
        let title = |tone, title: &str, advice: &str| Line::new(tone, title).text(format!("{advice}:"));
        let remarks = |items: &[String], what: &str| items.iter().map(|item| format!("{item}: {what}")).collect();
        let without_contract =
            remarks(&snapshots, "a snapshot without a contract; import its page again, or review it");
        let without_contract_advice = format!(" (import the page again, or run `{} review`)", command_line());
        let unused = remarks(&self.unused_rules, "a volatile rule that matched nothing");
        let blocks = [
            Block::list(
                title(Tone::Bad, "snapshots without a contract", &without_contract_advice),
                snapshots,
                usize::MAX,
            )
            .map(|block| block.remark(without_contract)),
            Block::list(
                title(Tone::Warn, "contracts with values that nothing asserts", ""),
                unasserted,
                MOST_UNASSERTED,
            ),
            Block::list(
                title(Tone::Warn, "volatile rules that matched nothing in these contracts", ""),
                self.unused_rules.clone(),
                usize::MAX,
            )
            .map(|block| block.remark(unused)),
        ];
        blocks.into_iter().flatten().collect()
    }

    fn summary(&self) -> Summary {
        let snapshots = self.unreferenced_snapshots.len();
        let without = if snapshots == 1 { "snapshot without a contract" } else { "snapshots without a contract" };
        let counts = [Outcome::Matched, Outcome::New, Outcome::Mismatched, Outcome::Errored];
        let counts = counts.map(|outcome| (self.count(outcome), outcome.name()));
        let mut notes = vec![asserted(self.coverage())];
        let mismatches = self.routes().flat_map(|route| &route.mismatches);
        let was_reviewed = |mismatch: &Mismatch| {
            mismatch.reference == Reference::Snapshot && mismatch.kind != MismatchKind::NoSnapshot
        };
        if mismatches.into_iter().any(was_reviewed) {
            let (command, import) = (command_line(), import_pages());
            notes.extend([
                Line::plain(format!(
                    "If the contracts are right as they are now, accept what differs with `{command} review`."
                )),
                Line::plain(format!("If not, fix their pages, and import them again with `{import}`.")),
                Line::plain(format!(
                    "What was changed in a contract by hand is taken back with `{import} --overwrite`."
                )),
            ]);
        }
        let contracts = count(self.contracts.len(), "contract", "contracts");
        Summary {
            subject: format!("{contracts}, {}", count(self.routes().count(), "route", "routes")),
            tone: [Tone::Good, Tone::Bad, Tone::Warn][usize::from(self.exit_code().min(2))],
            result: Summary::parts(counts.into_iter().chain([(snapshots, without)])),
            elapsed: Some(self.elapsed),
            notes,
        }
    }

    fn document(&self, report: &Report<'_>) -> Value {
        let mut causes = report.groups();
        causes.sort_by_key(|group| Reverse(group.places.len()));
        let paths = |paths: &[std::path::PathBuf]| -> Vec<String> {
            paths.iter().map(|path| path.display().to_string()).collect()
        };
        json!({
            "command": report.command,
            "at": report.at,
            "contracts": self.contracts.len(),
            "routes": self.routes().count(),
            "matched": self.count(Outcome::Matched),
            "new": self.count(Outcome::New),
            "mismatched": self.count(Outcome::Mismatched),
            "errored": self.count(Outcome::Errored),
            "asserted": report.coverage,
            "seconds": self.elapsed.as_secs_f64(),
            "outcomes": self.routes().collect::<Vec<_>>(),
            "causes": causes.iter().map(cause).collect::<Vec<_>>(),
            "unreferenced_snapshots": paths(&self.unreferenced_snapshots),
            "unused_rules": self.unused_rules,
        })
    }
}

/// Mismatches with one cause.
fn cause(group: &Group<'_>) -> Value {
    let Finding { code, subject, severity, reference, means, .. } = group.first;
    let places = group.places.iter().map(|(case, finding)| {
        let (expected, actual) = finding.sides.unwrap_or_default();
        json!({
            "id": case.id,
            "route": case.route,
            "at": finding.at,
            "expected": expected,
            "actual": actual,
            "source": finding.source,
        })
    });
    json!({
        "kind": code,
        "subject": subject,
        "severity": severity,
        "reference": reference,
        "means": means,
        "places": places.collect::<Vec<_>>(),
    })
}
