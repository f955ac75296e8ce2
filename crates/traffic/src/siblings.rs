//! Which contracts show answers to the same request, and which collections have a delta query: looked up, as both are asked for with each request.

use std::collections::HashMap;

use graph_contracts::contract::Contract;
use graph_contracts::store::Store;
use graph_contracts::url::{Segment, split_path};

/// Version, method and path of a route.
type Place = (Option<String>, String, String);

/// Contracts by what they have in common, each by its position in the store.
#[derive(Debug, Default)]
pub(crate) struct Siblings {
    /// Of one pair: the first contract and its alternatives, by the id of the first.
    of_pair: HashMap<String, Vec<usize>>,
    /// On one route.
    on_route: HashMap<Place, Vec<usize>>,
    /// The first delta query of each collection.
    deltas: HashMap<Place, usize>,
}

/// Where a path is, whatever its parameters are called, in which pages differ.
fn place(contract: &Contract, path: &str) -> Place {
    let segments = split_path(path).into_iter().map(|segment| match Segment::read(segment).is_placeholder() {
        true => "{}".to_owned(),
        false => segment.to_ascii_lowercase(),
    });
    let path = segments.collect::<Vec<_>>().join("/");
    (contract.version().map(str::to_owned), contract.request.method.clone(), path)
}

impl Siblings {
    pub(crate) fn new(store: &Store) -> Siblings {
        let mut all = Siblings::default();
        for (index, contract) in store.contracts.iter().enumerate() {
            let first = contract.alternative_of.as_ref().unwrap_or(&contract.id);
            all.of_pair.entry(first.clone()).or_default().push(index);
            for route in &contract.routes {
                all.on_route.entry(place(contract, &route.path)).or_default().push(index);
                // A delta query is a function of the collection (Microsoft Graph documentation, "Use delta query to track changes").
                let collection = route.path.trim_end_matches("()").rsplit_once('/');
                if let Some((collection, _)) = collection.filter(|(_, last)| last.rsplit('.').next() == Some("delta")) {
                    all.deltas.entry(place(contract, collection)).or_insert(index);
                }
            }
        }
        all
    }

    /// The contracts that show an answer to the request of one: those of its pair, and those of derived types on its route. In the order of the store.
    pub(crate) fn of<'s>(&self, store: &'s Store, contract: &Contract, route: Option<&str>) -> Vec<&'s Contract> {
        let first = contract.alternative_of.as_ref().unwrap_or(&contract.id);
        let of_pair = self.of_pair.get(first).into_iter().flatten();
        let on_route = route.and_then(|route| self.on_route.get(&place(contract, route))).into_iter().flatten();
        let mut all: Vec<usize> = of_pair.chain(on_route).copied().collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().filter_map(|index| store.contracts.get(index)).collect()
    }

    /// The delta query of a collection.
    pub(crate) fn delta<'s>(&self, store: &'s Store, contract: &Contract, route: &str) -> Option<&'s Contract> {
        self.deltas.get(&place(contract, route)).and_then(|index| store.contracts.get(*index))
    }
}
