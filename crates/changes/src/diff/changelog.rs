//! What differs between two sets as a changelog in Markdown: by effect, by part of the service, one line for each change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use graph_contracts::report::{self, count};
use graph_contracts::source::SourceLine;

use super::Diff;
use crate::{Change, Effect, NOTHING, Place};

/// The longest text that is shown, in characters.
const LONGEST: usize = 200;

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
        for change in diff.changes.iter().filter(|change| change.effect() == effect) {
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

fn code_span(text: &str) -> String {
    report::code_span(text, LONGEST)
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
    let _ = write!(out, "- {}: {}", kind.phrase(), code_span(subject));
    let _ = match (before.as_str(), after.as_str()) {
        // What came and went is named already, if there is no more to say of it.
        (NOTHING, text) | (text, NOTHING) if text == subject => Ok(()),
        (text, NOTHING) => write!(out, ", was {}", code_span(text)),
        (NOTHING, text) => write!(out, ", {}", code_span(text)),
        (before, after) if before == subject => write!(out, " → {}", code_span(after)),
        (before, after) => write!(out, ", {} → {}", code_span(before), code_span(after)),
    };
    for (index, place) in places.iter().take(MOST_PLACES).enumerate() {
        out.push_str(if index == 0 { ": " } else { "; " });
        let Place { item, old, new, .. } = place;
        let side =
            |side: &Option<SourceLine>| side.as_ref().map_or("none".to_owned(), |place| code_span(&place.to_string()));
        let _ = write!(out, "{} ({} → {})", code_span(item), side(old), side(new));
    }
    if places.len() > MOST_PLACES {
        let _ = write!(out, "; and {}", count(places.len() - MOST_PLACES, "more place", "more places"));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Kind;
    use crate::diff::SetOf;

    fn change(kind: Kind, subject: &str, (before, after): (&str, &str), places: usize) -> Change {
        let place = |number: usize| Place {
            item: format!("v1.0/a-{number}"),
            at: String::new(),
            spot: None,
            old: Some(SourceLine::new("a.md", number as u32)),
            new: None,
        };
        let (subject, before, after) = (subject.to_owned(), before.to_owned(), after.to_owned());
        let places = (0..places).map(place).collect();
        Change { kind, area: "v1.0 lamps".to_owned(), subject, before, after, places, mismatch: None }
    }

    fn shown(changes: Vec<Change>) -> String {
        let diff = Diff { of: SetOf::Contracts, old: 1, new: 1, changes, elapsed: Duration::ZERO };
        changelog(&diff, "old", "new")
    }

    #[test]
    fn changes_stand_by_effect_and_area() {
        let text = shown(vec![
            change(Kind::OperationRemoved, "GET /a", ("GET /a", NOTHING), 7),
            change(Kind::PropertyRetyped, "n.a/b", ("Edm.Int32", "Edm.String"), 1),
            change(Kind::TypeRenamed, "n.a", ("n.a", "n.b"), 1),
            change(Kind::EnumEvolvable, "n.a/s", (NOTHING, "unknownFutureValue"), 1),
        ]);
        let expected = "# Changes from `old` to `new`\n\n4 changes: 3 breaking, 1 additive, 0 cosmetic.\n\n## Breaking\n\n### `v1.0 lamps`\n\n\
            - operation removed: `GET /a`: `v1.0/a-0` (`a.md:0` → none); `v1.0/a-1` (`a.md:1` → none); `v1.0/a-2` (`a.md:2` → none); \
            `v1.0/a-3` (`a.md:3` → none); `v1.0/a-4` (`a.md:4` → none); and 2 more places\n\
            - property retyped: `n.a/b`, `Edm.Int32` → `Edm.String`: `v1.0/a-0` (`a.md:0` → none)\n\
            - type renamed: `n.a` → `n.b`: `v1.0/a-0` (`a.md:0` → none)\n\n## Additive\n\n### `v1.0 lamps`\n\n\
            - enumeration now evolvable: `n.a/s`, `unknownFutureValue`: `v1.0/a-0` (`a.md:0` → none)\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_that_pages_say_is_markup() {
        let text = shown(vec![change(Kind::SampleChanged, "a`b", ("<b>\n# x", "@you | ~~z~~"), 1)]);
        assert!(text.contains("`` a`b ``, `<b> # x` → `@you | ~~z~~`: "), "{text}");
        assert_eq!(shown(Vec::new()), "# Changes from `old` to `new`\n\nNothing changed.\n");
    }
}
