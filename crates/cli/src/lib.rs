//! The command line of graph-contracts. Each command is one file: arguments, run, results. What a command does is in the other crates.

mod called;
mod changed_files;
mod changed_pages;
mod check_metadata;
mod completions;
mod configuration;
mod diff;
mod examples;
mod explain;
mod export;
mod import;
mod init;
mod json_argument;
mod limits;
mod lint;
mod lint_fix;
mod metadata;
mod output;
mod partition;
mod prove;
mod replay;
mod report;
mod report_files;
mod review;
mod selection;
mod serve;
mod serve_tls;
mod signals;
mod tls;
mod verify_client;
mod verify_live;
mod voice;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use graph_contracts::command_line::{call_command_line, pages_are_configured};

use self::called::with_called;
use self::configuration::configured;
use self::examples::with_examples;
use self::voice::VoiceArguments;

/// Pages and contracts are made of many small strings; this allocator makes an import a fifth faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Executable contracts from the Microsoft Graph documentation.
///
/// Exit codes: 0 as expected, 1 contracts broken or out of date, 2 could not run.
#[derive(Parser)]
#[command(version = env!("GRAPH_CONTRACTS_VERSION"), propagate_version = true, disable_help_flag = true, disable_version_flag = true)]
struct Arguments {
    /// Read the configuration from this file, or none [default: the nearest graph-contracts.toml, here or above]
    #[arg(long, value_name = "FILE|none", global = true, help_heading = voice::HEADING)]
    config: Option<PathBuf>,

    /// Color the output: on a terminal only, always, or never
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", help_heading = voice::HEADING)]
    color: Color,

    #[command(flatten)]
    voice: VoiceArguments,

    /// Print help; `-h` prints it in short
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = voice::HEADING)]
    help: Option<bool>,

    /// Print the version
    #[arg(short = 'V', long, global = true, action = ArgAction::Version, help_heading = voice::HEADING)]
    version: Option<bool>,

    #[command(subcommand)]
    command: Command,
}

/// When output is colored. What the environment says (`NO_COLOR`, `CLICOLOR_FORCE`) decides where it is `auto`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    fn apply(self) {
        let choice = match self {
            Color::Auto => return,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

#[derive(Subcommand)]
enum Command {
    CheckMetadata(check_metadata::Arguments),
    Completions(completions::Arguments),
    Diff(diff::Arguments),
    Explain(explain::Arguments),
    Export(export::Arguments),
    Import(import::Arguments),
    Init(init::Arguments),
    Lint(lint::Arguments),
    Prove(prove::Arguments),
    Replay(replay::Arguments),
    Report(report::Arguments),
    Review(review::Arguments),
    Serve(serve::Arguments),
    VerifyClient(Box<verify_client::Arguments>),
    VerifyLive(Box<verify_live::Arguments>),
}

/// The names of the commands.
const COMMANDS: [&str; 15] = [
    "check-metadata",
    "completions",
    "diff",
    "explain",
    "export",
    "import",
    "init",
    "lint",
    "prove",
    "replay",
    "report",
    "review",
    "serve",
    "verify-client",
    "verify-live",
];

/// Runs the command that this process was called with. `name` is what people call the command line, as usage shows it.
pub fn main(name: &'static str) -> ExitCode {
    call_command_line(name);
    let command = with_called(Arguments::command().name(name).bin_name(name), name);
    let command = with_examples(command, name);
    // Its keys are defaults, which have to be there before the rest is read.
    let first = command.clone().ignore_errors(true).try_get_matches().ok();
    let named = first.and_then(|first| first.get_one::<PathBuf>(configuration::OPTION).cloned());
    let (command, configuration) = match configured(command, named.as_deref()) {
        Ok(configured) => configured,
        Err(error) => return output::fail(&error, None),
    };
    let of_import = command.find_subcommand("import").into_iter().flat_map(clap::Command::get_arguments);
    if of_import.into_iter().any(|own| own.get_id() == "pages" && !own.get_default_values().is_empty()) {
        pages_are_configured();
    }
    let matches = command.get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    arguments.color.apply();
    let json = matches.subcommand().and_then(|(_, own)| own.try_get_one::<PathBuf>(voice::JSON).ok().flatten());
    arguments.voice.apply(json.map(PathBuf::as_path));
    if voice::is_verbose() {
        let said = match &configuration {
            Some(own) => output::note(&format!("the configuration is {}", own.file.display())),
            None => output::note("there is no configuration: all flags have their own defaults"),
        };
        // There is nowhere left to report a broken standard error to.
        drop(said);
    }
    let file = configuration.as_ref().map(|own| own.file.as_path());
    let is_said = |id: &str| {
        let own = matches.subcommand().map(|(_, own)| own);
        own.is_some_and(|own| own.value_source(id) == Some(ValueSource::CommandLine))
    };
    let ended = run(arguments.command, file, &is_said);
    ended.map_or_else(|error| output::fail(&error, Some((configuration.as_ref(), &matches))), ExitCode::from)
}

/// Runs a command. `is_said` tells whether an argument of it stands on the command line.
fn run(command: Command, configuration: Option<&Path>, is_said: &dyn Fn(&str) -> bool) -> anyhow::Result<u8> {
    match command {
        Command::CheckMetadata(arguments) => check_metadata::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Init(arguments) => init::run(&arguments, configuration),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Prove(arguments) => prove::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Review(arguments) => review::run(&arguments, is_said("snapshots")),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::VerifyClient(arguments) => verify_client::run(&arguments),
        Command::VerifyLive(arguments) => verify_live::run(&arguments),
    }
}
