//! The arguments of libtest, which `cargo test`, nextest and `cargo insta` pass to a test program.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt as _};

/// What a run is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Only tests with one of these texts in their names; all, if there are none.
    pub(super) filters: Vec<String>,
    /// No tests with one of these texts in their names.
    pub(super) skipped: Vec<String>,
    /// Whether filters are whole names.
    pub(super) exact: bool,
    /// Whether tests are listed instead of run.
    pub(super) list: bool,
    /// Whether only ignored tests or benchmarks count, of which there are none.
    pub(super) nothing: bool,
    /// Whether a character is printed for each test instead of a line, and no count after a list.
    pub(super) terse: bool,
    /// How many tests run at a time.
    pub(super) threads: usize,
    /// Whether output is colored.
    pub(super) color: anstream::ColorChoice,
    /// Whether only the arguments are explained.
    pub(super) help: bool,
}

/// How many tests run at a time by default: they wait for sockets, which need no processor.
const THREADS: usize = 8;

/// What `--help` prints.
pub(super) const HELP: &str = "\
Replay each contract against the stub, and compare the response with the documentation and the reviewed snapshot.

Usage: [FILTER]... [OPTIONS]

  FILTER                 Only contracts with this id, or with this text in their ids
  --exact                Only contracts whose ids are filters
  --skip FILTER          No contracts that this filter selects
  --list                 List the tests instead of running them
  --test-threads NUMBER  How many tests run at a time (RUST_TEST_THREADS does the same)
  -q, --quiet            Print a character for each test instead of a line
  --format pretty|terse  Print lines, or characters as --quiet does
  --color auto|always|never

Other options of libtest are accepted where they make no difference.
";

impl Arguments {
    /// Reads the arguments, of which the first is the program's name. `threads` is the environment's word on how many tests run at
    /// a time.
    ///
    /// # Errors
    ///
    /// When there is an option that libtest does not have, or one that cannot be followed.
    pub(super) fn parse(
        arguments: impl IntoIterator<Item = OsString>,
        threads: Option<&str>,
    ) -> Result<Arguments, lexopt::Error> {
        let mut parser = Parser::from_iter(arguments);
        let threads = threads.and_then(|number| number.parse().ok()).filter(|number| *number > 0).unwrap_or(THREADS);
        let mut read = Arguments { threads, ..Arguments::default() };
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Value(filter) => read.filters.push(filter.string()?),
                Arg::Long("skip") => read.skipped.push(parser.value()?.string()?),
                Arg::Long("exact") => read.exact = true,
                Arg::Long("list") => read.list = true,
                Arg::Long("ignored" | "bench") => read.nothing = true,
                Arg::Short('q') | Arg::Long("quiet") => read.terse = true,
                Arg::Long("format") => {
                    read.terse = parser.value()?.parse_with(|format| match format {
                        "pretty" => Ok(false),
                        "terse" => Ok(true),
                        _ => Err("only `pretty` and `terse` are possible"),
                    })?;
                }
                Arg::Long("color") => {
                    read.color = parser.value()?.parse_with(|color| match color {
                        "auto" => Ok(anstream::ColorChoice::Auto),
                        "always" => Ok(anstream::ColorChoice::Always),
                        "never" => Ok(anstream::ColorChoice::Never),
                        _ => Err("only `auto`, `always` and `never` are possible"),
                    })?;
                }
                Arg::Long("test-threads") => {
                    read.threads = parser.value()?.parse::<std::num::NonZeroUsize>()?.get();
                }
                Arg::Short('h') | Arg::Long("help") => read.help = true,
                // Output is never captured, and there is nothing that is ignored or unstable.
                Arg::Long("nocapture" | "no-capture" | "show-output" | "test" | "include-ignored" | "shuffle") => {}
                Arg::Long("report-time" | "ensure-time" | "exclude-should-panic" | "force-run-in-process") => {}
                Arg::Short('Z') | Arg::Long("shuffle-seed") => drop(parser.value()?),
                other => return Err(other.unexpected()),
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str, threads: Option<&str>) -> Result<Arguments, String> {
        let arguments = std::iter::once("contracts").chain(arguments.split_whitespace()).map(OsString::from);
        Arguments::parse(arguments, threads).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn check(arguments: &str, expected: impl FnOnce(&mut Arguments)) {
        let mut plain = parse("", None).expect("no arguments");
        expected(&mut plain);
        assert_eq!(parse(arguments, None), Ok(plain), "{arguments}");
    }

    #[test]
    fn what_nextest_passes_is_understood() {
        check("--list --format terse", |read| (read.list, read.terse) = (true, true));
        check("--list --format terse --ignored", |read| (read.list, read.terse, read.nothing) = (true, true, true));
        check("v1.0/user-get --nocapture --exact", |read| {
            (read.filters, read.exact) = (vec!["v1.0/user-get".into()], true)
        });
    }

    #[test]
    fn what_people_pass_is_understood() {
        check("user group --skip beta/", |read| {
            read.filters = vec!["user".into(), "group".into()];
            read.skipped = vec!["beta/".into()];
        });
        check("-q --test-threads=3", |read| (read.terse, read.threads) = (true, 3));
        check("--color never", |read| read.color = anstream::ColorChoice::Never);
        check("-Z unstable-options --show-output", |_| {});
    }

    #[test]
    fn the_environment_says_how_many_run_at_a_time() {
        assert_eq!(parse("", Some("2")).map(|read| read.threads), Ok(2));
        assert_eq!(parse("--test-threads 5", Some("2")).map(|read| read.threads), Ok(5));
        assert_eq!(parse("", Some("no number")).map(|read| read.threads), Ok(THREADS));
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        let refused = |arguments: &str| parse(arguments, None).expect_err(arguments);
        assert_eq!(refused("--frobnicate"), "invalid option '--frobnicate'");
        assert!(refused("--format json").contains("only `pretty` and `terse` are possible"));
        assert!(refused("--test-threads 0").contains("\"0\""));
    }
}
