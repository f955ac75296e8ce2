//! `docs/reliability.md` lists the faults that are tested and the services that misbehave, and nothing else.

use std::collections::BTreeSet;

use graph_contracts_testing::project;

/// The names of the tests that the table of a section gives, each in backquotes in its last column.
fn listed(section: &str) -> Vec<String> {
    let text = std::fs::read_to_string(project("docs/reliability.md")).expect("the page");
    let (_, rest) = text.split_once(&format!("\n## {section}\n")).expect("the section");
    let table = rest.split("\n## ").next().unwrap_or_default();
    let last_column = |row: &str| row.trim_end_matches('|').rsplit('|').next().map(|cell| cell.trim().to_owned());
    let cells = table.lines().filter(|line| line.starts_with('|')).filter_map(last_column);
    cells.filter_map(|cell| Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned())).collect()
}

/// The names of the tests of a file: what follows the first `fn` after the attribute; of a test with cases, each with the name of the case.
fn tests_in(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(project(file)).expect(file);
    let pieces: Vec<&str> = text.split("\n#[test]").flat_map(|piece| piece.split("\n#[tokio::test")).collect();
    let tests = pieces.windows(2).filter_map(|two| {
        let name = two[1].split_once("fn ")?.1.split_once('(')?.0;
        let attributes = two[0].rsplit("\n\n").next().unwrap_or_default();
        let cases: Vec<&str> =
            attributes.split("#[case::").skip(1).filter_map(|case| Some(case.split_once('(')?.0)).collect();
        let names = cases.iter().map(|case| format!("{name}::{case}"));
        Some(if cases.is_empty() { vec![name.to_owned()] } else { names.collect() })
    });
    tests.flatten().collect()
}

#[track_caller]
fn check(section: &str, files: &[&str], least: usize) {
    let (listed, tests) = (listed(section), files.iter().flat_map(|file| tests_in(file)).collect::<Vec<_>>());
    let (listed_set, tests_set): (BTreeSet<_>, BTreeSet<_>) = (listed.iter().collect(), tests.iter().collect());
    assert!(tests.len() > least, "{tests:?}");
    let missing: Vec<_> = tests_set.difference(&listed_set).collect();
    assert!(missing.is_empty(), "tests that docs/reliability.md does not name: {missing:?}");
    let unknown: Vec<_> = listed_set.difference(&tests_set).collect();
    assert!(unknown.is_empty(), "tests that docs/reliability.md names and that do not exist: {unknown:?}");
    assert_eq!(listed.len(), tests.len(), "a test is named twice");
}

#[test]
fn the_table_of_faults_names_every_test_of_them_once() {
    check("Faults", &["tests/integration/hostile.rs", "tests/integration/large.rs"], 50);
}

#[test]
fn the_table_of_services_that_misbehave_names_every_test_of_them_once() {
    let files = ["ownership", "contents", "creation", "deletion", "wire", "kill"]
        .map(|name| format!("crates/live/tests/misbehaving/{name}.rs"));
    check("Services that misbehave in live runs", &files.each_ref().map(String::as_str), 80);
}
