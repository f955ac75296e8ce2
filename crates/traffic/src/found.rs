//! One thing that is found.

use graph_contracts::source::SourceLine;

use crate::kind::Kind;

/// What is found of one request. Its texts may be written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// What was found, as a fragment.
    pub message: String,
    /// The page and line that it is about.
    pub source: Option<SourceLine>,
    /// The metadata and line that it is about.
    pub declared: Option<SourceLine>,
}

impl Found {
    pub(crate) fn new(kind: Kind, message: impl Into<String>, source: Option<SourceLine>) -> Found {
        Found { kind, message: message.into(), source, declared: None }
    }
}
