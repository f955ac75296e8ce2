//! How much of the documented responses was asserted, as a line.

use super::text::count;
use super::{Line, Tone};
use crate::compare::Coverage;

/// How many leaves were asserted, and how: a warning where some were not, or more by shape than exactly.
pub fn asserted(coverage: Coverage) -> Line {
    let Coverage { exact, shape, none } = coverage;
    let leaves = count(coverage.leaves(), "documented leaf", "documented leaves");
    let leaves = format!("{leaves} of the responses: {exact} asserted exactly, {shape} by shape, {none} not at all");
    let tone = if none > 0 || shape > exact { Tone::Warn } else { Tone::Dim };
    Line::new(tone, leaves)
}
