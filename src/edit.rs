//! What corrects a defect: changes of a page's text, by line and column.
//!
//! Where a defect is found, its place is known by line and column, and what is around the line (a list's indentation, a quote's `>`) by how many
//! characters of it are not the text. So an edit is made there, as data, and applied where the page's text is.

use crate::source::LineIndex;

/// Changes that correct one defect together. They are about different places, and the places are those before any of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    changes: Vec<Change>,
}

/// One change of a page's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another text takes the place of one that stands in a line.
    Replace {
        /// The line, counted from 1.
        line: u32,
        /// The column at which the old text begins, counted from 1 in characters.
        column: u32,
        /// What stands there.
        old: String,
        /// What will.
        new: String,
    },
    /// A line comes behind another one, with what stands before the text of that one.
    Insert {
        /// The line behind which it comes, counted from 1.
        after: u32,
        /// How many characters stand before that line's text.
        indent: u32,
        /// The text.
        text: String,
    },
    /// A line goes, with its end.
    Remove {
        /// The line, counted from 1.
        line: u32,
    },
}

impl Edit {
    /// The edit of these changes; `None` without any.
    pub fn new(changes: Vec<Change>) -> Option<Edit> {
        (!changes.is_empty()).then_some(Edit { changes })
    }

    /// The edit that replaces one text.
    pub fn replace(line: u32, column: u32, old: impl Into<String>, new: impl Into<String>) -> Edit {
        Edit { changes: vec![Change::Replace { line, column, old: old.into(), new: new.into() }] }
    }

    /// The changes.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The text with the changes in it; everything else stays as it is. `None` where the text does not have what they are about.
    pub fn apply(&self, text: &str) -> Option<String> {
        let lines = LineIndex::new(text);
        let pieces = self.changes.iter().map(|change| piece(change, text, &lines));
        let mut pieces = pieces.collect::<Option<Vec<(usize, usize, String)>>>()?;
        // Lines that come at one place keep their order.
        pieces.sort_by_key(|(start, end, _)| (*start, *end));
        let mut edited = String::with_capacity(text.len() + 64);
        let mut copied = 0;
        for (start, end, new) in pieces {
            edited.push_str(text.get(copied..start)?);
            edited.push_str(&new);
            copied = end;
        }
        edited.push_str(text.get(copied..)?);
        Some(edited)
    }

    /// Where a line is afterwards; `None` if it goes.
    pub fn moved(&self, line: u32) -> Option<u32> {
        let mut moved = line;
        for change in &self.changes {
            match change {
                Change::Remove { line: own } if *own == line => return None,
                Change::Remove { line: own } if *own < line => moved -= 1,
                Change::Insert { after, .. } if *after < line => moved += 1,
                _ => {}
            }
        }
        Some(moved)
    }

    /// Where a column of a line is afterwards.
    pub fn moved_column(&self, line: u32, column: u32) -> u32 {
        let length = |text: &str| i64::try_from(text.chars().count()).unwrap_or_default();
        let before = self.changes.iter().filter_map(|change| match change {
            Change::Replace { line: own, column: start, old, new } if *own == line && *start < column => {
                Some(length(new) - length(old))
            }
            _ => None,
        });
        u32::try_from(i64::from(column) + before.sum::<i64>()).unwrap_or(1).max(1)
    }

    /// The lines that it is about.
    pub fn lines(&self) -> impl Iterator<Item = u32> {
        self.changes.iter().map(|change| match change {
            Change::Replace { line, .. } | Change::Remove { line } => *line,
            Change::Insert { after, .. } => *after,
        })
    }
}

/// The bytes that a change replaces, and by what.
fn piece(change: &Change, text: &str, lines: &LineIndex<'_>) -> Option<(usize, usize, String)> {
    match change {
        Change::Replace { line, column, old, new } => {
            let own = lines.line_text(*line);
            let at = byte_of(own, column.checked_sub(1)?)?;
            own.get(at..)?.starts_with(old.as_str()).then_some(())?;
            let start = lines.line_start(*line) + at;
            Some((start, start + old.len(), new.clone()))
        }
        Change::Insert { after, indent, text: new } => {
            let own = lines.line_text(*after);
            let before = own.get(..byte_of(own, *indent)?)?;
            let line = format!("{before}{new}");
            // Nothing stands behind what is around an empty line.
            let line = if new.is_empty() { line.trim_end() } else { &line };
            let start = lines.line_start(*after + 1);
            let line_end = lines.line_end(*after);
            Some(match text.get(lines.line_start(*after)..start)?.ends_with('\n') {
                true => (start, start, format!("{line}{line_end}")),
                // The last line of the page has no end.
                false => (start, start, format!("{line_end}{line}")),
            })
        }
        Change::Remove { line } => {
            let (start, end) = (lines.line_start(*line), lines.line_start(*line + 1));
            (start < end).then(|| (start, end, String::new()))
        }
    }
}

/// The byte of a character, counted from 0, in a line.
fn byte_of(line: &str, column: u32) -> Option<usize> {
    line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(column as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, changes: Vec<Change>, expected: Option<&str>) {
        let edit = Edit::new(changes).expect("an edit");
        assert_eq!(edit.apply(text).as_deref(), expected, "{edit:?}");
    }

    fn replace(line: u32, column: u32, old: &str, new: &str) -> Change {
        Change::Replace { line, column, old: old.to_owned(), new: new.to_owned() }
    }

    fn insert(after: u32, indent: u32, text: &str) -> Change {
        Change::Insert { after, indent, text: text.to_owned() }
    }

    #[test]
    fn only_what_is_changed_changes() {
        check("\u{feff}ä b\r\nc", vec![replace(1, 4, "b", "d")], Some("\u{feff}ä d\r\nc"));
        check("> a\r\n> c\r\n", vec![insert(1, 2, "b")], Some("> a\r\n> b\r\n> c\r\n"));
        check("> a\n> c\n", vec![insert(1, 2, "")], Some("> a\n>\n> c\n"));
        check("  a\n  c", vec![insert(2, 2, "d")], Some("  a\n  c\n  d"));
        check("a\r\nc", vec![insert(2, 0, "d")], Some("a\r\nc\r\nd"));
        check("a", vec![insert(1, 0, "d")], Some("a\nd"));
        check("a\nb\nc", vec![Change::Remove { line: 2 }, Change::Remove { line: 3 }], Some("a\n"));
        check("a\nb\n", vec![insert(1, 0, "x"), insert(1, 0, "y"), replace(1, 1, "a", "z")], Some("z\nx\ny\nb\n"));
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        check("a\n", vec![replace(1, 1, "b", "c")], None);
        check("a\n", vec![replace(1, 9, "a", "c")], None);
        check("a\n", vec![replace(7, 1, "a", "c")], None);
        check("a\n", vec![Change::Remove { line: 7 }], None);
        check("a\n", vec![insert(1, 5, "b")], None);
        check("aa\n", vec![replace(1, 1, "aa", "b"), replace(1, 2, "a", "c")], None);
    }

    #[test]
    fn the_other_lines_and_columns_are_found_again() {
        let edit = Edit::new(vec![insert(2, 0, "x"), Change::Remove { line: 5 }, replace(7, 3, "ab", "c")]);
        let edit = edit.expect("an edit");
        let moved: Vec<Option<u32>> = (1..=7).map(|line| edit.moved(line)).collect();
        assert_eq!(moved, [Some(1), Some(2), Some(4), Some(5), None, Some(6), Some(7)]);
        assert_eq!([2, 3, 5].map(|column| edit.moved_column(7, column)), [2, 3, 4]);
    }
}
