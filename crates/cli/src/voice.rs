//! How much a command says, and where: `--quiet`, `--verbose`, `--all`, and `--json -`.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::sync::OnceLock;

use anstream::AutoStream;
use graph_contracts::report::Detail;

/// What stands above the flags of every command.
pub(crate) const HEADING: &str = "For every command";

/// How much is said, for every command.
#[derive(clap::Args)]
pub(crate) struct VoiceArguments {
    /// Print the result alone, in a line, and errors
    #[arg(short, long, global = true, conflicts_with_all = ["verbose", "all"], help_heading = HEADING)]
    quiet: bool,

    /// Print what is as expected, too, and which configuration is used
    #[arg(short, long, global = true, help_heading = HEADING)]
    verbose: bool,

    /// Print every line of long lists
    #[arg(long, global = true, help_heading = HEADING)]
    all: bool,
}

/// The option that names the file of the result for programs.
pub(crate) const JSON: &str = "json";

/// The file that stands for standard output.
pub(crate) const STANDARD_OUTPUT: &str = "-";

#[derive(Clone, Copy, Default)]
struct Voice {
    detail: Detail,
    is_verbose: bool,
    is_out_for_programs: bool,
}

static VOICE: OnceLock<Voice> = OnceLock::new();

impl VoiceArguments {
    /// Lets this process speak so. `json` is the file for the result that its command was given.
    pub(crate) fn apply(&self, json: Option<&Path>) {
        let detail = match self {
            VoiceArguments { quiet: true, .. } => Detail::Result,
            VoiceArguments { all: true, .. } => Detail::All,
            VoiceArguments { verbose: true, .. } => Detail::Each,
            VoiceArguments { quiet: false, verbose: false, all: false } => Detail::Usual,
        };
        let is_out_for_programs = json == Some(Path::new(STANDARD_OUTPUT));
        // A process has one command.
        let _ = VOICE.set(Voice { detail, is_verbose: self.verbose, is_out_for_programs });
    }
}

fn voice() -> Voice {
    VOICE.get().copied().unwrap_or_default()
}

/// How much is said.
pub(crate) fn detail() -> Detail {
    voice().detail
}

/// Whether the result alone is said.
pub(crate) fn is_quiet() -> bool {
    detail() == Detail::Result
}

/// Whether it is said, too, where things are from.
pub(crate) fn is_verbose() -> bool {
    voice().is_verbose
}

/// Whether programs read standard output, and people standard error.
pub(crate) fn is_out_for_programs() -> bool {
    voice().is_out_for_programs
}

/// The stream that people read: standard output, or standard error where programs read that. Without colors where they are not wanted.
pub(crate) enum Stream {
    Out(AutoStream<io::Stdout>),
    Error(AutoStream<io::Stderr>),
}

/// The stream that people read.
pub(crate) fn stream() -> Stream {
    match is_out_for_programs() {
        true => Stream::Error(anstream::stderr()),
        false => Stream::Out(anstream::stdout()),
    }
}

/// Whether a person reads it on a terminal.
pub(crate) fn is_terminal() -> bool {
    match is_out_for_programs() {
        true => io::stderr().is_terminal(),
        false => io::stdout().is_terminal(),
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Out(out) => out.write(bytes),
            Stream::Error(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Out(out) => out.flush(),
            Stream::Error(out) => out.flush(),
        }
    }
}
