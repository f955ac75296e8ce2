//! The contracts that a command works with.

use std::path::PathBuf;
use std::sync::Arc;

use graph_contracts::store::Store;

/// Which contracts, and from which folder.
#[derive(clap::Args)]
pub(crate) struct Selection {
    /// Only contracts whose id contains one of these texts
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,

    /// The folder of the contracts
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    pub(crate) contracts: PathBuf,
}

impl Selection {
    /// The contracts of the folder, and the positions of those that are selected.
    pub(crate) fn read(&self) -> anyhow::Result<(Arc<Store>, Vec<usize>)> {
        let store = Arc::new(Store::read(&self.contracts)?);
        let selected = store.select(&self.filters)?;
        Ok((store, selected))
    }
}
