//! The rules of the project that no compiler checks, read from its sources. `docs/architecture.md` has the reasons.
//!
//! - `book.rs`: the documentation is one book
//! - `layers.rs`: imports point down, between packages and between modules; no circle of modules or files
//! - `files.rs`: each file says what it is for, and is no longer than it should be
//! - `words.rs`: words that are not used
//! - `flow.rs`: the flow in `docs/architecture.md` names what there is
//! - `project.rs`: the files of the project; `imports.rs`: what a file imports

mod book;
mod files;
mod flow;
mod imports;
mod layers;
mod project;
mod words;

/// Fails with everything that is wrong, one per line.
fn check(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// What is wrong with a list of exceptions: entries that nothing needs.
fn unused<'e>(list: &str, entries: impl Iterator<Item = &'e str>, is_needed: impl Fn(&str) -> bool) -> Vec<String> {
    let unused = entries.filter(|entry| !is_needed(entry));
    unused.map(|entry| format!("{entry}: needs no exception any more; remove it from {list}")).collect()
}
