//! What a difference means for a caller: what kind of change it is, whether it breaks, and why.

use std::fmt;

use serde::{Serialize, Serializer};

use graph_contracts::compare::{At, MismatchKind};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $phrase:literal;)*) => {
        /// The kinds of change, as a reviewer thinks of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ChangeKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl ChangeKind {
            /// Every kind.
            pub const ALL: &[ChangeKind] = &[$(ChangeKind::$variant),*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self {
                    $(ChangeKind::$variant => $name,)*
                }
            }

            /// What it is, as a phrase.
            pub fn phrase(self) -> &'static str {
                match self {
                    $(ChangeKind::$variant => $phrase,)*
                }
            }
        }
    };
}

kinds! {
    /// A contract that nobody has looked at yet.
    NewContract = "new-contract", "new contract";
    /// A member that was not there.
    MemberAdded = "member-added", "member added";
    /// A member that is gone.
    MemberRemoved = "member-removed", "member removed";
    /// A member that occurs twice.
    MemberRepeated = "member-repeated", "member occurs twice";
    /// A value of another type.
    Retyped = "retyped", "retyped";
    /// `null` for a value.
    Null = "null", "null for a value";
    /// An object for an array, or the reverse.
    Structure = "structure", "structure changed";
    /// Another number of elements.
    Length = "length", "number of elements changed";
    /// A value that is none of the documented members of its enumeration.
    EnumValue = "enum-value", "new enum value";
    /// A value of another form, such as a text for a date.
    Form = "form", "form changed";
    /// An identifier that no longer agrees with others.
    Identity = "identity", "identifier changed";
    /// Another value.
    Value = "value", "value changed";
    /// Another status code.
    Status = "status", "status changed";
    /// Another media type.
    MediaType = "media-type", "media type changed";
    /// Another charset.
    Charset = "charset", "charset changed";
    /// A header field that was not there.
    HeaderAdded = "header-added", "header added";
    /// A header field that is gone.
    HeaderRemoved = "header-removed", "header removed";
    /// A header field with another value.
    Header = "header", "header changed";
    /// A body where there was none.
    BodyAdded = "body-added", "body added";
    /// No body where there was one.
    BodyRemoved = "body-removed", "body removed";
    /// A body of another kind.
    Body = "body", "body of another kind";
    /// A text body with another content.
    Text = "text", "text changed";
    /// Another documented request.
    Request = "request", "request changed";
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for ChangeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What is known of the place of a difference, beside what differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// A live service departs from the documentation there, so that a mere sample value is no explanation.
    pub is_live: bool,
    /// The response repeated there what the request sent, and does no more.
    pub lost_echo: bool,
    /// The documented members of the enumeration include `unknownFutureValue`: clients have to expect further ones.
    pub is_evolvable: bool,
    /// The page says that the value may be `null`.
    pub is_nullable: bool,
    /// There was nothing, or only `null`.
    pub was_empty: bool,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The kind of change.
    pub kind: ChangeKind,
    /// Whether a caller that relies on what was documented or reviewed before may fail.
    pub breaking: bool,
    /// Why, as a phrase.
    pub why: &'static str,
}

fn breaks(kind: ChangeKind, why: &'static str) -> Effect {
    Effect { kind, breaking: true, why }
}

fn passes(kind: ChangeKind, why: &'static str) -> Effect {
    Effect { kind, breaking: false, why }
}

/// What a difference at a place means for a caller.
pub fn effect(kind: MismatchKind, at: &At, about: About) -> Effect {
    let about_request = match at {
        At::Request(place) => Some(place.as_str()),
        At::Status | At::Header(_) | At::Body | At::Path(_) | At::Snapshot(_) => None,
    };
    if let Some(place) = about_request {
        return effect_on_request(kind, place);
    }
    match kind {
        MismatchKind::Status => breaks(ChangeKind::Status, "callers act on the status"),
        MismatchKind::MissingHeader => breaks(ChangeKind::HeaderRemoved, "callers that read the header find nothing"),
        MismatchKind::Header if about.was_empty => {
            passes(ChangeKind::HeaderAdded, "callers ignore header fields that they do not know")
        }
        MismatchKind::Header if about.is_live => {
            breaks(ChangeKind::Header, "the value is no longer of the documented form")
        }
        MismatchKind::Header => passes(ChangeKind::Header, "the documented value is a sample"),
        MismatchKind::MediaType => breaks(ChangeKind::MediaType, "callers choose their parser by it"),
        MismatchKind::Charset => breaks(ChangeKind::Charset, "callers that believe it decode the body wrongly"),
        MismatchKind::MissingMember => breaks(ChangeKind::MemberRemoved, "callers that read the member find nothing"),
        MismatchKind::UndocumentedMember => {
            passes(ChangeKind::MemberAdded, "callers ignore members that they do not know")
        }
        MismatchKind::DuplicateMember => {
            breaks(ChangeKind::MemberRepeated, "parsers disagree on which of the values counts")
        }
        MismatchKind::Null if about.is_nullable => passes(ChangeKind::Null, "the page says that it may be null"),
        MismatchKind::Null => breaks(ChangeKind::Null, "callers use the value without asking whether there is one"),
        MismatchKind::Type if about.was_empty && !about.is_live => {
            passes(ChangeKind::Value, "there was only null before")
        }
        MismatchKind::Type => breaks(ChangeKind::Retyped, "callers with typed models cannot read the value"),
        MismatchKind::Structure => breaks(ChangeKind::Structure, "callers with typed models cannot read the body"),
        MismatchKind::Length if about.is_live => {
            breaks(ChangeKind::Length, "the request said how many elements there are")
        }
        MismatchKind::Length => passes(ChangeKind::Length, "how many elements an example shows is open"),
        MismatchKind::Enum if about.is_evolvable => {
            passes(ChangeKind::EnumValue, "the enumeration has unknownFutureValue: callers have to expect new members")
        }
        MismatchKind::Enum => breaks(ChangeKind::EnumValue, "callers map the documented members only"),
        MismatchKind::Format | MismatchKind::VolatileShape => {
            breaks(ChangeKind::Form, "callers that parse the value by its form fail")
        }
        MismatchKind::Value if about.lost_echo => {
            breaks(ChangeKind::Value, "the response no longer repeats what the request sent")
        }
        MismatchKind::Value => passes(ChangeKind::Value, "the documented value is a sample"),
        MismatchKind::Identity => breaks(ChangeKind::Identity, "callers that follow it reach another object"),
        MismatchKind::EmptyBody => breaks(ChangeKind::BodyRemoved, "callers that read the body find nothing"),
        MismatchKind::UnexpectedBody => passes(ChangeKind::BodyAdded, "callers that expect no body leave it unread"),
        MismatchKind::NotJson => breaks(ChangeKind::Body, "callers cannot read the body at all"),
        MismatchKind::Text if about.is_live => breaks(ChangeKind::Body, "callers read the body by its kind"),
        MismatchKind::Text => passes(ChangeKind::Text, "the documented text is a sample"),
        MismatchKind::Request => breaks(ChangeKind::Request, "callers follow the documented request"),
        MismatchKind::RequestRefused => breaks(ChangeKind::Request, "callers that send it as documented are refused"),
        MismatchKind::NoSnapshot => passes(ChangeKind::NewContract, "nobody has relied on it yet"),
    }
}

/// What another documented request means for who sends the one of before.
fn effect_on_request(kind: MismatchKind, place: &str) -> Effect {
    match kind {
        MismatchKind::UndocumentedMember => {
            passes(ChangeKind::Request, "a member is sent that was not; it breaks only if the service asks for it")
        }
        MismatchKind::MissingMember => breaks(ChangeKind::Request, "a member that callers send is not documented now"),
        MismatchKind::Value | MismatchKind::Identity | MismatchKind::Text | MismatchKind::Length => {
            passes(ChangeKind::Request, "what is sent is a sample")
        }
        MismatchKind::Header if place.starts_with("header content-length") => {
            passes(ChangeKind::Request, "the length follows from the body")
        }
        MismatchKind::Request
        | MismatchKind::RequestRefused
        | MismatchKind::Status
        | MismatchKind::MissingHeader
        | MismatchKind::Header
        | MismatchKind::MediaType
        | MismatchKind::Charset
        | MismatchKind::DuplicateMember
        | MismatchKind::Null
        | MismatchKind::Type
        | MismatchKind::Structure
        | MismatchKind::Enum
        | MismatchKind::Format
        | MismatchKind::VolatileShape
        | MismatchKind::EmptyBody
        | MismatchKind::UnexpectedBody
        | MismatchKind::NotJson
        | MismatchKind::NoSnapshot => breaks(ChangeKind::Request, "callers send the request as it was"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::json::Path;

    #[track_caller]
    fn check(kind: MismatchKind, about: About, expected: (ChangeKind, bool)) {
        let effect = effect(kind, &At::Path(Path::root().member("a")), about);
        assert_eq!((effect.kind, effect.breaking), expected, "{kind}: {}", effect.why);
    }

    const NOTHING: About =
        About { is_live: false, lost_echo: false, is_evolvable: false, is_nullable: false, was_empty: false };

    #[test]
    fn what_a_caller_reads_may_not_go_away_or_become_another() {
        check(MismatchKind::MissingMember, NOTHING, (ChangeKind::MemberRemoved, true));
        check(MismatchKind::UndocumentedMember, NOTHING, (ChangeKind::MemberAdded, false));
        check(MismatchKind::Type, NOTHING, (ChangeKind::Retyped, true));
        check(MismatchKind::Type, About { was_empty: true, ..NOTHING }, (ChangeKind::Value, false));
        check(MismatchKind::Null, NOTHING, (ChangeKind::Null, true));
        check(MismatchKind::Null, About { is_nullable: true, ..NOTHING }, (ChangeKind::Null, false));
        check(MismatchKind::Structure, NOTHING, (ChangeKind::Structure, true));
    }

    #[test]
    fn an_evolvable_enumeration_may_grow() {
        check(MismatchKind::Enum, NOTHING, (ChangeKind::EnumValue, true));
        check(MismatchKind::Enum, About { is_evolvable: true, ..NOTHING }, (ChangeKind::EnumValue, false));
    }

    #[test]
    fn a_sample_may_change_and_an_echo_may_not() {
        check(MismatchKind::Value, NOTHING, (ChangeKind::Value, false));
        check(MismatchKind::Value, About { lost_echo: true, ..NOTHING }, (ChangeKind::Value, true));
        check(MismatchKind::Identity, NOTHING, (ChangeKind::Identity, true));
        check(MismatchKind::Length, NOTHING, (ChangeKind::Length, false));
        check(MismatchKind::Length, About { is_live: true, ..NOTHING }, (ChangeKind::Length, true));
    }

    #[test]
    fn every_kind_has_an_effect_on_response_and_request() {
        for kind in MismatchKind::ALL {
            for at in [At::Status, At::Header("a".into()), At::Body, At::Request("line".into())] {
                let effect = effect(*kind, &at, NOTHING);
                assert!(!effect.why.is_empty() && ChangeKind::ALL.contains(&effect.kind), "{kind}");
                let of_request = matches!(at, At::Request(_))
                    || matches!(kind, MismatchKind::Request | MismatchKind::RequestRefused);
                assert_eq!(effect.kind == ChangeKind::Request, of_request, "{kind} at {at}");
            }
        }
    }
}
