//! `cargo xtask prove`

use std::path::PathBuf;

use graph_contracts_prove::{Progress, prove};
use jiff::Timestamp;

use crate::output::{self, ContractProgress};
use crate::report::ReportArguments;
use crate::selection::Selection;

/// Prove that the comparison catches what it claims.
///
/// Derives mutants of each contract's documented response, lets the stub answer with them, and checks that each is caught at
/// its place; and harmless variations, of which none may be reported. Exits with 1 if a mutant is missed that no rule for
/// volatile values explains, or if there is a false alarm.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// How many contracts are proved at a time
    #[arg(long, value_name = "N", default_value_t = 32)]
    concurrency: usize,

    /// Also write the result to this file, as JSON
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
