//! Which change an answer of a live service is: a mismatch that nothing documented explains. What the contract keeps of the service's metadata
//! goes before what the page says.

use crate::Kind;
use crate::judgment::added_value;
use graph_contracts::compare::MismatchKind;
use graph_contracts::service::Fit;

/// What is known of the place of a mismatch, beside what differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// The response repeated there what the request sent, and does no more.
    pub(crate) lost_echo: bool,
    /// The documented members of the enumeration include `unknownFutureValue`: clients have to expect further ones.
    pub(crate) is_evolvable: bool,
    /// The metadata, or else the page, says that the value may be `null`.
    pub(crate) is_nullable: bool,
    /// How the value stands beside what the metadata declares.
    pub(crate) fit: Fit,
    /// The metadata says that the member leads to entities, which are in an answer only if they are asked for.
    pub(crate) is_navigation: bool,
    /// There was nothing, or only `null`.
    pub(crate) was_empty: bool,
    /// It is an annotation.
    pub(crate) is_annotation: bool,
}

/// Which change a mismatch with a live answer is.
pub(crate) fn kind_of(kind: MismatchKind, about: About) -> Kind {
    match kind {
        MismatchKind::MissingMember | MismatchKind::UndocumentedMember if about.is_annotation => {
            Kind::AnnotationChanged
        }
        MismatchKind::Status => Kind::StatusChanged,
        MismatchKind::MissingHeader => Kind::ResponseHeaderRemoved,
        MismatchKind::Header if about.was_empty => Kind::ResponseHeaderAdded,
        MismatchKind::Header => Kind::ResponseHeaderForm,
        MismatchKind::MediaType => Kind::ResponseMediaType,
        MismatchKind::Charset => Kind::ResponseCharset,
        MismatchKind::MissingMember if about.is_navigation && !about.lost_echo => Kind::ResponseMemberUnshown,
        MismatchKind::MissingMember => Kind::ResponseMemberRemoved,
        MismatchKind::UndocumentedMember => Kind::ResponseMemberAdded,
        MismatchKind::DuplicateMember => Kind::ResponseMemberRepeated,
        // Whoever may expect null at all does not after sending something.
        MismatchKind::Null if about.is_nullable && about.lost_echo => Kind::EchoLost,
        MismatchKind::Null if about.is_nullable => Kind::SampleChanged,
        MismatchKind::Null => Kind::ResponseMemberNull,
        // What the page shows otherwise is a fault of the page.
        MismatchKind::Type
        | MismatchKind::Structure
        | MismatchKind::Format
        | MismatchKind::VolatileShape
        | MismatchKind::Enum
            if about.fit == Fit::Fits =>
        {
            Kind::SampleChanged
        }
        MismatchKind::Type | MismatchKind::Structure => Kind::ResponseMemberRetyped,
        MismatchKind::Length => Kind::ResponseLength,
        MismatchKind::Enum => added_value("", about.is_evolvable),
        MismatchKind::Format | MismatchKind::VolatileShape => Kind::ResponseValueForm,
        MismatchKind::Value if about.lost_echo => Kind::EchoLost,
        MismatchKind::Value => Kind::SampleChanged,
        MismatchKind::Identity => Kind::IdentityChanged,
        MismatchKind::EmptyBody => Kind::ResponseBodyRemoved,
        MismatchKind::UnexpectedBody => Kind::ResponseBodyAdded,
        MismatchKind::NotJson | MismatchKind::Text => Kind::ResponseBodyRetyped,
        MismatchKind::Request | MismatchKind::RequestRefused => Kind::OperationRemoved,
        MismatchKind::Declaration => Kind::PropertyTyped,
        MismatchKind::NoSnapshot => Kind::NewContract,
        // What is not known here may break a caller.
        _ => Kind::ResponseMemberRetyped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Effect;

    #[track_caller]
    fn check(mismatch: MismatchKind, about: About, (kind, breaking): (Kind, bool)) {
        let found = kind_of(mismatch, about);
        assert_eq!((found, found.effect() == Effect::Breaking), (kind, breaking), "{mismatch}: {}", found.why());
    }

    #[test]
    fn what_a_caller_reads_may_not_go_away_or_become_another() {
        let nothing = About::default();
        check(MismatchKind::Status, nothing, (Kind::StatusChanged, true));
        check(MismatchKind::MissingHeader, nothing, (Kind::ResponseHeaderRemoved, true));
        check(MismatchKind::Header, nothing, (Kind::ResponseHeaderForm, true));
        check(MismatchKind::Header, About { was_empty: true, ..nothing }, (Kind::ResponseHeaderAdded, false));
        check(MismatchKind::MissingMember, nothing, (Kind::ResponseMemberRemoved, true));
        check(MismatchKind::UndocumentedMember, nothing, (Kind::ResponseMemberAdded, false));
        check(MismatchKind::Type, nothing, (Kind::ResponseMemberRetyped, true));
        check(MismatchKind::Null, nothing, (Kind::ResponseMemberNull, true));
        check(MismatchKind::Null, About { is_nullable: true, ..nothing }, (Kind::SampleChanged, false));
        check(MismatchKind::Structure, nothing, (Kind::ResponseMemberRetyped, true));
        check(MismatchKind::Length, nothing, (Kind::ResponseLength, true));
        check(MismatchKind::Identity, nothing, (Kind::IdentityChanged, true));
    }

    #[test]
    fn an_evolvable_enumeration_may_grow() {
        check(MismatchKind::Enum, About::default(), (Kind::EnumValueAdded, true));
        check(
            MismatchKind::Enum,
            About { is_evolvable: true, ..About::default() },
            (Kind::EvolvableEnumValueAdded, false),
        );
    }

    #[test]
    fn annotations_come_and_go_and_an_echo_stays() {
        let annotation = About { is_annotation: true, ..About::default() };
        check(MismatchKind::MissingMember, annotation, (Kind::AnnotationChanged, false));
        check(MismatchKind::Type, annotation, (Kind::ResponseMemberRetyped, true));
        check(MismatchKind::Value, About { lost_echo: true, ..annotation }, (Kind::EchoLost, true));
        let nullable = About { lost_echo: true, is_nullable: true, ..About::default() };
        check(MismatchKind::Null, nullable, (Kind::EchoLost, true));
    }

    #[test]
    fn no_change_of_a_response_is_one_of_the_request() {
        for kind in MismatchKind::ALL {
            let found = kind_of(*kind, About::default());
            assert!(!found.name().starts_with("request-"), "{kind}: {found}");
        }
    }
}
