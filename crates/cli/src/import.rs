//! `cargo xtask import`

use std::path::PathBuf;

use graph_contracts::import::{ImportOptions, import};
use jiff::Timestamp;

use crate::output::{self, Progress};

/// Make contracts from documentation pages.
///
/// Reads the pages (.md, .txt) and writes one contract for each documented request with its response. The same pages always
/// give the same bytes. Keeps contracts that were changed by hand.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Read these pages, or folders of pages
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Name pages by their path below this folder [default: the root of their repository, or else the folder that was named]
    #[arg(long, value_name = "DIR")]
    pages_root: Option<PathBuf>,

    /// Write the contracts to this folder
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    out: PathBuf,

    /// Write nothing; exit with 1 if the contracts differ from what the pages document
    #[arg(long)]
    check: bool,

    /// Replace contracts that were changed by hand too; the old ones are saved as .bak
    #[arg(long)]
    overwrite: bool,

    /// Write a line of JSON for each pair to this file too
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,

    /// Write the result to this file too, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { paths, pages_root, out, check, overwrite, list, json } = arguments;
    let (paths, pages_root, out) = (paths.clone(), pages_root.clone(), out.clone());
    let options = ImportOptions { paths, pages_root, out, check: *check, overwrite: *overwrite };
    let at = Timestamp::now();
    let progress = Progress::new("pages");
    let import = import(&options, |page| {
        progress.advance(page.pages, [(page.pairs, "pairs"), (page.defects, "defects")]);
    });
    drop(progress);
    let import = import?;
    if let Some(file) = list {
        output::write_json_lines(file, &import.list)?;
    }
    let found = import.report(at, *check);
    output::emit(&mut output::terminal(), &found, json.as_deref())?;
    Ok(found.exit_code)
}
