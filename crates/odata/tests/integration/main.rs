//! Metadata from files and sockets, and contracts checked against it. A new test goes into the module of what it is about.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod check;
mod clouds;
mod diagnostics;
mod fetch;
mod kept;
mod pages;
mod robustness;
mod rules;

use graph_contracts::contract::Cloud;
use graph_contracts_odata::check::MetadataText;
use graph_contracts_testing::project;

/// The metadata of the tests' own service.
fn library_metadata() -> MetadataText {
    let text = std::fs::read_to_string(project("tests/metadata/library.csdl")).expect("the test's metadata");
    MetadataText { cloud: Cloud::Global, version: "v1.0".to_owned(), name: "library.csdl".to_owned(), text }
}
