//! Contracts of the proof's own: what the contracts at hand may lack, such as a collection, each primitive type, a text, or no
//! body at all. They are proved with every set, so that no rule of the comparison goes untried.

use graph_contracts::contract::{Contract, PageName, TypeIndex, build};
use graph_contracts::normal::{DEFAULT_RULES, RuleError, VolatileRules};
use graph_contracts::page::Page;
use graph_contracts::store::Store;

const RESOURCES: [(&str, &str); 2] = [
    ("resources/sensor.md", include_str!("specimens/sensor.md")),
    ("resources/reading.md", include_str!("specimens/reading.md")),
];

const PAGES: [(&str, &str); 4] = [
    ("api/sensor-list.md", include_str!("specimens/sensor-list.md")),
    ("api/sensor-post.md", include_str!("specimens/sensor-post.md")),
    ("api/sensor-label.md", include_str!("specimens/sensor-label.md")),
    ("api/sensor-reset.md", include_str!("specimens/sensor-reset.md")),
];

/// The specimens, with the rules that a new contracts folder starts with.
///
/// # Errors
///
/// When those rules cannot be used.
pub(super) fn specimens() -> Result<Store, RuleError> {
    let mut index = TypeIndex::default();
    RESOURCES.iter().for_each(|(path, text)| index.add(&Page::parse(path, text)));
    let mut contracts: Vec<Contract> = Vec::new();
    for (path, text) in PAGES {
        let page = Page::parse(path, text);
        contracts
            .extend(build(&page, &PageName::of(&page), &index).contracts.into_iter().map(|(_, contract)| contract));
    }
    contracts.sort_by(|one, other| one.id.cmp(&other.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES)?;
    Ok(Store::new(contracts, rules))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Class, mutants};

    #[test]
    fn every_class_is_tried_on_some_specimen() {
        let store = specimens().expect("the rules are valid");
        let mut tried = std::collections::BTreeSet::from([Class::Request]);
        for contract in &store.contracts {
            mutants(contract, &mut |mutant| {
                tried.insert(mutant.class);
            });
        }
        let missing: Vec<&Class> = Class::ALL.iter().filter(|class| !tried.contains(class)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn specimens_are_pages_without_a_defect() {
        for (path, text) in PAGES {
            let page = Page::parse(path, text);
            let built = build(&page, &PageName::of(&page), &TypeIndex::default());
            assert_eq!(built.diagnostics, [], "{path}");
        }
    }
}
