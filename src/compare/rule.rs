//! What decides beside the sample: the rule that makes a difference a mismatch, or a note.

use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::source::SourceLine;

/// What decided on a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Who says so.
    pub source: RuleSource,
    /// What it says, as a phrase: `microsoft.graph.user/mail is nullable`.
    pub says: String,
}

/// Who states a rule, in the order of trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleSource {
    /// The service's own metadata.
    Metadata(SourceLine),
    /// The request that was sent.
    Request(SourceLine),
    /// A page's table, or the page of a type.
    Page(SourceLine),
    /// The documented example.
    Sample(SourceLine),
    /// OData, where nobody says otherwise.
    Protocol,
}

impl Rule {
    /// What somebody says.
    pub(super) fn new(source: RuleSource, says: &str) -> Rule {
        Rule { source, says: says.to_owned() }
    }
}

impl RuleSource {
    /// The stable name.
    pub fn name(&self) -> &'static str {
        match self {
            RuleSource::Metadata(_) => "metadata",
            RuleSource::Request(_) => "request",
            RuleSource::Page(_) => "page",
            RuleSource::Sample(_) => "sample",
            RuleSource::Protocol => "odata",
        }
    }

    /// The file and line, where there is one.
    pub fn line(&self) -> Option<&SourceLine> {
        match self {
            RuleSource::Metadata(line)
            | RuleSource::Request(line)
            | RuleSource::Page(line)
            | RuleSource::Sample(line) => Some(line),
            RuleSource::Protocol => None,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rule { source, says } = self;
        match source.line() {
            Some(line) => write!(f, "{says} ({} {line})", source.name()),
            None => write!(f, "{says} (OData)"),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = self.source.line();
        let mut fields = serializer.serialize_struct("Rule", 2 + usize::from(line.is_some()))?;
        fields.serialize_field("from", self.source.name())?;
        match line {
            Some(line) => fields.serialize_field("at", line)?,
            None => fields.skip_field("at")?,
        }
        fields.serialize_field("says", &self.says)?;
        fields.end()
    }
}
