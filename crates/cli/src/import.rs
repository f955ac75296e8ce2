//! `graph-contracts import`

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use graph_contracts::contract::Contract;
use graph_contracts::import::{ImportOptions, import};
use graph_contracts_odata::Keeper;
use graph_contracts_odata::check::read_all;
use jiff::Timestamp;

use crate::json_argument::JsonArguments;
use crate::metadata::MetadataArguments;
use crate::output::{self, Progress};
use crate::selection::given_pages;

/// What `--metadata` does here.
const KEEP: &str = "Keep in each contract what this metadata of the service says of its types (CSDL XML, as `$metadata` returns it); name \
                    the version if the file or URL does not. May be repeated: for versions, and for several documents of one. A URL is \
                    fetched without credentials";

/// Make contracts from documentation pages.
///
/// Reads the pages (.md, .txt) and writes one contract for each documented request with its response. The same pages always
/// give the same bytes. Keeps contracts that were changed by hand.
#[derive(clap::Args)]
#[command(mut_arg("metadata", |argument| argument.help(KEEP).long_help(KEEP)))]
pub(crate) struct Arguments {
    /// Read these pages, or folders of pages
    #[arg(value_name = "PATH")]
    pages: Vec<PathBuf>,

    /// Name pages by their path below this folder [default: the root of their repository, or else the folder that was named]
    #[arg(long, value_name = "DIR")]
    pages_root: Option<PathBuf>,

    /// Write the contracts to this folder
    #[arg(long, visible_alias = "out", value_name = "DIR", default_value = "contracts")]
    contracts: PathBuf,

    /// Write no volatile.toml beside the contracts: the rules for volatile values are in this file
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,

    /// Write nothing; exit with 1 if the contracts differ from what the pages document
    #[arg(long)]
    check: bool,

    /// Replace contracts that were changed by hand too; the old ones are saved as .bak
    #[arg(long)]
    overwrite: bool,

    /// What becomes of contracts that no page documents any longer
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Unreferenced::Warn)]
    unreferenced: Unreferenced,

    /// Write a line of JSON for each pair to this file too
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Metadata of the service")]
    metadata: MetadataArguments,

    #[command(flatten, next_help_heading = "Results")]
    json: JsonArguments,
}

/// What becomes of contracts without a page.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Unreferenced {
    /// They are named, and stay
    Warn,
    /// They are deleted; one that was changed by hand, or has rules of its own, is kept as .bak
    Delete,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { pages, pages_root, contracts, rules, check, overwrite, unreferenced, metadata, list, json } =
        arguments;
    let texts = metadata.texts()?;
    let metadata = read_all(&texts)?;
    let keeper = Keeper::new(&metadata);
    let (paths, pages_root, out) = (given_pages(pages)?, pages_root.clone(), contracts.clone());
    let options = ImportOptions {
        paths,
        pages_root,
        out,
        rules: rules.clone(),
        check: *check,
        overwrite: *overwrite,
        delete_unreferenced: *unreferenced == Unreferenced::Delete,
    };
    let at = Timestamp::now();
    let progress = Progress::new("pages");
    let keep = |contract: &Contract| keeper.keep(contract);
    let import = import(&options, keep, |page| {
        progress.advance(page.pages, [(page.pairs, "pairs"), (page.defects, "defects")]);
    });
    drop(progress);
    let import = import?;
    if let Some(file) = list {
        output::write_json_lines(file, &import.list)?;
    }
    let found = import.report(at, *check);
    let mut terminal = output::terminal();
    json.emit(&mut terminal, &found)?;
    if *check && !import.is_current() {
        let next = output::again("--check", &import.flags_for_the_rest());
        output::say_next(&mut terminal, "Take what the pages document now", &next)?;
    } else if !import.is_current() {
        let replay = output::command("replay", contracts, Path::new(output::SNAPSHOTS));
        output::say_next(&mut terminal, "Test the contracts", &replay)?;
    }
    Ok(found.exit_code)
}
