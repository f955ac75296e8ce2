//! Which operations and examples are documented no more, and which are new.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::operation::{OperationKey, area, operations};
use super::pairs::Pairs;
use crate::{Kind, NOTHING, Place};
use graph_contracts::contract::{Contract, Route};
use graph_contracts::source::SourceLine;

/// The operations and examples that came and went.
pub(super) fn changes(old: &[Contract], new: &[Contract], pairs: &Pairs<usize>, found: &mut Vec<Found>) {
    gone(old, new, |one| pairs.to_new(one), (Kind::OperationRemoved, Kind::ExampleRemoved), found);
    gone(new, old, |other| pairs.to_old(other), (Kind::OperationAdded, Kind::ExampleAdded), found);
}

/// What `one` documents and `other` does not.
fn gone(
    one: &[Contract],
    other: &[Contract],
    counterpart: impl Fn(usize) -> Option<usize>,
    (of_operation, of_example): (Kind, Kind),
    found: &mut Vec<Found>,
) {
    let known: BTreeSet<OperationKey> = other.iter().flat_map(operations).map(|(key, _)| key).collect();
    let own: BTreeSet<OperationKey> = one.iter().flat_map(operations).map(|(key, _)| key).collect();
    let begin = |keys: &BTreeSet<OperationKey>| -> BTreeSet<String> {
        keys.iter().map(|(.., path)| first_segment(path).to_owned()).collect()
    };
    let roots: BTreeSet<String> = begin(&own).intersection(&begin(&known)).cloned().collect();
    // By the contract that documents it first.
    let mut seen: BTreeMap<OperationKey, &str> = BTreeMap::new();
    for (index, contract) in one.iter().enumerate() {
        let counterpart = counterpart(index).and_then(|index| other.get(index));
        let mut is_gone = false;
        for (key, route) in operations(contract).filter(|(key, _)| !known.contains(key)) {
            is_gone = true;
            if let Some(other) = counterpart
                && let Some(written) = otherwise_written(&key, of_operation, other, (&own, &roots))
            {
                // It came and went for one reason, which is reported where it went.
                if of_operation == Kind::OperationRemoved {
                    found.push(rewritten((contract, route), (other, written)));
                }
                continue;
            }
            let here = contract.source_line(route.line);
            let there = counterpart.map(first_route);
            // All templates of a page come and go for one reason, and all that documents an operation with it.
            let key = (*seen.entry(key).or_insert(&contract.id)).to_owned();
            found.push(Found { key, ..change(of_operation, contract, &route.path, (here, there)) });
        }
        if counterpart.is_none() && !is_gone {
            found.push(change(of_example, contract, &contract.request.url, (contract.location(), None)));
        }
    }
}

/// The other way to write a template in a contract of the other set: pages write `/messages/{id}` for `/me/messages/{id}`. What begins a
/// template of both sets is no shorter way to write another, and a template that is documented as before was not rewritten.
fn otherwise_written<'c>(
    (version, method, path): &OperationKey,
    kind: Kind,
    other: &'c Contract,
    (own, roots): (&BTreeSet<OperationKey>, &BTreeSet<String>),
) -> Option<&'c Route> {
    let is_end = |one: &str, other: &str| {
        one.len() > other.len() && one.ends_with(other) && !roots.contains(first_segment(other))
    };
    let is_same = |key: &OperationKey| {
        (&key.0, &key.1) == (version, method)
            && (is_end(&key.2, path) || is_end(path, &key.2))
            && (kind == Kind::OperationRemoved || !own.contains(key))
    };
    operations(other).find(|(key, _)| is_same(key)).map(|(_, route)| route)
}

/// The first segment of a normalized template.
fn first_segment(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// The change of a template that is written with its prefix now, or without.
fn rewritten((contract, route): (&Contract, &Route), (other, written): (&Contract, &Route)) -> Found {
    let shown = |own: &Contract, route: &Route| format!("{} {}", own.request.method, route.path);
    let (before, after) = (shown(contract, route), shown(other, written));
    let (old, new) = (contract.source_line(route.line), other.source_line(written.line));
    let place = Place { item: contract.id.clone(), at: before.clone(), spot: None, old: Some(old), new: Some(new) };
    let found = Found::new(Kind::RouteRewritten, &before, (&before, &after), place);
    Found { key: contract.id.clone(), area: area(contract), ..found }
}

/// Where a contract's routes begin.
fn first_route(contract: &Contract) -> SourceLine {
    let line = contract.routes.first().map_or(contract.source.request.line, |route| route.line);
    contract.source_line(line)
}

/// The change of an operation or example that stands `here`, in the set that has it, and `there`, in the other.
fn change(kind: Kind, contract: &Contract, url: &str, (here, there): (SourceLine, Option<SourceLine>)) -> Found {
    let at = format!("{} {url}", contract.request.method);
    let (words, (old, new)) = match kind {
        Kind::OperationAdded | Kind::ExampleAdded => ((NOTHING, &*at), (there, Some(here))),
        _ => ((&*at, NOTHING), (Some(here), there)),
    };
    let is_operation = matches!(kind, Kind::OperationAdded | Kind::OperationRemoved);
    let place = Place { item: contract.id.clone(), at: at.clone(), spot: None, old, new };
    let subject = if is_operation { &at } else { &contract.id };
    Found { key: contract.id.clone(), area: area(contract), ..Found::new(kind, subject, words, place) }
}
