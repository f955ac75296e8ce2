//! The line of a page with a defect, and what would stand there instead.

use serde::{Deserialize, Serialize};

/// The line in which a defect is, and where in it; and how it is corrected, where that has one right answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excerpt {
    /// The line, or the part of it around the defect.
    pub text: String,
    /// The characters of it that a caret points at: the first, and the one behind the last.
    pub caret: (usize, usize),
    /// What corrects the defect, line by line; empty where that has no single right answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fix: Vec<Correction>,
}

/// A line of a page, and the lines that take its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The line, counted from 1.
    pub line: u32,
    /// What stands there.
    pub old: String,
    /// What takes its place: one line or several, or none where the line goes. A line that only gets another one behind it is the first.
    pub new: Vec<String>,
    /// Whether the line ends with a carriage return and a line feed, as lines do that come behind it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crlf: bool,
}

impl Excerpt {
    /// So many characters of a line are kept.
    pub const LONGEST: usize = 240;

    /// So many characters are kept before the place, where a line is longer.
    const BEFORE: usize = 80;

    /// The place at a column (counted from 1) of a line: the word there, or the first one behind it.
    pub fn new(line: &str, column: u32) -> Excerpt {
        // A byte-order mark is a character of the line that nobody sees.
        let (line, column) = match line.strip_prefix('\u{feff}') {
            Some(line) => (line, column.saturating_sub(1)),
            None => (line, column),
        };
        let characters: Vec<char> = line.chars().collect();
        let at = (column.saturating_sub(1) as usize).min(characters.len());
        let blanks = characters[at..].iter().take_while(|c| c.is_whitespace()).count();
        let start = at + blanks;
        let word = characters[start..].iter().take_while(|c| !c.is_whitespace()).count();
        // A line that ends there has nothing to point at but its end.
        let (start, end) = if word == 0 { (at, at) } else { (start, start + word) };
        if characters.len() <= Excerpt::LONGEST {
            return Excerpt { text: line.to_owned(), caret: (start, end), fix: Vec::new() };
        }
        let first = start.saturating_sub(Excerpt::BEFORE).min(characters.len() - Excerpt::LONGEST);
        let last = first + Excerpt::LONGEST;
        let mut text: String = characters[first..last].iter().collect();
        if last < characters.len() {
            text.push('…');
        }
        let shift = if first > 0 { 1 } else { 0 };
        if first > 0 {
            text.insert(0, '…');
        }
        let caret = (start - first + shift, end.min(last) - first + shift);
        Excerpt { text, caret, fix: Vec::new() }
    }
}

impl Correction {
    /// Whether the line stays as it is, with others behind it.
    pub fn is_kept(&self) -> bool {
        self.new.first() == Some(&self.old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with brackets around what the caret points at.
    #[track_caller]
    fn check(line: &str, column: u32, expected: &str) {
        let Excerpt { text, caret: (start, end), .. } = Excerpt::new(line, column);
        let part = |from: usize, to: usize| text.chars().skip(from).take(to - from).collect::<String>();
        let shown = format!("{}[{}]{}", part(0, start), part(start, end), part(end, usize::MAX));
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_caret_points_at_a_word_whatever_the_column() {
        check("ab cd", 4, "ab [cd]");
        check("  äb cd", 1, "  [äb] cd");
        check("ab", 99, "ab[]");
        check("ab  ", 3, "ab[]  ");
        check("", 1, "[]");
        check("\u{feff}# ab", 1, "[#] ab");
        check("\u{feff}# ab", 4, "# [ab]");
    }

    #[test]
    fn of_a_line_that_nobody_reads_the_place_is_shown() {
        let line = format!("{} here {}", "x".repeat(1000), "y".repeat(1000));
        check(&line, 1001, &format!("…{} [here] {}…", "x".repeat(79), "y".repeat(155)));
        check(&"x".repeat(1000), 1, &format!("[{}]…", "x".repeat(240)));
    }
}
