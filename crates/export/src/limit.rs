//! What a target cannot say: of every export, or at a place of a contract. It is listed, and never dropped in silence.

use graph_contracts::source::SourceLine;
use serde::{Serialize, Serializer};

macro_rules! limits {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal: $says:literal;)*) => {
        /// What a target cannot say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Limit {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Limit {
            /// Every limit.
            pub const ALL: &[Limit] = &[$(Limit::$variant),*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Limit::$variant => $name,)*
                }
            }

            /// What it means for whoever uses the files.
            pub fn says(self) -> &'static str {
                match self {
                    $(Limit::$variant => $says,)*
                }
            }
        }
    };
}

limits! {
    /// Several answers to one request.
    AlternativeResponse = "alternative-response": "another response is documented to the same request; a client chooses it by the header field x-graph-contract";
    /// One operation for requests that differ.
    AlternativeRequest = "alternative-request": "several documented requests are one operation; which of their bodies goes with which answer is not said";
    /// Annotations that the page does not show.
    Annotation = "annotation": "of annotations that the page does not show, the usual ones are let pass, three at most; others are reported as undocumented members";
    /// Bodies that a page cannot show.
    BinaryBody = "binary-body": "the body is bytes that the page describes in words; only its media type is said";
    /// Days that no calendar has.
    Calendar = "calendar": "dates are checked by their form; that a month has such a day is not checked";
    /// A member that an object has twice.
    DuplicateMember = "duplicate-member": "of a member that an object has twice, the last is read";
    /// A request that ends where an identifier cannot be taken.
    EarlyEnd = "early-end": "the identifier is taken from here to be compared elsewhere; where it cannot be, the request ends with that, and nothing else is checked";
    /// Whether identifiers that differ have to differ.
    DistinctIdentifiers = "distinct-identifiers": "that different identifiers differ is not checked";
    /// Header fields with several values.
    HeaderList = "header-list": "a header field with a list of values is compared as one text";
    /// Equal identifiers in several places.
    Identity = "identity": "that the same identifier stands here and elsewhere is not checked, only what it looks like";
    /// A method that the target does not have.
    Method = "method": "there is no operation with this method; the contract is not exported";
    /// Bodies of several parts.
    Multipart = "multipart": "WireMock reads the parts of a body itself, and answers 500 where they are not as it expects them";
    /// Numbers in a form that the target cannot write.
    NumberForm = "number-form": "the number has a form that the tool does not read: only that it is a number is checked, and it is shown as text";
    /// A header field that an answer may leave out.
    OptionalHeader = "optional-header": "a response may leave the header field out, so that it is not checked";
    /// Text that does not look like something else.
    PlainText = "plain-text": "a volatile text is checked not to be empty; that it is not a GUID, date or duration is not checked";
    /// The name of a member that a path of the target cannot have.
    PathForm = "path-form": "the name of the member cannot be written in a path, so that the value has to be the documented one, although it is volatile";
    /// Answers that lead elsewhere.
    Redirect = "redirect": "verifiers follow redirects, so that one that is not documented is not reported as such";
    /// A request that no URL has.
    Request = "request": "the request cannot be sent to this route; it is not exported";
    /// Requests that differ in more than method and URL.
    RequestBody = "request-body": "requests are told apart by their method and URL, and by one text in their body where several have the same";
    /// How else a request may be written.
    RequestForm = "request-form": "a request has to be written as documented: names in the path in any case, but keys not in parentheses or the other way round, for some tools without a final slash, and header fields not as lists in another order";
    /// A body that is no JSON.
    TextBody = "text-body": "the body would be sent as a string of JSON, in quotation marks";
    /// Members that no page documents.
    UndocumentedMember = "undocumented-member": "members that an object has beside the documented ones are let pass";
    /// Contracts whose requests are the same to the target.
    Unreachable = "unreachable": "another contract has the same method and URL, and no text in the body tells them apart: that one answers, and this one is not in the file";
    /// Options and members that no page documents.
    UndocumentedRequest = "undocumented-request": "query options and header fields that are not documented are let pass";
    /// Header fields that OpenAPI gives to others.
    ReservedHeader = "reserved-header": "Accept, Content-Type and Authorization are said by media types and by the security scheme, without their documented values";
    /// Which values of an answer go together.
    Values = "values": "values are described by their types and forms; the documented values are examples";
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A place of a contract that the files do not say whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LeftOut {
    /// The contract's id.
    pub contract: String,
    /// Where: a place of the response, such as `$['id']` or `header location`; a route; or the request.
    pub at: String,
    /// What is not said.
    pub limit: Limit,
    /// Where that is documented.
    pub source: SourceLine,
}
