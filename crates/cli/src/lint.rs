//! `graph-contracts lint`

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use graph_contracts::contract::{Contract, Property};
use graph_contracts::diagnostic::{Code, Severity};
use graph_contracts::file;
use graph_contracts::lint::{LintOptions, MetadataRules, Suppressions, lint};
use graph_contracts::page::Page;
use graph_contracts_odata::check::read_all;
use graph_contracts_odata::{diagnostics, resource_diagnostics};
use graph_contracts_report::{Repository, sarif, snippets};
use jiff::Timestamp;

use crate::metadata::MetadataArguments;
use crate::output::{self, Progress};
use crate::report::ReportArguments;
use crate::selection::given_pages;

/// Find defects in documentation pages.
///
/// Reports the place of every defect and how to fix it. With --metadata, checks the contracts of the pages against the service's own
/// metadata too; a contradiction is an error. Exits with 1 if there is a defect that --deny names, or one that keeps an example from
/// becoming a contract. See docs/diagnostics.md for each code.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Read these pages, or folders of pages
    #[arg(value_name = "PATH")]
    pages: Vec<PathBuf>,

    /// Exit with 1 if there is a defect with this code (`warnings` stands for all); may be repeated
    #[arg(long, value_name = "CODE|warnings")]
    deny: Vec<String>,

    /// Accept the defects listed in this TOML file: tables `suppress` with code, page (or "*") and reason
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,

    /// Write the result to this file too, as SARIF 2.1.0 (for GitHub code scanning)
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,

    #[command(flatten)]
    report: ReportArguments,

    // Last: its limits have a heading of their own.
    #[command(flatten)]
    metadata: MetadataArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments { pages, deny, suppressions: file, sarif: sarif_file, metadata, report } = arguments;
    let at = Timestamp::now();
    for name in deny {
        if name != "warnings" && !Code::ALL.iter().any(|code| code.name() == name) {
            bail!("--deny {name}: there is no such code; docs/diagnostics.md lists them");
        }
    }
    let shown = file.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
    let suppressions = read_suppressions(file.as_deref())?;
    let texts = metadata.texts()?;
    let metadata = read_all(&texts)?;
    let progress = Progress::new("pages");
    let of_contract = |page: &Page<'_>, contract: &Contract| diagnostics(page, contract, &metadata);
    let of_resource = |page: &Page<'_>, type_name: &str, tables: &[Vec<Property>]| {
        resource_diagnostics(page, type_name, tables, &metadata)
    };
    let rules = MetadataRules { contract: &of_contract, resource: &of_resource };
    let rules = Some(rules).filter(|_| !metadata.is_empty());
    let pages_root = report.pages_root.clone();
    let options = LintOptions { paths: given_pages(pages)?, pages_root, suppressions, metadata: rules };
    let lint = lint(&options, |page| {
        progress.advance(page.pages, [(page.pairs, "pairs"), (page.defects, "defects")]);
    });
    drop(progress);
    let lint = lint?;
    let is_denied = |code: Code| {
        code.severity() == Severity::Error || deny.iter().any(|name| name == "warnings" || name == code.name())
    };
    let found = lint.report(at, is_denied, &shown);
    let repository = Repository::around(&lint.root, Path::new("."))?;
    let location = |page: &str| {
        let file = lint.files.get(page).map_or(Path::new(page), PathBuf::as_path);
        // Pages that are elsewhere are named as they were given.
        Some(repository.path_of(file).unwrap_or_else(|| file.display().to_string()))
    };
    if let Some(file) = sarif_file {
        output::write_json(file, &sarif(&found, location))?;
    }
    let source = |page: &str| file::read_text(lint.files.get(page)?).ok();
    let mut terminal = output::terminal();
    let written = snippets(&found, terminal.width(), source).try_for_each(|snippet| terminal.text(&snippet));
    report.emit(&mut terminal, &found)?;
    written?;
    report.write(&found, &[], location);
    Ok(found.exit_code)
}

/// The accepted defects of a file, if there is one.
pub(crate) fn read_suppressions(file: Option<&Path>) -> anyhow::Result<Suppressions> {
    let Some(file) = file else { return Ok(Suppressions::default()) };
    let shown = file.display().to_string();
    let text = file::read_text(file).with_context(|| format!("{shown}: cannot be read"))?;
    Ok(Suppressions::parse(&shown, &text)?)
}
