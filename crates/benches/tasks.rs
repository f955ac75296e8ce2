//! Runs tasks as a replay runs its contracts.

use std::future::Future;

use futures_util::StreamExt as _;

/// A task for each number below `count`, a number of them at a time; what they give, in order.
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
