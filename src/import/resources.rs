//! The types that the resource pages beside the API pages describe.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::ImportError;
use super::pages::{PageFile, pages_below, read_page};
use crate::contract::TypeIndex;
use crate::page::Page;

/// The types by folder of API pages.
pub struct Resources {
    by_folder: BTreeMap<PathBuf, TypeIndex>,
    none: TypeIndex,
}

impl Resources {
    /// Reads the resource pages of all folders in which the pages are: `resources` beside the nearest folder `api`, or
    /// beside the page's own folder.
    pub fn read(pages: &[PageFile]) -> Result<Resources, ImportError> {
        let folders: BTreeSet<PathBuf> = pages.iter().filter_map(|page| resources_folder(&page.file)).collect();
        let mut by_folder = BTreeMap::new();
        for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
            let pages = pages_below(&folder)?;
            let index = pages.par_iter().filter_map(|page| {
                // A resource page that cannot be read only leaves its type unknown.
                let text = read_page(&page.file).ok()?;
                let path = format!("resources/{}", page.path);
                let mut index = TypeIndex::default();
                index.add(&Page::parse(&path, &text));
                Some(index)
            });
            // The pages are in order, and joining keeps what the first one says: the result is always the same.
            by_folder.insert(folder, index.reduce(TypeIndex::default, TypeIndex::merged));
        }
        Ok(Resources { by_folder, none: TypeIndex::default() })
    }

    /// The types that the page in that file may name.
    pub fn of(&self, file: &Path) -> &TypeIndex {
        resources_folder(file).and_then(|folder| self.by_folder.get(&folder)).unwrap_or(&self.none)
    }
}

/// The folder of the resource pages for a page.
fn resources_folder(file: &Path) -> Option<PathBuf> {
    let api = file.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == "api"));
    Some(api.or(file.parent())?.parent()?.join("resources"))
}
