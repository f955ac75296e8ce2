//! Replays contracts, several at a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::task::AbortOnDropHandle;

use super::judge::errored;
use super::{Client, ContractOutcome, Outcome, RouteOutcome, Run, judge};
use crate::compare::{Reference, Severity};
use crate::contract::Contract;
use crate::http::{Limits, with_causes};
use crate::normal::{Level, NormalizationPlan, UsedRules, normalize};
use crate::snapshot;
use crate::store::Store;
use crate::stub::{Stub, StubError};

/// What to replay, and against what.
#[derive(Clone, Debug)]
pub struct ReplayOptions {
    /// The snapshots folder; without one, only the documentation counts.
    pub snapshots: Option<PathBuf>,
    /// How many contracts are replayed at a time.
    pub concurrency: usize,
    /// How much may come, and how long it may take.
    pub limits: Limits,
}

/// Why contracts cannot be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The stub cannot be started.
    #[error(transparent)]
    Stub(#[from] StubError),
    /// The snapshots folder cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Snapshots {
        /// The folder.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Client(String),
}

/// Starts the stub and replays contracts of a store, by their positions in it, on every route against it. `observe` is told of each
/// contract when it is done, in the order given.
///
/// # Errors
///
/// When nothing can be replayed at all; what goes wrong with one contract is its outcome.
pub async fn replay(
    store: &Arc<Store>,
    selected: &[usize],
    options: &ReplayOptions,
    observe: impl FnMut(&ContractOutcome),
) -> Result<Run, ReplayError> {
    let start = Instant::now();
    let stub = Stub::serve(Arc::clone(store)).await?;
    let client = Client::for_stub(&stub, options.limits).map_err(ReplayError::Client)?;
    let snapshots = options.snapshots.as_deref();
    let contracts = replay_contracts(store, selected, &client, snapshots, options.concurrency, observe).await;
    let unreferenced_snapshots = match &options.snapshots {
        Some(folder) => snapshot::unreferenced(folder, |id| store.contract(id).is_some())
            .map_err(|error| ReplayError::Snapshots { path: folder.clone(), cause: error.cause })?,
        None => Vec::new(),
    };
    let mut unused_rules: Vec<String> = contracts.iter().flat_map(|contract| contract.unused_rules.clone()).collect();
    // A rule for contracts that were not selected is not unused.
    if selected.len() == store.contracts.len() {
        let mut used = UsedRules::default();
        contracts.iter().for_each(|contract| used.add_of_folder(&contract.used_rules));
        let file = &store.rules_file;
        let unused = store.rules.unused(&used).into_iter();
        unused_rules.extend(unused.map(|(line, rule)| format!("{}:{line}: {rule}", file.display())));
    }
    Ok(Run { contracts, unreferenced_snapshots, unused_rules, elapsed: start.elapsed() })
}

/// Replays contracts of a store, by their positions in it, a number of them at a time. They are compared with what they document, and
/// with the reviewed snapshots in a folder if there is one. `observe` is told of each when it is done, in the order given. Whoever drops the
/// future aborts what is under way.
pub async fn replay_contracts(
    store: &Arc<Store>,
    selected: &[usize],
    client: &Client,
    snapshots: Option<&Path>,
    concurrency: usize,
    mut observe: impl FnMut(&ContractOutcome),
) -> Vec<ContractOutcome> {
    let snapshots: Option<Arc<Path>> = snapshots.map(Arc::from);
    let tasks = selected.iter().map(|index| {
        let (store, client, snapshots, index) = (Arc::clone(store), client.clone(), snapshots.clone(), *index);
        let task = tokio::spawn(async move { replay_contract(&store, index, &client, snapshots.as_deref()).await });
        let task = AbortOnDropHandle::new(task);
        async move { (index, task.await) }
    });
    let mut done = futures_util::stream::iter(tasks).buffered(concurrency.max(1));
    let mut contracts = Vec::with_capacity(selected.len());
    while let Some((index, outcome)) = done.next().await {
        // A defect of the harness is no reason to lose the other outcomes.
        let outcome = outcome.unwrap_or_else(|error| broken_off(&store.contracts[index], &error.to_string()));
        observe(&outcome);
        contracts.push(outcome);
    }
    contracts
}

fn broken_off(contract: &Contract, error: &str) -> ContractOutcome {
    let error =
        format!("the replay itself broke off, which is a defect of its own; please report this contract: {error}");
    let routes = contract.routes.iter().map(|route| errored(contract, None, &route.path, error.clone()));
    ContractOutcome::of(contract, routes.collect(), Duration::ZERO)
}

/// From this size on, in bytes, bodies are judged one at a time: a tree of tiny values takes many times the size of its text.
const LARGE: usize = 1 << 20;

/// Waits until no other large body is judged, if this one is large.
async fn turn(length: usize) -> Option<SemaphorePermit<'static>> {
    static LARGE_BODIES: Semaphore = Semaphore::const_new(1);
    // It is never closed.
    if length < LARGE { None } else { LARGE_BODIES.acquire().await.ok() }
}

/// Whether a response is as documented, whatever was reviewed.
fn differs_from_review_alone(route: &RouteOutcome) -> bool {
    let mut errors = route.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error);
    route.outcome != Outcome::Errored && errors.all(|mismatch| mismatch.reference == Reference::Snapshot)
}

async fn replay_contract(store: &Store, index: usize, client: &Client, snapshots: Option<&Path>) -> ContractOutcome {
    let start = Instant::now();
    let contract = &store.contracts[index];
    let reviewed = snapshots.map(|folder| snapshot::read_snapshot(folder, &contract.id)).transpose();
    let ready = NormalizationPlan::new(contract, &store.rules, Level::Exact).map_err(|error| error.to_string());
    let ready = ready.and_then(|normalization| Ok((normalization, reviewed.map_err(|error| error.to_string())?)));
    let (normalization, reviewed) = match ready {
        Ok(ready) => ready,
        Err(error) => {
            let routes = contract.routes.iter().map(|route| errored(contract, None, &route.path, error.clone()));
            return ContractOutcome::of(contract, routes.collect(), start.elapsed());
        }
    };
    let mut routes = Vec::with_capacity(contract.routes.len());
    // The form of the first response that differs from what was reviewed.
    let mut to_review = None;
    for route in &contract.routes {
        let asked = Instant::now();
        let outcome = match client.send(contract, &route.path).await {
            Ok(exchange) => {
                let _turn = turn(exchange.response.body.len()).await;
                let snapshot = reviewed.as_ref().map(Option::as_ref);
                let outcome = judge(&normalization, &route.path, &exchange.response, snapshot);
                if to_review.is_none() && matches!(outcome.outcome, Outcome::New | Outcome::Mismatched) {
                    to_review = Some(normalize(&exchange.response, &normalization).to_string());
                }
                outcome
            }
            Err(error) => RouteOutcome {
                exceeded: error.exceeded(),
                ..errored(contract, Some(&normalization), &route.path, with_causes(&error))
            },
        };
        routes.push(RouteOutcome { elapsed: asked.elapsed(), ..outcome });
    }
    let unused_rules = normalization.unused_rules().map(|rule| format!("contract {}: {rule}", contract.id)).collect();
    let used_rules = normalization.used_rules().clone();
    // What is not as documented is no matter of review.
    let to_review = to_review.filter(|_| routes.iter().all(differs_from_review_alone));
    ContractOutcome { unused_rules, used_rules, to_review, ..ContractOutcome::of(contract, routes, start.elapsed()) }
}
