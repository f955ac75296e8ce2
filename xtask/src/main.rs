//! The command line of graph-contracts: `cargo xtask COMMAND`. Each command is one file; what it does is in the library.

mod check_metadata;
mod diff;
mod import;
mod limits;
mod lint;
mod metadata;
mod output;
mod prove;
mod replay;
mod report;
mod review;
mod selection;
mod tls;
mod verify_live;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Pages and contracts are made of many small strings; this allocator makes an import a fifth faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Executable contracts from the Microsoft Graph documentation.
///
/// Exit codes: 0 as expected, 1 contracts broken or out of date, 2 could not run.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    CheckMetadata(check_metadata::Arguments),
    Diff(diff::Arguments),
    Import(import::Arguments),
    Lint(lint::Arguments),
    Prove(prove::Arguments),
    Replay(replay::Arguments),
    Review(review::Arguments),
    VerifyLive(Box<verify_live::Arguments>),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::CheckMetadata(arguments) => check_metadata::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Prove(arguments) => prove::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::VerifyLive(arguments) => verify_live::run(&arguments),
    };
    result.map_or_else(|error| output::fail(&error), ExitCode::from)
}
