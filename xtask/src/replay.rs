//! `cargo xtask replay`

use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use clap::builder::RangedU64ValueParser;
use clap::value_parser;
use graph_contracts::replay::{Limits, ReplayOptions, replay};
use graph_contracts::report::json;

use crate::output;
use crate::selection::Selection;

/// Replay contracts against the stub.
///
/// Starts the stub, sends every contract's request on every route, and compares the responses with what the contracts
/// document and with the reviewed snapshots.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// The folder of the reviewed snapshots; `none` compares with the contracts alone
    #[arg(long, value_name = "DIR|none", default_value = "snapshots")]
    snapshots: PathBuf,

    /// How many contracts are replayed at a time
    #[arg(long, value_name = "N", default_value_t = 32)]
    concurrency: usize,

    /// Also write the result to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArguments,
}

/// What a provider may do. A response beyond it is the outcome of that contract alone.
#[derive(clap::Args)]
#[command(next_help_heading = "Limits of a response")]
struct LimitArguments {
    /// The largest body, encoded and decoded: bytes, or with a unit, such as `64MiB`
    #[arg(long, value_name = "BYTES", default_value = "16MiB", value_parser = parse_bytes)]
    max_body: ByteSize,

    /// How long all of it may take
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().timeout.as_secs(), value_parser = seconds())]
    timeout: u64,

    /// How long connecting may take
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().connect_timeout.as_secs(),
          value_parser = seconds())]
    connect_timeout: u64,

    /// How long the response head may take, connecting included
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().head_timeout.as_secs(),
          value_parser = seconds())]
    head_timeout: u64,

    /// How long the provider may be silent within the body
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().idle_timeout.as_secs(),
          value_parser = seconds())]
    idle_timeout: u64,
}

impl LimitArguments {
    fn limits(&self) -> Limits {
        let LimitArguments { max_body, timeout, connect_timeout, head_timeout, idle_timeout } = *self;
        Limits {
            max_body: usize::try_from(max_body.as_u64()).unwrap_or(usize::MAX),
            connect_timeout: Duration::from_secs(connect_timeout),
            head_timeout: Duration::from_secs(head_timeout),
            idle_timeout: Duration::from_secs(idle_timeout),
            timeout: Duration::from_secs(timeout),
        }
    }
}

fn parse_bytes(text: &str) -> Result<ByteSize, String> {
    match text.parse::<ByteSize>() {
        Ok(size) if size.as_u64() > 0 => Ok(size),
        Ok(_) => Err("a body has one byte at least".to_owned()),
        Err(_) => Err("a number of bytes is expected, such as 1048576 or 1MiB".to_owned()),
    }
}

/// Up to a day: longer is a mistake.
fn seconds() -> RangedU64ValueParser {
    value_parser!(u64).range(1..=24 * 60 * 60)
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { selection: Selection { filters, contracts }, snapshots, concurrency, json, limits } = arguments;
    let options = ReplayOptions {
        contracts: contracts.clone(),
        snapshots: Some(snapshots.clone()).filter(|folder| folder.as_os_str() != "none"),
        filters: filters.clone(),
        concurrency: *concurrency,
        limits: limits.limits(),
    };
    let mut terminal = output::terminal();
    let mut written = Ok(());
    let runtime = tokio::runtime::Runtime::new()?;
    let run = runtime.block_on(replay(&options, |outcome| {
        if written.is_ok() {
            written = terminal.contract(outcome);
        }
    }))?;
    // Files first: whoever reads the terminal may go away.
    if let Some(file) = json {
        output::write_json(file, &json::replay(&run))?;
    }
    written?;
    terminal.replay(&run)?;
    Ok(run.exit_code())
}

#[cfg(test)]
mod tests {
    use clap::Args as _;
    use clap::FromArgMatches as _;

    use super::*;

    #[test]
    fn the_flags_have_the_limits_of_the_library() -> Result<(), clap::Error> {
        let command = LimitArguments::augment_args(clap::Command::new("replay"));
        let matches = command.try_get_matches_from(["replay"])?;
        assert_eq!(LimitArguments::from_arg_matches(&matches)?.limits(), Limits::default());
        Ok(())
    }
}
