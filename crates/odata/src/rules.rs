//! What metadata declares, as rules by which messages are judged: types, and what the requests of contracts take and return.

use std::collections::BTreeMap;
use std::path::Path;

use graph_contracts::contract::{Contract, MessageTypes, MetadataRules, Route};
use graph_contracts::service::{
    Access, DefinitionType, EnumerationType, ServiceProperty, ServiceRules, ServiceType, StructuredKind,
    StructuredType, TypeReference,
};

use crate::check::{Metadata, Takes, is_url, metadata_of, request_type, response_type};
use crate::csdl::{self, Csdl, Notes, Operation, OperationKind, Property, TypeId, TypeKind, TypeRef};

/// The rules of a document, and the types of the messages of these contracts on each of their routes. What the document does not say
/// is not in them.
pub fn service_rules<'c>(metadata: &Metadata<'_>, contracts: impl IntoIterator<Item = &'c Contract>) -> ServiceRules {
    let mut rules = rules_of(metadata, str::to_owned);
    for contract in contracts {
        for route in &contract.routes {
            let MessageTypes { request, response } = message_types(&metadata.csdl, contract, route);
            let key = (contract.id.clone(), route.path.clone());
            rules.requests.extend(request.map(|request| (key.clone(), request)));
            rules.responses.extend(response.map(|response| (key, response)));
        }
    }
    rules
}

/// What a contract's request takes and returns on a route.
fn message_types(csdl: &Csdl<'_>, contract: &Contract, route: &Route) -> MessageTypes {
    let request = request_type(contract, route, csdl).map(|takes| match takes {
        Takes::Value(type_ref) => reference(csdl, type_ref),
        Takes::Parameters(operation) => TypeReference { name: parameters_name(csdl, operation), collection: false },
    });
    MessageTypes { request, response: response_type(contract, route, csdl).map(|own| reference(csdl, own)) }
}

/// Documents, of which contracts keep what concerns them.
#[derive(Debug)]
pub struct Keeper<'m, 'x> {
    metadata: &'m [Metadata<'x>],
    /// The rules of each, named as contracts name them.
    rules: Vec<ServiceRules>,
}

impl<'m, 'x> Keeper<'m, 'x> {
    /// A keeper of these documents.
    pub fn new(metadata: &'m [Metadata<'x>]) -> Keeper<'m, 'x> {
        let rules = metadata.iter().map(|own| rules_of(own, document_name)).collect();
        Keeper { metadata, rules }
    }

    /// What a contract keeps of the metadata of its version; `None` where that is not at hand, or says nothing of the contract.
    pub fn keep(&self, contract: &Contract) -> Option<MetadataRules> {
        let metadata = metadata_of(contract, self.metadata).ok()?;
        let (_, rules) = self.metadata.iter().zip(&self.rules).find(|(own, _)| std::ptr::eq(*own, metadata))?;
        let types = |route: &Route| message_types(&metadata.csdl, contract, route);
        let routes: Vec<MessageTypes> = contract.routes.iter().map(types).collect();
        MetadataRules::of(contract, rules, &routes)
    }
}

/// How contracts name a document: by its URL, or by the name of its file, wherever that is.
fn document_name(name: &str) -> String {
    let file = Path::new(name).file_name().filter(|_| !is_url(name));
    file.map_or_else(|| name.to_owned(), |file| file.to_string_lossy().into_owned())
}

/// All types of the documents, and the parameters of their actions. The documents go by the names that `name` gives them.
fn rules_of(metadata: &Metadata<'_>, name: impl Fn(&str) -> String) -> ServiceRules {
    let csdl = &metadata.csdl;
    let place = |at: u32| {
        let line = csdl.source_line(at);
        (line.line, (&*line.page != metadata.name).then(|| name(&line.page)))
    };
    let mut types: BTreeMap<String, ServiceType> = BTreeMap::new();
    for (id, declaration) in csdl.declarations() {
        let (line, document) = place(declaration.at);
        let own = match &declaration.kind {
            TypeKind::Structured(own) => {
                let kind = match own.kind {
                    csdl::StructuredKind::Entity => StructuredKind::Entity,
                    csdl::StructuredKind::Complex => StructuredKind::Complex,
                };
                let own = StructuredType {
                    line,
                    document,
                    base: own.base.map(|base| full_name(csdl, base)),
                    open: own.is_open,
                    key: own.key.iter().map(|name| (*name).to_owned()).collect(),
                    complete: true,
                    properties: properties(csdl, id),
                    ..StructuredType::default()
                };
                ServiceType::of(kind, own)
            }
            TypeKind::Enum(own) => {
                let members = own.members.iter().map(|member| member.name.to_owned()).collect();
                ServiceType::Enumeration(EnumerationType { line, document, flags: own.is_flags, members })
            }
            TypeKind::Definition { underlying, .. } => {
                ServiceType::Definition(DefinitionType { line, document, underlying: (*underlying).to_owned() })
            }
        };
        // Of two types of one name, the first counts.
        types.entry(csdl.full_name(id)).or_insert(own);
    }
    for operation in csdl.operations.iter().filter(|own| own.kind == OperationKind::Action) {
        types.entry(parameters_name(csdl, operation)).or_insert_with(|| {
            let (line, document) = place(operation.at);
            let (properties, complete) = (parameters(csdl, operation), true);
            let own = StructuredType { line, document, complete, properties, ..StructuredType::default() };
            ServiceType::Parameters(own)
        });
    }
    let mut rules = ServiceRules::new(name(metadata.name), types);
    rules.aliases.extend(csdl.aliases().map(|(alias, namespace)| (alias.to_owned(), namespace.to_owned())));
    rules
}

/// The own properties of a type.
fn properties(csdl: &Csdl<'_>, id: TypeId) -> BTreeMap<String, ServiceProperty> {
    let own = csdl.own_properties(id).iter();
    own.map(|property| (property.name.to_owned(), service_property(csdl, id, property))).collect()
}

fn service_property(csdl: &Csdl<'_>, id: TypeId, property: &Property<'_>) -> ServiceProperty {
    let type_ref = csdl.type_ref(property.type_text);
    // Keys are never null (OData CSDL 4.01 section 6.5), and neither is an entity in a collection.
    let is_denied =
        csdl.key(id).contains(&property.name) || !property.nullable || (type_ref.collection && property.is_navigation);
    ServiceProperty {
        type_ref: reference(csdl, type_ref),
        nullable: is_denied.then_some(false),
        navigation: property.is_navigation,
        contained: property.contains_target,
        access: access(property.notes.as_deref()),
        line: csdl.line(property.at),
    }
}

fn access(notes: Option<&Notes>) -> Option<Access> {
    let notes = notes?;
    let immutable = notes.immutable.map(|_| Access::Immutable);
    notes.computed.map(|_| Access::Computed).or(immutable)
}

/// The name of an overload of an action, with the type that it is bound to (OData CSDL 4.01 section 14.2.1).
fn parameters_name(csdl: &Csdl<'_>, operation: &Operation<'_>) -> String {
    let binding = operation.parameters.first().filter(|_| operation.is_bound);
    let binding = binding.map(|own| reference(csdl, csdl.type_ref(own.type_text)).to_string());
    format!("{}({})", csdl.operation_name(operation), binding.unwrap_or_default())
}

fn parameters(csdl: &Csdl<'_>, operation: &Operation<'_>) -> BTreeMap<String, ServiceProperty> {
    let own = operation.own_parameters().iter().map(|own| {
        let property = ServiceProperty {
            type_ref: reference(csdl, csdl.type_ref(own.type_text)),
            nullable: (!own.nullable).then_some(false),
            line: csdl.line(own.at),
            ..ServiceProperty::default()
        };
        (own.name.to_owned(), property)
    });
    own.collect()
}

fn reference(csdl: &Csdl<'_>, TypeRef { collection, name, id }: TypeRef<'_>) -> TypeReference {
    let name = id.map_or_else(|| name.to_owned(), |id| csdl.full_name(id));
    TypeReference { name, collection }
}

/// A type's name with its namespace, where the document declares it; else as it is written.
fn full_name(csdl: &Csdl<'_>, name: &str) -> String {
    csdl.find_type(name).map_or_else(|| name.to_owned(), |id| csdl.full_name(id))
}
