//! What is in a folder that `init` can use.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use graph_contracts::file;
use graph_contracts::import::{Counts, PageSet, may_be_page};
use graph_contracts::page::Page;
use graph_contracts_odata::check::{MetadataName, MetadataText, SourceError, read_all};
use ignore::{DirEntry, WalkBuilder};

use crate::metadata::document;

/// The largest file that is looked into. Documentation pages and manifests are a hundred times smaller.
const LARGEST: u64 = 1 << 20;

/// So many files and folders are seen at a glance.
const GLANCE: usize = 1000;

/// So much of a file of XML is looked at for what it is.
const BEGINNING: usize = 4096;

/// The root element of metadata (OData CSDL XML 4.01 section 3).
const METADATA: &str = "<edmx:Edmx";

/// Files in which projects name what they depend on, each with the pieces of text that name a client of Microsoft Graph.
const CLIENTS: [(&str, &[&str]); 9] = [
    ("package.json", &["@microsoft/microsoft-graph-client", "@microsoft/msgraph-sdk", "@microsoft/mgt"]),
    ("requirements.txt", &["msgraph-sdk", "msgraph-core", "O365"]),
    ("pyproject.toml", &["msgraph-sdk", "msgraph-core", "O365"]),
    ("go.mod", &["msgraph-sdk-go", "msgraph-beta-sdk-go"]),
    ("pom.xml", &["microsoft-graph"]),
    ("build.gradle", &["microsoft-graph"]),
    ("build.gradle.kts", &["microsoft-graph"]),
    ("composer.json", &["microsoft/microsoft-graph"]),
    ("Cargo.toml", &["graph-rs-sdk"]),
];

/// The ending of the files in which .NET projects do, and the piece of text.
const DOTNET: (&str, &str) = ("csproj", "Microsoft.Graph");

/// What there is.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Surroundings {
    /// The folders of the pages that document requests, with how many pages there are, how many of them document requests with their
    /// responses, and how many pairs of these. They count as an import of the folders does.
    pub(super) pages: Vec<PathBuf>,
    pub(super) page_count: usize,
    pub(super) documenting: usize,
    pub(super) pair_count: usize,
    /// The documents of metadata whose version is known.
    pub(super) metadata: Vec<PathBuf>,
    /// Why these cannot be used together, if they cannot.
    pub(super) metadata_problem: Option<String>,
    /// The manifest of a Rust package.
    pub(super) rust_package: Option<PathBuf>,
    /// Where a client of Microsoft Graph is named, and by which text.
    pub(super) clients: Vec<(PathBuf, &'static str)>,
    /// Links to folders elsewhere that have pages. They are not followed.
    pub(super) linked: Vec<PathBuf>,
}

impl Surroundings {
    /// Looks through a folder, but for what version control ignores and what is hidden. What cannot be read is not there. `observe` is told
    /// how many files and folders were seen, and how many pages that document requests.
    pub(super) fn of(folder: &Path, mut observe: impl FnMut(usize, usize)) -> Surroundings {
        let mut found = Surroundings::default();
        let mut pages: Vec<PathBuf> = Vec::new();
        let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_path(Path::cmp).build();
        for (seen, entry) in walk.flatten().enumerate() {
            observe(seen, pages.len());
            if entry.path_is_symlink() && leads_to_pages(folder, entry.path()) {
                found.linked.extend(entry.path().strip_prefix(folder).ok().map(Path::to_owned));
            }
            let is_small = entry.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST);
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if !is_file || !(is_small || is_document(entry.path())) {
                continue;
            }
            let Ok(path) = entry.path().strip_prefix(folder) else { continue };
            let extension = path.extension().and_then(|own| own.to_str()).unwrap_or_default().to_ascii_lowercase();
            match extension.as_str() {
                _ if may_be_page(path) && pairs(entry.path()) > 0 => pages.push(path.to_owned()),
                "csdl" | "xml" if path.file_name().is_some_and(|name| name != "pom.xml") => {
                    let name = path.display().to_string();
                    if MetadataName::read(&name).is_ok() && is_metadata(entry.path()) {
                        found.metadata.push(path.to_owned());
                    }
                }
                _ => {}
            }
            found.client(path, entry.path(), &extension);
        }
        let manifest = Path::new("Cargo.toml");
        let is_package = file::read_text(&folder.join(manifest)).is_ok_and(|text| text.contains("[package]"));
        found.rust_package = is_package.then(|| manifest.to_owned());
        found.pages = folders(&pages);
        found.count_pages(folder);
        found.metadata_problem = why_not_together(folder, &found.metadata);
        found
    }

    /// Counts what the folders of the pages have.
    fn count_pages(&mut self, folder: &Path) {
        let folders: Vec<PathBuf> = self.pages.iter().map(|own| folder.join(own)).collect();
        let set = PageSet::find(&folders, None).map(|set| set.pages).unwrap_or_default();
        let numbers: Vec<usize> = set.iter().map(|page| pairs(&page.file)).collect();
        self.page_count = numbers.len();
        self.documenting = numbers.iter().filter(|pairs| **pairs > 0).count();
        self.pair_count = numbers.iter().sum();
    }

    fn client(&mut self, path: &Path, file: &Path, extension: &str) {
        let name = path.file_name().and_then(|own| own.to_str()).unwrap_or_default();
        let pieces: &[&'static str] = match CLIENTS.iter().find(|(own, _)| *own == name) {
            Some((_, pieces)) => pieces,
            None if extension == DOTNET.0 => &[DOTNET.1],
            None => return,
        };
        let text = file::read_text(file).unwrap_or_default();
        let named = pieces.iter().find(|piece| text.contains(**piece));
        self.clients.extend(named.map(|piece| (path.to_owned(), *piece)));
    }
}

/// A folder of this one that has pages, if there is one among the first files. What takes long is left to a look at all of them.
pub(super) fn folder_of_pages(folder: &Path) -> Option<PathBuf> {
    let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_path(Path::cmp).build();
    let is_small = |entry: &DirEntry| entry.metadata().is_ok_and(|own| own.is_file() && own.len() <= LARGEST);
    let files = walk.flatten().take(GLANCE).filter(is_small).map(DirEntry::into_path);
    let page = files.into_iter().find(|path| may_be_page(path) && pairs(path) > 0)?;
    let parts: Vec<Component<'_>> = page.strip_prefix(folder).ok()?.components().collect();
    Some(PathBuf::from(if parts.len() > 1 { parts.first()?.as_os_str() } else { ".".as_ref() }))
}

/// Whether a link leads to a folder with pages that is not looked at anyway.
fn leads_to_pages(folder: &Path, link: &Path) -> bool {
    let (Ok(folder), Ok(target)) = (folder.canonicalize(), link.canonicalize()) else { return false };
    let is_elsewhere = !target.starts_with(&folder) && !folder.starts_with(&target);
    is_elsewhere && target.is_dir() && folder_of_pages(&target).is_some()
}

/// How many requests with their responses a page documents.
fn pairs(file: &Path) -> usize {
    let Ok(text) = file::read_text(file) else { return 0 };
    // Most files have nothing of the kind, and need not be parsed.
    if !["HTTP", "http"].iter().any(|piece| text.contains(piece)) {
        return 0;
    }
    let counts = Counts::of(&Page::parse(&file.display().to_string(), &text));
    counts.pairs + counts.shared_pairs
}

/// Why documents cannot be read together, as all commands would; such as those of several samples, which declare the same names.
fn why_not_together(folder: &Path, documents: &[PathBuf]) -> Option<String> {
    let text = |path: &PathBuf| {
        let MetadataName { cloud, version, .. } = MetadataName::read(&path.display().to_string())?;
        let text = document(&folder.join(path)).unwrap_or_default();
        Ok(MetadataText { cloud: cloud.unwrap_or_default(), version, name: path.display().to_string(), text })
    };
    let texts: Result<Vec<MetadataText>, SourceError> = documents.iter().map(text).collect();
    match texts {
        Ok(texts) => read_all(&texts).err().map(|error| error.to_string()),
        Err(error) => Some(error.to_string()),
    }
}

/// Whether a file may be metadata, which is large.
fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|own| own == "csdl" || own == "xml")
}

fn is_metadata(file: &Path) -> bool {
    use std::io::Read as _;
    let mut beginning = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(BEGINNING as u64).read_to_end(&mut beginning));
    // Also in UTF-16, whose other bytes are zero.
    beginning.retain(|byte| *byte != 0);
    read.is_ok() && String::from_utf8_lossy(&beginning).contains(METADATA)
}

/// Few folders that hold all the pages, and as little else as can be: of each folder at the top, the deepest that holds all of its pages.
fn folders(pages: &[PathBuf]) -> Vec<PathBuf> {
    let mut by_top: BTreeMap<Option<PathBuf>, PathBuf> = BTreeMap::new();
    for page in pages {
        let folder = page.parent().unwrap_or(Path::new(""));
        let top = folder.components().next().map(|top| PathBuf::from(top.as_os_str()));
        let own = by_top.entry(top).or_insert_with(|| folder.to_owned());
        *own = own.ancestors().find(|ancestor| folder.starts_with(ancestor)).unwrap_or(Path::new("")).to_owned();
    }
    // Pages at the top stand for all.
    match by_top.contains_key(&None) {
        true => vec![PathBuf::from(".")],
        false => by_top.into_values().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Get lamp\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps/1\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &Surroundings) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        assert_eq!(&Surroundings::of(folder.path(), |_, _| {}), expected, "{files:?}");
    }

    fn pages(folders: &[&str], page_count: usize) -> Surroundings {
        let pages = folders.iter().map(PathBuf::from).collect();
        Surroundings { pages, page_count, documenting: page_count, pair_count: page_count, ..Surroundings::default() }
    }

    #[test]
    fn pages_are_found_by_what_they_document() {
        check(&[], &Surroundings::default());
        check(&[("README.md", "# Lamps\n"), ("docs/api/lamp.md", PAGE)], &pages(&["docs/api"], 1));
        check(&[("docs/v1.0/a.md", PAGE), ("docs/beta/a.md", PAGE), ("more/b.md", PAGE)], &pages(&["docs", "more"], 3));
        check(&[("a.md", PAGE), ("docs/b.md", PAGE)], &pages(&["."], 2));
        check(&[("docs/a.txt", PAGE), ("docs/b.MD", PAGE), ("notes.txt", "HTTP/1.1 is old\n")], &pages(&["docs"], 2));
        check(&[(".gitignore", "vendor\n"), ("vendor/a.md", PAGE)], &Surroundings::default());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_of_pages_elsewhere_is_named_and_not_followed() -> std::io::Result<()> {
        let (here, there) = (tempfile::tempdir()?, tempfile::tempdir()?);
        std::fs::write(there.path().join("a.md"), PAGE)?;
        std::fs::create_dir_all(here.path().join("docs"))?;
        std::fs::write(here.path().join("docs/b.md"), PAGE)?;
        std::fs::create_dir(there.path().join("empty"))?;
        for (target, link) in [
            (there.path().to_owned(), "pages"),
            (there.path().join("empty"), "empty"),
            (here.path().join("docs"), "same"),
            (here.path().to_owned(), "docs/loop"),
            (there.path().join("none"), "broken"),
        ] {
            std::os::unix::fs::symlink(target, here.path().join(link))?;
        }
        let expected = Surroundings { linked: vec![PathBuf::from("pages")], ..pages(&["docs"], 1) };
        assert_eq!(Surroundings::of(here.path(), |_, _| {}), expected);
        Ok(())
    }

    #[test]
    fn a_folder_of_pages_is_seen_at_a_glance_or_not_at_all() {
        let check = |files: &[(&str, &str)], expected: Option<&str>| {
            let folder = tempfile::tempdir().expect("a folder");
            for (name, text) in files {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(path, text).expect("a file");
            }
            assert_eq!(folder_of_pages(folder.path()), expected.map(PathBuf::from), "{files:?}");
        };
        check(&[], None);
        check(&[("README.md", "# Lamps\n"), ("notes/a.md", "# Notes\n"), ("ref/v1.0/a.md", PAGE)], Some("ref"));
        check(&[("a.md", PAGE), ("docs/b.md", PAGE)], Some("."));
        let names: Vec<String> = (0..GLANCE).map(|number| format!("a/{number}.txt")).collect();
        let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).chain([("z/a.md", PAGE)]).collect();
        check(&many, None);
    }

    #[test]
    fn metadata_packages_and_clients_are_found() {
        let edmx = "<?xml version=\"1.0\"?><edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices></edmx:DataServices></edmx:Edmx>";
        check(
            &[
                ("metadata/v1.0.csdl", edmx),
                ("metadata/unknown.xml", edmx),
                ("beta.xml", "<other/>"),
                ("Cargo.toml", "[package]\nname = 'a'\n"),
                ("web/package.json", "{\"dependencies\":{\"@microsoft/microsoft-graph-client\":\"3\"}}"),
                ("App.csproj", "<PackageReference Include=\"Microsoft.Graph\"/>"),
                ("go.mod", "module lamps\n"),
            ],
            &Surroundings {
                metadata: vec![PathBuf::from("metadata/v1.0.csdl")],
                rust_package: Some(PathBuf::from("Cargo.toml")),
                clients: vec![
                    (PathBuf::from("App.csproj"), "Microsoft.Graph"),
                    (PathBuf::from("web/package.json"), "@microsoft/microsoft-graph-client"),
                ],
                ..Surroundings::default()
            },
        );
    }
}
