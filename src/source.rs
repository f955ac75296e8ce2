//! Where something is documented or declared: a page (or another file), a line, and perhaps a column.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A line of a page, or a column in it. Shown and serialized as `page:line` or `page:line:column`.
///
/// A clone shares the page's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceLine {
    /// The path of the page; of what metadata declares, the file or URL of the document.
    pub page: Arc<str>,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1 in characters, where it is known.
    pub column: Option<u32>,
}

impl SourceLine {
    /// A line of a page.
    pub fn new(page: impl Into<Arc<str>>, line: u32) -> SourceLine {
        SourceLine { page: page.into(), line, column: None }
    }

    /// The position of a byte in the text of a page.
    pub fn in_text(page: impl Into<Arc<str>>, text: &str, offset: usize) -> SourceLine {
        let (line, column) = LineIndex::new(text).position(offset);
        SourceLine { page: page.into(), line, column: Some(column) }
    }
}

impl fmt::Display for SourceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.page, self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

impl Serialize for SourceLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SourceLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SourceLine, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = |text: &str| text.parse::<u32>().ok();
        let last = text.rsplit_once(':').and_then(|(rest, last)| Some((rest, number(last)?)));
        let (rest, last) = last.ok_or_else(|| D::Error::custom(format!("`{text}` has no line; write page:line")))?;
        let before = rest.rsplit_once(':').and_then(|(page, line)| Some((page, number(line)?)));
        let (page, line, column) = before.map_or((rest, last, None), |(page, line)| (page, line, Some(last)));
        Ok(SourceLine { page: page.into(), line, column })
    }
}

/// Finds the line and the column of a byte in a text. Where the lines start is found once somebody asks.
#[derive(Clone, Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: OnceLock<LineStarts>,
}

/// The same for a text that is kept elsewhere, and that each function is given.
#[derive(Clone, Debug)]
pub struct LineStarts {
    /// Where each line starts. What is read here is smaller than 4 GiB.
    starts: Vec<u32>,
    /// The number of characters before each stretch of [`STRETCH`] bytes, counted when a long line is asked for.
    before: OnceLock<Vec<u32>>,
}

/// The columns of a line of more bytes are not counted from its start each time.
const LONG: usize = 1024;

/// So many bytes of a text whose lines are long are counted each time, at most.
const STRETCH: usize = 128;

impl LineStarts {
    /// Finds where the lines of a text start.
    pub fn new(text: &str) -> LineStarts {
        // Lines of documentation are rarely shorter.
        let mut starts = Vec::with_capacity(text.len() / 24 + 2);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end as u32 + 1));
        LineStarts { starts, before: OnceLock::new() }
    }

    /// The line of a byte, counted from 1; of what is beyond the end, the last line.
    pub fn line(&self, offset: usize) -> u32 {
        self.starts.partition_point(|start| *start as usize <= offset) as u32
    }

    fn column(&self, text: &str, line: u32, offset: usize) -> u32 {
        let start = self.starts[line as usize - 1] as usize;
        if offset == start {
            return 1;
        }
        let offset = text.floor_char_boundary(offset);
        let end = start + text[start..offset].trim_end_matches('\r').len();
        if end - start <= LONG {
            return text[start..end].chars().count() as u32 + 1;
        }
        self.characters_before(text, end) - self.characters_before(text, start) + 1
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, text: &str, offset: usize) -> u32 {
        let count = |bytes: &[u8]| bytes.iter().filter(|byte| !is_continuation(**byte)).count() as u32;
        let bytes = text.as_bytes();
        let before = self.before.get_or_init(|| {
            let mut before = Vec::with_capacity(bytes.len() / STRETCH + 1);
            bytes.chunks(STRETCH).fold(0, |sum, stretch| {
                before.push(sum);
                sum + count(stretch)
            });
            before
        });
        let stretch = (offset / STRETCH).min(before.len() - 1);
        before[stretch] + count(&bytes[stretch * STRETCH..offset])
    }

    /// Line and column of a byte in the text.
    pub fn position(&self, text: &str, offset: usize) -> (u32, u32) {
        let line = self.line(offset);
        (line, self.column(text, line, offset))
    }
}

impl<'t> LineIndex<'t> {
    /// The index of a text.
    pub fn new(text: &'t str) -> LineIndex<'t> {
        LineIndex { text, starts: OnceLock::new() }
    }

    fn starts(&self) -> &LineStarts {
        self.starts.get_or_init(|| LineStarts::new(self.text))
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// What ends a line, counted from 1; of the last one, which has no end, what ends the one before it.
    pub fn line_end(&self, line: u32) -> &'static str {
        let end = |line: u32| self.text.get(self.start(line)..self.start(line + 1)).filter(|own| own.ends_with('\n'));
        let own = end(line).or_else(|| end(line.saturating_sub(1)));
        if own.is_some_and(|own| own.ends_with("\r\n")) { "\r\n" } else { "\n" }
    }

    /// Where a line starts, counted from 1; of a line that there is not, where the text ends.
    pub(crate) fn start(&self, line: u32) -> usize {
        let start = line.checked_sub(1).and_then(|line| self.starts().starts.get(line as usize));
        start.map_or(self.text.len(), |start| *start as usize)
    }

    /// The line of a byte, counted from 1; of what is beyond the end, the last line.
    pub fn line(&self, offset: usize) -> u32 {
        self.starts().line(offset)
    }

    /// The column of a byte, counted from 1 in characters. A line feed behind a carriage return has the column of both.
    pub fn column(&self, offset: usize) -> u32 {
        self.starts().position(self.text, offset).1
    }

    /// Where a line begins, counted from 1; the end of the text if there is no such line.
    pub fn line_start(&self, line: u32) -> usize {
        let start = (line as usize).checked_sub(1).and_then(|index| self.starts().starts.get(index));
        start.map_or(self.text.len(), |start| *start as usize)
    }

    /// The text of a line, counted from 1, without its line end; empty if there is no such line.
    pub fn line_text(&self, line: u32) -> &'t str {
        let Some(index) = (line as usize).checked_sub(1) else { return "" };
        let starts = &self.starts().starts;
        let Some(start) = starts.get(index) else { return "" };
        let end = starts.get(index + 1).map_or(self.text.len(), |next| *next as usize - 1);
        self.text[*start as usize..end].trim_end_matches('\r')
    }

    /// Line and column of a byte.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        (self.line(offset), self.column(offset))
    }
}

/// Counts the lines on the way through a text. For places that come in their order, as those of the elements of a page do: what lies
/// between one place and the next is read each time.
#[derive(Clone, Debug)]
pub(crate) struct LineCursor<'t> {
    text: &'t str,
    offset: usize,
    line: u32,
}

impl<'t> LineCursor<'t> {
    /// A cursor at the beginning of a text.
    pub(crate) fn new(text: &'t str) -> LineCursor<'t> {
        LineCursor { text, offset: 0, line: 1 }
    }

    /// The line of a byte, counted from 1.
    pub(crate) fn line(&mut self, offset: usize) -> u32 {
        let line_ends =
            |from: usize, to: usize| memchr::memchr_iter(b'\n', &self.text.as_bytes()[from..to]).count() as u32;
        if offset < self.offset {
            self.line -= line_ends(offset, self.offset);
        } else {
            self.line += line_ends(self.offset, offset);
        }
        self.offset = offset;
        self.line
    }

    /// How many characters stand before a byte in its line.
    pub(crate) fn indent(&self, offset: usize) -> u32 {
        line_before(self.text, offset).trim_end_matches('\r').chars().count() as u32
    }
}

/// What stands before a byte in its line.
pub(crate) fn line_before(text: &str, offset: usize) -> &str {
    &text[memchr::memrchr(b'\n', &text.as_bytes()[..offset]).map_or(0, |end| end + 1)..offset]
}

/// Whether a byte of UTF-8 goes on with a character (RFC 3629 section 3).
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_line_is_a_page_with_a_line_and_perhaps_a_column() {
        for (text, page, line, column) in [
            ("api/a.md:7", "api/a.md", 7, None),
            ("api/a.md:7:3", "api/a.md", 7, Some(3)),
            ("c:/a.md:7", "c:/a.md", 7, None),
            (":1", "", 1, None),
        ] {
            let json = format!("\"{text}\"");
            let source: SourceLine = serde_json::from_str(&json).expect(text);
            assert_eq!(source, SourceLine { column, ..SourceLine::new(page, line) }, "{text}");
            assert_eq!(serde_json::to_string(&source).expect(text), json);
        }
    }

    #[test]
    fn a_source_without_a_line_is_refused() {
        for text in ["\"a.md\"", "\"\"", "\"a.md:x\"", "7"] {
            assert!(serde_json::from_str::<SourceLine>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_byte_has_a_line_and_a_column_in_characters() {
        let index = LineIndex::new("ä=1\r\nb\n\n");
        let positions: Vec<(u32, u32)> = [0, 1, 2, 4, 5, 6, 7, 8, 9, 99].map(|offset| index.position(offset)).to_vec();
        assert_eq!(
            positions,
            [(1, 1), (1, 1), (1, 2), (1, 4), (1, 4), (2, 1), (2, 2), (3, 1), (4, 1), (4, 1)],
            "an offset within a character, at the line end, and beyond the end"
        );
        assert_eq!(LineIndex::new("").position(0), (1, 1));
        assert_eq!(SourceLine::in_text("a.md", "x\nyz", 3).to_string(), "a.md:2:2");
    }

    #[test]
    fn a_cursor_counts_the_lines_forward_and_back() {
        let text = "ä\r\nb\n\nc";
        let (index, mut cursor) = (LineIndex::new(text), LineCursor::new(text));
        for offset in [0, 2, 4, 5, 7, 7, 8, 4, 0, 6] {
            assert_eq!(cursor.line(offset), index.line(offset), "{offset}");
        }
    }

    #[test]
    fn what_stands_before_a_byte_is_of_its_line() {
        let check = |offset, expected| assert_eq!(line_before("a\n bc\n", offset), expected);
        check(0, "");
        check(1, "a");
        check(2, "");
        check(4, " b");
        check(6, "");
    }

    #[test]
    fn a_line_is_read_without_its_end() {
        let index = LineIndex::new("a\r\nbc\n\nd");
        let lines: Vec<&str> = (0..6).map(|line| index.line_text(line)).collect();
        assert_eq!(lines, ["", "a", "bc", "", "d", ""]);
    }

    #[test]
    fn the_columns_of_a_long_line_are_those_of_its_characters() {
        let line = "ä→x🦀".repeat(700);
        let text = format!("short\n{line}\r\n{line}");
        let index = LineIndex::new(&text);
        for start in [6, 6 + line.len() + 2] {
            for (number, (offset, _)) in line.char_indices().enumerate() {
                assert_eq!(index.column(start + offset), number as u32 + 1, "{offset} behind {start}");
            }
            assert_eq!(index.column(start + line.len()), 4 * 700 + 1, "at the end of the line");
        }
    }
}
