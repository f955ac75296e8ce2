//! `cargo xtask check-metadata`

use std::path::PathBuf;
use std::time::Instant;

use graph_contracts_odata::check::{check, read_all};
use jiff::Timestamp;

use crate::lint::read_suppressions;
use crate::metadata::MetadataArguments;
use crate::output;
use crate::report::ReportArguments;
use crate::selection::Selection;

/// Hold contracts against the service's own metadata.
///
/// Each contract on each route is confirmed, contradicted or unknown by what `$metadata` declares: URLs, methods, statuses, bodies,
/// property tables. Nothing is sent to the service but the request for its metadata. Exits with 1 if anything is contradicted.
/// docs/check-metadata.md explains it.
#[derive(clap::Args)]
#[command(mut_arg("metadata", |argument| argument.required(true)))]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// A TOML file of accepted findings: tables `suppress` with code, page (or "*") and reason
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,

    /// Also write the result to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    #[command(flatten)]
    report: ReportArguments,

    // Last: its limits have a heading of their own.
    #[command(flatten)]
    metadata: MetadataArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { selection, metadata, suppressions: file, json: json_file, report } = arguments;
    let at = Timestamp::now();
    let (store, selected) = selection.read()?;
    let shown = file.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
    let suppressions = read_suppressions(file.as_deref())?;
    let texts = metadata.texts()?;
    let start = Instant::now();
    let documents = read_all(&texts)?;
    let contracts: Vec<_> = selected.iter().filter_map(|index| store.contracts.get(*index)).collect();
    let check = check(&contracts, &documents, &suppressions, start);
    let mut terminal = output::terminal();
    let written = check.lines().try_for_each(|line| terminal.case(&line));
    let found = check.report(&store, at, &shown);
    output::emit(&mut terminal, &found, json_file.as_deref())?;
    written?;
    report.write(&found, &selection.filters, |page| report.file_of_page(page));
    Ok(found.exit_code)
}
