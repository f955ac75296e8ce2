//! Reading the service's metadata, beside a bare pass of the XML parser over the same text.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use graph_contracts::csdl::Csdl;
use quick_xml::Reader;
use quick_xml::events::Event;

/// The allocator of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The metadata beside the project, if there is any, or else that written for the tests.
fn metadata() -> Result<String, Box<dyn Error>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let beside = project.join("../shared/metadata/v1.0.csdl");
    let file = if beside.is_file() { beside } else { project.join("tests/metadata/v1.0.csdl") };
    let text = std::fs::read_to_string(&file)?;
    #[expect(clippy::print_stderr, reason = "a benchmark says what it measures")]
    {
        eprintln!("{}, {} kB", file.display(), text.len() / 1000);
    }
    Ok(text)
}

#[expect(clippy::panic, reason = "a benchmark that cannot run has nothing to go on with")]
fn bench(criterion: &mut Criterion) {
    try_bench(criterion).unwrap_or_else(|error| panic!("{error}"));
}

fn try_bench(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let text = metadata()?;
    Csdl::read(&text)?;
    let mut group = criterion.benchmark_group("metadata");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("floor: quick-xml alone", |bencher| {
        bencher.iter(|| {
            let mut reader = Reader::from_str(&text);
            loop {
                match black_box(reader.read_event()) {
                    Ok(Event::Eof) | Err(_) => break,
                    Ok(_) => {}
                }
            }
        });
    });
    group.bench_function("read", |bencher| bencher.iter(|| black_box(Csdl::read(&text).is_ok())));
    group.finish();
    Ok(())
}

criterion_group!(benches, bench);
criterion_main!(benches);
