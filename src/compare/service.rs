//! What a service declares of itself, as data: the types of its entity model, and what its operations return. Whoever reads the
//! service's metadata fills it; what is not in it is unknown.

use std::collections::HashMap;

use crate::edm::Primitive;
use crate::source::SourceLine;

/// The entity model of one version of a service (OData CSDL 4.01 section 4), and the responses that follow from it.
#[derive(Clone, Debug, Default)]
pub struct ServiceRules {
    /// Where it is from, as rules show it: a file or a URL.
    pub name: String,
    /// The types by their qualified names.
    pub types: HashMap<String, ServiceType>,
    /// Namespaces by their aliases.
    pub aliases: HashMap<String, String>,
    /// The structured types that declare a property of a name themselves.
    pub owners: HashMap<String, Vec<String>>,
    /// What operations return, by contract and route.
    pub responses: HashMap<(String, String), TypeReference>,
}

/// A type as it is referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeReference {
    /// The qualified name of the type, or of the collection's elements.
    pub name: String,
    /// Whether it is a collection.
    pub collection: bool,
}

/// A type that a service declares.
#[derive(Clone, Debug)]
pub struct ServiceType {
    /// Its line.
    pub line: u32,
    /// What it is.
    pub kind: ServiceTypeKind,
}

/// What a declared type is.
#[derive(Clone, Debug)]
pub enum ServiceTypeKind {
    /// An entity type or a complex type.
    Structured {
        /// The type that it inherits from.
        base: Option<String>,
        /// Its own properties, by name.
        properties: HashMap<String, ServiceProperty>,
        /// Whether a value may have members that are not declared.
        open: bool,
    },
    /// An enumeration.
    Enumeration {
        /// The names of its members.
        members: Vec<String>,
        /// Whether a value may combine members.
        is_flags: bool,
    },
    /// Another name for a primitive type.
    Primitive(Primitive),
    /// A type of which no more is known.
    Unknown,
}

/// A property that a service declares.
#[derive(Clone, Debug)]
pub struct ServiceProperty {
    /// Its qualified name: `microsoft.graph.user/mail`.
    pub name: String,
    /// Its type.
    pub type_ref: TypeReference,
    /// Whether its value (or, of a collection, an element) may be null, if that is known (OData CSDL 4.01 section 7.2.1).
    pub nullable: Option<bool>,
    /// Whether it leads to entities, which are in a response only if they are asked for (OData JSON Format 4.01 section 8).
    pub navigation: bool,
    /// Its line.
    pub line: u32,
}

/// What a service declares of a value in a response.
#[derive(Clone, Copy, Debug)]
pub(super) enum ServiceValue<'a> {
    /// Nothing that is known here.
    Unknown,
    /// It is a value of this type.
    Declared(ServiceDeclared<'a>),
    /// The type around it does not have such a member.
    Undeclared {
        /// The type.
        owner: &'a str,
        line: u32,
        /// Whether its values may have others.
        open: bool,
    },
}

/// The declaration of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceDeclared<'a> {
    /// The property that the value, or the collection around it, is the value of.
    pub(super) property: Option<&'a ServiceProperty>,
    pub(super) type_ref: &'a TypeReference,
    /// Whether the value is an element of the collection.
    pub(super) is_element: bool,
}

/// What a single value may be.
pub(super) enum ServiceKinds<'a> {
    Primitive(Primitive),
    Enumeration { members: &'a [String], is_flags: bool },
    Structured,
    Unknown,
}

impl ServiceDeclared<'_> {
    pub(super) fn is_collection(&self) -> bool {
        self.type_ref.collection && !self.is_element
    }

    /// What is declared, in words.
    pub(super) fn subject(&self) -> &str {
        self.property.map_or(self.type_ref.name.as_str(), |property| property.name.as_str())
    }
}

impl ServiceRules {
    /// A line of the document.
    pub(super) fn line(&self, line: u32) -> SourceLine {
        SourceLine::new(self.name.as_str(), line)
    }

    /// The type of a qualified name, by namespace or alias.
    pub fn find(&self, name: &str) -> Option<(&str, &ServiceType)> {
        if let Some((own, found)) = self.types.get_key_value(name) {
            return Some((own, found));
        }
        let (alias, bare) = name.rsplit_once('.')?;
        let full = format!("{}.{bare}", self.aliases.get(alias)?);
        self.types.get_key_value(&full).map(|(own, found)| (own.as_str(), found))
    }

    /// What single values of a type may be.
    pub(super) fn kinds(&self, type_name: &str) -> ServiceKinds<'_> {
        if type_name.starts_with("Edm.") {
            return Primitive::read(type_name).map_or(ServiceKinds::Unknown, ServiceKinds::Primitive);
        }
        match self.find(type_name).map(|(_, found)| &found.kind) {
            Some(ServiceTypeKind::Structured { .. }) => ServiceKinds::Structured,
            Some(ServiceTypeKind::Enumeration { members, is_flags }) => {
                ServiceKinds::Enumeration { members, is_flags: *is_flags }
            }
            Some(ServiceTypeKind::Primitive(primitive)) => ServiceKinds::Primitive(*primitive),
            Some(ServiceTypeKind::Unknown) | None => ServiceKinds::Unknown,
        }
    }

    /// Whether a type is an entity type or a complex type.
    pub(super) fn is_structured(&self, type_name: &str) -> bool {
        matches!(self.kinds(type_name), ServiceKinds::Structured)
    }

    /// The names of a type and of those that it inherits from. What cannot be found ends it with `None`.
    fn lineage<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = Option<Structured<'a>>> {
        let structured = |name: &str| match self.find(name) {
            Some((name, ServiceType { line, kind: ServiceTypeKind::Structured { base, properties, open } })) => {
                Some(Structured { name, line: *line, base: base.as_deref(), properties, open: *open })
            }
            _ => None,
        };
        let first = Some(structured(type_name));
        std::iter::successors(first, move |own| own.as_ref()?.base.map(structured)).take(MAX_BASES)
    }

    fn is_a(&self, type_name: &str, base: &str) -> bool {
        self.lineage(type_name).flatten().any(|own| own.name == base)
    }

    /// What is declared of a member of a value of that type. A response may leave out which of the derived types it is of.
    pub(super) fn member(&self, type_name: &str, member: &str) -> ServiceValue<'_> {
        let Some((type_name, _)) = self.find(type_name) else { return ServiceValue::Unknown };
        let (mut line, mut open, mut first) = (0, false, true);
        for own in self.lineage(type_name) {
            let Some(own) = own else { return ServiceValue::Unknown };
            if let Some(property) = own.properties.get(member) {
                return property.declared();
            }
            if first {
                line = own.line;
            }
            (open, first) = (open || own.open, false);
        }
        let owners = self.owners.get(member).into_iter().flatten().take(MOST_OWNERS);
        match owners.into_iter().find(|owner| self.is_a(owner, type_name)).and_then(|owner| self.own(owner, member)) {
            Some(property) => property.declared(),
            None => ServiceValue::Undeclared { owner: type_name, line, open },
        }
    }

    fn own(&self, type_name: &str, member: &str) -> Option<&ServiceProperty> {
        match &self.find(type_name)?.1.kind {
            ServiceTypeKind::Structured { properties, .. } => properties.get(member),
            _ => None,
        }
    }
}

impl ServiceProperty {
    fn declared(&self) -> ServiceValue<'_> {
        ServiceValue::Declared(ServiceDeclared { property: Some(self), type_ref: &self.type_ref, is_element: false })
    }
}

/// An entity type or complex type of a lineage.
struct Structured<'a> {
    name: &'a str,
    line: u32,
    base: Option<&'a str>,
    properties: &'a HashMap<String, ServiceProperty>,
    open: bool,
}

/// Longer chains of base types are circles.
const MAX_BASES: usize = 64;

/// How many types are looked at that declare a member of one name.
const MOST_OWNERS: usize = 1000;
