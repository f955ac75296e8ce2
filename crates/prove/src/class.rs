//! The kinds of mutant and of harmless variation.

use serde::{Serialize, Serializer};

use graph_contracts::compare::MismatchKind;

macro_rules! classes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal: $($kind:ident)*;)*) => {
        /// What was changed in a documented response.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Class {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Class {
            /// Every class.
            pub const ALL: &[Class] = &[$(Class::$variant),*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Class::$variant => $name,)*
                }
            }

            /// What the change is to be reported as. Nothing, if it does no harm.
            pub fn kinds(self) -> &'static [MismatchKind] {
                match self {
                    $(Class::$variant => &[$(MismatchKind::$kind),*],)*
                }
            }
        }
    };
}

classes! {
    /// A member left out.
    Drop = "drop-member": MissingMember;
    /// A member under another name.
    Rename = "rename-member": MissingMember UndocumentedMember;
    /// `null` instead of a value.
    Null = "null-member": Null;
    /// A value of another JSON type.
    Retype = "retype-member": Type VolatileShape;
    /// Another value of the same type.
    Change = "change-member": Value Type Text;
    /// One occurrence of an identifier changed, of several.
    Identity = "change-one-identifier": Identity VolatileShape Value;
    /// A member that is not documented.
    Add = "add-member": UndocumentedMember;
    /// A member twice.
    Duplicate = "duplicate-member": DuplicateMember;
    /// An object in an array of its own.
    Wrap = "wrap-object": Structure;
    /// The first element instead of the array.
    Unwrap = "unwrap-array": Structure Type;
    /// A collection without elements.
    Empty = "empty-collection": Length;
    /// A collection without its last element.
    Shorten = "shorten-collection": Length;
    /// A collection with one element more.
    Lengthen = "lengthen-collection": Length;
    /// A value outside the enumeration.
    Enum = "enum-value": Enum;
    /// A malformed date or time.
    MalformedDate = "malformed-date": Format VolatileShape;
    /// A malformed GUID.
    MalformedGuid = "malformed-guid": Format VolatileShape;
    /// An invalid duration, time of day or binary value.
    Malformed = "malformed-value": Format Value VolatileShape;
    /// A number that its type cannot hold.
    Range = "number-out-of-range": Format Value VolatileShape;
    /// Another status of the same class.
    StatusSameClass = "status-same-class": Status;
    /// A status of another class.
    StatusOtherClass = "status-other-class": Status;
    /// No `Content-Type`.
    ContentTypeMissing = "content-type-missing": MissingHeader;
    /// Another media type.
    ContentTypeOther = "content-type-other": MediaType;
    /// Another charset, claimed or used.
    Charset = "wrong-charset": Charset NotJson Text;
    /// A documented header field left out.
    HeaderMissing = "header-missing": MissingHeader;
    /// A documented header field with another value.
    HeaderChanged = "header-changed": Header Identity VolatileShape;
    /// The body cut off.
    Truncated = "truncated-body": NotJson Text;
    /// A page of HTML instead of JSON.
    NotJson = "not-json": NotJson;
    /// No body.
    EmptyBody = "empty-body": EmptyBody;
    /// A body where none is documented.
    UnexpectedBody = "unexpected-body": UnexpectedBody;
    /// The documented request other than it was reviewed.
    Request = "reviewed-request": Request Value MissingMember UndocumentedMember MissingHeader Header MediaType Type Null;
    /// Other values that the service assigns, wherever they occur together.
    OtherIds = "other-ids": ;
    /// Other points in time.
    OtherTimes = "other-times": ;
    /// Members in another order.
    MemberOrder = "member-order": ;
    /// Other white space, and with it another `Content-Length`.
    Whitespace = "whitespace": ;
    /// Parameters of the media type, and its case.
    MediaTypeParameters = "media-type-parameters": ;
    /// Header fields that are not documented.
    ExtraHeaders = "extra-headers": ;
    /// Annotations that are not documented.
    Annotations = "annotations": ;
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
