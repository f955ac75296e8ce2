//! The files that pages include: found below the root of the pages, and read within limits.

use std::path::{Component, Path, PathBuf};

use super::pages::read_page;
use super::pages_root::name_below;
use crate::contract::{cloud_includes, deprecation_includes, permission_includes};
use crate::page::{Include, IncludedFile, Inclusion, Page};
use crate::url::{decode, without_query};

/// How deeply files may include each other. Documentation sets have two levels.
const MAX_DEPTH: usize = 8;
/// How many files a page may include.
const MAX_FILES: usize = 64;
/// How many bytes these files may have together.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Reads the files that may state the permissions of a page, its clouds, or that it is deprecated, and those that they include in turn. The root is a folder without links, and
/// nothing outside it is read. What cannot be read is a problem of its [`Inclusion`].
pub fn read_inclusions(root: &Path, page: &Page<'_>) -> Vec<Inclusion> {
    let mut reader = Reader { root, files: 0, bytes: 0, is_full: false };
    let mut inclusions = Vec::new();
    let includes = permission_includes(page).into_iter().chain(cloud_includes(page)).chain(deprecation_includes(page));
    for include in includes {
        let target = include.target.clone();
        let mut inclusion = Inclusion { include, files: Vec::new(), problems: Vec::new() };
        reader.read(&target, &mut vec![root.join(page.path)], &mut inclusion);
        inclusions.push(inclusion);
        if reader.is_full {
            break;
        }
    }
    inclusions
}

/// Where the files are that a page includes, and those that they include in turn, whether they are there or not. The root is a folder without
/// links.
pub(crate) fn included_places(root: &Path, page: &Page<'_>) -> Vec<PathBuf> {
    let mut reader = Reader { root, files: 0, bytes: 0, is_full: false };
    let mut inclusion = Inclusion { include: Include::default(), files: Vec::new(), problems: Vec::new() };
    let mut places: Vec<PathBuf> = Vec::new();
    for include in page.all_includes() {
        places.extend(reader.written_place(&include.target, &root.join(page.path)).ok());
        reader.read(&include.target, &mut vec![root.join(page.path)], &mut inclusion);
    }
    // What one of those includes may be missing, too.
    for file in &inclusion.files {
        places.push(root.join(&file.path));
        let nested = Page::parse(&file.path, &file.text);
        let nested = nested.all_includes().map(|own| reader.written_place(&own.target, &root.join(&file.path)));
        places.extend(nested.filter_map(Result::ok));
    }
    places
}

/// Why a file is not read.
const OUTSIDE: &str = "is outside the root of the pages";

/// Reads files within the limits of one page.
struct Reader<'r> {
    root: &'r Path,
    /// How many files have been looked for, and how many bytes they have.
    files: usize,
    bytes: usize,
    /// Whether a limit is reached; one problem says so.
    is_full: bool,
}

impl Reader<'_> {
    /// Reads a file that the last of the files in `within` includes, each of which is included by the one before it.
    fn read(&mut self, target: &str, within: &mut Vec<PathBuf>, inclusion: &mut Inclusion) {
        match self.take(target, within) {
            Ok((place, file)) => {
                let nested: Vec<Include> = Page::parse(&file.path, &file.text).all_includes().cloned().collect();
                inclusion.files.push(file);
                within.push(place);
                for include in nested {
                    if !self.is_full {
                        self.read(&include.target, within, inclusion);
                    }
                }
                within.pop();
            }
            Err(why) => {
                let by = within.get(1..).and_then(<[PathBuf]>::last).and_then(|place| name_below(self.root, place));
                let by = by.map_or_else(String::new, |file| format!(", included by {file},"));
                inclusion.problems.push(format!("the included file {target}{by} {why}"));
            }
        }
    }

    /// A file and where it is, or why it cannot be read.
    fn take(&mut self, target: &str, within: &[PathBuf]) -> Result<(PathBuf, IncludedFile), String> {
        if self.files == MAX_FILES {
            self.is_full = true;
            return Err(format!("is too much: a page may include {MAX_FILES} files"));
        }
        self.files += 1;
        if within.len() > MAX_DEPTH {
            return Err(format!("is too deep: files may include each other {MAX_DEPTH} levels deep"));
        }
        let place = self.place(target, within.last().map_or(self.root, PathBuf::as_path))?;
        if within.contains(&place) {
            return Err("includes itself".to_owned());
        }
        let path = name_below(self.root, &place).unwrap_or_default();
        let shown = place.display().to_string();
        let why = |problem: String| format!("cannot be read: {}", problem.replacen(&shown, &path, 1));
        let text = read_page(&place).map_err(why)?;
        self.bytes += text.len();
        if self.bytes > MAX_BYTES {
            self.is_full = true;
            return Err(format!("is too much: what a page includes may have {} MB", MAX_BYTES / 1024 / 1024));
        }
        Ok((place, IncludedFile { path, text }))
    }

    /// Where the file of a directive is: relative to the file with the directive, or, beginning with `~/`, below the root.
    fn place(&self, target: &str, including: &Path) -> Result<PathBuf, String> {
        let place = self.written_place(target, including)?;
        let real = std::fs::canonicalize(&place).map_err(|_| "does not exist".to_owned())?;
        // A link may lead out.
        if real.starts_with(self.root) { Ok(real) } else { Err(OUTSIDE.to_owned()) }
    }

    /// The same as it is written, whether the file is there or not.
    fn written_place(&self, target: &str, including: &Path) -> Result<PathBuf, String> {
        let path = without_query(target).replace('\\', "/");
        let path = decode(&path);
        let (folder, path) = match path.strip_prefix("~/") {
            Some(path) => (self.root, path),
            None => (including.parent().unwrap_or(self.root), path.as_ref()),
        };
        let mut place = folder.to_owned();
        for part in Path::new(path).components() {
            match part {
                Component::Normal(name) => place.push(name),
                Component::CurDir => {}
                Component::ParentDir if place != self.root && place.pop() => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(OUTSIDE.to_owned()),
            }
        }
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    const PAGE: &str = "v1.0/api/lamp-get.md";
    const FIRST: &str = "v1.0/includes/permissions/a.md";

    /// Reads what a page with this section includes, from a folder with these files: the files by their path, then the problems.
    fn read(section: &str, files: &[(&str, &str)]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().canonicalize()?.join("pages");
        for (path, text) in files {
            let file = root.join(path);
            std::fs::create_dir_all(file.parent().ok_or("a folder")?)?;
            match text.strip_prefix("link to ") {
                #[cfg(unix)]
                Some(target) => std::os::unix::fs::symlink(target, file)?,
                _ => std::fs::write(file, text)?,
            }
        }
        std::fs::create_dir_all(root.join("v1.0/api"))?;
        let text =
            format!("# Get lamp\n\n## Permissions\n\n{section}\n\n## HTTP request\n\n[!INCLUDE [x](other.md)]\n");
        let found = read_inclusions(&root, &Page::parse(PAGE, &text));
        let paths = found.iter().flat_map(|own| &own.files).map(|file| file.path.clone());
        Ok(paths.chain(found.iter().flat_map(|own| own.problems.clone())).collect())
    }

    #[track_caller]
    fn check(section: &str, files: &[(&str, &str)], expected: &[&str]) -> TestResult {
        assert_eq!(read(section, files)?, expected, "{section}");
        Ok(())
    }

    #[test]
    fn paths_are_relative_to_the_including_file() -> TestResult {
        let nested = "---\ntitle: x\n---\n\n[!include[y](../b.md)]\n";
        let files = [(FIRST, nested), ("v1.0/includes/b.md", "b"), ("v1.0/includes/with blank.md", "c")];
        check("[!INCLUDE [x](../includes/permissions/a.md)]", &files, &[FIRST, "v1.0/includes/b.md"])?;
        check("> [!INCLUDE [x](..\\includes\\b.md)]", &files, &["v1.0/includes/b.md"])?;
        check("[!INCLUDE [x](~/v1.0/includes/b.md#part)]", &files, &["v1.0/includes/b.md"])?;
        check("[!INCLUDE [x](../includes/with%20blank.md)]", &files, &["v1.0/includes/with blank.md"])
    }

    #[test]
    fn files_about_clouds_are_read_wherever_they_are_included() -> TestResult {
        let section = "None.\n\n## Clouds\n\n[!INCLUDE [national-cloud-support](../../includes/global-us.md)]\n\n[!INCLUDE [y](../b.md)]";
        let files = [("includes/global-us.md", "x"), ("v1.0/b.md", "y")];
        check(section, &files, &["includes/global-us.md"])?;
        check(section, &[], &["the included file ../../includes/global-us.md does not exist"])
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() -> TestResult {
        let check_one = |target: &str, files: &[(&str, &str)], expected: &str| {
            let found = read(&format!("[!INCLUDE [x]({target})]"), files)?;
            assert_eq!(found.last().map(String::as_str), Some(expected));
            TestResult::Ok(())
        };
        let first = "../includes/permissions/a.md";
        check_one("../x.md", &[], "the included file ../x.md does not exist")?;
        check_one(
            "../api",
            &[],
            "the included file ../api cannot be read: v1.0/api: cannot be read: it is a folder; name a file in it",
        )?;
        check_one(
            first,
            &[(FIRST, "[!INCLUDE [x](x.md)]")],
            "the included file x.md, included by v1.0/includes/permissions/a.md, does not exist",
        )?;
        check_one(
            first,
            &[(FIRST, "")],
            "the included file ../includes/permissions/a.md cannot be read: v1.0/includes/permissions/a.md:1:1: the page is empty; leave it out, or restore it",
        )
    }

    #[test]
    fn nothing_outside_the_root_is_read() -> TestResult {
        let outside = |target: &str| vec![format!("the included file {target} is outside the root of the pages")];
        for target in ["/etc/hostname", "../../../secret.md", "~/../secret.md", "../../pages/../../secret.md"] {
            assert_eq!(read(&format!("[!INCLUDE [x]({target})]"), &[("../secret.md", "x")])?, outside(target));
        }
        #[cfg(unix)]
        for link in ["link to ../../secret.md", "link to /etc/hostname"] {
            assert_eq!(
                read("[!INCLUDE [x](../a.md)]", &[("../secret.md", "x"), ("v1.0/a.md", link)])?,
                outside("../a.md")
            );
        }
        Ok(())
    }

    #[test]
    fn depth_number_and_size_have_limits() -> TestResult {
        let itself = "[!INCLUDE [x](a.md)]";
        let section = "[!INCLUDE [x](../includes/permissions/a.md)]";
        check(
            section,
            &[(FIRST, itself)],
            &[FIRST, "the included file a.md, included by v1.0/includes/permissions/a.md, includes itself"],
        )?;
        check(&format!("{section}\n\n{section}"), &[(FIRST, "x")], &[FIRST])?;
        check("[!INCLUDE [x](lamp-get.md)]", &[(PAGE, "x")], &["the included file lamp-get.md includes itself"])?;
        let chain: Vec<(String, String)> =
            (0..20).map(|at| (format!("v1.0/{at}.md"), format!("[!INCLUDE [x]({}.md)]", at + 1))).collect();
        let chain: Vec<(&str, &str)> = chain.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = read("[!INCLUDE [x](../0.md)]", &chain)?;
        assert_eq!((found.len(), found.last().is_some_and(|last| last.contains("too deep"))), (MAX_DEPTH + 1, true));
        // Each file includes the next one twice.
        let tree: Vec<(String, String)> = (0..MAX_DEPTH)
            .map(|at| (format!("v1.0/{at}.md"), format!("[!INCLUDE [x]({0}.md)]\n[!INCLUDE [x]({0}.md)]", at + 1)))
            .collect();
        let tree: Vec<(&str, &str)> = tree.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = read("[!INCLUDE [x](../0.md)]", &tree)?;
        assert!(found.iter().filter(|own| own.starts_with("v1.0")).count() <= MAX_FILES, "{found:?}");
        assert_eq!(found.iter().filter(|own| own.contains("may include 64 files")).count(), 1, "{found:?}");
        let large = format!("x{}", " ".repeat(MAX_BYTES / 2));
        let found = read(
            "[!INCLUDE [x](../a.md)]\n[!INCLUDE [x](../a.md#1)]\n[!INCLUDE [x](../a.md#2)]\n",
            &[("v1.0/a.md", &large)],
        )?;
        assert!(found.last().is_some_and(|last| last.contains("may have 4 MB")), "{found:?}");
        Ok(())
    }
}
