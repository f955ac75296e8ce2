//! Parsing and building, beside a bare pass of the Markdown parser over the same texts.

use std::hint::black_box;

use benches::{PageText, pages};
use criterion::{Criterion, criterion_group, criterion_main};
use graph_contracts::contract::{PageName, TypeIndex, build};
use graph_contracts::page::Page;
use pulldown_cmark::{Options, Parser};

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn import(criterion: &mut Criterion) {
    let (api, resources) = pages();
    let mut group = criterion.benchmark_group("import");
    group.sample_size(20);
    group.bench_function("floor: pulldown-cmark alone", |bencher| {
        bencher.iter(|| {
            for PageText { text, .. } in api.iter().chain(&resources) {
                Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter().for_each(|event| {
                    black_box(event);
                });
            }
        });
    });
    group.bench_function("parse and build", |bencher| {
        bencher.iter(|| {
            let mut index = TypeIndex::default();
            for PageText { path, text } in &resources {
                index.add(&Page::parse(path, text));
            }
            for PageText { path, text } in &api {
                let page = Page::parse(path, text);
                black_box(build(&page, &PageName::of(&page), &index));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
