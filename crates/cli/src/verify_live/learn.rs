//! `cargo xtask verify-live --learn`

use std::path::Path;
use std::sync::Arc;

use graph_contracts::store::Store;
use graph_contracts_live::learn::{LearnOptions, Patch, SPACING, learn};
use graph_contracts_live::{Plan, Transport};
use graph_contracts_report::json;

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
    let mut terminal = output::terminal();
    let mut written = Ok(());
    let mut progress = output::LiveProgress::new(plan.steps.len());
    let learned = learn(plan, store, transport, LearnOptions { concurrency, spacing: SPACING }, |step| {
        progress.advance(step.outcome.phrase(), || {
            if written.is_ok() {
                written = terminal.learned_step(step);
            }
        });
    })
    .await;
    drop(progress);
    let file = run_folder(profile).join("volatile.patch");
    let patch = Patch::new(Path::new("."), &arguments.selection.contracts, &learned.rules)?;
    match &patch {
        Some(patch) => patch.write(&file)?,
        // What was not read whole contradicts no earlier patch.
        None if learned.exit_code() == 0 => Patch::remove(&file)?,
        None => {}
    }
    // Files first: whoever reads the terminal may go away.
    if let Some(path) = &arguments.json {
        output::write_json(path, &json::learned(&learned, patch.as_ref().map(|_| file.as_path())))?;
    }
    written?;
    terminal.learned(&learned, patch.as_ref().map(|patch| (patch, file.as_path())))?;
    Ok(learned.exit_code())
}
