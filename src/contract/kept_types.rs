//! Which of the types that a service declares a contract keeps: those that its messages have, as far as a message may have them.
//!
//! Of the type of each documented object, a response may have every structural property, also one that the example does not show: these
//! are kept, and of the others (navigation properties that are not asked for, properties that are not selected) the name. Of a
//! request, nothing but what its body and the page's table have is ever sent. The types of values that the example does not show are
//! kept without their properties: nothing in such a value is compared.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contract, MessageTypes, MetadataRules, Typed};
use crate::json::Json;
use crate::service::{ServiceProperty, ServiceRules, ServiceType, ServiceValue, StructuredType, TypeReference};
use crate::url::Target;

impl MetadataRules {
    /// What a contract keeps of the rules of a document, given the types of its messages on each of its routes. `None` where they say
    /// nothing of it.
    pub fn of(contract: &Contract, rules: &ServiceRules, routes: &[MessageTypes]) -> Option<MetadataRules> {
        let unknown = MessageTypes::default();
        let messages = routes.iter().find(|own| **own != unknown).unwrap_or(&unknown);
        let is_select = |(name, _): &(String, String)| name.trim_start_matches('$').eq_ignore_ascii_case("select");
        let selects = Target::read(&contract.request.url).query_parameters().iter().any(is_select);
        let part = if selects { Part::Named } else { Part::Whole };
        let mut kept = Kept { rules, types: BTreeMap::new() };
        let mut seen: Vec<&MessageTypes> = Vec::new();
        for (index, own) in routes.iter().enumerate() {
            if seen.contains(&own) || seen.len() == MOST_MESSAGES {
                continue;
            }
            seen.push(own);
            kept.request(contract, own.request.as_ref());
            // What is known of no route may be known of an object in the example.
            if own.response.is_some() || index == 0 {
                kept.response(contract, own.response.as_ref(), part);
            }
        }
        let types = kept.finish();
        if types.is_empty() && *messages == unknown {
            return None;
        }
        let others = contract.routes.iter().zip(routes).filter(|(_, own)| *own != messages);
        let others = others.map(|(route, own)| (route.path.clone(), own.clone())).collect();
        Some(MetadataRules { document: rules.name.clone(), messages: messages.clone(), routes: others, types })
    }
}

/// So many different types of messages of one contract are looked at: the routes of a page rarely have more than one.
const MOST_MESSAGES: usize = 16;

/// How much of a type is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The properties that the documented messages have.
    Documented,
    /// Beside these, the names of the others.
    Named,
    /// All structural properties, and the names of the others.
    Whole,
}

/// What is kept of a type with properties.
#[derive(Debug)]
struct Use<'r> {
    part: Part,
    /// The properties that the documented messages have.
    documented: BTreeSet<&'r str>,
}

struct Kept<'r> {
    rules: &'r ServiceRules,
    types: BTreeMap<&'r str, Use<'r>>,
}

impl<'r> Kept<'r> {
    fn request(&mut self, contract: &Contract, type_ref: Option<&'r TypeReference>) {
        let Some(body) = Typed::of_request(contract) else { return };
        self.value(body.body, type_ref, Part::Documented);
        // The page's own table lists what else may be sent.
        let table = body.body_type.and_then(|name| contract.types.get(name));
        if let (Some(own), Some(type_ref)) = (table, type_ref) {
            for property in &own.properties {
                self.member(&type_ref.name, &property.name);
            }
        }
    }

    fn response(&mut self, contract: &Contract, type_ref: Option<&'r TypeReference>, part: Part) {
        let body = contract.response.body.as_ref().and_then(|body| body.as_json());
        let Some(type_ref) = type_ref else {
            // Objects may say themselves what they are.
            body.into_iter().for_each(|body| self.value(body, None, part));
            return;
        };
        self.type_of(&type_ref.name, part);
        let is_wrapped = type_ref.collection || !self.rules.is_structured(&type_ref.name);
        let content = if is_wrapped { body.and_then(|body| body.get("value")) } else { body };
        content.into_iter().for_each(|content| self.value(content, Some(type_ref), part));
    }

    /// Keeps the types of a value, which has that type or is a collection or an element of it, and of all that is in it. `part` is what
    /// is kept of its own type.
    fn value(&mut self, value: &Json, declared: Option<&'r TypeReference>, part: Part) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.value(item, declared, part)),
            Json::Object(members) => {
                let rules = self.rules;
                let name = rules.own_type(value).map(|(name, _)| name).or(declared.map(|own| own.name.as_str()));
                name.into_iter().for_each(|name| self.type_of(name, part));
                for member in members {
                    let declared = name.and_then(|name| self.member(name, &member.name));
                    let below = if part == Part::Documented { part } else { Part::Whole };
                    self.value(&member.value, declared, below);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    /// Keeps so much of a type, and of those that it inherits from.
    fn type_of(&mut self, name: &str, part: Part) {
        for (name, _) in self.rules.lineage(name).map_while(|own| own) {
            let kept = self.types.entry(name).or_insert_with(|| Use { part, documented: BTreeSet::new() });
            kept.part = kept.part.max(part);
        }
    }

    /// Keeps a member that is documented, and tells its type.
    fn member(&mut self, type_name: &str, member: &str) -> Option<&'r TypeReference> {
        let rules = self.rules;
        let ServiceValue::Declared(declared) = rules.member(type_name, member) else { return None };
        let found = declared.member?;
        self.type_of(found.owner, Part::Documented);
        self.types.get_mut(found.owner)?.documented.insert(found.name);
        Some(declared.type_ref)
    }

    /// The types as a contract keeps them.
    fn finish(self) -> BTreeMap<String, ServiceType> {
        let Kept { rules, types } = self;
        let mut kept: BTreeMap<String, ServiceType> = BTreeMap::new();
        let mut named: BTreeSet<&'r str> = BTreeSet::new();
        let is_known = |name: &str| types.get(name).is_some_and(|own| own.part >= Part::Named);
        for (name, own) in &types {
            let Some((kind, declared)) = rules.find(name).and_then(|(_, own)| own.structured()) else { continue };
            let is_kept = |(property, of): &(&String, &ServiceProperty)| {
                own.documented.contains(property.as_str()) || (own.part == Part::Whole && !of.navigation)
            };
            let (complete, mut of_type) = (own.part >= Part::Named, StructuredType::default());
            for (property, of) in &declared.properties {
                if is_kept(&(property, of)) {
                    // The contract keeps no aliases of namespaces.
                    let mut of = of.clone();
                    if let Some((full, _)) = rules.find(&of.type_ref.name) {
                        named.insert(full);
                        full.clone_into(&mut of.type_ref.name);
                    }
                    of_type.properties.insert(property.clone(), of);
                } else if complete {
                    of_type.others.insert(property.clone());
                }
            }
            let StructuredType { line, document, open, key, .. } = declared.clone();
            let base = declared.base.as_deref().map(|base| rules.find(base).map_or(base, |(full, _)| full).to_owned());
            let derived = complete && !rules.are_all_derived(name, &is_known);
            let own = StructuredType { line, document, base, open, key, complete, derived, ..of_type };
            kept.insert((*name).to_owned(), ServiceType::of(kind, own));
        }
        for (name, own) in named.into_iter().filter_map(|name| rules.find(name)) {
            kept.entry(name.to_owned()).or_insert_with(|| match own.structured() {
                Some((kind, StructuredType { line, document, .. })) => {
                    let (line, document) = (*line, document.clone());
                    ServiceType::of(kind, StructuredType { line, document, ..StructuredType::default() })
                }
                None => own.clone(),
            });
        }
        kept
    }
}
