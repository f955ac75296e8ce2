//! Rows of tables whose names are in another case.

use graph_contracts::contract::{Body, Contract, Property, Type};
use graph_contracts::json::Json;

/// A row of another table that is named like a property but for its case, and that no body needs.
pub(super) fn other_in_any_case<'c>(property: &Property, other: &'c Type) -> Option<&'c str> {
    let lower = property.name.to_lowercase();
    other.others.iter().find(|own| own.to_lowercase() == lower && **own != property.name).map(String::as_str)
}

/// Whether a body of a contract shows a member of that name.
pub(super) fn shows(contract: &Contract, name: &str) -> bool {
    let bodies = [&contract.request.body, &contract.response.body];
    bodies.into_iter().flatten().filter_map(Body::as_json).any(|json| has_member(json, name))
}

fn has_member(json: &Json, name: &str) -> bool {
    match json {
        Json::Object(members) => members.iter().any(|own| own.name == name || has_member(&own.value, name)),
        Json::Array(items) => items.iter().any(|own| has_member(own, name)),
        _ => false,
    }
}
