//! `graph-contracts.toml`: what a project says once, and not with each command.
//!
//! A key is the name of a flag, or `pages` for the pages that a command is given. It stands for every command that has such a flag; in a
//! table with the name of a command, for that command alone. What is given on the command line counts more.
//!
//! - `graph_contracts::configuration`: the file, from the folder in which a command runs upwards
//! - `entries.rs`: its text as keys and values, each with its place
//! - `defaults.rs`: keys and values as defaults of the flags of the command line
//! - `schema.rs`: the keys that there are, as a JSON Schema

mod defaults;
mod entries;
mod schema;

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use clap::parser::ValueSource;
pub(crate) use graph_contracts::configuration::FILE;
use graph_contracts::configuration::folder_of_file;
use graph_contracts::file;
use graph_contracts::source::LineIndex;

use self::defaults::{Default, with_defaults, with_needs};
use self::entries::entries;
pub(crate) use self::schema::schema;
use crate::selection::unless_none;

/// The option that names the file.
pub(crate) const OPTION: &str = "config";

/// What is wrong at a place of the file.
#[derive(Debug, PartialEq)]
struct Problem {
    /// The bytes that it is about.
    at: Range<usize>,
    message: String,
}

/// A file of keys and values, as it was read.
pub(crate) struct Configuration {
    /// Where it is.
    pub(crate) file: PathBuf,
    text: String,
    defaults: Vec<Default>,
}

impl Configuration {
    /// Where the value is that an error of a command is about, if the command took it from the file.
    pub(crate) fn place_of(&self, (command, matches): (&str, &clap::ArgMatches), error: &str) -> Option<String> {
        let is_taken = |own: &&Default| {
            own.command == command && matches.value_source(own.id.as_str()) == Some(ValueSource::DefaultValue)
        };
        // Of `VERSION=FILE`, errors name the file.
        let is_named = |own: &&Default| {
            names(error, &own.value) || own.value.split_once('=').is_some_and(|(_, file)| names(error, file))
        };
        let found = self.defaults.iter().filter(is_taken).find(is_named);
        found.map(|own| place(&self.file, &self.text, &own.at))
    }
}

/// Whether an error is about a value: such errors begin with it and a colon, as does the cause of another.
fn names(error: &str, value: &str) -> bool {
    let begins = |before: &str| before.chars().next_back().is_none_or(char::is_whitespace);
    let mut found = error.match_indices(value);
    found.any(|(at, _)| begins(&error[..at]) && error[at + value.len()..].starts_with(": "))
}

/// A place of the file as it is said.
fn place(file: &Path, text: &str, at: &Range<usize>) -> String {
    let (line, column) = LineIndex::new(text).position(at.start);
    format!("{}:{line}:{column}", file.display())
}

/// The command line with the defaults of the configuration: of the file that was named, or of the one that is found from here upwards. With
/// what was read, if there is a file.
///
/// # Errors
///
/// When the file cannot be read, is no TOML, or has a key or a value that no flag takes.
pub(crate) fn configured(
    command: clap::Command,
    named: Option<&Path>,
) -> anyhow::Result<(clap::Command, Option<Configuration>)> {
    let file = match named {
        Some(named) if unless_none(named).is_none() => return Ok((with_needs(command), None)),
        Some(named) => {
            if !named.is_file() {
                bail!("--{OPTION} {}: there is no such file", named.display());
            }
            Some(named.to_owned())
        }
        None => {
            let here = std::env::current_dir().context("the current folder is not known")?;
            folder_of_file(&here, std::env::home_dir().as_deref()).map(|folder| folder.join(FILE))
        }
    };
    let Some(file) = file else { return Ok((with_needs(command), None)) };
    let text = file::read_text(&file).with_context(|| format!("{}: cannot be read", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let defaults = entries(&text).and_then(|entries| with_defaults(command, &entries, folder));
    let (command, defaults) =
        defaults.map_err(|problem| anyhow!("{}: {}", place(&file, &text, &problem.at), problem.message))?;
    Ok((with_needs(command), Some(Configuration { file, text, defaults })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_about_the_value_that_it_begins_with() {
        let check = |error: &str, expected: bool| assert_eq!(names(error, "docs"), expected, "{error}");
        check("docs: cannot be read", true);
        check("a.md:1:1: docs: cannot be read", true);
        check("first\ndocs: cannot be read", true);
        check("old-docs: cannot be read", false);
        check("docs/a.md: cannot be read", false);
        check("the docs are old", false);
    }
}
