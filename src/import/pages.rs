//! Which files are pages, and reading them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rayon::iter::Either;
use rayon::prelude::*;

use super::ImportError;
use crate::file;
use crate::page::Page;
use crate::source::SourceLine;
use crate::store::{FolderError, entries_below};

/// The largest file that is read as a page, in bytes. Documentation pages are a thousand times smaller.
const MAX_PAGE: u64 = 8 * 1024 * 1024;

/// A file that is a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFile {
    /// Where it is.
    pub file: PathBuf,
    /// What it is called in contracts: its path below the folder that was named, with `/` between the parts.
    pub path: String,
}

/// The pages that the paths name: files as they are, and of folders the pages below a folder called `api` if there is one,
/// or else all. A page that is named twice is found once.
pub(crate) fn find_pages(paths: &[PathBuf]) -> Result<Vec<PageFile>, ImportError> {
    let mut found: BTreeMap<PathBuf, PageFile> = BTreeMap::new();
    for path in paths {
        let unreadable = |cause| ImportError::Unreadable { path: path.clone(), cause };
        let canonical = std::fs::canonicalize(path).map_err(unreadable)?;
        if !canonical.is_dir() {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            found.entry(canonical).or_insert(PageFile { file: path.clone(), path: name });
            continue;
        }
        let pages = pages_below(path)?;
        if pages.is_empty() {
            return Err(ImportError::NoPages { path: path.clone() });
        }
        for page in pages {
            let canonical = std::fs::canonicalize(&page.file).map_err(unreadable)?;
            found.entry(canonical).or_insert(page);
        }
    }
    Ok(found.into_values().collect())
}

/// The pages of a folder, sorted.
pub(crate) fn pages_below(folder: &Path) -> Result<Vec<PageFile>, ImportError> {
    let mut pages = Vec::new();
    let entries = entries_below(folder, false);
    for entry in entries.map_err(|FolderError { path, cause }| ImportError::Unreadable { path, cause })? {
        let extension = entry.path().extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let is_page = extension.is_some_and(|extension| matches!(extension.as_str(), "md" | "markdown" | "txt"));
        // What is not a regular file is named by the error of reading it.
        if is_page && !entry.path().is_dir() {
            let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            pages.push(PageFile { path: parts.join("/"), file: entry.path().to_owned() });
        }
    }
    let in_api = |page: &PageFile| {
        page.path.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(|part| part == "api"))
    };
    if pages.iter().any(in_api) {
        pages.retain(in_api);
    }
    Ok(pages)
}

/// Reads and parses all pages, several at a time, and gives what `take` makes of each; what is wrong with any of them is said
/// at once.
pub fn read_all<T: Send>(
    pages: &[PageFile],
    take: impl Fn(&PageFile, &Page<'_>) -> T + Sync,
) -> Result<Vec<T>, ImportError> {
    let (taken, problems): (Vec<T>, Vec<String>) = pages.par_iter().partition_map(|page| match read_page(&page.file) {
        Ok(text) => Either::Left(take(page, &Page::parse(&page.path, &text))),
        Err(problem) => Either::Right(problem),
    });
    if problems.is_empty() { Ok(taken) } else { Err(ImportError::BadPages { problems }) }
}

/// Reads a page; says what is wrong, with the file and the place in it, if it cannot be read as text.
pub fn read_page(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let unreadable = |cause: io::Error| format!("{shown}: cannot be read: {cause}");
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_PAGE {
        let (size, limit) = (size / 1024 / 1024, MAX_PAGE / 1024 / 1024);
        return Err(format!(
            "{shown}: {size} MB are too large for a page (the limit is {limit} MB); leave the file out or split it"
        ));
    }
    let bytes = file::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let text = String::from_utf8_lossy(error.as_bytes());
        let place = SourceLine::in_text(shown.to_string(), &text, error.utf8_error().valid_up_to());
        format!("{place}: not UTF-8; save the page as UTF-8, or leave it out")
    })?;
    if text.trim().is_empty() {
        return Err(format!("{shown}:1:1: the page is empty; leave it out, or restore it"));
    }
    Ok(text)
}
