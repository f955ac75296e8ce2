//! Folders of pages become a folder of contracts.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use walkdir::WalkDir;

use crate::contract::{
    self, Built, Contract, PageName, SCHEMA_FILE, StoreErrorKind, TEMPORARY, contract_files, contract_path,
    contract_text, digest, read_contract, unique_names, write_whole,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::normal::{DEFAULT_RULES, VOLATILE_FILE};
use crate::page::{Block, BlockKind, Page, Pairing};

/// What to import, and where to.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Pages, or folders of pages.
    pub paths: Vec<PathBuf>,
    /// The contracts folder.
    pub out: PathBuf,
    /// Write nothing, only say what would change.
    pub check: bool,
    /// Also replace contracts that were changed by hand.
    pub overwrite: bool,
}

/// Why pages cannot be imported. Nothing has been written then, except for [`ImportError::Unwritable`].
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A path does not exist or cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A folder holds no page.
    #[error("{}: no pages here; a page is a file that ends in .md or .txt", path.display())]
    NoPages {
        /// The folder.
        path: PathBuf,
    },
    /// Pages cannot be read as text.
    #[error("{}", problems.join("\n"))]
    BadPages {
        /// What is wrong with each, with its path.
        problems: Vec<String>,
    },
    /// No page documents a request with its response.
    #[error("no documented request/response pair in {pages} {}; see docs/contract-format.md for what makes a pair", if *pages == 1 { "page" } else { "pages" })]
    NoPairs {
        /// The number of pages.
        pages: usize,
    },
    /// The contracts folder cannot be read.
    #[error(transparent)]
    Contracts(#[from] StoreErrorKind),
    /// A file cannot be written. Files are written whole or not at all.
    #[error("{}: cannot be written: {cause}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// What the pages hold.
    pub counts: Counts,
    /// What is wrong with the pages, by page and line.
    pub diagnostics: Vec<Diagnostic>,
    /// Files that were added, or would be.
    pub added: Vec<PathBuf>,
    /// Files that were changed, or would be.
    pub updated: Vec<PathBuf>,
    /// Contracts that differ from their page because they were changed by hand, and were left as they are.
    pub kept: Vec<PathBuf>,
    /// Contracts that were changed by hand and replaced all the same.
    pub overwritten: Vec<PathBuf>,
    /// Contracts whose pair is documented no longer. They are never deleted.
    pub stale: Vec<PathBuf>,
    /// How long it took.
    pub elapsed: Duration,
}

/// What became of the HTTP blocks of all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pages.
    pub pages: usize,
    /// Pages with a pair.
    pub pages_with_pair: usize,
    /// Blocks that hold a request or a list of URL templates.
    pub request_blocks: usize,
    /// Blocks that hold a response.
    pub response_blocks: usize,
    /// Request blocks that give the URL templates of their page.
    pub route_blocks: usize,
    /// Requests with the response that follows them.
    pub pairs: usize,
    /// Requests whose response is documented with another one.
    pub shared_pairs: usize,
    /// Further responses to the request of a pair.
    pub extra_responses: usize,
    /// Responses without a request.
    pub orphan_responses: usize,
    /// Requests without a response that give no template.
    pub unanswered: usize,
    /// Contracts.
    pub contracts: usize,
}

impl Import {
    /// Whether the contracts are what the pages document.
    pub fn is_current(&self) -> bool {
        self.added.is_empty() && self.updated.is_empty() && self.kept.is_empty() && self.stale.is_empty()
    }

    /// How many diagnostics of each code there are.
    pub fn diagnostics_by_code(&self) -> BTreeMap<Code, usize> {
        let mut counts = BTreeMap::new();
        for diagnostic in &self.diagnostics {
            *counts.entry(diagnostic.code).or_default() += 1;
        }
        counts
    }
}

/// The largest file that is read as a page, in bytes. Documentation pages are a thousand times smaller.
const MAX_PAGE: u64 = 8 * 1024 * 1024;

/// A page that was found.
struct PageFile {
    /// Where it is.
    file: PathBuf,
    /// What it is called in contracts: its path below the folder that was named.
    path: String,
    text: String,
}

/// Imports pages.
///
/// # Errors
///
/// When the pages cannot be read or hold no pair, or the contracts cannot be written. Defects of pages are no errors but
/// diagnostics.
pub fn import(options: &ImportOptions) -> Result<Import, ImportError> {
    let start = Instant::now();
    let pages = read_pages(&find_pages(&options.paths)?)?;
    let mut import = Import::default();
    let contracts = build_all(&pages, &mut import);
    if contracts.is_empty() {
        return Err(ImportError::NoPairs { pages: pages.len() });
    }
    import.counts.contracts = contracts.len();
    let writer = Writer { options };
    if !options.check {
        remove_leftovers(&options.out);
    }
    let existing = existing_contracts(&options.out)?;
    for contract in &contracts {
        writer.contract(contract, &existing, &mut import)?;
    }
    writer.companions(&mut import)?;
    import.stale = stale(&existing, &contracts, &pages, options);
    import.elapsed = start.elapsed();
    Ok(import)
}

/// The pages that the paths name: files as they are, folders with all pages below them. Each with its name.
fn find_pages(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, String>, ImportError> {
    let mut found = BTreeMap::new();
    for path in paths {
        let unreadable = |cause| ImportError::Unreadable { path: path.clone(), cause };
        if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
            let name = path.file_name().unwrap_or(path.as_os_str());
            found.insert(path.clone(), name.to_string_lossy().into_owned());
            continue;
        }
        let before = found.len();
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|error| ImportError::Unreadable { path: path.clone(), cause: error.into() })?;
            let is_page = entry.path().extension().is_some_and(|extension| extension == "md" || extension == "txt");
            if entry.file_type().is_file() && is_page {
                let relative = entry.path().strip_prefix(path).unwrap_or(entry.path());
                let parts = relative.components().map(|part| part.as_os_str().to_string_lossy());
                let name = parts.collect::<Vec<_>>().join("/");
                found.insert(entry.into_path(), name);
            }
        }
        if found.len() == before {
            return Err(ImportError::NoPages { path: path.clone() });
        }
    }
    Ok(found)
}

/// Reads the pages; what is wrong with any of them is said at once.
fn read_pages(files: &BTreeMap<PathBuf, String>) -> Result<Vec<PageFile>, ImportError> {
    let (mut pages, mut problems) = (Vec::new(), Vec::new());
    for (file, path) in files {
        match read_page(file) {
            Ok(text) => pages.push(PageFile { file: file.clone(), path: path.clone(), text }),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(pages) } else { Err(ImportError::BadPages { problems }) }
}

fn read_page(file: &Path) -> Result<String, String> {
    let shown = file.display();
    let unreadable = |cause: io::Error| format!("{shown}: cannot be read: {cause}");
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > MAX_PAGE {
        let (size, limit) = (size / 1024 / 1024, MAX_PAGE / 1024 / 1024);
        return Err(format!(
            "{shown}: {size} MB are too large for a page (the limit is {limit} MB); leave the file out or split it"
        ));
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = valid.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&valid[start..]).chars().count() + 1;
        format!("{shown}:{line}:{column}: not UTF-8; save the page as UTF-8, or leave it out")
    })?;
    if text.trim().is_empty() {
        return Err(format!("{shown}:1:1: the page is empty; leave it out, or restore it"));
    }
    Ok(text)
}

/// Builds the contracts of all pages, by id.
fn build_all(pages: &[PageFile], import: &mut Import) -> Vec<Contract> {
    let mut parsed = Vec::with_capacity(pages.len());
    for page in pages {
        let page = Page::parse(&page.path, &page.text);
        let blocks = page.blocks(&mut import.diagnostics);
        let pairing = Pairing::of(&blocks);
        import.counts.add(&blocks, &pairing);
        parsed.push((page, blocks, pairing));
    }
    let names = parsed.iter().map(|(page, blocks, pairing)| PageName::of(page, blocks, pairing)).collect();
    let mut contracts = Vec::new();
    for ((page, blocks, pairing), name) in parsed.iter().zip(unique_names(names)) {
        let Built { contracts: built, diagnostics } = contract::build(page, blocks, pairing, &name);
        contracts.extend(built);
        import.diagnostics.extend(diagnostics);
    }
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let place = |d: &Diagnostic| (d.page.clone(), d.line, d.column, d.code);
    import.diagnostics.sort_by_key(place);
    contracts
}

impl Counts {
    fn add(&mut self, blocks: &[Block<'_>], pairing: &Pairing) {
        self.pages += 1;
        self.pages_with_pair += usize::from(!pairing.pairs.is_empty());
        let responses = blocks.iter().filter(|block| block.kind == BlockKind::Response).count();
        self.response_blocks += responses;
        self.request_blocks += blocks.len() - responses;
        self.route_blocks += pairing.routes.len();
        self.pairs += pairing.pairs.len();
        self.shared_pairs += pairing.shared.len();
        self.extra_responses += pairing.extras.len();
        self.orphan_responses += pairing.orphans.len();
        self.unanswered += pairing.unanswered.len();
    }
}

/// The contracts that are in a folder already, by path; `None` for a file that is no contract.
fn existing_contracts(folder: &Path) -> Result<BTreeMap<PathBuf, Option<Contract>>, ImportError> {
    if !folder.exists() {
        return Ok(BTreeMap::new());
    }
    let files = contract_files(folder)?;
    Ok(files.into_iter().map(|path| (path.clone(), read_contract(&path).ok())).collect())
}

/// Removes the temporary files of an import that was interrupted. One that cannot be removed harms nobody.
fn remove_leftovers(folder: &Path) {
    for entry in WalkDir::new(folder).into_iter().flatten() {
        if entry.file_type().is_file() && entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

struct Writer<'a> {
    options: &'a ImportOptions,
}

impl Writer<'_> {
    fn contract(
        &self,
        contract: &Contract,
        existing: &BTreeMap<PathBuf, Option<Contract>>,
        import: &mut Import,
    ) -> Result<(), ImportError> {
        let path = contract_path(&self.options.out, &contract.id);
        let Some(before) = existing.get(&path) else {
            import.added.push(path.clone());
            return self.write(&path, &contract_text(contract));
        };
        let mut contract = contract.clone();
        // What people add belongs to them, whatever becomes of the page.
        contract.volatile = before.as_ref().map(|before| before.volatile.clone()).unwrap_or_default();
        let text = contract_text(&contract);
        if std::fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes()) {
            return Ok(());
        }
        let by_hand = before.as_ref().is_none_or(|before| digest(before) != before.source.digest);
        if by_hand && !self.options.overwrite {
            import.kept.push(path);
            return Ok(());
        }
        if by_hand {
            import.overwritten.push(path.clone())
        } else {
            import.updated.push(path.clone())
        }
        self.write(&path, &text)
    }

    /// The schema, which is generated, and the volatile rules, which are written once and belong to people from then on.
    fn companions(&self, import: &mut Import) -> Result<(), ImportError> {
        let out = &self.options.out;
        let (schema, rules) = (out.join(SCHEMA_FILE), out.join(VOLATILE_FILE));
        let text = contract::schema();
        match std::fs::read(&schema) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Ok(_) => {
                import.updated.push(schema.clone());
                self.write(&schema, &text)?;
            }
            Err(_) => {
                import.added.push(schema.clone());
                self.write(&schema, &text)?;
            }
        }
        if !rules.exists() {
            import.added.push(rules.clone());
            self.write(&rules, DEFAULT_RULES)?;
        }
        Ok(())
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), ImportError> {
        if self.options.check {
            return Ok(());
        }
        write_whole(path, text).map_err(|cause| ImportError::Unwritable { path: path.to_owned(), cause })
    }
}

/// Contracts that no page documents any longer: those of pages that were imported, and, if only folders were, those of pages
/// that are no longer there.
fn stale(
    existing: &BTreeMap<PathBuf, Option<Contract>>,
    contracts: &[Contract],
    pages: &[PageFile],
    options: &ImportOptions,
) -> Vec<PathBuf> {
    let current: BTreeSet<PathBuf> =
        contracts.iter().map(|contract| contract_path(&options.out, &contract.id)).collect();
    let imported: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let only_folders = !pages.iter().any(|page| options.paths.contains(&page.file));
    let is_stale = |(path, contract): &(&PathBuf, &Option<Contract>)| {
        let of_page = contract.as_ref().is_none_or(|contract| imported.contains(contract.source.page.as_str()));
        !current.contains(*path) && (of_page || only_folders)
    };
    existing.iter().filter(is_stale).map(|(path, _)| path.clone()).collect()
}
