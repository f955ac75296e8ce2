//! `graph-contracts verify-client`

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use graph_contracts::file;
use graph_contracts::store::Store;
use graph_contracts_odata::check::read_all;
use graph_contracts_traffic::{Expectations, Granted, Judge, Kind, Question, Verifier, read, report};
use jiff::Timestamp;

use crate::metadata::MetadataArguments;
use crate::output;
use crate::report_files::ReportArguments;

/// Say which calls of a client are documented, from recorded traffic.
///
/// Reads HTTP Archives (HAR) of browsers and proxies, and journals of `serve`. Each request to Microsoft Graph is documented, undocumented or unknown;
/// what else is found of it, of the answers, of the permissions and of the client as a whole has a kind, and counts if that kind is denied. Sends
/// nothing. Exits with 1 if something counts, and with 2 if a file cannot be read to its end. See docs/verify-client.md.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files of traffic: HTTP Archives, or journals of `serve --journal`
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Read the contracts in this folder
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    contracts: PathBuf,

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
    #[arg(long, value_name = "URL")]
    base_url: Vec<String>,

    /// Show what was sent as it is; tokens and other secrets are never shown
    #[arg(long)]
    keep_bodies: bool,

    #[command(flatten)]
    report: ReportArguments,

    // Last: its limits have a heading of their own.
    #[command(flatten)]
    metadata: MetadataArguments,
}

/// Kinds of findings as the command line names them.
#[derive(Clone, Debug)]
struct DeniedKinds(Vec<Kind>);

impl std::str::FromStr for DeniedKinds {
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
    let (at, start) = (Timestamp::now(), Instant::now());
    let store = Arc::new(Store::read(&arguments.contracts)?);
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
    let verification = verifier.end();
    let files: Vec<String> = arguments.files.iter().map(|path| path.display().to_string()).collect();
    let question = Question {
        of: files.join(", "),
        denied: arguments.deny.iter().flat_map(|kinds| kinds.0.iter().copied()).collect(),
        at,
        elapsed: start.elapsed(),
        command: None,
    };
    let found = report(&verification, &store, &question);
    let mut terminal = output::terminal();
    arguments.report.finish(&mut terminal, Ok(()), &found, &[])
}

fn granted(path: &Path) -> anyhow::Result<Granted> {
    let text = file::read_text(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    Granted::parse(&text)
        .with_context(|| format!("{}: a TOML file with `delegated`, `application` or both is expected", path.display()))
}

/// The ids in a file. What stands behind `#` is a comment.
fn promised(path: &Path) -> anyhow::Result<BTreeSet<String>> {
    let text = file::read_text(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let ids: BTreeSet<String> = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
    ensure!(!ids.is_empty(), "{}: no contract is promised; write the id of one a line", path.display());
    Ok(ids)
}
