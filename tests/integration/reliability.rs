//! `docs/reliability.md` lists the faults that are tested, and nothing else.

use std::collections::BTreeSet;

use graph_contracts_testing::project;

/// The names of the tests that the table of faults gives, each in backquotes in its last column.
fn listed() -> Vec<String> {
    let text = std::fs::read_to_string(project("docs/reliability.md")).expect("the page");
    let (_, faults) = text.split_once("\n## Faults\n").expect("the section of the faults");
    let last_column = |row: &str| row.trim_end_matches('|').rsplit('|').next().map(|cell| cell.trim().to_owned());
    let cells = faults.lines().filter(|line| line.starts_with('|')).filter_map(last_column);
    cells.filter_map(|cell| Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned())).collect()
}

/// The names of the tests of a file: what follows the first `fn` after the attribute.
fn tests_in(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(project(file)).expect(file);
    let after_attributes = text.split("\n#[test]").flat_map(|piece| piece.split("\n#[tokio::test")).skip(1);
    let name = |piece: &str| piece.split_once("fn ")?.1.split_once('(').map(|(name, _)| name.to_owned());
    after_attributes.filter_map(name).collect()
}

#[test]
fn the_table_of_faults_names_every_test_of_them_once() {
    let (listed, tests) = (listed(), tests_in("tests/integration/hostile.rs"));
    let (listed_set, tests_set): (BTreeSet<_>, BTreeSet<_>) = (listed.iter().collect(), tests.iter().collect());
    assert!(tests.len() > 50, "{tests:?}");
    let missing: Vec<_> = tests_set.difference(&listed_set).collect();
    assert!(missing.is_empty(), "tests that docs/reliability.md does not name: {missing:?}");
    let unknown: Vec<_> = listed_set.difference(&tests_set).collect();
    assert!(unknown.is_empty(), "tests that docs/reliability.md names and that do not exist: {unknown:?}");
    assert_eq!(listed.len(), tests.len(), "a test is named twice");
}
