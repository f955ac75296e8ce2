//! `cargo xtask diff`

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use graph_contracts::contract::Cloud;
use graph_contracts::report::quoted;
use graph_contracts::store::{Store, StoreErrorKind};
use graph_contracts_changes::Effect;
use graph_contracts_changes::diff::{self, Diff, changelog};
use graph_contracts_odata::check::MetadataText;
use jiff::Timestamp;

use crate::metadata::document;
use crate::output;

/// Compare two imports of the documentation, or two documents of the service's metadata.
///
/// Reports what was added, removed or changed, and whether that is breaking, additive or cosmetic for a caller, with the file and line on
/// both sides. OLD and NEW are two folders of contracts or two metadata files (CSDL XML, as `$metadata` returns it). Exits with 1 if there is
/// a change that --deny names. See docs/diff.md for each kind of change.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Compare this old set: a folder of contracts, or a metadata file
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// Compare it with this new set of the same kind
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// Select contracts by their ids, or types, operations and elements by their names: any that contain one of these texts
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// Exit with 1 if there is a change with this effect; may be repeated
    #[arg(long, value_name = "EFFECT")]
    deny: Vec<Denied>,

    /// Write the result to this file too, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write the result to this file too, as a changelog in Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// An effect that --deny names.
#[derive(Clone, Copy, ValueEnum)]
enum Denied {
    /// Deny changes on which a caller may fail
    Breaking,
    /// Deny changes by which a caller may use more
    Additive,
}

impl Denied {
    fn effect(self) -> Effect {
        match self {
            Denied::Breaking => Effect::Breaking,
            Denied::Additive => Effect::Additive,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { old, new, filters, deny, json: json_file, markdown } = arguments;
    let (at, start) = (Timestamp::now(), Instant::now());
    let diff = match (is_folder(old)?, is_folder(new)?) {
        (true, true) => of_contracts(old, new, filters, start)?,
        (false, false) => of_metadata(old, new, filters, start)?,
        (old_is_folder, _) => {
            let (folder, file) = if old_is_folder { (old, new) } else { (new, old) };
            bail!(
                "{} is a folder and {} a file; name two folders of contracts, or two metadata files",
                folder.display(),
                file.display()
            );
        }
    };
    let (old_name, new_name) = (old.display().to_string(), new.display().to_string());
    if let Some(file) = markdown {
        output::write_text(file, changelog(&diff, &old_name, &new_name))?;
    }
    let next = deny.is_empty().then(|| deny_command(&old_name, &new_name, filters));
    let denied: Vec<Effect> = deny.iter().map(|denied| denied.effect()).collect();
    let found = diff.report((&old_name, &new_name), at, &denied, next.as_deref());
    output::emit(&mut output::terminal(), &found, json_file.as_deref())?;
    Ok(found.exit_code)
}

/// The command that compares two sets and fails on what breaks.
fn deny_command(old: &str, new: &str, filters: &[String]) -> String {
    let words = [old, new].into_iter().chain(filters.iter().map(String::as_str)).map(quoted);
    format!("cargo xtask diff {} --deny breaking", words.collect::<Vec<_>>().join(" "))
}

fn is_folder(path: &Path) -> anyhow::Result<bool> {
    let kind = std::fs::metadata(path).with_context(|| {
        format!("{}: cannot be read; name two folders of contracts, or two metadata files", path.display())
    })?;
    Ok(kind.is_dir())
}

fn of_contracts(old: &Path, new: &Path, filters: &[String], start: Instant) -> anyhow::Result<Diff> {
    let (old, new) = (store(old)?, store(new)?);
    Ok(diff::contracts(&old, &new, filters, start)?)
}

fn store(folder: &Path) -> anyhow::Result<Store> {
    Store::read(folder).map_err(|error| match error.problems.as_slice() {
        [StoreErrorKind::Empty { .. }] => {
            let folder = folder.display();
            anyhow::anyhow!(
                "{folder}: no contracts here; make some of pages with `cargo xtask import PAGES --out FOLDER`"
            )
        }
        _ => error.into(),
    })
}

fn of_metadata(old: &Path, new: &Path, filters: &[String], start: Instant) -> anyhow::Result<Diff> {
    let (old, new) = (text(old)?, text(new)?);
    Ok(diff::metadata(&old.read()?, &new.read()?, filters, start)?)
}

fn text(file: &Path) -> anyhow::Result<MetadataText> {
    let name = file.display().to_string();
    let text = document(file)?;
    // Whatever it is of: only one document is compared with one.
    Ok(MetadataText { cloud: Cloud::Global, version: String::new(), name, text })
}
