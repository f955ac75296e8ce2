//! Every contract in `contracts/` as a test of its own: replayed against the stub on all its routes, and compared with what it
//! documents and with its reviewed snapshot in `snapshots/`. A new contract file needs no code here.

use std::process::ExitCode;

use graph_contracts::command_line::call_command_line;
use graph_contracts::harness::{Project, contract_tests};

fn main() -> ExitCode {
    // The command line of this workspace, built from source.
    call_command_line("cargo xtask");
    contract_tests(&Project::at(env!("CARGO_MANIFEST_DIR")), |name, text| insta::assert_snapshot!(name, text))
}
