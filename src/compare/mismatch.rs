//! One difference between a response and what was expected of it.

use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};
use strum::{Display, IntoStaticStr};

use super::{Rule, RuleSource};
use crate::at::At;
use crate::source::SourceLine;

/// One difference, as data. In JSON, it also says what it means for a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The page and line of the documented value.
    pub source: SourceLine,
    /// What the response was compared with.
    pub reference: Reference,
    /// What decided, where values are compared by rule and not by value.
    pub rule: Option<Rule>,
}

impl Mismatch {
    /// What it means for a caller who follows the documentation, as a sentence. A value that the request sent is no sample: whoever sent it may
    /// rely on getting it back.
    pub fn means(&self) -> &'static str {
        let source = self.rule.as_ref().map(|rule| &rule.source);
        match (self.kind, source) {
            (MismatchKind::Value, Some(RuleSource::Request(_))) => {
                "The request sent this value: a caller that relies on getting it back fails."
            }
            (kind, _) => kind.means(),
        }
    }
}

impl Serialize for Mismatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Mismatch { kind, at, expected, actual, severity, source, reference, rule } = self;
        let mut fields = serializer.serialize_struct("Mismatch", 8 + usize::from(rule.is_some()))?;
        fields.serialize_field("kind", kind)?;
        fields.serialize_field("at", at)?;
        fields.serialize_field("expected", expected)?;
        fields.serialize_field("actual", actual)?;
        fields.serialize_field("severity", severity)?;
        fields.serialize_field("source", source)?;
        fields.serialize_field("reference", reference)?;
        match rule {
            Some(rule) => fields.serialize_field("rule", rule)?,
            None => fields.skip_field("rule")?,
        }
        fields.serialize_field("means", self.means())?;
        fields.end()
    }
}

/// What a response is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reference {
    /// What the contract documents.
    Documentation,
    /// The reviewed snapshot.
    Snapshot,
    /// Another set of contracts, or of metadata, which is older.
    Old,
}

impl Reference {
    /// What a value is called that a response is compared with.
    pub fn name(self) -> &'static str {
        match self {
            Reference::Documentation => "documented",
            Reference::Snapshot => "reviewed",
            Reference::Old => "before",
        }
    }
}

/// Whether a mismatch breaks the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A note, which breaks nothing.
    Notice,
    /// It breaks the contract.
    Error,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $phrase:literal, $means:literal;)*) => {
        /// The kinds of difference.
        #[derive(Clone, Copy, Debug, Display, IntoStaticStr, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        #[non_exhaustive]
        pub enum MismatchKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl MismatchKind {
            /// Every kind.
            pub const ALL: &[MismatchKind] = &[$(MismatchKind::$variant),*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                self.into()
            }

            /// What it is, as a phrase.
            pub fn phrase(self) -> &'static str {
                match self {
                    $(MismatchKind::$variant => $phrase,)*
                }
            }

            /// What it means for a caller who follows the documentation, as a sentence.
            pub fn means(self) -> &'static str {
                match self {
                    $(MismatchKind::$variant => $means,)*
                }
            }
        }
    };
}

kinds! {
    /// The status code differs.
    Status = "another status",
        "A caller that handles the documented status takes this response for a failure, or the reverse.";
    /// A documented header field is missing.
    MissingHeader = "header missing", "A caller that reads this header finds nothing.";
    /// A header field has another value.
    Header = "header changed", "A caller that relies on this header is told something else.";
    /// The media type differs.
    MediaType = "wrong media type",
        "A caller that chooses its parser by media type reads the body with the wrong one, or not at all.";
    /// The media type is right, and its charset is not UTF-8.
    Charset = "wrong charset", "A caller that believes the charset decodes the body wrongly.";
    /// A documented member is missing.
    MissingMember = "member missing", "A caller that reads this member finds nothing.";
    /// A member is not documented.
    UndocumentedMember = "member not documented",
        "A caller that refuses members it does not know fails; others do not know that this one exists.";
    /// A member occurs more than once in its object.
    DuplicateMember = "member occurs twice", "Parsers disagree on which of the values counts, or refuse the body.";
    /// `null` where a value is documented.
    Null = "null instead of a value", "A caller that uses the value without checking for null fails.";
    /// A value of another type.
    Type = "value of another type", "A caller with typed models cannot read this value, and often not the whole body.";
    /// An array where an object is documented, or the reverse.
    Structure = "array and object exchanged", "A caller with typed models cannot read the body.";
    /// A collection with more or fewer elements.
    Length = "another number of elements",
        "The number of elements in a sample is open: a caller fails that relies on it, or whose request sets it.";
    /// A value that is not a documented enumeration member.
    Enum = "enumeration value not documented", "A caller that maps only the documented members cannot map this value.";
    /// A value that does not have the form or the range of its type, such as a malformed date.
    Format = "malformed value", "A caller that parses this value by its documented type fails.";
    /// Another value.
    Value = "value changed",
        "The documented value is a sample: a caller fails only if it relies on this value.";
    /// A volatile value of another shape.
    VolatileShape = "volatile value of another shape",
        "The value may differ from run to run, but a caller that relies on its form fails.";
    /// Identifiers that are equal where they should differ, or differ where they should be equal.
    Identity = "identifiers that no longer agree",
        "A caller that follows this identifier reaches another object than documented.";
    /// No body where one is documented.
    EmptyBody = "body missing", "A caller that reads the body finds nothing.";
    /// A body where none is documented.
    UnexpectedBody = "body not documented", "A caller that expects no body may leave it unread, or fail on it.";
    /// A body that is not JSON where JSON is documented.
    NotJson = "body that is not JSON", "A caller cannot read the body at all.";
    /// A text body with another content.
    Text = "text changed", "The documented text is a sample: a caller fails that relies on its exact words.";
    /// The documented request is another than was reviewed.
    Request = "request changed",
        "A caller that sends the request as it was reviewed no longer follows the documentation.";
    /// The contract declares something else than when it was reviewed.
    Declaration = "declaration changed",
        "A caller that relies on permissions, types or rules as they were reviewed no longer follows the documentation.";
    /// The provider refused the request.
    RequestRefused = "request refused", "A caller that sends the request as documented is refused.";
    /// The contract has no reviewed snapshot.
    NoSnapshot = "no reviewed snapshot", "Nobody has reviewed yet what the contract gives.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: Option<RuleSource>, expected: &str) {
        let mismatch = Mismatch {
            kind: MismatchKind::Value,
            at: At::Body,
            expected: "1".to_owned(),
            actual: "2".to_owned(),
            severity: Severity::Error,
            source: SourceLine::new("lamp-get.md", 1),
            reference: Reference::Documentation,
            rule: source.map(|source| Rule::new(source, "so it is")),
        };
        assert!(mismatch.means().contains(expected), "{}", mismatch.means());
    }

    #[test]
    fn a_value_that_was_sent_is_no_sample() {
        check(Some(RuleSource::Request(SourceLine::new("lamp-get.md", 2))), "getting it back");
        check(Some(RuleSource::Sample(SourceLine::new("lamp-get.md", 2))), "is a sample");
        check(None, "is a sample");
    }
}
