//! `graph-contracts prove`

use graph_contracts_prove::prove;
use jiff::Timestamp;

use crate::output::{self, Progress};
use crate::partition::Partition;
use crate::report_files::ReportArguments;
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

    /// Work on one part only, so that several machines share the contracts: 1/3 is the first of three; hash:1/3 keeps a contract in its part
    /// whatever is added. `graph-contracts report --merge` makes one report of the parts
    #[arg(long, value_name = "N/M")]
    partition: Option<Partition>,

    /// Prove this many contracts at a time
    #[arg(long, value_name = "N", default_value_t = 32)]
    concurrency: usize,

    #[command(flatten, next_help_heading = "Results")]
    report: ReportArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { selection, partition, concurrency, report } = arguments;
    let at = Timestamp::now();
    let (store, selected) = selection.read_part(*partition)?;
    let progress = Progress::new("contracts");
    let runtime = tokio::runtime::Runtime::new()?;
    let proof = runtime.block_on(prove(&store, &selected, *concurrency, |done| {
        progress.advance(done.contracts, [(done.judged, "changes judged")]);
    }));
    drop(progress);
    let proof = proof?;
    let mut found = proof.report(&store, &selected, at);
    found.part = partition.map(Partition::part);
    report.finish(&mut output::terminal(), Ok(()), &found, &selection.filters)
}
