//! What the benchmarks share.
//!
//! - [`pages`]: the pages that they run on
//! - [`contracts`]: the contracts that those pages make, and many more of them
//! - [`connections`]: many open connections at a time
//! - [`floor`]: the same exchanges between a bare client and a bare server
//! - [`tasks`]: runs tasks as a replay runs its contracts
//! - [`hostile`]: large pages of any shape
//! - [`ratio`]: ratios of what takes turns
//! - [`memory`]: how much memory the process takes

pub mod connections;
pub mod contracts;
pub mod floor;
pub mod hostile;
pub mod memory;
pub mod ratio;
pub mod tasks;

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A page and its text.
#[derive(Debug)]
pub struct PageText {
    /// The path in its documentation set.
    pub path: String,
    /// The text.
    pub text: String,
}

/// The pages of a documentation set beside the project, if there is one, or else those written for the tests: the API pages
/// and the resource pages. Says on standard error which they are.
pub fn pages() -> (Vec<PageText>, Vec<PageText>) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = project.join("../shared/corpus");
    let root = if corpus.is_dir() { corpus } else { project.join("tests/pages") };
    let all = read(&root);
    let (resources, api): (Vec<PageText>, Vec<PageText>) =
        all.into_iter().partition(|page| page.path.contains("resources/"));
    #[expect(clippy::print_stderr, reason = "a benchmark says what it measures")]
    {
        let bytes: usize = api.iter().chain(&resources).map(|page| page.text.len()).sum();
        eprintln!(
            "{} API pages and {} resource pages in {}, {} kB",
            api.len(),
            resources.len(),
            root.display(),
            bytes / 1000
        );
    }
    (api, resources)
}

fn read(root: &Path) -> Vec<PageText> {
    let files = WalkDir::new(root).sort_by_file_name().into_iter().flatten().map(walkdir::DirEntry::into_path);
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    let page = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).ok()?;
        let relative = path.strip_prefix(root).unwrap_or(&path);
        Some(PageText { path: relative.to_string_lossy().replace('\\', "/"), text })
    };
    files.filter(is_page).filter_map(page).collect()
}
