//! `graph-contracts export`

use std::path::PathBuf;
use std::time::Instant;

use graph_contracts_export::{Target, export, write};
use jiff::Timestamp;

use crate::json_argument::JsonArguments;
use crate::output;
use crate::selection::Selection;

/// Write contracts as files of another tool.
///
/// The same contracts always give the same bytes. Rules for volatile values become what the tool has for such values. What it cannot say is
/// printed, and listed in graph-contracts-export.json beside the files.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write for this tool
    #[arg(value_name = "TARGET", value_parser = clap::builder::PossibleValuesParser::new(Target::ALL.iter().map(|own| own.name())))]
    target: String,

    #[command(flatten)]
    selection: Selection,

    /// Write to this folder, or to one file if the name ends as those of the tool do (.json, .hurl)
    #[arg(long, value_name = "DIR|FILE")]
    output: PathBuf,

    /// Replace files too that no export has made, or that were changed since
    #[arg(long)]
    overwrite: bool,

    #[command(flatten, next_help_heading = "Results")]
    json: JsonArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { target, selection, output, overwrite, json } = arguments;
    let (at, start) = (Timestamp::now(), Instant::now());
    let target: Target = target.parse()?;
    let (store, selected) = selection.read()?;
    let made = export(target, &store, &selected)?;
    let written = write(&made, output, *overwrite)?;
    let found = made.report(&written, at, start.elapsed());
    json.emit(&mut output::terminal(), &found)?;
    Ok(found.exit_code)
}
