//! The contracts that a command works with.

use std::path::PathBuf;

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
