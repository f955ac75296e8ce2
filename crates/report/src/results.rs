//! What a command found, in the one form from which every report is made: HTML, JUnit, SARIF, Markdown and annotations.
//!
//! The commands find different things; a report shows cases (a contract on a route, a contract, or a page), what was found in each,
//! and what the findings have in common. `results/` has one file for each command that makes [`Results`].

mod lint;
mod live;
mod metadata;
mod prove;
mod replay;

pub(super) use self::metadata::NOT_KNOWN;
pub(super) use self::metadata::WARNING;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use graph_contracts::compare::{Coverage, Mismatch, Reference, Severity};
use graph_contracts::contract::Contract;
use graph_contracts::normal::Level;
use graph_contracts::replay::Evidence;
use graph_contracts::report::causes::subject;
use graph_contracts::report::safe;
use graph_contracts::source::place;
use graph_contracts::store::Store;
use graph_contracts_odata::check::Verdict;

/// What a command found.
#[derive(Debug)]
pub struct Results<'r> {
    /// The command, such as `replay`.
    pub command: &'static str,
    /// What was asked, as a phrase: `the stub`, or the URL of a service.
    pub provider: String,
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether all is as expected.
    pub holds: bool,
    /// What a case is called: one of them, several.
    pub unit: (&'static str, &'static str),
    /// The cases: contracts on routes, contracts, or pages.
    pub cases: Vec<Case<'r>>,
    /// What is to be known beside the cases.
    pub remarks: Vec<String>,
    /// The contracts that the cases are about, if they are about contracts.
    pub store: Option<&'r Store>,
    /// How closely values were compared.
    pub level: Level,
    /// How the documented values were asserted.
    pub coverage: Coverage,
}

/// What became of a case, whatever its command calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// It could not be found out.
    Errored,
    /// It was left out, for a reason.
    Skipped,
}

/// A contract on a route, a contract, or a page.
#[derive(Debug)]
pub struct Case<'r> {
    /// The contract's id, or the page.
    pub id: &'r str,
    /// Method and URL template; empty where the case is a whole contract or page.
    pub route: &'r str,
    /// What became of it.
    pub status: Status,
    /// The command's own word for that.
    pub outcome: &'static str,
    /// The same in a sentence.
    pub verdict: String,
    /// What was found.
    pub findings: Vec<Finding<'r>>,
    /// How many more findings there were.
    pub omitted: usize,
    /// The page and line.
    pub source: String,
    /// How the documented leaves were asserted.
    pub coverage: Coverage,
    /// How long it took, where that was measured.
    pub elapsed: Option<Duration>,
    /// Names and values for programs, such as the request-id.
    pub properties: Vec<(&'static str, &'r str)>,
    /// Both sides of what differs.
    pub evidence: Option<&'r Evidence>,
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Finding<'r> {
    /// The stable name of its kind.
    pub code: &'static str,
    /// The kind as a phrase.
    pub title: &'r str,
    /// What it is about, whatever is around it: what findings with one cause have in common.
    pub subject: String,
    /// Where it is, within the message or page.
    pub at: String,
    /// What was expected, and what came; a finding about a page has a message instead.
    pub sides: Option<(&'r str, &'r str)>,
    /// What is wrong, where there are no two sides.
    pub message: &'r str,
    /// The file (or URL) and line of the service's metadata that says otherwise; empty where none does.
    pub declared: &'r str,
    /// Whether it counts.
    pub severity: Severity,
    /// The word for a finding that does not count.
    pub notice: &'static str,
    /// The page and line.
    pub source: String,
    /// What the sides are: documented or reviewed, and now.
    pub reference: Reference,
    /// What it means, or what to do about it.
    pub means: &'r str,
}

/// Findings with one cause.
#[derive(Debug)]
pub struct Group<'g> {
    /// The first finding.
    pub first: &'g Finding<'g>,
    /// Each finding with its case, in order.
    pub places: Vec<(&'g Case<'g>, &'g Finding<'g>)>,
}

impl Status {
    /// Every status, the worst first.
    pub const ALL: [Status; 4] = [Status::Failed, Status::Errored, Status::Skipped, Status::Passed];

    /// Its name, for style sheets and filters.
    pub fn name(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Failed => "failed",
            Status::Errored => "errored",
            Status::Skipped => "skipped",
        }
    }
}

impl<'r> Finding<'r> {
    /// A difference between a response and what was expected of it.
    pub(crate) fn of(mismatch: &'r Mismatch) -> Finding<'r> {
        Finding {
            code: mismatch.kind.name(),
            title: mismatch.kind.phrase(),
            subject: subject(mismatch),
            at: mismatch.at.to_string(),
            sides: Some((&mismatch.expected, &mismatch.actual)),
            message: "",
            declared: "",
            severity: mismatch.severity,
            notice: "to be known",
            source: mismatch.source.clone(),
            reference: mismatch.reference,
            means: mismatch.kind.means(),
        }
    }

    /// What is wrong, in a line, without characters that would act on a terminal or change the order of what is shown.
    pub fn line(&self) -> String {
        match self.sides {
            Some((expected, actual)) => {
                let than = match self.reference {
                    Reference::Documentation => "documented",
                    Reference::Snapshot => "reviewed",
                };
                safe(&format!("{} at {}: {actual} instead of {expected} ({than})", self.title, self.at))
            }
            None if self.declared.is_empty() => safe(self.message),
            None => safe(&format!("{} ({})", self.message, self.declared)),
        }
    }

    /// The word for a finding that does not count; `None` for one that does.
    pub fn notice(&self) -> Option<&'static str> {
        (self.severity == Severity::Notice).then_some(self.notice)
    }

    /// The page and the line of the finding.
    pub fn place(&self) -> (&str, u32) {
        place(&self.source)
    }

    /// The column, where it is known.
    pub fn column(&self) -> Option<u32> {
        let mut parts = self.source.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        parts.next()?.parse::<u32>().ok()?;
        Some(column)
    }
}

impl Case<'_> {
    /// The method, where the case has a route.
    pub fn method(&self) -> &str {
        self.route.split_once(' ').map_or("", |(method, _)| method)
    }

    /// Findings that count, and whether there are any.
    pub fn errors(&self) -> impl Iterator<Item = &Finding<'_>> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }
}

impl Results<'_> {
    /// How many cases of each status there are, by the command's own words, the worst first.
    pub fn counts(&self) -> Vec<(Status, &'static str, usize)> {
        let mut counts: Vec<(Status, &'static str, usize)> = Vec::new();
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

    /// The findings by what they have in common, those with the most places first.
    pub fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut known = HashMap::new();
        for case in &self.cases {
            for finding in &case.findings {
                let key = (finding.code, finding.subject.as_str(), finding.severity, finding.reference);
                let index = *known.entry(key).or_insert_with(|| {
                    groups.push(Group { first: finding, places: Vec::new() });
                    groups.len() - 1
                });
                groups[index].places.push((case, finding));
            }
        }
        // Of as many places, the first that was seen; what counts comes before what is only to be known.
        groups.sort_by_key(|group| (std::cmp::Reverse(group.first.severity), std::cmp::Reverse(group.places.len())));
        groups
    }

    /// What the cases of a status are called: by the command's own words where it is about what is declared, not about what came.
    pub fn status_name(&self, status: Status) -> &'static str {
        if self.compares() {
            return status.name();
        }
        let has_accepted = self.cases.iter().any(|case| case.outcome == Verdict::Accepted.name());
        match status {
            Status::Passed if has_accepted => "confirmed or accepted",
            Status::Passed => Verdict::Confirmed.name(),
            Status::Failed => Verdict::Contradicted.name(),
            Status::Errored => status.name(),
            Status::Skipped => Verdict::Unknown.name(),
        }
    }

    /// The statuses that a case of this command can have, the worst first.
    pub fn statuses(&self) -> impl Iterator<Item = Status> + '_ {
        Status::ALL.into_iter().filter(|status| self.compares() || *status != Status::Errored)
    }

    /// Whether documented values were compared with what came, rather than with what is declared.
    pub fn compares(&self) -> bool {
        self.command != "check-metadata"
    }

    /// The contract of a case.
    pub fn contract(&self, case: &Case<'_>) -> Option<&Contract> {
        let contracts = &self.store?.contracts;
        let index = contracts.binary_search_by(|contract| contract.id.as_str().cmp(case.id)).ok()?;
        contracts.get(index)
    }

    /// The answer in a sentence: how many hold.
    pub fn headline(&self) -> String {
        let mut things: BTreeMap<&str, bool> = BTreeMap::new();
        // Of what nothing is said, nothing is confirmed.
        let is_asked = |case: &&Case<'_>| !self.compares() || case.status != Status::Skipped;
        for case in self.cases.iter().filter(is_asked) {
            let holds = match self.command {
                "lint" => case.findings.is_empty(),
                "check-metadata" => case.outcome == Verdict::Confirmed.name(),
                _ => case.status == Status::Passed,
            };
            *things.entry(case.id).or_insert(true) &= holds;
        }
        let (asked, held) = (things.len(), things.values().filter(|holds| **holds).count());
        let thing = match (self.store.is_some(), asked == 1) {
            (true, true) => "contract",
            (true, false) => "contracts",
            (false, true) => "page",
            (false, false) => "pages",
        };
        match (self.command, asked, held == 1 || asked == 1) {
            (_, 0, _) => "Nothing was asked".to_owned(),
            ("lint", _, true) => format!("{held} of {asked} {thing} has no defect"),
            ("lint", _, false) => format!("{held} of {asked} {thing} have no defect"),
            ("check-metadata", _, true) => format!("{held} of {asked} {thing} is confirmed"),
            ("check-metadata", _, false) => format!("{held} of {asked} {thing} are confirmed"),
            (_, _, true) => format!("{held} of {asked} {thing} holds"),
            (_, _, false) => format!("{held} of {asked} {thing} hold"),
        }
    }
}
