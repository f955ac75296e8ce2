//! Lints folders of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use foldhash::{HashMap, HashMapExt as _};

use super::disputed::Examples;
use super::excerpts::excerpts;
use super::ignored::{Accepting, Ignored};
use super::resource_page::ResourceLint;
use super::{
    Baseline, Compared, Fingerprint, Fixes, Level, Levels, MetadataRules, PageGlob, PageLint, Suppressions,
    fingerprints, lint_page,
};
use super::{names, permission_names};
use crate::contract::{PropertyTables, TypeIndex, documented};
use crate::diagnostic::{Code, Diagnostic};
use crate::file;
use crate::import::{ImportError, PageSet, Progress, Resources, included_places, read_all, read_inclusions};
use crate::page::{BlockKind, Page};
use crate::report::Excerpt;

/// What to lint.
#[derive(Default)]
pub struct LintOptions<'m> {
    /// Pages, or folders of pages.
    pub paths: Vec<PathBuf>,
    /// The folder relative to which pages are named, if it is not to be found: see [`PageSet`](crate::import::PageSet).
    pub pages_root: Option<PathBuf>,
    /// The files that have changed, without links, if only pages that have are judged. A page has changed, too, if a file has that it
    /// includes, or the page of a resource that its messages show. All pages are read all the same.
    pub changed: Option<BTreeSet<PathBuf>>,
    /// Which pages are judged, by their position and name, if it is a part only. All pages are read all the same.
    pub part: Option<&'m HasPage>,
    /// The codes that are looked for; all, if there is none.
    pub only: BTreeSet<Code>,
    /// What is accepted.
    pub suppressions: Suppressions,
    /// How much a defect matters.
    pub levels: Levels,
    /// The checks against the service's own metadata, if there is any; their diagnostics have the codes of metadata.
    pub metadata: Option<MetadataRules<'m>>,
}

/// Whether the page at this position, which is called so, is one of a part.
pub type HasPage = dyn Fn(usize, &str) -> bool + Sync;

/// What the linter found.
#[derive(Debug, Default)]
pub struct Lint {
    /// The number of pages.
    pub pages: usize,
    /// The pages that were judged, if it is not all of them.
    pub judged: Option<BTreeSet<String>>,
    /// What is wrong, by page and line, without what is accepted.
    pub diagnostics: Vec<Diagnostic>,
    /// What each of them is recognized by.
    pub fingerprints: Vec<Fingerprint>,
    /// The line of each, if [`Lint::read_excerpts`] has read them.
    pub excerpts: Vec<Excerpt>,
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
    /// How many of the pages that were judged have a request: on others, there is no example to judge.
    pub with_requests: usize,
    /// How many pages a rule could not judge, because it does not read the language of their prose.
    pub unjudged: BTreeMap<Code, usize>,
    /// What was corrected before, if that was asked for.
    pub fixes: Option<Fixes>,
    /// The files of the pages, by their path in diagnostics.
    pub files: BTreeMap<String, PathBuf>,
    /// Links to folders with pages, which were not followed.
    pub linked: Vec<PathBuf>,
    /// How long it took.
    pub elapsed: Duration,
}

/// What was found in the pages, before anything of it is left out.
#[derive(Default)]
struct Findings {
    diagnostics: Vec<Diagnostic>,
    unjudged: BTreeMap<Code, usize>,
    /// The comments that accept something, by page.
    ignored: BTreeMap<String, Vec<Ignored>>,
    files: BTreeMap<String, PathBuf>,
    /// The pages that have changed.
    changed: BTreeSet<String>,
    /// The pages that have a request.
    with_requests: BTreeSet<String>,
}

/// Lints pages. `observe` is told of each page when it is done, from several threads.
///
/// # Errors
///
/// When the pages cannot be found or read.
pub fn lint(options: &LintOptions<'_>, observe: impl Fn(Progress) + Sync) -> Result<Lint, ImportError> {
    let start = Instant::now();
    let set = PageSet::find(&options.paths, options.pages_root.as_deref())?;
    let mut found = find(options, &set, observe)?;
    let is_found = |code: Code| options.metadata.is_some() || !code.is_of_metadata();
    let is_wanted = |code: Code| options.only.is_empty() || options.only.contains(&code);
    let judged = (options.changed.is_some() || options.part.is_some()).then(|| {
        let pages = found.files.keys().enumerate();
        let pages = pages.filter(|(at, page)| options.part.is_none_or(|has| has(*at, page)));
        let pages = pages.filter(|(_, page)| options.changed.is_none() || found.changed.contains(*page));
        pages.map(|(_, page)| page.clone()).collect::<BTreeSet<String>>()
    });
    let is_judged = |page: &str| judged.as_ref().is_none_or(|judged| judged.contains(page));
    let with_requests = found.with_requests.iter().filter(|page| is_judged(page)).count();
    let mut suppressed = leave_out_ignored(&mut found, is_found);
    found.diagnostics.retain(|own| is_judged(&own.page) && is_wanted(own.code));
    found.diagnostics.sort_by(Diagnostic::order);
    let text = |page: &str| file::read_text(found.files.get(page)?).ok();
    let fingerprints = fingerprints(&found.diagnostics, text);
    let all = found.diagnostics.len();
    let mut used = BTreeSet::new();
    let mut left: Vec<(Diagnostic, Fingerprint)> = found.diagnostics.into_iter().zip(fingerprints).collect();
    left.retain(|(own, fingerprint)| !options.suppressions.accept(own, Some(fingerprint), &mut used));
    suppressed += all - left.len();
    let all = left.len();
    left.retain(|(own, _)| options.levels.of_diagnostic(own) != Level::Off);
    let off = all - left.len();
    let (diagnostics, fingerprints) = left.into_iter().unzip();
    // Where not all pages are judged, an entry for many pages may be about others.
    let is_whole = judged.is_none() && !set.folders.is_empty();
    let could_be_used = |code: Code, pages: &PageGlob, _| {
        let has_page = || pages.page().is_some_and(|page| found.files.contains_key(page) && is_judged(page));
        is_found(code) && is_wanted(code) && (is_whole || has_page())
    };
    Ok(Lint {
        pages: found.files.len(),
        unused_suppressions: options.suppressions.unused(&used, could_be_used),
        judged,
        diagnostics,
        fingerprints,
        excerpts: Vec::new(),
        suppressed,
        off,
        known: 0,
        gone: 0,
        with_requests,
        unjudged: found.unjudged,
        levels: options.levels.clone(),
        root: set.root,
        fixes: None,
        files: found.files,
        linked: set.linked,
        elapsed: start.elapsed(),
    })
}

/// All that is found in the pages.
fn find(options: &LintOptions<'_>, set: &PageSet, observe: impl Fn(Progress) + Sync) -> Result<Findings, ImportError> {
    let pages = &set.pages;
    // Only what is below the folders that were named is asked for. Without a common root, `resources` is beside the folder.
    let is_asked = |file: &Path, page: &Page<'_>| file.starts_with(&set.root) && set.has_folder_of(page.path);
    let of_resource = options.metadata.map(|rules| rules.resource);
    let of_contract = options.metadata.map(|rules| rules.contract);
    let has_changed = |place: &Path| options.changed.as_ref().is_some_and(|changed| changed.contains(place));
    let (resources, described) = Resources::read_with(set, |file, tables| {
        let page = tables.page();
        is_asked(file, page).then(|| (ResourceLint::of(tables, of_resource), includes_changed(options, set, page)))
    })?;
    let findings = read_all(pages, |file, mut page| {
        let found = if is_resource(&set.root, &file.path) {
            // A folder of resource pages alone has been read above.
            if is_asked(&set.root.join(&file.path), &page) {
                PageLint::default()
            } else {
                let lint = ResourceLint::of(&PropertyTables::of(&page), of_resource);
                of_resource_page(lint, resources.of(file), &Examples::default())
            }
        } else {
            page.inclusions = read_inclusions(&set.root, &page);
            let found = lint_page(&page, resources.of(file), of_contract);
            let defects = found.diagnostics.len();
            observe(Progress { pages: pages.len(), pairs: page.pairing.pairs.len(), defects });
            found
        };
        let is_changed = found.described.iter().chain([&file.path]).any(|page| has_changed(&set.root.join(page)))
            || includes_changed(options, set, &page);
        let has_request = page.blocks.iter().any(|block| block.kind == BlockKind::Request);
        (page.path.to_owned(), found, names::of_page(&page), (is_changed, has_request))
    })?;
    let mut all = Findings::default();
    let (mut names, mut stated, mut examples) = (Vec::new(), Vec::new(), Examples::default());
    let mut requests = Vec::new();
    for (page, found, own_names, (is_changed, has_request)) in findings {
        all.diagnostics.extend(found.diagnostics);
        found.unjudged.into_iter().for_each(|code| *all.unjudged.entry(code).or_default() += 1);
        all.ignored.entry(page.clone()).or_default().extend(found.ignored);
        names.extend(own_names);
        examples.merge(found.examples);
        all.changed.extend(is_changed.then(|| page.clone()));
        all.with_requests.extend(has_request.then(|| page.clone()));
        requests.push((page.clone(), found.requests));
        stated.push((page, found.permissions));
    }
    // What another page documents is no form that is missing on a page.
    let documented = documented(&requests);
    let is_documented = |own: &Diagnostic| {
        own.code == Code::UrlMatchesNoTemplate && documented.contains(&(own.page.as_str(), (own.line, own.column)))
    };
    all.diagnostics.retain(|own| !is_documented(own));
    for (file, lint) in described {
        let Some((lint, includes_changed)) = lint else { continue };
        let found = of_resource_page(lint, resources.of(&file), &examples);
        all.diagnostics.extend(found.diagnostics);
        all.ignored.entry(file.path.clone()).or_default().extend(found.ignored);
        let is_changed = includes_changed || has_changed(&set.root.join(&file.path));
        all.changed.extend(is_changed.then(|| file.path.clone()));
        all.files.insert(file.path, file.file);
    }
    all.files.extend(pages.iter().map(|page| (page.path.clone(), page.file.clone())));
    all.diagnostics.extend(names::repeated(names));
    all.diagnostics.extend(permission_names::misspelled(&stated));
    Ok(all)
}

fn of_resource_page(mut lint: ResourceLint, index: &TypeIndex, examples: &Examples) -> PageLint {
    let ignored = std::mem::take(&mut lint.ignored);
    PageLint { diagnostics: lint.diagnostics(index, examples), ignored, ..PageLint::default() }
}

/// Whether a file has changed that a page includes.
fn includes_changed(options: &LintOptions<'_>, set: &PageSet, page: &Page<'_>) -> bool {
    let Some(changed) = &options.changed else { return false };
    included_places(&set.root, page).iter().any(|place| changed.contains(place))
}

/// Leaves out what comments of the pages accept, and adds the comments that accept nothing. How many are left out.
fn leave_out_ignored(found: &mut Findings, is_found: impl Fn(Code) -> bool) -> usize {
    let Findings { diagnostics, ignored, .. } = found;
    ignored.retain(|_, comments| !comments.is_empty());
    let accepting: HashMap<&str, Accepting> =
        ignored.iter().map(|(page, comments)| (page.as_str(), Accepting::of(comments))).collect();
    let all = diagnostics.len();
    let mut accepted: HashMap<String, HashMap<Code, BTreeSet<u32>>> = HashMap::new();
    diagnostics.retain(|own| {
        let is_accepted = accepting.get(own.page.as_str()).is_some_and(|comments| comments.accepts(own));
        if is_accepted {
            accepted.entry(own.page.clone()).or_default().entry(own.code).or_default().insert(own.line);
        }
        !is_accepted
    });
    let left_out = all - diagnostics.len();
    for (page, comments) in ignored.iter() {
        let of_page = accepted.remove(page).unwrap_or_default();
        let unused = comments.iter().filter(|comment| !comment.is_used(&of_page));
        diagnostics.extend(unused.filter_map(|comment| comment.unused(page, &is_found)));
    }
    left_out
}

impl Lint {
    /// Whether a page was judged.
    pub fn has_judged(&self, page: &str) -> bool {
        self.files.contains_key(page) && self.judged.as_ref().is_none_or(|judged| judged.contains(page))
    }

    /// Whether a defect of a code could be found on a page: the page was judged, and the level is not off.
    pub fn looked_for(&self, page: &str, code: Code) -> bool {
        self.has_judged(page) && self.levels.of(code, page) != Level::Off
    }

    /// Reads the lines of the pages that a report shows of what was found.
    pub fn read_excerpts(&mut self) {
        let text = |page: &str| file::read_text(self.files.get(page)?).ok();
        self.excerpts = excerpts(&self.diagnostics, text);
    }

    /// Leaves out what a baseline has. `could_be_found` says of which codes defects could be found at all.
    pub fn leave_out(&mut self, baseline: &Baseline, could_be_found: impl Fn(Code) -> bool) {
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let fingerprints = std::mem::take(&mut self.fingerprints);
        let could_be_found = |page: &str, code: Code| self.looked_for(page, code) && could_be_found(code);
        let Compared { new, known, gone } = baseline.compare(diagnostics, fingerprints, could_be_found);
        (self.known, self.gone) = (known, gone);
        (self.diagnostics, self.fingerprints) = new.into_iter().unzip();
    }
}

/// Whether a page describes a resource: it is in a folder of that name.
pub(super) fn is_resource(root: &Path, page: &str) -> bool {
    root.join(page).parent().and_then(Path::file_name).is_some_and(|folder| folder == "resources")
}
