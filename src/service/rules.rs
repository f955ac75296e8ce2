//! The types that a service declares, looked up by name and member, and what is found.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{EnumerationType, ServiceProperty, ServiceType, StructuredType, TypeReference};
use crate::edm::Primitive;
use crate::source::SourceLine;

/// The entity model of one version of a service (OData CSDL 4.01 section 4), or the part of it that a contract keeps, and the messages
/// that follow from it.
#[derive(Clone, Debug, Default)]
pub struct ServiceRules {
    /// Where it is from, as rules show it: a file or a URL; of several documents, the first.
    pub name: String,
    /// The types by their qualified names.
    types: BTreeMap<String, ServiceType>,
    /// Namespaces by their aliases.
    pub aliases: HashMap<String, String>,
    /// The structured types that declare a property of a name themselves.
    owners: HashMap<String, Vec<String>>,
    /// The structured types that inherit from another one without any between them.
    derived: HashMap<String, Vec<String>>,
    /// What operations take, by contract and route.
    pub requests: HashMap<(String, String), TypeReference>,
    /// What operations return, by contract and route.
    pub responses: HashMap<(String, String), TypeReference>,
}

/// What a service declares of a value.
#[derive(Clone, Copy, Debug)]
pub enum ServiceValue<'a> {
    /// Nothing that is known here.
    Unknown,
    /// It is a value of this type.
    Declared(ServiceDeclared<'a>),
    /// The type around it does not have such a member.
    Undeclared {
        /// Whose rule this is.
        rules: &'a ServiceRules,
        /// The type.
        owner: &'a str,
        /// Its line.
        line: u32,
        /// Whether its values may have others.
        open: bool,
    },
}

/// The declaration of a value.
#[derive(Clone, Copy, Debug)]
pub struct ServiceDeclared<'a> {
    /// Whose rule this is.
    pub rules: &'a ServiceRules,
    /// The property that the value, or the collection around it, is the value of.
    pub member: Option<ServiceMember<'a>>,
    /// The type; one without a name is not known.
    pub type_ref: &'a TypeReference,
    /// Whether the value is an element of the collection.
    pub is_element: bool,
}

/// A property with the type that declares it.
#[derive(Clone, Copy, Debug)]
pub struct ServiceMember<'a> {
    /// The qualified name of the type.
    pub owner: &'a str,
    /// The name of the property.
    pub name: &'a str,
    /// What is declared of it; absent where no more than its name is known.
    pub property: Option<&'a ServiceProperty>,
    /// Its line, or else that of the type.
    pub line: u32,
}

/// What a single value may be.
#[derive(Clone, Copy, Debug)]
pub enum ServiceKinds<'a> {
    /// A value of a primitive type.
    Primitive(Primitive),
    /// A member of an enumeration.
    Enumeration(&'a EnumerationType),
    /// An object.
    Structured,
    /// Nothing is known of it.
    Unknown,
}

/// A type of which nothing is known.
static UNKNOWN_TYPE: TypeReference = TypeReference { name: String::new(), collection: false };

impl ServiceRules {
    /// The rules of a document, or what a contract keeps of one.
    pub fn new(name: String, types: BTreeMap<String, ServiceType>) -> ServiceRules {
        let (mut owners, mut derived) = (HashMap::<String, Vec<String>>::new(), HashMap::<String, Vec<String>>::new());
        for (type_name, own) in types.iter().filter_map(|(name, own)| Some((name, own.structured()?.1))) {
            for property in own.properties.keys().chain(&own.others) {
                owners.entry(property.clone()).or_default().push(type_name.clone());
            }
            if let Some(base) = &own.base {
                derived.entry(base.clone()).or_default().push(type_name.clone());
            }
        }
        ServiceRules { name, types, owners, derived, ..ServiceRules::default() }
    }

    /// A line in the declaration of a type.
    pub fn source_line(&self, type_name: &str, line: u32) -> SourceLine {
        let document = self.find(type_name).and_then(|(_, own)| own.document());
        SourceLine::new(document.unwrap_or(&self.name), line)
    }

    /// Whether a type declares a property of that name.
    pub fn has_property(&self, name: &str) -> bool {
        self.owners.contains_key(name)
    }

    /// Whether a type, or one that it inherits from, declares a property whose name differs in case at most.
    pub(crate) fn declares_in_any_case(&self, type_name: &str, property: &str) -> bool {
        let is_own = |own: &String| own.eq_ignore_ascii_case(property);
        let mut lineage = self.lineage(type_name).flatten();
        lineage.any(|(_, own)| own.properties.keys().any(is_own) || own.others.iter().any(is_own))
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
    pub fn kinds(&self, type_name: &str) -> ServiceKinds<'_> {
        if type_name.starts_with("Edm.") {
            return Primitive::read(type_name).map_or(ServiceKinds::Unknown, ServiceKinds::Primitive);
        }
        match self.find(type_name).map(|(_, found)| found) {
            Some(ServiceType::Entity(_) | ServiceType::Complex(_) | ServiceType::Parameters(_)) => {
                ServiceKinds::Structured
            }
            Some(ServiceType::Enumeration(own)) => ServiceKinds::Enumeration(own),
            Some(ServiceType::Definition(own)) => {
                Primitive::read(&own.underlying).map_or(ServiceKinds::Unknown, ServiceKinds::Primitive)
            }
            None => ServiceKinds::Unknown,
        }
    }

    /// Whether a type is an entity type or a complex type.
    pub fn is_structured(&self, type_name: &str) -> bool {
        matches!(self.kinds(type_name), ServiceKinds::Structured)
    }

    /// A type and those that it inherits from, with their names. What cannot be found ends it with `None`.
    pub fn lineage<'a>(&'a self, type_name: &str) -> impl Iterator<Item = Option<(&'a str, &'a StructuredType)>> {
        let structured = |name: &str| {
            let (name, own) = self.find(name)?;
            Some((name, own.structured()?.1))
        };
        let base = move |(_, own): (&str, &'a StructuredType)| own.base.as_deref().map(structured);
        std::iter::successors(Some(structured(type_name)), move |own| own.and_then(base)).take(MAX_BASES)
    }

    /// Whether all types that inherit from one are of a kind.
    pub fn are_all_derived(&self, type_name: &str, is_of_kind: &impl Fn(&str) -> bool) -> bool {
        let mut seen = HashSet::from([type_name]);
        let mut open = vec![type_name];
        while let Some(name) = open.pop() {
            for child in self.derived.get(name).into_iter().flatten() {
                if !is_of_kind(child) {
                    return false;
                }
                if seen.insert(child) {
                    open.push(child);
                }
            }
        }
        true
    }

    fn is_a(&self, type_name: &str, base: &str) -> bool {
        self.lineage(type_name).flatten().any(|(name, _)| name == base)
    }

    /// What is declared of a member of a value of that type. A response may leave out which of the derived types it is of.
    pub fn member<'a>(&'a self, type_name: &str, member: &str) -> ServiceValue<'a> {
        let Some((type_name, own)) = self.find(type_name) else { return ServiceValue::Unknown };
        let (mut open, mut is_whole) = (false, true);
        for own in self.lineage(type_name) {
            let Some((owner, own)) = own else { return ServiceValue::Unknown };
            if let Some(found) = self.own_member(owner, own, member) {
                return found;
            }
            (open, is_whole) = (open || own.open, is_whole && own.complete && !(own.derived && owner == type_name));
        }
        let owners = self.owners.get(member).into_iter().flatten().take(MOST_OWNERS);
        let derived = owners.filter(|owner| self.is_a(owner, type_name)).find_map(|owner| {
            let (owner, own) = self.find(owner)?;
            self.own_member(owner, own.structured()?.1, member)
        });
        match derived {
            Some(found) => found,
            None if is_whole || open => {
                ServiceValue::Undeclared { rules: self, owner: type_name, line: own.line(), open }
            }
            None => ServiceValue::Unknown,
        }
    }

    /// What a type declares of a member itself.
    fn own_member<'a>(&'a self, owner: &'a str, own: &'a StructuredType, member: &str) -> Option<ServiceValue<'a>> {
        let found = match own.properties.get_key_value(member) {
            Some((name, property)) => ServiceMember { owner, name, property: Some(property), line: property.line },
            None => ServiceMember { owner, name: own.others.get(member)?, property: None, line: own.line },
        };
        let type_ref = found.property.map_or(&UNKNOWN_TYPE, |property| &property.type_ref);
        Some(ServiceValue::Declared(ServiceDeclared { rules: self, member: Some(found), type_ref, is_element: false }))
    }
}

impl<'a> ServiceDeclared<'a> {
    /// A value of a type, and of no property.
    pub fn of(rules: &'a ServiceRules, type_ref: &'a TypeReference) -> ServiceDeclared<'a> {
        ServiceDeclared { rules, member: None, type_ref, is_element: false }
    }

    /// What is declared of the property.
    pub fn property(&self) -> Option<&'a ServiceProperty> {
        self.member?.property
    }

    /// Whether the value is a collection.
    pub fn is_collection(&self) -> bool {
        self.type_ref.collection && !self.is_element
    }

    /// What a value, or an element, may be.
    pub fn kinds(&self) -> ServiceKinds<'a> {
        self.rules.kinds(&self.type_ref.name)
    }

    /// What is declared, in words: `microsoft.graph.user/mail`.
    pub fn subject(&self) -> String {
        match self.member {
            Some(ServiceMember { owner, name, .. }) => format!("{owner}/{name}"),
            None => self.type_ref.name.clone(),
        }
    }

    /// Where it is declared: the line of the property, or else of the type.
    pub fn source_line(&self) -> SourceLine {
        let of_type = || self.rules.find(&self.type_ref.name).map(|(name, found)| (name, found.line()));
        let (owner, line) = match self.member {
            Some(member) => (member.owner, member.line),
            None => of_type().unwrap_or((&self.type_ref.name, 1)),
        };
        self.rules.source_line(owner, line)
    }
}

/// Longer chains of base types are circles.
const MAX_BASES: usize = 64;

/// How many types are looked at that declare a member of one name.
const MOST_OWNERS: usize = 1000;
