//! Runs contracts against a live provider: plan, act, compare, clean up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio_util::task::AbortOnDropHandle;

use super::cleanup::clean_up;
use super::ledger::Ledger;
use super::live_options::LiveOptions;
use super::outcome::{LiveRun, StepOutcome};
use super::parameter_position::ParameterPosition;
use super::phase::Phase;
use super::plan::Plan;
use super::planned_step::Step;
use super::session::{Session, Writing};
use super::step::run_step;
use super::transport::Transport;
use graph_contracts::http::with_causes;
use graph_contracts::store::Store;

/// Cleaning up may take at least this long, however short the run's time budget is.
const CLEANING: Duration = Duration::from_secs(60);

/// Runs a plan. `ledger` has to be there if the plan writes. [`Pace::stop`](super::Pace::stop) ends the run early: what is in
/// flight is finished and what was created is deleted. `observe` is told of each step when it is done. Whoever drops
/// the future aborts what is under way; the ledger knows what that leaves.
pub async fn run(
    plan: &Plan,
    store: Arc<Store>,
    transport: Transport,
    ledger: Option<Ledger>,
    options: LiveOptions,
    mut observe: impl FnMut(&StepOutcome),
) -> LiveRun {
    let start = Instant::now();
    let provider = transport.base().to_string();
    let options = Arc::new(options);
    let writing = ledger.map(|ledger| Writing { ledger, options: Arc::clone(&options) });
    let session = Arc::new(Session::new(store, transport, writing));
    // What an earlier run left.
    let mut left_behind = clean_up(&session).await;
    let mut steps: Vec<Option<StepOutcome>> = vec![None; plan.steps.len()];
    let mut group = 0..0;
    while group.end < plan.steps.len() {
        // Steps of one phase and depth do not depend on each other.
        let rest = &plan.steps[group.end..];
        let size = rest.iter().take_while(|step| rank(step) == rank(&rest[0])).count();
        group = group.end..group.end + size;
        let tasks = group.clone().map(|index| {
            let (session, options, step) = (Arc::clone(&session), Arc::clone(&options), plan.steps[index].clone());
            // A defect of the harness must not keep what was created from being deleted.
            let task = tokio::spawn(async move { run_step(&session, &options, &step).await });
            let task = AbortOnDropHandle::new(task);
            async move { (index, task.await) }
        });
        let mut done = futures_util::stream::iter(tasks).buffer_unordered(options.concurrency.max(1));
        while let Some((index, outcome)) = done.next().await {
            let outcome = outcome.unwrap_or_else(|_| {
                let why = "the run of this contract broke off, which is a defect of its own; please report it";
                StepOutcome::new(&session.store, &plan.steps[index]).error(why.to_owned())
            });
            observe(&outcome);
            steps[index] = Some(outcome);
        }
    }
    let stopped = session.transport.pace().is_stopped();
    if session.writing.is_some() {
        session.transport.pace().clean_up(CLEANING);
        // What cannot be deleted now could not be deleted before either.
        left_behind = clean_up(&session).await;
    }
    let (traffic, kept) = (*session.traffic(), session.kept());
    let mut ledger_error = None;
    if let Some(Session { writing: Some(Writing { ledger, .. }), .. }) = Arc::into_inner(session) {
        // The run is over, whatever becomes of its file.
        ledger_error = ledger.close().err().map(|error| with_causes(&error));
    }
    let steps = steps.into_iter().flatten().collect();
    LiveRun {
        provider,
        steps,
        traffic,
        left_behind,
        kept,
        service: Vec::new(),
        ledger_error,
        stopped,
        elapsed: start.elapsed(),
    }
}

fn rank(step: &Step) -> (Phase, usize) {
    (step.phase, ParameterPosition::read(&step.route).depth())
}
