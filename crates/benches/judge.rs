//! Judging a response that nobody documents, beside parsing it: however large it is, and whatever it is made of.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a benchmark stops where it cannot measure, and says what"
)]

use std::hint::black_box;
use std::time::Instant;

use benches::PageText;
use benches::contracts::contracts;
use benches::ratio::{is_measured, rounds};
use criterion::{Criterion, SamplingMode, Throughput};
use graph_contracts::compare::{Context, Reference, compare, drifted};
use graph_contracts::contract::Contract;
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json;
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VOLATILE_FILE, VolatileRules, normalize};
use graph_contracts::report::Evidence;

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many values of the response nobody documents.
const UNDOCUMENTED: usize = 100_000;

const PAGE: &str = "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{id}\n```\n\n## Example\n\n```http\n\
    GET https://graph.microsoft.com/v1.0/lamps/{id}\n```\n\n```http\nHTTP/1.1 200 OK\n\
    Content-Type: application/json\n\n{\"id\": \"1\", \"watts\": 60, \"bulbs\": [{\"hue\": \"warm\"}]}\n```\n";

fn main() {
    let page = PageText { path: "lamp-get.md".to_owned(), text: PAGE.to_owned() };
    let contract = contracts(&[page], &[]).into_iter().next().expect("a contract");
    let mut criterion = Criterion::default().configure_from_args();
    let ratios =
        [("members of one object", object as fn(usize) -> String), ("members of objects in a collection", collection)]
            .map(|(name, body)| beside_parsing(&mut criterion, &contract, name, body(UNDOCUMENTED)));
    criterion.final_summary();
    // Criterion compares with an earlier run, not one function with another.
    for ratio in ratios.into_iter().flatten() {
        eprintln!("{ratio}");
    }
}

/// An object with so many members that the page does not have.
fn object(count: usize) -> String {
    let members: String = (0..count).map(|index| format!(",\"m{index}\":{index}")).collect();
    format!("{{\"id\":\"1\",\"watts\":60,\"bulbs\":[]{members}}}")
}

/// As many, ten for each element of a collection.
fn collection(count: usize) -> String {
    let element = |index: usize| {
        let members: Vec<String> = (0..10).map(|member| format!("\"m{member}\":{index}")).collect();
        format!("{{{}}}", members.join(","))
    };
    let elements: Vec<String> = (0..count / 10).map(element).collect();
    format!("{{\"id\":\"1\",\"watts\":60,\"bulbs\":[{}]}}", elements.join(","))
}

/// All that a live run does with a response: its normal form, what is wrong with it, the form in which it drifted, and the evidence.
fn judge(contract: &Contract, rules: &VolatileRules, response: &ReceivedResponse) -> Option<Evidence> {
    let plan = NormalizationPlan::new(contract, rules, Level::Shape).expect("a plan");
    let actual = normalize(response, &plan);
    let found = compare(plan.documented(), &actual, Reference::Documentation, &mut Context::of(&plan, false));
    let drift = drifted(&plan, &actual, &found);
    drift.map(|drift| Evidence::new(String::new(), plan.documented(), &drift))
}

fn beside_parsing(criterion: &mut Criterion, contract: &Contract, name: &str, body: String) -> Option<String> {
    let rules = VolatileRules::parse(VOLATILE_FILE, DEFAULT_RULES).expect("rules");
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    let response = ReceivedResponse { status: 200, headers, body: body.clone().into_bytes() };
    assert!(judge(contract, &rules, &response).is_some(), "what is not documented is a drift");
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Bytes(u64::try_from(body.len()).unwrap_or(u64::MAX)));
    group.bench_function("floor: parsing it", |bencher| bencher.iter(|| json::parse(&body)));
    group.bench_function("judge", |bencher| bencher.iter(|| judge(contract, &rules, &response)));
    group.finish();
    is_measured().then(|| {
        let seconds = |work: &dyn Fn()| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        };
        let ratios = rounds(|| {
            let turns = (0..4).map(|_| {
                let floor = seconds(&|| drop(black_box(json::parse(&body))));
                (floor, seconds(&|| drop(black_box(judge(contract, &rules, &response)))))
            });
            let (floor, judged) = turns.fold((0.0, 0.0), |sum, turn| (sum.0 + turn.0, sum.1 + turn.1));
            judged / floor
        });
        format!("judge / parse, {name}: {ratios}; the aim is at most 10")
    })
}
