//! What metadata declares, as the rules by which responses are judged: types, and what the requests of contracts return.

use std::collections::HashMap;

use graph_contracts::compare::{ServiceProperty, ServiceRules, ServiceType, ServiceTypeKind, TypeReference};
use graph_contracts::contract::Contract;
use graph_contracts::edm::Primitive;

use crate::check::{Metadata, response_type};
use crate::csdl::{Csdl, Property, TypeId, TypeKind, TypeRef};

/// The rules of a document, and the types of the responses to these contracts on each of their routes. What the document does not say
/// is not in them.
pub fn service_rules<'c>(metadata: &Metadata<'_>, contracts: impl IntoIterator<Item = &'c Contract>) -> ServiceRules {
    let csdl = &metadata.csdl;
    let mut rules = ServiceRules { name: metadata.name.to_owned(), ..ServiceRules::default() };
    rules.aliases.extend(csdl.aliases().map(|(alias, namespace)| (alias.to_owned(), namespace.to_owned())));
    for (id, declaration) in csdl.declarations() {
        let name = csdl.full_name(id);
        let kind = match &declaration.kind {
            TypeKind::Structured(own) => {
                let properties = properties(csdl, id);
                for property in properties.keys() {
                    rules.owners.entry(property.clone()).or_default().push(name.clone());
                }
                let base = own.base.map(|base| full_name(csdl, base));
                ServiceTypeKind::Structured { base, properties, open: own.is_open }
            }
            TypeKind::Enum(own) => {
                let members = own.members.iter().map(|member| member.name.to_owned()).collect();
                ServiceTypeKind::Enumeration { members, is_flags: own.is_flags }
            }
            TypeKind::Definition { underlying, .. } => {
                Primitive::read(underlying).map_or(ServiceTypeKind::Unknown, ServiceTypeKind::Primitive)
            }
        };
        // Of two types of one name, the first counts.
        rules.types.entry(name).or_insert(ServiceType { line: csdl.line(declaration.at), kind });
    }
    for contract in contracts {
        for route in &contract.routes {
            if let Some(found) = response_type(contract, route, csdl) {
                let key = (contract.id.clone(), route.path.clone());
                rules.responses.insert(key, reference(csdl, found));
            }
        }
    }
    rules
}

/// The own properties of a type.
fn properties(csdl: &Csdl<'_>, id: TypeId) -> HashMap<String, ServiceProperty> {
    let own = csdl.own_properties(id).iter();
    own.map(|property| (property.name.to_owned(), service_property(csdl, id, property))).collect()
}

fn service_property(csdl: &Csdl<'_>, id: TypeId, property: &Property<'_>) -> ServiceProperty {
    let type_ref = csdl.type_ref(property.type_text);
    // Keys are never null (OData CSDL 4.01 section 6.5), and neither is an entity in a collection; where a collection of values does not
    // say whether its elements may be, that is not known (section 7.2.1).
    let nullable = match csdl.key(id).contains(&property.name) {
        true => Some(false),
        false if type_ref.collection && property.is_navigation => Some(false),
        false if type_ref.collection && property.nullable => None,
        false => Some(property.nullable),
    };
    ServiceProperty {
        name: format!("{}/{}", csdl.full_name(id), property.name),
        type_ref: reference(csdl, type_ref),
        nullable,
        navigation: property.is_navigation,
        line: csdl.line(property.at),
    }
}

fn reference(csdl: &Csdl<'_>, TypeRef { collection, name, id }: TypeRef<'_>) -> TypeReference {
    let name = id.map_or_else(|| name.to_owned(), |id| csdl.full_name(id));
    TypeReference { name, collection }
}

/// A type's name with its namespace, where the document declares it; else as it is written.
fn full_name(csdl: &Csdl<'_>, name: &str) -> String {
    csdl.find_type(name).map_or_else(|| name.to_owned(), |id| csdl.full_name(id))
}
