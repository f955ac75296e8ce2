//! How much of a result is said on a terminal.

/// How much of a result is said. What is left out is counted, with the option of the command line that shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The result alone, in a line: `--quiet`.
    Result,
    /// What was found, within bounds, and the first of what is as expected.
    #[default]
    Usual,
    /// The same, and all that is as expected: `--verbose`.
    Each,
    /// All of it: `--all`.
    All,
}

impl Detail {
    /// How many of a list are shown of which so many are shown as a rule.
    pub fn most(self, usual: usize) -> usize {
        if self == Detail::All { usize::MAX } else { usual }
    }
}

/// The end of a list of which so many are not shown.
pub(crate) fn and_more(number: usize, what: &str) -> String {
    format!("… and {number} more{what}; --all shows them")
}
