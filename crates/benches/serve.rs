//! Serving contracts, beside a bare server that gives the same answers from a map; many contracts beside few; many connections; how long a start takes.
//!
//! `--send match|refusal|floor-of-match|floor-of-refusal CONTRACTS ROUNDS` does nothing but send the 500 requests so often, for a tool that counts
//! instructions: what a round takes is the difference of two runs.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark stops where it cannot measure, and says what"
)]

use std::sync::Arc;
use std::time::Instant;

use benches::connections;
use benches::contracts::{contracts, repeated, sample, store};
use benches::floor::Recorded;
use benches::pages;
use benches::ratio::{is_measured, rounds};
use criterion::{Criterion, SamplingMode};
use graph_contracts::contract::Contract;
use graph_contracts::matching::CONTRACT_HEADER;
use graph_contracts::replay::Client;
use graph_contracts::store::Store;
use graph_contracts::url::Target;
use graph_contracts_serve::{ServeOptions, Server};
use tokio::runtime::Runtime;

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many requests are sent at a time.
const CONCURRENCY: usize = 32;

/// How many requests are sent.
const REQUESTS: usize = 500;

/// Few contracts, and many.
const FEW: usize = 500;
const MANY: usize = 50_000;

/// So many contracts are served within a second.
const SOON: usize = 8_000;

/// So often this is tried: on a machine that is busy, one start may take any time.
const STARTS: usize = 5;

/// So many connections are open at a time.
const CONNECTIONS: usize = 10_000;

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    if let Some(asked) = runtime.block_on(connections::asked()) {
        println!("{asked}");
        return;
    }
    let (api, resources) = pages();
    let contracts = contracts(&api, &resources);
    let contracts = if contracts.len() < FEW { repeated(&contracts, FEW) } else { contracts };
    if let Some(order) = Order::given() {
        order.carry_out(&runtime, contracts);
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    let all = Setup::new(&runtime, contracts.clone());
    // The many are copies of the few, each below a path of its own, so that what is near a request is as much in both. Where nothing is measured,
    // the many need not be that many.
    let own = sample(&contracts, FEW);
    let many = Setup::new(&runtime, apart(repeated(&own, if is_measured() { MANY } else { 2 * FEW })));
    let few = Setup::new(&runtime, own);
    let mut group = criterion.benchmark_group("serve");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (name, recorded) in [("match", &all.matches), ("refusal", &all.refusals)] {
        group.bench_function(name, |bencher| bencher.iter(|| runtime.block_on(recorded.run(CONCURRENCY))));
        let floor = format!("floor of a {name}: a bare server");
        group.bench_function(floor, |bencher| bencher.iter(|| runtime.block_on(recorded.run_floor(CONCURRENCY))));
    }
    group.finish();
    criterion.final_summary();
    if !is_measured() {
        return;
    }
    let count = all.server.journal().calls().len();
    eprintln!("{} contracts, of which {count} have answered", contracts.len());
    for (name, recorded, aim) in [("match", &all.matches, 2), ("refusal", &all.refusals, 10)] {
        let ratios = rounds(|| seconds(&runtime, recorded, false) / seconds(&runtime, recorded, true));
        eprintln!("{name} / floor: {ratios}; the aim is at most {aim}");
    }
    for (name, few, many) in [("match", &few.matches, &many.matches), ("refusal", &few.refusals, &many.refusals)] {
        let ratios = rounds(|| seconds(&runtime, many, false) / seconds(&runtime, few, false));
        eprintln!("{name}, {MANY} contracts / {FEW}: {ratios}; the aim is about 1");
    }
    eprintln!(
        "{SOON} contracts are read and served after {:.2} s; the aim is less than 1 s",
        start(&runtime, &contracts)
    );
    eprintln!("{}", connections::ask_from_another_process(all.server.url(), CONNECTIONS));
}

/// How many seconds it takes to read many contracts from a folder and to serve them: the fastest of some starts.
fn start(runtime: &Runtime, contracts: &[Contract]) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    for contract in apart(repeated(contracts, SOON)) {
        let path = folder.path().join(format!("{}.json", contract.id));
        std::fs::create_dir_all(path.parent().expect("a folder of its own")).expect("a folder");
        std::fs::write(path, serde_json::to_vec_pretty(&contract).expect("JSON")).expect("a file");
    }
    let starts = (0..STARTS).map(|_| {
        let start = Instant::now();
        let store = Arc::new(Store::read(folder.path()).expect("contracts"));
        let options = ServeOptions { port: 0, ..ServeOptions::default() };
        let _server = runtime.block_on(Server::start(store, options)).expect("a server");
        start.elapsed().as_secs_f64()
    });
    starts.fold(f64::INFINITY, f64::min)
}

/// What to send, and nothing else.
struct Order {
    is_match: bool,
    is_floor: bool,
    contracts: usize,
    rounds: usize,
}

impl Order {
    /// That of the arguments, if there is one.
    fn given() -> Option<Order> {
        let mut arguments = std::env::args().skip_while(|argument| argument != "--send").skip(1);
        let kind = arguments.next()?;
        let mut number = || arguments.next()?.parse().ok();
        let (contracts, rounds) = (number()?, number()?);
        Some(Order { is_match: kind.ends_with("match"), is_floor: kind.starts_with("floor"), contracts, rounds })
    }

    fn carry_out(&self, runtime: &Runtime, contracts: Vec<Contract>) {
        let served = match self.contracts {
            count if count == contracts.len() => contracts,
            FEW => sample(&contracts, FEW),
            count => apart(repeated(&sample(&contracts, FEW), count)),
        };
        let setup = Setup::new(runtime, served);
        let recorded = if self.is_match { &setup.matches } else { &setup.refusals };
        for _ in 0..self.rounds {
            let sent = async {
                if self.is_floor { recorded.run_floor(CONCURRENCY).await } else { recorded.run(CONCURRENCY).await }
            };
            assert_eq!(runtime.block_on(sent), 0, "each answer has the status that was recorded");
        }
    }
}

/// The contracts, each copy below a path of its own: many pages are about many resources.
fn apart(contracts: Vec<Contract>) -> Vec<Contract> {
    let apart = |mut contract: Contract| {
        let copy = contract.id.rsplit_once("--").map_or("", |(_, copy)| copy).to_owned();
        contract.routes.iter_mut().for_each(|route| route.path = format!("/{copy}{}", route.path));
        let own = Target::read(&contract.request.url);
        let query = own.query.map(|query| format!("?{query}")).unwrap_or_default();
        let host = own.host.map(|host| format!("https://{host}")).unwrap_or_default();
        let version = own.version.map(|version| format!("/{version}")).unwrap_or_default();
        contract.request.url = format!("{host}{}{version}/{copy}{}{query}", own.base, own.path);
        contract
    };
    contracts.into_iter().map(apart).collect()
}

/// A server, requests that it answers, and requests that it refuses.
struct Setup {
    server: Server,
    matches: Recorded,
    refusals: Recorded,
}

impl Setup {
    fn new(runtime: &Runtime, contracts: Vec<Contract>) -> Setup {
        let store = Arc::new(store(contracts).expect("volatile rules"));
        let start = Instant::now();
        let options = ServeOptions { port: 0, ..ServeOptions::default() };
        let server = runtime.block_on(Server::start(Arc::clone(&store), options)).expect("a server");
        eprintln!("{} contracts are served after {:.2} s", store.contracts.len(), start.elapsed().as_secs_f64());
        let client = Client::new(server.url()).expect("a client");
        let step = (store.contracts.len() / REQUESTS).max(1);
        let sent: Vec<reqwest::Request> = store
            .contracts
            .iter()
            .step_by(step)
            .take(REQUESTS)
            .filter_map(|contract| client.request(contract, &contract.routes[0].path).ok())
            .map(|mut request| {
                request.headers_mut().remove(CONTRACT_HEADER);
                request
            })
            .collect();
        let refused = sent.iter().filter_map(reqwest::Request::try_clone).map(|mut request| {
            let path = format!("{}/nothing/is/there", request.url().path().trim_end_matches('/'));
            request.url_mut().set_path(&path);
            request
        });
        let refusals = runtime.block_on(Recorded::of(refused.collect())).expect("refusals");
        let matches = runtime.block_on(Recorded::of(sent)).expect("answers");
        Setup { server, matches, refusals }
    }
}

fn seconds(runtime: &Runtime, recorded: &Recorded, is_floor: bool) -> f64 {
    let start = Instant::now();
    for _ in 0..4 {
        let wrong = if is_floor {
            runtime.block_on(recorded.run_floor(CONCURRENCY))
        } else {
            runtime.block_on(recorded.run(CONCURRENCY))
        };
        assert_eq!(wrong, 0, "each answer has the status that was recorded");
    }
    start.elapsed().as_secs_f64()
}
