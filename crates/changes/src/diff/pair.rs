//! Which contracts of two sets are the same: by id, or by what they document where pages were renamed, moved or reordered.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::operation::{OperationKey, operations, operations_of_form};
use super::pairs::{Index, Pairs, likeness};
use crate::body_of_form::body_of_form;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{Json, Kind};
use graph_contracts::normal::{Mask, NormalForm};

/// How many contracts of one operation are all compared with each other. Of more, those are that have the same id or something in
/// common that few others have: comparing all would take the square of their number.
const MOST_ALIKE: usize = 48;

/// What more contracts of an operation have says of none which it is.
const RARE: usize = 8;

/// How much two contracts of one operation have to have in common, of 100, if their ids differ.
const ALIKE: usize = 50;

/// What the same id is worth: it decides between contracts that are equally alike.
const SAME_ID: usize = 25;

/// The positions of those that document an operation, in the old and in the new set.
type Documenting<'o> = (&'o [usize], &'o [usize]);

/// What tells which contract something is: a contract, or a snapshot of one.
pub(crate) struct Traits {
    id: String,
    /// The operations that it documents.
    operations: Vec<OperationKey>,
    /// What its messages consist of, each as a number.
    features: BTreeSet<u64>,
}

impl Traits {
    fn of(contract: &Contract) -> Traits {
        let features = features(
            (contract.response.status, Some(&contract.title), &contract.request.url),
            (contract.request.body.as_ref(), contract.response.body.as_ref()),
        );
        Traits { id: contract.id.clone(), operations: operations(contract).map(|(key, _)| key).collect(), features }
    }

    /// Those of a normal form. They are like those of other forms only: masks are no values.
    pub(crate) fn of_form(id: &str, form: &NormalForm) -> Traits {
        let of_mask = |mask: Mask| Json::String(mask.to_string());
        let (sent, received) = (body_of_form(&form.request.body, &of_mask), body_of_form(&form.body, &of_mask));
        let url = form.request.line.split_once(' ').map_or("", |(_, url)| url);
        let features = features((form.status, None, url), (sent.as_ref(), received.as_ref()));
        Traits { id: id.to_owned(), operations: operations_of_form(id, form), features }
    }
}

/// Pairs the contracts of two sets, by their positions.
pub(super) fn pair(old: &[Contract], new: &[Contract]) -> Pairs<usize> {
    let traits = |contracts: &[Contract]| -> Vec<Traits> { contracts.iter().map(Traits::of).collect() };
    pair_by(&traits(old), &traits(new))
}

/// Pairs contracts, or snapshots, by what tells which they are.
pub(crate) fn pair_by(old: &[Traits], new: &[Traits]) -> Pairs<usize> {
    let (old_operations, new_operations) = (by_operation(old), by_operation(new));
    let documented = old_operations.iter().filter_map(|(operation, ones)| {
        let others = new_operations.get(operation)?;
        Some((ones.as_slice(), others.as_slice()))
    });
    let documented: Vec<Documenting<'_>> = documented.collect();
    let ids: HashMap<&str, usize> = new.iter().enumerate().map(|(index, own)| (own.id.as_str(), index)).collect();
    let same_id = |one: usize| ids.get(old[one].id.as_str()).copied();
    let mut pairs = Pairs::new();
    pairs.join_best(alike(old, new, &documented, same_id));
    // What is left is paired by id: the page was rewritten, or has another URL now.
    for one in 0..old.len() {
        same_id(one).into_iter().for_each(|other| pairs.join(one, other));
    }
    // And then where an operation has nothing else: its caller meets the other example now, however little the two have in common.
    let is_free = |(ones, others): &Documenting<'_>| {
        ones.iter().all(|one| pairs.to_new(*one).is_none()) && others.iter().all(|other| pairs.to_old(*other).is_none())
    };
    let free = documented.into_iter().filter(is_free);
    let free: Vec<(usize, usize)> =
        free.filter_map(|(ones, others)| Some((*ones.first()?, *others.first()?))).collect();
    free.into_iter().for_each(|(one, other)| pairs.join(one, other));
    pairs
}

/// What documents the same operation in a similar way, with how similar it is.
fn alike(
    old: &[Traits],
    new: &[Traits],
    documented: &[Documenting<'_>],
    same_id: impl Fn(usize) -> Option<usize>,
) -> Vec<(usize, usize, usize)> {
    let mut candidates = BTreeSet::new();
    for (ones, others) in documented {
        let same = |one: &usize| Some((*one, same_id(*one).filter(|other| others.binary_search(other).is_ok())?));
        candidates.extend(ones.iter().filter_map(same));
        if ones.len() <= MOST_ALIKE && others.len() <= MOST_ALIKE {
            candidates.extend(ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other))));
            continue;
        }
        let index = Index::new(others.iter().map(|other| (*other, &new[*other].features)));
        for one in ones.iter() {
            candidates.extend(index.alike(&old[*one].features, RARE).map(|other| (*one, other)));
        }
    }
    let scored = candidates.into_iter().filter_map(|(one, other)| {
        let alike = likeness(&old[one].features, &new[other].features).unwrap_or(100);
        let is_same = old[one].id == new[other].id;
        let score = if is_same { alike + SAME_ID } else { alike };
        (alike >= ALIKE || is_same && alike * 2 >= ALIKE).then_some((score, one, other))
    });
    scored.collect()
}

fn by_operation(contracts: &[Traits]) -> BTreeMap<OperationKey, Vec<usize>> {
    let mut found: BTreeMap<OperationKey, Vec<usize>> = BTreeMap::new();
    for (index, contract) in contracts.iter().enumerate() {
        for key in &contract.operations {
            let of_operation = found.entry(key.clone()).or_default();
            // Two templates of one page may differ in the names of their parameters alone.
            if of_operation.last() != Some(&index) {
                of_operation.push(index);
            }
        }
    }
    found
}

/// What messages consist of, each as a number.
fn features(
    (status, title, url): (u16, Option<&str>, &str),
    (sent, received): (Option<&Body>, Option<&Body>),
) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let mut add = |parts: &[&str]| {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        found.insert(hasher.finish());
    };
    add(&["status", &status.to_string()]);
    title.into_iter().for_each(|title| add(&["title", title]));
    let target = graph_contracts::url::Target::read(url);
    for (name, value) in target.query_parameters() {
        add(&["query", &name, &value]);
    }
    for (side, body) in [("request", sent), ("response", received)] {
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
