//! `graph-contracts report`

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use graph_contracts::file;
use graph_contracts_report::Results;

use crate::output;
use crate::report_files::ReportArguments;
use crate::selection::RulesArgument;

/// Make one report of several results.
///
/// The results.json files of a command that several machines ran with --partition become one report, as if one machine had run it. Exits as
/// that one would have: with 1 if any part is broken.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Merge these results.json files
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    merge: Vec<PathBuf>,

    /// Show what the contracts in this folder document, if it is there
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    contracts: PathBuf,

    #[command(flatten)]
    rules: RulesArgument,

    #[command(flatten, next_help_heading = "Results")]
    report: ReportArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { merge, contracts, rules, report } = arguments;
    let mut all: Option<Results> = None;
    for path in merge {
        let shown = || path.display().to_string();
        let text = file::read_text(path).with_context(|| format!("{}: cannot be read", shown()))?;
        let part = Results::read(&text).with_context(shown)?;
        match &mut all {
            None => all = Some(part),
            Some(all) => all.add(part).with_context(shown)?,
        }
    }
    let Some(all) = all else { bail!("name the results.json files to merge") };
    let missing: Vec<String> = all.missing().iter().map(ToString::to_string).collect();
    if !missing.is_empty() {
        bail!("the results of part {} are missing: what is in them is not known", missing.join(", "));
    }
    let store = if contracts.is_dir() { Some(rules.store(contracts)?) } else { None };
    let merged = all.report(store.as_ref());
    let mut terminal = output::terminal();
    report.finish(&mut terminal, Ok(()), &merged, &[])
}
