//! The ledger of a tenant: where it is, and who opens it.

use std::path::PathBuf;

use anyhow::bail;
use graph_contracts_live::{Destination, Ledger, Profile};
use reqwest::Url;

/// Opens the ledger of the profile's tenant, for a run that writes or cleans up; nothing else reads it, or waits for it.
pub(super) fn open(profile: &Profile, base: &Url) -> anyhow::Result<Ledger> {
    let Some(tenant) = &profile.tenant else {
        bail!("the profile names no tenant (--tenant), and without one nothing is deleted")
    };
    let destination = Destination::new(base, tenant);
    let path = state_folder(profile)?.join(destination.file_name());
    Ok(Ledger::open(path, destination, &profile.identity_name())?)
}

/// Where the ledgers are: in a folder of the user's, which no checkout brings along and no cleaning of one removes.
fn state_folder(profile: &Profile) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &profile.state {
        return Ok(folder.clone());
    }
    let Some(folders) = directories::ProjectDirs::from("", "", "graph-contracts") else {
        bail!("this user has no home folder for the ledger: name one with `state` in the profile, or --state")
    };
    Ok(folders.state_dir().unwrap_or(folders.data_local_dir()).join("ledgers"))
}

/// Forgets what is not known to be the run's, and says whether nothing else is left.
pub(super) fn acknowledge(profile: &Profile, base: &Url) -> anyhow::Result<bool> {
    let ledger = open(profile, base)?;
    let left = ledger.left();
    for intent in left.unsettled.iter().chain(left.suspects.iter().map(|suspect| &suspect.intent)) {
        ledger.acknowledge(intent.n)?;
    }
    Ok(ledger.close()?.is_empty())
}
