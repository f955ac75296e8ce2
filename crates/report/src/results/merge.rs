//! Results that were read again, and the results of several machines as one.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use graph_contracts::compare::Coverage;
use graph_contracts::report::{Block, Report, Summary, Tone, asserted};
use graph_contracts::store::Store;
use jiff::Timestamp;
use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use super::records::{CaseRecord, Shown};
use super::{CASES, COMPARISON, SHOWN};

/// The results of a run, or of several runs of one command on parts of the same contracts or pages.
#[derive(Clone, Debug)]
pub struct Results {
    command: String,
    at: Timestamp,
    elapsed: Duration,
    shown: Shown,
    cases: Vec<CaseRecord>,
    /// Which parts of how many these are; nothing of a whole run.
    parts: Option<(BTreeSet<usize>, usize)>,
    /// The command's own numbers and lists.
    own: Map<String, Value>,
}

/// Why results cannot be read or merged.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum MergeError {
    /// The text is not a result of this program, or one of another version.
    #[error("these are no results of this version of graph-contracts: {0}; make them again with --report or --json")]
    NotResults(String),
    /// The results are of different commands, or of different providers.
    #[error("these are results of `{0}`, and the ones before of `{1}`: only results of one command make one report")]
    OtherCommand(String, String),
    /// The parts are not parts of one whole.
    #[error("this is {0}, and the ones before are {1}")]
    OtherPartition(String, String),
    /// Both have a result for the same case.
    #[error(
        "{0} is in the ones before, too: results of parts have no case in common (were they made with the same --partition?)"
    )]
    Twice(String),
}

impl Results {
    /// Reads the text of a `results.json`.
    ///
    /// # Errors
    ///
    /// When the text is not such a file.
    pub fn read(text: &str) -> Result<Results, MergeError> {
        let why = |error: serde_json::Error| MergeError::NotResults(error.to_string());
        let lacks = |name: &str| MergeError::NotResults(format!("there is no member `{name}`"));
        let mut own: Map<String, Value> = serde_json::from_str(text).map_err(why)?;
        // What is read keeps its place in the document.
        let mut take = |name: &str| own.get_mut(name).map(Value::take).ok_or_else(|| lacks(name));
        let command = serde_json::from_value(take("command")?).map_err(why)?;
        let at = serde_json::from_value(take("at")?).map_err(why)?;
        let shown: Shown = serde_json::from_value(take(SHOWN)?).map_err(why)?;
        let parts = shown.part.map(|(own, all)| (BTreeSet::from([own]), all));
        let cases = serde_json::from_value(take(CASES)?).map_err(why)?;
        let seconds: f64 = serde_json::from_value(take("seconds")?).map_err(why)?;
        // It is of that run alone.
        own.remove(COMPARISON);
        let elapsed =
            Duration::try_from_secs_f64(seconds).map_err(|error| MergeError::NotResults(error.to_string()))?;
        Ok(Results { command, at, elapsed, shown, cases, parts, own })
    }

    /// Adds the results of another part. Numbers are added up; the parts ran side by side, so that the longest counts.
    ///
    /// # Errors
    ///
    /// When it is not a part of the same whole; then nothing is added.
    pub fn add(&mut self, part: Results) -> Result<(), MergeError> {
        if part.command != self.command {
            return Err(MergeError::OtherCommand(part.command, self.command.clone()));
        }
        let parts = match (&self.parts, &part.parts) {
            (Some((own, all)), Some((other, of))) if all == of => Some((own | other, *all)),
            (None, None) => None,
            _ => return Err(MergeError::OtherPartition(part.shown_part(), self.shown_part())),
        };
        let known: HashMap<(&str, &str), &CaseRecord> = self.cases.iter().map(|case| (case.key(), case)).collect();
        // What every part judges, such as the specimens of a proof, is on no page, and has the same result in all.
        let (again, new): (Vec<CaseRecord>, Vec<CaseRecord>) =
            part.cases.into_iter().partition(|case| known.contains_key(&case.key()));
        let is_of_all = |case: &&CaseRecord| case.source.is_none() && known.get(&case.key()) == Some(case);
        if let Some(twice) = again.iter().find(|case| !is_of_all(case)) {
            return Err(MergeError::Twice(twice.id.clone()));
        }
        self.parts = parts;
        self.at = self.at.min(part.at);
        self.elapsed = self.elapsed.max(part.elapsed);
        self.shown.exit_code = worse(self.shown.exit_code, part.shown.exit_code);
        if self.shown.provider != part.shown.provider {
            self.shown.provider = format!("{}, {}", self.shown.provider, part.shown.provider);
        }
        for total in part.shown.totals {
            match self.shown.totals.iter_mut().find(|own| own.one == total.one) {
                Some(own) => own.number += total.number,
                None => self.shown.totals.push(total),
            }
        }
        for remark in part.shown.remarks {
            if !self.shown.remarks.contains(&remark) {
                self.shown.remarks.push(remark);
            }
        }
        self.cases.extend(new);
        self.cases.sort_by(|one, other| one.key().cmp(&other.key()));
        add_members(&mut self.own, part.own);
        Ok(())
    }

    /// The parts that are missing for the whole, such as `2` of `3`.
    pub fn missing(&self) -> Vec<usize> {
        let Some((own, all)) = &self.parts else { return Vec::new() };
        (1..=*all).filter(|part| !own.contains(part)).collect()
    }

    /// The parts in words.
    fn shown_part(&self) -> String {
        let Some((own, all)) = &self.parts else { return "a whole run".to_owned() };
        let own: Vec<String> = own.iter().map(ToString::to_string).collect();
        format!("part {} of {all}", own.join(", "))
    }

    /// The command that was run.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// The report. The store has the contracts that the cases are about, if they are at hand: a report shows what they document.
    pub fn report<'r>(&'r self, store: Option<&'r Store>) -> Report<'r> {
        let (one, many) = &self.shown.unit;
        let mut report = Report {
            exit_code: self.shown.exit_code,
            unit: (one, many),
            judged: self.shown.judged,
            errored: &self.shown.errored,
            cases: self.cases.iter().map(CaseRecord::case).collect(),
            blocks: vec![Block::default().remark(self.shown.remarks.clone())],
            totals: self.shown.totals.clone(),
            store,
            level: self.shown.level,
            ..Report::new(&self.command, self.shown.provider.clone(), self.at, self.elapsed)
        };
        // A contract with several routes is asserted once.
        report.coverage = self.own.get("asserted").and_then(|own| Coverage::deserialize(own).ok()).unwrap_or_default();
        let counts = report.counts();
        report.summary = Summary {
            subject: report.subject(),
            tone: [Tone::Good, Tone::Bad, Tone::Warn][usize::from(self.shown.exit_code.min(2))],
            result: Summary::parts(counts.into_iter().map(|(_, outcome, number)| (number, outcome))),
            elapsed: Some(self.elapsed),
            notes: Some(asserted(report.coverage))
                .filter(|_| report.coverage != Coverage::default())
                .into_iter()
                .collect(),
        };
        report.document = self.document();
        report
    }

    /// The document without what reports show of it.
    fn document(&self) -> Value {
        let mut document = self.own.clone();
        document.insert("command".to_owned(), json!(self.command));
        document.insert("at".to_owned(), json!(self.at));
        document.insert("seconds".to_owned(), json!(self.elapsed.as_secs_f64()));
        Value::Object(document)
    }
}

/// The exit code of two runs as one: broken contracts first, then what could not run.
fn worse(one: u8, other: u8) -> u8 {
    match (one, other) {
        (1, _) | (_, 1) => 1,
        _ => one.max(other),
    }
}

/// What every part has of the whole: the specimens of a proof, and the pages that were read, with what could not be judged on them.
const OF_THE_WHOLE: [&str; 3] = ["specimens", "pages", "unjudged"];

/// Adds the members of a part: numbers are added up, lists follow each other, and objects are added member by member. Texts in lists stand once.
fn add_members(all: &mut Map<String, Value>, part: Map<String, Value>) {
    for (name, value) in part {
        match all.get_mut(&name) {
            None => drop(all.insert(name, value)),
            // It was read.
            Some(Value::Null) => {}
            Some(own) if name == "causes" => add_causes(own, value),
            // Every part has all of them.
            Some(_) if OF_THE_WHOLE.contains(&name.as_str()) => {}
            Some(own) => add_value(own, value),
        }
    }
}

fn add_value(own: &mut Value, part: Value) {
    match (own, part) {
        (Value::Object(own), Value::Object(part)) => add_members(own, part),
        (Value::Array(own), Value::Array(part)) => {
            let known: HashSet<String> = own.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            own.extend(part.into_iter().filter(|item| !item.as_str().is_some_and(|text| known.contains(text))));
        }
        (Value::Bool(own), Value::Bool(part)) => *own |= part,
        (own, part) => {
            let sum = own.as_u64().zip(part.as_u64()).map(|(one, other)| json!(one.saturating_add(other)));
            if let Some(sum) = sum {
                *own = sum;
            }
        }
    }
}

/// Causes that several parts have are one, with the places of all.
fn add_causes(own: &mut Value, part: Value) {
    let (Value::Array(own), Value::Array(part)) = (own, part) else { return };
    let key = |cause: &Value| ["kind", "subject", "severity", "reference"].map(|name| cause[name].to_string());
    let known: HashMap<[String; 4], usize> =
        own.iter().enumerate().map(|(position, cause)| (key(cause), position)).collect();
    for mut cause in part {
        match known.get(&key(&cause)) {
            Some(position) => add_value(&mut own[*position]["places"], cause["places"].take()),
            None => own.push(cause),
        }
    }
    own.sort_by_key(|cause| Reverse(cause["places"].as_array().map_or(0, Vec::len)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_missing_is_known() {
        let part = |own: usize, all: usize| {
            let mut results = results("replay", &[(&format!("{own}"), "matched")], &json!({}));
            results.parts = Some((BTreeSet::from([own]), all));
            results
        };
        let mut all = part(3, 3);
        assert_eq!(all.missing(), [1, 2]);
        all.add(part(1, 3)).expect("another part");
        assert_eq!(all.missing(), [2]);
        let refused = all.add(part(2, 4)).expect_err("a part of something else");
        assert_eq!(refused.to_string(), "this is part 2 of 4, and the ones before are part 1, 3 of 3");
        assert!(all.add(results("replay", &[("whole", "matched")], &json!({}))).is_err());
        all.add(part(2, 3)).expect("the last part");
        assert!(all.missing().is_empty());
        assert!(results("replay", &[], &json!({})).missing().is_empty());
    }

    fn results(command: &str, cases: &[(&str, &str)], own: &Value) -> Results {
        let cases: Vec<Value> = cases
            .iter()
            .map(|(id, outcome)| {
                let status = if *outcome == "matched" { "passed" } else { "failed" };
                json!({ "id": id, "status": status, "outcome": outcome, "holds": status == "passed", "verdict": "" })
            })
            .collect();
        let exit_code = u8::from(cases.iter().any(|case| case["status"] == "failed"));
        let mut document = json!({
            "command": command, "at": "2026-01-02T03:04:05Z", "seconds": 1.5, "cases": cases,
            "report": {
                "provider": "the stub", "unit": ["route", "routes"], "judged": "responses", "errored": "errored", "level": "exact",
                "exit_code": exit_code, "totals": [{ "number": 2, "one": "thing", "many": "things" }], "remarks": ["a remark"],
            },
        });
        for (name, value) in own.as_object().into_iter().flatten() {
            document[name] = value.clone();
        }
        Results::read(&document.to_string()).expect("results")
    }

    #[test]
    fn numbers_are_added_and_lists_follow_each_other() {
        let part = |id, outcome, own: Value| results("replay", &[(id, outcome)], &own);
        let cause =
            |subject: &str, place: u32| json!({ "kind": "value", "subject": subject, "places": [{ "id": place }] });
        let mut all = part(
            "b",
            "matched",
            json!({ "routes": 1, "asserted": { "exact": 2 }, "unused_rules": ["r"], "causes": [cause("a", 1)], "stopped": false }),
        );
        let more = json!({ "routes": 2, "asserted": { "exact": 3 }, "unused_rules": ["r", "s"], "causes": [cause("b", 2), cause("a", 3)],
            "stopped": true });
        all.add(part("a", "mismatched", more)).expect("another part");
        let report = all.report(None);
        assert_eq!(report.cases.iter().map(|case| case.id).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((report.exit_code, report.summary.subject.as_str()), (1, "2 routes"));
        assert_eq!(report.summary.result, "1 mismatched, 1 matched");
        assert_eq!(report.remarks().collect::<Vec<_>>(), ["4 things", "a remark"]);
        assert_eq!(report.document["routes"], 3);
        assert_eq!(report.document["asserted"]["exact"], 5);
        assert_eq!(report.document["unused_rules"], json!(["r", "s"]));
        assert_eq!(report.document["stopped"], true);
        assert_eq!(report.document["causes"][0]["places"], json!([{ "id": 1 }, { "id": 3 }]));
        assert_eq!(report.document["causes"][1]["subject"], "b");
    }

    #[test]
    fn what_is_no_part_of_the_same_whole_is_refused() {
        let check = |other: Results, expected: &MergeError| {
            let mut all = results("replay", &[("a", "matched")], &json!({}));
            assert_eq!(all.add(other).as_ref(), Err(expected));
            assert_eq!(all.report(None).cases.len(), 1);
        };
        check(
            results("lint", &[("b", "matched")], &json!({})),
            &MergeError::OtherCommand("lint".to_owned(), "replay".to_owned()),
        );
        check(results("replay", &[("a", "mismatched")], &json!({})), &MergeError::Twice("a".to_owned()));
        for text in ["", "[]", "{}", "{\"command\": 1}"] {
            assert!(matches!(Results::read(text), Err(MergeError::NotResults(_))), "{text}");
        }
    }
}
