//! Two sets to what differs between them.

use std::time::Instant;

use rayon::prelude::*;

use super::found::{Found, by_cause};
use super::two::Two;
use super::values::Volatile;
use super::{Diff, SetOf, message, pair, presence, types};
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
    let ids = old.contracts.iter().chain(&new.contracts).map(|contract| contract.id.as_str());
    let filter = Filter::new(filters, ids);
    let is_selected = |id: &str| filter.selects(id);
    let selected = |contracts: &[Contract]| contracts.iter().filter(|contract| is_selected(&contract.id)).count();
    let (old_count, new_count) = (selected(&old.contracts), selected(&new.contracts));
    if old_count + new_count == 0 {
        return Err(nothing_selected("contract's id", filters));
    }
    let mut found: Vec<Found> = Vec::new();
    presence::changes(&old.contracts, &new.contracts, &pairs, &mut found);
    found.retain(|found| is_selected(&found.place.item));
    let (old_names, new_names) = (types::type_names(&old.contracts), types::type_names(&new.contracts));
    let of_pair = |(one, other): &(usize, usize)| -> Vec<Found> {
        let (Some(one), Some(other)) = (old.contracts.get(*one), new.contracts.get(*other)) else { return Vec::new() };
        if !is_selected(&one.id) && !is_selected(&other.id) {
            return Vec::new();
        }
        let volatile = (&Volatile::of(one, &old.rules), &Volatile::of(other, &new.rules));
        message::changes(Two { old: one, new: other, names: (&old_names, &new_names), volatile })
    };
    let of_pairs: Vec<Vec<Found>> = pairs.both.par_iter().map(of_pair).collect();
    found.extend(of_pairs.into_iter().flatten());
    Ok(diff(SetOf::Contracts, (old_count, new_count), found, start))
}

/// Compares two documents of metadata. Only types, operations and elements of the container count whose qualified name contains one
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
    let found = super::metadata::changes(old, new);
    let names = super::metadata::names(&old.csdl).chain(super::metadata::names(&new.csdl));
    let filter = Filter::new(filters, names);
    let is_selected = |name: &str| filter.selects(name);
    let selected = |own: &Metadata<'_>| super::metadata::names(&own.csdl).filter(|name| is_selected(name)).count();
    let counts = (selected(old), selected(new));
    if counts.0 + counts.1 == 0 {
        return Err(nothing_selected("type's, operation's or element's name", filters));
    }
    let found = found.into_iter().filter(|found| is_selected(&found.place.item)).collect();
    Ok(diff(SetOf::Metadata, counts, found, start))
}

fn diff(of: SetOf, (old, new): (usize, usize), found: Vec<Found>, start: Instant) -> Diff {
    let changes = by_cause(found);
    Diff { of, old, new, changes, elapsed: start.elapsed() }
}

fn nothing_selected(what: &'static str, filters: &[String]) -> NothingSelected {
    NothingSelected { what, filters: filters.to_vec(), searched: Searched::BothSets }
}
