//! The types that a service declares, as contracts keep them: every field here is one of the JSON.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TypeReference;

/// The member that tells clients to expect further ones (Microsoft Graph documentation, "Handling future members in evolvable
/// enumerations").
pub const SENTINEL: &str = "unknownFutureValue";

/// A type that a service declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceType {
    /// An entity type (OData CSDL 4.01 section 6).
    Entity(StructuredType),
    /// A complex type (section 9).
    Complex(StructuredType),
    /// The parameters of an action, which are the members of the body that invokes it (OData JSON Format 4.01 section 18).
    Parameters(StructuredType),
    /// An enumeration (section 10).
    Enumeration(EnumerationType),
    /// Another name for a primitive type (section 11).
    Definition(DefinitionType),
}

/// Which kind of type has properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructuredKind {
    /// An entity type.
    Entity,
    /// A complex type.
    Complex,
    /// The parameters of an action.
    Parameters,
}

/// A type that has properties.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StructuredType {
    /// Its line in the document.
    pub line: u32,
    /// The document, if it is not the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The type that it inherits from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Whether a value may have members that are not declared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// The names of its own key properties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Whether all of its own properties are here, at least by their names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
    /// Whether types inherit from it that are not here: a value may be of one of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub derived: bool,
    /// Its own properties, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, ServiceProperty>,
    /// The names of further properties of its own.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub others: BTreeSet<String>,
}

/// An enumeration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnumerationType {
    /// Its line in the document.
    pub line: u32,
    /// The document, if it is not the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Whether a value may combine members.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flags: bool,
    /// The names of its members. It may grow if `unknownFutureValue` is among them.
    pub members: Vec<String>,
}

/// Another name for a primitive type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefinitionType {
    /// Its line in the document.
    pub line: u32,
    /// The document, if it is not the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The primitive type.
    #[serde(rename = "type")]
    pub underlying: String,
}

/// A property, or a parameter of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceProperty {
    /// Its type: `Edm.String`, `microsoft.graph.user`, `Collection(Edm.String)`.
    #[serde(rename = "type")]
    pub type_ref: TypeReference,
    /// Whether its value (or, of a collection, an element) may be null, where that is not what OData has by default; see
    /// [`ServiceProperty::may_be_null`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    pub nullable: Option<bool>,
    /// Whether it leads to entities, which are in a response only if they are asked for (OData JSON Format 4.01 section 8).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub navigation: bool,
    /// Whether the entities that it leads to are contained in this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contained: bool,
    /// Who sets its value, where that is not the client at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Access")]
    pub access: Option<Access>,
    /// Its line in the document.
    pub line: u32,
}

/// How far a client may set a property (OData vocabulary Core).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// The service sets it (`Computed`, or `Permissions` that allow reading only).
    Computed,
    /// It is set when the entity is created (`Immutable`).
    Immutable,
}

impl ServiceType {
    /// Its line in the document.
    pub fn line(&self) -> u32 {
        match self {
            ServiceType::Entity(own) | ServiceType::Complex(own) | ServiceType::Parameters(own) => own.line,
            ServiceType::Enumeration(own) => own.line,
            ServiceType::Definition(own) => own.line,
        }
    }

    /// The document that declares it, if it is not the first one.
    pub fn document(&self) -> Option<&str> {
        match self {
            ServiceType::Entity(own) | ServiceType::Complex(own) | ServiceType::Parameters(own) => &own.document,
            ServiceType::Enumeration(own) => &own.document,
            ServiceType::Definition(own) => &own.document,
        }
        .as_deref()
    }

    /// A type with properties, of that kind.
    pub fn of(kind: StructuredKind, own: StructuredType) -> ServiceType {
        match kind {
            StructuredKind::Entity => ServiceType::Entity(own),
            StructuredKind::Complex => ServiceType::Complex(own),
            StructuredKind::Parameters => ServiceType::Parameters(own),
        }
    }

    /// Its properties and what else is declared of it, if it is a type that has properties.
    pub fn structured(&self) -> Option<(StructuredKind, &StructuredType)> {
        match self {
            ServiceType::Entity(own) => Some((StructuredKind::Entity, own)),
            ServiceType::Complex(own) => Some((StructuredKind::Complex, own)),
            ServiceType::Parameters(own) => Some((StructuredKind::Parameters, own)),
            ServiceType::Enumeration(_) | ServiceType::Definition(_) => None,
        }
    }
}

impl StructuredType {
    /// Whether it declares a property itself.
    pub fn declares(&self, name: &str) -> bool {
        self.properties.contains_key(name) || self.others.contains(name)
    }
}

impl EnumerationType {
    /// Whether clients are told to expect further members.
    pub fn is_evolvable(&self) -> bool {
        self.members.iter().any(|member| member == SENTINEL)
    }
}

impl ServiceProperty {
    /// Whether its value (or, of a collection, an element) may be null. A single value may, unless its declaration denies it; where a
    /// collection does not say whether its elements may, that is not known (OData CSDL 4.01 section 7.2.1).
    pub fn may_be_null(&self) -> Option<bool> {
        self.nullable.or((!self.type_ref.collection).then_some(true))
    }
}
