//! Which change a mismatch is: what a difference of two forms means for a caller follows from it.

use crate::Kind;
use graph_contracts::at::At;
use graph_contracts::compare::MismatchKind;

/// What is known of the place of a difference, beside what differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// A live service departs from the documentation there, so that a mere sample value is no explanation.
    pub(crate) is_live: bool,
    /// The response repeated there what the request sent, and does no more.
    pub(crate) lost_echo: bool,
    /// The documented members of the enumeration include `unknownFutureValue`: clients have to expect further ones.
    pub(crate) is_evolvable: bool,
    /// The page says that the value may be `null`.
    pub(crate) is_nullable: bool,
    /// There was nothing, or only `null`.
    pub(crate) was_empty: bool,
    /// It is an annotation.
    pub(crate) is_annotation: bool,
    /// The request has to have the member.
    pub(crate) is_required: bool,
    /// The page's table documents the member of the request.
    pub(crate) is_documented: bool,
    /// A request without the header field is still complete.
    pub(crate) is_optional: bool,
    /// The request has, and had, a text for a body.
    pub(crate) was_text: bool,
}

/// Which change a difference at a place is.
pub(crate) fn kind_of(kind: MismatchKind, at: &At, about: About) -> Kind {
    if matches!(at, At::Request(_)) {
        return kind_of_request(kind, about);
    }
    match kind {
        MismatchKind::MissingMember | MismatchKind::UndocumentedMember if about.is_annotation => {
            Kind::AnnotationChanged
        }
        MismatchKind::Value
        | MismatchKind::Type
        | MismatchKind::Structure
        | MismatchKind::Null
        | MismatchKind::Enum
        | MismatchKind::Format
        | MismatchKind::VolatileShape
            if about.is_annotation && !about.is_live && !about.lost_echo =>
        {
            Kind::AnnotationChanged
        }
        MismatchKind::Status => Kind::StatusChanged,
        MismatchKind::MissingHeader => Kind::ResponseHeaderRemoved,
        MismatchKind::Header if about.was_empty => Kind::ResponseHeaderAdded,
        MismatchKind::Header if about.is_live => Kind::ResponseHeaderForm,
        MismatchKind::Header => Kind::ResponseHeaderChanged,
        MismatchKind::MediaType => Kind::ResponseMediaType,
        MismatchKind::Charset => Kind::ResponseCharset,
        MismatchKind::MissingMember => Kind::ResponseMemberRemoved,
        MismatchKind::UndocumentedMember => Kind::ResponseMemberAdded,
        MismatchKind::DuplicateMember => Kind::ResponseMemberRepeated,
        MismatchKind::Null if about.is_nullable => Kind::SampleChanged,
        MismatchKind::Null => Kind::ResponseMemberNull,
        // There was only null before, which says nothing of the type.
        MismatchKind::Type if about.was_empty && !about.is_live => Kind::SampleChanged,
        MismatchKind::Type | MismatchKind::Structure => Kind::ResponseMemberRetyped,
        MismatchKind::Length if about.is_live => Kind::ResponseLength,
        MismatchKind::Enum if about.is_evolvable => Kind::EvolvableEnumValueAdded,
        MismatchKind::Enum => Kind::EnumValueAdded,
        MismatchKind::Format | MismatchKind::VolatileShape => Kind::ResponseValueForm,
        MismatchKind::Value if about.lost_echo => Kind::EchoLost,
        MismatchKind::Identity => Kind::IdentityChanged,
        MismatchKind::EmptyBody => Kind::ResponseBodyRemoved,
        MismatchKind::UnexpectedBody => Kind::ResponseBodyAdded,
        MismatchKind::NotJson => Kind::ResponseBodyRetyped,
        MismatchKind::Text if about.is_live => Kind::ResponseBodyRetyped,
        // How many elements an example shows is open.
        MismatchKind::Value | MismatchKind::Length | MismatchKind::Text => Kind::SampleChanged,
        MismatchKind::Request | MismatchKind::RequestRefused => Kind::OperationRemoved,
        MismatchKind::NoSnapshot => Kind::NewContract,
        // What is not known here may break a caller.
        _ => Kind::ResponseMemberRetyped,
    }
}

/// Which change of a documented request a difference is.
fn kind_of_request(kind: MismatchKind, about: About) -> Kind {
    match kind {
        MismatchKind::MissingHeader => Kind::RequestHeaderRemoved,
        MismatchKind::Header if about.was_empty && about.is_optional => Kind::RequestPreferenceAdded,
        MismatchKind::Header if about.was_empty => Kind::RequestHeaderAdded,
        MismatchKind::Header | MismatchKind::Charset => Kind::RequestHeaderChanged,
        MismatchKind::MediaType => Kind::RequestMediaType,
        MismatchKind::EmptyBody => Kind::RequestBodyRemoved,
        MismatchKind::UnexpectedBody => Kind::RequestBodyAdded,
        MismatchKind::NotJson => Kind::RequestBodyRetyped,
        MismatchKind::Request | MismatchKind::RequestRefused | MismatchKind::Status | MismatchKind::NoSnapshot => {
            Kind::OperationRemoved
        }
        MismatchKind::Text if !about.was_text => Kind::RequestBodyRetyped,
        _ if about.is_annotation => Kind::AnnotationChanged,
        MismatchKind::UndocumentedMember if about.is_required => Kind::RequestMemberRequired,
        MismatchKind::UndocumentedMember => Kind::RequestMemberAdded,
        MismatchKind::MissingMember if about.is_documented => Kind::RequestMemberUnshown,
        MismatchKind::MissingMember => Kind::RequestMemberRemoved,
        MismatchKind::Type | MismatchKind::Structure if !about.was_empty => Kind::RequestMemberRetyped,
        // What is sent is a sample.
        _ => Kind::SampleChanged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Effect;
    use graph_contracts::at::RequestPart;
    use graph_contracts::json::Path;

    #[track_caller]
    fn check(mismatch: MismatchKind, about: About, (kind, breaking): (Kind, bool)) {
        let found = kind_of(mismatch, &At::Path(Path::root().member("a")), about);
        assert_eq!((found, found.effect() == Effect::Breaking), (kind, breaking), "{mismatch}: {}", found.why());
    }

    #[track_caller]
    fn check_request(mismatch: MismatchKind, about: About, (kind, breaking): (Kind, bool)) {
        let found = kind_of(mismatch, &At::Request(RequestPart::Path(Path::root().member("a"))), about);
        assert_eq!((found, found.effect() == Effect::Breaking), (kind, breaking), "{mismatch}: {}", found.why());
    }

    const NOTHING: About = About {
        is_live: false,
        lost_echo: false,
        is_evolvable: false,
        is_nullable: false,
        was_empty: false,
        is_annotation: false,
        is_required: false,
        is_documented: false,
        is_optional: false,
        was_text: false,
    };

    #[test]
    fn what_a_caller_reads_may_not_go_away_or_become_another() {
        check(MismatchKind::MissingMember, NOTHING, (Kind::ResponseMemberRemoved, true));
        check(MismatchKind::UndocumentedMember, NOTHING, (Kind::ResponseMemberAdded, false));
        check(MismatchKind::Type, NOTHING, (Kind::ResponseMemberRetyped, true));
        check(MismatchKind::Type, About { was_empty: true, ..NOTHING }, (Kind::SampleChanged, false));
        check(MismatchKind::Null, NOTHING, (Kind::ResponseMemberNull, true));
        check(MismatchKind::Null, About { is_nullable: true, ..NOTHING }, (Kind::SampleChanged, false));
        check(MismatchKind::Structure, NOTHING, (Kind::ResponseMemberRetyped, true));
    }

    #[test]
    fn an_evolvable_enumeration_may_grow() {
        check(MismatchKind::Enum, NOTHING, (Kind::EnumValueAdded, true));
        check(MismatchKind::Enum, About { is_evolvable: true, ..NOTHING }, (Kind::EvolvableEnumValueAdded, false));
    }

    #[test]
    fn a_sample_may_change_and_an_echo_may_not() {
        check(MismatchKind::Value, NOTHING, (Kind::SampleChanged, false));
        check(MismatchKind::Value, About { lost_echo: true, ..NOTHING }, (Kind::EchoLost, true));
        check(MismatchKind::Identity, NOTHING, (Kind::IdentityChanged, true));
        check(MismatchKind::Length, NOTHING, (Kind::SampleChanged, false));
        check(MismatchKind::Length, About { is_live: true, ..NOTHING }, (Kind::ResponseLength, true));
    }

    #[test]
    fn annotations_come_and_go() {
        let annotation = About { is_annotation: true, ..NOTHING };
        check(MismatchKind::MissingMember, annotation, (Kind::AnnotationChanged, false));
        check(MismatchKind::Value, annotation, (Kind::AnnotationChanged, false));
        check(MismatchKind::Value, About { lost_echo: true, ..annotation }, (Kind::EchoLost, true));
        check(MismatchKind::Type, About { is_live: true, ..annotation }, (Kind::ResponseMemberRetyped, true));
        check_request(MismatchKind::MissingMember, annotation, (Kind::AnnotationChanged, false));
    }

    #[test]
    fn what_a_request_sends_is_a_sample_but_for_its_members_types_and_kind_of_body() {
        check_request(MismatchKind::Value, NOTHING, (Kind::SampleChanged, false));
        check_request(MismatchKind::Type, NOTHING, (Kind::RequestMemberRetyped, true));
        check_request(MismatchKind::Type, About { was_empty: true, ..NOTHING }, (Kind::SampleChanged, false));
        check_request(MismatchKind::UndocumentedMember, NOTHING, (Kind::RequestMemberAdded, false));
        let required = About { is_required: true, ..NOTHING };
        check_request(MismatchKind::UndocumentedMember, required, (Kind::RequestMemberRequired, true));
        check_request(MismatchKind::MissingMember, NOTHING, (Kind::RequestMemberRemoved, true));
        let documented = About { is_documented: true, ..NOTHING };
        check_request(MismatchKind::MissingMember, documented, (Kind::RequestMemberUnshown, false));
        check_request(MismatchKind::Header, About { was_empty: true, ..NOTHING }, (Kind::RequestHeaderAdded, true));
        let preference = About { was_empty: true, is_optional: true, ..NOTHING };
        check_request(MismatchKind::Header, preference, (Kind::RequestPreferenceAdded, false));
        check_request(MismatchKind::Header, NOTHING, (Kind::RequestHeaderChanged, false));
        check_request(MismatchKind::Text, NOTHING, (Kind::RequestBodyRetyped, true));
        check_request(MismatchKind::Text, About { was_text: true, ..NOTHING }, (Kind::SampleChanged, false));
    }

    #[test]
    fn no_change_of_a_response_is_one_of_the_request_or_the_reverse() {
        for kind in MismatchKind::ALL {
            for at in [At::Status, At::Header("a".into()), At::Body, At::Request(RequestPart::Line)] {
                let found = kind_of(*kind, &at, NOTHING);
                let is_of = |side: &str| found.name().starts_with(side);
                let of_request = matches!(at, At::Request(_));
                assert!(!is_of(if of_request { "response-" } else { "request-" }), "{kind} at {at}: {found}");
            }
        }
    }
}
