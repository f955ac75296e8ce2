//! `graph-contracts completions`

use std::io::{self, Write as _};

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};
use graph_contracts::command_line::command_line;
use serde_json::json;

use crate::json_argument::JsonArguments;
use crate::voice;

/// Print a script that completes commands and flags in a shell.
///
/// Bash: put it into ~/.local/share/bash-completion/completions/graph-contracts. Zsh: into a folder of $fpath, as _graph-contracts. Fish: into
/// ~/.config/fish/completions/graph-contracts.fish.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,

    #[command(flatten, next_help_heading = "Results")]
    json: JsonArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    // Whoever reads the script may go away.
    let mut script = Vec::new();
    generate(arguments.shell, &mut crate::Arguments::command(), command_line(), &mut script);
    let document = || json!({ "shell": arguments.shell.to_string(), "script": String::from_utf8_lossy(&script) });
    arguments.json.write(document)?;
    // Not a byte of a script may change.
    match voice::is_out_for_programs() {
        true => io::stderr().lock().write_all(&script)?,
        false => io::stdout().lock().write_all(&script)?,
    }
    Ok(0)
}
