//! `graph-contracts replay`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use graph_contracts::command_line::command_line;
use graph_contracts::replay::{ContractOutcome, Outcome, ReplayOptions, Run, replay};
use graph_contracts::report::{Block, Line, Tone};
use graph_contracts::snapshot::{SnapshotFolders, leaves_pending, remove_pending, write_pending};
use graph_contracts::store::Store;
use jiff::Timestamp;
use serde_json::json;

use crate::changed_pages::changed_pages;
use crate::limits::LimitArguments;
use crate::output;
use crate::partition::Partition;
use crate::report_files::ReportArguments;
use crate::selection::{Selection, unless_none};

/// How many pages that have changed are named as a rule.
const MOST_CHANGED: usize = 10;

/// Replay contracts against the stub.
///
/// Starts the stub, sends every contract's request on every route, and compares the responses with what the contracts
/// document and with the reviewed snapshots. Leaves a snapshot that is new or differs pending for review, except in CI
/// (`INSTA_UPDATE=no` and `new` decide otherwise, as for insta).
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Compare with the reviewed snapshots in this folder; with `none`, compare with the contracts only
    #[arg(long, value_name = "DIR|none", default_value = "snapshots")]
    snapshots: PathBuf,

    /// Name the contracts of these pages, or folders of pages, that have changed since their import; with `none`, do not look. Pages are looked
    /// at where all contracts are replayed
    #[arg(long, value_name = "PATH|none")]
    pages: Vec<PathBuf>,

    /// Work on one part only, so that several machines share the contracts: 1/3 is the first of three; hash:1/3 keeps a contract in its part
    /// whatever is added. `graph-contracts report --merge` makes one report of the parts
    #[arg(long, value_name = "N/M")]
    partition: Option<Partition>,

    /// Replay this many contracts at a time
    #[arg(long, value_name = "N", default_value_t = 32)]
    concurrency: usize,

    #[command(flatten, next_help_heading = "Results")]
    report: ReportArguments,

    #[command(flatten, next_help_heading = "Limits of a response")]
    limits: LimitArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { selection, pages, partition, snapshots, concurrency, report, limits } = arguments;
    let Selection { filters, contracts, rules } = selection;
    let at = Timestamp::now();
    let (store, selected) = selection.read_part(*partition)?;
    let options = ReplayOptions {
        snapshots: unless_none(snapshots).map(Path::to_owned),
        concurrency: *concurrency,
        limits: limits.limits(),
    };
    let mut terminal = output::terminal();
    let mut written = Ok(());
    let runtime = tokio::runtime::Runtime::new()?;
    let run = runtime.block_on(replay(&store, &selected, &options, |outcome| {
        if written.is_ok() {
            written = terminal.case(&outcome.line());
        }
    }))?;
    let mut found = run.report(&store, at);
    found.part = partition.map(Partition::part);
    let is_looked_at = selected.len() == store.contracts.len() && pages.iter().all(|path| unless_none(path).is_some());
    let pages = if is_looked_at { pages.as_slice() } else { &[] };
    let changed = match changed_pages(&store, contracts, rules.file(), pages, report.pages_root()) {
        Ok(changed) => changed,
        Err(error) => {
            output::note(&format!("{error}, so that it is not known whether pages have changed"))?;
            Vec::new()
        }
    };
    if let Some(document) = found.document.as_object_mut() {
        document.insert("changed_pages".to_owned(), json!(changed));
    }
    found.blocks.extend(changed_block(&changed));
    let exit_code = report.finish(&mut terminal, written, &found, filters)?;
    if options.snapshots.is_some() {
        let folders = SnapshotFolders::of_environment(snapshots).map_err(anyhow::Error::msg)?;
        let to_review: Vec<&ContractOutcome> =
            run.contracts.iter().filter(|outcome| outcome.to_review.is_some()).collect();
        let is_left_pending = leaves_pending();
        if is_left_pending {
            leave_pending(&run, &store, &folders)?;
        } else if !to_review.is_empty() {
            output::note("in CI nothing is left pending: replay elsewhere, review, and commit the snapshots")?;
        }
        if exit_code == 1 {
            output::say_pending(&mut terminal, contracts, &folders)?;
            if is_left_pending && !to_review.is_empty() && to_review.iter().all(|own| own.outcome() == Outcome::New) {
                let accept = format!("{} --accept", output::command("review", contracts, snapshots));
                output::say_next(
                    &mut terminal,
                    "None of them was reviewed before; to accept all as documented",
                    &accept,
                )?;
            }
        }
    }
    if !changed.is_empty() {
        let import = output::command("import", contracts, Path::new(output::SNAPSHOTS));
        output::say_next(&mut terminal, "Take what the pages document now", &import)?;
    } else if exit_code == 0 {
        terminal.lines(&[proved(options.snapshots.is_some())])?;
    }
    Ok(exit_code)
}

/// What a green run shows, and what it cannot.
fn proved(is_reviewed: bool) -> Line {
    let shown = if is_reviewed { "consistent, and as they were reviewed" } else { "consistent" };
    let ask = format!("`{} verify-live`", command_line());
    Line::plain(format!("The contracts are {shown}. What the service itself answers, {ask} asks."))
}

/// The pages that have changed, as a block.
fn changed_block(pages: &[String]) -> Option<Block> {
    let title = Line::new(Tone::Warn, "pages that have changed since their contracts were made").text(":");
    let remark = |page: &String| format!("{page}: it has changed since its contracts were made; import it again");
    let block = Block::list(title, pages.to_vec(), MOST_CHANGED)?;
    Some(block.remark(pages.iter().map(remark).collect()))
}

/// Leaves pending what is to be reviewed, as `cargo test` does.
fn leave_pending(run: &Run, store: &Store, folders: &SnapshotFolders) -> anyhow::Result<()> {
    for outcome in &run.contracts {
        let done = match (&outcome.to_review, store.contract(&outcome.id)) {
            (Some(form), Some(contract)) => write_pending(folders, contract, form),
            _ if outcome.outcome() == Outcome::Matched => remove_pending(folders, &outcome.id),
            _ => Ok(()),
        };
        done.with_context(|| format!("{}: its pending snapshot cannot be written", outcome.id))?;
    }
    Ok(())
}
