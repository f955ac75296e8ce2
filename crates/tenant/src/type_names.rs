//! The types that contracts name, by which a path may narrow a collection (OData URL Conventions 4.01 section 4.11).

use std::collections::HashSet;

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;

/// The names of types, each in lower case and without its namespace.
pub(super) fn type_names(contracts: &[Contract]) -> HashSet<String> {
    let mut names = HashSet::new();
    for contract in contracts {
        let bodies = [&contract.request.body_type, &contract.response.body_type].into_iter().flatten();
        names.extend(contract.types.keys().chain(bodies).map(|name| type_key(name)));
        let mut open: Vec<&Json> = contract.response.body.as_ref().and_then(Body::as_json).into_iter().collect();
        while let Some(value) = open.pop() {
            match value {
                Json::Array(items) => open.extend(items),
                Json::Object(members) => {
                    names.extend(value.get("@odata.type").and_then(Json::as_str).map(type_key));
                    open.extend(members.iter().map(|member| &member.value));
                }
                _ => {}
            }
        }
    }
    names
}

/// The name of a type in lower case and without its namespace.
pub(super) fn type_key(name: &str) -> String {
    name.rsplit(['.', '#']).next().unwrap_or_default().to_ascii_lowercase()
}
