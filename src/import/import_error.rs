//! Why pages cannot be imported.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::store::StoreErrorKind;

/// Why pages cannot be imported. Nothing has been written then, except for [`ImportError::Unwritable`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A path does not exist or cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// What should be a folder is not.
    #[error("{}: not a folder", path.display())]
    NoFolder {
        /// What it is.
        path: PathBuf,
    },
    /// A page or folder of pages is not below the folder relative to which pages are named.
    #[error("{}: not below the root of the pages, {}", path.display(), root.display())]
    OutsideRoot {
        /// The page or folder.
        path: PathBuf,
        /// The root of the pages.
        root: PathBuf,
    },
    /// A folder holds no page.
    #[error("{}: no pages here; a page is a file that ends in .md or .txt{}", path.display(), not_followed(link.as_deref()))]
    NoPages {
        /// The folder.
        path: PathBuf,
        /// A link in it to another folder, which is not followed.
        link: Option<PathBuf>,
    },
    /// Pages cannot be read as text.
    #[error("{}", problems.join("\n"))]
    BadPages {
        /// What is wrong with each, with its path.
        problems: Vec<String>,
    },
    /// No page documents a request with its response.
    #[error("no pair of request and response in {pages} {}: a code block that begins with a method and a URL, and then one that begins with HTTP and a status{}",
        if *pages == 1 { "page" } else { "pages" },
        diagnostics.iter().map(|diagnostic| format!("\n{diagnostic}")).collect::<String>())]
    NoPairs {
        /// The number of pages.
        pages: usize,
        /// What is wrong with them.
        diagnostics: Vec<Diagnostic>,
    },
    /// The contracts folder cannot be read.
    #[error(transparent)]
    Contracts(#[from] StoreErrorKind),
    /// A file cannot be written. Files are written whole or not at all.
    #[error("{}: cannot be written: {cause}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// What to do about a link that is not followed, as the end of a message.
fn not_followed(link: Option<&Path>) -> String {
    link.map_or_else(String::new, |link| {
        let link = link.display();
        format!("; {link} is a link to a folder, which is not followed: if the pages are there, name {link} itself")
    })
}
