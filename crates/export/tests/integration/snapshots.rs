//! The files of the project's contracts, as they were reviewed.

use graph_contracts_export::Target;

use crate::{all, own};

/// The file that holds the contract of a page, or the whole export where one file holds all.
fn check(target: Target, path: &str) {
    let export = all(target, &own());
    let file = export.files.iter().find(|file| file.path.contains(path)).expect(path);
    insta::assert_snapshot!(target.name(), file.text);
}

#[test]
fn openapi() {
    check(Target::Openapi, "openapi.json");
}

#[test]
fn wiremock() {
    check(Target::Wiremock, "graph-contracts.json");
}

#[test]
fn hurl() {
    check(Target::Hurl, "create-userstatussummary.hurl");
}

#[test]
fn pact() {
    check(Target::Pact, "pact.json");
}

#[test]
fn postman() {
    check(Target::Postman, "collection.json");
}

#[test]
fn dev_proxy() {
    check(Target::DevProxy, "mocks.json");
}
