//! How much a request is like a documented one.

use std::collections::BTreeSet;

use super::request::Request;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::url::{Target, query_parameters};

/// Whether a request has the documented query options. Another query is that of a client which looks for something, and a
/// deviation there would hide those of other contracts.
pub(super) fn asks_as_documented(contract: &Contract, request: &Request<'_>) -> bool {
    let names = |query: Vec<(String, String)>| query.into_iter().map(|(name, _)| name).collect::<BTreeSet<String>>();
    let own = query_parameters(request.query);
    names(own) == names(Target::read(&contract.request.url).query_parameters())
}

/// How much a request is like the documented one.
pub(super) fn likeness(contract: &Contract, query: &[(String, String)], sent: Option<&Json>) -> i64 {
    let target = Target::read(&contract.request.url);
    let documented = target.query_parameters();
    let mut likeness = 0;
    for (name, value) in &documented {
        let same = query.iter().find(|(own, _)| own == name);
        likeness += same.map_or(-1, |(_, own)| if own == value { 3 } else { 1 });
    }
    likeness -= query.iter().filter(|(name, _)| !documented.iter().any(|(own, _)| own == name)).count() as i64;
    let body = contract.request.body.as_ref().and_then(Body::as_json);
    if let (Some(Json::Object(documented)), Some(sent)) = (body, sent) {
        for member in documented {
            let weight = if member.name == "@odata.type" { 5 } else { 2 };
            likeness += sent.get(&member.name).map_or(-1, |own| if *own == member.value { weight } else { 1 });
        }
    }
    likeness
}
