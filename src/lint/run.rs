//! Lints folders of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::resource_page::ResourceLint;
use super::{Baseline, Compared, Fingerprint, Level, Levels, MetadataRules, PageLint, Suppressions, lint_page};
use super::{names, permission_names};
use crate::contract::PropertyTables;
use crate::diagnostic::{Code, Diagnostic};
use crate::import::{ImportError, PageSet, Progress, Resources, read_all, read_inclusions};
use crate::page::Page;

/// What to lint.
#[derive(Default)]
pub struct LintOptions<'m> {
    /// Pages, or folders of pages.
    pub paths: Vec<PathBuf>,
    /// The folder relative to which pages are named, if it is not to be found: see [`PageSet`](crate::import::PageSet).
    pub pages_root: Option<PathBuf>,
    /// What is accepted.
    pub suppressions: Suppressions,
    /// How much a defect matters.
    pub levels: Levels,
    /// The checks against the service's own metadata, if there is any; their diagnostics have the codes of metadata.
    pub metadata: Option<MetadataRules<'m>>,
}

/// What the linter found.
#[derive(Debug, Default)]
pub struct Lint {
    /// The number of pages.
    pub pages: usize,
    /// What is wrong, by page and line, without what is accepted.
    pub diagnostics: Vec<Diagnostic>,
    /// How many diagnostics are accepted.
    pub suppressed: usize,
    /// How many diagnostics are left out because their level is off.
    pub off: usize,
    /// How many are left out because a baseline has them, and how many defects of the baseline are not there any more.
    pub known: usize,
    pub gone: usize,
    /// Entries of the suppressions file that accepted nothing: line and entry.
    pub unused_suppressions: Vec<(u32, String)>,
    /// How much a defect matters.
    pub levels: Levels,
    /// The folder relative to which pages are named.
    pub root: PathBuf,
    /// How many pages a rule could not judge, because it does not read the language of their prose.
    pub unjudged: BTreeMap<Code, usize>,
    /// The files of the pages, by their path in diagnostics.
    pub files: BTreeMap<String, PathBuf>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Lints pages. `observe` is told of each page when it is done, from several threads.
///
/// # Errors
///
/// When the pages cannot be found or read.
pub fn lint(options: &LintOptions<'_>, observe: impl Fn(Progress) + Sync) -> Result<Lint, ImportError> {
    let start = Instant::now();
    let set = PageSet::find(&options.paths, options.pages_root.as_deref())?;
    let pages = &set.pages;
    // Only what is below the folders that were named is asked for. Without a common root, `resources` is beside the folder.
    let is_asked = |file: &Path, page: &Page<'_>| file.starts_with(&set.root) && set.has_folder_of(page.path);
    let of_resource = options.metadata.map(|rules| rules.resource);
    let of_contract = options.metadata.map(|rules| rules.contract);
    let (resources, described) = Resources::read_with(&set, |file, tables| {
        is_asked(file, tables.page()).then(|| ResourceLint::of(tables, of_resource))
    })?;
    let findings = read_all(pages, |file, mut page| {
        if is_resource(&set.root, &file.path) {
            // A folder of resource pages alone has been read above.
            let found = if is_asked(&set.root.join(&file.path), &page) {
                Vec::new()
            } else {
                ResourceLint::of(&PropertyTables::of(&page), of_resource).diagnostics(resources.of(file))
            };
            return (found, BTreeSet::new(), Vec::new(), (page.path.to_owned(), Vec::new()));
        }
        page.inclusions = read_inclusions(&set.root, &page);
        let PageLint { diagnostics, unjudged, permissions } = lint_page(&page, resources.of(file), of_contract);
        observe(Progress { pages: pages.len(), pairs: page.pairing.pairs.len(), defects: diagnostics.len() });
        (diagnostics, unjudged, names::of_page(&page), (page.path.to_owned(), permissions))
    })?;
    let (mut found, mut unjudged, mut names, mut stated) = (Vec::new(), BTreeMap::new(), Vec::new(), Vec::new());
    for (diagnostics, codes, own_names, permissions) in findings {
        found.extend(diagnostics);
        codes.into_iter().for_each(|code| *unjudged.entry(code).or_default() += 1);
        names.extend(own_names);
        stated.push(permissions);
    }
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (file, lint) in described {
        if let Some(lint) = lint {
            found.extend(lint.diagnostics(resources.of(&file)));
            files.insert(file.path, file.file);
        }
    }
    found.extend(names::repeated(names));
    found.extend(permission_names::misspelled(&stated));
    found.sort_by(Diagnostic::order);
    let all = found.len();
    let could_be_found = |code: Code| options.metadata.is_some() || !code.is_of_metadata();
    let mut used = BTreeSet::new();
    found.retain(|diagnostic| !options.suppressions.accept(diagnostic, &mut used));
    let suppressed = all - found.len();
    let left = found.len();
    found.retain(|diagnostic| options.levels.of_diagnostic(diagnostic) != Level::Off);
    files.extend(set.pages.into_iter().map(|page| (page.path, page.file)));
    Ok(Lint {
        pages: files.len(),
        suppressed,
        off: left - found.len(),
        known: 0,
        gone: 0,
        diagnostics: found,
        unused_suppressions: options.suppressions.unused(&used, could_be_found),
        unjudged,
        levels: options.levels.clone(),
        root: set.root,
        files,
        elapsed: start.elapsed(),
    })
}

impl Lint {
    /// Whether a defect of a code could be found on a page: the page was looked at, and the level is not off.
    pub fn looked_for(&self, page: &str, code: Code) -> bool {
        self.files.contains_key(page) && self.levels.of(code, page) != Level::Off
    }

    /// Leaves out what a baseline has, by the fingerprints of the diagnostics. `could_be_found` says of which codes defects could be found at all.
    pub fn leave_out(
        &mut self,
        baseline: &Baseline,
        fingerprints: &[Fingerprint],
        could_be_found: impl Fn(Code) -> bool,
    ) {
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let could_be_found = |page: &str, code: Code| self.looked_for(page, code) && could_be_found(code);
        let Compared { new, known, gone } = baseline.compare(diagnostics, fingerprints, could_be_found);
        (self.diagnostics, self.known, self.gone) = (new, known, gone);
    }
}

/// Whether a page describes a resource: it is in a folder of that name.
fn is_resource(root: &Path, page: &str) -> bool {
    root.join(page).parent().and_then(Path::file_name).is_some_and(|folder| folder == "resources")
}
