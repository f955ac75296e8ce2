//! Corrects pages of folders, without writing them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::disputed::Examples;
use super::fix::{FixedPage, Fixes, Reading, fix_page};
use super::resource_page::ResourceLint;
use super::run::is_resource;
use super::{Lint, LintOptions, lint_with_contracts};
use crate::contract::PropertyTables;
use crate::diagnostic::Diagnostic;
use crate::import::{ImportError, PageFile, PageSet, Resources, read_inclusions, read_page};

/// Corrects what was reported of these pages, in memory.
///
/// # Errors
///
/// When the pages cannot be found or read.
pub fn fix(options: &LintOptions<'_>, lint: &Lint) -> Result<Fixes, ImportError> {
    let mut wanted: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
    for own in lint.diagnostics.iter().filter(|own| own.edit.is_some()) {
        wanted.entry(&own.page).or_default().push(own.clone());
    }
    if wanted.is_empty() {
        return Ok(Fixes::default());
    }
    let set = PageSet::find(&options.paths, options.pages_root.as_deref())?;
    let resources = Resources::read(&set)?;
    let fixed = wanted.into_par_iter().map(|(path, wanted)| {
        let known = set.pages.iter().find(|own| own.path == path).cloned();
        // The page of a resource is beside those that were named.
        let file = known.or_else(|| {
            let file = lint.files.get(path)?.clone();
            Some(PageFile { file, path: path.to_owned(), version: None })
        });
        let file = file.ok_or_else(|| format!("{path}: it is not there any more"))?;
        let text = read_page(&file.file)?;
        Ok(fix_page(path, text, &wanted, |text| read(options, &set, &resources, &file, text)))
    });
    let fixed: Vec<Result<FixedPage, String>> = fixed.collect();
    let (pages, problems): (Vec<_>, Vec<_>) = fixed.into_iter().partition(Result::is_ok);
    let problems: Vec<String> = problems.into_iter().filter_map(Result::err).collect();
    if problems.is_empty() {
        Ok(Fixes { pages: pages.into_iter().flatten().collect() })
    } else {
        Err(ImportError::BadPages { problems })
    }
}

/// What is found in a text of a page.
fn read(options: &LintOptions<'_>, set: &PageSet, resources: &Resources, file: &PageFile, text: &str) -> Reading {
    let mut page = file.parse(text);
    if is_resource(&set.root, &file.path) {
        let rule = options.metadata.map(|rules| rules.resource);
        let found = ResourceLint::of(&PropertyTables::of(&page), rule);
        // What examples elsewhere say of a row has no edit.
        return Reading {
            diagnostics: found.diagnostics(resources.of(file), &Examples::default()),
            contracts: Vec::new(),
        };
    }
    page.inclusions = read_inclusions(&set.root, &page);
    let rule = options.metadata.map(|rules| rules.contract);
    let (found, contracts) = lint_with_contracts(&page, resources.of(file), rule);
    Reading { diagnostics: found.diagnostics, contracts }
}
