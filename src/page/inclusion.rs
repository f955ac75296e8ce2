//! What a page includes, as whoever has files has read it.

/// A directive that includes another file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// What the directive calls it.
    pub title: String,
    /// The path of the file, as written.
    pub target: String,
    /// The line of the directive, counted from 1.
    pub line: u32,
    /// Its column, counted from 1.
    pub column: u32,
}

/// A directive with what it includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The directive.
    pub include: Include,
    /// The file, and those that it includes in turn; empty if it cannot be read.
    pub files: Vec<IncludedFile>,
    /// What cannot be read, and why: a sentence for each.
    pub problems: Vec<String>,
}

/// A file that is included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludedFile {
    /// Its path below the root of the pages, with `/` between the parts.
    pub path: String,
    /// Its text.
    pub text: String,
}
