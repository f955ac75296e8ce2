//! What the contracts of a run keep of the service's metadata, made to be looked up once for each.

use std::sync::OnceLock;

use graph_contracts::service::ServiceRules;
use graph_contracts::store::Store;

/// The rules of contracts, by their positions in the store. Most runs look at few of them, so that each is made when it is asked for first.
pub(super) struct KeptRules(Vec<OnceLock<Option<ServiceRules>>>);

impl KeptRules {
    /// Those of the contracts of a store.
    pub(super) fn of(store: &Store) -> KeptRules {
        KeptRules(store.contracts.iter().map(|_| OnceLock::new()).collect())
    }

    /// Those of one contract, if it keeps any.
    pub(super) fn get(&self, store: &Store, index: usize) -> Option<&ServiceRules> {
        self.0.get(index)?.get_or_init(|| store.contracts.get(index)?.service_rules()).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
    use graph_contracts_testing::contracts_of_text;

    #[test]
    fn the_rules_of_a_contract_are_made_once() {
        let page = "# Get\n```\nGET https://graph.microsoft.com/v1.0/a\n```\n```\nHTTP/1.1 200 OK\n```\n";
        let mut contracts = contracts_of_text("get.md", page);
        contracts.extend(contracts_of_text("other.md", page));
        contracts[0].metadata = Some(Box::default());
        let store = Store::new(contracts, VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules"));
        let rules = KeptRules::of(&store);
        let first = rules.get(&store, 0).expect("rules");
        assert!(std::ptr::eq(first, rules.get(&store, 0).expect("rules")));
        assert!(rules.get(&store, 1).is_none() && rules.get(&store, 2).is_none());
    }
}
