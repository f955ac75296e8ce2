//! A run that ends between any two requests: what it leaves is in its ledger, and cleaning up deletes or names it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt as _;
use serde_json::json;

use super::{Tenant, life_of, named, unnamed};

/// The requests of a whole run, and of what follows if it ends after each of them: before the service has processed it, and after.
#[tokio::test]
async fn a_run_that_ends_after_any_request_leaves_nothing_that_cleaning_up_does_not_find() {
    let nested = [named(), life_of("/lamps/{id}/parts", &json!({ "name": "A part" }))].concat();
    for (contracts, can_be_marked) in [(unnamed(), false), (nested, true)] {
        let whole = Tenant::start(contracts.clone(), Box::new(|_, _| None)).await;
        let run = whole.run().await;
        whole.check_clean(&run);
        let points = whole.service.state().log.len();
        assert!(points >= 8, "a life cycle has more requests: {points}");
        let ends = (1..=points).flat_map(|point| [false, true].map(|is_processed| (point, is_processed)));
        let checks = ends.map(|(point, is_processed)| check_end(&contracts, can_be_marked, point, is_processed));
        futures_util::stream::iter(checks).buffer_unordered(8).collect::<Vec<()>>().await;
    }
}

/// A run that is killed while it waits for the answer to a request.
async fn check_end(
    contracts: &[graph_contracts::contract::Contract],
    can_be_marked: bool,
    point: usize,
    is_processed: bool,
) {
    let (seen, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, over) = (Arc::clone(&seen), Arc::clone(&is_over));
    let misbehave = move |state: &mut super::State, request: &super::Request| {
        if over.load(Ordering::SeqCst) == 0 && count.fetch_add(1, Ordering::SeqCst) + 1 >= point {
            if is_processed && count.load(Ordering::SeqCst) == point {
                state.process(request);
            }
            return Some(super::Answer::Silence);
        }
        None
    };
    let tenant = Tenant::start(contracts.to_vec(), Box::new(misbehave)).await;
    let mut run = Box::pin(tenant.run());
    // Dropping a run is what a kill does to it: no destructor of its own does anything.
    tokio::select! {
        run = &mut run => panic!("it waits for an answer: {run:?}"),
        () = async { while seen.load(Ordering::SeqCst) < point { tokio::time::sleep(std::time::Duration::from_millis(1)).await } } => {}
    }
    drop(run);
    is_over.store(1, Ordering::SeqCst);
    let clean = loop {
        // The lock goes with the last task of the run.
        if tenant.is_unlocked() {
            break tenant.clean_up().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    };
    tenant.check(&clean);
    // What could not be marked, and of which no answer told, is a person's to decide.
    let is_clean = tenant.service.state().left().is_empty();
    assert!(is_clean || !can_be_marked, "after {point} ({is_processed}): {clean:?}");
}
