//! Keys and values of a configuration as defaults of flags.

use std::any::TypeId;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command, Id};
use graph_contracts::lint::LevelRule;
use graph_contracts::meant::did_you_mean;

use super::Problem;
use super::entries::{Entry, Form, Given, NO_VALUE};
use crate::metadata::MetadataArgument;
use crate::verify_live::is_of_profile;

/// The one argument without a name that is a key.
const PAGES: &str = "pages";

/// Flags that change, delete or accept something, or say where one run's result goes: they are said each time.
const SAID_EACH_TIME: [&str; 18] = [
    "accept",
    "acknowledge",
    "check",
    "cleanup",
    "compare",
    "config",
    "dry-run",
    "find-marked",
    "fix",
    "help",
    "learn",
    "overwrite",
    "patch",
    "reject",
    "schema",
    "unreferenced",
    "update-baseline",
    "version",
];

/// What the names of flags begin with that give a run leave to do something.
const LEAVE: &str = "allow-";

/// Arguments that are nothing without another one, which may stand in the configuration. Clap takes no default for what `requires` asks for.
const NEEDS: [(&str, &str); 3] = [("history", "report"), ("sandbox_drift", "sandbox"), ("ca_cert", "metadata")];

/// The key of an argument, if it may stand in a configuration.
pub(super) fn key_of(argument: &Arg) -> Option<&str> {
    let key = argument.get_long().or_else(|| Some(argument.get_id().as_str()).filter(|id| *id == PAGES))?;
    (!SAID_EACH_TIME.contains(&key) && !key.starts_with(LEAVE)).then_some(key)
}

/// A value of the file that is a default of a flag.
#[derive(Debug)]
pub(super) struct Default {
    /// The command that has the flag, and the flag's argument there.
    pub(super) command: String,
    pub(super) id: Id,
    /// The value as it would stand on the command line.
    pub(super) value: String,
    /// Where it is in the file, in bytes.
    pub(super) at: Range<usize>,
}

/// The command line with entries as defaults, and these; paths in them are relative to `folder`.
pub(super) fn with_defaults(
    mut command: Command,
    entries: &[Entry],
    folder: &Path,
) -> Result<(Command, Vec<Default>), Problem> {
    let mut given = Vec::new();
    let commands: Vec<String> = command.get_subcommands().map(|own| own.get_name().to_owned()).collect();
    for entry in entries {
        if let Some(named) = &entry.command
            && !commands.contains(named)
        {
            let message =
                format!("there is no command `{named}`{}", did_you_mean(named, commands.iter().map(String::as_str)));
            return Err(Problem { at: entry.at_command.clone(), message });
        }
        let is_meant = |name: &str| entry.command.as_deref().is_none_or(|own| own == name);
        let mut is_known = false;
        for name in commands.iter().filter(|name| is_meant(name)) {
            let own = command
                .find_subcommand(name)
                .and_then(|own| own.get_arguments().find(|argument| key_of(argument) == Some(&entry.key)).cloned());
            let Some(argument) = own else { continue };
            is_known = true;
            // A profile is a file of its own, which says more than what stands for all commands.
            if entry.command.is_none() && name == "verify-live" && is_of_profile(&argument) {
                continue;
            }
            let values = default_values(&argument, entry, folder)
                .map_err(|own| Problem { message: format!("`{name}`: {}", own.message), ..own })?;
            let id = argument.get_id().clone();
            given.extend(values.iter().zip(&entry.values).map(|(value, own)| Default {
                command: (*name).clone(),
                id: id.clone(),
                value: value.clone(),
                at: own.at.clone(),
            }));
            command = command.mut_subcommand(name, |own| {
                own.mut_arg(id, |argument| argument.required(false).default_values(values))
            });
        }
        if !is_known {
            return Err(unknown_key(&command, entry));
        }
    }
    Ok((command, given))
}

/// The command line in which some arguments need another one, unless that has a default.
pub(super) fn with_needs(mut command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|own| own.get_name().to_owned()).collect();
    for (name, (id, needed)) in names.iter().flat_map(|name| NEEDS.map(|need| (name, need))) {
        let argument = |id: &str| {
            let own = command.find_subcommand(name)?;
            own.get_arguments().find(|argument| argument.get_id() == id)
        };
        let is_given = |own: &Arg| own.get_default_values().iter().any(|value| value != "false");
        let is_open = argument(needed).is_some_and(|needed| !is_given(needed));
        // In a profile, certificates are for whatever it names.
        if is_open && argument(id).is_some_and(|own| !is_of_profile(own)) {
            command = command.mut_subcommand(name, |own| own.mut_arg(id, |argument| argument.requires(needed)));
        }
    }
    command
}

fn unknown_key(command: &Command, entry: &Entry) -> Problem {
    let own = entry.command.as_deref();
    let subcommands = || command.get_subcommands().filter(|sub| own.is_none_or(|own| sub.get_name() == own));
    let is_flag = subcommands().flat_map(Command::get_arguments).any(|own| own.get_long() == Some(&entry.key));
    let message = if is_flag {
        format!("--{} is given on the command line each time, and is no key", entry.key)
    } else {
        let of = own.map_or_else(|| "no command has".to_owned(), |own| format!("`{own}` does not have"));
        let keys = subcommands().flat_map(Command::get_arguments).filter_map(key_of);
        format!("{of} a key `{}`{}", entry.key, did_you_mean(&entry.key, keys))
    };
    Problem { at: entry.at.clone(), message }
}

/// The values of an entry as defaults of an argument.
fn default_values(argument: &Arg, entry: &Entry, folder: &Path) -> Result<Vec<String>, Problem> {
    let Entry { key, values, .. } = entry;
    let problem = |at: &Range<usize>, message: String| Err(Problem { at: at.clone(), message });
    if !argument.get_action().takes_values() {
        return match values.as_slice() {
            [Given { text, form: Form::Bare, .. }] if text == "true" || text == "false" => Ok(vec![text.clone()]),
            _ => problem(&entry.at_values, format!("`{key}` is true or false")),
        };
    }
    if values.len() != 1 && !takes_several(argument) {
        return problem(&entry.at_values, format!("`{key}` takes one value"));
    }
    for Given { form, at, .. } in values {
        match form {
            Form::Named if !takes_table(argument) => return problem(at, NO_VALUE.to_owned()),
            Form::Bare if takes_path(argument) => {
                return problem(at, format!("`{key}` is a path: a text in quotation marks is expected"));
            }
            Form::Text | Form::Bare | Form::Named => {}
        }
    }
    // Clap takes defaults for a part of the program, and stops it where they are wrong.
    let probe = Arg::new("value").long(key.clone()).num_args(1).action(ArgAction::Append);
    let probe = Command::new("").no_binary_name(true).arg(probe.value_parser(argument.get_value_parser().clone()));
    let mut defaults = Vec::new();
    for Given { text, at, .. } in values {
        let value = resolved(argument, text, folder);
        if let Err(error) = probe.clone().try_get_matches_from([format!("--{key}={value}")]) {
            let said = error.to_string();
            let first = said.lines().next().unwrap_or_default().trim_start_matches("error: ");
            return problem(at, first.to_owned());
        }
        defaults.push(value);
    }
    Ok(defaults)
}

/// Whether an argument may be given several times, or takes several values.
pub(super) fn takes_several(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Append)
        || argument.get_num_args().is_some_and(|range| range.max_values() > 1)
}

/// Whether an argument may be written as a table of names and values.
pub(super) fn takes_table(argument: &Arg) -> bool {
    argument.get_value_parser().type_id() == TypeId::of::<LevelRule>()
}

/// Whether an argument is the path of a file or folder, or has one in it.
fn takes_path(argument: &Arg) -> bool {
    let own = argument.get_value_parser().type_id();
    [TypeId::of::<PathBuf>(), TypeId::of::<MetadataArgument>()].iter().any(|path| own == *path)
}

/// A value as it has to be given from the current folder.
fn resolved(argument: &Arg, value: &str, folder: &Path) -> String {
    // `none` and the like stand for no path where the help says so.
    let is_word =
        argument.get_value_names().unwrap_or_default().iter().any(|name| name.split('|').any(|own| own == value));
    let value_type = argument.get_value_parser().type_id();
    if value_type == TypeId::of::<PathBuf>() && !is_word {
        folder.join(value).display().to_string()
    } else if value_type == TypeId::of::<MetadataArgument>() {
        MetadataArgument::below(folder, value)
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn what_is_no_key_is_a_flag_that_there_is() {
        let mut command = crate::Arguments::command();
        // Its own flags are those for help and the version.
        command.build();
        let flags: Vec<String> = std::iter::once(&command)
            .chain(command.get_subcommands())
            .flat_map(Command::get_arguments)
            .filter_map(|argument| argument.get_long().map(str::to_owned))
            .collect();
        for said in SAID_EACH_TIME {
            assert!(flags.iter().any(|flag| flag == said), "--{said}");
        }
        assert!(flags.iter().any(|flag| flag.starts_with(LEAVE)), "{flags:?}");
    }
}
