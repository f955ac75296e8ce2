//! `graph-contracts completions`

use std::io;

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};
use graph_contracts::command_line::command_line;

/// Print a script that completes commands and flags in a shell.
///
/// Bash: put it into ~/.local/share/bash-completion/completions/graph-contracts. Zsh: into a folder of $fpath, as _graph-contracts. Fish: into
/// ~/.config/fish/completions/graph-contracts.fish.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    // Whoever reads the script may go away.
    let mut script = Vec::new();
    generate(arguments.shell, &mut crate::Arguments::command(), command_line(), &mut script);
    io::Write::write_all(&mut io::stdout().lock(), &script)?;
    Ok(0)
}
