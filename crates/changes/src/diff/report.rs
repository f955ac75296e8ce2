//! What differs between two sets as a report: by cause, what breaks first.

use std::collections::BTreeMap;

use graph_contracts::at::{At, RequestPart};
use graph_contracts::report::{Block, Judged, Line, Report, Summary, Tone, count, cut};
use graph_contracts::source::SourceLine;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Diff, SetOf};
use crate::{Change, Effect, Kind, Place};

/// How many changes of one effect are shown as a rule, and how many places of a change.
const MOST_CHANGES: usize = 50;
const MOST_PLACES: usize = 3;

/// How much of a value is shown.
const LONGEST: usize = 80;

impl Diff {
    /// What differs between the sets of these names, found by a run that began at that time. `denied` are the effects that no change may
    /// have, and `next` is the command that denies what breaks, if there is one to tell of.
    pub fn report(&self, (old, new): (&str, &str), at: Timestamp, denied: &[Effect], next: Option<&str>) -> Report<'_> {
        let mut blocks = Vec::new();
        for effect in Effect::ALL {
            let shown: Vec<&Change> =
                self.changes.iter().filter(|change| change.effect() == effect && !is_small(change.kind)).collect();
            let (first, further) = shown.split_at(MOST_CHANGES.min(shown.len()));
            blocks.extend(first.iter().map(|change| change.block()));
            blocks.extend(further.iter().map(|change| change.block().further(effect.name())));
        }
        blocks.push(self.small_changes().remark(vec![self.between()]));
        let is_breaking = self.count(Effect::Breaking) > 0;
        let notes = next
            .filter(|_| is_breaking)
            .map(|command| Line::plain(format!("To stop a build on what breaks:  {command}")));
        Report {
            exit_code: u8::from(denied.iter().any(|effect| self.count(*effect) > 0)),
            unit: match self.of {
                SetOf::Contracts => ("contract", "contracts"),
                SetOf::Metadata => ("declaration", "declarations"),
            },
            judged: Judged::Changes,
            cases: self.cases(denied),
            totals: self.totals(),
            blocks,
            summary: Summary { notes: notes.into_iter().collect(), ..self.summary() },
            document: self.document((old, new), at),
            ..Report::new("diff", format!("{old} and {new}"), at, self.elapsed)
        }
    }

    /// Between what the changes are.
    fn between(&self) -> String {
        let what = match self.of {
            SetOf::Contracts => "contracts",
            SetOf::Metadata => "types, operations and elements",
        };
        format!("between {} and {} {what}", self.old, self.new)
    }

    fn summary(&self) -> Summary {
        let between = self.between();
        let elapsed = Some(self.elapsed);
        if self.changes.is_empty() {
            let result = format!("nothing changed {between}");
            return Summary { tone: Tone::Good, result, elapsed, ..Summary::default() };
        }
        let counts = Effect::ALL.map(|effect| (self.count(effect), effect.name()));
        let worst = Effect::ALL.into_iter().find(|effect| self.count(*effect) > 0);
        Summary {
            subject: count(self.changes.len(), "change", "changes"),
            tone: worst.map_or(Tone::Plain, Effect::tone),
            result: format!("{} {between}", Summary::parts(counts)),
            elapsed,
            notes: Vec::new(),
        }
    }

    /// What needs no action, as numbers.
    fn small_changes(&self) -> Block {
        let small = self.by_kind().into_iter().filter(|(kind, _)| is_small(*kind));
        let line = |(kind, number): (Kind, usize)| {
            Line::new(Tone::Dim, format!("{:>8}", kind.effect())).text(format!("  {:<50}{number:>7}", kind.phrase()))
        };
        Block::new(small.map(line).collect())
    }

    fn document(&self, (old, new): (&str, &str), at: Timestamp) -> Value {
        let by_kind = self.by_kind().into_iter().map(|(kind, number)| (kind.name(), number));
        json!({
            "command": "diff",
            "at": at,
            "of": self.of,
            "old": old,
            "new": new,
            "old_count": self.old,
            "new_count": self.new,
            "breaking": self.count(Effect::Breaking),
            "additive": self.count(Effect::Additive),
            "cosmetic": self.count(Effect::Cosmetic),
            "by_kind": by_kind.collect::<BTreeMap<_, _>>(),
            "changes": self.changes.iter().map(Change::document).collect::<Vec<_>>(),
            "seconds": self.elapsed.as_secs_f64(),
        })
    }
}

/// Whether a place is a value in a body.
fn is_value(spot: &Option<At>) -> bool {
    matches!(spot, Some(At::Path(_) | At::Request(RequestPart::Path(_))))
}

impl Change {
    fn document(&self) -> Value {
        let Change { kind, area, subject, before, after, places, mismatch: _ } = self;
        json!({
            "change": kind,
            "effect": kind.effect(),
            "area": area,
            "subject": subject,
            "before": before,
            "after": after,
            "places": places,
            "why": kind.why(),
        })
    }

    fn block(&self) -> Block {
        let Change { kind, subject, before, after, places, .. } = self;
        let effect = kind.effect();
        let side = |tone, word: &str, value: &str| Line {
            indent: format!("{word:>16}  "),
            ..Line::new(tone, cut(value, LONGEST))
        };
        let title = Line::new(effect.tone(), format!("{effect:>8}")).text(format!("  {}: {subject}", kind.phrase()));
        let mut lines = vec![title, side(Tone::Bad, "before", before), side(Tone::Good, "after", after)];
        for Place { item, at, spot, old, new } in places.iter().take(MOST_PLACES) {
            let side = |side: &Option<SourceLine>| side.as_ref().map_or("nothing".to_owned(), ToString::to_string);
            // Of one place, the subject says it all, but for a path in a body.
            let says_more = at != subject && (places.len() > 1 || is_value(spot));
            let at = if says_more { format!("  {at}") } else { String::new() };
            let place = Line::plain(format!("          {} > {}  ", side(old), side(new)));
            lines.push(place.dim(format!("{item}{at}")));
        }
        if places.len() > MOST_PLACES {
            let more = count(places.len() - MOST_PLACES, "more place", "more places");
            lines.push(Line::default().dim(format!("          … and {more}; --json FILE has them")));
        }
        lines.push(Line::default().dim(format!("          {}", kind.why())));
        Block::new(lines)
    }
}

/// Whether a change is only counted. A deprecation breaks nothing, but somebody has to know of it.
fn is_small(kind: Kind) -> bool {
    kind.effect() == Effect::Cosmetic && !matches!(kind, Kind::Deprecated | Kind::DeprecationChanged)
}
