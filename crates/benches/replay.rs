//! Replaying contracts, beside the same bytes between a bare client and a bare server; many contracts beside few.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a benchmark stops where it cannot measure, and says what"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use benches::contracts::{contracts, repeated, sample, store, weight};
use benches::floor::{Exchanges, Floor, record};
use benches::memory::{self, Resident};
use benches::pages;
use benches::ratio::{is_measured, rounds};
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use graph_contracts::contract::Contract;
use graph_contracts::http::Limits;
use graph_contracts::replay::{Client, ContractOutcome, Outcome, replay_contracts};
use graph_contracts::store::Store;
use graph_contracts::stub::Stub;
use tokio::runtime::Runtime;

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many contracts are replayed at a time, as the command line does it.
const CONCURRENCY: usize = 32;

/// Few contracts, and many.
const FEW: usize = 500;
const MANY: usize = 50_000;

fn main() {
    let (api, resources) = pages();
    let contracts = contracts(&api, &resources);
    drop((api, resources));
    // The pages written for the tests make too few contracts to keep a client and a server busy.
    let contracts = if contracts.len() < FEW { repeated(&contracts, FEW) } else { contracts };
    let runtime = Runtime::new().expect("a runtime");
    let mut criterion = Criterion::default().configure_from_args();
    // The memory of many contracts is seen best where little has been used before.
    let scale = many_beside_few(&mut criterion, &runtime, &contracts);
    let floor = beside_the_floor(&mut criterion, &runtime, &contracts);
    criterion.final_summary();
    // Criterion compares with an earlier run, not one function with another.
    for ratio in [floor, scale].into_iter().flatten() {
        eprintln!("{ratio}");
    }
}

/// Contracts, the stub that serves them, and its client.
struct Setup {
    store: Arc<Store>,
    stub: Stub,
    client: Client,
}

impl Setup {
    fn new(runtime: &Runtime, contracts: Vec<Contract>) -> Setup {
        let store = Arc::new(store(contracts).expect("volatile rules"));
        let stub = runtime.block_on(Stub::serve(Arc::clone(&store))).expect("a stub");
        let client = Client::for_stub(&stub, Limits::default()).expect("a client");
        Setup { store, stub, client }
    }

    fn replay(&self, runtime: &Runtime) -> Vec<ContractOutcome> {
        let all: Vec<usize> = (0..self.store.contracts.len()).collect();
        runtime.block_on(replay_contracts(&self.store, &all, &self.client, None, CONCURRENCY, |_| {}))
    }

    fn seconds(&self, runtime: &Runtime) -> f64 {
        let start = Instant::now();
        std::hint::black_box(self.replay(runtime));
        start.elapsed().as_secs_f64()
    }
}

fn beside_the_floor(criterion: &mut Criterion, runtime: &Runtime, contracts: &[Contract]) -> Option<String> {
    let engine = Setup::new(runtime, contracts.to_vec());
    let exchanges: Exchanges = runtime.block_on(record(&engine.store, &engine.stub.uri())).expect("exchanges");
    let floor = Floor::start(&exchanges).expect("a floor");
    let outcomes = engine.replay(runtime);
    let routes = || outcomes.iter().flat_map(|contract| &contract.routes);
    let count = |outcome| routes().filter(|route| route.outcome == outcome).count();
    eprintln!(
        "{} contracts, {} exchanges: {} matched, {} mismatched, {} errored; {CONCURRENCY} at a time",
        contracts.len(),
        routes().count(),
        count(Outcome::Matched),
        count(Outcome::Mismatched),
        count(Outcome::Errored),
    );
    assert_eq!(count(Outcome::Mismatched), 0, "what mismatches is not what is to be measured");
    assert_eq!(runtime.block_on(floor.run(CONCURRENCY)), 0, "the floor answers as the stub does");

    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10).sampling_mode(SamplingMode::Flat).throughput(elements(contracts.len()));
    group.bench_function("floor: bare client and server", |bencher| {
        bencher.iter(|| runtime.block_on(floor.run(CONCURRENCY)));
    });
    group.bench_function("replay", |bencher| bencher.iter(|| engine.replay(runtime)));
    group.finish();

    is_measured().then(|| {
        let floor_seconds = || {
            let start = Instant::now();
            runtime.block_on(floor.run(CONCURRENCY));
            start.elapsed().as_secs_f64()
        };
        let ratios = rounds(|| {
            // A single run is shorter than a pause of the machine; they take turns, so that both meet the same pauses.
            let turns: Vec<(f64, f64)> = (0..4).map(|_| (floor_seconds(), engine.seconds(runtime))).collect();
            let sum = |of: fn(&(f64, f64)) -> f64| turns.iter().map(of).sum::<f64>();
            sum(|turn| turn.1) / sum(|turn| turn.0)
        });
        format!("replay / floor: {ratios}; the aim is at most 2")
    })
}

fn many_beside_few(criterion: &mut Criterion, runtime: &Runtime, contracts: &[Contract]) -> Option<String> {
    // Where nothing is measured, the many need not be that many.
    let many = if is_measured() { MANY } else { 2 * FEW };
    let few = Setup::new(runtime, sample(contracts, FEW));
    let before = memory::resident();
    let many = Setup::new(runtime, repeated(contracts, many));
    for Setup { store, .. } in [&few, &many] {
        let bytes: usize = store.contracts.iter().map(weight).sum();
        let routes: usize = store.contracts.iter().map(|contract| contract.routes.len()).sum();
        let each = |sum: usize| sum as f64 / store.contracts.len() as f64;
        let count = store.contracts.len();
        eprintln!("{count} contracts of {:.0} bytes and {:.2} routes each", each(bytes), each(routes));
    }
    report_memory("with the many and their stub", before);
    let outcomes = many.replay(runtime);
    report_memory("after replaying them, with their outcomes", before);
    drop(outcomes);
    drop(many.replay(runtime));
    report_memory("after replaying them again, without", before);

    let mut group = criterion.benchmark_group("per contract");
    group.sample_size(10).sampling_mode(SamplingMode::Flat).warm_up_time(Duration::from_millis(500));
    for setup in [&few, &many] {
        let count = setup.store.contracts.len();
        group.throughput(elements(count));
        group.bench_function(BenchmarkId::new("contracts", count), |bencher| {
            bencher.iter(|| setup.replay(runtime));
        });
    }
    group.finish();

    is_measured().then(|| {
        let per_contract = |setup: &Setup, runs: usize| {
            let seconds: f64 = (0..runs).map(|_| setup.seconds(runtime)).sum();
            seconds / (runs * setup.store.contracts.len()) as f64
        };
        let ratios = rounds(|| {
            // Enough runs of the few that a pause of the machine counts as little as with the many.
            let few = per_contract(&few, 20);
            per_contract(&many, 1) / few
        });
        format!("cost per contract, {MANY} / {FEW}: {ratios}; the aim is at most 1.3")
    })
}

fn elements(contracts: usize) -> Throughput {
    Throughput::Elements(u64::try_from(contracts).unwrap_or(u64::MAX))
}

fn report_memory(when: &str, before: Option<Resident>) {
    let (Some(Resident { now, highest }), Some(before)) = (memory::resident(), before) else {
        eprintln!("memory {when}: this system does not say it");
        return;
    };
    let more = now.saturating_sub(before.now);
    eprintln!("memory {when}: {} MB more than before, {} MB at the highest", more / 1_000_000, highest / 1_000_000);
}
