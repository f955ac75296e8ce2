//! What is found when a contract is checked against metadata.

use serde::{Serialize, Serializer};

use graph_contracts::at::At;
use graph_contracts::diagnostic::{Code, Diagnostic, Severity};
use graph_contracts::source::SourceLine;

/// What the metadata says of a contract on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything that it describes is as documented.
    Confirmed,
    /// Something is not.
    Contradicted,
    /// Something is not, and somebody has accepted that.
    Accepted,
    /// It does not say.
    Unknown,
}

/// One thing that is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing it is.
    pub code: Code,
    /// The contract.
    pub contract: String,
    /// The method and URL template.
    pub route: String,
    /// Where in the contract it is.
    #[serde(serialize_with = "in_words")]
    pub at: At,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
    /// The page and line.
    pub source: SourceLine,
    /// The file (or URL) and line of the metadata that says otherwise.
    pub metadata: Option<SourceLine>,
    /// What it is about, whatever contract it is found in.
    #[serde(skip)]
    pub subject: String,
    /// Whether somebody has accepted it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
}

fn in_words<S: Serializer>(at: &At, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.in_words())
}

impl Verdict {
    /// Every verdict, the worst first.
    pub const ALL: [Verdict; 4] = [Verdict::Contradicted, Verdict::Unknown, Verdict::Accepted, Verdict::Confirmed];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Confirmed => "confirmed",
            Verdict::Contradicted => "contradicted",
            Verdict::Accepted => "accepted",
            Verdict::Unknown => "unknown",
        }
    }

    /// The verdict that follows from findings.
    pub(super) fn of(findings: &[Finding]) -> Verdict {
        let contradictions = || findings.iter().filter(|finding| finding.contradicts());
        if contradictions().any(|finding| !finding.accepted) {
            Verdict::Contradicted
        } else if findings.iter().any(Finding::is_unknown) {
            Verdict::Unknown
        } else if contradictions().next().is_some() {
            Verdict::Accepted
        } else {
            Verdict::Confirmed
        }
    }
}

impl Finding {
    /// Whether it is the reason why something is not known.
    pub fn is_unknown(&self) -> bool {
        matches!(self.code, Code::NoMetadata | Code::OutsideMetadata)
    }

    /// Whether it is a contradiction, rather than a note.
    pub fn contradicts(&self) -> bool {
        !self.is_unknown() && self.code.severity() == Severity::Error
    }

    /// The finding as a defect of its page; `None` where nothing is known.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        if self.is_unknown() {
            return None;
        }
        let metadata = self.metadata.as_ref().map(|declared| format!(" ({declared})")).unwrap_or_default();
        let message = format!("{}{metadata}", self.message);
        Some(Diagnostic::new(self.code, &*self.source.page, (self.source.line, 1), message))
    }
}
