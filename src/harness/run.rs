//! Lists the tests and runs them.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt as _;
use rayon::prelude::*;

use super::arguments::{Arguments, HELP};
use super::contract_test::panic_text;
use super::folder_tests::FOLDER_TESTS;
use super::project::Moved;
use super::report::Reporter;
use super::{AssertSnapshot, Project, Snapshots, Verdict, test_contract, test_server};
use crate::http::Limits;
use crate::replay::Client;
use crate::report::count;
use crate::snapshot::{WORKSPACE_ROOT, workspace_around};
use crate::store::{Filter, Store, StoreErrorKind, contract_ids, contract_path, read_contract_of, read_rules};
use crate::stub::{Stub, StubError};

/// What libtest exits with when tests fail, which `cargo test` knows.
const FAILED: u8 = 101;

/// With `none`, insta asserts without a page of output for each assertion that fails.
const INSTA_OUTPUT: &str = "INSTA_OUTPUT";

/// Why no test can be run.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// The contracts cannot be listed, or the volatile rules cannot be used.
    #[error(transparent)]
    Store(#[from] StoreErrorKind),
    /// The stub cannot be started.
    #[error(transparent)]
    Stub(#[from] StubError),
    /// The client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Client(String),
    /// The server that is to be tested cannot be.
    #[error("{0}")]
    Server(String),
    /// An argument cannot be followed.
    #[error("{0}; --help lists what is possible")]
    Argument(#[from] lexopt::Error),
    /// There is no runtime, or the output cannot be written.
    #[error("the tests cannot be run: {0}")]
    Io(#[from] io::Error),
}

/// The `main` of a test file: runs the contract tests that the program's arguments ask for, as libtest would. `assert` is
/// `|name, text| insta::assert_snapshot!(name, text)`.
pub fn contract_tests(project: &Project, assert: AssertSnapshot) -> ExitCode {
    if let Some(code) = without_output_of_insta(project) {
        return code;
    }
    match &project.moved {
        Moved::No => {}
        Moved::To(now, built) => {
            let (now, built) = (now.display(), built.display());
            let _ = writeln!(io::stderr(), "note: this program was built in {built}, and tests {now}");
        }
        Moved::Unclear(why) => {
            let _ = writeln!(io::stderr(), "error: {why}");
            return ExitCode::from(FAILED);
        }
    }
    // A failing assertion of insta is a panic; what it says is part of the test's result.
    std::panic::set_hook(Box::new(|_| {}));
    match run_tests(project, std::env::args_os(), assert, None) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(error) => {
            // If this cannot be written, there is nowhere left to report it.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(FAILED)
        }
    }
}

/// Starts the program again with insta's output switched off, which insta lets only the environment do. `None` where whoever
/// started it has decided that.
fn without_output_of_insta(project: &Project) -> Option<ExitCode> {
    if std::env::var_os(INSTA_OUTPUT).is_some() {
        return None;
    }
    let mut again = Command::new(std::env::current_exe().ok()?);
    again.args(std::env::args_os().skip(1)).env(INSTA_OUTPUT, "none");
    // insta knows only where the program was built.
    if let (Moved::To(now, _), None) = (&project.moved, std::env::var_os(WORKSPACE_ROOT)) {
        again.env(WORKSPACE_ROOT, workspace_around(now));
    }
    #[cfg(unix)]
    {
        // This returns only if it fails; then there is more output.
        let _ = std::os::unix::process::CommandExt::exec(&mut again);
        None
    }
    #[cfg(not(unix))]
    {
        let code = again.status().ok()?.code().unwrap_or(i32::from(FAILED));
        Some(ExitCode::from(u8::try_from(code).unwrap_or(FAILED)))
    }
}

/// Runs the tests that arguments of libtest ask for; the first argument is the program's name. Says whether all passed. Without
/// `out`, lines go to standard output.
///
/// # Errors
///
/// When no test can be run. A contract that cannot be read is a test that fails.
pub fn run_tests(
    project: &Project,
    arguments: impl IntoIterator<Item = OsString>,
    assert: AssertSnapshot,
    out: Option<&mut dyn Write>,
) -> Result<bool, HarnessError> {
    let start = Instant::now();
    let arguments = Arguments::parse(arguments, std::env::var("RUST_TEST_THREADS").ok().as_deref())?;
    let mut stdout = anstream::AutoStream::new(io::stdout(), arguments.color);
    let out = out.unwrap_or(&mut stdout);
    if arguments.help {
        out.write_all(HELP.as_bytes())?;
        return Ok(true);
    }
    let (selected, filtered_out) = select(project, &arguments)?;
    if arguments.list {
        for name in &selected {
            writeln!(out, "{name}: test")?;
        }
        if !arguments.terse {
            writeln!(out, "\n{}, 0 benchmarks", count(selected.len(), "test", "tests"))?;
        }
        return Ok(true);
    }
    let mut reporter = Reporter::new(out, arguments.terse, selected.len())?;
    if selected.is_empty() && !arguments.filters.is_empty() {
        writeln!(reporter.out, "no contract's id contains {}", arguments.filters.join(" or "))?;
    }
    let (of_folders, ids): (Vec<String>, Vec<String>) =
        selected.into_iter().partition(|name| FOLDER_TESTS.iter().any(|(other, _)| other == name));
    if !ids.is_empty() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(replayed(project, &ids, arguments.threads, assert, &mut reporter))?;
    }
    for (name, test) in FOLDER_TESTS.iter().filter(|(name, _)| of_folders.iter().any(|other| other == name)) {
        let verdict = test(project, assert).map_or_else(Verdict::Failed, |()| Verdict::Passed);
        reporter.finished(name, verdict)?;
    }
    Ok(reporter.end(filtered_out, start.elapsed())?)
}

/// The names of the tests that are asked for, and how many others there are.
fn select(project: &Project, arguments: &Arguments) -> Result<(Vec<String>, usize), HarnessError> {
    let of_folders = FOLDER_TESTS.iter().map(|(name, _)| (*name).to_owned());
    let names: Vec<String> = if arguments.exact && !arguments.filters.is_empty() {
        // Runners that start a process for each test name it: nothing else is looked at.
        let is_there = |id: &&String| contract_path(&project.contracts, id).is_file();
        let contracts = arguments.filters.iter().filter(is_there).cloned();
        contracts.chain(of_folders.filter(|name| arguments.filters.contains(name))).collect()
    } else {
        contract_ids(&project.contracts)?.into_iter().chain(of_folders).collect()
    };
    let (filter, skipped) = (Filter::new(&arguments.filters, &names), Filter::new(&arguments.skipped, &names));
    let is_selected = |name: &&String| {
        !arguments.nothing && filter.selects(name) && (arguments.skipped.is_empty() || !skipped.selects(name))
    };
    let selected: Vec<String> = names.iter().filter(is_selected).cloned().collect();
    let filtered_out = names.len() - selected.len();
    Ok((selected, filtered_out))
}

/// Replays contracts with one stub and one client, a number of them at a time.
async fn replayed(
    project: &Project,
    ids: &[String],
    threads: usize,
    assert: AssertSnapshot,
    reporter: &mut Reporter<'_>,
) -> Result<(), HarnessError> {
    let read: Vec<_> = ids.par_iter().map(|id| read_contract_of(&project.contracts, id)).collect();
    let mut store = Store::new(Vec::new(), read_rules(&project.contracts, project.rules.as_deref())?);
    let mut found: Vec<(&String, Result<usize, String>)> = Vec::with_capacity(ids.len());
    for (id, contract) in ids.iter().zip(read) {
        let index = contract.map(|contract| {
            store.contracts.push(contract);
            store.contracts.len() - 1
        });
        found.push((id, index.map_err(|error| error.to_string())));
    }
    let store = Arc::new(store);
    let server = project.server().map_err(HarnessError::Server)?;
    // The stub answers as long as it is there.
    let (_stub, client) = match server {
        Some(url) => (None, Client::new(url).map_err(HarnessError::Client)?),
        None => {
            let stub = Stub::serve(Arc::clone(&store)).await?;
            let client = Client::for_stub(&stub, Limits::default()).map_err(HarnessError::Client)?;
            (Some(stub), client)
        }
    };
    let snapshots = server.is_none().then(|| Snapshots::new(&project.snapshots, assert));
    let snapshots = Arc::new(snapshots);
    let tests = found.into_iter().map(|(id, index)| {
        let (store, client, snapshots) = (Arc::clone(&store), client.clone(), Arc::clone(&snapshots));
        let task = index.map(|index| {
            tokio::spawn(async move {
                let contract = &store.contracts[index];
                match snapshots.as_ref() {
                    Some(snapshots) => test_contract(contract, &store.rules, &client, snapshots).await,
                    None => test_server(contract, &store.rules, &client).await,
                }
            })
        });
        async move {
            let verdict = match task {
                Err(error) => Verdict::Failed(error),
                Ok(task) => task.await.unwrap_or_else(broken_off),
            };
            (id, verdict)
        }
    });
    let mut done = futures_util::stream::iter(tests).buffered(threads);
    while let Some((id, verdict)) = done.next().await {
        reporter.finished(id, verdict)?;
    }
    Ok(())
}

/// A defect of the harness is no reason to lose the other tests.
fn broken_off(error: tokio::task::JoinError) -> Verdict {
    let why = error.try_into_panic().map_or_else(|error| error.to_string(), |panic| panic_text(panic.as_ref()));
    Verdict::Failed(format!(
        "the test itself broke off, which is a defect of its own; please report this contract: {why}"
    ))
}
