//! Reads each readable contract twice.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::outcome::{Learned, LearnedStep};
use super::propose::propose;
use super::reading::{Reading, differences};
use crate::ended::Ended;
use crate::request::request;
use crate::session::Session;
use crate::step::resolve;
use crate::{Plan, Skip, Step, Transport};
use graph_contracts::contract::fill;
use graph_contracts::http::{OutgoingRequest, ReceivedResponse};
use graph_contracts::store::Store;

/// How far apart the two reads of a step are at least, so that also times of whole seconds differ.
pub const SPACING: Duration = Duration::from_millis(1100);

/// So many steps are read before they are read again: their first responses are in memory together.
const TOGETHER: usize = 64;

/// What a run needs to know beside its plan.
#[derive(Clone, Copy, Debug)]
pub struct LearnOptions {
    /// How many steps are under way at a time.
    pub concurrency: usize,
    /// How far apart the two reads of a step are at least. See [`SPACING`].
    pub spacing: Duration,
}

/// What a step answered to its first read.
struct FirstRead {
    request: OutgoingRequest,
    response: ReceivedResponse,
    /// The contract whose status came.
    contract: usize,
}

/// Reads every step of a plan twice, and proposes rules for what differed. Only steps that read are run, whatever the plan says.
/// [`Pace::stop`](crate::Pace::stop) ends the run early: what was read twice until then is learned from. `observe` is told of
/// each step when it is done.
pub async fn learn(
    plan: &Plan,
    store: Arc<Store>,
    transport: Transport,
    options: LearnOptions,
    mut observe: impl FnMut(&LearnedStep),
) -> Learned {
    let start = Instant::now();
    let plan = plan.clone().only_reads();
    let provider = transport.base().to_string();
    let session = Arc::new(Session::new(Arc::clone(&store), transport, None));
    let mut done: Vec<Option<LearnedStep>> = vec![None; plan.steps.len()];
    let mut finish = |index: usize, outcome: LearnedStep| {
        observe(&outcome);
        done[index] = Some(outcome);
    };
    let mut readings = Vec::new();
    let indices: Vec<usize> = (0..plan.steps.len()).collect();
    for together in indices.chunks(TOGETHER) {
        let first = together.iter().map(|index| {
            let (session, step) = (Arc::clone(&session), plan.steps[*index].clone());
            (*index, async move { read(&session, &step).await })
        });
        let mut again = Vec::new();
        for (index, read) in all(first, options.concurrency).await {
            let step = &plan.steps[index];
            let outcome = LearnedStep::of(&store.contracts[step.contracts[0]], step);
            match read {
                Ok(Ok(read)) => again.push((index, read)),
                Ok(Err(Ended::Skipped(skip))) => finish(index, outcome.skip(&skip)),
                Ok(Err(Ended::Errored(why, exceeded))) => finish(index, LearnedStep { exceeded, ..outcome.error(why) }),
                Err(_) => finish(index, outcome.error(broke_off())),
            }
        }
        if !again.is_empty() {
            // A run that is stopped meanwhile hears of it with the next request.
            session.transport.pace().pause(options.spacing).await.ok();
        }
        let second = again.into_iter().map(|(index, first)| {
            let (session, step) = (Arc::clone(&session), plan.steps[index].clone());
            (index, async move { read_again(&session, &step, &first).await })
        });
        for (index, (outcome, reading)) in all(second, options.concurrency).await.into_iter().map(|(index, read)| {
            let step = &plan.steps[index];
            let broken = || (LearnedStep::of(&store.contracts[step.contracts[0]], step).error(broke_off()), None);
            (index, read.unwrap_or_else(|_| broken()))
        }) {
            readings.extend(reading);
            finish(index, outcome);
        }
    }
    let (stopped, traffic) = (session.transport.pace().is_stopped(), *session.traffic());
    let steps = done.into_iter().flatten().collect();
    let rules = propose(&readings, &store.contracts);
    Learned { provider, steps, rules, traffic, stopped, elapsed: start.elapsed() }
}

/// What all tasks give, some at a time. One that breaks off does not end the others.
async fn all<T: Send + 'static>(
    tasks: impl Iterator<Item = (usize, impl Future<Output = T> + Send + 'static)>,
    concurrency: usize,
) -> Vec<(usize, Result<T, JoinError>)> {
    let tasks = tasks.map(|(index, task)| async move { (index, AbortOnDropHandle::new(tokio::spawn(task)).await) });
    futures_util::stream::iter(tasks).buffered(concurrency.max(1)).collect().await
}

fn broke_off() -> String {
    "reading this contract broke off, which is a defect of its own; please report it".to_owned()
}

/// The first read of a step.
async fn read(session: &Session, step: &Step) -> Result<FirstRead, Ended> {
    if let Some(skip) = &step.skip {
        return Err(Ended::Skipped(skip.clone()));
    }
    if session.transport.pace().is_stopped() {
        return Err(Ended::Skipped(Skip::Stopped));
    }
    let contracts = &session.store.contracts;
    let contract = fill(&contracts[step.contracts[0]]).map_err(|why| Ended::Skipped(Skip::Request(why)))?;
    let path = resolve(session, step, &contract).await?;
    let request = request(&contract, &path);
    let response = session.exchange(request.clone()).await?.response;
    let status = response.status;
    match step.contracts.iter().copied().find(|index| contracts[*index].response.status == status) {
        Some(contract) => Ok(FirstRead { request, response, contract }),
        None => Err(Ended::Errored(
            format!(
                "the service returns {status}, which the page does not document, so there is nothing to learn from"
            ),
            None,
        )),
    }
}

/// The second read of a step, and what differs.
async fn read_again(session: &Session, step: &Step, first: &FirstRead) -> (LearnedStep, Option<Reading>) {
    let contract = &session.store.contracts[first.contract];
    let outcome = LearnedStep::of(contract, step);
    let second = match session.exchange(first.request.clone()).await.map_err(Ended::from) {
        Ok(second) => second,
        Err(Ended::Skipped(skip)) => return (outcome.skip(&skip), None),
        Err(Ended::Errored(why, exceeded)) => return (LearnedStep { exceeded, ..outcome.error(why) }, None),
    };
    match differences(contract, &session.store.rules, &first.response, &second.response) {
        Ok(reading) => (outcome.read(&reading, second.elapsed), Some(reading)),
        Err(error) => (outcome.error(error.to_string()), None),
    }
}
