//! What differs between two sets as a changelog in Markdown: by effect, by part of the service, one line for each change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::summary::code_span;
use super::terminal::count;
use crate::diff::{Change, Diff, Effect, Place};

/// How many places of a change are listed.
const MOST_PLACES: usize = 5;

/// The Markdown of a comparison of `old` and `new`.
pub fn changelog(diff: &Diff, old: &str, new: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# Changes from {} to {}\n", code_span(old), code_span(new));
    if diff.changes.is_empty() {
        out.push_str("Nothing changed.\n");
        return out;
    }
    let counts: Vec<String> = Effect::ALL.iter().map(|effect| format!("{} {effect}", diff.count(*effect))).collect();
    let _ = writeln!(out, "{}: {}.", count(diff.changes.len(), "change", "changes"), counts.join(", "));
    for effect in Effect::ALL {
        let mut areas: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        for change in diff.changes.iter().filter(|change| change.effect == effect) {
            areas.entry(&change.area).or_default().push(change);
        }
        if !areas.is_empty() {
            let _ = writeln!(out, "\n## {}", title(effect));
        }
        for (area, changes) in areas {
            let _ = writeln!(out, "\n### {}\n", code_span(area));
            changes.into_iter().for_each(|change| line(&mut out, change));
        }
    }
    out
}

fn title(effect: Effect) -> &'static str {
    match effect {
        Effect::Breaking => "Breaking",
        Effect::Additive => "Additive",
        Effect::Cosmetic => "Cosmetic",
    }
}

fn line(out: &mut String, change: &Change) {
    let Change { kind, subject, before, after, places, .. } = change;
    let _ = write!(out, "- {}: {}, {} → {}", kind.phrase(), code_span(subject), code_span(before), code_span(after));
    for (index, place) in places.iter().take(MOST_PLACES).enumerate() {
        out.push_str(if index == 0 { ": " } else { "; " });
        let Place { item, old, new, .. } = place;
        let side = |side: &Option<String>| side.as_ref().map_or("none".to_owned(), |place| code_span(place));
        let _ = write!(out, "{} ({} → {})", code_span(item), side(old), side(new));
    }
    if places.len() > MOST_PLACES {
        let _ = write!(out, "; and {}", count(places.len() - MOST_PLACES, "more place", "more places"));
    }
    out.push('\n');
}
