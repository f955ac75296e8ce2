//! Runs contracts against a live provider: plan, act, compare, clean up.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use jiff::civil::Date;

use super::cleanup::clean_up;
use super::ledger::{Ledger, LedgerError};
use super::live_error::LiveError;
use super::outcome::{LiveRun, StepOutcome, Traffic};
use super::phase::Phase;
use super::place::PlaceKey;
use super::plan::{Plan, Step};
use super::resolve::Objects;
use super::step::run_step;
use super::transport::{LiveExchange, LiveRequest, Transport};
use graph_contracts::store::Store;

/// Cleaning up may take at least this long, however short the run's time budget is.
const CLEANING: Duration = Duration::from_secs(60);

/// How long an object takes to appear at most, as long as nobody knows better.
pub const SETTLING: Duration = Duration::from_secs(15);

/// What a run needs to know beside its plan.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// The folder of the profile's live snapshots.
    pub live_snapshots: PathBuf,
    /// How many steps are under way at a time.
    pub concurrency: usize,
    /// Whether members that the page does not document are drift even where its example may be truncated.
    pub strict: bool,
    /// The day, for new drift.
    pub day: Date,
    /// For so long after it was created, an object that is not there is one that has not appeared yet: the service answers from
    /// several copies of its data, and they follow each other. See [`SETTLING`].
    pub settling: Duration,
}

/// Everything that the steps of a run share.
pub(super) struct Shared {
    pub(super) store: Arc<Store>,
    pub(super) transport: Transport,
    pub(super) ledger: Option<Ledger>,
    pub(super) options: LiveOptions,
    objects: Mutex<Objects>,
    traffic: Mutex<Traffic>,
}

impl Shared {
    /// What the steps of a run share at its beginning.
    pub(super) fn new(store: Arc<Store>, transport: Transport, ledger: Option<Ledger>, options: LiveOptions) -> Shared {
        Shared { store, transport, ledger, options, objects: Mutex::default(), traffic: Mutex::default() }
    }

    /// The objects that the run knows.
    pub(super) fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the run has sent so far.
    pub(super) fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a plan. `ledger` has to be there if the plan writes. [`Pace::stop`](super::Pace::stop) ends the run early: what is in
/// flight is finished and what was created is deleted. `observe` is told of each step when it is done.
///
/// # Errors
///
/// When the ledger cannot be written; nothing is written to the provider then.
pub async fn run(
    plan: &Plan,
    store: Arc<Store>,
    transport: Transport,
    ledger: Option<Ledger>,
    options: LiveOptions,
    mut observe: impl FnMut(&StepOutcome),
) -> Result<LiveRun, LedgerError> {
    let start = Instant::now();
    let provider = transport.base().to_string();
    let shared = Arc::new(Shared::new(store, transport, ledger, options));
    // What an earlier run left.
    let mut left_behind = clean_up(&shared).await;
    let mut steps: Vec<Option<StepOutcome>> = vec![None; plan.steps.len()];
    let mut group = 0..0;
    while group.end < plan.steps.len() {
        // Steps of one phase and depth do not depend on each other.
        let rest = &plan.steps[group.end..];
        let size = rest.iter().take_while(|step| rank(step) == rank(&rest[0])).count();
        group = group.end..group.end + size;
        let tasks = group.clone().map(|index| {
            let (shared, step) = (Arc::clone(&shared), plan.steps[index].clone());
            // A defect of the harness must not keep what was created from being deleted.
            let task = tokio::spawn(async move { run_step(&shared, &step).await });
            async move { (index, task.await) }
        });
        let mut done = futures_util::stream::iter(tasks).buffer_unordered(shared.options.concurrency.max(1));
        while let Some((index, outcome)) = done.next().await {
            let outcome = outcome.unwrap_or_else(|_| {
                let why = "the run of this contract broke off, which is a defect of its own; please report it";
                StepOutcome::new(&shared.store, &plan.steps[index]).error(why.to_owned())
            });
            observe(&outcome);
            steps[index] = Some(outcome);
        }
    }
    let stopped = shared.transport.pace().is_stopped();
    if shared.ledger.is_some() {
        shared.transport.pace().clean_up(CLEANING);
        // What cannot be deleted now could not be deleted before either.
        left_behind = clean_up(&shared).await;
    }
    let traffic = *shared.traffic();
    if let Some(Shared { ledger: Some(ledger), .. }) = Arc::into_inner(shared) {
        ledger.close()?;
    }
    let steps = steps.into_iter().flatten().collect();
    Ok(LiveRun { provider, steps, traffic, left_behind, stopped, elapsed: start.elapsed() })
}

fn rank(step: &Step) -> (Phase, usize) {
    (step.phase, PlaceKey::read(&step.route).depth())
}

/// Sends a request and counts it.
pub(super) async fn exchange(shared: &Shared, request: LiveRequest) -> Result<LiveExchange, LiveError> {
    let exchange = shared.transport.send(request).await;
    let (attempts, throttled) = match &exchange {
        Ok(exchange) => (exchange.attempts, exchange.throttled),
        Err(error) => error.about().map_or((0, 0), |about| (about.attempts, about.throttled)),
    };
    let mut traffic = shared.traffic();
    traffic.sent += attempts as usize;
    traffic.retries += attempts.saturating_sub(1) as usize;
    traffic.throttled += throttled as usize;
    exchange
}
