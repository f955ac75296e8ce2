//! The elements of a page that the importer looks at. Lines are counted from 1, offsets are bytes of the page's text.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use super::sections::translated_section;
use super::{Metadata, NotMetadata, slugify};
use crate::url::is_version;

/// One element of a page, in document order.
#[derive(Clone, Debug)]
pub enum Element<'a> {
    /// A heading.
    Heading(Heading),
    /// A paragraph, list item text or quoted text.
    Prose(Prose<'a>),
    /// A table.
    Table(Table<'a>),
    /// An HTML comment.
    Comment(Comment<'a>),
    /// A fenced code block.
    Fence(Fence<'a>),
}

impl Element<'_> {
    /// Its first line.
    pub(crate) fn line(&self) -> u32 {
        match self {
            Element::Heading(heading) => heading.line,
            Element::Prose(prose) => prose.line,
            Element::Table(table) => table.line,
            Element::Comment(comment) => comment.line,
            Element::Fence(fence) => fence.line,
        }
    }
}

/// A heading.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The heading's text without markup.
    pub text: String,
    /// The name of an `<a name="…">` in the heading: translated pages keep the English section name there.
    pub anchor: Option<String>,
    /// Its line.
    pub line: u32,
    /// The name of its section in URLs.
    section: String,
}

/// A paragraph, with what its markup says.
#[derive(Clone, Debug, Default)]
pub struct Prose<'a> {
    /// The text as it stands in the page, with its markup; on a bilingual page the original alone.
    pub text: Cow<'a, str>,
    /// Its code spans.
    pub codes: Vec<Cow<'a, str>>,
    /// The targets of its links.
    pub links: Vec<Cow<'a, str>>,
    /// Its first line.
    pub line: u32,
    /// Where it starts in the page, in bytes.
    pub start: usize,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table<'a> {
    /// The head's cells.
    pub head: Vec<Cell<'a>>,
    /// The rows below the head, each with its cells.
    pub rows: Vec<Vec<Cell<'a>>>,
    /// The line of the head.
    pub line: u32,
}

/// One cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell<'a> {
    /// The text without markup and with entities resolved.
    pub text: Cow<'a, str>,
    /// Its code spans and bold text, in their order.
    pub marks: Vec<Mark>,
    /// The targets of its links.
    pub links: Vec<Cow<'a, str>>,
    /// Its line.
    pub line: u32,
}

/// A part of a cell's text that its markup sets apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it is in the text.
    pub range: Range<usize>,
    /// Whether it is a code span; otherwise it is bold.
    pub is_code: bool,
}

impl Mark {
    /// The mark in a text without so many bytes before it.
    pub(super) fn shifted(&self, less: usize) -> Mark {
        let at = |offset: usize| offset.saturating_sub(less);
        Mark { range: at(self.range.start)..at(self.range.end), is_code: self.is_code }
    }
}

/// An HTML comment.
#[derive(Clone, Debug)]
pub struct Comment<'a> {
    /// What stands between `<!--` and `-->`.
    pub text: &'a str,
    /// The line of `<!--`.
    pub line: u32,
    /// What it says as metadata, once somebody has asked.
    metadata: OnceCell<Option<Result<Arc<Metadata>, NotMetadata>>>,
}

impl<'a> Comment<'a> {
    /// The comment with that text, which begins in that line.
    pub(super) fn new(text: &'a str, line: u32) -> Comment<'a> {
        Comment { text, line, metadata: OnceCell::new() }
    }

    /// The metadata that it is, as [`Metadata::read`] reads it.
    pub(crate) fn metadata(&self) -> Option<Result<&Arc<Metadata>, &NotMetadata>> {
        let read = self.metadata.get_or_init(|| Some(Metadata::read(self.text)?.map(Arc::new)));
        read.as_ref().map(Result::as_ref)
    }
}

/// A fenced code block.
#[derive(Clone, Debug)]
pub struct Fence<'a> {
    /// What follows the opening fence on its line.
    pub info: Cow<'a, str>,
    /// The line of the opening fence.
    pub line: u32,
    /// The lines between the fences.
    pub lines: Vec<Line<'a>>,
    /// The line and column of the fence of another block that opens before this one is closed.
    pub unclosed: Option<(u32, u32)>,
}

/// One line of a fenced code block.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The line's number in the page.
    pub number: u32,
    /// How many characters of the page's line stand before the text (the indentation of a list, for example).
    pub indent: u32,
    /// The text, without the line end.
    pub text: Cow<'a, str>,
}

impl Line<'_> {
    /// The text of lines, joined with line feeds.
    pub(crate) fn join(lines: &[Line<'_>]) -> String {
        let length = lines.iter().map(|line| line.text.len() + 1).sum();
        let mut text = String::with_capacity(length);
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            text.push_str(&line.text);
        }
        text
    }
}

impl<'a> Element<'a> {
    /// The table, if it is one.
    pub(crate) fn as_table(&self) -> Option<&Table<'a>> {
        match self {
            Element::Table(table) => Some(table),
            _ => None,
        }
    }
}

impl Heading {
    pub(super) fn new(level: u8, text: String, anchor: Option<String>, line: u32) -> Heading {
        let section = anchor.clone().unwrap_or_else(|| section_of(&text));
        Heading { level, text, anchor, line, section }
    }

    /// Whether the heading opens the section of that name in URLs, such as `http-request`: its anchor says so, or its text in
    /// lower case with `-` for blanks. What stands in parentheses behind it, and a version, make no difference: "HTTP request (v1.0)".
    pub fn opens(&self, section: &str) -> bool {
        self.section == section
    }

    /// The heading's own name in URLs, with all of its words.
    pub(crate) fn slug(&self) -> String {
        slugify(self.anchor.as_ref().unwrap_or(&self.text))
    }
}

/// The name in URLs of the section that a heading without an anchor opens.
fn section_of(text: &str) -> String {
    let text = text.trim_end().trim_end_matches(':');
    let text = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map_or(text, |(before, _)| before);
    let text = text.trim_end();
    let version = memchr::memrchr(b' ', text.as_bytes()).filter(|blank| is_version(&text[blank + 1..]));
    let slug = slugify(version.map_or(text, |blank| &text[..blank]));
    translated_section(&slug).map_or(slug, str::to_owned)
}
