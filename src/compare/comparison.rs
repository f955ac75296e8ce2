//! What a comparison found.

use std::iter::Sum;

use serde::{Deserialize, Serialize};

use super::Mismatch;
use crate::normal::Level;

/// The differences, and how much was compared.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The differences: the request, the status, the body, the header fields.
    pub mismatches: Vec<Mismatch>,
    /// How many more there were.
    pub omitted: usize,
    /// How the documented leaves were asserted.
    pub coverage: Coverage,
}

/// How many leaves of documented bodies were asserted, and how. A leaf is a scalar or an empty array or object; a text body is
/// one leaf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// By value.
    pub exact: usize,
    /// By declared type, enumeration, or the look of the documented value.
    pub shape: usize,
    /// Not at all.
    pub none: usize,
}

/// How one documented leaf is asserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// By value.
    Exact,
    /// By declared type, enumeration, or the look of the documented value.
    Shape,
    /// Not at all.
    None,
}

impl Coverage {
    /// Counts one leaf more.
    pub(super) fn add(&mut self, assertion: Assertion) {
        match assertion {
            Assertion::Exact => self.exact += 1,
            Assertion::Shape => self.shape += 1,
            Assertion::None => self.none += 1,
        }
    }

    pub(super) fn of_leaf(level: Level) -> Coverage {
        match level {
            Level::Exact => Coverage { exact: 1, ..Coverage::default() },
            Level::Shape => Coverage { shape: 1, ..Coverage::default() },
        }
    }

    /// The number of leaves.
    pub fn leaves(self) -> usize {
        self.exact + self.shape + self.none
    }

    /// The same leaves, none of them asserted.
    #[must_use]
    pub(crate) fn not_asserted(self) -> Coverage {
        Coverage { none: self.leaves(), ..Coverage::default() }
    }

    /// Leaves that are part of these were not asserted after all.
    pub(super) fn withdraw(&mut self, leaves: Coverage) {
        self.exact -= leaves.exact.min(self.exact);
        self.shape -= leaves.shape.min(self.shape);
        self.none += leaves.exact + leaves.shape;
    }
}

impl Sum for Coverage {
    fn sum<I: Iterator<Item = Coverage>>(parts: I) -> Coverage {
        parts.fold(Coverage::default(), |sum, part| Coverage {
            exact: sum.exact + part.exact,
            shape: sum.shape + part.shape,
            none: sum.none + part.none,
        })
    }
}
