//! Each export is read by its own tool. `cargo test --package graph-contracts-export --test tools` installs the tools in pinned versions below
//! Cargo's build folder. It needs Node.js, Python, Java, and for Hurl the headers of libcurl and libxml2, and libclang. A tool that cannot be
//! installed fails its test.
//!
//! - `installed.rs`: the tools; `provider.rs`: what they talk to
//! - `green.rs`: every tool is content with what is served as documented, and WireMock and Prism answer so
//! - `figures.rs`: what each tool takes for the same contracts, a command of its own
//! - `mutants.rs`: what replay catches, exported Hurl and Pact files catch at the same place; `places.rs`: where they do
//!
//! With `EXPORTED_CONTRACTS=DIR`, the contracts of that folder are tried instead of the project's.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test may stop, and says what it has seen")]

mod figures;
mod green;
mod installed;
mod mutants;
mod places;
mod provider;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use graph_contracts::store::Store;
use graph_contracts_export::{Export, Target, export, write};
use graph_contracts_testing::project;
use tempfile::TempDir;

/// The contracts that are tried.
fn contracts() -> Arc<Store> {
    let folder = std::env::var_os("EXPORTED_CONTRACTS").map_or_else(|| project("contracts"), PathBuf::from);
    Arc::new(Store::read(&folder).expect("the contracts are read"))
}

/// All positions of a store.
fn every(store: &Store) -> Vec<usize> {
    (0..store.contracts.len()).collect()
}

/// The export of contracts at these positions, written to a folder.
fn exported(target: Target, store: &Store, selected: &[usize], folder: &Path) -> Export {
    let made = export(target, store, selected).expect("the rules are valid");
    write(&made, folder, false).expect("written");
    made
}

fn temporary() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The contracts of the project itself.
fn project_contracts() -> Vec<graph_contracts::contract::Contract> {
    Store::read(&project("contracts")).expect("the contracts are read").contracts
}
