//! The schema in `contracts/` is the one of the types.

use graph_contracts::contract::{SCHEMA_FILE, schema};

use graph_contracts_testing::{TestResult, project};

#[test]
fn the_schema_is_current() -> TestResult {
    let file = project("contracts").join(SCHEMA_FILE);
    // The texts are too long to be shown.
    let is_current = std::fs::read_to_string(&file)? == schema();
    assert!(is_current, "{} is out of date; any `cargo xtask import` writes it", file.display());
    Ok(())
}
