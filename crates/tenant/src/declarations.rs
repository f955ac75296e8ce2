//! What a contract declares of the values of its messages: what it keeps of the service's metadata goes first, then the page's tables.

use std::collections::HashMap;
use std::sync::OnceLock;

use graph_contracts::contract::Contract;
use graph_contracts::service::{ServiceDeclared, ServiceRules, ServiceValue, TypeReference};

/// What contracts keep of metadata, read when it is first needed.
#[derive(Debug)]
pub(super) struct KeptRules(HashMap<String, OnceLock<Option<ServiceRules>>>);

/// What is declared of one message of a contract.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declarations<'a> {
    contract: &'a Contract,
    pub(super) rules: Option<&'a ServiceRules>,
}

impl KeptRules {
    pub(super) fn new(contracts: &[Contract]) -> KeptRules {
        KeptRules(contracts.iter().map(|contract| (contract.id.clone(), OnceLock::new())).collect())
    }

    /// What a contract declares.
    pub(super) fn of<'a>(&'a self, contract: &'a Contract) -> Declarations<'a> {
        let own = self.0.get(&contract.id);
        Declarations { contract, rules: own.and_then(|own| own.get_or_init(|| contract.service_rules()).as_ref()) }
    }
}

impl<'a> Declarations<'a> {
    /// The type that metadata has for the documented response.
    pub(super) fn response_type(&self) -> Option<&'a TypeReference> {
        let rules = self.rules?;
        let key = |path: &String| (self.contract.id.clone(), path.clone());
        self.contract.routes.iter().find_map(|route| rules.responses.get(&key(&route.path)))
    }

    /// The type that metadata has for the request.
    pub(super) fn request_type(&self) -> Option<&'a TypeReference> {
        let rules = self.rules?;
        let key = |path: &String| (self.contract.id.clone(), path.clone());
        self.contract.routes.iter().find_map(|route| rules.requests.get(&key(&route.path)))
    }

    /// Whether the object that the response shows, or each object of the collection, may have a property at the end of these names; `None`
    /// where nothing says so.
    pub(super) fn property(&self, names: &[String]) -> Option<bool> {
        match (self.rules, self.response_type()) {
            (Some(rules), Some(own)) => of_metadata(rules, &own.name, names).or_else(|| self.of_page(names)),
            _ => self.of_page(names),
        }
    }

    /// The page's table lists properties; that it lists all of them is not known.
    fn of_page(&self, names: &[String]) -> Option<bool> {
        let mut type_name = self.contract.response.body_type.as_deref()?;
        for (index, name) in names.iter().enumerate() {
            let own = self.contract.types.get(type_name)?;
            let is_last = index + 1 == names.len();
            if let Some(property) = own.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name)) {
                type_name = &property.type_name;
            } else if is_last && own.others.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                return Some(true);
            } else {
                return None;
            }
        }
        Some(true)
    }
}

fn of_metadata(rules: &ServiceRules, type_name: &str, names: &[String]) -> Option<bool> {
    let mut type_name = type_name;
    for name in names {
        match member(rules, type_name, name) {
            ServiceValue::Declared(ServiceDeclared { type_ref, .. }) => type_name = &type_ref.name,
            ServiceValue::Undeclared { open: false, .. } => return Some(false),
            ServiceValue::Undeclared { .. } | ServiceValue::Unknown => return None,
        }
    }
    Some(true)
}

/// What is declared of a member, whose name a request may write in another case.
pub(super) fn member<'a>(rules: &'a ServiceRules, type_name: &str, name: &str) -> ServiceValue<'a> {
    let exact = rules.member(type_name, name);
    if !matches!(exact, ServiceValue::Undeclared { .. }) {
        return exact;
    }
    let lineage = rules.lineage(type_name).flatten();
    let mut names = lineage.flat_map(|(_, own)| own.properties.keys().chain(&own.others));
    match names.find(|own| own.eq_ignore_ascii_case(name)) {
        Some(own) => rules.member(type_name, own),
        None => exact,
    }
}
