//! Which things of two sets are the same, by what they have in common.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

/// Things of an old set with their counterparts in a new one; each has one at most.
#[derive(Debug)]
pub(crate) struct Pairs<K> {
    to_new: BTreeMap<K, K>,
    to_old: BTreeMap<K, K>,
}

impl<K: Copy + Ord> Pairs<K> {
    pub(super) fn new() -> Pairs<K> {
        Pairs { to_new: BTreeMap::new(), to_old: BTreeMap::new() }
    }

    /// Pairs two things, if neither has a counterpart yet.
    pub(super) fn join(&mut self, one: K, other: K) {
        if self.to_new(one).is_none() && self.to_old(other).is_none() {
            self.to_new.insert(one, other);
            self.to_old.insert(other, one);
        }
    }

    /// Pairs what is alike, the most alike first.
    pub(super) fn join_best<S: Ord>(&mut self, mut scored: Vec<(S, K, K)>) {
        scored.sort_by(|one, other| (Reverse(&one.0), one.1, one.2).cmp(&(Reverse(&other.0), other.1, other.2)));
        scored.into_iter().for_each(|(_, one, other)| self.join(one, other));
    }

    /// The counterpart of an old thing.
    pub(crate) fn to_new(&self, one: K) -> Option<K> {
        self.to_new.get(&one).copied()
    }

    /// The counterpart of a new thing.
    pub(super) fn to_old(&self, other: K) -> Option<K> {
        self.to_old.get(&other).copied()
    }

    /// The pairs, in the order of the old set.
    pub(crate) fn by_old(&self) -> impl Iterator<Item = (K, K)> {
        self.to_new.iter().map(|(one, other)| (*one, *other))
    }

    /// The pairs, in the order of the new set.
    pub(super) fn by_new(&self) -> impl Iterator<Item = (K, K)> {
        self.to_old.iter().map(|(other, one)| (*one, *other))
    }
}

/// Things by what they have.
pub(super) struct Index<F, K>(HashMap<F, Vec<K>>);

impl<F: Copy + Eq + Hash + Ord, K: Copy> Index<F, K> {
    pub(super) fn new<'f>(things: impl IntoIterator<Item = (K, &'f BTreeSet<F>)>) -> Index<F, K>
    where
        F: 'f,
    {
        let mut having: HashMap<F, Vec<K>> = HashMap::new();
        for (thing, features) in things {
            features.iter().for_each(|feature| having.entry(*feature).or_default().push(thing));
        }
        Index(having)
    }

    /// Those that share something which no more than so many have.
    pub(super) fn alike(&self, features: &BTreeSet<F>, most: usize) -> impl Iterator<Item = K> {
        let having = features.iter().filter_map(|feature| self.0.get(feature));
        having.filter(move |things| things.len() <= most).flatten().copied()
    }
}

/// How much two things have in common, of 100; nothing where neither has anything.
pub(super) fn likeness<F: Ord>(one: &BTreeSet<F>, other: &BTreeSet<F>) -> Option<usize> {
    let common = one.intersection(other).count();
    (common * 100).checked_div(one.len() + other.len() - common)
}
