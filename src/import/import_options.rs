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
    /// The file of the volatile rules, if they are not in the contracts folder: none is written there then.
    pub rules: Option<PathBuf>,
    /// Write nothing, only say what would change.
    pub check: bool,
    /// Also replace contracts that were changed by hand.
    pub overwrite: bool,
    /// Delete contracts that no page documents any longer.
    pub delete_unreferenced: bool,
}
