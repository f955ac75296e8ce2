//! The pages that document something else than their contracts by now.
//!
//! Contracts keep nothing of a page but what they document, so that only an import tells. It costs about as much as a replay, and is left out
//! where all contracts are younger than the pages and what belongs to them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use graph_contracts::contract::Contract;
use graph_contracts::import::{ImportError, ImportOptions, PageSet, Written, import};
use graph_contracts::store::{Store, contract_path};
use ignore::WalkBuilder;

/// So much younger has a contract to be than a page: a checkout writes all files in less, in any order.
const CHECKOUT: Duration = Duration::from_secs(60);

/// The folders beside pages with what belongs to them.
const BESIDE: [&str; 2] = ["resources", "includes"];

/// The pages among these whose import would make other contracts than the folder has, by their names: those that the contracts are of. A
/// page of which a contract was changed by hand is not known to have changed.
///
/// # Errors
///
/// When the pages cannot be read, so that nothing is known of them.
pub(crate) fn changed_pages(
    store: &Store,
    contracts: &Path,
    rules: Option<&Path>,
    pages: &[PathBuf],
    pages_root: Option<&Path>,
) -> Result<Vec<String>, ImportError> {
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let options = ImportOptions {
        paths: pages.to_vec(),
        pages_root: pages_root.map(Path::to_owned),
        out: contracts.to_owned(),
        rules: rules.map(Path::to_owned),
        check: true,
        overwrite: false,
        delete_unreferenced: false,
    };
    // What is kept of metadata does not depend on the pages.
    let keep = |own: &Contract| store.contract(&own.id).and_then(|known| known.metadata.as_deref().cloned());
    let set = PageSet::find(&options.paths, pages_root)?;
    if are_older(&set, store, contracts) {
        return Ok(Vec::new());
    }
    let import = import(&options, keep, |_| {})?;
    let there: BTreeSet<&str> = set.pages.iter().map(|page| page.path.as_str()).collect();
    let page_of = |own: &Contract| (contract_path(contracts, &own.id), own.source.page.clone());
    let mut by_path: BTreeMap<PathBuf, String> = store.contracts.iter().map(page_of).collect();
    let known: BTreeSet<String> = by_path.values().cloned().collect();
    let imported = import.list.iter();
    by_path.extend(imported.map(|entry| (contract_path(contracts, &entry.contract), entry.path.clone())));
    let is_other = |written: &Written| matches!(written, Written::Added | Written::Updated | Written::Stale);
    let other = import.files.iter().filter(|(_, written)| is_other(written));
    let changed: BTreeSet<&String> = other.filter_map(|(path, _)| by_path.get(path)).collect();
    Ok(changed.into_iter().filter(|page| known.contains(*page) && there.contains(page.as_str())).cloned().collect())
}

/// Whether all contracts were written so long after the pages that none of these can have changed since. What has no time is not older.
fn are_older(set: &PageSet, store: &Store, contracts: &Path) -> bool {
    let modified = |path: &Path| std::fs::metadata(path).and_then(|own| own.modified()).ok();
    let of_contracts = store.contracts.iter().map(|own| modified(&contract_path(contracts, &own.id)));
    let Some(oldest) = of_contracts.collect::<Option<Vec<SystemTime>>>().and_then(|all| all.into_iter().min()) else {
        return false;
    };
    let Some(limit) = oldest.checked_sub(CHECKOUT) else { return false };
    let is_older = |path: &Path| modified(path).is_some_and(|own| own < limit);
    if !set.pages.iter().all(|page| is_older(&page.file)) {
        return false;
    }
    let folders: BTreeSet<&Path> = set.pages.iter().flat_map(|page| page.file.ancestors().skip(1)).collect();
    let beside = folders.into_iter().flat_map(|folder| BESIDE.map(|name| folder.join(name)));
    let files = |folder: PathBuf| WalkBuilder::new(folder).standard_filters(false).build();
    let files = beside.filter(|folder| folder.is_dir()).flat_map(files).flatten();
    files.filter(|entry| entry.file_type().is_some_and(|own| own.is_file())).all(|entry| is_older(entry.path()))
}
