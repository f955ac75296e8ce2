//! What an import is asked for.

use std::path::PathBuf;

/// What to import, and where to.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Pages, or folders of pages.
    pub paths: Vec<PathBuf>,
    /// The folder relative to which pages are named, if it is not to be found: see [`PageSet`](super::PageSet).
    pub pages_root: Option<PathBuf>,
    /// The contracts folder.
    pub out: PathBuf,
    /// Write nothing, only say what would change.
    pub check: bool,
    /// Also replace contracts that were changed by hand.
    pub overwrite: bool,
}
