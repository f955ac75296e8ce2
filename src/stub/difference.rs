//! One thing in which a request departs from a contract.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::at::RequestPart;

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
