//! The import as a whole.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use rayon::prelude::*;

use super::includes::read_inclusions;
use super::pages::{PageSet, read_texts};
use super::resources::Resources;
use super::write::remove_leftovers;
use super::{Counts, Import, ImportError, ImportOptions, ListEntry, Written};
use crate::contract::{Built, Contract, MetadataRules, PageName, TypeIndex, build, unique_names};
use crate::diagnostic::Diagnostic;
use crate::page::Page;
use crate::store::{StoreErrorKind, contract_files, contract_path, read_contract};

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of pages.
    pub pages: usize,
    /// The pairs of the page that is done.
    pub pairs: usize,
    /// Its defects.
    pub defects: usize,
}

/// Imports pages. `keep` tells what a contract keeps of the service's metadata; `observe` is told of each page when it is done. Both are
/// called from several threads.
///
/// # Errors
///
/// When the pages cannot be read or hold no pair, or the contracts cannot be written. Defects of pages are not errors but
/// diagnostics.
pub fn import(
    options: &ImportOptions,
    keep: impl Fn(&Contract) -> Option<MetadataRules> + Sync,
    observe: impl Fn(Progress) + Sync,
) -> Result<Import, ImportError> {
    let start = Instant::now();
    let set = PageSet::find(&options.paths, options.pages_root.as_deref())?;
    let pages = &set.pages;
    // Nothing is written if a page cannot be read, and a page has no name before all have been parsed.
    let texts = read_texts(pages)?;
    let parsed: Vec<Page<'_>> = pages.par_iter().zip(&texts).map(|(page, text)| page.parse(text)).collect();
    let names = unique_names(parsed.iter().map(PageName::of).collect());
    let resources = Resources::read(&set)?;
    let existing = existing_files(options)?;
    if !options.check {
        remove_leftovers(&options.out);
    }
    let results = parsed.into_par_iter().zip(pages).zip(names).map(|((mut page, file), name)| {
        page.inclusions = read_inclusions(&set.root, &page);
        let result = import_page(&page, &name, resources.of(file), options, &keep)?;
        observe(Progress { pages: pages.len(), pairs: result.list.len(), defects: result.diagnostics.len() });
        Ok(result)
    });
    let results = results.collect::<Result<Vec<Import>, ImportError>>()?;
    let mut import = Import::default();
    for result in results {
        import.counts += result.counts;
        import.diagnostics.extend(result.diagnostics);
        import.list.extend(result.list);
        import.files.extend(result.files);
    }
    if import.list.is_empty() {
        return Err(ImportError::NoPairs { pages: pages.len(), diagnostics: import.diagnostics });
    }
    import.files.extend(options.write_companions()?);
    import.unchanged_pages = unchanged_pages(&set, &import, options);
    import.files.retain(|(_, written)| *written != Written::Unchanged);
    let stale = stale(existing, &import.list, &set, options);
    for path in stale {
        let written = if options.delete_unreferenced { options.delete_contract(&path)? } else { Written::Stale };
        import.files.push((path, written));
    }
    import.files.sort();
    import.diagnostics.sort_by(Diagnostic::order);
    import.list.sort();
    import.linked = set.linked;
    import.elapsed = start.elapsed();
    Ok(import)
}

fn import_page(
    page: &Page<'_>,
    name: &PageName,
    types: &TypeIndex,
    options: &ImportOptions,
    keep: &impl Fn(&Contract) -> Option<MetadataRules>,
) -> Result<Import, ImportError> {
    let mut counts = Counts::of(page);
    let Built { mut contracts, diagnostics, .. } = build(page, name, types);
    for (_, contract) in &mut contracts {
        contract.metadata = keep(contract).map(Box::new);
    }
    counts.contracts = contracts.len();
    let list = contracts.iter().map(|(kind, contract)| ListEntry::of(*kind, contract)).collect();
    let files = contracts.iter().map(|(_, contract)| options.write_contract(contract)).collect::<Result<_, _>>()?;
    Ok(Import { counts, diagnostics, list, files, ..Import::default() })
}

/// The pages without a contract that is, or would be, another one now; none if there is no contract that is as it was.
fn unchanged_pages(set: &PageSet, import: &Import, options: &ImportOptions) -> BTreeSet<String> {
    let is_unchanged = |(_, written): &&(PathBuf, Written)| *written == Written::Unchanged;
    if !import.files.iter().any(|own| is_unchanged(&own)) {
        return BTreeSet::new();
    }
    let other: BTreeSet<&PathBuf> =
        import.files.iter().filter(|own| !is_unchanged(own)).map(|(path, _)| path).collect();
    let has_other = |entry: &&ListEntry| other.contains(&contract_path(&options.out, &entry.contract));
    let changed: BTreeSet<&str> = import.list.iter().filter(has_other).map(|entry| entry.path.as_str()).collect();
    let pages = set.pages.iter().map(|page| page.path.clone());
    pages.filter(|page| !changed.contains(page.as_str())).collect()
}

/// The contract files that are in the folder already.
fn existing_files(options: &ImportOptions) -> Result<Vec<PathBuf>, ImportError> {
    if options.out.exists() { Ok(contract_files(&options.out)?) } else { Ok(Vec::new()) }
}

/// Contracts that no page documents any longer: those of pages that were imported, and those of pages that are no longer in a folder that
/// was. A file that is not a contract does not concern the import.
fn stale(existing: Vec<PathBuf>, list: &[ListEntry], set: &PageSet, options: &ImportOptions) -> Vec<PathBuf> {
    let current: BTreeSet<PathBuf> = list.iter().map(|entry| contract_path(&options.out, &entry.contract)).collect();
    let imported: BTreeSet<&str> = set.pages.iter().map(|page| page.path.as_str()).collect();
    let is_stale = |path: &PathBuf| {
        let is_ours = || match read_contract(path) {
            Ok(contract) => {
                let page = contract.source.page.as_str();
                imported.contains(page) || set.has_folder_of(page)
            }
            // Only its own version can tell its page.
            Err(StoreErrorKind::Format { .. }) => !set.folders.is_empty(),
            Err(_) => false,
        };
        !current.contains(path) && is_ours()
    };
    existing.into_iter().filter(is_stale).collect()
}
