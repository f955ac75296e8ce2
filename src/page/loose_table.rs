//! Tables whose delimiter row has another number of columns than their head. CommonMark parsers take them for paragraphs (GitHub Flavored
//! Markdown section 4.10), but Microsoft Learn shows them as tables.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::inline::Inline;
use super::{Cell, Table};

/// The table that a paragraph is, whose first line is this one.
pub(super) fn loose_table<'a>(paragraph: &'a str, first_line: u32) -> Option<Table<'a>> {
    let is_row = |text: &str| text.trim_start().starts_with('|');
    // Hardly any paragraph does.
    if !is_row(paragraph) {
        return None;
    }
    let mut lines = paragraph.lines().zip(first_line..);
    let (head, line) = lines.next()?;
    if !is_row(head) || !lines.next().is_some_and(|(text, _)| is_delimiter(text)) {
        return None;
    }
    let rows = lines.take_while(|(text, _)| is_row(text));
    Some(Table { head: cells(head, line), rows: rows.map(|(text, line)| cells(text, line)).collect(), line })
}

/// Whether a line is `|:---|---:|`.
fn is_delimiter(line: &str) -> bool {
    let line = line.trim();
    line.contains('|')
        && line.strip_prefix('|').unwrap_or(line).strip_suffix('|').unwrap_or(line).split('|').all(|cell| {
            let cell = cell.trim();
            let dashes = cell.strip_prefix(':').unwrap_or(cell);
            let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
            !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
        })
}

/// Whether a tag begins a line: `<br>`, in any of the forms in which it is written (`<br/>`, `</br>`), or `<li>`.
pub(super) fn is_line_break(html: &str) -> bool {
    let is_item = || html.get(..4).is_some_and(|tag| tag.eq_ignore_ascii_case("<li>"));
    html.strip_prefix("</").or_else(|| html.strip_prefix('<')).is_some_and(|tag| tag.starts_with("br")) || is_item()
}

fn cells<'a>(row: &'a str, line: u32) -> Vec<Cell<'a>> {
    let row = row.trim().trim_start_matches('|');
    let row = row.strip_suffix('|').unwrap_or(row);
    let mut cells = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, c) in row.char_indices() {
        if c == '|' && !is_escaped {
            cells.push(cell(&row[start..at], line));
            start = at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    cells.push(cell(&row[start..], line));
    cells
}

/// A cell without its markup.
fn cell(markdown: &str, line: u32) -> Cell<'_> {
    let mut inline = Inline::default();
    for (event, range) in Parser::new(markdown.trim()).into_offset_iter() {
        match event {
            Event::Text(text) => inline.text(text.into(), range, false),
            Event::Code(code) => inline.code(code.into(), range, false),
            Event::Start(Tag::Strong) => inline.begin_bold(),
            Event::End(TagEnd::Strong) => inline.end_bold(),
            Event::Start(Tag::Link { dest_url, .. }) => inline.links.push(dest_url.into()),
            Event::InlineHtml(html) | Event::Html(html) if is_line_break(&html) => inline.text.to_mut().push('\n'),
            Event::InlineHtml(html) => inline.tag(&html, range),
            _ => {}
        }
    }
    inline.into_cell(line)
}
