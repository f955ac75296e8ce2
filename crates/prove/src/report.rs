//! A proof as a report: a case for each contract.

use std::collections::{BTreeMap, BTreeSet};

use graph_contracts::compare::{Reference, Severity};
use graph_contracts::normal::Level;
use graph_contracts::report::{Block, Case, Finding, Line, Notice, Report, Status, Summary, Tone, Total, count};
use graph_contracts::source::SourceLine;
use graph_contracts::store::Store;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BlindSpot, ClassCount, Count, Proof};

/// How many failures of one kind are shown; `--json` has all.
const MOST_SHOWN: usize = 20;

impl Proof {
    /// A proof of contracts of this store, by their positions in it, that began at that time.
    pub fn report<'r>(&'r self, store: &'r Store, selected: &[usize], at: Timestamp) -> Report<'r> {
        let mut failures: BTreeMap<&str, Vec<&BlindSpot>> = BTreeMap::new();
        for failure in &self.failures {
            failures.entry(&failure.contract).or_default().push(failure);
        }
        let mut cases: Vec<Case<'r>> = Vec::new();
        for contract in selected.iter().filter_map(|index| store.contracts.get(*index)) {
            let found = failures.remove(contract.id.as_str()).unwrap_or_default();
            cases.push(case(&contract.id, Some(contract.location()), &found));
        }
        // The specimens belong to no store.
        cases.extend(failures.into_iter().map(|(id, found)| case(id, None, &found)));
        Report {
            exit_code: u8::from(!self.holds()),
            unit: ("contract", "contracts"),
            cases,
            blocks: self.blocks(),
            totals: self.totals(),
            summary: Summary {
                subject: count(self.contracts, "contract", "contracts"),
                tone: if self.holds() { Tone::Good } else { Tone::Bad },
                result: totals(self.count.total()),
                elapsed: Some(self.elapsed),
                notes: Vec::new(),
            },
            store: Some(store),
            document: self.document(at),
            ..Report::new("prove", "the stub, answering with mutants", at, self.elapsed)
        }
    }

    fn totals(&self) -> Vec<Total> {
        let total = self.count.total();
        vec![
            Total::new(total.mutants, "mutant", "mutants"),
            Total::new(total.caught, "caught", "caught"),
            Total::new(total.harmless, "harmless variation", "harmless variations"),
            Total::new(total.false_alarms, "false alarm", "false alarms"),
            Total::new(self.count.open, "left open by the contracts", "left open by the contracts"),
        ]
    }

    fn blocks(&self) -> Vec<Block> {
        let (explained, unexplained): (Vec<&BlindSpot>, Vec<&BlindSpot>) =
            self.blind_spots().partition(|blind_spot| blind_spot.explained);
        let failures = |title: &str, failures: Vec<&BlindSpot>| {
            let mut lines = vec![Line::new(Tone::Warn, title).text(":")];
            for BlindSpot { contract, class, at, level, why, .. } in &failures {
                let at = at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
                lines.push(Line::plain(format!("  {contract}: {}{at}, {} level", class.name(), level.name())));
                lines.push(Line::plain(format!("    {why}")));
            }
            (!failures.is_empty()).then(|| Block::new(lines).at_most(1 + 2 * MOST_SHOWN))
        };
        let sampled = self.sampled.iter().map(|sampled| {
            let (id, every) = (&sampled.contract, sampled.every);
            let line = format!(": the body of {id} is so large that one in {every} of its values was changed");
            Block::new(vec![Line::new(Tone::Warn, "sampled").text(line)])
                .remark(vec![format!("{id}: the body is so large that only one value of {every} was changed")])
        });
        let omitted = (self.omitted > 0)
            .then(|| format!("{} not listed", count(self.omitted, "more failure is", "more failures are")));
        let tables = [
            Some(self.table(("mutants", "caught"), |class| class.mutants, ClassCount::missed)),
            Some(self.table(("harmless variations", "passed"), |class| class.harmless, |class| class.false_alarms)),
            failures("mutants that were not caught", unexplained),
            failures("blind spots", explained),
            failures("false alarms", self.false_alarms().collect()),
        ];
        let specimens = Line::new(Tone::Dim, "specimens:").text(format!(" {}", totals(self.specimens.total())));
        let last = Block::new(vec![specimens]).remark(omitted.into_iter().collect());
        tables.into_iter().flatten().chain(sampled).chain([last]).collect()
    }

    fn table(
        &self,
        (title, column): (&str, &str),
        all: impl Fn(ClassCount) -> usize,
        failed: impl Fn(ClassCount) -> usize,
    ) -> Block {
        let mut lines = vec![Line::new(Tone::Dim, format!("{title:<24}{:>10}{column:>10}", "derived"))];
        for (class, counts) in self.count.by_class.iter().filter(|(_, counts)| all(**counts) > 0) {
            let (all, failed) = (all(*counts), failed(*counts));
            let tone = if failed > 0 { Tone::Bad } else { Tone::Good };
            let row = format!("{:<24}{all:>10}", class.name());
            lines.push(Line { indent: row, ..Line::new(tone, format!("{:>10}", all - failed)) });
        }
        Block::new(lines)
    }

    fn document(&self, at: Timestamp) -> Value {
        let unexplained = self.failures.iter().filter(|failure| !failure.explained);
        let failed: BTreeSet<&str> = unexplained.map(|failure| failure.contract.as_str()).collect();
        let mut document = json!({
            "command": "prove",
            "at": at,
            "contracts": self.contracts,
            "proved": self.contracts.saturating_sub(failed.len()),
        });
        let rest = json!({
            "specimens": numbers(&self.specimens),
            "blind_spots": self.blind_spots().collect::<Vec<_>>(),
            "alarms": self.false_alarms().collect::<Vec<_>>(),
            "sampled": self.sampled,
        });
        for part in [numbers(&self.count), rest] {
            if let (Value::Object(document), Value::Object(part)) = (&mut document, part) {
                document.extend(part);
            }
        }
        if self.omitted > 0 {
            document["omitted"] = json!(self.omitted);
        }
        document["seconds"] = json!(self.elapsed.as_secs_f64());
        document
    }
}

fn numbers(count: &Count) -> Value {
    let total = count.total();
    let by_class: BTreeMap<&str, ClassCount> =
        count.by_class.iter().map(|(class, count)| (class.name(), *count)).collect();
    json!({
        "mutants": total.mutants,
        "caught": total.caught,
        "missed": total.missed(),
        "harmless": total.harmless,
        "false_alarms": total.false_alarms,
        "open": count.open,
        "by_class": by_class,
    })
}

fn totals(class: ClassCount) -> String {
    let caught = match class.missed() {
        0 => "all caught".to_owned(),
        missed => format!("{missed} not caught"),
    };
    let alarms = match class.false_alarms {
        0 => "no false alarm".to_owned(),
        alarms => count(alarms, "false alarm", "false alarms"),
    };
    let (mutants, harmless) = (count(class.mutants, "mutant", "mutants"), class.harmless);
    format!("{mutants}, {caught}; {}, {alarms}", count(harmless, "harmless variation", "harmless variations"))
}

fn case<'r>(id: &'r str, source: Option<SourceLine>, failures: &[&'r BlindSpot]) -> Case<'r> {
    let is_failed = failures.iter().any(|failure| !failure.explained);
    let (status, outcome, verdict) = match (is_failed, failures.is_empty()) {
        (true, _) => (Status::Failed, "not proved", "Mutants passed, or harmless variations were reported."),
        (false, true) => (Status::Passed, "proved", "Every mutant was caught, and no harmless variation was reported."),
        (false, false) => (
            Status::Passed,
            "with blind spots",
            "Every mutant was caught but for those in values that a reviewed rule makes volatile.",
        ),
    };
    let finding = |failure: &'r BlindSpot| Finding {
        code: failure.class.name(),
        title: if failure.false_alarm { "a harmless variation was reported" } else { "a mutant was not caught" },
        subject: format!("{}: {}", failure.class.name(), failure.why),
        at: failure.at.as_ref().map_or_else(|| "the response".to_owned(), ToString::to_string),
        sides: None,
        message: &failure.why,
        declared: None,
        rule: None,
        severity: if failure.explained { Severity::Notice } else { Severity::Error },
        source: source.clone(),
        notice: Notice::Explained,
        reference: Reference::Documentation,
        means: match failure.level {
            Level::Exact => "at the exact level",
            Level::Shape => "at the shape level",
        },
        fingerprint: None,
        excerpt: None,
    };
    Case {
        verdict: verdict.to_owned(),
        findings: failures.iter().map(|failure| finding(failure)).collect(),
        source: source.clone(),
        ..Case::new(id, "", status, outcome)
    }
}
