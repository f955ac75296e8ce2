//! Which contracts the snapshots without one belong to: a page was renamed, and its contracts have other ids now.

use std::collections::BTreeSet;

use super::given::{documented, given};
use super::pending::Pending;
use crate::diff::{Traits, pair_by};
use graph_contracts::contract::Contract;
use graph_contracts::snapshot::{Origin, SnapshotFolders, snapshot_path};
use graph_contracts::store::Store;

/// The contract of each of these snapshots, if it is one that has no snapshot yet: what documents the same operation in a similar way, as
/// `diff` pairs contracts.
pub(super) fn contracts_of<'c>(
    snapshots: &[Pending],
    folders: &SnapshotFolders,
    store: &'c Store,
) -> Vec<Option<&'c Contract>> {
    let mut found = vec![None; snapshots.len()];
    let origins: BTreeSet<&Origin> = snapshots.iter().map(|own| &own.origin).collect();
    for origin in origins {
        let own: Vec<usize> = (0..snapshots.len()).filter(|index| snapshots[*index].origin == *origin).collect();
        let old: Vec<(usize, Traits)> = own
            .into_iter()
            .filter_map(|index| {
                let (_, forms) = snapshots[index].new_form().ok()?;
                let (_, form) = *forms.forms().first()?;
                Some((index, Traits::of_form(&snapshots[index].id, form)))
            })
            .collect();
        if old.is_empty() {
            continue;
        }
        let form = if *origin == Origin::Stub { given } else { documented };
        let has_none = |contract: &&Contract| !target(contract, origin, folders).exists();
        let new: Vec<(&Contract, Traits)> = store
            .contracts
            .iter()
            .filter(has_none)
            .filter_map(|contract| Some((contract, Traits::of_form(&contract.id, &form(contract, store).ok()?))))
            .collect();
        let (old, indices): (Vec<Traits>, Vec<usize>) = old.into_iter().map(|(index, own)| (own, index)).unzip();
        let (new, contracts): (Vec<Traits>, Vec<&Contract>) =
            new.into_iter().map(|(contract, own)| (own, contract)).unzip();
        for (one, other) in pair_by(&old, &new).by_old() {
            found[indices[one]] = Some(contracts[other]);
        }
    }
    found
}

/// Where the accepted snapshot of a contract is.
pub(super) fn target(contract: &Contract, origin: &Origin, folders: &SnapshotFolders) -> std::path::PathBuf {
    match origin {
        Origin::Stub => snapshot_path(&folders.accepted, &contract.id),
        Origin::Live { profile } => snapshot_path(&folders.live(profile).accepted, &contract.id),
    }
}
