//! What a contract's request does to the service: the phases of a life cycle.

use std::collections::BTreeSet;

use serde::Serialize;

use super::parameter_position::ParameterPosition;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::url::Segment;

/// What a step does, in the order of a life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Creates an object in a collection.
    Create,
    /// Reads something.
    Read,
    /// Changes an object.
    Update,
    /// Calls an action bound to an object.
    Action,
    /// Deletes an object.
    Delete,
}

/// Every place of an object that a route of some contract names.
pub(super) fn objects(contracts: &[Contract]) -> BTreeSet<ParameterPosition> {
    let routes = contracts.iter().flat_map(|contract| &contract.routes);
    let places = routes
        .flat_map(|route| std::iter::successors(Some(ParameterPosition::read(&route.path)), ParameterPosition::parent));
    places.filter(ParameterPosition::is_parameter).collect()
}

/// What a contract's request does.
pub(super) fn phase(contract: &Contract, route: &str, objects: &BTreeSet<ParameterPosition>) -> Phase {
    match contract.request.method.as_str() {
        "GET" | "HEAD" | "OPTIONS" => Phase::Read,
        "DELETE" => Phase::Delete,
        "POST" if creates(contract, route, objects) => Phase::Create,
        "PATCH" | "PUT" | "MERGE" => Phase::Update,
        // What another method does is not known (RFC 9110 section 9.1), and Business Central documents actions as methods.
        _ => Phase::Action,
    }
}

/// Whether a POST creates an object in a collection. Actions are POSTs too (OData Protocol 4.01 section 11.5.5), some of them answer
/// 201 with what they made elsewhere, and they act on the object before them: what is not known to be a creation is an action.
fn creates(contract: &Contract, route: &str, objects: &BTreeSet<ParameterPosition>) -> bool {
    let last = Segment::of_path(route).pop();
    // `$ref` adds a link, and a name with a namespace is that of an action.
    let is_collection = last.is_some_and(|last| !last.has_parameters() && !last.text.contains(['.', '$', '(', ':']));
    let response = &contract.response;
    let created = response.body.as_ref().and_then(Body::as_json);
    let has_key = created.is_some_and(|created| created.get("id").is_some());
    if !is_collection || !(response.status == 201 || (response.status == 200 && has_key)) {
        return false;
    }
    objects.contains(&ParameterPosition::read(route).item())
        || (response.status == 201 && created.is_some_and(|created| repeats(contract, created)))
}

/// Whether a response has most of what was sent, as the object has that a request creates. The parameters of an action do not come
/// back.
fn repeats(contract: &Contract, response: &Json) -> bool {
    let Some(Json::Object(sent)) = contract.request.body.as_ref().and_then(Body::as_json) else { return false };
    let members: Vec<_> = sent.iter().filter(|member| !member.name.contains('@')).collect();
    let repeated = members.iter().filter(|member| response.get(&member.name).is_some()).count();
    repeated > 0 && repeated * 2 >= members.len()
}
