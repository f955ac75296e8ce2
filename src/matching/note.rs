//! What of a request is tolerated and said.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Difference;

/// One thing in a request that no page documents, or that a page asks for, and that a service may well tolerate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// Where, what was expected there, and what came.
    #[serde(flatten)]
    pub difference: Difference,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum NoteKind {
    /// A member of the body that its type does not have.
    UndocumentedMember,
    /// A value that the listed members of an enumeration do not have; the list may be shortened, or grow.
    UndocumentedValue,
    /// A truth value or a number that is written as text.
    ValueAsText,
    /// A query option that neither the example nor OData has.
    UndocumentedOption,
    /// A query option of OData with a value that it cannot have, or a second time.
    InvalidOption,
    /// A body where the page has none.
    UndocumentedBody,
    /// A member that the page calls required.
    MissingMember,
    /// A query option of the example that is not one of OData's own.
    MissingOption,
    /// A query option that the page requires, which is missing.
    RequiredOption,
    /// A header field of the example.
    MissingHeader,
    /// A header field that the page requires, which is missing or has another value than the page states.
    RequiredHeader,
    /// No body where the page has one.
    MissingBody,
    /// A body of another media type than the page's.
    OtherMediaType,
}

impl NoteKind {
    /// Its name, as JSON and header fields have it.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it is about something that no page documents, which a service may refuse.
    pub fn is_undocumented(self) -> bool {
        matches!(
            self,
            NoteKind::UndocumentedMember
                | NoteKind::UndocumentedValue
                | NoteKind::UndocumentedOption
                | NoteKind::UndocumentedBody
        )
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.difference, self.kind.name())
    }
}
