//! The forms that a contract gives now.

use graph_contracts::contract::{Contract, fill};
use graph_contracts::normal::{Level, NormalForm, NormalizationPlan};
use graph_contracts::store::Store;

/// The form in which the stub answers.
///
/// # Errors
///
/// When the contract has none; the message says why.
pub(super) fn given(contract: &Contract, store: &Store) -> Result<NormalForm, String> {
    form(contract, store, Level::Exact)
}

/// The form that a live run compares responses with.
///
/// # Errors
///
/// As [`given`].
pub(super) fn documented(contract: &Contract, store: &Store) -> Result<NormalForm, String> {
    form(&fill(contract)?, store, Level::Shape)
}

fn form(contract: &Contract, store: &Store, level: Level) -> Result<NormalForm, String> {
    let normalization = NormalizationPlan::new(contract, &store.rules, level).map_err(|error| error.to_string())?;
    Ok(normalization.documented().clone())
}
