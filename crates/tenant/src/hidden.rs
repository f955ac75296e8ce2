//! What is written and never read.

use std::collections::{HashMap, HashSet};

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;

/// The members that no answer has, whatever was sent.
#[derive(Debug)]
pub(super) struct Hidden {
    /// The names of properties of which every table says so that has them, in lower case.
    names: HashSet<String>,
}

impl Hidden {
    /// What the tables of contracts say.
    pub(super) fn new(contracts: &[Contract]) -> Hidden {
        let mut said: HashMap<String, bool> = HashMap::new();
        for property in contracts.iter().flat_map(|contract| contract.types.values()).flat_map(|own| &own.properties) {
            let is_hidden = said.entry(property.name.to_lowercase()).or_insert(true);
            *is_hidden &= property.write_only;
        }
        Hidden { names: said.into_iter().filter(|(_, is_hidden)| *is_hidden).map(|(name, _)| name).collect() }
    }

    /// Leaves out of an answer what no answer has; a password is there, and null. What the page of the answer shows is shown.
    pub(super) fn hide(&self, answer: &mut Json, contract: Option<&Contract>) {
        let documented = contract.and_then(|contract| contract.response.body.as_ref()).and_then(Body::as_json);
        let is_shown = |name: &str| documented.is_some_and(|body| shows(body, name));
        let mut open = vec![answer];
        while let Some(value) = open.pop() {
            match value {
                Json::Array(items) => open.extend(items),
                Json::Object(members) => {
                    members.retain(|own| !self.names.contains(&own.name.to_lowercase()) || is_shown(&own.name));
                    for member in members {
                        let is_text = matches!(member.value, Json::String(_));
                        if is_text && is_password(&member.name) && !is_shown(&member.name) {
                            member.value = Json::Null;
                        } else {
                            open.push(&mut member.value);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a member is a password, which a service shows to nobody (RFC 7643 section 4.1.1); in Microsoft Graph, one that is read is null.
fn is_password(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("password")
}

/// Whether a body has a value in a member of that name, anywhere.
fn shows(body: &Json, name: &str) -> bool {
    match body {
        Json::Array(items) => items.iter().any(|item| shows(item, name)),
        Json::Object(members) => members.iter().any(|member| {
            (member.name.eq_ignore_ascii_case(name) && member.value != Json::Null) || shows(&member.value, name)
        }),
        _ => false,
    }
}
