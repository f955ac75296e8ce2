//! `--json`: the result of a command for programs.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use graph_contracts::report::Report;
use serde::Serialize;

use crate::output;
use crate::voice::STANDARD_OUTPUT;

/// Where the result goes for programs.
#[derive(clap::Args)]
pub(crate) struct JsonArguments {
    /// Write the result to this file too, as JSON; with `-`, to standard output, and everything else to standard error
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

impl JsonArguments {
    /// Whether it is wanted.
    pub(crate) fn is_wanted(&self) -> bool {
        self.json.is_some()
    }

    /// Writes a result, if it is wanted. `document` makes it.
    pub(crate) fn write<D: Serialize>(&self, document: impl FnOnce() -> D) -> anyhow::Result<()> {
        let Some(file) = &self.json else { return Ok(()) };
        if file.as_path() != Path::new(STANDARD_OUTPUT) {
            return output::write_json(file, &document());
        }
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &document()).map_err(io::Error::from)?;
        Ok(writeln!(out)?)
    }

    /// Writes what a command found: for programs, if they asked, and then to the terminal, whose reader may go away.
    pub(crate) fn emit(&self, terminal: &mut output::Out, report: &Report<'_>) -> anyhow::Result<()> {
        self.write(|| &report.document)?;
        Ok(terminal.report(report)?)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use crate::voice::JSON;

    #[test]
    fn every_command_has_a_result_for_programs() {
        for command in crate::Arguments::command().get_subcommands() {
            let has_json = command.get_arguments().any(|own| own.get_long() == Some(JSON));
            assert!(has_json || command.get_name() == "help", "{} has no --json", command.get_name());
        }
    }
}
