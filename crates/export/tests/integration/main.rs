//! The exports of the project's contracts, and of pages that are written for what contracts may have.

#![expect(clippy::expect_used, reason = "a test may stop")]

mod files;
mod snapshots;
mod whole;

use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::store::Store;
use graph_contracts_export::{Export, Target, export};
use graph_contracts_testing::{contracts_of_text, project};

/// The contracts of this project.
fn own() -> Store {
    Store::read(&project("contracts")).expect("the contracts are read")
}

/// The contracts of the examples of a page, each a request and what answers it; `text` is put behind the page's beginning.
fn store_of(text: &str) -> Store {
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    Store::new(contracts_of_text("lamp.md", &format!("# Lamp\n\n{text}")), rules)
}

/// The export of all contracts of a store.
fn all(target: Target, store: &Store) -> Export {
    let every: Vec<usize> = (0..store.contracts.len()).collect();
    export(target, store, &every).expect("the rules are valid")
}

/// A request and its answer as a page shows them.
fn example(request: &str, response: &str) -> String {
    format!("```http\n{request}\n```\n\n```http\n{response}\n```\n\n")
}
