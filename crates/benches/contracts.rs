//! The contracts that the pages make, in memory.

use graph_contracts::contract::{Body, Contract, PageName, TypeIndex, build, unique_names};
use graph_contracts::normal::{DEFAULT_RULES, VOLATILE_FILE, VolatileRules};
use graph_contracts::page::Page;
use graph_contracts::store::Store;

use crate::PageText;

/// The contracts of the pages, as an import makes them: no two have the same id.
pub fn contracts(api: &[PageText], resources: &[PageText]) -> Vec<Contract> {
    let mut index = TypeIndex::default();
    for PageText { path, text } in resources {
        index.add(&Page::parse(path, text));
    }
    let pages: Vec<Page<'_>> = api.iter().map(|PageText { path, text }| Page::parse(path, text)).collect();
    let names = unique_names(pages.iter().map(PageName::of).collect());
    let built = pages.iter().zip(names).flat_map(|(page, name)| build(page, &name, &index).contracts);
    built.map(|(_, contract)| contract).collect()
}

/// So many contracts, made of those by going round them: each is one of its own, with an id of its own.
pub fn repeated(contracts: &[Contract], count: usize) -> Vec<Contract> {
    let copy = |(index, contract): (usize, &Contract)| {
        let round = index / contracts.len();
        let rename = |id: &String| format!("{id}--copy-{round}");
        let alternative_of = contract.alternative_of.as_ref().map(rename);
        Contract { id: rename(&contract.id), alternative_of, ..contract.clone() }
    };
    contracts.iter().cycle().take(count).enumerate().map(copy).collect()
}

/// So many of the contracts that are like all of them: of the contracts in the order of their size, one at equal distances.
/// Any others would compare different contracts, not different numbers of them.
pub fn sample(contracts: &[Contract], count: usize) -> Vec<Contract> {
    let mut sorted: Vec<&Contract> = contracts.iter().collect();
    sorted.sort_by_cached_key(|contract| (weight(contract), &contract.id));
    let middle = |index: usize| (2 * index + 1) * sorted.len() / (2 * count);
    (0..count).map(|index| sorted[middle(index)].clone()).collect()
}

/// The bytes of the bodies that a replay of the contract sends and receives.
pub fn weight(contract: &Contract) -> usize {
    let bodies = [&contract.request.body, &contract.response.body];
    contract.routes.len() * bodies.into_iter().flatten().map(|body| Body::to_text(body).len()).sum::<usize>()
}

/// The contracts as if they had been read from a folder, with the volatile rules that a new folder starts with.
///
/// # Errors
///
/// When the rules are not valid.
pub fn store(mut contracts: Vec<Contract>) -> Result<Store, graph_contracts::normal::RuleError> {
    contracts.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(Store::new(contracts, VolatileRules::parse(VOLATILE_FILE, DEFAULT_RULES)?))
}
