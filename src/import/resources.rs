//! The types that the resource pages beside the API pages describe.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::ImportError;
use super::pages::{PageFile, PageSet, page_text, pages_below};
use super::pages_root::name_below;
use crate::contract::{PropertyTables, TypeIndex};
use crate::page::Page;

/// What the folder of resource pages is called.
const RESOURCES: &str = "resources";

/// The types by folder of API pages.
pub struct Resources {
    /// The root of the pages.
    root: PathBuf,
    by_folder: BTreeMap<PathBuf, TypeIndex>,
    none: TypeIndex,
}

impl Resources {
    /// Reads the resource pages of all folders in which the pages are: `resources` beside the nearest folder `api`, or
    /// beside the page's own folder.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read.
    pub fn read(set: &PageSet) -> Result<Resources, ImportError> {
        Ok(Resources::read_with(set, |_, _| ())?.0)
    }

    /// Reads them, and gives what `take` makes of the file and the tables of each page, in the order of the pages. None is kept.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read.
    pub(crate) fn read_with<T: Send>(
        set: &PageSet,
        take: impl Fn(&Path, &PropertyTables<'_>) -> T + Sync,
    ) -> Result<(Resources, Vec<(PageFile, T)>), ImportError> {
        let root = set.root.clone();
        let folders: BTreeSet<PathBuf> = set.pages.iter().filter_map(|page| resources_folder(&root, page)).collect();
        let (mut by_folder, mut all) = (BTreeMap::new(), Vec::new());
        for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
            // The root may be the folder of the API pages itself.
            let name = name_below(&root, &folder).unwrap_or_else(|| RESOURCES.to_owned());
            let pages = pages_below(&folder)?;
            let read = pages.into_par_iter().filter_map(|PageFile { file, path, version }| {
                // A resource page that cannot be read only leaves its type unknown.
                let text = page_text(&file).ok()?;
                let path = if name.is_empty() { path } else { format!("{name}/{path}") };
                let mut index = TypeIndex::default();
                let mut page = Page::parse(&path, &text);
                if page.version.is_none() {
                    page.version.clone_from(&version);
                }
                let tables = PropertyTables::of(&page);
                let taken = take(&file, &tables);
                index.add_tables(tables);
                drop(page);
                Some((index, (PageFile { file, path, version }, taken)))
            });
            let (indexes, taken): (Vec<TypeIndex>, Vec<_>) = read.unzip();
            // The pages are in order, and joining keeps what the first one says: the result is always the same.
            by_folder.insert(folder, indexes.into_iter().fold(TypeIndex::default(), TypeIndex::merged));
            all.extend(taken);
        }
        Ok((Resources { root, by_folder, none: TypeIndex::default() }, all))
    }

    /// The types that a page may name.
    pub fn of(&self, page: &PageFile) -> &TypeIndex {
        resources_folder(&self.root, page).and_then(|folder| self.by_folder.get(&folder)).unwrap_or(&self.none)
    }
}

/// The folder of the resource pages for a page.
fn resources_folder(root: &Path, page: &PageFile) -> Option<PathBuf> {
    let place = root.join(&page.path);
    let api = place.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == "api"));
    Some(api.or(place.parent())?.parent()?.join(RESOURCES))
}
