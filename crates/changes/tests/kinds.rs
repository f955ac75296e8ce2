//! `docs/diff.md` is true: its tables list every kind of change once, with its effect.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

use std::collections::BTreeMap;

use graph_contracts_changes::{Effect, Kind};

use graph_contracts_testing::project;

/// The kinds of the tables with their effects, in order.
fn listed() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(project("docs/diff.md")).expect("the page");
    let (_, kinds) = text.split_once("\n## Kinds\n").expect("the section of the kinds");
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let kind = cells.next()?.strip_suffix('`')?.to_owned();
        Some((kind, cells.next()?.to_owned()))
    };
    kinds.lines().filter_map(row).collect()
}

#[test]
fn every_kind_of_change_is_listed_with_its_effect() {
    let listed = listed();
    let expected: Vec<(String, String)> =
        Kind::ALL.iter().map(|kind| (kind.name().to_owned(), kind.effect().to_string())).collect();
    let (listed_map, expected_map): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (listed.iter().cloned().collect(), expected.iter().cloned().collect());
    for (kind, effect) in &expected_map {
        assert_eq!(listed_map.get(kind), Some(effect), "{kind} in docs/diff.md");
    }
    assert_eq!(listed, expected, "nothing else is listed, and in the order of the code");
}

#[test]
fn names_are_unique_and_every_effect_has_kinds() {
    let names: std::collections::BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
    for effect in Effect::ALL {
        assert!(Kind::ALL.iter().any(|kind| kind.effect() == effect), "{effect}");
    }
}
