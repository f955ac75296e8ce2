//! What a command found.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Block, Case, Class, Group, Line, Notice, Status, Tone, count};
use crate::compare::Coverage;
use crate::contract::Contract;
use crate::normal::Level;
use crate::store::Store;

/// What a command judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judged {
    /// What a provider answers to contracts.
    #[default]
    Responses,
    /// Contracts, by what a service declares of itself.
    Declarations,
    /// Documentation pages.
    Pages,
    /// What a client sent.
    Requests,
    /// What differs between two sets.
    Changes,
}

/// What a command found, for people and programs.
#[derive(Debug, Default)]
pub struct Report<'r> {
    /// The command, such as `replay`.
    pub command: &'r str,
    /// What was asked, as a phrase: `the stub`, or the URL of a service.
    pub provider: String,
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub elapsed: Duration,
    /// 0 as expected, 1 contracts broken, 2 could not run.
    pub exit_code: u8,
    /// What a case is called: one of them, several.
    pub unit: (&'r str, &'r str),
    /// What was judged.
    pub judged: Judged,
    /// What is said of a case without a result, before the reason.
    pub errored: &'r str,
    /// The cases: contracts on routes, contracts, or pages.
    pub cases: Vec<Case<'r>>,
    /// What there is beside the cases.
    pub blocks: Vec<Block>,
    /// What was counted beside the cases, for every form of the report but a terminal.
    pub totals: Vec<Total>,
    /// The result in a line, and what to do next.
    pub summary: Summary,
    /// Which part of how many it is, if it is a part: others have to be added for the whole.
    pub part: Option<(usize, usize)>,
    /// The contracts that the cases are about, if they are about contracts.
    pub store: Option<&'r Store>,
    /// How closely values were compared.
    pub level: Level,
    /// How the documented values were asserted.
    pub coverage: Coverage,
    /// The result for programs: an object, whose members are stable. `docs/results.schema.json` has them.
    pub document: Value,
}

/// A number of things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// How many.
    pub number: usize,
    /// What one of them is called.
    pub one: String,
    /// What several are called.
    pub many: String,
}

impl Total {
    /// So many of these.
    pub fn new(number: usize, one: &str, many: &str) -> Total {
        Total { number, one: one.to_owned(), many: many.to_owned() }
    }
}

/// The result of a command in a line, and what to do next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What was looked at, such as `5 contracts, 6 routes`.
    pub subject: String,
    /// Whether that is well.
    pub tone: Tone,
    /// What became of it, such as `6 matched`.
    pub result: String,
    /// How long it took, where that is said.
    pub elapsed: Option<Duration>,
    /// What else there is to say, and what to do next.
    pub notes: Vec<Line>,
}

impl Summary {
    /// Numbers with their words; those that are 0 are left out.
    pub fn parts<'w>(parts: impl IntoIterator<Item = (usize, &'w str)>) -> String {
        let parts = parts.into_iter().filter(|(number, _)| *number > 0);
        parts.map(|(number, word)| format!("{number} {word}")).collect::<Vec<_>>().join(", ")
    }
}

impl<'r> Report<'r> {
    /// A report of which nothing more is known.
    pub fn new(command: &'r str, provider: impl Into<String>, at: Timestamp, elapsed: Duration) -> Report<'r> {
        let unit = ("route", "routes");
        Report { command, provider: provider.into(), at, elapsed, unit, errored: "errored", ..Report::default() }
    }

    /// What every form of the report has to say beside the cases, a sentence each.
    pub fn remarks(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let totals = self.totals.iter().map(|total| count(total.number, &total.one, &total.many));
        // The headline has the numbers of changes.
        let totals =
            Some(totals.collect::<Vec<_>>().join(", ")).filter(|own| !own.is_empty() && self.judged != Judged::Changes);
        totals.map(Cow::Owned).into_iter().chain(self.own_remarks().map(Cow::Borrowed))
    }

    /// The same without what was counted.
    pub fn own_remarks(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|block| &block.remarks).map(String::as_str)
    }

    /// How many cases of each status there are, by the command's own words, the worst first.
    pub fn counts(&self) -> Vec<(Status, &'r str, usize)> {
        let mut counts: Vec<(Status, &'r str, usize)> = Vec::new();
        for case in &self.cases {
            match counts.iter_mut().find(|(status, outcome, _)| (*status, *outcome) == (case.status, case.outcome)) {
                Some((.., count)) => *count += 1,
                None => counts.push((case.status, case.outcome, 1)),
            }
        }
        counts.sort_by_key(|(status, outcome, _)| (Status::ALL.iter().position(|other| other == status), *outcome));
        counts
    }

    /// The number of cases of that status.
    pub fn count(&self, status: Status) -> usize {
        self.cases.iter().filter(|case| case.status == status).count()
    }

    /// The findings by what they have in common: what counts first, and of that what shows in most places.
    pub fn groups(&self) -> Vec<Group<'_>> {
        Group::of(self.cases.iter())
    }

    /// The same, with the causes of a kind rolled up where there are many.
    pub fn classes(&self) -> Vec<Class<'_>> {
        Class::of(self.groups())
    }

    /// All causes by their kind: each code once for each level that it has.
    pub fn kinds(&self) -> Vec<Class<'_>> {
        Class::of_kinds(self.groups())
    }

    /// How many findings count, how many are warnings, and how many are notes.
    pub fn levels(&self) -> [(usize, &'static str, &'static str); 3] {
        let findings = || self.cases.iter().flat_map(|case| &case.findings);
        let count = |is: fn(Option<Notice>) -> bool| findings().filter(|finding| is(finding.notice())).count();
        [
            (count(|notice| notice.is_none()), "error", "errors"),
            (count(|notice| notice == Some(Notice::Warning)), "warning", "warnings"),
            (count(|notice| notice.is_some_and(|notice| notice != Notice::Warning)), "note", "notes"),
        ]
    }

    /// Whether documented values were compared with what came, rather than with what is declared.
    pub fn compares(&self) -> bool {
        !matches!(self.judged, Judged::Declarations | Judged::Requests | Judged::Changes)
    }

    /// The contract of a case.
    pub fn contract(&self, case: &Case<'_>) -> Option<&'r Contract> {
        let contracts = &self.store?.contracts;
        let index = contracts.binary_search_by(|contract| contract.id.as_str().cmp(case.id)).ok()?;
        contracts.get(index)
    }

    /// The area of the service that a case is about: the first segment of its URL template below the version; of a page, its folder; of what
    /// changed, what its command says.
    pub fn area(&self, case: &Case<'_>) -> String {
        if self.judged == Judged::Changes {
            let area = case.properties.iter().find(|(name, _)| *name == Case::AREA);
            return area.map_or("other", |(_, area)| area).to_owned();
        }
        if self.judged == Judged::Pages {
            return case.id.rsplit_once('/').map_or("pages", |(folder, _)| folder).to_owned();
        }
        let path = match self.contract(case).and_then(|contract| contract.routes.first()) {
            Some(route) => route.path.as_str(),
            None => case.route.split_once(' ').map_or("", |(_, path)| path),
        };
        let first = path.split(['/', '(', '?']).find(|segment| !segment.is_empty());
        first.unwrap_or("other").to_owned()
    }

    /// What was looked at: `5 contracts, 6 routes`, or `3 pages`.
    pub fn subject(&self) -> String {
        let (one, many) = self.unit;
        let cases = count(self.cases.len(), one, many);
        if matches!(self.judged, Judged::Pages | Judged::Changes) || self.cases.iter().all(|case| case.route.is_empty())
        {
            return cases;
        }
        let ids: BTreeSet<&str> = self.cases.iter().map(|case| case.id).collect();
        format!("{}, {cases}", count(ids.len(), "contract", "contracts"))
    }

    /// The answer in a sentence: how many hold; of pages, what is wrong with how many.
    pub fn headline(&self) -> String {
        if self.judged == Judged::Pages {
            return self.headline_of_pages();
        }
        if self.judged == Judged::Changes {
            return self.headline_of_changes();
        }
        let mut things: BTreeMap<&str, bool> = BTreeMap::new();
        // Of what was not asked, nothing is known.
        let is_asked = |case: &&Case<'_>| !self.compares() || case.status != Status::Skipped;
        for case in self.cases.iter().filter(is_asked) {
            // An operation may have no contract.
            let thing = if self.judged == Judged::Requests { case.route } else { case.id };
            *things.entry(thing).or_insert(true) &= case.holds;
        }
        let (asked, held) = (things.len(), things.values().filter(|holds| **holds).count());
        let is_of_client = self.judged == Judged::Requests;
        let thing = match (is_of_client, asked == 1) {
            (false, true) => "contract",
            (false, false) => "contracts",
            (true, true) => "operation",
            (true, false) => "operations",
        };
        let verb = match (self.compares(), held == 1 || asked == 1) {
            (_, true) if is_of_client => "is called as documented",
            (_, false) if is_of_client => "are called as documented",
            (true, true) => "holds",
            (true, false) => "hold",
            (false, true) => "is confirmed",
            (false, false) => "are confirmed",
        };
        if asked == 0 { "Nothing was asked".to_owned() } else { format!("{held} of {asked} {thing} {verb}") }
    }

    fn headline_of_changes(&self) -> String {
        let totals = self.totals.iter().filter(|total| total.number > 0);
        let totals: Vec<String> = totals.map(|total| count(total.number, &total.one, &total.many)).collect();
        if totals.is_empty() { "Nothing changed".to_owned() } else { totals.join(", ") }
    }

    fn headline_of_pages(&self) -> String {
        let pages = count(self.cases.len(), "page", "pages");
        let defective = self.cases.iter().filter(|case| !case.findings.is_empty()).count();
        let levels = self.levels().into_iter().filter(|(number, ..)| *number > 0);
        let levels: Vec<String> = levels.map(|(number, one, many)| count(number, one, many)).collect();
        match defective {
            0 => format!("No defect on {pages}"),
            _ => format!("{} on {defective} of {pages}", levels.join(", ")),
        }
    }
}
