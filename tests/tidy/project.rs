//! The files of the project.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A text file of the project.
#[derive(Debug)]
pub(crate) struct File {
    /// From the root of the project, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether it is compiled for tests, benchmarks or examples only.
    pub(crate) fn is_test(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        parts.contains(&"tests") || parts.contains(&"benches") || parts.contains(&"examples")
    }

    /// The text before the unit tests at its end.
    pub(crate) fn without_tests(&self) -> &str {
        let tests = self.text.match_indices("#[cfg(test)]\nmod ").map(|(at, _)| at);
        let inline = tests.into_iter().find(|at| {
            let line = self.text[*at..].lines().nth(1).unwrap_or_default();
            line.ends_with('{')
        });
        inline.map_or(&self.text, |at| &self.text[..at])
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files whose names end so, by path. What is generated, and pages and contracts, are no part of it.
pub(crate) fn files(ending: &str) -> Vec<File> {
    let is_source = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let is_hidden = name.starts_with('.') && entry.depth() > 0;
        let is_data = matches!(name.as_ref(), "target" | "contracts" | "snapshots" | "pages" | "metadata");
        !(is_hidden
            || entry.depth() == 1 && name == "target"
            || is_data && entry.file_type().is_dir() && is_data_folder(entry.path()))
    };
    let entries = WalkDir::new(root()).sort_by_file_name().into_iter().filter_entry(is_source);
    let paths = entries.filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    paths.filter(|path| path.to_string_lossy().ends_with(ending)).filter_map(read).collect()
}

/// Whether a folder holds data: those at the root, and the pages and metadata that tests read.
fn is_data_folder(path: &Path) -> bool {
    let parent = path.parent();
    parent == Some(root()) || parent.is_some_and(|parent| parent.ends_with("tests"))
}

fn read(path: PathBuf) -> Option<File> {
    let text = std::fs::read_to_string(&path).ok()?;
    let path = path.strip_prefix(root()).ok()?.to_string_lossy().replace('\\', "/");
    Some(File { path, text })
}
