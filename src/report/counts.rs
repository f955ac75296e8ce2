//! How many defects of each code there are, in the order in which they are shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Display;

use super::{Block, Line, Tone};
use crate::diagnostic::{Code, Diagnostic};

/// The defects of a code, with the worst level of them.
pub(crate) type OfCode<'d, L> = (L, Code, Vec<&'d Diagnostic>);

/// The defects by code: the worst first, and of these what there is most of.
pub(crate) fn of_codes<'d, L: Copy + Ord>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    level: impl Fn(&Diagnostic) -> L,
) -> Vec<OfCode<'d, L>> {
    let mut by_code: BTreeMap<Code, Vec<&Diagnostic>> = BTreeMap::new();
    diagnostics.into_iter().for_each(|own| by_code.entry(own.code).or_default().push(own));
    let mut of_codes: Vec<OfCode<'_, L>> = Vec::new();
    for (code, own) in by_code {
        // Each has one at least.
        of_codes.extend(own.iter().map(|own| level(own)).max().map(|worst| (worst, code, own)));
    }
    of_codes.sort_by_key(|(level, code, own)| (Reverse(*level), Reverse(own.len()), code.name()));
    of_codes
}

/// A line for each code: its level, and how many defects it has.
pub(crate) fn counts<L: Copy + Display>(of_codes: &[OfCode<'_, L>], tone: impl Fn(L) -> Tone) -> Block {
    let line = |(level, code, own): &OfCode<'_, L>| {
        let word = level.to_string();
        Line::new(tone(*level), format!("{word:<7}")).text(format!("  {:<35}{:>7}", code.name(), own.len()))
    };
    Block::new(of_codes.iter().map(line).collect())
}
