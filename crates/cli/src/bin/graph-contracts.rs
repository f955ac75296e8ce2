//! The command line `graph-contracts`.

use std::process::ExitCode;

fn main() -> ExitCode {
    graph_contracts_cli::main("graph-contracts")
}
