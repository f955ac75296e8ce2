//! The drift of live runs as patches of the pages that document otherwise.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::page::PagePatcher;
use crate::review::ReviewError;
use crate::review::entry::Selection;
use crate::review::pending::{Drifted, drifts};
use graph_contracts::contract::Contract;
use graph_contracts::import::{ImportError, PageFile, PageSet, Resources, read_page};
use graph_contracts::normal::NormalForm;
use graph_contracts::snapshot::{Origin, SnapshotFolders};
use graph_contracts::store::Store;
use graph_contracts::unified_diff::unified_diff;

/// The patch of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePatch {
    /// The page's path.
    pub page: String,
    /// The contracts whose drift is in it.
    pub contracts: Vec<String>,
    /// The unified diff.
    pub diff: String,
}

/// A drift of which there is no patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpatched {
    /// The snapshot.
    pub file: PathBuf,
    /// Why.
    pub why: String,
}

/// All patches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patches {
    /// How many drifts were looked at.
    pub drifts: usize,
    /// The patches, by page.
    pub pages: Vec<PagePatch>,
    /// The drifts without a patch.
    pub unpatched: Vec<Unpatched>,
}

/// A drift that is to be put into a page.
struct Drift<'c> {
    contract: &'c Contract,
    origin: Origin,
    file: PathBuf,
    form: NormalForm,
}

/// Makes patches of the drift of live runs, pending and accepted: for each page a diff that lets it document what the service
/// answers. Every patch is checked by importing the patched page. `snapshots` has the drift in its folder `live`, `pages` is the root
/// of the pages, and only contracts count whose id, or files that end in, one of `filters`.
///
/// # Errors
///
/// When a folder cannot be read, or when neither a drift nor a contract has such a name. A drift of which no patch can be made is
/// no error.
pub fn patches(
    snapshots: &SnapshotFolders,
    pages: &Path,
    store: &Store,
    filters: &[String],
) -> Result<Patches, ReviewError> {
    let unreadable = |cause| ReviewError::File { path: pages.to_owned(), cause };
    std::fs::read_dir(pages).map_err(unreadable)?;
    let mut found = drifts(snapshots)?;
    let ids: Vec<String> = found.iter().map(|drift| drift.id.clone()).collect();
    let selection = Selection::new(filters, store, &ids);
    found.retain(|drift| selection.has(&drift.id, &drift.file, &drift.origin));
    if found.is_empty() && !filters.is_empty() {
        store.select(filters)?;
    }
    let mut patches = Patches { drifts: found.len(), ..Patches::default() };
    let mut by_page: BTreeMap<&str, Vec<Drift<'_>>> = BTreeMap::new();
    for Drifted { id, origin, file, form } in found {
        match (store.contract(&id), form) {
            (Some(contract), Ok(form)) => {
                by_page.entry(&contract.source.page).or_default().push(Drift { contract, origin, file, form });
            }
            (None, _) => patches.unpatched.push(Unpatched { file, why: format!("there is no contract {id}") }),
            (_, Err(why)) => patches.unpatched.push(Unpatched { file, why }),
        }
    }
    let files = by_page.keys().filter_map(|page| page_file(pages, page)).collect();
    let set = PageSet { root: pages.to_owned(), pages: files, folders: Vec::new(), linked: Vec::new() };
    let unreadable = |error: ImportError| ReviewError::File {
        path: PathBuf::from("resources"),
        cause: std::io::Error::other(error.to_string()),
    };
    let resources = Resources::read(&set).map_err(unreadable)?;
    for (page, drifts) in by_page {
        patch_page(pages, page, drifts, (store, &resources), &mut patches);
    }
    patches.unpatched.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(patches)
}

/// The file of a page; `None` if its path, which a contract says, leads elsewhere.
fn page_file(folder: &Path, page: &str) -> Option<PageFile> {
    let is_below = Path::new(page).components().all(|part| matches!(part, Component::Normal(_)));
    (is_below && !page.is_empty() && !page.contains(char::is_control)).then(|| PageFile {
        file: folder.join(page),
        path: page.to_owned(),
        version: None,
    })
}

/// A page of the folder, with its text; `Err` says why it cannot be patched.
fn read(folder: &Path, page: &str) -> Result<(PageFile, String), String> {
    let file = page_file(folder, page).ok_or_else(|| format!("{page}: no page of the folder"))?;
    let text = read_page(&file.file)?;
    if text.replace("\r\n", "\n").contains('\r') {
        return Err(format!("{page}: has line ends that are neither LF nor CRLF, which no patch can keep"));
    }
    Ok((file, text))
}

fn patch_page(
    folder: &Path,
    page: &str,
    drifts: Vec<Drift<'_>>,
    (store, resources): (&Store, &Resources),
    patches: &mut Patches,
) {
    let (file, text) = match read(folder, page) {
        Ok(read) => read,
        Err(why) => {
            let unpatched = drifts.into_iter().map(|drift| Unpatched { file: drift.file, why: why.clone() });
            patches.unpatched.extend(unpatched);
            return;
        }
    };
    let index = resources.of(&file);
    let mut patcher = PagePatcher { path: page, text: text.clone(), index, rules: &store.rules };
    // Found before anything is patched, as what they are found by changes with it.
    let places: Vec<Result<usize, String>> = drifts.iter().map(|drift| patcher.find(drift.contract)).collect();
    let mut contradicting = contradicting(&patcher, &drifts, &places);
    let mut done: Vec<(usize, &Drift<'_>)> = Vec::new();
    for (index, (drift, place)) in drifts.iter().zip(places).enumerate() {
        let before = patcher.text.clone();
        let put = match contradicting.remove(&index) {
            Some(why) => Err(why),
            None => place.and_then(|place| put(&mut patcher, (place, drift), &done, &text)),
        };
        match put {
            Ok(place) => done.push((place, drift)),
            Err(why) => {
                patcher.text = before;
                patches.unpatched.push(Unpatched { file: drift.file.clone(), why });
            }
        }
    }
    if patcher.text != text {
        let mut contracts: Vec<String> = done.iter().map(|(_, drift)| drift.contract.id.clone()).collect();
        contracts.dedup();
        let diff = unified_diff(page, Some(&text), &patcher.text);
        patches.pages.push(PagePatch { page: page.to_owned(), contracts, diff });
    }
}

/// Puts a drift into the page, which has to document the earlier ones still.
fn put(
    patcher: &mut PagePatcher<'_>,
    (place, drift): (usize, &Drift<'_>),
    done: &[(usize, &Drift<'_>)],
    text: &str,
) -> Result<usize, String> {
    let changed = patcher.put(place, &drift.form)?;
    if !changed && patcher.text == text {
        let why =
            "as far as its shape tells, the page documents it; run verify-live again to see whether it still drifts";
        return Err(why.to_owned());
    }
    match done.iter().find(|(other, earlier)| !patcher.documents(*other, &earlier.form)) {
        None => Ok(place),
        Some((_, earlier)) => Err(format!("it contradicts {}", earlier.file.display())),
    }
}

/// The drifts that no page can document at once, by their positions: those that profiles have of one example, where the page that documents
/// one does not document the other. Which is right, a person decides; whichever came first would be a guess.
fn contradicting(
    patcher: &PagePatcher<'_>,
    drifts: &[Drift<'_>],
    places: &[Result<usize, String>],
) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    for (one, own) in drifts.iter().enumerate() {
        for (other, others) in drifts.iter().enumerate().skip(one + 1) {
            let (Ok(place), Ok(of_other)) = (&places[one], &places[other]) else { continue };
            if place != of_other || own.origin == others.origin {
                continue;
            }
            let mut trial = patcher.clone();
            let is_one = trial.put(*place, &own.form).is_ok()
                && trial.put(*place, &others.form).is_ok()
                && trial.documents(*place, &own.form);
            // A drift that no patch can document has a reason of its own.
            let both = [own, others].iter().all(|drift| patcher.clone().put(*place, &drift.form).is_ok());
            if both && !is_one {
                let why = |other: &Drift<'_>| format!("it contradicts {}; decide which is right", other.file.display());
                found.entry(one).or_insert_with(|| why(others));
                found.entry(other).or_insert_with(|| why(own));
            }
        }
    }
    found
}
