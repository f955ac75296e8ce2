//! The limits of a response, as flags.

use std::time::Duration;

use bytesize::ByteSize;
use clap::builder::RangedU64ValueParser;
use clap::value_parser;
use graph_contracts::http::Limits;

/// The limits of a response. One beyond them is the outcome of that contract only.
#[derive(clap::Args)]
pub(crate) struct LimitArguments {
    /// Limit the body, encoded and decoded: in bytes, or with a unit, such as `64MiB`
    #[arg(long, value_name = "BYTES", default_value = "16MiB", value_parser = parse_bytes)]
    max_body: ByteSize,

    /// Limit the time of the whole exchange
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().timeout.as_secs(), value_parser = seconds())]
    timeout: u64,

    /// Limit the time to connect
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().connect_timeout.as_secs(),
          value_parser = seconds())]
    connect_timeout: u64,

    /// Limit the time until the response head is complete, connecting included
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().head_timeout.as_secs(),
          value_parser = seconds())]
    head_timeout: u64,

    /// Limit how long the provider may be silent within the body
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().idle_timeout.as_secs(),
          value_parser = seconds())]
    idle_timeout: u64,
}

impl LimitArguments {
    /// The limits that the flags give.
    pub(crate) fn limits(&self) -> Limits {
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
