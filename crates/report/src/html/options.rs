//! What a report shows beside the results.

use crate::comparison::Comparison;
use crate::history::Point;

/// What a report shows beside the report.
pub struct Options<'o> {
    /// Earlier runs of the same command, by time.
    pub earlier: &'o [Point],
    /// This run beside one of them.
    pub comparison: Option<&'o Comparison>,
    /// The command that runs one contract or page again, by its id.
    pub rerun: &'o dyn Fn(&str) -> String,
}
