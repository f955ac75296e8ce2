//! What differs between two sets as lines for a terminal: by cause, what breaks first.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::review::{quoted, style};
use super::{BAD, BOLD, DIM, GOOD, Terminal, count, cut, safe};
use graph_contracts_changes::diff::{Diff, SetOf};
use graph_contracts_changes::{Change, Effect, Kind, Place};

/// How many changes of one effect are shown, and how many places of a change; files have all.
const MOST_CHANGES: usize = 50;
const MOST_PLACES: usize = 3;

impl<W: Write> Terminal<W> {
    /// What differs between two sets. `next` is the command that fails on what breaks, if there is more to do.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn differences(&mut self, diff: &Diff, next: Option<&str>) -> io::Result<()> {
        for effect in Effect::ALL {
            let shown: Vec<&Change> =
                diff.changes.iter().filter(|change| change.effect() == effect && !is_small(change.kind)).collect();
            for change in shown.iter().take(MOST_CHANGES) {
                self.change_between_sets(change)?;
            }
            if shown.len() > MOST_CHANGES {
                let more = shown.len() - MOST_CHANGES;
                writeln!(self.out, "… and {more} more {effect}; --json FILE and --markdown FILE have all\n")?;
            }
        }
        self.small_changes(diff)?;
        let what = match diff.of {
            SetOf::Contracts => "contracts",
            SetOf::Metadata => "types, operations and elements",
        };
        let between = format!("between {} and {} {what} in {:.2} s", diff.old, diff.new, diff.elapsed.as_secs_f64());
        if diff.changes.is_empty() {
            return writeln!(self.out, "{GOOD}nothing changed{GOOD:#} {between}");
        }
        let counts: Vec<String> = Effect::ALL
            .iter()
            .map(|effect| (style(*effect), diff.count(*effect), effect))
            .filter(|(_, number, _)| *number > 0)
            .map(|(style, number, effect)| format!("{style}{number} {effect}{style:#}"))
            .collect();
        let all = count(diff.changes.len(), "change", "changes");
        writeln!(self.out, "{BOLD}{all}:{BOLD:#} {} {between}", counts.join(", "))?;
        match next {
            Some(command) if diff.count(Effect::Breaking) > 0 => {
                writeln!(self.out, "To stop a build on what breaks:  {}", safe(command))
            }
            _ => Ok(()),
        }
    }

    fn change_between_sets(&mut self, change: &Change) -> io::Result<()> {
        let Change { kind, subject, before, after, places, .. } = change;
        let effect = kind.effect();
        let style = style(effect);
        let width = self.width.saturating_sub(20);
        writeln!(self.out, "{style}{effect:>8}{style:#}  {}: {BOLD}{}{BOLD:#}", kind.phrase(), safe(subject))?;
        writeln!(self.out, "{:>16}  {BAD}{}{BAD:#}", "before", cut(&safe(before), width))?;
        writeln!(self.out, "{:>16}  {GOOD}{}{GOOD:#}", "after", cut(&safe(after), width))?;
        for place in places.iter().take(MOST_PLACES) {
            let Place { item, at, old, new } = place;
            let side = |side: &Option<String>| side.as_ref().map_or("nothing".to_owned(), |place| safe(place));
            // Of one place, the subject says it all, but for a path in a body.
            let says_more = at != subject && (places.len() > 1 || at.starts_with('$'));
            let at = if says_more { format!("  {}", safe(at)) } else { String::new() };
            writeln!(self.out, "          {} > {}  {DIM}{}{at}{DIM:#}", side(old), side(new), safe(item))?;
        }
        if places.len() > MOST_PLACES {
            let more = count(places.len() - MOST_PLACES, "more place", "more places");
            writeln!(self.out, "          {DIM}… and {more}{DIM:#}")?;
        }
        writeln!(self.out, "          {DIM}{}{DIM:#}\n", kind.why())
    }

    /// What nobody need act on, as numbers.
    fn small_changes(&mut self, diff: &Diff) -> io::Result<()> {
        let small: BTreeMap<Kind, usize> = diff.by_kind().into_iter().filter(|(kind, _)| is_small(*kind)).collect();
        for (kind, number) in &small {
            writeln!(self.out, "{DIM}{:>8}{DIM:#}  {:<50}{number:>7}", kind.effect(), kind.phrase())?;
        }
        if small.is_empty() { Ok(()) } else { writeln!(self.out) }
    }
}

/// Whether a change is only counted. A deprecation breaks nothing, but is to be known.
fn is_small(kind: Kind) -> bool {
    kind.effect() == Effect::Cosmetic && !matches!(kind, Kind::Deprecated | Kind::DeprecationChanged)
}

/// The command that compares two sets and fails on what breaks.
pub fn diff_command(old: &Path, new: &Path, filters: &[String]) -> String {
    let mut command = "cargo xtask diff".to_owned();
    let paths = [old, new].map(|path| path.display().to_string());
    for word in paths.iter().chain(filters) {
        command.push(' ');
        command.push_str(&quoted(word));
    }
    command + " --deny breaking"
}
