//! Linting a page of 1 MB of any shape, beside parsing the same page: linting takes at most ten times as long.

#![expect(clippy::print_stderr, reason = "a benchmark says what it has measured")]

use std::hint::black_box;
use std::time::Instant;

use benches::hostile::{SHAPES, Shape};
use benches::ratio::is_measured;
use criterion::{BatchSize, Criterion, Throughput};
use graph_contracts::contract::TypeIndex;
use graph_contracts::lint::lint_page;
use graph_contracts::page::Page;

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The size of a page that is measured, in bytes; of one that only has to be read, less is enough.
const LARGE: usize = 1_000_000;
const SMALL: usize = 10_000;

/// So many times as long as parsing, linting may take.
const MOST: f64 = 10.0;

/// The shapes that Criterion follows; the ratio is taken of all.
const FOLLOWED: [&str; 4] =
    ["members on one line", "a table of as many properties", "an enumeration of many values", "many pairs"];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let size = if is_measured() { LARGE } else { SMALL };
    for (name, shape) in SHAPES.iter().filter(|(name, _)| FOLLOWED.contains(name)) {
        beside_the_floor(&mut criterion, name, &shape(size));
    }
    criterion.final_summary();
    if is_measured() {
        SHAPES.iter().for_each(ratio);
    }
}

fn lint(page: &Page<'_>) {
    black_box(lint_page(page, &TypeIndex::default(), None));
}

fn beside_the_floor(criterion: &mut Criterion, name: &str, text: &str) {
    let mut group = criterion.benchmark_group(format!("lint: {name}"));
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    group.bench_function("floor: parse", |bencher| bencher.iter(|| black_box(Page::parse("page.md", text))));
    group.bench_function("lint", |bencher| {
        // A page keeps what it was asked for once.
        bencher.iter_batched(|| Page::parse("page.md", text), |page| lint(&page), BatchSize::LargeInput);
    });
    group.finish();
}

/// Says how many times as long linting takes, and where that is too much.
fn ratio((name, shape): &Shape) {
    let text = shape(LARGE);
    let start = Instant::now();
    let page = Page::parse("page.md", &text);
    let parsed = start.elapsed();
    lint(&page);
    let ratio = (start.elapsed() - parsed).as_secs_f64() / parsed.as_secs_f64();
    let verdict = if ratio > MOST { ": TOO MUCH" } else { "" };
    eprintln!("lint beside parse, {name}, {} kB: {ratio:.1}{verdict}", text.len() / 1000);
}
