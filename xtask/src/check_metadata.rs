//! `cargo xtask check-metadata`

use std::path::PathBuf;
use std::time::Instant;

use graph_contracts::contract::Store;
use graph_contracts::metadata::{Metadata, check};
use graph_contracts::report::json;
use jiff::Timestamp;

use crate::lint::read_suppressions;
use crate::metadata::{self, MetadataArguments};
use crate::output;
use crate::selection::Selection;

/// Hold contracts against the service's own metadata.
///
/// Each contract on each route is confirmed, contradicted or unknown by what `$metadata` declares: URLs, methods, bodies, property
/// tables. Nothing is sent to the service but the request for its metadata. Exits with 1 if anything is contradicted.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    metadata: MetadataArguments,

    /// A TOML file of accepted findings: tables `suppress` with code, page (or "*") and reason
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,

    /// Also write the result to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { selection, metadata, suppressions, json: json_file } = arguments;
    let at = Timestamp::now();
    let store = Store::read(&selection.contracts)?;
    let selected = store.select(&selection.filters, &selection.contracts)?;
    let suppressions = read_suppressions(suppressions.as_deref())?;
    let start = Instant::now();
    let texts = metadata.texts()?;
    let documents = texts.iter().map(metadata::read).collect::<anyhow::Result<Vec<Metadata<'_>>>>()?;
    let contracts: Vec<_> = selected.iter().filter_map(|index| store.contracts.get(*index)).collect();
    let check = check(&contracts, &documents, &suppressions, start);
    if let Some(file) = json_file {
        output::write_json(file, &json::check_metadata(&check, at))?;
    }
    println!("{} {:?}", check.contracts, check.by_code());
    Ok(u8::from(!check.holds()))
}
