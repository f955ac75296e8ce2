//! Reading the service's metadata, beside a bare pass of the XML parser over the same text; and holding contracts against it.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a benchmark stops where it cannot measure, and says what"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use benches::contracts::contracts;
use benches::pages;
use benches::ratio::{is_measured, rounds};
use criterion::{Criterion, Throughput};
use graph_contracts::contract::{Cloud, Contract};
use graph_contracts::lint::Suppressions;
use graph_contracts_odata::check::{Metadata, Verdict, check, check_contract};
use graph_contracts_odata::csdl::Csdl;
use quick_xml::Reader;
use quick_xml::events::Event;

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The version that the metadata describes.
const VERSION: &str = "v1.0";

fn main() {
    let text = metadata();
    let mut criterion = Criterion::default().configure_from_args();
    let load = load_beside_the_floor(&mut criterion, &text);
    let check = check_of_each_contract(&mut criterion, &text);
    criterion.final_summary();
    // Criterion compares with an earlier run, not one function with another.
    for line in [load, check].into_iter().flatten() {
        eprintln!("{line}");
    }
}

/// The metadata beside the project, if there is any, or else that written for the tests.
fn metadata() -> String {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let beside = project.join("../shared/metadata/v1.0.csdl");
    let file = if beside.is_file() { beside } else { project.join("tests/metadata/library.csdl") };
    let text = std::fs::read_to_string(&file).expect("metadata");
    eprintln!("{}, {} kB", file.display(), text.len() / 1000);
    text
}

/// Every event of the XML parser, and nothing else.
fn floor(text: &str) {
    let mut reader = Reader::from_str(text);
    loop {
        match black_box(reader.read_event()) {
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
}

fn read(text: &str) {
    black_box(Csdl::read(text)).expect("metadata that can be read");
}

fn load_beside_the_floor(criterion: &mut Criterion, text: &str) -> Option<String> {
    let mut group = criterion.benchmark_group("metadata");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("floor: quick-xml alone", |bencher| bencher.iter(|| floor(text)));
    group.bench_function("read", |bencher| bencher.iter(|| read(text)));
    group.finish();
    is_measured().then(|| {
        let seconds = |run: fn(&str)| {
            let start = Instant::now();
            run(text);
            start.elapsed().as_secs_f64()
        };
        let ratios = rounds(|| {
            // A run is shorter than what the system lets a process run at a time: of many, the fastest met no pause.
            let turns: Vec<(f64, f64)> = (0..20).map(|_| (seconds(floor), seconds(read))).collect();
            let least = |of: fn(&(f64, f64)) -> f64| turns.iter().map(of).fold(f64::INFINITY, f64::min);
            least(|turn| turn.1) / least(|turn| turn.0)
        });
        format!("read / floor: {ratios}; the aim is at most 2")
    })
}

fn check_of_each_contract(criterion: &mut Criterion, text: &str) -> Option<String> {
    let (api, resources) = pages();
    let contracts = contracts(&api, &resources);
    let metadata =
        [Metadata { cloud: Cloud::Global, version: VERSION, name: VERSION, csdl: Csdl::read(text).expect("metadata") }];
    let all: Vec<&Contract> = contracts.iter().collect();
    let found = check(&all, &metadata, &Suppressions::default(), Instant::now());
    eprintln!(
        "{} contracts on {} routes: {} confirmed, {} contradicted, {} unknown",
        contracts.len(),
        found.routes.len(),
        found.count(Verdict::Confirmed),
        found.count(Verdict::Contradicted),
        found.count(Verdict::Unknown),
    );
    let check_all = || contracts.iter().for_each(|contract| drop(black_box(check_contract(contract, &metadata))));

    let mut group = criterion.benchmark_group("metadata");
    group.throughput(Throughput::Elements(contracts.len() as u64));
    group.bench_function("check", |bencher| bencher.iter(check_all));
    group.finish();

    is_measured().then(|| {
        let mut per_contract: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                check_all();
                start.elapsed().as_secs_f64() * 1e6 / contracts.len() as f64
            })
            .collect();
        per_contract.sort_by(f64::total_cmp);
        format!("check: {:.1} µs for each contract on all its routes, on one thread", per_contract[2])
    })
}
