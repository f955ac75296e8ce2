//! In what a request departs from a contract.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::at::RequestPart;

/// How many differences from one contract are listed. Nobody reads more, and a request could have hundreds of thousands.
const MOST_DIFFERENCES: usize = 100;

/// One thing in which a request departs from a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where in the request.
    pub at: RequestPart,
    /// What the contract has there.
    pub expected: String,
    /// What the request has there.
    pub actual: String,
}

impl Difference {
    /// A difference at a place: what was expected there, and what came.
    pub fn new(at: RequestPart, expected: impl Into<String>, actual: impl Into<String>) -> Difference {
        Difference { at, expected: expected.into(), actual: actual.into() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.at, self.expected, self.actual)
    }
}

/// Everything in which a request departs from a contract: the first differences, and how many more there are.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub(super) listed: Vec<Difference>,
    pub(super) omitted: usize,
    /// How many of each kind there are, where they are only counted.
    counted: Option<[usize; 5]>,
}

impl Differences {
    /// Differences that are counted and not described.
    pub(super) fn counting() -> Differences {
        Differences { counted: Some([0; 5]), ..Differences::default() }
    }

    /// Counts segments that differ, if differences are only counted; says whether they are.
    pub(super) fn count_segments(&mut self, count: impl FnOnce() -> usize) -> bool {
        self.counted.as_mut().map(|counted| counted[0] += count()).is_some()
    }

    /// Lists a difference, or only counts it where many are listed already.
    pub(super) fn push(&mut self, at: RequestPart, sides: impl FnOnce() -> (String, String)) {
        if let Some(counted) = &mut self.counted {
            counted[kind(&at)] += 1;
        } else if self.has_room() {
            let (expected, actual) = sides();
            self.listed.push(Difference { at, expected, actual });
        } else {
            self.omitted += 1;
        }
    }

    /// Counts differences that are not listed.
    pub(super) fn omit(&mut self, count: usize) {
        self.omitted += count;
    }

    /// Whether one more would be listed.
    pub(super) fn has_room(&self) -> bool {
        match &self.counted {
            Some(counted) => counted.iter().sum::<usize>() < MOST_DIFFERENCES,
            None => self.listed.len() < MOST_DIFFERENCES,
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.omitted == 0 && self.counted.is_none_or(|counted| counted == [0; 5])
    }

    /// How far the request is from the contract: first by the path, then by the method, by the body as a whole, by the query, and by how many
    /// other places differ.
    pub(super) fn distance(&self) -> [usize; 5] {
        let mut distance = self.counted.unwrap_or_default();
        for difference in &self.listed {
            distance[kind(&difference.at)] += 1;
        }
        distance[4] += self.omitted;
        distance
    }
}

/// Which number of a distance counts a difference at a place.
fn kind(at: &RequestPart) -> usize {
    match at {
        RequestPart::Segment(_) => 0,
        RequestPart::Method => 1,
        RequestPart::Body => 2,
        RequestPart::Query(_) => 3,
        _ => 4,
    }
}
