//! `graph-contracts diff`

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use graph_contracts::command_line::command_line;
use graph_contracts::contract::Cloud;
use graph_contracts::report::quoted;
use graph_contracts::store::{Store, StoreErrorKind};
use graph_contracts_changes::Effect;
use graph_contracts_changes::diff::{self, Diff, changelog};
use graph_contracts_odata::check::{MetadataText, read_together};
use jiff::Timestamp;

use crate::metadata::document;
use crate::output;
use crate::report_files::FilesArguments;
use crate::selection::RulesArgument;

/// Compare two imports of the documentation, or two versions of the service's metadata.
///
/// Reports what was added, removed or changed, and whether that is breaking, additive or cosmetic for a caller, with the file and line on
/// both sides. OLD and NEW are two folders of contracts or two metadata files (CSDL XML, as `$metadata` returns it). Metadata in several
/// files is compared as a whole: --old and --new name the others. Exits with 1 if there is a change that --deny names. `graph-contracts
/// explain diff` lists the kinds of change.
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

    /// Read this metadata file together with OLD, which refers to it; may be repeated
    #[arg(long = "old", value_name = "FILE")]
    old_others: Vec<PathBuf>,

    /// Read this metadata file together with NEW, which refers to it; may be repeated
    #[arg(long = "new", value_name = "FILE")]
    new_others: Vec<PathBuf>,

    /// Exit with 1 if there is a change with this effect; may be repeated
    #[arg(long, value_name = "EFFECT")]
    deny: Vec<Denied>,

    #[command(flatten)]
    rules: RulesArgument,

    #[command(flatten, next_help_heading = "Results")]
    files: FilesArguments,

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
    let Arguments { old, new, filters, old_others, new_others, deny, rules, files, markdown } = arguments;
    let (at, start) = (Timestamp::now(), Instant::now());
    let diff = match (is_folder(old)?, is_folder(new)?) {
        (true, true) if !old_others.is_empty() || !new_others.is_empty() => {
            bail!("--old and --new name further metadata files, and {} is a folder of contracts", old.display());
        }
        (true, true) => of_contracts((old, new), rules, filters, start)?,
        (false, false) => of_metadata((old, old_others), (new, new_others), filters, start)?,
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
    let next = deny.is_empty().then(|| deny_command(arguments));
    let denied: Vec<Effect> = deny.iter().map(|denied| denied.effect()).collect();
    let found = diff.report((&old_name, &new_name), at, &denied, next.as_deref());
    files.finish(&mut output::terminal(), &found, filters)
}

/// The command that compares two sets and fails on what breaks.
fn deny_command(arguments: &Arguments) -> String {
    let Arguments { old, new, filters, old_others, new_others, rules, .. } = arguments;
    let file = |file: &PathBuf| quoted(&file.display().to_string());
    let others = |option: &'static str, files: &[PathBuf]| -> Vec<String> {
        files.iter().map(|own| format!("{option} {}", file(own))).collect()
    };
    let sets = [old, new].map(file).into_iter().chain(filters.iter().map(|own| quoted(own)));
    let words = sets.chain(others("--old", old_others)).chain(others("--new", new_others));
    let words = words.chain(rules.file().map(|own| format!("--rules {}", quoted(&own.display().to_string()))));
    format!("{} diff {} --deny breaking", command_line(), words.collect::<Vec<_>>().join(" "))
}

fn is_folder(path: &Path) -> anyhow::Result<bool> {
    let kind = std::fs::metadata(path).with_context(|| {
        format!("{}: cannot be read; name two folders of contracts, or two metadata files", path.display())
    })?;
    Ok(kind.is_dir())
}

fn of_contracts(
    (old, new): (&Path, &Path),
    rules: &RulesArgument,
    filters: &[String],
    start: Instant,
) -> anyhow::Result<Diff> {
    let (old, new) = (store(old, rules)?, store(new, rules)?);
    Ok(diff::contracts(&old, &new, filters, start)?)
}

fn store(folder: &Path, rules: &RulesArgument) -> anyhow::Result<Store> {
    rules.store(folder).map_err(|error| match error.problems.as_slice() {
        [StoreErrorKind::Empty { .. }] => {
            let folder = folder.display();
            anyhow::anyhow!(
                "{folder}: no contracts here; make some of pages with `{} import PAGES --contracts FOLDER`",
                command_line()
            )
        }
        _ => error.into(),
    })
}

/// A metadata file, and the others that are read together with it.
type Files<'a> = (&'a PathBuf, &'a [PathBuf]);

fn of_metadata(old: Files<'_>, new: Files<'_>, filters: &[String], start: Instant) -> anyhow::Result<Diff> {
    let (old, new) = (texts(old)?, texts(new)?);
    let (old, new): (Vec<&MetadataText>, Vec<&MetadataText>) = (old.iter().collect(), new.iter().collect());
    Ok(diff::metadata(&read_together(&old)?, &read_together(&new)?, filters, start)?)
}

fn texts((first, others): Files<'_>) -> anyhow::Result<Vec<MetadataText>> {
    std::iter::once(first).chain(others).map(|file| text(file)).collect()
}

fn text(file: &Path) -> anyhow::Result<MetadataText> {
    let name = file.display().to_string();
    let text = document(file)?;
    // Whatever it is of: all of one side are read together.
    Ok(MetadataText { cloud: Cloud::Global, version: String::new(), name, text })
}
