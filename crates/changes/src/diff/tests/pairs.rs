//! Which contracts are the same.

use std::time::{Duration, Instant};

use super::support::{LAMP, diff_pages, edited, line, store};
use crate::diff::pair::pair;
use graph_contracts::contract::Contract;

#[track_caller]
fn check(old: &[(&str, &str)], new: &[(&str, &str)], expected: &[&str]) {
    let found: Vec<String> = diff_pages(old, new).changes.iter().map(line).collect();
    assert_eq!(found, expected);
}

/// A page with two examples of one operation.
fn two_examples(first: &str, second: &str) -> String {
    let example = |name: &str, member: &str| {
        format!(
            "### Example: {name}\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps?$filter={name}\n```\n\n\
             ```http\nHTTP/1.1 200 OK\n\n{{\n  \"{member}\": 1,\n  \"{name}\": \"{member}\"\n}}\n```\n\n"
        )
    };
    let of = |name: &str| example(name, if name == "one" { "alpha" } else { "beta" });
    format!("# List lamps\n\n## HTTP request\n\n```http\nGET /lamps\n```\n\n{}{}", of(first), of(second))
}

#[test]
fn a_renamed_page_is_the_same_contract() {
    let renamed = "contract-renamed v1.0/lamp-post: v1.0/lamp-post > v1.0/lamp-create (p:31 > lamp-create.md:31)";
    check(&[("lamp-post.md", LAMP)], &[("lamp-create.md", LAMP)], &[renamed]);
    // A folder that moves is one change.
    let moved =
        "contract-renamed v1.0/a > v1.0/b: v1.0/a/lamp-post.md > v1.0/b/lamp-post.md (v1.0/a/p:31 > v1.0/b/p:31)";
    check(&[("v1.0/a/lamp-post.md", LAMP)], &[("v1.0/b/lamp-post.md", LAMP)], &[moved]);
}

#[test]
fn a_renamed_page_that_changed_too_shows_what_changed() {
    let new = edited(LAMP, "201 Created", "202 Accepted");
    check(
        &[("lamp-post.md", LAMP)],
        &[("lamp-create.md", &new)],
        &[
            "status-changed status of the response: 201 > 202 (p:46 > lamp-create.md:46)",
            "contract-renamed v1.0/lamp-post: v1.0/lamp-post > v1.0/lamp-create (p:31 > lamp-create.md:31)",
        ],
    );
}

#[test]
fn examples_in_another_order_are_the_same() {
    let (old, new) = (two_examples("one", "two"), two_examples("two", "one"));
    let (old, new) = (store(&[("lamp-list.md", &old)]), store(&[("lamp-list.md", &new)]));
    let query = |url: &str| url.rsplit('=').next().unwrap_or_default().to_owned();
    let pairs = pair(&old.contracts, &new.contracts);
    assert_eq!(pairs.by_new().count(), 2);
    for (one, other) in pairs.by_new() {
        assert_eq!(query(&old.contracts[one].request.url), query(&new.contracts[other].request.url));
    }
}

#[test]
fn a_page_that_goes_takes_its_operations_along() {
    let other = LAMP.replace("/rooms/", "/attics/").replace("/houses/", "/sheds/");
    let both = [("lamp-post.md", LAMP), ("lamp-two.md", other.as_str())];
    check(
        &both,
        &[("lamp-post.md", LAMP)],
        &[
            "operation-removed POST /attics/{room-id}/lamps: POST /attics/{room-id}/lamps > nothing (lamp-two.md:14 > -)",
        ],
    );
    let diff = diff_pages(&both, &both[..1]);
    assert_eq!(diff.changes[0].places.len(), 2, "both templates of the page");
    check(
        &[("lamp-post.md", LAMP)],
        &both,
        &["operation-added POST /attics/{room-id}/lamps: nothing > POST /attics/{room-id}/lamps (- > lamp-two.md:14)"],
    );
}

#[test]
fn an_example_that_goes_leaves_its_operation() {
    let both = two_examples("one", "two");
    let end = both.find("### Example: two").expect("the second example");
    let found = diff_pages(&[("lamp-list.md", &both)], &[("lamp-list.md", &both[..end])]);
    let kinds: Vec<&str> = found.changes.iter().map(|change| change.kind.name()).collect();
    assert_eq!(kinds, ["example-removed"]);
    let found = diff_pages(&[("lamp-list.md", &both[..end])], &[("lamp-list.md", &both)]);
    let kinds: Vec<&str> = found.changes.iter().map(|change| change.kind.name()).collect();
    assert_eq!(kinds, ["example-added"]);
}

#[test]
fn many_examples_of_one_operation_are_told_apart_without_comparing_all() {
    let contract = store(&[("lamp-post.md", LAMP)]).contracts.remove(0);
    let set = |name: &str| -> Vec<Contract> {
        let numbered = |number: usize| {
            let mut contract = contract.clone();
            contract.id = format!("v1.0/{name}-{number:04}");
            contract.request.url = format!("{}?$top={number}", contract.request.url);
            contract
        };
        (0..2000).map(numbered).collect()
    };
    let start = Instant::now();
    let pairs = pair(&set("lamp"), &set("light"));
    assert!(pairs.by_new().all(|(one, other)| one == other), "each has one in common with its counterpart alone");
    assert_eq!(pairs.by_new().count(), 2000);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
