//! The replay that is measured: what `replay()` does once the contracts are read and the stub has been started.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt as _;
use graph_contracts::contract::{Contract, Store};
use graph_contracts::normal::Guide;
use graph_contracts::replay::{Client, ContractOutcome, Outcome, RouteOutcome, judge};

/// Replays all contracts on all their routes, so many at a time, and compares with the documentation alone.
pub async fn replay_all(store: &Arc<Store>, client: &Client, concurrency: usize) -> Vec<ContractOutcome> {
    let contract = |index| {
        let (store, client) = (Arc::clone(store), client.clone());
        async move { replay_contract(&store, &store.contracts[index], &client).await }
    };
    each(store.contracts.len(), concurrency, contract).await
}

/// A task for each number below `count`, so many at a time; what they give, in order. The floor runs by it too.
pub async fn each<F>(count: usize, concurrency: usize, task: impl Fn(usize) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let tasks = (0..count).map(|index| tokio::spawn(task(index)));
    let mut done = futures_util::stream::iter(tasks).buffered(concurrency);
    let mut results = Vec::with_capacity(count);
    while let Some(result) = done.next().await {
        results.push(result.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())));
    }
    results
}

async fn replay_contract(store: &Store, contract: &Contract, client: &Client) -> ContractOutcome {
    let start = Instant::now();
    let mut routes = Vec::with_capacity(contract.routes.len());
    let mut unused_rules = Vec::new();
    match Guide::new(contract, &store.rules) {
        Err(error) => {
            routes.extend(contract.routes.iter().map(|route| errored(contract, &route.path, error.to_string())));
        }
        Ok(guide) => {
            for route in &contract.routes {
                routes.push(match client.send(contract, &route.path).await {
                    Ok(exchange) => judge(contract, &guide, &route.path, &exchange.response, None),
                    Err(error) => errored(contract, &route.path, error),
                });
            }
            unused_rules.extend(guide.unused_rules().map(str::to_owned));
        }
    }
    ContractOutcome {
        id: contract.id.clone(),
        source: contract.location(),
        routes,
        unused_rules,
        elapsed: start.elapsed(),
    }
}

fn errored(contract: &Contract, route: &str, error: String) -> RouteOutcome {
    RouteOutcome {
        id: contract.id.clone(),
        route: format!("{} {route}", contract.request.method),
        outcome: Outcome::Errored,
        mismatches: Vec::new(),
        error: Some(error),
        evidence: None,
    }
}
