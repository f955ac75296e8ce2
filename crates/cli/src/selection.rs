//! The contracts that a command works with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{anyhow, bail};
use graph_contracts::meant::did_you_mean;
use graph_contracts::store::{Store, StoreError};

use crate::init;
use crate::partition::Partition;

/// The pages that a command was given, or that the configuration names.
pub(crate) fn given_pages(pages: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    if pages.is_empty() {
        bail!("no pages: give their files or folders, or {}", init::add_pages());
    }
    Ok(pages.to_vec())
}

/// A path, unless it is the word `none`, which switches off what it would name.
pub(crate) fn unless_none(path: &Path) -> Option<&Path> {
    (path != Path::new("none")).then_some(path)
}

/// The contracts, and their folder.
#[derive(clap::Args)]
pub(crate) struct Selection {
    /// Select contracts whose id contains one of these texts; a complete id selects that contract alone
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,

    /// Read the contracts in this folder
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    pub(crate) contracts: PathBuf,

    #[command(flatten)]
    pub(crate) rules: RulesArgument,
}

/// Where the rules for volatile values are.
#[derive(Clone, clap::Args)]
pub(crate) struct RulesArgument {
    /// Read the rules for volatile values from this file [default: volatile.toml in the folder of the contracts]
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

impl RulesArgument {
    /// The file with the rules, if it is named.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.rules.as_deref()
    }

    /// The contracts of a folder, with these rules.
    pub(crate) fn store(&self, contracts: &Path) -> Result<Store, StoreError> {
        Store::read_with(contracts, self.rules.as_deref())
    }
}

/// The id that is probably meant, as the end of a message. Whoever writes no version means the name behind it.
fn nearest_id(filter: &str, store: &Store) -> String {
    let begin = |id: &str| if filter.contains('/') { 0 } else { id.rfind('/').map_or(0, |at| at + 1) };
    let ids = store.contracts.iter().map(|contract| contract.id.as_str());
    did_you_mean(filter, ids.map(|id| &id[begin(id)..]))
}

impl Selection {
    /// The contracts of the folder, and the positions of those that are selected.
    pub(crate) fn read(&self) -> anyhow::Result<(Arc<Store>, Vec<usize>)> {
        let store = Arc::new(self.rules.store(&self.contracts)?);
        let selected = store.select(&self.filters).map_err(|error| {
            let near = self.filters.iter().map(|filter| nearest_id(filter, &store)).find(|near| !near.is_empty());
            anyhow!("{error}{}", near.unwrap_or_default())
        })?;
        Ok((store, selected))
    }

    /// The same, and of those that are selected only the ones of a part.
    pub(crate) fn read_part(&self, part: Option<Partition>) -> anyhow::Result<(Arc<Store>, Vec<usize>)> {
        let (store, mut selected) = self.read()?;
        if let Some(part) = part {
            let mut positions = 0..;
            selected.retain(|index| positions.next().is_some_and(|at| part.has(at, &store.contracts[*index].id)));
        }
        Ok((store, selected))
    }
}
