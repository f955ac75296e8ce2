//! Linting a page of 1 MB of any shape, beside parsing the same page: linting takes at most ten times as long.
//!
//! A page of one line of JSON is nothing to a parser of Markdown. So parsing is both: the page, and the JSON of its messages with the bare
//! parser of the project, to a tree of its own. The ratio to the page alone is printed beside it.

#![expect(clippy::print_stderr, reason = "a benchmark says what it has measured")]

use std::hint::black_box;
use std::time::Instant;

use benches::hostile::{Shape, shapes};
use benches::ratio::is_measured;
use criterion::{BatchSize, Criterion, Throughput};
use graph_contracts::contract::TypeIndex;
use graph_contracts::lint::lint_page;
use graph_contracts::page::Page;
use jsonc_parser::parse_to_ast;

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The size of a page that is measured, in bytes; of one that only has to be read, less is enough.
const LARGE: usize = 1_000_000;
const SMALL: usize = 10_000;

/// So many runs of each shape; the fastest counts.
const RUNS: usize = 3;

/// So many times as long as parsing, linting may take.
const MOST: f64 = 10.0;

/// The shapes that Criterion follows; the ratio is taken of all.
const FOLLOWED: [&str; 4] =
    ["members on one line", "a table of as many properties", "an enumeration of many values", "many pairs"];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let size = if is_measured() { LARGE } else { SMALL };
    for (name, shape) in shapes().filter(|(name, _)| FOLLOWED.contains(name)) {
        beside_the_floor(&mut criterion, name, &shape(size));
    }
    criterion.final_summary();
    if is_measured() {
        shapes().for_each(ratio);
    }
}

fn lint(page: &Page<'_>) {
    black_box(lint_page(page, &TypeIndex::default(), None));
}

fn beside_the_floor(criterion: &mut Criterion, name: &str, text: &str) {
    let mut group = criterion.benchmark_group(format!("lint: {name}"));
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    group.bench_function("floor: parse", |bencher| {
        bencher.iter(|| black_box(parse_json(&Page::parse("page.md", text))));
    });
    group.bench_function("lint", |bencher| {
        // A page keeps what it was asked for once.
        bencher.iter_batched(|| Page::parse("page.md", text), |page| lint(&page), BatchSize::LargeInput);
    });
    group.finish();
}

/// Parses the JSON of a page's messages, as authors write it, with the bare parser. Gives how many were JSON.
fn parse_json(page: &Page<'_>) -> usize {
    let bodies = page.blocks.iter().map(|block| block.message.body_text());
    let bodies = bodies.filter(|body| body.trim_start().starts_with(['{', '[']));
    let is_json = |body: &String| black_box(parse_to_ast(body, &Default::default(), &Default::default())).is_ok();
    bodies.filter(is_json).count()
}

/// Says how many times as long linting takes, and where that is too much. Each is the fastest of a few runs.
fn ratio((name, shape): &Shape) {
    let text = shape(LARGE);
    let (mut of_page, mut of_json, mut of_lint) = (f64::MAX, f64::MAX, f64::MAX);
    for _ in 0..RUNS {
        let start = Instant::now();
        let page = Page::parse("page.md", &text);
        of_page = of_page.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        black_box(parse_json(&page));
        of_json = of_json.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        lint(&page);
        of_lint = of_lint.min(start.elapsed().as_secs_f64());
    }
    let ratio = of_lint / (of_page + of_json);
    let verdict = if ratio > MOST { ": TOO MUCH" } else { "" };
    let (kilobytes, of_page) = (text.len() / 1000, of_lint / of_page);
    eprintln!("lint beside parse, {name}, {kilobytes} kB: {ratio:.1} (beside the page alone {of_page:.1}){verdict}");
}
