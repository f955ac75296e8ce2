//! Which files are pages, and reading them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rayon::iter::Either;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::ImportError;
use super::pages_root::{canonical_place, name_below, pages_root};
use crate::file::{self, repository_around};
use crate::page::{Page, version_of_folders};
use crate::source::SourceLine;
use crate::store::{FolderError, entries_below};

/// The largest file that is read as a page, in bytes. Documentation pages are a thousand times smaller.
const MAX_PAGE: u64 = 8 * 1024 * 1024;

/// A file that is a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFile {
    /// Where it is.
    pub file: PathBuf,
    /// What it is called in contracts and diagnostics: its path below the root of the pages, with `/` between the parts.
    pub path: String,
    /// The version in whose folder the root of the pages is, for pages that say none themselves.
    pub version: Option<String>,
}

impl PageFile {
    /// Parses the text of the page.
    pub fn parse<'a>(&'a self, text: &'a str) -> Page<'a> {
        let mut page = Page::parse(&self.path, text);
        if page.version.is_none() {
            page.version.clone_from(&self.version);
        }
        page
    }
}

/// The pages that a command was given.
#[derive(Clone, Debug)]
pub struct PageSet {
    /// The folder relative to which pages are named, without links: the one that was given, or else the root of the repository in which
    /// the pages are, or else the folder that was named.
    pub root: PathBuf,
    /// The pages, by their place.
    pub pages: Vec<PageFile>,
    /// The names of the folders of which all pages were taken.
    pub folders: Vec<String>,
    /// Links in them to folders elsewhere that have pages. They are not followed.
    pub linked: Vec<PathBuf>,
}

impl PageSet {
    /// Finds the pages that the paths name: files as they are, and of folders the pages below a folder called `api` if there is one, or
    /// else all. A page that is named twice is found once.
    ///
    /// # Errors
    ///
    /// When a path cannot be read, a folder has no pages, or a page is not below the root that was given.
    pub fn find(paths: &[PathBuf], root: Option<&Path>) -> Result<PageSet, ImportError> {
        let places = paths.iter().map(|path| canonical_place(path)).collect::<Result<Vec<_>, _>>()?;
        let is_given = root.is_some();
        let root = pages_root(&places, root)?;
        let outside = |path: &Path| ImportError::OutsideRoot { path: path.to_owned(), root: root.clone() };
        let mut found: BTreeMap<PathBuf, PageFile> = BTreeMap::new();
        let (mut folders, mut linked) = (Vec::new(), Vec::new());
        for (path, place) in paths.iter().zip(places) {
            let version = version_above(&place, &root, is_given);
            if !place.is_dir() {
                let name = name_below(&root, &place).ok_or_else(|| outside(path))?;
                found.entry(place).or_insert(PageFile { file: path.clone(), path: name, version });
                continue;
            }
            let Below { pages, links } = below(path)?;
            if pages.is_empty() {
                return Err(ImportError::NoPages { path: path.clone(), link: links.into_iter().next() });
            }
            linked.extend(links.into_iter().filter(|link| leads_to_pages(&place, link)));
            for PageFile { file, path, .. } in pages {
                let place = place.join(path);
                let path = name_below(&root, &place).ok_or_else(|| outside(&file))?;
                found.entry(place).or_insert(PageFile { file, path, version: version.clone() });
            }
            // The root may be below the folder.
            folders.push(name_below(&root, &place).unwrap_or_default());
        }
        linked.retain(|link| !paths.contains(link));
        Ok(PageSet { root, pages: found.into_values().collect(), folders, linked })
    }

    /// Whether a page of this name would be in one of the folders.
    pub(crate) fn has_folder_of(&self, page: &str) -> bool {
        let is_in = |folder: &String| {
            folder.is_empty() || page.strip_prefix(folder.as_str()).is_some_and(|below| below.starts_with('/'))
        };
        self.folders.iter().any(is_in)
    }
}

/// Whether a file of a folder is taken for a page, by the ending of its name.
pub fn may_be_page(file: &Path) -> bool {
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| matches!(extension.as_str(), "md" | "markdown" | "txt"))
}

/// What a folder has.
struct Below {
    /// The pages, sorted, named by their path below the folder.
    pages: Vec<PageFile>,
    /// The links to folders, which are not followed.
    links: Vec<PathBuf>,
}

/// The pages of a folder, sorted, named by their path below it.
pub(crate) fn pages_below(folder: &Path) -> Result<Vec<PageFile>, ImportError> {
    below(folder).map(|below| below.pages)
}

fn below(folder: &Path) -> Result<Below, ImportError> {
    let (mut pages, mut links) = (Vec::new(), Vec::new());
    let entries = entries_below(folder, false);
    for entry in entries.map_err(|FolderError { path, cause }| ImportError::Unreadable { path, cause })? {
        // What is not a regular file is named by the error of reading it.
        let is_link = entry.path_is_symlink() && entry.depth() > 0 && entry.path().is_dir();
        if is_link {
            links.push(entry.into_path());
        } else if may_be_page(entry.path()) && !entry.file_type().is_dir() {
            let path = name_below(folder, entry.path()).unwrap_or_default();
            pages.push(PageFile { path, file: entry.into_path(), version: None });
        }
    }
    let in_api = |page: &PageFile| {
        page.path.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(|part| part == "api"))
    };
    if pages.iter().any(in_api) {
        pages.retain(in_api);
    }
    Ok(Below { pages, links })
}

/// So many files of a folder are looked at to see whether it has pages.
const GLANCE: usize = 1000;

/// Whether a link leads to a folder with pages that is not read anyway.
fn leads_to_pages(folder: &Path, link: &Path) -> bool {
    let Ok(target) = link.canonicalize() else { return false };
    let is_elsewhere = !target.starts_with(folder) && !folder.starts_with(&target);
    let mut entries = WalkDir::new(&target).into_iter().take(GLANCE).flatten();
    is_elsewhere && entries.any(|entry| entry.file_type().is_file() && may_be_page(entry.path()))
}

/// Reads and parses all pages, several at a time, and gives what `take` makes of each; what is wrong with any of them is said
/// at once. A page is not kept longer than that.
pub fn read_all<T: Send>(
    pages: &[PageFile],
    take: impl Fn(&PageFile, Page<'_>) -> T + Sync,
) -> Result<Vec<T>, ImportError> {
    read_each(pages, |page, text| take(page, page.parse(&text)))
}

/// Reads the texts of all pages, several at a time; what is wrong with any of them is said at once.
pub(super) fn read_texts(pages: &[PageFile]) -> Result<Vec<String>, ImportError> {
    read_each(pages, |_, text| text)
}

fn read_each<T: Send>(pages: &[PageFile], take: impl Fn(&PageFile, String) -> T + Sync) -> Result<Vec<T>, ImportError> {
    let (taken, problems): (Vec<T>, Vec<String>) = pages.par_iter().partition_map(|page| match page_text(&page.file) {
        Ok(text) => Either::Left(take(page, text)),
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

/// The text of a page as it is parsed.
pub(super) fn page_text(path: &Path) -> Result<String, String> {
    read_page(path).map(with_line_feeds)
}

/// The version of the nearest folder called like one from the root of some pages upwards. What is above a repository says nothing about the pages
/// in it, nor what is above a root that was given.
fn version_above(place: &Path, root: &Path, is_given: bool) -> Option<String> {
    let folder = if place.is_dir() { place } else { place.parent()? };
    let name = |folder: &Path| folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folders = match (is_given, repository_around(folder)) {
        (true, _) => name(root),
        (false, Some(_)) => return None,
        (false, None) => folder.to_string_lossy().into_owned(),
    };
    version_of_folders(&folders).map(str::to_owned)
}

/// A text whose line ends all have a line feed. A carriage return alone ends a line, too (CommonMark section 2.1); replaced by a line feed,
/// it leaves every offset as it is.
fn with_line_feeds(text: String) -> String {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    let mut bytes = text.into_bytes();
    for at in 0..bytes.len() {
        if bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            bytes[at] = b'\n';
        }
    }
    // One ASCII character in place of another leaves the text valid.
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The version of a page in a folder, for each way to name it in a command that starts there.
    fn versions(root: &Path, page: &str, given: Option<&str>) -> Vec<Option<String>> {
        let page = root.join(page);
        let named = page.ancestors().take_while(|path| *path != root);
        let find = |path: &Path| {
            let root = given.map(|given| root.join(given));
            PageSet::find(&[path.to_owned()], root.as_deref()).ok()?.pages.into_iter().next()
        };
        named.filter_map(find).map(|file| file.parse("# T\n").version).collect()
    }

    #[test]
    fn the_version_of_a_page_is_the_same_however_it_is_named() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().canonicalize()?;
        for page in ["beta/docs/api/a.md", "beta/set/v1.0/api/a.md"] {
            std::fs::create_dir_all(root.join(page).parent().unwrap_or(&root))?;
            std::fs::write(root.join(page), "# T\n")?;
        }
        let beta = Some("beta".to_owned());
        let stable = Some("v1.0".to_owned());
        assert_eq!(versions(&root, "beta/docs/api/a.md", None)[..3], [beta.clone(), beta.clone(), beta]);
        assert_eq!(versions(&root, "beta/set/v1.0/api/a.md", None)[..3], [stable.clone(), stable.clone(), stable]);
        assert_eq!(versions(&root, "beta/docs/api/a.md", Some("beta/docs"))[..2], [None, None]);
        std::fs::create_dir(root.join("beta/docs/.git"))?;
        assert_eq!(versions(&root, "beta/docs/api/a.md", None)[..3], [None, None, None]);
        Ok(())
    }

    #[test]
    fn a_carriage_return_ends_a_line() {
        assert_eq!(with_line_feeds("a\rb\r\nc\r".to_owned()), "a\nb\r\nc\n");
    }
}
