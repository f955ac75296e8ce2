//! Who sees the values of the types of a contract.

use std::collections::{BTreeMap, BTreeSet};

use crate::judgment::Use;
use graph_contracts::contract::Contract;

/// Who sees the values of each type.
pub(super) fn uses(contract: &Contract) -> BTreeMap<&str, Use> {
    let (request, response) = (&contract.request, &contract.response);
    let sent = reached(contract, request.body_type.as_deref().filter(|_| request.body.is_some()));
    let received = reached(contract, response.body_type.as_deref());
    let of_type = |name: &'_ str| match (sent.contains(name), received.contains(name)) {
        // Types of elements and of derived types, which say themselves what they are.
        (false, false) => Use { is_sent: request.body.is_some(), is_received: response.body.is_some() },
        (is_sent, is_received) => Use { is_sent, is_received },
    };
    contract.types.keys().map(|name| (name.as_str(), of_type(name))).collect()
}

/// The types of a body: what its type is, what the properties of that are, and so on.
fn reached<'c>(contract: &'c Contract, body_type: Option<&'c str>) -> BTreeSet<&'c str> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&str> = body_type.into_iter().collect();
    while let Some(name) = waiting.pop() {
        if let Some((name, own)) = contract.types.get_key_value(name)
            && found.insert(name.as_str())
        {
            waiting.extend(own.properties.iter().map(|property| property.type_name.as_str()));
        }
    }
    found
}
