//! Markdown to [`Page`]: one pass over the events of `pulldown-cmark`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use memchr::memmem::Finder;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::accepted::Accepted;
use super::blocks::read_blocks;
use super::inline::{Inline, trimmed};
use super::loose_table::{is_line_break, loose_table};
use super::unclosed::push_split;
use super::version::{version_of_front_matter, version_of_path};
use super::{Block, Comment, Element, Fence, Heading, Include, Inclusion, Language, Line, Pairing, Prose, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{LineCursor, LineIndex};

/// A documentation page.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The page's path, relative to the documentation set and with `/` between its parts.
    pub path: &'a str,
    /// The page's text.
    pub text: &'a str,
    /// What the page consists of, in document order.
    pub elements: Vec<Element<'a>>,
    /// The version of the API that it documents: that of the nearest folder that is called like one, or else the one in its front matter.
    pub version: Option<String>,
    /// Its HTTP blocks, in document order.
    pub blocks: Vec<Block<'a>>,
    /// Which block answers which.
    pub pairing: Pairing,
    /// What its authors accept in all of it.
    pub(super) accepted: BTreeSet<Accepted>,
    /// What is wrong with the blocks.
    pub diagnostics: Vec<Diagnostic>,
    /// What the page includes, as far as it was looked up.
    pub inclusions: Vec<Inclusion>,
    lines: LineIndex<'a>,
    language: OnceLock<Language>,
    /// The directives of its prose, as soon as somebody asks, each with the index of its paragraph among the elements.
    pub(super) directives: OnceLock<Vec<(usize, Include)>>,
}

impl<'a> Page<'a> {
    /// Reads a page. A byte-order mark and the front matter are not part of the Markdown.
    pub fn parse(path: &'a str, text: &'a str) -> Page<'a> {
        let start = text.len() - after_front_matter(text.strip_prefix('\u{feff}').unwrap_or(text)).len();
        let body = &text[start..];
        let mut reader = Reader {
            lines: LineIndex::new(text),
            place: LineCursor::new(text),
            // Elements of documentation are rarely shorter.
            elements: Vec::with_capacity(text.len() / 64),
            inline: Inline::default(),
            heading: None,
            fence: None,
            table: None,
            row: 0,
        };
        for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
            reader.read(event, range.start + start..range.end + start);
        }
        let version = version_of_path(path).map(str::to_owned);
        let version = version.or_else(|| version_of_front_matter(&text[..start]));
        let mut diagnostics = Vec::new();
        let mut accepted = BTreeSet::new();
        let (blocks, pairing) = read_blocks(path, &reader.elements, &mut diagnostics, &mut accepted);
        Page {
            path,
            text,
            elements: reader.elements,
            version,
            accepted,
            blocks,
            pairing,
            diagnostics,
            inclusions: Vec::new(),
            lines: reader.lines,
            language: OnceLock::new(),
            directives: OnceLock::new(),
        }
    }

    /// The language of the page's prose.
    pub fn language(&self) -> Language {
        *self.language.get_or_init(|| Language::of(&self.elements))
    }

    /// The text right below the headings of that section, of this level or a higher one.
    pub(crate) fn prose_below(&self, section: &str, deepest: u8) -> impl Iterator<Item = &Prose<'a>> {
        let mut inside = false;
        self.elements.iter().filter_map(move |element| match element {
            Element::Heading(heading) => {
                inside = heading.opens(section) && heading.level <= deepest;
                None
            }
            Element::Prose(prose) if inside => Some(prose),
            _ => None,
        })
    }

    /// The elements below the headings of that section, up to the next heading of the same level or a higher one.
    pub(crate) fn section(&self, section: &str) -> impl Iterator<Item = &Element<'a>> {
        let mut level = None;
        self.elements.iter().filter(move |element| {
            if let Element::Heading(heading) = element
                && level.is_none_or(|level| heading.level <= level)
            {
                level = heading.opens(section).then_some(heading.level);
            }
            level.is_some()
        })
    }

    /// The tables, in document order.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table<'a>> {
        self.elements.iter().filter_map(Element::as_table)
    }

    /// The line of a byte offset of the text, counted from 1.
    pub(crate) fn line_at(&self, offset: usize) -> u32 {
        self.lines.line(offset)
    }

    /// The column of a byte offset in its line, counted from 1.
    pub(crate) fn column_at(&self, offset: usize) -> u32 {
        self.lines.column(offset)
    }

    /// Where a line begins, counted from 1; the end of the text if there is no such line.
    pub(crate) fn line_start(&self, line: u32) -> usize {
        self.lines.line_start(line)
    }

    /// The text of a line, counted from 1, without its line end; empty if there is no such line.
    pub fn line_text(&self, line: u32) -> &'a str {
        self.lines.line_text(line)
    }

    /// A diagnostic at a place of this page.
    #[cold]
    pub(crate) fn diagnostic(&self, code: Code, line: u32, column: u32, message: String) -> Diagnostic {
        Diagnostic::new(code, self.path, (line, column), message)
    }

    /// The page's title: its first heading of level 1, or else its first heading.
    pub fn title(&self) -> Option<&Heading> {
        let mut headings = self.elements.iter().filter_map(|element| match element {
            Element::Heading(heading) if !heading.text.is_empty() => Some(heading),
            _ => None,
        });
        headings.clone().find(|heading| heading.level == 1).or_else(|| headings.next())
    }
}

/// The text behind a front matter: lines from a first line `---` to the next line `---` or `...`.
fn after_front_matter(text: &str) -> &str {
    let mut ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1).chain([text.len()]);
    let Some(mut start) = ends.next().filter(|end| text[..*end].trim_end() == "---") else { return text };
    for end in ends {
        if matches!(text[start..end].trim_end(), "---" | "...") {
            return &text[end..];
        }
        start = end;
    }
    text
}

/// The marks around a comment. Building a searcher costs more than searching.
static COMMENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<!--"));
static COMMENT_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-->"));

struct Reader<'a> {
    lines: LineIndex<'a>,
    place: LineCursor<'a>,
    elements: Vec<Element<'a>>,
    inline: Inline<'a>,
    heading: Option<u8>,
    fence: Option<FenceReader<'a>>,
    table: Option<Table<'a>>,
    /// The line of the table's row.
    row: u32,
}

impl<'a> Reader<'a> {
    fn read(&mut self, event: Event<'a>, range: Range<usize>) {
        if let Some(fence) = &mut self.fence {
            match event {
                Event::Text(text) => return fence.push(text, range, &mut self.place),
                Event::End(TagEnd::CodeBlock) => return self.end_fence(),
                _ => {}
            }
        }
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                self.flush_prose();
                self.fence = Some(FenceReader::new(info, self.place.line(range.start), range.len()));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                self.flush_prose();
                self.inline.start = Some(range.start);
                self.heading = Some(level as u8);
            }
            Event::End(TagEnd::Heading(_)) => self.end_heading(),
            Event::Start(Tag::HtmlBlock) => {
                self.flush_prose();
                self.comments(range);
            }
            Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::Start(Tag::Table(_)) => {
                self.flush_prose();
                self.table = Some(Table { line: self.place.line(range.start), ..Table::default() });
            }
            Event::Start(Tag::TableHead) => self.row = self.place.line(range.start),
            Event::Start(Tag::TableRow) => {
                self.row = self.place.line(range.start);
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::with_capacity(table.head.len()));
                }
            }
            Event::Start(Tag::TableCell) => self.inline.start = Some(range.start),
            Event::End(TagEnd::TableCell) => self.end_cell(),
            Event::End(TagEnd::Table) => self.elements.extend(self.table.take().map(Element::Table)),
            Event::Start(Tag::Link { dest_url, .. }) => self.inline.links.push(dest_url.into()),
            Event::Text(text) => self.inline.text(text.into(), range, self.is_prose()),
            Event::Code(code) => self.inline.code(code.into(), range, self.is_prose()),
            Event::Start(Tag::Strong) => self.inline.begin_bold(),
            Event::End(TagEnd::Strong) => self.inline.end_bold(),
            Event::SoftBreak | Event::HardBreak => self.line_break(),
            Event::Start(Tag::Paragraph | Tag::Item) | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                self.flush_prose()
            }
            _ => {}
        }
    }

    fn line_break(&mut self) {
        if !self.is_prose() {
            self.inline.text.to_mut().push('\n');
        }
    }

    fn is_prose(&self) -> bool {
        self.heading.is_none() && self.table.is_none()
    }

    fn inline_html(&mut self, html: &str, range: Range<usize>) {
        if html.starts_with("<!--") {
            self.comments(range);
        } else if is_line_break(html) {
            self.line_break();
        } else {
            self.inline.tag(html, range);
        }
    }

    /// The comments of an HTML fragment.
    fn comments(&mut self, range: Range<usize>) {
        let html = &self.lines.text()[range.clone()];
        let mut at = 0;
        while let Some(open) = COMMENT.find(&html.as_bytes()[at..]).map(|found| at + found) {
            let inner = open + COMMENT.needle().len();
            let close = COMMENT_END.find(&html.as_bytes()[inner..]).map_or(html.len(), |found| inner + found);
            let line = self.place.line(range.start + open);
            self.elements.push(Element::Comment(Comment::new(&html[inner..close], line)));
            at = close;
        }
    }

    fn end_heading(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        let (Some(level), Some(start)) = (self.heading.take(), inline.start) else { return };
        // `# [HTTP](#tab/http)` opens a tab of the example; in spite of its level it opens no section.
        if inline.links.iter().any(|target| target.starts_with("#tab/")) {
            return;
        }
        let (text, line) = (inline.text.trim().to_owned(), self.place.line(start));
        self.elements.push(Element::Heading(Heading::new(level, text, inline.anchor, line)));
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.inline).into_cell(self.row);
        let Some(table) = &mut self.table else { return };
        match table.rows.last_mut() {
            Some(row) => row.push(cell),
            None => table.head.push(cell),
        }
    }

    fn flush_prose(&mut self) {
        if !self.is_prose() {
            return;
        }
        // Every paragraph and every item of a list ends twice.
        if self.inline.is_empty() {
            return;
        }
        let inline = std::mem::take(&mut self.inline);
        if let Some(start) = inline.start {
            let (text, line) = (inline.prose(self.lines.text()), self.place.line(start));
            let raw = &self.lines.text()[start..inline.end];
            if let Some(table) = loose_table(raw, line) {
                self.elements.push(Element::Table(table));
                return;
            }
            let Inline { codes, links, .. } = inline;
            self.elements.push(Element::Prose(Prose { text, codes, links, line, start }));
        }
    }

    fn end_fence(&mut self) {
        if let Some(fence) = self.fence.take() {
            push_split(&mut self.elements, fence.fence, &self.lines);
        }
    }
}

/// A fence as its text comes in: a piece may hold many lines, and a line may come in many pieces.
struct FenceReader<'a> {
    fence: Fence<'a>,
    /// Whether the last line may go on.
    open: bool,
    /// Where the last piece ends in the page.
    end: usize,
}

impl<'a> FenceReader<'a> {
    /// Reads a fence of so many bytes.
    fn new(info: CowStr<'a>, line: u32, length: usize) -> FenceReader<'a> {
        // Lines of examples are rarely shorter.
        let lines = Vec::with_capacity(length / 24);
        FenceReader { fence: Fence { info: info.into(), line, lines, unclosed: None }, open: false, end: 0 }
    }

    fn push(&mut self, text: CowStr<'a>, range: Range<usize>, place: &mut LineCursor<'a>) {
        let (line, indent) = match self.fence.lines.last() {
            Some(last) if self.open => (last.number, last.indent),
            // Nearly all pieces begin right behind the line before.
            Some(last) if self.end == range.start => (last.number + 1, 0),
            _ => (place.line(range.start), place.indent(range.start)),
        };
        self.end = range.end;
        match text {
            CowStr::Borrowed(text) => {
                let (mut number, mut indent, mut rest) = (line, indent, text);
                while !rest.is_empty() {
                    let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
                    self.push_piece(Cow::Borrowed(&rest[..end]), (number, indent));
                    // What follows a line end within one piece begins a line.
                    (number, indent, rest) = (number + 1, 0, &rest[end..]);
                }
            }
            // Synthesised text (a tab that a container cuts in two) is never more than a piece of one line.
            other => self.push_piece(other.into(), (line, indent)),
        }
    }

    fn push_piece(&mut self, piece: Cow<'a, str>, (number, indent): (u32, u32)) {
        let ends = piece.ends_with('\n');
        let text = trimmed(piece, |text| text.trim_end_matches(['\r', '\n']));
        match self.fence.lines.last_mut().filter(|_| self.open) {
            Some(line) if line.text.is_empty() => line.text = text,
            Some(line) => line.text.to_mut().push_str(&text),
            None => self.fence.lines.push(Line { number, indent, text }),
        }
        self.open = !ends;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a page's elements, one a line, each with its line number.
    fn outline(text: &str) -> Vec<String> {
        let shown = |element: &Element<'_>| match element {
            Element::Heading(h) => format!("{}: h{} {}", h.line, h.level, h.text),
            Element::Prose(p) => format!("{}: {}", p.line, p.text.replace('\n', " ")),
            Element::Table(t) => {
                let head: Vec<&str> = t.head.iter().map(|cell| cell.text.as_ref()).collect();
                let rows = t.rows.iter().map(|row| row.iter().map(|c| c.text.as_ref()).collect::<Vec<_>>().join(","));
                format!("{}: table {} / {}", t.line, head.join(","), rows.collect::<Vec<_>>().join(" / "))
            }
            Element::Comment(c) => format!("{}: comment {}", c.line, c.text.trim().lines().next().unwrap_or_default()),
            Element::Fence(f) => {
                let lines = f.lines.iter().map(|line| format!("{}+{}:{}", line.number, line.indent, line.text));
                format!("{}: fence [{}] {}", f.line, f.info, lines.collect::<Vec<_>>().join("|"))
            }
        };
        Page::parse("page.md", text).elements.iter().map(shown).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(outline(text), expected);
        // Other line ends change nothing.
        assert_eq!(outline(&text.replace('\n', "\r\n")), expected, "with CRLF");
    }

    #[test]
    fn front_matter_and_byte_order_mark_are_no_content() {
        check("\u{feff}---\ntitle: x\n---\n\n# Title\n", &["5: h1 Title"]);
        check("---\ntitle: never closed\n", &["2: title: never closed"]);
    }

    #[test]
    fn fences_are_found_at_any_nesting_with_their_lines() {
        check("``` http\nGET /a\n\n  x\n```\n", &["1: fence [http] 2+0:GET /a|3+0:|4+0:  x"]);
        check("- item\n  ```http\n  GET /a\n    b\n  ```\n", &["1: item", "2: fence [http] 3+2:GET /a|4+2:  b"]);
        check("> ```\n> GET /a\n> ```\n", &["1: fence [] 2+2:GET /a"]);
        check("```\nGET /a\n", &["1: fence [] 2+0:GET /a"]);
    }

    #[test]
    fn fences_inside_comments_do_not_exist() {
        check("<!--\n```http\nGET /a\n```\n-->\ntext\n", &["1: comment ```http", "6: text"]);
    }

    #[test]
    fn tables_keep_rows_cells_and_entities() {
        check(
            "|A|B|\n|---|---|\n|x|Bearer &lt;token&gt;|\n|`y`|[z](../z.md)|\n",
            &["1: table A,B / x,Bearer <token> / y,z"],
        );
    }

    #[test]
    fn tables_may_have_another_number_of_columns_than_their_delimiter_row() {
        check("|A|B|\n|:--|---|:-:|\n|x `y`|[z](../z.md)<br/>w|\n|a\\|b|\ntext\n", &["1: table A,B / x y,z\nw / a|b"]);
        assert!(matches!(Page::parse("p", "|A|B|\n|--x|\n").elements[..], [Element::Prose(_)]));
    }

    #[test]
    fn comments_in_text_keep_their_line() {
        check(
            "Text:<!-- { \"blockType\": \"ignored\" } -->\n",
            &["1: comment { \"blockType\": \"ignored\" }", "1: Text:"],
        );
    }

    #[test]
    fn tabs_are_no_headings() {
        check("## Example\n# [HTTP](#tab/http)\ntext\n", &["1: h2 Example", "3: text"]);
    }

    #[test]
    fn headings_keep_the_anchor_that_translations_leave_untouched() {
        let page = Page::parse("p", "## <a name=\"http-request\"></a>HTTP-Anforderung\n");
        let Some(Element::Heading(heading)) = page.elements.first() else { panic!("no heading") };
        assert_eq!((heading.text.as_str(), heading.anchor.as_deref()), ("HTTP-Anforderung", Some("http-request")));
    }

    #[test]
    fn a_text_that_ends_within_a_translation_is_read() {
        let span =
            "<span data-ttu-id=\"1\">a</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">b</span></span> ";
        for count in 1..20 {
            let text = span.repeat(count);
            for end in (0..text.len()).rev().take(span.len() + 1) {
                let page = Page::parse("a.md", &text[..end]);
                assert!(page.elements.len() <= 1, "{end} of {text}");
            }
        }
    }
}
