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
pub(crate) use graph_contracts::configuration::FILE;
use graph_contracts::configuration::folder_of_file;
use graph_contracts::file;
use graph_contracts::source::LineIndex;

pub(crate) use self::defaults::nearest;
use self::defaults::with_defaults;
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

/// The command line with the defaults of the configuration: of the file that was named, or of the one that is found from here upwards. With
/// the path of the file, if there is one.
///
/// # Errors
///
/// When the file cannot be read, is no TOML, or has a key or a value that no flag takes.
pub(crate) fn configured(
    command: clap::Command,
    named: Option<&Path>,
) -> anyhow::Result<(clap::Command, Option<PathBuf>)> {
    let file = match named {
        Some(named) if unless_none(named).is_none() => return Ok((command, None)),
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
    let Some(file) = file else { return Ok((command, None)) };
    let text = file::read_text(&file).with_context(|| format!("{}: cannot be read", file.display()))?;
    let at = |problem: Problem| {
        let (line, column) = LineIndex::new(&text).position(problem.at.start);
        anyhow!("{}:{line}:{column}: {}", file.display(), problem.message)
    };
    let entries = entries(&text).map_err(at)?;
    let command = with_defaults(command, &entries, file.parent().unwrap_or(Path::new(""))).map_err(at)?;
    Ok((command, Some(file)))
}
