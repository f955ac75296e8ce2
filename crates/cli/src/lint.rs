//! `graph-contracts lint`

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use graph_contracts::command_line::{CODES, explain};
use graph_contracts::contract::{Contract, Property};
use graph_contracts::diagnostic::{Code, Diagnostic};
use graph_contracts::file;
use graph_contracts::import::may_be_page;
use graph_contracts::lint::{
    Baseline, HasPage, Level, LevelRule, Levels, Lint, LintOptions, MetadataRules, Suppressions, fix, lint,
};
use graph_contracts::meant::did_you_mean;
use graph_contracts::page::Page;
use graph_contracts::report::{CaseLine, Detail, Line, Report, Tone, count, quoted};
use graph_contracts_odata::check::read_all;
use graph_contracts_odata::{diagnostics, resource_diagnostics};
use graph_contracts_report::{OfCode, Repository, sarif, snippets};
use jiff::Timestamp;

use crate::changed_files::{base_of_branches, changed_since, listed, place};
use crate::configuration;
use crate::lint_fix;
use crate::metadata::MetadataArguments;
use crate::output::{self, Progress};
use crate::partition::Partition;
use crate::report_files::ReportArguments;
use crate::selection::{given_pages, unless_none};

/// Find defects in documentation pages.
///
/// Reports the place of every defect and how to fix it. With --metadata, checks the contracts of the pages against the service's own
/// metadata too; a contradiction is an error. Exits with 1 if there is a defect of the level `error`, as one that keeps an example from
/// becoming a contract is, or one that --deny names. `graph-contracts explain CODE` says more of each.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Read these pages, or folders of pages. `-` reads a list of files from standard input, each before a NUL or on a line, and reports only
    /// defects of these; without other paths, only they are read
    #[arg(value_name = "PATH")]
    pages: Vec<PathBuf>,

    /// Exit with 1 if there is a defect with this code too (`warnings` stands for all of the level `warning`); may be repeated
    #[arg(long, value_name = "CODE|warnings")]
    deny: Vec<String>,

    /// Set how much defects with this code (`*` for all) matter, on all pages or those of a glob: `error`, `warning`, `note` or `off`; may be
    /// repeated, and the last one that is about a defect counts
    #[arg(long, value_name = "CODE[@PAGES]=LEVEL")]
    levels: Vec<LevelRule>,

    /// Report only defects with this code; may be repeated
    #[arg(long, value_name = "CODE")]
    only: Vec<String>,

    /// Report only defects of pages that have changed since this commit, or that include or show a file that has
    #[arg(long, value_name = "REF")]
    changed_since: Option<String>,

    /// Judge one part of the pages only, so that several machines share them: 1/3 is the first of three. All pages are read all the same.
    /// `graph-contracts report --merge` makes one report of the parts
    #[arg(long, value_name = "N/M", conflicts_with = "update_baseline")]
    partition: Option<Partition>,

    /// Accept the defects listed in this TOML file: tables `suppress` with code, page (a glob), fingerprint (if given) and reason
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,

    /// Report only defects that are not in this file; others are known. With `none`, report all
    #[arg(long, value_name = "FILE|none")]
    baseline: Option<PathBuf>,

    /// Write the baseline: all defects are known from now on, and those that are gone are forgotten
    #[arg(long)]
    update_baseline: bool,

    /// Correct what has one right answer in the pages, and report what is left
    #[arg(long, conflicts_with = "update_baseline")]
    fix: bool,

    /// With --fix, print what would be changed as a patch, and write nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,

    /// Write the result to this file too, as SARIF 2.1.0 (for GitHub code scanning)
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Results")]
    report: ReportArguments,

    #[command(flatten, next_help_heading = "Metadata of the service")]
    metadata: MetadataArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Arguments {
        pages,
        deny,
        levels,
        only,
        changed_since,
        partition,
        suppressions: file,
        baseline,
        update_baseline,
        fix: is_fixed,
        dry_run,
        sarif: sarif_file,
        metadata,
        report,
    } = arguments;
    let baseline = baseline.as_deref().and_then(unless_none);
    let at = Timestamp::now();
    let denied = deny.iter().filter(|name| *name != "warnings").map(|name| ("--deny", name));
    for (flag, name) in denied.chain(only.iter().map(|name| ("--only", name))) {
        if Code::named(name).is_none() {
            let levels = ["warnings"].into_iter().filter(|_| flag == "--deny");
            let near = did_you_mean(name, levels.chain(Code::ALL.iter().map(|code| code.name())));
            bail!("{flag} {name}: there is no such code{near} ({} lists them)", explain(CODES));
        }
    }
    let only: BTreeSet<Code> = only.iter().filter_map(|name| Code::named(name)).collect();
    let is_wanted = |code: Code| only.is_empty() || only.contains(&code);
    if *update_baseline && baseline.is_none() {
        bail!(
            "--update-baseline: name the file with --baseline, or with the key `baseline` of {}",
            configuration::FILE
        );
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
    let has_metadata = !metadata.is_empty();
    let rules = Some(rules).filter(|_| has_metadata);
    let Judged { paths, changed } = judged(&given_pages(pages)?, changed_since.as_deref())?;
    let has = partition.map(|partition| move |at: usize, page: &str| partition.has(at, page));
    let options = LintOptions {
        part: has.as_ref().map(|has| has as &HasPage),
        paths,
        pages_root: report.pages_root().map(Path::to_path_buf),
        changed,
        only: only.clone(),
        suppressions,
        levels: Levels::new(levels.clone()),
        metadata: rules,
    };
    let look = || -> anyhow::Result<Lint> {
        // A list may have no page.
        let mut found = match options.paths.is_empty() {
            true => Lint { root: PathBuf::from("."), ..Lint::default() },
            false => lint(&options, |page| {
                progress.advance(page.pages, [(page.pairs, "pairs"), (page.defects, "defects")]);
            })?,
        };
        if let Some(file) = baseline {
            leave_out_known(&mut found, file, *update_baseline, |code| {
                is_wanted(code) && (has_metadata || !code.is_of_metadata())
            })?;
        }
        Ok(found)
    };
    let mut lint = look()?;
    if *is_fixed {
        let fixes = fix(&options, &lint)?;
        if !dry_run {
            lint_fix::write(&fixes, &lint)?;
            lint = look()?;
        }
        lint.fixes = Some(fixes);
    }
    drop(progress);
    lint.read_excerpts();
    let denies = |name: &str| deny.iter().any(|own| own == name);
    let denies_warnings = denies("warnings");
    let is_denied = |own: &Diagnostic| match lint.levels.of_diagnostic(own) {
        Level::Error => true,
        Level::Warning if denies_warnings => true,
        Level::Warning | Level::Note | Level::Off => denies(own.code.name()),
    };
    let mut found = lint.report(at, is_denied, &shown);
    found.part = partition.map(Partition::part);
    let repository = Repository::around(&lint.root, Path::new("."))?;
    let location = |page: &str| {
        let file = lint.files.get(page).map_or(Path::new(page), PathBuf::as_path);
        // Pages that are elsewhere are named as they were given.
        Some(repository.path_of(file).unwrap_or_else(|| file.display().to_string()))
    };
    if let Some(fixes) = lint.fixes.as_ref().filter(|_| *dry_run) {
        lint_fix::show(fixes, location)?;
        if let Some(left) = lint.undecided_note() {
            output::note(&left)?;
        } else if fixes.pages.is_empty() {
            output::note("there is nothing to correct")?;
        }
        report.write_json(&found)?;
        return Ok(found.exit_code);
    }
    if let Some(file) = sarif_file {
        output::write_json(file, &sarif(&found, location))?;
    }
    let source = |page: &str| file::read_text(lint.files.get(page)?).ok();
    let mut terminal = output::terminal();
    // Whoever reads the terminal may go away; files are written all the same.
    let written = show(&mut terminal, &found, &lint, source);
    let exit_code = report.finish_with(&mut terminal, written, &found, &[], location)?;
    if let Some(file) = baseline {
        say_next(&mut terminal, file, *update_baseline, &lint)?;
    }
    Ok(exit_code)
}

/// The flag that writes the baseline.
const UPDATE: &str = "--update-baseline";

/// Says what to do with a baseline that was written, or that is not there yet.
fn say_next(terminal: &mut output::Out, file: &Path, is_written: bool, lint: &Lint) -> anyhow::Result<()> {
    let shown = file.display();
    if is_written {
        let known = count(lint.known, "defect is", "defects are");
        let why = format!("{known} known from now on, in {shown}. Commit it; to report what a branch adds");
        let since = base_of_branches(&lint.root).map(|base| format!("--changed-since {}", quoted(&base)));
        let flags: Vec<&str> = since.iter().map(String::as_str).chain(["--deny warnings"]).collect();
        output::say_next(terminal, &why, &output::again(UPDATE, &flags))?;
    } else if !file.exists() && !lint.diagnostics.is_empty() {
        let why = format!("There is no {shown} yet. To take these defects as known, and report only new ones");
        output::say_next(terminal, &why, &output::again("", &[UPDATE]))?;
    }
    Ok(())
}

/// How many defects are shown with their lines as a rule: one of each code at least.
const MOST_SNIPPETS: usize = 30;

/// Shows how many defects of each code there are, and then the lines of the first ones of each.
fn show(
    terminal: &mut output::Out,
    found: &Report<'_>,
    lint: &Lint,
    source: impl Fn(&str) -> Option<String>,
) -> io::Result<()> {
    for case in &found.cases {
        let is_wanted = case.findings.is_empty() && terminal.detail() >= Detail::Each;
        let word = (case.outcome, "with warnings".len());
        let line = CaseLine { tone: Tone::Good, word, method: None, id: case.id, routes: None, elapsed: None };
        if is_wanted {
            terminal.case(&line)?
        } else {
            continue;
        };
    }
    if terminal.detail() == Detail::Result {
        return Ok(());
    }
    terminal.blocks(&[lint.counts()])?;
    let most = terminal.detail().most(MOST_SNIPPETS);
    for OfCode { code, title, number, snippets } in snippets(found, terminal.width(), most, source) {
        terminal.block(&[Line::new(Tone::Bold, code).text(format!(": {title}"))])?;
        snippets.iter().try_for_each(|snippet| terminal.text(snippet))?;
        match number - snippets.len() {
            0 => {}
            more => terminal.block(&[Line::plain(format!("… and {more} more; --all shows them"))])?,
        }
    }
    Ok(())
}

/// What is read and what is judged.
struct Judged {
    paths: Vec<PathBuf>,
    /// The files that have changed, if only pages that have are judged.
    changed: Option<BTreeSet<PathBuf>>,
}

/// What is read and judged of the paths that were given: all, or what has changed since a commit or is in a list.
fn judged(paths: &[PathBuf], reference: Option<&str>) -> anyhow::Result<Judged> {
    let (lists, paths): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(|path| path == Path::new(LIST));
    if lists.is_empty() {
        let near = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let changed = reference.map(|reference| changed_since(reference, near)).transpose()?;
        return Ok(Judged { paths, changed });
    }
    if reference.is_some() {
        bail!("--changed-since and a list of files (`{LIST}`): give one of them");
    }
    let files = listed()?;
    if paths.is_empty() {
        // A list of what has changed has other files, too, and some that are gone.
        let pages = files.into_iter().filter(|file| may_be_page(file) && file.is_file());
        return Ok(Judged { paths: pages.collect(), changed: None });
    }
    Ok(Judged { paths, changed: Some(files.iter().map(|file| place(file)).collect()) })
}

/// The path that stands for a list on standard input.
const LIST: &str = "-";

/// Leaves out the defects that a baseline has; before that, `update` writes it.
fn leave_out_known(
    lint: &mut Lint,
    file: &Path,
    update: bool,
    could_be_found: impl Fn(Code) -> bool,
) -> anyhow::Result<()> {
    let shown = file.display().to_string();
    let mut baseline = match file::read_text(file) {
        Ok(text) => Baseline::parse(&shown, &text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Baseline::default(),
        Err(error) => return Err(error).with_context(|| format!("{shown}: cannot be read")),
    };
    if update {
        let looked_at = |page: &str| lint.has_judged(page);
        let looked_for = |page: &str, code: Code| lint.looked_for(page, code) && could_be_found(code);
        baseline = baseline.updated(&lint.diagnostics, &lint.fingerprints, looked_at, looked_for);
        output::write_text(file, baseline.to_text())?;
    }
    lint.leave_out(&baseline, could_be_found);
    Ok(())
}

/// The accepted defects of a file, if there is one.
pub(crate) fn read_suppressions(file: Option<&Path>) -> anyhow::Result<Suppressions> {
    let Some(file) = file else { return Ok(Suppressions::default()) };
    let shown = file.display().to_string();
    let text = file::read_text(file).with_context(|| format!("{shown}: cannot be read"))?;
    Ok(Suppressions::parse(&shown, &text)?)
}
