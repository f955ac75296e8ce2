//! `graph-contracts check-metadata`

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use graph_contracts::command_line::explain;
use graph_contracts_odata::check::{check, read_all};
use jiff::Timestamp;

use crate::configuration;
use crate::lint::read_suppressions;
use crate::metadata::MetadataArguments;
use crate::output;
use crate::report_files::ReportArguments;
use crate::selection::Selection;

/// Check contracts against the service's own metadata.
///
/// Compares the URLs, methods, statuses, bodies and property tables of each contract, on each route, with the declarations in
/// `$metadata`. The verdict is confirmed, contradicted or unknown. Sends no request except for the metadata. Exits with 1 if a contract is
/// contradicted. See `graph-contracts explain check-metadata`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Accept the findings listed in this TOML file: tables `suppress` with code, page (or "*") and reason
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Results")]
    report: ReportArguments,

    // Last: its limits have a heading of their own.
    #[command(flatten, next_help_heading = "Metadata of the service")]
    metadata: MetadataArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { selection, metadata, suppressions: file, report } = arguments;
    let at = Timestamp::now();
    let (store, selected) = selection.read()?;
    let shown = file.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
    let suppressions = read_suppressions(file.as_deref())?;
    let texts = metadata.texts()?;
    if texts.is_empty() {
        bail!("{}", without_metadata());
    }
    let start = Instant::now();
    let documents = read_all(&texts)?;
    let contracts: Vec<_> = selected.iter().filter_map(|index| store.contracts.get(*index)).collect();
    let check = check(&contracts, &documents, &suppressions, start);
    let mut terminal = output::terminal();
    let written = check.lines().try_for_each(|line| terminal.case(&line));
    let found = check.report(&store, at, &shown);
    report.finish(&mut terminal, written, &found, &selection.filters)
}

/// What to do where no metadata is named.
fn without_metadata() -> String {
    let example = "--metadata 'https://graph.microsoft.com/v1.0/$metadata'";
    let again = output::again("", &[example]);
    format!(
        "there is no metadata to check against. The service gives its own to everybody, without credentials:\n  {again}\nor \
         name a file that has it: --metadata v1.0=FILE. The key `metadata` of {} says it once for all commands;\n{} has more",
        configuration::FILE,
        explain("check-metadata")
    )
}
