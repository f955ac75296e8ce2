//! A fenced block whose closing fence is missing: it goes on to the next one, and swallows text and blocks of the page.
//!
//! CommonMark section 4.5: a closing fence has no info string, so ```` ```http ```` within a block closes nothing. Behind a message, it is
//! the fence of another block, whose own closing fence then ends both. The message ends where its body does, and what stands between
//! the two is text again.

use super::start_line::{RequestLine, StartLine, StatusLine};
use super::{Comment, Element, Fence, Heading, Line};
use crate::source::LineIndex;

/// Adds a fence as the elements that it is meant to be: itself, unless it is a message within which another block opens.
pub(super) fn push_split<'a>(elements: &mut Vec<Element<'a>>, fence: Fence<'a>, index: &LineIndex<'a>) {
    let opens = |line: &Line<'_>| line.text.trim_ascii_start().starts_with("```");
    let is_broken = |line: &Line<'_>| line.text.contains('`') && (opens(line) || without_fence(&line.text).is_some());
    if !fence.lines.iter().any(is_broken) || start(&fence.lines).is_none() {
        return elements.push(Element::Fence(fence));
    }
    let end = fence.lines.last().map_or(fence.line, |line| line.number) + 1;
    // Whether the last piece has a body that came in a block of its own.
    let mut has_body = false;
    let mut pieces = vec![(Fence { lines: Vec::new(), unclosed: None, ..fence.clone() }, end)];
    for line in fence.lines {
        let Some((last, next)) = pieces.last_mut() else { break };
        let column = |at: usize| line.indent + line.text[..at].chars().count() as u32 + 1;
        if !opens(&line) {
            match without_fence(&line.text).map(|body| (body.to_owned(), (line.number, column(body.len())))) {
                Some((body, place)) if last.unclosed.is_none() => {
                    last.unclosed = Some(place);
                    last.lines.push(Line { text: body.into(), ..line });
                }
                _ => last.lines.push(line),
            }
            continue;
        }
        last.unclosed.get_or_insert((line.number, column(line.text.len() - line.text.trim_start().len())));
        let is_head = !has_body && is_head_alone(&last.lines) && !info(&line).is_empty();
        has_body = is_head;
        if is_head {
            // The body has a block of its own. The line between the two is the blank one between header fields and body.
            last.lines.push(Line { text: "".into(), ..line });
        } else {
            *next = line.number;
            let info = info(&line).to_owned().into();
            pieces.push((Fence { info, line: line.number, lines: Vec::new(), unclosed: None }, end));
        }
    }
    let last = pieces.len() - 1;
    for (number, (mut piece, next)) in pieces.into_iter().enumerate() {
        // A fence behind a message that opens no other one was meant to close it, and has words that a closing one must not have.
        if number > 0 && number < last && is_text(&piece.lines) {
            elements.extend(text_elements(piece.line + 1, next, index));
            continue;
        }
        let is_glued = piece
            .lines
            .iter()
            .any(|line| piece.unclosed.is_some_and(|(at, _)| at == line.number) && !line.text.is_empty());
        if number == last && !is_glued {
            elements.push(Element::Fence(piece));
            continue;
        }
        let end = message_end(&piece.lines);
        let behind = piece.lines.split_off(end);
        elements.push(Element::Fence(piece));
        if let Some(first) = behind.first() {
            elements.extend(text_elements(first.number, next, index));
        }
    }
}

/// The end of a JSON body without the fence that stands right behind it, where it closes nothing.
fn without_fence(text: &str) -> Option<&str> {
    text.trim_end().strip_suffix("```").map(str::trim_end).filter(|body| body.ends_with(['}', ']']))
}

fn info<'l>(line: &'l Line<'_>) -> &'l str {
    line.text.trim_start().trim_start_matches('`').trim()
}

/// The start line of a message.
fn start(lines: &[Line<'_>]) -> Option<StartLine> {
    let first = lines.iter().find(|line| !line.text.trim().is_empty())?;
    let status = || StatusLine::read(&first.text, first.number).map(StartLine::Status);
    RequestLine::read(&first.text, first.number).map(StartLine::Request).or_else(status)
}

/// Whether the lines are text of the page: neither a message nor a body of one.
fn is_text(lines: &[Line<'_>]) -> bool {
    let first = lines.iter().map(|line| line.text.trim()).find(|text| !text.is_empty());
    start(lines).is_none() && first.is_none_or(|text| !text.starts_with(['{', '[', '<']) || text.starts_with("<!--"))
}

/// Whether the lines are the head of a message that has a body and does not show it here.
fn is_head_alone(lines: &[Line<'_>]) -> bool {
    let has_body = match start(lines) {
        Some(StartLine::Request(line)) => matches!(line.method.as_str(), "POST" | "PATCH" | "PUT"),
        Some(StartLine::Status(line)) => line.status != 204,
        _ => false,
    };
    let is_field = |line: &Line<'_>| {
        line.text
            .split_once(':')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    };
    let mut fields = lines.iter().filter(|line| !line.text.trim().is_empty()).skip(1);
    // Without a header field that announces a body, the other block may be anything.
    let is_announced = fields.clone().any(|line| line.text.to_ascii_lowercase().starts_with("content-type"));
    has_body && is_announced && fields.all(is_field)
}

/// How many of the lines are the message; the rest is text that it has swallowed.
fn message_end(lines: &[Line<'_>]) -> usize {
    let is_markup = |line: &Line<'_>| {
        let text = line.text.trim_start();
        heading(text).is_some() || text.starts_with("<!--") || text.starts_with("**") || text.starts_with("> ")
    };
    let end = lines.iter().skip(1).position(is_markup).map_or(lines.len(), |at| at + 1);
    let is_json = lines[..end].iter().any(|line| line.text.starts_with(['{', '[']));
    if is_json {
        let closes = |line: &Line<'_>| line.text.trim_end().ends_with(['}', ']']);
        return lines[..end].iter().rposition(closes).map_or(end, |at| at + 1);
    }
    let has_text = match start(lines) {
        Some(StartLine::Request(line)) => !matches!(line.method.as_str(), "GET" | "HEAD" | "DELETE"),
        Some(StartLine::Status(line)) => line.status != 204,
        _ => true,
    };
    if has_text {
        return end;
    }
    let first = lines.iter().position(|line| !line.text.trim().is_empty()).unwrap_or(0);
    let blank = lines[first..end].iter().position(|line| line.text.trim().is_empty());
    blank.map_or(end, |at| first + at)
}

/// The headings and comments of the page's lines from one to before another.
fn text_elements<'a>(from: u32, to: u32, index: &LineIndex<'a>) -> Vec<Element<'a>> {
    let (start, end) = (index.start(from), index.start(to));
    let text = &index.text()[start..end];
    let mut elements = Vec::new();
    let (mut at, mut hidden) = (0, 0);
    for line in text.split_inclusive('\n') {
        let here = at;
        at += line.len();
        if here < hidden {
            continue;
        }
        if let Some((level, text)) = heading(line.trim_start()) {
            let line = index.line(start + here);
            elements.push(Element::Heading(Heading::new(level, text.to_owned(), None, line)));
        } else if let Some(open) = line.find("<!--") {
            let inner = here + open + "<!--".len();
            let close = text[inner..].find("-->").map_or(text.len(), |found| inner + found);
            let line = index.line(start + here);
            elements.push(Element::Comment(Comment::new(&text[inner..close], line)));
            hidden = close;
        }
    }
    elements
}

/// The level and the text of an ATX heading (CommonMark section 4.2).
fn heading(text: &str) -> Option<(u8, &str)> {
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    let rest = text.get(level..)?;
    let is_heading = (1..=6).contains(&level) && rest.starts_with([' ', '\t']);
    is_heading.then(|| (level as u8, rest.trim().trim_end_matches('#').trim_end()))
}

#[cfg(test)]
mod tests {
    use crate::page::{Element, Page};

    /// The blocks of a page as `first line / last line of the body`, its headings, and its defects.
    fn shown(text: &str) -> String {
        let page = Page::parse("p.md", text);
        let blocks = page
            .blocks
            .iter()
            .map(|block| format!("{}..{} {} ", block.message.start.line(), block.end, block.message.body_text().len()));
        let headings = page.elements.iter().filter_map(|element| match element {
            Element::Heading(heading) => Some(format!("# {} ", heading.text)),
            _ => None,
        });
        let defects = page.diagnostics.iter().map(|found| format!("!{}@{}:{} ", found.code, found.line, found.column));
        blocks.chain(headings).chain(defects).collect::<String>().trim_end().to_owned()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected, "{text}");
    }

    #[test]
    fn a_message_ends_where_its_closing_fence_is_missing() {
        check(
            "```http\nGET https://h/a\n### Response\n\nText.\n\n```http\nHTTP/1.1 200 OK\n\n{}\n```\n",
            "2..2 0 8..10 2 # Response !text-after-message@7:1",
        );
        check(
            "```http\nPOST https://h/a\n\n{\n}\nText.\n\n```http\nHTTP/1.1 204 No Content\n```\n",
            "2..5 3 9..9 0 !text-after-message@8:1",
        );
        check("```http\nGET https://h/a\n  ```http\nHTTP/1.1 200 OK\n```\n", "2..2 0 4..4 0 !text-after-message@3:3");
    }

    #[test]
    fn the_metadata_between_two_blocks_is_read() {
        let text = "```http\nGET https://h/a\n\nText.\n<!-- {\n\"blockType\": \"response\", \"truncated\": true\n} -->\n\
                    ```http\nHTTP/1.1 200 OK\n```\n";
        let page = Page::parse("p.md", text);
        assert_eq!(page.blocks.len(), 2);
        assert!(page.blocks[1].metadata.as_ref().is_some_and(|metadata| metadata.truncated));
    }

    #[test]
    fn a_body_in_a_block_of_its_own_belongs_to_the_head_above_it() {
        check(
            "```json\nPOST https://h/a\nContent-type: application/json\n```json\n{}\n```\n",
            "2..5 2 !text-after-message@4:1",
        );
        check(
            "```json\nGET https://h/a\n```json\n{}\n```\n",
            "2..2 0 4..4 2 !text-after-message@3:1 !status-not-stated@4:1",
        );
    }

    #[test]
    fn a_fence_right_behind_a_body_is_where_the_block_ends() {
        check(
            "```http\nPOST https://h/a\n\n{\n}```\n\n### Response\n```http\nHTTP/1.1 200 OK\n\n{}\n```\n",
            "2..5 3 9..11 2 # Response !text-after-message@5:2",
        );
        check(
            "```http\nGET https://h/a\n```\n```http\nHTTP/1.1 200 OK\n\n{}```\n\n### More\n\nText.\n",
            "2..2 0 5..7 2 # More !text-after-message@7:3",
        );
    }

    #[test]
    fn a_closing_fence_with_words_is_reported_once() {
        let behind = "\n### Response\n\nText.\n\n```http\nHTTP/1.1 200 OK\n\n{}\n```\n";
        check(
            &format!("```http\nGET https://h/a\n```http\n{behind}"),
            "2..2 0 10..12 2 # Response !text-after-message@3:1",
        );
        check(
            &format!("```http\nPOST https://h/a\n\n{{}}\n```http\n<!-- {{\"blockType\": \"response\"}} -->\n{behind}"),
            "2..4 2 13..15 2 # Response !text-after-message@5:1",
        );
    }

    #[test]
    fn what_is_no_message_stays_whole() {
        check("````\ntext\n```http\nGET /a\n```\n````\n", "");
    }
}
