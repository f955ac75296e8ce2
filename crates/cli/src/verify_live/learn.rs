//! `graph-contracts verify-live --learn`

use std::path::Path;
use std::sync::Arc;

use graph_contracts::store::Store;
use graph_contracts_live::learn::{LearnOptions, Patch, SPACING, learn};
use graph_contracts_live::{Plan, Transport};
use jiff::Timestamp;

use super::{Arguments, run_folder};
use crate::output;

/// Reads twice what the plan reads, and proposes rules; the exit code.
pub(super) async fn run(
    arguments: &Arguments,
    profile: &str,
    plan: &Plan,
    store: Arc<Store>,
    transport: Transport,
    concurrency: usize,
) -> anyhow::Result<u8> {
    let (at, mut terminal, rules) = (Timestamp::now(), output::terminal(), store.rules_file.clone());
    let mut written = Ok(());
    let progress = output::Progress::new("routes");
    let learned = learn(plan, store, transport, LearnOptions { concurrency, spacing: SPACING }, |step| {
        progress.advance(plan.steps.len(), [(1, step.outcome.phrase())]);
        progress.suspend(|| {
            if written.is_ok() {
                written = step.words().map_or(Ok(()), |words| terminal.case(&step.line(&words)));
            }
        });
    })
    .await;
    drop(progress);
    let file = run_folder(profile).join("volatile.patch");
    let patch = Patch::new(Path::new("."), &rules, &learned.rules)?;
    match &patch {
        Some(patch) => patch.write(&file)?,
        // What was not read whole contradicts no earlier patch.
        None if learned.exit_code() == 0 => Patch::remove(&file)?,
        None => {}
    }
    let found = learned.report(at, patch.as_ref().map(|patch| (patch, file.as_path())));
    let exit_code = arguments.report.emit(&mut terminal, &found)?;
    written?;
    Ok(exit_code)
}
