//! A member that only one of two bodies shows.

use crate::Kind;
use crate::declared::Side;

/// What is known of a member that only one of two bodies shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberFacts {
    pub(crate) side: Side,
    /// Whether the new body lacks it.
    pub(crate) is_removal: bool,
    pub(crate) is_annotation: bool,
    /// Whether the old side declares it.
    pub(crate) was_declared: bool,
    /// Whether the new side declares it.
    pub(crate) is_declared: bool,
    /// Whether a request has to send it.
    pub(crate) is_required: bool,
    /// Whether the new side says that its example leaves members out.
    pub(crate) is_shortened: bool,
}

/// Which change it is. A sample that omits what is declared changes nothing, and an example that is shortened does not say that a
/// member is gone that was never declared.
pub(crate) fn of_member(facts: MemberFacts) -> Kind {
    let MemberFacts { side, is_removal, is_annotation, was_declared, is_declared, is_required, is_shortened } = facts;
    match (side, is_removal) {
        _ if is_annotation => Kind::AnnotationChanged,
        (Side::Request, true) if is_declared => Kind::RequestMemberUnshown,
        (Side::Request, true) => Kind::RequestMemberRemoved,
        (Side::Request, false) if is_required => Kind::RequestMemberRequired,
        (Side::Request, false) => Kind::RequestMemberAdded,
        (Side::Response, true) if is_declared || (is_shortened && !was_declared) => Kind::ResponseMemberUnshown,
        (Side::Response, true) => Kind::ResponseMemberRemoved,
        (Side::Response, false) => Kind::ResponseMemberAdded,
    }
}
