//! `graph-contracts prove`

use crate::support::{PAGE, Workspace};

#[test]
fn the_proof_holds_on_the_contracts_of_the_project() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run("prove v1.0 --json out.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("2 contracts: "), "{ran:?}");
    assert!(ran.out.contains("all caught; ") && ran.out.contains("no false alarm in "), "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    let number = |name: &str| document[name].as_u64().unwrap_or_else(|| panic!("{name} in {document}"));
    assert_eq!((number("contracts"), number("missed"), number("false_alarms")), (2, 0, 0));
    assert!(number("mutants") > 0 && number("mutants") == number("caught") && number("harmless") > 0);
    let class = &document["by_class"]["drop-member"];
    assert!(class["mutants"].as_u64() > Some(0) && class["mutants"] == class["caught"], "{document}");
    assert_eq!(document["blind_spots"], serde_json::json!([]));
    assert!(document["seconds"].is_f64());
}

/// A page whose response has values that the request did not send.
fn with_rule(rule: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("docs/lamp-get.md", PAGE);
    workspace.run("import docs");
    let rules = workspace.read("contracts/volatile.toml");
    workspace.write("contracts/volatile.toml", format!("{rules}\n{rule}"));
    workspace
}

#[test]
fn what_a_rule_hides_is_listed_with_the_rule() {
    let workspace = with_rule("[[body]]\npath = \"$.on\"\nreason = \"lamps are switched\"\n");
    let ran = workspace.run("prove --json out.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("a rule for volatile values hides it: $.on"), "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    let spot = &document["blind_spots"][0];
    assert_eq!((&spot["class"], &spot["at"]), (&"change-member".into(), &"$['on']".into()), "{document}");
    assert_eq!(document["missed"], document["blind_spots"].as_array().map_or(0, Vec::len));
    let workspace = with_rule("[[value]]\nshape = \"bool\"\nreason = \"lamps are switched\"\n");
    let ran = workspace.run("prove");
    assert!(ran.out.contains("a rule for volatile values hides it: value bool"), "{ran:?}");
}

#[test]
fn nothing_to_prove_is_not_a_proof() {
    let workspace = Workspace::with_contracts();
    workspace.check_refused("prove nothing-like-it", &["no contract's id contains nothing-like-it"]);
    Workspace::new().check_refused("prove", &["contracts: cannot be read"]);
}
