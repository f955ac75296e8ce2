//! What each tool takes for the same contracts, in CPU time and in one run: replay, Hurl, Pact, and Newman against `serve --match strict`; and
//! WireMock, Prism, and `serve` for the same requests.
//!
//! This program starts itself for the parts of the project, so that each part is a process of its own, as the tools are.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use graph_contracts::matching::Mode;
use graph_contracts::replay::{Client, Outcome, replay_contracts};
use graph_contracts::store::Store;
use graph_contracts_export::{Target, export, write};
use graph_contracts_serve::{ServeOptions, Server};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

use crate::green::{sampled, wrong_answers, wrong_examples};
use crate::installed::{Running, free_port, hurl, node, prism, python, wiremock};
use crate::provider::listening;
use crate::{contracts, every, exported, temporary};

/// The port of the server for a part of this program.
const PORT: &str = "FIGURES_PORT";

/// How many contracts are replayed at a time, as the command line does it.
const CONCURRENCY: usize = 32;

/// How many contracts one pact holds.
const PACT: usize = 100;

/// CPU time, in the program and in the system, of the processes that this one has started and that have ended.
fn ended() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system says it");
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

/// The CPU time of what is started and ends in the meantime.
fn cpu<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = ended();
    let done = work();
    (done, ended() - before)
}

/// A part of this program.
fn part(name: &str, port: u16) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--ignored", "--exact", "--nocapture", name]).env(PORT, port.to_string());
    command
}

fn port() -> u16 {
    std::env::var(PORT).ok().and_then(|port| port.parse().ok()).expect("a port, from the test that compares the tools")
}

fn base(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a part of the comparison of tools"]
async fn part_serve() {
    let options = ServeOptions { port: port(), mode: Mode::Strict, ..ServeOptions::default() };
    let server = Server::start(contracts(), options).await.expect("a server");
    std::future::pending::<()>().await;
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a part of the comparison of tools"]
async fn part_replay() {
    let (store, client) = (contracts(), Client::new(&base(port())).expect("a client"));
    let outcomes = replay_contracts(&store, &every(&store), &client, None, CONCURRENCY, |_| {}).await;
    let mut routes = outcomes.iter().flat_map(|contract| &contract.routes);
    assert!(routes.all(|route| route.outcome == Outcome::Matched), "what mismatches is not what is to be measured");
}

/// What became of a tool.
struct Figure {
    tool: &'static str,
    routes: usize,
    cpu: Duration,
    said: String,
}

impl Figure {
    /// The CPU time of a route in milliseconds.
    fn each(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3 / self.routes as f64
    }
}

fn print(floor: &str, figures: &[Figure]) {
    let own = figures.iter().find(|own| own.tool == floor).map_or(f64::NAN, Figure::each);
    for figure in figures {
        let Figure { tool, routes, cpu, said } = figure;
        let (cpu, each) = (cpu.as_secs_f64(), figure.each());
        println!(
            "{tool}: {routes} routes, {cpu:.2} s of CPU, {each:.2} ms a route, {:.1} times {floor}; {said}",
            each / own
        );
    }
}

/// A tool that asks a server, and whether it was content with the answers.
fn asked(tool: &'static str, routes: usize, commands: Vec<Command>) -> Figure {
    let run = |mut command: Command| {
        let output = command.stdin(Stdio::null()).output().expect("the program is installed");
        let end = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.lines().rev().find(|line| !line.is_empty()).unwrap_or_default().to_owned()
        };
        (!output.status.success()).then(|| format!("{}{}", end(&output.stdout), end(&output.stderr)))
    };
    let (failed, cpu) = cpu(|| commands.into_iter().filter_map(run).collect::<Vec<String>>());
    let said = if failed.is_empty() { "content".to_owned() } else { format!("not content: {}", failed.join("; ")) };
    Figure { tool, routes, cpu, said }
}

/// A pact for each hundred contracts.
fn pacts(store: &Store, base: &str, folder: &Path) -> Vec<Command> {
    let all = every(store);
    let pact = |(index, selected): (usize, &[usize])| {
        let folder = folder.join(index.to_string());
        write(&export(Target::Pact, store, selected).expect("valid rules"), &folder, false).expect("written");
        let mut python = python();
        python.arg(base).arg(folder.join("pact.json")).arg("1").arg(folder.join("results"));
        python
    };
    all.chunks(PACT).enumerate().map(pact).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; its figures are in docs/benchmarks.md"]
async fn replay_beside_the_tools_that_ask_a_server() {
    let (store, port) = (contracts(), free_port());
    let _server = Running::start(&mut part("figures::part_serve", port));
    listening(port).await;
    let (base, folder) = (base(port), temporary());
    let variable = format!("base_url={base}");
    let folder = |target: Target| folder.path().join(target.name());
    let routes = exported(Target::Hurl, &store, &every(&store), &folder(Target::Hurl)).routes;
    exported(Target::Postman, &store, &every(&store), &folder(Target::Postman));
    let mut hurl = hurl();
    hurl.args(["--test", "--variable", &variable, "--variable", "token=any"]).arg(folder(Target::Hurl));
    let mut newman = node("newman");
    newman.arg("run").arg(folder(Target::Postman).join("collection.json")).args(["--ignore-redirects", "--env-var"]);
    newman.args([&variable, "--env-var", "token=any", "--reporters", "cli", "--reporter-cli-silent"]);
    let figures = [
        asked("replay", routes, vec![part("figures::part_replay", port)]),
        asked("Hurl", routes, vec![hurl]),
        asked("Newman", routes, vec![newman]),
        asked("Pact", routes, pacts(&store, &base, &folder(Target::Pact))),
    ];
    print("replay", &figures);
    assert_eq!(figures[0].said, "content");
}

/// The CPU time that a server takes for requests, without that for its start.
async fn answering(
    tool: &'static str,
    routes: usize,
    start: impl Fn(u16) -> Command,
    ask: impl AsyncFn(u16) -> Vec<String>,
) -> Figure {
    let mut taken = [Duration::ZERO; 2];
    let mut wrong = Vec::new();
    for (index, taken) in taken.iter_mut().enumerate() {
        let (before, port) = (ended(), free_port());
        let running = Running::start(&mut start(port));
        listening(port).await;
        if index == 1 {
            wrong = ask(port).await;
        }
        drop(running);
        *taken = ended() - before;
    }
    let said = format!("{} answered otherwise", wrong.len());
    Figure { tool, routes, cpu: taken[1].saturating_sub(taken[0]), said }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; its figures are in docs/benchmarks.md"]
async fn serve_beside_the_tools_that_answer() {
    let (store, folder) = (contracts(), temporary());
    let mappings = exported(Target::Wiremock, &store, &every(&store), folder.path());
    exported(Target::Openapi, &store, &every(&store), folder.path());
    let document = folder.path().join("openapi.json");
    let sampled = sampled(&store);
    let figures = [
        answering(
            "serve",
            mappings.routes,
            |port| part("figures::part_serve", port),
            async |port| wrong_answers(port, &store, &mappings).await,
        )
        .await,
        answering(
            "WireMock",
            mappings.routes,
            |port| wiremock(folder.path(), port),
            async |port| wrong_answers(port, &store, &mappings).await,
        )
        .await,
        answering(
            "Prism",
            sampled.len(),
            |port| prism(&document, port),
            async |port| wrong_examples(port, &sampled).await,
        )
        .await,
    ];
    print("serve", &figures);
}
