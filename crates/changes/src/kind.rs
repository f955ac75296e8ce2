//! What kinds of change there are, what each means for a caller, and why. `docs/diff.md` explains each.

use serde::Serialize;
use strum::{Display, IntoStaticStr, VariantArray};

use crate::Effect;

macro_rules! kinds {
    ($($variant:ident = $effect:ident, $phrase:literal, $why:literal;)*) => {
        /// The kinds of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Display, IntoStaticStr, VariantArray)]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum Kind {
            $(#[doc = $phrase] $variant,)*
        }

        impl Kind {
            fn row(self) -> (Effect, &'static str, &'static str) {
                match self {
                    $(Kind::$variant => (Effect::$effect, $phrase, $why),)*
                }
            }
        }
    };
}

kinds! {
    // Operations and examples.
    OperationRemoved = Breaking, "operation removed", "callers that send it find nothing";
    OperationAdded = Additive, "operation added", "no caller relies on it yet";
    ExampleRemoved = Cosmetic, "example removed", "its operation is still documented";
    ExampleAdded = Cosmetic, "example added", "its operation was documented before";
    RouteRewritten = Cosmetic, "URL template written with its prefix, or without", "the longer template addresses the same";
    ContractRenamed = Cosmetic, "page or contract renamed", "it documents the same operation";
    // Requests.
    RequestMemberRemoved = Breaking, "request member removed", "a member that callers send is no longer documented";
    RequestMemberUnshown = Cosmetic, "request member no longer shown", "it is still documented";
    RequestMemberAdded = Additive, "request member added", "the page does not say that it is required";
    RequestMemberRequired = Breaking, "required request member added", "callers that do not send it are refused";
    RequestMemberRetyped = Breaking, "request member retyped", "callers send a value of the old type";
    RequestBodyAdded = Breaking, "request body added", "callers send no body";
    RequestBodyRemoved = Breaking, "request body removed", "callers send a body";
    RequestBodyRetyped = Breaking, "request body of another kind", "callers send a body of the old kind";
    RequestMediaType = Breaking, "media type of the request changed", "callers send the old one";
    RequestHeaderAdded = Additive, "request header added", "the page does not say that it is required";
    RequestPreferenceAdded = Additive, "preference of the request added", "a request without it is still complete";
    RequestHeaderRequired = Breaking, "request header required", "callers that do not send it are refused";
    RequestHeaderOptional = Additive, "request header no longer required", "callers may leave it out";
    RequestHeaderRemoved = Cosmetic, "request header removed", "services ignore unknown header fields";
    RequestHeaderChanged = Cosmetic, "request header changed", "the documented value is a sample";
    QueryOptionRequired = Breaking, "query option required", "callers that do not send it are refused";
    QueryOptionOptional = Additive, "query option no longer required", "callers may leave it out";
    RequestQueryChanged = Cosmetic, "query of the example changed", "an example shows some of the options";
    // Responses.
    StatusChanged = Breaking, "status changed", "callers act on the status";
    ResponseMemberRemoved = Breaking, "response member removed", "callers that read the member find nothing";
    ResponseMemberUnshown = Cosmetic, "response member no longer shown", "it is still documented, or the example is shortened";
    ResponseMemberAdded = Additive, "response member added", "callers ignore unknown members";
    ResponseMemberRetyped = Breaking, "response member retyped", "callers with typed models cannot read the value";
    ResponseValueForm = Breaking, "form of a response value changed", "callers that parse the value by its form fail";
    ResponseMemberNull = Breaking, "null for a value of the response", "callers use the value without checking for null";
    ResponseBodyAdded = Additive, "response body added", "callers that expect no body leave it unread";
    ResponseBodyRemoved = Breaking, "response body removed", "callers that read the body find nothing";
    ResponseBodyRetyped = Breaking, "response body of another kind", "callers cannot read the body at all";
    ResponseMediaType = Breaking, "media type of the response changed", "callers choose their parser by it";
    ResponseHeaderAdded = Additive, "response header added", "callers ignore unknown header fields";
    ResponseHeaderRemoved = Breaking, "response header removed", "callers that read the header find nothing";
    ResponseHeaderChanged = Cosmetic, "response header changed", "the documented value is a sample";
    AnnotationChanged = Cosmetic, "annotation changed", "the client's request decides which annotations the service sends";
    SampleChanged = Cosmetic, "sample values changed", "the documented values are samples: a caller fails only if it relies on these";
    // Permissions.
    PermissionRemoved = Breaking, "permission no longer sufficient", "callers that have only this one are refused";
    PermissionAdded = Additive, "further permission sufficient", "callers keep using the one that they have";
    AccountRemoved = Breaking, "account no longer supported", "callers with such an account are refused";
    AccountAdded = Additive, "account supported", "no caller could use it before";
    PermissionsRestated = Cosmetic, "permissions stated differently", "the pages are not comparable, so nothing follows";
    // Clouds.
    CloudRemoved = Breaking, "cloud removed", "callers in that cloud are refused";
    CloudAdded = Additive, "cloud added", "no caller could use it there before";
    // Types and properties.
    TypeRemoved = Breaking, "type removed", "callers with typed models refer to it";
    TypeAdded = Additive, "type added", "no caller relies on it yet";
    TypeRenamed = Breaking, "type renamed", "callers name the type in requests, casts and models";
    BodyTypeChanged = Breaking, "declared type of the body changed", "callers with typed models cannot read or send the body";
    TypeKindChanged = Breaking, "type of another kind", "values of it have another form";
    TypeAbstract = Breaking, "type now abstract", "callers cannot create values of it any longer";
    TypeConcrete = Additive, "type no longer abstract", "there may be values of it";
    TypeOpened = Additive, "type now open", "callers ignore unknown members";
    TypeClosed = Breaking, "type no longer open", "callers may send or read members that are not declared";
    BaseTypeChanged = Breaking, "base type changed", "values can no longer be used where the old base type is expected";
    BaseTypeAdded = Additive, "base type added", "values can still be used where they were";
    StreamRemoved = Breaking, "media stream removed", "callers that read or write the stream find nothing";
    StreamAdded = Additive, "media stream added", "no caller relies on it yet";
    KeyChanged = Breaking, "key changed", "callers address entities by their keys";
    AlternateKeyRemoved = Breaking, "alternate key removed", "callers address entities by their keys";
    AlternateKeyAdded = Additive, "alternate key added", "no caller relies on it yet";
    PropertyRemoved = Breaking, "property removed", "callers that read or send it fail";
    PropertyAdded = Additive, "property added", "callers ignore unknown properties";
    PropertyCase = Breaking, "case of a property's name changed", "callers that read the name as it was find nothing";
    PropertyRequired = Breaking, "property required", "callers that do not send it are refused";
    PropertyOptional = Additive, "property no longer required", "callers may leave it out";
    PropertyRetyped = Breaking, "property retyped", "callers with typed models cannot read or send the value";
    PropertyEnumerated = Cosmetic, "string property now an enumeration", "JSON writes both as strings";
    RequestPropertyEnumerated = Breaking, "string property that is sent now an enumeration", "callers that send another value are refused";
    PropertyNotEnumerated = Cosmetic, "enumeration property now a string", "JSON writes both as strings";
    ResponsePropertyNotEnumerated = Breaking, "enumeration property that is received now a string", "callers map the declared values only";
    PropertyDefined = Cosmetic, "type definition in place of its primitive type, or the reverse", "JSON writes both alike";
    PropertyTyped = Cosmetic, "type of a property stated, or no longer stated", "one side does not state it";
    PropertyNullable = Breaking, "property may now be null", "callers use the value without checking for null";
    RequestPropertyNullable = Additive, "property of a request may now be null", "callers may send null";
    PropertyNotNullable = Breaking, "property may no longer be null", "callers that send null, or nothing, are refused";
    ResponsePropertyNotNullable = Additive, "property of a response is no longer null", "callers need not check for null";
    PropertyReadOnly = Breaking, "property cannot be set any longer", "what callers send is refused or ignored";
    ResponsePropertyReadOnly = Cosmetic, "property of responses said to be read-only, or no longer", "callers do not send it";
    PropertyWritable = Additive, "property can now be set", "callers may send it";
    PropertyNarrowed = Breaking, "values of a property restricted further", "what callers send is refused";
    ResponsePropertyNarrowed = Cosmetic, "values of a property of responses restricted further", "callers receive a part of the values";
    PropertyWidened = Additive, "values of a property restricted less", "callers may send more";
    DefaultChanged = Breaking, "default value changed", "callers that leave the value out get another one";
    ResponseDefaultChanged = Cosmetic, "default value of a property of responses changed", "callers do not leave out what they do not send";
    ContainmentChanged = Breaking, "containment changed", "entities have other URLs";
    EnumValueRemoved = Breaking, "enumeration value removed", "callers that send it are refused";
    ResponseEnumValueRemoved = Cosmetic, "enumeration value of responses removed", "callers only receive one value fewer";
    EnumValueAdded = Breaking, "enumeration value added", "callers map the documented values only";
    RequestEnumValueAdded = Additive, "enumeration value of requests added", "callers may send it";
    EvolvableEnumValueAdded = Additive, "value of an evolvable enumeration added", "unknownFutureValue told callers to expect further ones";
    EnumEvolvable = Additive, "enumeration now evolvable", "unknownFutureValue tells callers to expect further values";
    EnumValueCase = Breaking, "case of an enumeration value changed", "callers that compare the value as it was do not find it";
    EnumListed = Cosmetic, "values of an enumeration listed, or no longer listed", "one side does not list them";
    EnumNumberChanged = Cosmetic, "number of an enumeration value changed", "values are identified by their names in JSON";
    FlagsChanged = Breaking, "flags of an enumeration changed", "values may be combined on one side only";
    TypeDefinitionChanged = Breaking, "type definition changed", "values have another primitive type";
    // Actions and functions.
    NameCase = Cosmetic, "case of a name in URLs or requests changed", "Microsoft Graph reads them in any case";
    OperationKindChanged = Breaking, "action replaced by a function, or the reverse", "callers invoke it with another method";
    ParameterRemoved = Breaking, "parameter removed", "callers that send it are refused";
    ParameterAdded = Additive, "parameter added", "callers may leave it out";
    RequiredParameterAdded = Breaking, "required parameter added", "callers that do not send it are refused";
    ParameterRetyped = Breaking, "parameter retyped", "callers send a value of the old type";
    ParameterNullable = Additive, "parameter may now be null or left out", "callers may send less";
    ParameterNotNullable = Breaking, "parameter may no longer be null or left out", "callers that send less are refused";
    ParameterNarrowed = Breaking, "values of a parameter restricted further", "what callers send is refused";
    ParameterWidened = Additive, "values of a parameter restricted less", "callers may send more";
    ParametersReordered = Breaking, "parameters of a function reordered", "callers that pass them by position pass the wrong ones";
    ReturnTypeChanged = Breaking, "return type changed", "callers with typed models cannot read the result";
    ReturnNullable = Breaking, "return value may now be null", "callers use the value without checking for null";
    ReturnNotNullable = Additive, "return value is no longer null", "callers need not check for null";
    ComposableRemoved = Breaking, "function no longer composable", "callers append further segments to its URL";
    ComposableAdded = Additive, "function now composable", "no caller relies on it yet";
    // The entity container.
    ElementRemoved = Breaking, "entity set, singleton or import removed", "callers that address it find nothing";
    ElementAdded = Additive, "entity set, singleton or import added", "no caller relies on it yet";
    ElementChanged = Breaking, "entity set, singleton or import of another kind or type", "callers that address it find something else";
    // Annotations.
    CapabilityRemoved = Breaking, "capability removed", "callers that use it are refused";
    CapabilityAdded = Additive, "capability added", "callers may now use it";
    Deprecated = Cosmetic, "deprecated", "it works until it is removed";
    DeprecationChanged = Cosmetic, "deprecation changed or withdrawn", "it works as before";
    // One answer, which a review compares with the one before.
    NewContract = Additive, "new contract", "no caller relies on it yet";
    ResponseMemberRepeated = Breaking, "response member occurs twice", "parsers disagree on which of the values counts";
    ResponseHeaderForm = Breaking, "form of a response header changed", "the value is no longer of the documented form";
    ResponseCharset = Breaking, "charset of the response changed", "callers that believe it decode the body wrongly";
    ResponseLength = Breaking, "number of elements changed", "the request said how many elements there are";
    EchoLost = Breaking, "value no longer repeated", "the response no longer repeats what the request sent";
    IdentityChanged = Breaking, "identifier changed", "callers that follow it reach another object";
    DocumentedAgain = Cosmetic, "as documented again", "callers that follow the page find what it says";
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Kind] = Kind::VARIANTS;

    /// The stable name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What it means for a caller.
    pub fn effect(self) -> Effect {
        self.row().0
    }

    /// What it is, as a phrase.
    pub fn phrase(self) -> &'static str {
        self.row().1
    }

    /// Why it means that, as a phrase.
    pub fn why(self) -> &'static str {
        self.row().2
    }

    /// What a change is about, whoever sends or receives it. Changes of one thing that mean more or less in different contracts are
    /// one change.
    pub(crate) fn family(self) -> &'static str {
        match self {
            Kind::ResponseEnumValueRemoved => Kind::EnumValueRemoved.name(),
            Kind::RequestEnumValueAdded | Kind::EvolvableEnumValueAdded => Kind::EnumValueAdded.name(),
            Kind::RequestPropertyNullable => Kind::PropertyNullable.name(),
            Kind::ResponsePropertyNotNullable => Kind::PropertyNotNullable.name(),
            Kind::PropertyRequired => Kind::PropertyAdded.name(),
            Kind::ResponsePropertyReadOnly => Kind::PropertyReadOnly.name(),
            Kind::ResponseDefaultChanged => Kind::DefaultChanged.name(),
            Kind::ResponsePropertyNarrowed => Kind::PropertyNarrowed.name(),
            Kind::RequestPropertyEnumerated => Kind::PropertyEnumerated.name(),
            Kind::ResponsePropertyNotEnumerated => Kind::PropertyNotEnumerated.name(),
            Kind::NameCase | Kind::EnumValueCase => Kind::PropertyCase.name(),
            kind => kind.name(),
        }
    }
}
