//! Inline content as it is collected: text, code spans, bold text, links.
//!
//! Bilingual pages say everything twice, the translation in `<span data-ttu-id="…">` and then the original in
//! `<span class="sxs-lookup">`. The original alone counts.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::events::attributes::Attributes;

use super::{Cell, Mark};

/// Inline content of a paragraph, a heading or a cell.
#[derive(Default)]
pub(super) struct Inline<'a> {
    /// The text without markup. Of a paragraph, which is kept as it stands in the page, it is empty.
    pub(super) text: Cow<'a, str>,
    /// The code spans and the bold text of `text`.
    pub(super) marks: Vec<Mark>,
    /// The code spans.
    pub(super) codes: Vec<Cow<'a, str>>,
    /// The targets of the links.
    pub(super) links: Vec<Cow<'a, str>>,
    /// The name of the first `<a name="…">`.
    pub(super) anchor: Option<String>,
    /// Where the content begins in the page.
    pub(super) start: Option<usize>,
    /// Where it ends.
    pub(super) end: usize,
    /// Where bold text has begun, and how many marks there were.
    bold: Option<(usize, usize)>,
    /// Hardly any page has some.
    spans: Option<Box<Spans>>,
}

/// How much there is of everything at some place.
#[derive(Clone, Copy, Debug)]
struct Length {
    page: usize,
    text: usize,
    marks: usize,
    codes: usize,
    links: usize,
}

/// The `<span>`s of a bilingual page.
#[derive(Default)]
struct Spans {
    /// Those that are open. `Some` for a translation: where it begins.
    open: Vec<Option<Length>>,
    /// Whether one of them is a translation.
    in_translation: bool,
    /// Translations whose original has not come yet.
    translations: Vec<Range<Length>>,
    /// What does not count in the page's own text: tags, and translations whose original has come.
    dropped: Vec<Range<usize>>,
    /// Whether an original has come.
    is_bilingual: bool,
}

impl<'a> Inline<'a> {
    /// Whether nothing has come yet.
    pub(super) fn is_empty(&self) -> bool {
        let Inline { text, links, anchor, start, bold, spans, .. } = self;
        let has_markup = anchor.is_some() || bold.is_some() || !links.is_empty() || spans.is_some();
        start.is_none() && text.is_empty() && !has_markup
    }

    /// Adds text; of a paragraph only where it is.
    pub(super) fn text(&mut self, text: Cow<'a, str>, range: Range<usize>, is_prose: bool) {
        self.start.get_or_insert(range.start);
        self.end = range.end;
        if is_prose {
            // Prose is kept as it stands in the page.
        } else if self.text.is_empty() {
            // Most cells and headings are a single piece, which need not be copied.
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
    }

    /// Adds a code span.
    pub(super) fn code(&mut self, code: Cow<'a, str>, range: Range<usize>, is_prose: bool) {
        let start = self.text.len();
        self.text(code.clone(), range, is_prose);
        if is_prose {
            self.codes.push(code);
        } else {
            self.marks.push(Mark { range: start..self.text.len(), is_code: true });
        }
    }

    pub(super) fn begin_bold(&mut self) {
        self.bold = Some((self.text.len(), self.marks.len()));
    }

    pub(super) fn end_bold(&mut self) {
        let Some((start, marks)) = self.bold.take() else { return };
        // Code in bold is code.
        if start < self.text.len() && marks == self.marks.len() {
            self.marks.push(Mark { range: start..self.text.len(), is_code: false });
        }
    }

    /// Takes a tag: an anchor, or a span of a bilingual page.
    pub(super) fn tag(&mut self, html: &str, range: Range<usize>) {
        match name(html) {
            "a" => {
                let name = attribute(html, |key, value| (key == "name" || key == "id").then(|| value.to_owned()));
                self.anchor = self.anchor.take().or(name);
            }
            "span" => self.open_span(html, range),
            "/span" => self.close_span(range),
            _ => {}
        }
    }

    fn open_span(&mut self, html: &str, range: Range<usize>) {
        self.spans().dropped.push(range.clone());
        let kind = attribute(html, |key, value| match key {
            "data-ttu-id" => Some(true),
            "class" if value.split_ascii_whitespace().any(|class| class == "sxs-lookup") => Some(false),
            _ => None,
        });
        let is_translation = kind == Some(true) && !self.spans().in_translation;
        let start = is_translation.then(|| self.length(range.start));
        self.spans().in_translation |= is_translation;
        if kind == Some(false) {
            self.drop_translations();
        }
        self.spans().open.push(start);
    }

    fn close_span(&mut self, range: Range<usize>) {
        self.spans().dropped.push(range.clone());
        if let Some(Some(start)) = self.spans().open.pop() {
            self.spans().in_translation = false;
            let end = self.length(range.end);
            self.spans().translations.push(start..end);
        }
    }

    fn spans(&mut self) -> &mut Spans {
        self.spans.get_or_insert_default()
    }

    fn length(&self, page: usize) -> Length {
        let (text, marks, codes, links) = (self.text.len(), self.marks.len(), self.codes.len(), self.links.len());
        Length { page, text, marks, codes, links }
    }

    /// The original comes: the translations before it do not count.
    fn drop_translations(&mut self) {
        let spans = self.spans();
        spans.is_bilingual = true;
        if spans.in_translation {
            // An original in a translation. Where that began is no longer known once something before it is dropped.
            spans.open.iter_mut().for_each(|open| *open = None);
            spans.in_translation = false;
        }
        let translations = std::mem::take(&mut spans.translations);
        let Some(first) = translations.first().map(|range| range.start) else { return };
        spans.dropped.extend(translations.iter().map(|range| range.start.page..range.end.page));
        let ranges = |at: fn(&Length) -> usize| translations.iter().map(move |range| at(&range.start)..at(&range.end));
        let mut text = String::new();
        let mut marks = Vec::new();
        let mut last = first;
        let end = self.length(first.page);
        for (from, to) in translations.iter().map(|range| (range.start, range.end)).chain(std::iter::once((end, end))) {
            let shift = last.text - first.text - text.len();
            let kept = self.marks.get(last.marks..from.marks).unwrap_or_default();
            marks.extend(kept.iter().map(|mark| mark.shifted(shift)));
            text.push_str(self.text.get(last.text..from.text).unwrap_or_default());
            last = to;
        }
        if first.text == 0 && text.is_empty() {
            self.text = Cow::default();
        } else {
            let own = self.text.to_mut();
            own.truncate(first.text);
            own.push_str(&text);
        }
        self.marks.truncate(first.marks);
        self.marks.extend(marks);
        without(&mut self.codes, ranges(|length| length.codes));
        without(&mut self.links, ranges(|length| length.links));
    }

    /// The cell of a table.
    pub(super) fn into_cell(self, line: u32) -> Cell<'a> {
        let Inline { text, marks, links, .. } = self;
        // Most cells have none.
        if marks.is_empty() {
            return Cell { text: trimmed(text, str::trim), marks, links, line };
        }
        let indent = text.len() - text.trim_start().len();
        let text = trimmed(text, str::trim);
        let marks = marks.iter().map(|mark| mark.shifted(indent)).map(|Mark { range, is_code }| {
            let range = range.start.min(text.len())..range.end.min(text.len());
            Mark { range, is_code }
        });
        let marks = marks.filter(|mark| !mark.range.is_empty()).collect();
        Cell { text, marks, links, line }
    }

    /// A paragraph's text, as it stands in the page, without the translations of a bilingual page.
    pub(super) fn prose(&self, page: &'a str) -> Cow<'a, str> {
        let start = self.start.unwrap_or(self.end);
        let text = &page[start..self.end];
        let Some(spans) = self.spans.as_ref().filter(|spans| spans.is_bilingual) else { return Cow::Borrowed(text) };
        let mut dropped = spans.dropped.clone();
        dropped.sort_unstable_by_key(|range| range.start);
        let (mut original, mut at) = (String::with_capacity(text.len()), start);
        for range in dropped {
            // Tags stand before the first text and behind the last, too.
            original.push_str(page.get(at..range.start.min(self.end)).unwrap_or_default());
            at = at.max(range.end);
        }
        original.push_str(page.get(at..self.end).unwrap_or_default());
        Cow::Owned(original)
    }
}

/// A text without what another function cuts off.
pub(super) fn trimmed<'a>(text: Cow<'a, str>, trim: impl Fn(&str) -> &str) -> Cow<'a, str> {
    match text {
        // Hardly any text has something to cut off, and most begin and end with a letter.
        Cow::Borrowed(text) if is_word_at(text.bytes().next()) && is_word_at(text.bytes().next_back()) => text.into(),
        Cow::Borrowed(text) => Cow::Borrowed(trim(text)),
        Cow::Owned(text) => Cow::Owned(trim(&text).to_owned()),
    }
}

/// Whether a text with that byte at an end has something to cut off there: no letter or digit is ever cut off.
fn is_word_at(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// Takes the items in ascending ranges of indexes out of a list.
fn without<T>(items: &mut Vec<T>, ranges: impl Iterator<Item = Range<usize>>) {
    let mut ranges = ranges.peekable();
    // What stands before the first is left alone: a paragraph may have many translations.
    let first = ranges.peek().map_or(items.len(), |range| range.start.min(items.len()));
    let rest = items.split_off(first);
    items.extend(rest.into_iter().zip(first..).filter_map(|(item, index)| {
        while ranges.next_if(|range| range.end <= index).is_some() {}
        let is_in = ranges.peek().is_some_and(|range| range.contains(&index));
        (!is_in).then_some(item)
    }));
}

/// The name of a tag, with `/` before that of an end tag.
fn name(html: &str) -> &str {
    let name = html.strip_prefix('<').unwrap_or_default();
    name.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default()
}

/// The first attribute of a tag that is wanted.
fn attribute<T>(html: &str, wanted: impl Fn(&str, &str) -> Option<T>) -> Option<T> {
    let tag = html.strip_prefix('<')?.strip_suffix('>')?;
    let mut attributes = Attributes::html(tag, name(html).len());
    // The check for an attribute that is there twice would take the square of the tag's size.
    attributes
        .with_checks(false)
        .filter_map(Result::ok)
        .find_map(|attribute| wanted(attribute.key.into_inner(), &attribute.value))
}

#[cfg(test)]
mod tests {
    use crate::page::{Element, Page};

    /// Shows a page's elements: the text of headings and paragraphs, and of cells with their marks and links.
    fn shown(text: &str) -> Vec<String> {
        let cell = |cell: &crate::page::Cell<'_>| {
            let marks = cell.marks.iter().map(|mark| format!("`{}`", &cell.text[mark.range.clone()]));
            let links = cell.links.iter().map(|link| format!("->{link}"));
            [cell.text.to_string()].into_iter().chain(marks).chain(links).collect::<Vec<_>>().join(" ")
        };
        let elements = Page::parse("p.md", text).elements;
        let shown = elements.iter().map(|element| match element {
            Element::Heading(heading) => format!("{} {:?}", heading.text, heading.anchor),
            Element::Prose(prose) => format!("{} {:?}", prose.text, prose.codes),
            Element::Table(table) => table.rows.iter().flatten().map(cell).collect::<Vec<_>>().join(" | "),
            _ => String::new(),
        });
        shown.collect()
    }

    /// A translation with its original.
    fn both(translation: &str, original: &str) -> String {
        format!(
            "<span data-ttu-id=\"1\">{translation}</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">{original}</span></span>"
        )
    }

    #[test]
    fn of_a_bilingual_page_the_original_counts() {
        assert_eq!(
            shown(&format!("## <a name=\"request-body\"></a>{}\n", both("正文", "Request body"))),
            ["Request body Some(\"request-body\")"]
        );
        let paragraph =
            format!("{} {}\n", both("给出 `a` [灯](x.md)。", "Give a `b` [lamp](y.md)."), both("完。", "Done."));
        assert_eq!(shown(&paragraph), ["Give a `b` [lamp](y.md). Done. [\"b\"]"]);
        let row = |cell: &str| format!("|A|\n|---|\n|{cell}|\n");
        assert_eq!(shown(&row(&both("字符串", "String"))), ["String"]);
        assert_eq!(shown(&row(&format!("[{}](lamp.md)", both("灯", "lamp")))), ["lamp ->lamp.md"]);
        assert_eq!(shown(&row(&format!("**{}**", both("灯", "lamp")))), ["lamp `lamp`"]);
        let two = format!("{} {}", both("状态。", "State."), both("值：`x`、`y`。", "Values: `a`, `b`."));
        assert_eq!(
            shown(&row(&two)),
            ["State. Values: `a`, `b`. `a` `b`".replace("Values: `a`, `b`.", "Values: a, b.")]
        );
    }

    #[test]
    fn spans_without_an_original_are_text() {
        assert_eq!(
            shown("<span data-ttu-id=\"1\">正文</span> <span class=\"x\">a</span>\n"),
            ["正文</span> <span class=\"x\">a []"]
        );
        assert_eq!(shown("|A|\n|---|\n|<span data-ttu-id=\"1\">正文</span></span>|\n"), ["正文"]);
    }

    #[test]
    fn no_nesting_of_spans_is_a_problem() {
        let tags = [
            "<span data-ttu-id=\"1\">",
            "<span class=\"sxs-lookup\">",
            "</span>",
            "灯",
            "`a`",
            "[b](c.md)",
            "**",
            "<br>",
            "<span class=",
            " ",
        ];
        // Every sequence of four, in a paragraph and in a cell.
        for number in 0..tags.len().pow(4) {
            let text: String = (0..4).map(|at| tags[number / tags.len().pow(at) % tags.len()]).collect();
            let page = format!("{text}\n\n|A|\n|---|\n|x{text}|\n");
            for element in Page::parse("p.md", &page).elements {
                if let Element::Table(table) = element {
                    table.rows.iter().flatten().for_each(|cell| {
                        cell.marks
                            .iter()
                            .for_each(|mark| assert!(cell.text.get(mark.range.clone()).is_some(), "{text}"));
                    });
                }
            }
        }
    }

    #[test]
    fn many_spans_are_read() {
        let many = both("灯 `a` [c](d)", "lamp `b` [e](f)").repeat(5_000);
        let row = format!("|A|\n|---|\n|{many}|\n\n{many}\n\n{}\n", "<span data-ttu-id=\"1\">灯".repeat(20_000));
        assert_eq!(Page::parse("p.md", &row).tables().count(), 1);
    }
}
