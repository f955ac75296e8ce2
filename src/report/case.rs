//! What became of one contract on a route, one contract, or one page.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::{Evidence, Finding};
use crate::compare::{Coverage, Severity};
use crate::source::SourceLine;

/// What became of a case, whatever its command calls it.
#[derive(Clone, Copy, Debug, Default, IntoStaticStr, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Status {
    /// As expected.
    #[default]
    Passed,
    /// Not as expected.
    Failed,
    /// It could not be found out.
    Errored,
    /// It was left out, for a reason.
    Skipped,
}

impl Status {
    /// Every status, the worst first.
    pub const ALL: [Status; 4] = [Status::Failed, Status::Errored, Status::Skipped, Status::Passed];

    /// Its name, for style sheets and filters.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A contract on a route, a contract, or a page.
#[derive(Debug, Default)]
pub struct Case<'r> {
    /// The contract's id, or the page.
    pub id: &'r str,
    /// Method and URL template; empty where the case is a whole contract or page.
    pub route: &'r str,
    /// What became of it.
    pub status: Status,
    /// The command's own word for that.
    pub outcome: &'r str,
    /// Whether it counts as one that holds: as expected, and not by a suppression.
    pub holds: bool,
    /// The same in a sentence.
    pub verdict: String,
    /// Why there is no result, or none that decides.
    pub reason: Option<String>,
    /// The class of the reason for which it was left out.
    pub left_out: Option<&'r str>,
    /// What else a person is told of it, as the rest of a sentence.
    pub note: Option<String>,
    /// What was found.
    pub findings: Vec<Finding<'r>>,
    /// How many more findings there were.
    pub omitted: usize,
    /// The page and line, where it is documented.
    pub source: Option<SourceLine>,
    /// How the documented leaves were asserted.
    pub coverage: Coverage,
    /// How long it took, where that was measured.
    pub elapsed: Option<Duration>,
    /// Names and values for programs, such as the request-id.
    pub properties: Vec<(&'r str, &'r str)>,
    /// Both sides of what differs.
    pub evidence: Option<&'r Evidence>,
}

impl<'r> Case<'r> {
    /// The route as it stands behind the contract's id, and before it what several stand for; nothing where there is none.
    pub fn on_route(&self, before: &str) -> String {
        if self.route.is_empty() { String::new() } else { format!(" on {before}{}", self.route) }
    }

    /// The property that has the area of what changed.
    pub const AREA: &'static str = "area";

    /// A case of which only this is known.
    pub fn new(id: &'r str, route: &'r str, status: Status, outcome: &'r str) -> Case<'r> {
        Case { id, route, status, outcome, holds: status == Status::Passed, ..Case::default() }
    }

    /// The method, where the case has a route.
    pub fn method(&self) -> &str {
        self.route.split_once(' ').map_or("", |(method, _)| method)
    }

    /// Findings that count.
    pub fn errors(&self) -> impl Iterator<Item = &Finding<'_>> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }
}
