//! One difference between a response and what was expected of it.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::json::Path;

/// One difference, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// What kind of difference it is.
    pub kind: MismatchKind,
    /// Where in the response.
    pub at: At,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: String,
    /// Whether it breaks the contract.
    pub severity: Severity,
    /// The page and line of the documented value, as `page:line`.
    pub source: String,
    /// What the response was compared with.
    pub reference: Reference,
}

/// What a response is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reference {
    /// What the contract documents.
    Documentation,
    /// The reviewed snapshot.
    Snapshot,
}

/// Whether a mismatch breaks the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It should be known, and breaks nothing.
    Notice,
    /// It breaks the contract.
    Error,
}

/// A place in a response.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// The status code.
    Status,
    /// A header field.
    Header(String),
    /// The body as a whole.
    Body,
    /// A value in a JSON body.
    Path(Path),
    /// A place in the request: which the provider refused, or which is another than was reviewed.
    Request(String),
    /// The snapshot file.
    Snapshot(String),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Status => f.write_str("status"),
            At::Header(name) => write!(f, "header {name}"),
            At::Body => f.write_str("body"),
            At::Path(path) => write!(f, "{path}"),
            At::Request(place) => write!(f, "request {place}"),
            At::Snapshot(file) => f.write_str(file),
        }
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $meaning:literal;)*) => {
        /// The kinds of difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MismatchKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl MismatchKind {
            /// Every kind.
            pub const ALL: &[MismatchKind] = &[$(MismatchKind::$variant),*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self {
                    $(MismatchKind::$variant => $name,)*
                }
            }

            /// What it is, as a phrase.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(MismatchKind::$variant => $meaning,)*
                }
            }
        }
    };
}

kinds! {
    /// The status code differs.
    Status = "status", "another status";
    /// A documented header field is missing.
    MissingHeader = "missing-header", "header missing";
    /// A header field has another value.
    Header = "header", "header changed";
    /// The media type differs.
    MediaType = "media-type", "wrong media type";
    /// A documented member is missing.
    MissingMember = "missing-member", "member missing";
    /// A member is not documented.
    UndocumentedMember = "undocumented-member", "member not documented";
    /// A member occurs more than once in its object.
    DuplicateMember = "duplicate-member", "member occurs twice";
    /// `null` where a value is documented.
    Null = "null", "null instead of a value";
    /// A value of another JSON type.
    Type = "type", "value of another type";
    /// An array where an object is documented, or the reverse.
    Structure = "structure", "array and object exchanged";
    /// A collection with more or fewer elements.
    Length = "length", "another number of elements";
    /// A value that is none of the documented enumeration members.
    Enum = "enum", "enum value not documented";
    /// A value that does not have the form of its type, such as a malformed date.
    Format = "format", "malformed value";
    /// Another value.
    Value = "value", "value changed";
    /// A volatile value of another shape.
    VolatileShape = "volatile-shape", "volatile value of another shape";
    /// Identifiers that are equal where they should differ, or differ where they should be equal.
    Identity = "identity", "identifiers that no longer agree";
    /// No body where one is documented.
    EmptyBody = "empty-body", "body missing";
    /// A body where none is documented.
    UnexpectedBody = "unexpected-body", "body not documented";
    /// A body that is not JSON where JSON is documented.
    NotJson = "not-json", "body that is not JSON";
    /// A text body with another content.
    Text = "text", "text changed";
    /// The documented request is another than was reviewed.
    Request = "request", "request changed";
    /// The provider refused the request.
    RequestRefused = "request-refused", "request refused";
    /// The contract has no reviewed snapshot.
    NoSnapshot = "no-snapshot", "no reviewed snapshot";
}

impl fmt::Display for MismatchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for MismatchKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
