//! The files that a target makes.

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// Its path below the folder of the export, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// What a target makes of exchanges.
pub(crate) struct Made {
    /// The files.
    pub(crate) files: Vec<ExportFile>,
    /// How many exchanges are in them.
    pub(crate) routes: usize,
}
