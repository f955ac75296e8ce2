//! What kinds of change there are, what each means for a caller, and why. `docs/diff.md` explains each.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Effect;

macro_rules! kinds {
    ($($variant:ident = $name:literal, $effect:ident, $phrase:literal, $why:literal;)*) => {
        /// The kinds of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $phrase] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Kind] = &[$(Kind::$variant),*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$variant => $name,)*
                }
            }

            /// What it means for a caller.
            pub fn effect(self) -> Effect {
                match self {
                    $(Kind::$variant => Effect::$effect,)*
                }
            }

            /// What it is, as a phrase.
            pub fn phrase(self) -> &'static str {
                match self {
                    $(Kind::$variant => $phrase,)*
                }
            }

            /// Why it means that, as a phrase.
            pub fn why(self) -> &'static str {
                match self {
                    $(Kind::$variant => $why,)*
                }
            }
        }
    };
}

kinds! {
    // Operations and examples.
    OperationRemoved = "operation-removed", Breaking, "operation removed", "callers that send it find nothing";
    OperationAdded = "operation-added", Additive, "operation added", "no caller relies on it yet";
    ExampleRemoved = "example-removed", Cosmetic, "example removed", "its operation is still documented";
    ExampleAdded = "example-added", Cosmetic, "example added", "its operation was documented before";
    ContractRenamed = "contract-renamed", Cosmetic, "page or contract renamed", "it documents the same operation";
    // Requests.
    RequestMemberRemoved = "request-member-removed", Breaking, "request member removed", "a member that callers send is no longer documented";
    RequestMemberUnshown = "request-member-unshown", Cosmetic, "request member no longer shown", "the page's table still documents it";
    RequestMemberAdded = "request-member-added", Additive, "request member added", "the page does not say that it is required";
    RequestMemberRequired = "request-member-required", Breaking, "required request member added", "callers that do not send it are refused";
    RequestMemberRetyped = "request-member-retyped", Breaking, "request member retyped", "callers send a value of the old type";
    RequestBodyAdded = "request-body-added", Breaking, "request body added", "callers send no body";
    RequestBodyRemoved = "request-body-removed", Breaking, "request body removed", "callers send a body";
    RequestBodyRetyped = "request-body-retyped", Breaking, "request body of another kind", "callers send a body of the old kind";
    RequestMediaType = "request-media-type", Breaking, "media type of the request changed", "callers send the old one";
    RequestHeaderAdded = "request-header-added", Breaking, "request header added", "callers that do not send it may be refused";
    RequestPreferenceAdded = "request-preference-added", Additive, "preference of the request added", "a request without it is still complete";
    RequestHeaderRemoved = "request-header-removed", Cosmetic, "request header removed", "services ignore unknown header fields";
    RequestHeaderChanged = "request-header-changed", Cosmetic, "request header changed", "the documented value is a sample";
    RequestQueryChanged = "request-query-changed", Cosmetic, "query of the example changed", "an example shows some of the options";
    // Responses.
    StatusChanged = "status-changed", Breaking, "status changed", "callers act on the status";
    ResponseMemberRemoved = "response-member-removed", Breaking, "response member removed", "callers that read the member find nothing";
    ResponseMemberAdded = "response-member-added", Additive, "response member added", "callers ignore unknown members";
    ResponseMemberRetyped = "response-member-retyped", Breaking, "response member retyped", "callers with typed models cannot read the value";
    ResponseMemberNull = "response-member-null", Breaking, "null for a value of the response", "callers use the value without checking for null";
    ResponseBodyAdded = "response-body-added", Additive, "response body added", "callers that expect no body leave it unread";
    ResponseBodyRemoved = "response-body-removed", Breaking, "response body removed", "callers that read the body find nothing";
    ResponseBodyRetyped = "response-body-retyped", Breaking, "response body of another kind", "callers cannot read the body at all";
    ResponseMediaType = "response-media-type", Breaking, "media type of the response changed", "callers choose their parser by it";
    ResponseHeaderAdded = "response-header-added", Additive, "response header added", "callers ignore unknown header fields";
    ResponseHeaderRemoved = "response-header-removed", Breaking, "response header removed", "callers that read the header find nothing";
    ResponseHeaderChanged = "response-header-changed", Cosmetic, "response header changed", "the documented value is a sample";
    AnnotationChanged = "annotation-changed", Cosmetic, "annotation changed", "the client's request decides which annotations the service sends";
    SampleChanged = "sample-changed", Cosmetic, "sample values changed", "the documented values are samples";
    // Permissions.
    PermissionRemoved = "permission-removed", Breaking, "permission no longer sufficient", "callers that have only this one are refused";
    PermissionAdded = "permission-added", Additive, "further permission sufficient", "callers keep using the one that they have";
    AccountRemoved = "account-removed", Breaking, "account no longer supported", "callers with such an account are refused";
    AccountAdded = "account-added", Additive, "account supported", "no caller could use it before";
    PermissionsRestated = "permissions-restated", Cosmetic, "permissions stated differently", "the pages are not comparable, so nothing follows";
    // Types and properties.
    TypeRemoved = "type-removed", Breaking, "type removed", "callers with typed models refer to it";
    TypeAdded = "type-added", Additive, "type added", "no caller relies on it yet";
    TypeRenamed = "type-renamed", Breaking, "type renamed", "callers name the type in requests, casts and models";
    BodyTypeChanged = "body-type-changed", Breaking, "declared type of the body changed", "callers with typed models cannot read or send the body";
    TypeKindChanged = "type-kind-changed", Breaking, "type of another kind", "values of it have another form";
    TypeAbstract = "type-abstract", Breaking, "type now abstract", "callers cannot create values of it any longer";
    TypeConcrete = "type-concrete", Additive, "type no longer abstract", "there may be values of it";
    TypeOpened = "type-opened", Additive, "type now open", "callers ignore unknown members";
    TypeClosed = "type-closed", Breaking, "type no longer open", "callers may send or read members that are not declared";
    BaseTypeChanged = "base-type-changed", Breaking, "base type changed", "values can no longer be used where the old base type is expected";
    BaseTypeAdded = "base-type-added", Additive, "base type added", "values can still be used where they were";
    StreamRemoved = "stream-removed", Breaking, "media stream removed", "callers that read or write the stream find nothing";
    StreamAdded = "stream-added", Additive, "media stream added", "no caller relies on it yet";
    KeyChanged = "key-changed", Breaking, "key changed", "callers address entities by their keys";
    AlternateKeyRemoved = "alternate-key-removed", Breaking, "alternate key removed", "callers address entities by their keys";
    AlternateKeyAdded = "alternate-key-added", Additive, "alternate key added", "no caller relies on it yet";
    PropertyRemoved = "property-removed", Breaking, "property removed", "callers that read or send it fail";
    PropertyAdded = "property-added", Additive, "property added", "callers ignore unknown properties";
    PropertyRequired = "property-required", Breaking, "property required", "callers that do not send it are refused";
    PropertyOptional = "property-optional", Additive, "property no longer required", "callers may leave it out";
    PropertyRetyped = "property-retyped", Breaking, "property retyped", "callers with typed models cannot read or send the value";
    PropertyTyped = "property-typed", Cosmetic, "type of a property stated, or no longer stated", "one side does not state it";
    PropertyNullable = "property-nullable", Breaking, "property may now be null", "callers use the value without checking for null";
    RequestPropertyNullable = "request-property-nullable", Additive, "property of a request may now be null", "callers may send null";
    PropertyNotNullable = "property-not-nullable", Breaking, "property may no longer be null", "callers that send null, or nothing, are refused";
    ResponsePropertyNotNullable = "response-property-not-nullable", Additive, "property of a response is no longer null", "callers need not check for null";
    PropertyReadOnly = "property-read-only", Breaking, "property cannot be set any longer", "what callers send is refused or ignored";
    PropertyWritable = "property-writable", Additive, "property can now be set", "callers may send it";
    ContainmentChanged = "containment-changed", Breaking, "containment changed", "entities have other URLs";
    EnumValueRemoved = "enum-value-removed", Breaking, "enumeration value removed", "callers that send it are refused";
    ResponseEnumValueRemoved = "response-enum-value-removed", Cosmetic, "enumeration value of responses removed", "callers only receive one value fewer";
    EnumValueAdded = "enum-value-added", Breaking, "enumeration value added", "callers map the documented values only";
    RequestEnumValueAdded = "request-enum-value-added", Additive, "enumeration value of requests added", "callers may send it";
    EvolvableEnumValueAdded = "evolvable-enum-value-added", Additive, "value of an evolvable enumeration added", "unknownFutureValue told callers to expect further ones";
    EnumEvolvable = "enum-evolvable", Additive, "enumeration now evolvable", "unknownFutureValue tells callers to expect further values";
    EnumListed = "enum-listed", Cosmetic, "values of an enumeration listed, or no longer listed", "one side does not list them";
    EnumNumberChanged = "enum-number-changed", Cosmetic, "number of an enumeration value changed", "values are identified by their names in JSON";
    FlagsChanged = "flags-changed", Breaking, "flags of an enumeration changed", "values may be combined on one side only";
    TypeDefinitionChanged = "type-definition-changed", Breaking, "type definition changed", "values have another primitive type";
    // Actions and functions.
    OperationKindChanged = "operation-kind-changed", Breaking, "action replaced by a function, or the reverse", "callers invoke it with another method";
    ParameterRemoved = "parameter-removed", Breaking, "parameter removed", "callers that send it are refused";
    ParameterAdded = "parameter-added", Additive, "parameter added", "callers may leave it out";
    RequiredParameterAdded = "required-parameter-added", Breaking, "required parameter added", "callers that do not send it are refused";
    ParameterRetyped = "parameter-retyped", Breaking, "parameter retyped", "callers send a value of the old type";
    ParameterNullable = "parameter-nullable", Additive, "parameter may now be null or left out", "callers may send less";
    ParameterNotNullable = "parameter-not-nullable", Breaking, "parameter may no longer be null or left out", "callers that send less are refused";
    ParametersReordered = "parameters-reordered", Breaking, "parameters reordered", "callers that pass them by position pass the wrong ones";
    ReturnTypeChanged = "return-type-changed", Breaking, "return type changed", "callers with typed models cannot read the result";
    ReturnNullable = "return-nullable", Breaking, "return value may now be null", "callers use the value without checking for null";
    ReturnNotNullable = "return-not-nullable", Additive, "return value is no longer null", "callers need not check for null";
    ComposableRemoved = "composable-removed", Breaking, "function no longer composable", "callers append further segments to its URL";
    ComposableAdded = "composable-added", Additive, "function now composable", "no caller relies on it yet";
    // The entity container.
    ElementRemoved = "element-removed", Breaking, "entity set, singleton or import removed", "callers that address it find nothing";
    ElementAdded = "element-added", Additive, "entity set, singleton or import added", "no caller relies on it yet";
    ElementChanged = "element-changed", Breaking, "entity set, singleton or import of another kind or type", "callers that address it find something else";
    // Annotations.
    CapabilityRemoved = "capability-removed", Breaking, "capability removed", "callers that use it are refused";
    CapabilityAdded = "capability-added", Additive, "capability added", "callers may now use it";
    Deprecated = "deprecated", Cosmetic, "deprecated", "it works until it is removed";
    DeprecationChanged = "deprecation-changed", Cosmetic, "deprecation changed or withdrawn", "it works as before";
    // One answer, which a review compares with the one before.
    NewContract = "new-contract", Additive, "new contract", "no caller relies on it yet";
    ResponseMemberRepeated = "response-member-repeated", Breaking, "response member occurs twice", "parsers disagree on which of the values counts";
    ResponseValueForm = "response-value-form", Breaking, "form of a response value changed", "callers that parse the value by its form fail";
    ResponseHeaderForm = "response-header-form", Breaking, "form of a response header changed", "the value is no longer of the documented form";
    ResponseCharset = "response-charset", Breaking, "charset of the response changed", "callers that believe it decode the body wrongly";
    ResponseLength = "response-length", Breaking, "number of elements changed", "the request said how many elements there are";
    EchoLost = "echo-lost", Breaking, "value no longer repeated", "the response no longer repeats what the request sent";
    IdentityChanged = "identity-changed", Breaking, "identifier changed", "callers that follow it reach another object";
}

impl Kind {
    /// What a change is about, whoever sends or receives it. Changes of one thing that mean more or less in different contracts are
    /// one change.
    pub(crate) fn family(self) -> &'static str {
        match self {
            Kind::ResponseEnumValueRemoved => Kind::EnumValueRemoved.name(),
            Kind::RequestEnumValueAdded | Kind::EvolvableEnumValueAdded => Kind::EnumValueAdded.name(),
            Kind::RequestPropertyNullable => Kind::PropertyNullable.name(),
            Kind::ResponsePropertyNotNullable => Kind::PropertyNotNullable.name(),
            Kind::PropertyRequired => Kind::PropertyAdded.name(),
            kind => kind.name(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
