//! The documented response with one change.

use super::Class;
use graph_contracts::at::At;
use graph_contracts::contract::{Contract, header};
use graph_contracts::normal::Level;
use graph_contracts::stub::Answer;

/// What a comparison has to make of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It has to be reported as an error.
    Caught,
    /// It has to be reported as a note that names the rule, and not as an error.
    Noted,
    /// It must not be reported as an error.
    Harmless,
    /// The contract does not say: what the page documents elsewhere allows the change, or does not agree with itself.
    Open,
}

/// A mutant or a harmless variation.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was changed.
    pub class: Class,
    /// The places at which it may be reported. The first is where it was made.
    pub places: Vec<At>,
    /// What has to become of it at the exact level.
    pub exact: Expectation,
    /// What has to become of it at the shape level.
    pub shape: Expectation,
    /// The changed response.
    pub answer: Answer,
}

impl Mutant {
    /// What has to become of it at a level.
    pub fn expectation(&self, level: Level) -> Expectation {
        match level {
            Level::Exact => self.exact,
            Level::Shape => self.shape,
        }
    }
}

/// The documented `Content-Type`.
pub(super) fn content_type(contract: &Contract) -> Option<&str> {
    header(&contract.response.headers, "content-type").map(|header| header.value.as_str())
}
