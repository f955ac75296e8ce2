//! What metadata declares of the values of a contract's bodies.

use std::collections::HashMap;

use super::{Body, Contract};
use crate::json::Path;
use crate::service::{ServiceRules, ServiceValue, TypeReference};

impl Contract {
    /// What the contract keeps of metadata, to be looked up: the same rules as those of the document, as far as the contract has them.
    pub fn service_rules(&self) -> Option<ServiceRules> {
        let own = self.metadata.as_deref()?;
        let mut rules = ServiceRules::new(own.document.clone(), own.types.clone());
        for route in &self.routes {
            let (messages, key) = (own.messages_on(&route.path), (self.id.clone(), route.path.clone()));
            rules.requests.extend(messages.request.clone().map(|request| (key.clone(), request)));
            rules.responses.extend(messages.response.clone().map(|response| (key, response)));
        }
        Some(rules)
    }

    /// What rules declare of a value of the documented request.
    pub fn request_value<'a>(&self, rules: &'a ServiceRules, path: &Path) -> ServiceValue<'a> {
        self.value_of(rules, &self.request.body, &rules.requests, path)
    }

    /// What rules declare of a value of the documented response.
    pub fn response_value<'a>(&self, rules: &'a ServiceRules, path: &Path) -> ServiceValue<'a> {
        self.value_of(rules, &self.response.body, &rules.responses, path)
    }

    /// The type that rules declare of what is sent on a route, or else on the first route of which that is known.
    pub fn request_type<'r>(&self, rules: &'r ServiceRules, route: Option<&str>) -> Option<&'r TypeReference> {
        self.message_type(&rules.requests, route)
    }

    /// The same for what is returned.
    pub fn response_type<'r>(&self, rules: &'r ServiceRules, route: Option<&str>) -> Option<&'r TypeReference> {
        self.message_type(&rules.responses, route)
    }

    /// What rules declare of a property of one of the contract's types. A type that the page does not name is that of the message.
    pub fn property_value<'a>(&self, rules: &'a ServiceRules, type_name: &str, property: &str) -> ServiceValue<'a> {
        let of_message = |own: &Option<String>, types: &'a HashMap<(String, String), TypeReference>| {
            self.message_type(types, None).filter(|_| own.as_deref() == Some(type_name)).map(|own| own.name.as_str())
        };
        let own = rules.find(type_name).map(|(name, _)| name);
        let own = own.or_else(|| of_message(&self.request.body_type, &rules.requests));
        let own = own.or_else(|| of_message(&self.response.body_type, &rules.responses));
        own.map_or(ServiceValue::Unknown, |own| rules.member(own, property))
    }

    fn value_of<'a>(
        &self,
        rules: &'a ServiceRules,
        body: &Option<Body>,
        types: &'a HashMap<(String, String), TypeReference>,
        path: &Path,
    ) -> ServiceValue<'a> {
        let Some(body) = body.as_ref().and_then(Body::as_json) else { return ServiceValue::Unknown };
        rules.value_at(body, self.message_type(types, None), path)
    }

    /// The type of a message on a route, or else of the example's, which is on the first route of which that is known.
    fn message_type<'a>(
        &self,
        types: &'a HashMap<(String, String), TypeReference>,
        route: Option<&str>,
    ) -> Option<&'a TypeReference> {
        let own = |route: &str| types.get(&(self.id.clone(), route.to_owned()));
        route.and_then(own).or_else(|| self.routes.iter().find_map(|route| own(&route.path)))
    }
}
