//! `graph-contracts verify-client`

#[cfg(feature = "live")]
mod command;
#[cfg(feature = "live")]
mod environment;
#[cfg(feature = "live")]
mod pass_on;
#[cfg(feature = "live")]
mod upstream;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use graph_contracts::command_line::command_line;
use graph_contracts::file;
use graph_contracts::store::Store;
use graph_contracts::url::is_version;
use graph_contracts_live::checked_base;
use graph_contracts_odata::check::read_all;
use graph_contracts_traffic::{Expectations, Granted, Judge, Kind, Question, Verifier, read, report};
use jiff::Timestamp;
use reqwest::Url;

use crate::metadata::MetadataArguments;
use crate::report_files::ReportArguments;
use crate::selection::RulesArgument;
use crate::{output, tls};

/// Say which calls of a client are documented, from recorded traffic or through a proxy.
///
/// Reads HTTP Archives (HAR) of browsers and proxies, and journals of `serve`; or runs a command, and looks at what it sends. Each request to
/// Microsoft Graph is documented, undocumented or unknown; what else is found of it, of the answers, of the permissions and of the client as a whole
/// has a kind, and counts if that kind is denied. Exits with 1 if something counts, and with 2 if a file cannot be read to its end or the command
/// fails, or if nothing was sent to Microsoft Graph. See `graph-contracts explain verify-client`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files of traffic: HTTP Archives, or journals of `serve --journal`
    #[arg(value_name = "FILE", required_unless_present_any = ["command", "proxy"])]
    files: Vec<PathBuf>,

    /// Run COMMAND behind a proxy on this machine, and judge what it sends to Microsoft Graph when it has ended
    #[arg(long, conflicts_with = "files")]
    proxy: bool,

    /// What answers the command: the contracts, a simulated tenant that begins empty, or the service at this address
    #[arg(long, value_name = "stub|tenant|URL", default_value = "stub", conflicts_with = "files", requires = "proxy")]
    upstream: Upstream,

    /// Read the contracts in this folder
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    contracts: PathBuf,

    #[command(flatten)]
    rules: RulesArgument,

    /// What counts, by kind; `all`, `none`
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', default_value = default_kinds())]
    deny: Vec<DeniedKinds>,

    /// What was granted to the client, instead of what its tokens have: a TOML file with `delegated`, `application` or both
    #[arg(long, value_name = "FILE")]
    granted: Option<PathBuf>,

    /// The contracts that the client promises to use, and no other: a file with an id a line
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// What is sent to this address is for Microsoft Graph, too; may be repeated
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Vec<String>,

    /// Show what was sent as it is; tokens and other secrets are never shown
    #[arg(long)]
    keep_bodies: bool,

    /// The command to run with --proxy, and its arguments
    #[arg(last = true, value_name = "COMMAND", requires = "proxy")]
    command: Vec<OsString>,

    #[command(flatten, next_help_heading = "Results")]
    report: ReportArguments,

    // Last: its limits have a heading of their own.
    #[command(flatten, next_help_heading = "Metadata of the service")]
    metadata: MetadataArguments,
}

/// What answers a command.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Upstream {
    /// The contracts.
    Stub,
    /// A simulated tenant.
    Tenant,
    /// The service at a base URL.
    Service(String),
}

impl FromStr for Upstream {
    type Err = String;

    fn from_str(text: &str) -> Result<Upstream, String> {
        match text {
            "stub" => Ok(Upstream::Stub),
            "tenant" => Ok(Upstream::Tenant),
            url => checked_base(url)
                .map(|()| Upstream::Service(url.to_owned()))
                .map_err(|reason| format!("give `stub`, `tenant`, or the base URL of a service: {reason}")),
        }
    }
}

#[cfg(feature = "live")]
impl Upstream {
    fn in_words(&self) -> String {
        match self {
            Upstream::Stub => "the contracts answer".to_owned(),
            Upstream::Tenant => "a simulated tenant answers".to_owned(),
            Upstream::Service(base) => format!("what it sends to Microsoft Graph is sent on to {base}"),
        }
    }
}

/// Kinds of findings as the command line names them.
#[derive(Clone, Debug)]
struct DeniedKinds(Vec<Kind>);

impl FromStr for DeniedKinds {
    type Err = String;

    fn from_str(text: &str) -> Result<DeniedKinds, String> {
        match text {
            "all" => Ok(DeniedKinds(Kind::deniable().collect())),
            "none" => Ok(DeniedKinds(Vec::new())),
            name => match Kind::deniable().find(|kind| kind.name() == name) {
                Some(kind) => Ok(DeniedKinds(vec![kind])),
                None => Err(format!("a kind is one of: all, none, {}", names(Kind::deniable()))),
            },
        }
    }
}

fn names(kinds: impl Iterator<Item = Kind>) -> String {
    kinds.map(Kind::name).collect::<Vec<_>>().join(", ")
}

fn default_kinds() -> String {
    Kind::deniable().filter(|kind| kind.is_denied_by_default()).map(Kind::name).collect::<Vec<_>>().join(",")
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    // Clap would show the usage with files, too.
    if arguments.proxy && arguments.command.is_empty() {
        bail!(
            "--proxy: there is no command to run behind the proxy\n\nUsage: {} verify-client --proxy [--upstream UPSTREAM] -- COMMAND…",
            command_line()
        );
    }
    if !arguments.command.is_empty() {
        tls::ensure()?;
    }
    let (at, start) = (Timestamp::now(), Instant::now());
    let store = Arc::new(arguments.rules.store(&arguments.contracts)?);
    let expectations = Expectations {
        granted: arguments.granted.as_deref().map(granted).transpose()?,
        promised: arguments.expect.as_deref().map(promised).transpose()?,
    };
    let texts = arguments.metadata.texts()?;
    let documents = read_all(&texts)?;
    let judge = Judge::new(Arc::clone(&store), &documents, &arguments.base_url, arguments.keep_bodies);
    let mut verifier = Verifier::new(judge, expectations);
    for path in &arguments.files {
        let prefix = if arguments.files.len() > 1 { format!("{}:", path.display()) } else { String::new() };
        let source = File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        if let Err(error) = read(&path.display().to_string(), &prefix, source, &mut |record| verifier.add(&record)) {
            verifier.unread(error.to_string());
        }
    }
    let command =
        if arguments.command.is_empty() { None } else { Some(run_command(arguments, &store, &mut verifier)?) };
    let verification = verifier.end();
    if verification.requests == 0 && !verification.unread.is_empty() {
        bail!(
            "{}\ngive an HTTP Archive (HAR), as browsers and proxies save one, or a journal that `{} serve --journal FILE` has written",
            verification.unread.join("\n"),
            command_line()
        );
    }
    let files = arguments.files.iter().map(|path| path.display().to_string());
    let of: Vec<String> = files.chain(command.map(|_| program(&arguments.command))).collect();
    let question = Question {
        of: of.join(", "),
        denied: arguments.deny.iter().flat_map(|kinds| kinds.0.iter().copied()).collect(),
        at,
        elapsed: start.elapsed(),
        command,
    };
    let found = report(&verification, &store, &question);
    let mut terminal = output::terminal();
    arguments.report.finish(&mut terminal, Ok(()), &found, &[])
}

/// Runs the command, and has its requests judged; its exit code.
#[cfg(feature = "live")]
fn run_command(arguments: &Arguments, store: &Arc<Store>, verifier: &mut Verifier<'_>) -> anyhow::Result<Option<i32>> {
    command::run(&arguments.command, &arguments.upstream, Arc::clone(store), &mut |record| verifier.add(record))
}

/// Nothing: a proxy needs TLS.
#[cfg(not(feature = "live"))]
fn run_command(_: &Arguments, _: &Arc<Store>, _: &mut Verifier<'_>) -> anyhow::Result<Option<i32>> {
    anyhow::bail!("a proxy needs TLS, which is not compiled in")
}

/// The program of a command, without its arguments, which may be secret.
fn program(command: &[OsString]) -> String {
    let first = command.first().map(|own| Path::new(own).file_name().unwrap_or(own).to_string_lossy().into_owned());
    first.unwrap_or_default()
}

fn granted(path: &Path) -> anyhow::Result<Granted> {
    let text = file::read_text(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    Granted::parse(&text)
        .with_context(|| format!("{}: a TOML file with `delegated`, `application` or both is expected", path.display()))
}

/// An address that stands for Microsoft Graph, without the version that clients are given with it.
fn base_url(text: &str) -> Result<String, String> {
    let is_address = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if !Url::parse(text).is_ok_and(|url| is_address(&url)) {
        return Err("no address; write it with its scheme, as in http://localhost:3000".to_owned());
    }
    let base = text.trim_end_matches('/');
    let version = base.rsplit_once('/').filter(|(_, last)| is_version(last));
    Ok(version.map_or(base, |(before, _)| before).to_owned())
}

/// The ids in a file. What stands behind `#` is a comment.
fn promised(path: &Path) -> anyhow::Result<BTreeSet<String>> {
    let text = file::read_text(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let ids: BTreeSet<String> = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
    ensure!(!ids.is_empty(), "{}: no contract is promised; write the id of one a line", path.display());
    Ok(ids)
}
