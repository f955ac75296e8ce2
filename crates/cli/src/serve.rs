//! `graph-contracts serve`

mod watch;

use std::fs::File;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use anyhow::Context as _;
use clap::ValueEnum;
use graph_contracts::contract::Cloud;
use graph_contracts::file;
use graph_contracts::matching::Mode;
use graph_contracts::report::{defused, safe};
use graph_contracts::store::{Store, StoreError};
use graph_contracts_serve::{
    Authorization, Entry, FailOn, FaultOptions, HarFile, Latency, RandomFault, Seeds, ServeOptions, Server, State,
    Summary, Throttle,
};
use tokio::sync::mpsc;

use crate::selection::RulesArgument;
use crate::serve_tls::{TlsArguments, Trust};
use crate::signals::Signals;
use crate::voice;

/// Serve contracts to any client of Microsoft Graph.
///
/// Answers each request by the contract that documents it, as clients can read it. Requests that no page documents are refused with the nearest
/// contract and every difference, and written to standard error. Ends with Ctrl-C or SIGTERM.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the contracts
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    contracts: PathBuf,

    #[command(flatten)]
    rules: RulesArgument,

    /// Listen on this port; 0 for any free one
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    port: u16,

    /// Listen on this address; others than those of this machine can be reached by everybody on the network
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,

    #[command(flatten)]
    tls: TlsArguments,

    /// How closely a request has to be the documented one
    #[arg(long = "match", value_name = "MODE", value_enum, default_value_t = Match::Lenient)]
    matching: Match,

    /// Which access tokens will do
    #[arg(long, value_name = "TOKENS", value_enum, default_value_t = Auth::Any)]
    auth: Auth,

    /// Leave out what the pages deny to this cloud: global, usgov, usgov-dod, china
    #[arg(long, value_name = "CLOUD")]
    cloud: Option<Cloud>,

    /// Whether what clients create, change and delete is remembered
    #[arg(long, value_name = "STATE", value_enum, default_value_t = Memory::None)]
    state: Memory,

    /// Begin with what this file has, as JSON: paths and what is there; needs `--state tenant`
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// Answer some requests with a fault: 429, 503;retry-after=5, 429;retry-after=date, reset
    #[arg(long, value_name = "FAULT:PERCENT%,…", value_delimiter = ',')]
    fault: Vec<RandomFault>,

    /// Let each answer take so long
    #[arg(long, value_name = "50..200ms")]
    latency: Option<Latency>,

    /// Answer so many requests in a time, and others with 429
    #[arg(long, value_name = "N/10s")]
    throttle: Option<Throttle>,

    /// What chance begins with: the same number has the same faults
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    random: u64,

    /// Exit with 1 if a request was not documented
    #[arg(long, value_name = "WHAT", value_enum)]
    fail_on: Option<Fail>,

    /// Write each request to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// Write each request with its header fields and bodies to this file, as an HTTP Archive (HAR); secrets are left out
    #[arg(long, value_name = "FILE")]
    har: Option<PathBuf>,

    /// Read the contracts again when their files change; while they cannot be read, the earlier ones answer
    #[arg(long)]
    watch: bool,

    /// Write the URL to this file as soon as requests are answered
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,

    /// Write each request, and in the end the summary, to standard output, one JSON object a line; `--json -` says the same
    #[arg(long, value_name = "-", num_args = 0..=1, default_missing_value = "-", value_parser = ["-"])]
    json: Option<String>,
}

/// So many files have to be open for 10,000 connections.
const MANY_FILES: u64 = 10_240;

#[derive(Clone, Copy, ValueEnum)]
enum Match {
    /// By declared types: any values that can be of them, and all query options of OData
    Lenient,
    /// By the example: its query, header fields and values
    Strict,
}

#[derive(Clone, Copy, ValueEnum)]
enum Auth {
    /// Any bearer token; 401 without one
    Any,
    /// Tokens are not looked at
    None,
    /// JSON Web Tokens with the permissions that the page states; 403 without them
    Token,
}

#[derive(Clone, Copy, ValueEnum)]
enum Memory {
    /// Each request is answered as documented
    None,
    /// As in a tenant
    Tenant,
}

#[derive(Clone, Copy, ValueEnum)]
enum Fail {
    /// No page documents the request, or something in it
    Undocumented,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    arguments.tls.prepare(arguments.host)?;
    let store = Arc::new(arguments.rules.store(&arguments.contracts)?);
    let contracts = store.contracts.len();
    let seeds = arguments.seed.as_deref().map(Seeds::read).transpose()?;
    anyhow::ensure!(seeds.is_none() || matches!(arguments.state, Memory::Tenant), "--seed needs --state tenant");
    let options = ServeOptions {
        host: arguments.host,
        port: arguments.port,
        mode: match arguments.matching {
            Match::Lenient => Mode::Lenient,
            Match::Strict => Mode::Strict,
        },
        authorization: match arguments.auth {
            Auth::Any => Authorization::Any,
            Auth::None => Authorization::Unchecked,
            Auth::Token => Authorization::Token,
        },
        fail_on: arguments.fail_on.map(|Fail::Undocumented| FailOn::Undocumented),
        state: match arguments.state {
            Memory::None => State::Nothing,
            Memory::Tenant => State::Tenant(seeds.map(Box::new)),
        },
        faults: FaultOptions {
            random: arguments.fault.clone(),
            latency: arguments.latency.unwrap_or_default(),
            throttle: arguments.throttle,
            seed: arguments.random,
        },
        cloud: arguments.cloud,
        ..ServeOptions::default()
    };
    let fail_on = options.fail_on;
    // Each connection is an open file, and the usual limit of a shell is 1,024.
    if let Some(files) = rlimit::increase_nofile_limit(u64::MAX).ok().filter(|files| *files < MANY_FILES) {
        anstream::eprintln!(
            "warning: at most {files} files may be open here, and each connection is one; raise the limit (`ulimit -Hn`) for more"
        );
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let summary = runtime.block_on(serve(arguments, store, options, contracts))?;
    Ok(u8::from(summary.fails(fail_on)))
}

async fn serve(
    arguments: &Arguments,
    store: Arc<Store>,
    options: ServeOptions,
    contracts: usize,
) -> anyhow::Result<Summary> {
    let (server, trust) = arguments.tls.start(store, options).await?;
    let mut files = Files::open(arguments)?;
    let mut sets = arguments.watch.then(|| watch::watch(&arguments.contracts, &arguments.rules)).transpose()?;
    let mut entries = server.journal().listen();
    // Whoever reads that the server is ready may end it at once.
    let mut signals = Signals::listen()?;
    say_ready(arguments, &server, contracts, trust.as_ref())?;
    loop {
        tokio::select! {
            Some(entry) = entries.recv() => write(arguments, &mut files, &entry)?,
            set = next(&mut sets) => reload(arguments, &server, set)?,
            ended = signals.next() => {
                ended?;
                break;
            }
        }
    }
    let mut stopped = pin!(server.stop());
    let summary = loop {
        tokio::select! {
            // Requests that are still answered wait for their entries to be taken.
            Some(entry) = entries.recv() => write(arguments, &mut files, &entry)?,
            summary = &mut stopped => break summary,
        }
    };
    while let Ok(entry) = entries.try_recv() {
        write(arguments, &mut files, &entry)?;
    }
    say_summary(arguments, summary)?;
    Ok(summary)
}

/// The files that requests are written to.
struct Files {
    journal: Option<File>,
    har: Option<HarFile>,
}

impl Files {
    fn open(arguments: &Arguments) -> anyhow::Result<Files> {
        let journal = arguments.journal.as_deref().map(|path| {
            let file = File::options().create(true).append(true).open(path);
            file.with_context(|| cannot_write("journal", path))
        });
        let har = arguments.har.as_deref().map(|path| {
            let file = HarFile::create(path);
            file.with_context(|| cannot_write("HTTP Archive", path))
        });
        Ok(Files { journal: journal.transpose()?, har: har.transpose()? })
    }
}

fn cannot_write(what: &str, path: &Path) -> String {
    format!("cannot write the {what} {}", path.display())
}

/// The contracts when their files have changed; never, where nobody watches them.
async fn next(sets: &mut Option<mpsc::Receiver<Result<Store, StoreError>>>) -> Result<Store, StoreError> {
    if let Some(sets) = sets
        && let Some(set) = sets.recv().await
    {
        return set;
    }
    std::future::pending().await
}

/// Lets contracts answer that were read again, and says it.
fn reload(arguments: &Arguments, server: &Server, set: Result<Store, StoreError>) -> anyhow::Result<()> {
    match set {
        Ok(store) => {
            let contracts = store.contracts.len();
            // Indexing many of them takes its time, and requests are answered meanwhile.
            tokio::task::block_in_place(|| server.reload(Arc::new(store)));
            if arguments.json.is_some() {
                anstream::println!("{}", serde_json::json!({ "reloaded": { "contracts": contracts } }));
            } else {
                anstream::println!("serves {contracts} contracts that were read again");
            }
            std::io::stdout().flush()?;
        }
        Err(error) => {
            let error = shown(&error.to_string());
            anstream::eprintln!(
                "error: the contracts have changed and cannot be read; the earlier ones answer:\n{error}"
            );
        }
    }
    Ok(())
}

/// Text that neither a terminal nor a workflow takes for commands, whoever sent it.
fn shown(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(safe).collect();
    defused(&lines.join("\n")).into_owned()
}

/// Says where the server is: the URL on a line of its own, so that programs can read it.
fn say_ready(arguments: &Arguments, server: &Server, contracts: usize, trust: Option<&Trust>) -> anyhow::Result<()> {
    if !arguments.host.is_loopback() {
        anstream::eprintln!("warning: everybody who reaches {} can use this server", arguments.host);
    }
    if arguments.json.is_some() {
        let authority = trust.and_then(|trust| trust.authority.as_ref()).map(|(file, _)| file);
        let proxy = trust.and_then(|trust| trust.proxy.as_ref());
        let ready = serde_json::json!({
            "url": server.url(), "contracts": contracts, "certificate_authority": authority, "proxy": proxy,
        });
        anstream::println!("{ready}");
    } else {
        anstream::println!("{}", server.url());
        anstream::println!("serves {contracts} contracts in the place of https://graph.microsoft.com; Ctrl-C ends it");
        for line in trust.map(Trust::lines).unwrap_or_default() {
            anstream::println!("{line}");
        }
    }
    std::io::stdout().flush()?;
    if let Some(path) = &arguments.ready_file {
        file::write(path, &format!("{}\n", server.url()))?;
    }
    Ok(())
}

fn write(arguments: &Arguments, files: &mut Files, entry: &Entry) -> anyhow::Result<()> {
    let line = serde_json::to_string(entry)?;
    if let (Some(file), Some(path)) = (&mut files.journal, &arguments.journal) {
        writeln!(file, "{line}").with_context(|| cannot_write("journal", path))?;
    }
    if let (Some(file), Some(path)) = (&mut files.har, &arguments.har) {
        file.push(entry).with_context(|| cannot_write("HTTP Archive", path))?;
    }
    if arguments.json.is_some() {
        anstream::println!("{line}");
    }
    if voice::is_verbose() && arguments.json.is_none() {
        anstream::println!("{}", shown(&format!("{} {} {}", entry.status, entry.method, entry.url)));
        std::io::stdout().flush()?;
    }
    if voice::is_quiet() {
        return Ok(());
    }
    let refusals = entry.refusal.iter().chain(entry.within.iter().filter_map(|own| own.refusal.as_ref()));
    for refusal in refusals {
        anstream::eprintln!("{}", shown(&refusal.message()));
    }
    for denial in entry.denial.iter().chain(entry.within.iter().filter_map(|own| own.denial.as_ref())) {
        anstream::eprintln!("{}", shown(denial));
    }
    Ok(())
}

fn say_summary(arguments: &Arguments, summary: Summary) -> anyhow::Result<()> {
    if arguments.json.is_some() {
        anstream::println!("{}", serde_json::json!({ "summary": summary }));
        return Ok(());
    }
    let Summary { requests, answered, refused, undocumented, denied } = summary;
    let denied = if denied > 0 { format!(", {denied} without a token that will do") } else { String::new() };
    anstream::println!(
        "{requests} requests: {answered} answered, {undocumented} of them with something undocumented, {refused} refused{denied}"
    );
    Ok(())
}
