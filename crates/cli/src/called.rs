//! The program by the name that it was called by: texts that are written once name the installed program.

use clap::builder::StyledStr;
use clap::{Arg, Command};
use graph_contracts::command_line::{INSTALLED, command_line};

/// A text in which each command of the installed program is one of the program that this process was called by.
pub(crate) fn called(text: &str) -> String {
    called_by(command_line(), text)
}

fn called_by(name: &str, text: &str) -> String {
    let program = format!("{INSTALLED} ");
    let mut pieces = text.split(&program);
    let mut said = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let begins = said.chars().next_back().is_none_or(|before| before.is_whitespace() || "`(\"'".contains(before));
        // What follows the name of a program is a command or a flag; what follows that of the project is any word.
        let end = piece.find(|c: char| c != '-' && !c.is_ascii_alphanumeric()).unwrap_or(piece.len());
        let word = &piece[..end];
        let is_command = word.starts_with("--") || crate::COMMANDS.contains(&word);
        said.push_str(if begins && is_command { name } else { INSTALLED });
        said.push(' ');
        said.push_str(piece);
    }
    said
}

/// The command line whose help says so.
pub(crate) fn with_called(command: Command, name: &str) -> Command {
    if name == INSTALLED {
        return command;
    }
    let own = |text: Option<&StyledStr>| text.map(|text| called_by(name, &text.to_string()));
    let argument = |argument: Arg| {
        let (help, long) = (own(argument.get_help()), own(argument.get_long_help()));
        let argument = help.into_iter().fold(argument, Arg::help);
        long.into_iter().fold(argument, Arg::long_help)
    };
    command.mut_subcommands(|command| {
        let (about, long) = (own(command.get_about()), own(command.get_long_about()));
        let command = about.into_iter().fold(command, Command::about);
        long.into_iter().fold(command, Command::long_about).mut_args(argument)
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn a_text_names_the_program_that_was_called() {
        let check = |text: &str, expected: &str| assert_eq!(called_by("cargo xtask", text), expected);
        check("$ graph-contracts replay v1.0", "$ cargo xtask replay v1.0");
        check(
            "`graph-contracts explain replay`, graph-contracts --version",
            "`cargo xtask explain replay`, cargo xtask --version",
        );
        check("graph-contracts lint", "cargo xtask lint");
        check(
            "graph-contracts is a program with graph-contracts.toml",
            "graph-contracts is a program with graph-contracts.toml",
        );
        check("target/graph-contracts lint", "target/graph-contracts lint");
        check("graph-contracts lint-baseline", "graph-contracts lint-baseline");
        check("graph-contracts ", "graph-contracts ");
    }

    #[test]
    fn all_commands_are_known() {
        let command = crate::Arguments::command();
        assert!(command.get_subcommands().map(Command::get_name).eq(crate::COMMANDS));
    }

    #[test]
    fn help_names_the_program_that_was_called() {
        let mut command = with_called(crate::Arguments::command(), "cargo xtask");
        for own in command.get_subcommands_mut() {
            let help = own.render_long_help().to_string();
            assert!(!help.contains("`graph-contracts "), "{help}");
        }
    }
}
