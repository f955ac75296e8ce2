//! Keys and values of a configuration as defaults of flags.

use std::any::TypeId;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use graph_contracts::lint::LevelRule;

use super::Problem;
use super::entries::{Entry, NO_VALUE};
use crate::metadata::MetadataArgument;
use crate::verify_live::is_of_profile;

/// The one argument without a name that is a key.
const PAGES: &str = "pages";

/// Flags that change, delete or accept something, or say where one run's result goes: they are said each time.
const SAID_EACH_TIME: [&str; 17] = [
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
    "update-baseline",
    "version",
];

/// What the names of flags begin with that give a run leave to do something.
const LEAVE: &str = "allow-";

/// So alike a name has to be for a suggestion.
const ALIKE: f64 = 0.6;

/// The key of an argument, if it may stand in a configuration.
pub(super) fn key_of(argument: &Arg) -> Option<&str> {
    let key = argument.get_long().or_else(|| Some(argument.get_id().as_str()).filter(|id| *id == PAGES))?;
    (!SAID_EACH_TIME.contains(&key) && !key.starts_with(LEAVE)).then_some(key)
}

/// The command line with entries as defaults; paths in them are relative to `folder`.
pub(super) fn with_defaults(mut command: Command, entries: &[Entry], folder: &Path) -> Result<Command, Problem> {
    let commands: Vec<String> = command.get_subcommands().map(|own| own.get_name().to_owned()).collect();
    for entry in entries {
        if let Some(named) = &entry.command
            && !commands.contains(named)
        {
            let message =
                format!("there is no command `{named}`{}", nearest(named, commands.iter().map(String::as_str)));
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
            if entry.is_table && !takes_table(&argument) {
                let message = NO_VALUE.to_owned();
                return Err(Problem { at: entry.at_values.clone(), message });
            }
            let values = default_values(&argument, &entry.values, folder)
                .map_err(|message| Problem { at: entry.at_values.clone(), message: format!("`{name}`: {message}") })?;
            let id = argument.get_id().clone();
            command = command.mut_subcommand(name, |own| {
                own.mut_arg(id, |argument| argument.required(false).default_values(values))
            });
        }
        if !is_known {
            return Err(unknown_key(&command, entry));
        }
    }
    Ok(command)
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
        format!("{of} a flag --{}{}", entry.key, nearest(&entry.key, keys))
    };
    Problem { at: entry.at.clone(), message }
}

/// The name that is probably meant, as the end of a message.
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let scored = names.map(|own| (strsim::jaro_winkler(name, own), own)).filter(|(score, _)| *score >= ALIKE);
    match scored.max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((_, own)) => format!("; did you mean `{own}`?"),
        None => String::new(),
    }
}

/// Values as defaults of an argument.
fn default_values(argument: &Arg, values: &[String], folder: &Path) -> Result<Vec<String>, String> {
    let key = key_of(argument).unwrap_or_default();
    if !argument.get_action().takes_values() {
        return match values {
            [value] if value == "true" || value == "false" => Ok(values.to_vec()),
            _ => Err(format!("`{key}` is true or false")),
        };
    }
    if values.len() != 1 && !takes_several(argument) {
        return Err(format!("`{key}` takes one value"));
    }
    let values: Vec<String> = values.iter().map(|value| resolved(argument, value, folder)).collect();
    // Clap takes defaults for a part of the program, and stops it where they are wrong.
    let probe = Arg::new("value").long(key.to_owned()).num_args(1).action(ArgAction::Append);
    let probe = probe.value_parser(argument.get_value_parser().clone());
    let words = values.iter().map(|value| format!("--{key}={value}"));
    match Command::new("").no_binary_name(true).arg(probe).try_get_matches_from(words) {
        Ok(_) => Ok(values),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            Err(first.trim_start_matches("error: ").to_owned())
        }
    }
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
