//! Documented requests, as a client sends them that knows nothing of contracts.

use graph_contracts::contract::{Contract, Request};
use graph_contracts::matching::CONTRACT_HEADER;
use graph_contracts::replay::Client;
use graph_contracts::url::{Target, Template};

/// The documented request of a contract, to its own URL and without its name; `None` where no client can send it.
pub fn documented_request(client: &Client, contract: &Contract) -> Option<reqwest::Request> {
    let own = Target::read(&contract.request.url).path;
    let route = contract.routes.iter().map(|route| route.path.as_str()).find(|path| Template::read(path).matches(own));
    let mut request = client.request(contract, route.unwrap_or(own)).ok()?;
    request.headers_mut().remove(CONTRACT_HEADER);
    Some(request)
}

/// Whether two pages document one request, and no server could tell which is meant.
pub fn is_same_request(one: &Request, other: &Request) -> bool {
    one.method == other.method && one.url == other.url && one.body == other.body
}
