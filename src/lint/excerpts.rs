//! The line of each defect, and what corrects it, as a report shows them.

use std::collections::BTreeMap;

use super::fingerprint::page_by_page;
use crate::diagnostic::Diagnostic;
use crate::edit::{Change, Edit};
use crate::report::{Correction, Excerpt};
use crate::source::LineIndex;

/// The line of each diagnostic. `text_of` gives the text of a page, once for each page; what cannot be read has lines without text.
pub(super) fn excerpts(diagnostics: &[Diagnostic], text_of: impl Fn(&str) -> Option<String>) -> Vec<Excerpt> {
    page_by_page(diagnostics, text_of, |text, own| {
        let lines = LineIndex::new(text);
        let excerpt = |own: &&Diagnostic| {
            let fix = own.edit.as_ref().and_then(|edit| corrections(edit, &lines)).unwrap_or_default();
            Excerpt { fix, ..Excerpt::new(lines.line_text(own.line), own.column) }
        };
        own.iter().map(excerpt).collect()
    })
}

/// The lines that an edit changes; `None` where the page does not have what it is about, or where nobody could read the lines.
fn corrections(edit: &Edit, lines: &LineIndex<'_>) -> Option<Vec<Correction>> {
    let mut by_line: BTreeMap<u32, Vec<&Change>> = BTreeMap::new();
    for (line, change) in edit.lines().zip(edit.changes()) {
        by_line.entry(line).or_default().push(change);
    }
    let correction = |(line, changes): (u32, Vec<&Change>)| {
        let old = lines.line_text(line);
        (old.len() <= Excerpt::LONGEST).then_some(())?;
        let crlf = lines.line_end(line) == "\r\n";
        Some(Correction { line, old: old.to_owned(), new: replaced(old, &changes)?, crlf })
    };
    by_line.into_iter().map(correction).collect()
}

/// What takes the place of a line.
fn replaced(old: &str, changes: &[&Change]) -> Option<Vec<String>> {
    let characters: Vec<char> = old.chars().collect();
    let mut own = characters.clone();
    let mut replaces: Vec<(usize, &str, &str)> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Replace { column, old, new, .. } => {
                Some((column.saturating_sub(1) as usize, old.as_str(), new.as_str()))
            }
            Change::Insert { .. } | Change::Remove { .. } => None,
        })
        .collect();
    // From the end, so that the columns before stay as they are.
    replaces.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    for (at, old, new) in replaces {
        let end = at + old.chars().count();
        own.get(at..end)?.iter().copied().eq(old.chars()).then_some(())?;
        own.splice(at..end, new.chars());
    }
    let is_removed = changes.iter().any(|change| matches!(change, Change::Remove { .. }));
    let mut new: Vec<String> = if is_removed { Vec::new() } else { vec![own.iter().collect()] };
    for change in changes {
        if let Change::Insert { indent, text, .. } = change {
            let before: String = characters.get(..*indent as usize)?.iter().collect();
            let line = format!("{before}{text}");
            new.push(if text.is_empty() { line.trim_end().to_owned() } else { line });
        }
    }
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of an edit's corrections, as a diff; they are what the edit makes of the page.
    #[track_caller]
    fn check(text: &str, changes: Vec<Change>, expected: &[&str]) {
        let edit = Edit::new(changes).expect("an edit");
        let found = corrections(&edit, &LineIndex::new(text)).expect("lines");
        let shown: Vec<String> = found
            .iter()
            .flat_map(|own| {
                let old = std::iter::once(format!("-{}:{}", own.line, own.old));
                old.chain(own.new.iter().map(|line| format!("+{line}"))).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(shown, expected);
        let mut lines: Vec<Vec<String>> = text.lines().map(|line| vec![line.to_owned()]).collect();
        found.iter().for_each(|own| lines[own.line as usize - 1].clone_from(&own.new));
        let edited = edit.apply(text).expect("applied");
        assert_eq!(lines.concat(), edited.lines().collect::<Vec<_>>());
    }

    fn replace(line: u32, column: u32, old: &str, new: &str) -> Change {
        Change::Replace { line, column, old: old.to_owned(), new: new.to_owned() }
    }

    #[test]
    fn a_correction_is_what_the_edit_makes_of_the_lines() {
        check("a\nä b c\n", vec![replace(2, 3, "b", "xy"), replace(2, 5, "c", "")], &["-2:ä b c", "+ä xy "]);
        let insert = |after: u32, text: &str| Change::Insert { after, indent: 2, text: text.to_owned() };
        check("> a\n> b\n", vec![insert(1, "x"), insert(1, "")], &["-1:> a", "+> a", "+> x", "+>"]);
        check("a\nb\nc\n", vec![Change::Remove { line: 2 }, replace(3, 1, "c", "d")], &["-2:b", "-3:c", "+d"]);
    }

    #[test]
    fn what_is_not_there_has_no_correction() {
        let none = |text: &str, change: Change| {
            let edit = Edit::new(vec![change]).expect("an edit");
            assert_eq!(corrections(&edit, &LineIndex::new(text)), None);
        };
        none("a\n", replace(1, 1, "b", "c"));
        none("a\n", replace(1, 7, "a", "c"));
        none(&"a".repeat(1000), replace(1, 1, "a", "c"));
    }
}
