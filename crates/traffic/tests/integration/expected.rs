//! A client that promises which contracts it uses.

use std::collections::BTreeSet;

use graph_contracts_traffic::Expectations;

use crate::{call, document, lamp, lines, store, verify};

#[track_caller]
fn check(promised: &[&str], expected: &[&str]) {
    let promised: BTreeSet<String> = promised.iter().map(|id| (*id).to_owned()).collect();
    let calls = [call(0.0, "GET /v1.0/lamps/7", 200, &lamp())];
    let found = verify(&calls, Expectations { granted: None, promised: Some(promised) });
    assert_eq!(lines(&found), expected);
    assert_eq!(document(&found).0, u8::from(!expected.is_empty()));
}

#[test]
fn promises_are_kept_both_ways() {
    let ids: Vec<String> = store().contracts.iter().map(|own| own.id.clone()).collect();
    assert!(ids.contains(&"v1.0/lamp-get".to_owned()), "{ids:?}");
    check(&["v1.0/lamp-get"], &[]);
    check(&["v1.0/lamp-list"], &["uncalled v1.0/lamp-list.md:29", "unpromised 1 v1.0/lamp-get.md:29"]);
    check(&["v1.0/lamp-get", "v1.0/no-such"], &["uncalled"]);
}

#[test]
fn coverage_counts_each_contract_once() {
    let found = verify(
        &[call(0.0, "GET /v1.0/lamps/7", 200, &lamp()), call(1.0, "GET /v1.0/lamps/8", 200, &lamp())],
        Expectations::default(),
    );
    let (_, document) = document(&found);
    let coverage = &document["coverage"];
    let unused = coverage["unused"].as_array().expect("ids").len() as u64;
    assert_eq!(coverage["used"], 1);
    assert_eq!(coverage["contracts"].as_u64(), Some(unused + 1));
    let areas = coverage["areas"].as_object().expect("areas");
    let sum = |name: &str| areas.values().filter_map(|own| own[name].as_u64()).sum::<u64>();
    assert_eq!((Some(sum("contracts")), sum("used")), (coverage["contracts"].as_u64(), 1));
}
