//! The kinds of what is found.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// What is found of a request, or of the client as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// No page documents the request.
    Undocumented,
    /// A page does, but the body cannot be one of its type.
    InvalidBody,
    /// The metadata of the service says otherwise.
    Contradicted,
    /// A header field that the page requires is missing or has another value than the page states, or the body is of another media type.
    Header,
    /// A query option that the page requires is missing, or there is one that neither the page nor OData has, or that the metadata excludes.
    Option,
    /// The token, or what was granted, does not allow it.
    MissingPermission,
    /// A contract was called that the client did not promise to use.
    Unpromised,
    /// A contract that the client promised to use was not called.
    Uncalled,
    /// It is below `/beta`.
    Beta,
    /// The page, the metadata or the service calls it deprecated.
    Deprecated,
    /// What came back is not as documented.
    Drift,
    /// A permission that nothing needs.
    ExcessPermission,
    /// A request was repeated earlier than the service asked for.
    RetryAfter,
    /// A request that may have been carried out was sent again.
    UnsafeRetry,
    /// Requests have no `client-request-id`.
    ClientRequestId,
    /// Many calls that one could do.
    RepeatedCalls,
    /// A collection is read again and again, and has a delta query.
    Polling,
    /// The request is not the example, and as its rules allow.
    Difference,
    /// Something could not be judged.
    Unknown,
}

impl Kind {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it counts where nobody says what counts: what a service may refuse, and promises that are not kept.
    pub fn is_denied_by_default(self) -> bool {
        self <= Kind::Uncalled
    }

    /// Those that may count.
    pub fn deniable() -> impl Iterator<Item = Kind> {
        Kind::VARIANTS.iter().copied().filter(|kind| *kind < Kind::Difference)
    }

    /// The kind as a phrase.
    pub fn phrase(self) -> &'static str {
        match self {
            Kind::Undocumented => "no page documents the request",
            Kind::InvalidBody => "the body is not of the documented type",
            Kind::Contradicted => "the metadata contradicts the request",
            Kind::Header => "a required header is missing or wrong",
            Kind::Option => "a query option is missing, or not possible here",
            Kind::MissingPermission => "a permission is missing",
            Kind::Unpromised => "a contract outside of the promised ones",
            Kind::Uncalled => "a promised contract was not called",
            Kind::Beta => "a beta API",
            Kind::Deprecated => "a deprecated API",
            Kind::Drift => "the answer is not as documented",
            Kind::ExcessPermission => "a permission is not needed",
            Kind::RetryAfter => "Retry-After is not respected",
            Kind::UnsafeRetry => "an unsafe request is sent again",
            Kind::ClientRequestId => "no client-request-id",
            Kind::RepeatedCalls => "many calls that one could do",
            Kind::Polling => "polling where there is a delta query",
            Kind::Difference => "differs from the example as its rules allow",
            Kind::Unknown => "not known",
        }
    }

    /// What it means, and what to do.
    pub fn means(self) -> &'static str {
        match self {
            Kind::Undocumented => "it may stop working at any time; send what the nearest page documents",
            Kind::InvalidBody => "the service may refuse it; send values of the declared types",
            Kind::Contradicted => "the service declares it otherwise; send what its metadata has",
            Kind::Header => "send the header field as the page asks for",
            Kind::Option => "send what the page requires; what it does not have, the service may ignore or refuse",
            Kind::MissingPermission => "grant one of the permissions that the page states",
            Kind::Unpromised => "add it to the promised contracts, or do not call it",
            Kind::Uncalled => "call it, or take it out of the promised contracts",
            Kind::Beta => "beta APIs change without notice; use v1.0 in production",
            Kind::Deprecated => "use what replaces it before it is removed",
            Kind::Drift => "the client has to cope with what the service really answers",
            Kind::ExcessPermission => "take it back: the least privileges are enough",
            Kind::RetryAfter => "wait as long as the service asks for (RFC 9110 section 10.2.3)",
            Kind::UnsafeRetry => "it may be done twice; look first whether it was done (RFC 9110 section 9.2.2)",
            Kind::ClientRequestId => "send a new GUID with each request, so that support can find it",
            Kind::RepeatedCalls => "send them in a $batch, or expand them in the first request",
            Kind::Polling => "ask for what has changed only",
            Kind::Difference => "nothing has to be done",
            Kind::Unknown => "record what is missing to know more",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in Kind::VARIANTS {
            assert_eq!(kind.name().parse(), Ok(*kind));
        }
        let denied: Vec<&str> = Kind::deniable().filter(|kind| kind.is_denied_by_default()).map(Kind::name).collect();
        let expected = "undocumented invalid-body contradicted header option missing-permission unpromised uncalled";
        assert_eq!(denied.join(" "), expected);
    }
}
