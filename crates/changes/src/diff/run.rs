//! Two sets to what differs between them.

use std::time::Instant;

use rayon::prelude::*;

use super::found::{Found, by_cause};
use super::pairs::Pairs;
use super::two::Two;
use super::{Diff, SetOf, message, pair, presence, types};
use crate::judgment::Volatile;
use graph_contracts::contract::Contract;
use graph_contracts::store::{Filter, NothingSelected, Searched, Store};
use graph_contracts_odata::check::Metadata;

/// Compares two folders of contracts. Only contracts count whose old or new id contains one of `filters`, if there are any; which
/// contracts are the same is found among all of them. `start` is when reading began.
///
/// # Errors
///
/// When the filters leave nothing.
pub fn contracts(old: &Store, new: &Store, filters: &[String], start: Instant) -> Result<Diff, NothingSelected> {
    let pairs = pair::pair(&old.contracts, &new.contracts);
    let ids = |store: &'_ Store| -> Vec<String> { store.contracts.iter().map(|own| own.id.clone()).collect() };
    let (filter, counts) = select("contract's id", filters, &ids(old), &ids(new))?;
    let is_selected = |id: &str| filter.selects(id);
    let mut found: Vec<Found> = Vec::new();
    presence::changes(&old.contracts, &new.contracts, &pairs, &mut found);
    found.retain(|found| is_selected(&found.place.item));
    let (old_names, new_names) = (types::type_names(&old.contracts), types::type_names(&new.contracts));
    let of_pair = |(one, other): (usize, usize)| -> Vec<Found> {
        let (Some(one), Some(other)) = (old.contracts.get(one), new.contracts.get(other)) else { return Vec::new() };
        if !is_selected(&one.id) && !is_selected(&other.id) {
            return Vec::new();
        }
        let volatile = (&Volatile::of(one, &old.rules), &Volatile::of(other, &new.rules));
        message::changes(Two { old: one, new: other, names: (&old_names, &new_names), volatile })
    };
    let both: Vec<(usize, usize)> = pairs.by_new().collect();
    let of_pairs: Vec<Vec<Found>> = both.into_par_iter().map(of_pair).collect();
    found.extend(of_pairs.into_iter().flatten());
    Ok(diff(SetOf::Contracts, counts, found, start))
}

/// What differs between two states of one contract, whose volatile values are known.
pub(crate) fn one_contract(old: (&Contract, &Volatile<'_>), new: (&Contract, &Volatile<'_>)) -> Vec<Found> {
    let ((old, old_volatile), (new, new_volatile)) = (old, new);
    let [before, after] = [old, new].map(std::slice::from_ref);
    let mut pairs = Pairs::new();
    pairs.join(0, 0);
    let mut found = Vec::new();
    presence::changes(before, after, &pairs, &mut found);
    let names = (&types::type_names(before), &types::type_names(after));
    found.extend(message::changes(Two { old, new, names, volatile: (old_volatile, new_volatile) }));
    found
}

/// Compares two documents of metadata, or two that consist of several documents each. Only types, operations and elements of the container count whose qualified name contains one
/// of `filters`, if there are any. `start` is when reading began.
///
/// # Errors
///
/// When the filters leave nothing.
pub fn metadata(
    old: &Metadata<'_>,
    new: &Metadata<'_>,
    filters: &[String],
    start: Instant,
) -> Result<Diff, NothingSelected> {
    let names = |own: &'_ Metadata<'_>| super::metadata::names(&own.csdl).collect::<Vec<String>>();
    let what = "type's, operation's or element's name";
    let (filter, counts) = select(what, filters, &names(old), &names(new))?;
    let mut found = super::metadata::changes(old, new);
    found.retain(|found| filter.selects(&found.place.item));
    Ok(diff(SetOf::Metadata, counts, found, start))
}

/// The filter, and how many of the old and new names it selects.
fn select<'f>(
    what: &'static str,
    filters: &'f [String],
    old: &[String],
    new: &[String],
) -> Result<(Filter<'f>, (usize, usize)), NothingSelected> {
    let filter = Filter::new(filters, old.iter().chain(new));
    let selected = |names: &[String]| names.iter().filter(|name| filter.selects(name)).count();
    match (selected(old), selected(new)) {
        (0, 0) => Err(NothingSelected { what, filters: filters.to_vec(), searched: Searched::BothSets }),
        counts => Ok((filter, counts)),
    }
}

fn diff(of: SetOf, (old, new): (usize, usize), found: Vec<Found>, start: Instant) -> Diff {
    Diff { of, old, new, changes: by_cause(found), elapsed: start.elapsed() }
}
