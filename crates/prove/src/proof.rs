//! What became of the mutants and variations.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::time::Duration;

use serde::Serialize;

use super::Class;
use graph_contracts::at::At;
use graph_contracts::normal::Level;

/// The result of a proof.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The number of contracts that were proved.
    pub contracts: usize,
    /// What became of their mutants and variations.
    pub count: Count,
    /// The same of the specimens.
    pub specimens: Count,
    /// Mutants that were not caught and harmless variations that were, each with the reason.
    pub failures: Vec<BlindSpot>,
    /// How many more there were.
    pub omitted: usize,
    /// Contracts whose bodies are so large that there are mutants of every second value only, every third, …
    pub sampled: Vec<Sampled>,
    /// How long it took.
    pub elapsed: Duration,
}

/// A contract of which not every value was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sampled {
    /// The contract.
    pub contract: String,
    /// Of every how many values there are mutants.
    pub every: usize,
}

/// How many mutants and variations there were. A change that is judged at both levels counts twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// By class.
    pub by_class: BTreeMap<Class, ClassCount>,
    /// Changes that the contracts leave open at a level, and that were not judged there.
    pub open: usize,
}

/// How many mutants or variations of one class there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassCount {
    /// Those that have to be caught.
    pub mutants: usize,
    /// Of these, those that were.
    pub caught: usize,
    /// Those that must not be reported.
    pub harmless: usize,
    /// Of these, those that were.
    pub false_alarms: usize,
}

/// A mutant that was not caught, or a harmless variation that was.
#[derive(Clone, Debug, Serialize)]
pub struct BlindSpot {
    /// The contract.
    pub contract: String,
    /// What was changed.
    pub class: Class,
    /// Where; nowhere in particular if a variation concerns the whole response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// At which level it was judged.
    pub level: Level,
    /// What went wrong, or why it cannot be seen.
    pub why: String,
    /// Whether it is explained: a reviewed rule hides the value.
    pub explained: bool,
    /// Whether it is a harmless variation.
    #[serde(skip)]
    pub false_alarm: bool,
}

impl Count {
    /// The sum over all classes.
    pub fn total(&self) -> ClassCount {
        let mut total = ClassCount::default();
        self.by_class.values().for_each(|class| total += *class);
        total
    }
}

impl AddAssign for ClassCount {
    fn add_assign(&mut self, other: ClassCount) {
        self.mutants += other.mutants;
        self.caught += other.caught;
        self.harmless += other.harmless;
        self.false_alarms += other.false_alarms;
    }
}

impl ClassCount {
    /// The mutants that were not caught.
    pub fn missed(self) -> usize {
        self.mutants - self.caught
    }
}

/// The most failures that are kept. A rule that does not work fails thousands of times for the same reason.
const MOST_FAILURES: usize = 10_000;

impl Proof {
    /// The mutants that were not caught, each with the reason.
    pub fn blind_spots(&self) -> impl Iterator<Item = &BlindSpot> {
        self.failures.iter().filter(|failure| !failure.false_alarm)
    }

    /// The harmless variations that were reported.
    pub fn false_alarms(&self) -> impl Iterator<Item = &BlindSpot> {
        self.failures.iter().filter(|failure| failure.false_alarm)
    }

    /// Whether every mutant was caught but for explained blind spots, and no harmless variation was.
    pub fn holds(&self) -> bool {
        self.omitted == 0 && self.failures.iter().all(|failure| failure.explained)
    }

    pub(super) fn add(&mut self, failure: BlindSpot) {
        if self.failures.len() < MOST_FAILURES {
            self.failures.push(failure);
        } else {
            self.omitted += 1;
        }
    }
}
