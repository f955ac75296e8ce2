//! A request as if a page documented it.

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{self, Json};
use graph_contracts_serve::Incoming;

use crate::recorded::Content;

/// The contract as if its example were the request: with its URL and its body.
pub(crate) fn as_sent(contract: &Contract, path: &str, incoming: &Incoming, body: &Content) -> Contract {
    let mut own = contract.clone();
    let query = incoming.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    own.request.url = format!("https://graph.microsoft.com{path}{query}");
    own.request.body = match body {
        Content::Whole(bytes) => json_of(bytes).map(Body::Json),
        Content::NotKnown(_) => None,
    };
    own.request.placeholders.clear();
    own
}

fn json_of(bytes: &[u8]) -> Option<Json> {
    json::parse(std::str::from_utf8(bytes).ok()?).ok().map(|parsed| parsed.json)
}
