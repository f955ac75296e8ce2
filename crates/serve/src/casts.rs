//! Casts to derived types at the end of a path (OData URL Conventions 4.01 section 4.11), whose pages often say in a sentence alone that they are possible.

use std::collections::HashSet;

use graph_contracts::contract::Contract;
use graph_contracts::json::Json;
use graph_contracts::url::{CastPath, without_namespace};
use http::Method;

use crate::incoming::Incoming;

/// The cast of a request that reads, if it has one.
pub fn cast_of(request: &Incoming) -> Option<CastPath<'_>> {
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    CastPath::read(&request.path).filter(|_| is_read)
}

/// The names of all types that contracts know, in lower case and without the namespace of Microsoft Graph.
pub(crate) fn known_types(contracts: &[Contract]) -> HashSet<String> {
    let of_contract = |own: &Contract| {
        let properties = own.types.values().flat_map(|own| &own.properties).map(|own| folded(&own.type_name));
        let bodies = [&own.request.body_type, &own.response.body_type].into_iter().flatten().map(|own| folded(own));
        own.types.keys().map(|own| folded(own)).chain(properties).chain(bodies).collect::<Vec<String>>()
    };
    contracts.iter().flat_map(of_contract).collect()
}

/// Whether a cast is to one of the types that [`known_types`] collects.
pub(crate) fn is_known(cast: &CastPath<'_>, types: &HashSet<String>) -> bool {
    types.contains(&cast.type_name.to_lowercase())
}

/// Leaves out the objects of a collection that say that they are of another type.
pub(crate) fn narrow(body: &mut Json, cast: &CastPath<'_>) {
    let Json::Object(members) = body else { return };
    let items = members.iter_mut().find(|own| own.name == "value").map(|own| &mut own.value);
    if let Some(Json::Array(items)) = items {
        let own = cast.type_name.to_lowercase();
        items.retain(|item| item.get("@odata.type").and_then(Json::as_str).is_none_or(|stated| folded(stated) == own));
    }
}

fn folded(name: &str) -> String {
    without_namespace(&name.trim_start_matches('#').to_lowercase()).to_owned()
}
