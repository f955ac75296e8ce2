//! Pending snapshots that are decided together: those in which the same has changed, and new contracts of one area.

use graph_contracts::report::{Block, Line, Terminal, Tone, count, group};
use std::io::{self, Write};

use super::{Decision, Entry};
use crate::{Effect, Kind};

/// How many snapshots of a group are named as a rule.
const MOST_NAMED: usize = 10;

/// How many groups are shown with all that changed as a rule, where nobody looks at them one by one.
const MOST_SHOWN: usize = 10;

/// How many more are named as a rule.
const MOST_TITLES: usize = 50;

/// Snapshots that are decided together, by their positions; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together(pub Vec<usize>);

/// All snapshots, in groups, in the order of the first of each. What cannot be accepted is a group of its own.
pub fn together(entries: &[Entry<'_>]) -> Vec<Together> {
    let positions = 0..entries.len();
    let mut groups: Vec<Together> =
        group(positions, |at| cause(&entries[*at]).ok_or(*at)).into_iter().map(Together).collect();
    groups.sort_by_key(|group| group.0[0]);
    groups
}

/// What has changed, in words that are the same where the same has changed.
fn cause(entry: &Entry<'_>) -> Option<String> {
    if !may_accept(entry) || !entry.is_pending_file() {
        return None;
    }
    let change = |change: &crate::Change| match change.kind {
        Kind::NewContract => format!("new {}", change.area),
        kind => format!("{kind} {}\n{}\n{}", change.what(), change.before, change.after),
    };
    let changes: Vec<String> = entry.changes.iter().map(change).collect();
    (!changes.is_empty()).then(|| format!("{:?} {}", entry.pending.origin, changes.join("\n\n")))
}

/// Whether a snapshot can be accepted.
pub(super) fn may_accept(entry: &Entry<'_>) -> bool {
    entry.problem.is_none() && entry.error.is_none()
}

/// Whether nobody who relies on what was accepted before notices: no change breaks a caller, and nothing is new or goes.
pub(super) fn is_harmless(entry: &Entry<'_>) -> bool {
    let is_harmless = |change: &crate::Change| change.effect() != Effect::Breaking && change.kind != Kind::NewContract;
    may_accept(entry) && entry.is_pending_file() && entry.changes.iter().all(is_harmless)
}

impl Together {
    /// What the snapshots have in common, in a line.
    fn title(&self, entries: &[Entry<'_>]) -> Line {
        let first = &entries[self.0[0]];
        let number = count(self.0.len(), "snapshot", "snapshots");
        match first.changes.first() {
            Some(change) if change.kind == Kind::NewContract => {
                Line::new(Tone::Bold, format!("{number} of new contracts")).text(format!(" of {}", change.area))
            }
            Some(change) => {
                let more = match first.changes.len() {
                    1 => String::new(),
                    more => format!(", and {} more", more - 1),
                };
                let effect = if first.is_breaking() { Effect::Breaking } else { change.effect() };
                let text = format!("  {number}: {}{more}", change.what());
                Line::new(effect.tone(), effect.to_string()).text(text)
            }
            None => Line::plain(format!("{number}: {}", first.pending.id)),
        }
    }

    /// The ids of the snapshots, a line each.
    pub(super) fn names(&self, entries: &[Entry<'_>]) -> Block {
        let line = |at: &usize| {
            let entry = &entries[*at];
            let decided = match entry.decision {
                Decision::Accepted => "  (accepted)",
                Decision::Rejected => "  (rejected)",
                Decision::Pending => "",
            };
            let source = entry.contract.map(|contract| format!("  {}", contract.location())).unwrap_or_default();
            Line::plain(format!("  {}{decided}", entry.pending.id)).dim(source)
        };
        Block::new(self.0.iter().map(line).collect())
    }

    /// Shows the group, with its number and that of all: what has changed in the first snapshot, and the names of the others.
    pub(super) fn show<W: Write>(
        &self,
        entries: &[Entry<'_>],
        numbers: (usize, usize),
        terminal: &mut Terminal<W>,
    ) -> io::Result<()> {
        if self.0.len() > 1 {
            let title = self.title(entries);
            let title = Line { indent: format!("{}/{}  ", numbers.0, numbers.1), ..title };
            let names = self.names(entries).lines;
            let lines = std::iter::once(title).chain(names).collect();
            terminal.blocks(&[Block::new(lines).at_most(1 + MOST_NAMED)])?;
        }
        let first = &entries[self.0[0]];
        let numbers = (self.0.len() == 1).then_some(numbers);
        terminal.blocks(&[first.block(numbers)])?;
        first.evidence.as_ref().map_or(Ok(()), |evidence| terminal.diff(evidence))
    }
}

/// Shows groups that nobody looks at one by one: the first ones with all that has changed, others by their title.
pub fn show<W: Write>(
    groups: &[Together],
    entries: &[Entry<'_>],
    (first, all): (usize, usize),
    terminal: &mut Terminal<W>,
) -> io::Result<()> {
    let shown = groups.len().min(terminal.detail().most(MOST_SHOWN));
    for (at, group) in groups[..shown].iter().enumerate() {
        group.show(entries, (first + at, all), terminal)?;
    }
    let titles = groups[shown..].iter().map(|group| group.title(entries)).collect();
    terminal.blocks(&[Block::new(titles).at_most(MOST_TITLES)])
}
