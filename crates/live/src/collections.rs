//! The collections within objects, as routes name them.

use std::collections::{BTreeSet, HashMap};

use super::parameter_position::ParameterPosition;
use super::phase::objects;
use super::request::unversioned;
use graph_contracts::contract::Contract;
use graph_contracts::url::Segment;

/// The collections within objects of which some route has the objects, by the place of the object around them.
#[derive(Debug)]
pub(super) struct Collections(HashMap<ParameterPosition, BTreeSet<String>>);

impl Collections {
    /// Those that these contracts name.
    pub(super) fn of(contracts: &[Contract]) -> Collections {
        let objects = objects(contracts);
        let mut found: HashMap<ParameterPosition, BTreeSet<String>> = HashMap::new();
        for route in contracts.iter().flat_map(|contract| &contract.routes) {
            let texts: Vec<String> = Segment::of_path(&route.path).into_iter().map(|segment| segment.text).collect();
            let at = |end: usize| ParameterPosition::read(&texts[..end].join("/"));
            for (depth, name) in texts.iter().enumerate().skip(1) {
                if !Segment::read(name).has_parameters() && objects.contains(&at(depth + 1).item()) {
                    found.entry(at(depth)).or_default().insert(name.clone());
                }
            }
        }
        Collections(found)
    }

    /// Those within the object at a path with its version.
    pub(super) fn within(&self, url: &str) -> impl Iterator<Item = &String> {
        let own = ParameterPosition::read(unversioned(url)).parent().map(|collection| collection.item());
        own.and_then(|own| self.0.get(&own)).into_iter().flatten()
    }
}
