//! Which contracts of two sets are the same: by id, or by what they document where pages were renamed, moved or reordered.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::operation::{OperationKey, operations};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{Json, Kind};

/// Which contracts belong together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    /// Positions in the old and in the new set, in the order of the new one.
    pub(super) both: Vec<(usize, usize)>,
    /// Those of the old set without a counterpart.
    pub(super) removed: Vec<usize>,
    /// Those of the new set without a counterpart.
    pub(super) added: Vec<usize>,
}

/// How many contracts of one operation are all compared with each other. Of more, those are that have the same id or something in
/// common that few others have: comparing all would take the square of their number.
const MOST_ALIKE: usize = 48;

/// What more contracts of an operation have says of none which it is.
const RARE: usize = 8;

/// How much two contracts of one operation have to have in common, of 100, if their ids differ.
const ALIKE: usize = 50;

/// What the same id is worth: it decides between contracts that are equally alike.
const SAME_ID: usize = 25;

/// Pairs the contracts of two sets.
pub(super) fn pair(old: &[Contract], new: &[Contract]) -> Pairs {
    let mut pairing = Pairing::new(old, new);
    pairing.by_likeness();
    pairing.by_id();
    pairing.by_operation();
    pairing.finish()
}

struct Pairing<'c> {
    old: &'c [Contract],
    new: &'c [Contract],
    /// The counterpart of each.
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
    ids: HashMap<&'c str, usize>,
    old_operations: BTreeMap<OperationKey, Vec<usize>>,
    new_operations: BTreeMap<OperationKey, Vec<usize>>,
}

impl<'c> Pairing<'c> {
    fn new(old: &'c [Contract], new: &'c [Contract]) -> Pairing<'c> {
        Pairing {
            old,
            new,
            of_old: vec![None; old.len()],
            of_new: vec![None; new.len()],
            ids: new.iter().enumerate().map(|(index, contract)| (contract.id.as_str(), index)).collect(),
            old_operations: by_operation(old),
            new_operations: by_operation(new),
        }
    }

    fn join(&mut self, one: usize, other: usize) {
        if self.of_old[one].is_none() && self.of_new[other].is_none() {
            (self.of_old[one], self.of_new[other]) = (Some(other), Some(one));
        }
    }

    /// Pairs what documents the same operation in a similar way, the most similar first.
    fn by_likeness(&mut self) {
        let old_features: Vec<BTreeSet<u64>> = self.old.iter().map(features).collect();
        let new_features: Vec<BTreeSet<u64>> = self.new.iter().map(features).collect();
        let mut candidates = BTreeSet::new();
        for (operation, ones) in &self.old_operations {
            let Some(others) = self.new_operations.get(operation) else { continue };
            for one in ones {
                let same = self.ids.get(self.old[*one].id.as_str()).filter(|id| others.binary_search(id).is_ok());
                candidates.extend(same.map(|other| (*one, *other)));
            }
            if ones.len() <= MOST_ALIKE && others.len() <= MOST_ALIKE {
                candidates.extend(ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other))));
                continue;
            }
            let mut having: HashMap<u64, Vec<usize>> = HashMap::new();
            for other in others {
                new_features[*other].iter().for_each(|feature| having.entry(*feature).or_default().push(*other));
            }
            for one in ones {
                let rare = old_features[*one].iter().filter_map(|feature| having.get(feature));
                let alike = rare.filter(|others| others.len() <= RARE).flatten();
                candidates.extend(alike.map(|other| (*one, *other)));
            }
        }
        let score = |(one, other): (usize, usize)| {
            let alike = likeness(&old_features[one], &new_features[other]);
            let is_same = self.old[one].id == self.new[other].id;
            (alike >= ALIKE || is_same && alike * 2 >= ALIKE).then(|| alike + if is_same { SAME_ID } else { 0 })
        };
        let mut scored: Vec<(usize, usize, usize)> =
            candidates.into_iter().filter_map(|(one, other)| Some((score((one, other))?, one, other))).collect();
        scored.sort_by_key(|(score, one, other)| (std::cmp::Reverse(*score), *one, *other));
        scored.into_iter().for_each(|(_, one, other)| self.join(one, other));
    }

    /// Pairs what is left by id: the page was rewritten, or has another URL now.
    fn by_id(&mut self) {
        for one in 0..self.old.len() {
            if let Some(other) = self.ids.get(self.old[one].id.as_str()) {
                self.join(one, *other);
            }
        }
    }

    /// Pairs what is left where an operation has nothing else: its caller meets the other example now, however little the two have
    /// in common.
    fn by_operation(&mut self) {
        let mut joined = Vec::new();
        for (operation, ones) in &self.old_operations {
            let Some(others) = self.new_operations.get(operation) else { continue };
            let is_free = ones.iter().all(|one| self.of_old[*one].is_none())
                && others.iter().all(|other| self.of_new[*other].is_none());
            if let (true, Some(one), Some(other)) = (is_free, ones.first(), others.first()) {
                joined.push((*one, *other));
            }
        }
        joined.into_iter().for_each(|(one, other)| self.join(one, other));
    }

    fn finish(self) -> Pairs {
        let left = |found: &[Option<usize>]| -> Vec<usize> {
            found.iter().enumerate().filter(|(_, other)| other.is_none()).map(|(index, _)| index).collect()
        };
        let both = self.of_new.iter().enumerate().filter_map(|(new, old)| Some(((*old)?, new)));
        Pairs { both: both.collect(), removed: left(&self.of_old), added: left(&self.of_new) }
    }
}

fn by_operation(contracts: &[Contract]) -> BTreeMap<OperationKey, Vec<usize>> {
    let mut found: BTreeMap<OperationKey, Vec<usize>> = BTreeMap::new();
    for (index, contract) in contracts.iter().enumerate() {
        for (key, _) in operations(contract) {
            let of_operation = found.entry(key).or_default();
            // Two templates of one page may differ in the names of their parameters alone.
            if of_operation.last() != Some(&index) {
                of_operation.push(index);
            }
        }
    }
    found
}

/// What a contract's messages consist of, each as a number.
fn features(contract: &Contract) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let mut add = |parts: &[&str]| {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        found.insert(hasher.finish());
    };
    add(&["status", &contract.response.status.to_string()]);
    add(&["title", &contract.title]);
    let target = graph_contracts::url::Target::read(&contract.request.url);
    for (name, value) in target.query_parameters() {
        add(&["query", &name, &value]);
    }
    for (side, body) in [("request", &contract.request.body), ("response", &contract.response.body)] {
        match body {
            None => add(&[side, "nothing"]),
            Some(Body::Json(json)) => members(json, side, &mut add),
            Some(Body::Text(lines) | Body::Bytes(lines)) => lines.iter().for_each(|line| add(&[side, "line", line])),
        }
    }
    found
}

/// The members of a body at any depth, whatever is around them, and their scalars: samples tell examples of one operation apart.
fn members(json: &Json, name: &str, add: &mut impl FnMut(&[&str])) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| members(item, name, add)),
        Json::Object(own) => {
            for member in own {
                add(&["member", name, &member.name]);
                members(&member.value, &member.name, add);
            }
        }
        scalar if scalar.kind() == Kind::Null => {}
        scalar => add(&["value", name, &scalar.to_string()]),
    }
}

/// How much two sets have in common, of 100.
fn likeness(one: &BTreeSet<u64>, other: &BTreeSet<u64>) -> usize {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    (common * 100).checked_div(all).unwrap_or(100)
}
