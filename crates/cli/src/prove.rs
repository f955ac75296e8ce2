//! `cargo xtask prove`

use std::path::PathBuf;

use graph_contracts_prove::{Progress, prove};
use jiff::Timestamp;

use crate::output::{self, ContractProgress};
use crate::report::ReportArguments;
use crate::selection::Selection;

/// Prove that the comparison catches what it claims to catch.
///
/// Derives mutants and harmless variations of each contract's documented response, and lets the stub answer with them. Each mutant has to
/// be reported at its place, and no harmless variation may be. Exits with 1 if there is a false alarm, or a missed mutant that no rule for
/// volatile values explains.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Prove this many contracts at a time
    #[arg(long, value_name = "N", default_value_t = 32)]
    concurrency: usize,

    /// Write the result to this file too, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    #[command(flatten)]
    report: ReportArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { selection, concurrency, json, report } = arguments;
    let at = Timestamp::now();
    let (store, selected) = selection.read()?;
    let progress = ContractProgress::new();
    let runtime = tokio::runtime::Runtime::new()?;
    let advance = |done: Progress| progress.advance(done.contracts, done.judged);
    let proof = runtime.block_on(prove(&store, &selected, *concurrency, advance));
    drop(progress);
    let proof = proof?;
    let found = proof.report(&store, &selected, at);
    output::emit(&mut output::terminal(), &found, json.as_deref())?;
    report.write(&found, &selection.filters, |page| report.file_of_page(page));
    Ok(found.exit_code)
}
