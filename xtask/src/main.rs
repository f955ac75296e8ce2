//! `cargo xtask COMMAND`: the command line of graph-contracts, built from source.

use std::process::ExitCode;

fn main() -> ExitCode {
    graph_contracts_cli::main("cargo xtask")
}
