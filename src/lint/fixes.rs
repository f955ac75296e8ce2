//! The edits of defects that have one right answer.

use super::Linter;
use super::lengths::{Lengths, LineEnds};
use super::status_in_prose::statuses;
use crate::byte_set::ByteSet;
use crate::contract::{Body, ReadBody, has_stand_ins, read_body};
use crate::diagnostic::Code;
use crate::edit::{Change, Edit};
use crate::json::Json;
use crate::page::{Block, Header, Page, RequestLine, StatusLine, header};

/// The Content-Length that a body has: with the line ends of the page's own text. Where the example does not show all of the body, or no
/// body, its length is not known.
pub(super) fn length(page: &Page<'_>, block: &Block<'_>, read: &ReadBody, field: &Header) -> Option<Edit> {
    length_with(own_ends(page, field), page, block, read, field)
}

/// The line ends of the page's own text.
fn own_ends(page: &Page<'_>, field: &Header) -> LineEnds {
    let start = page.line_start(field.line + 1);
    if page.text[..start].ends_with("\r\n") { LineEnds::Crlf } else { LineEnds::Lf }
}

fn length_with(ends: LineEnds, page: &Page<'_>, block: &Block<'_>, read: &ReadBody, field: &Header) -> Option<Edit> {
    let hides = [Code::JsonNotValid, Code::JsonEllipsis, Code::JsonComment];
    let is_part = block.metadata.as_ref().is_some_and(|metadata| metadata.truncated);
    let is_shown = !block.message.body.is_empty() && !is_part && !has_stand_ins(&block.message);
    if !is_shown || read.defects.iter().any(|own| hides.contains(&own.code)) {
        return None;
    }
    let length = Lengths::of(&block.message).with(ends);
    let line = page.line_text(field.line);
    let (name, _) = line.split_once(':')?;
    let before = line.get(name.len() + 1..)?.chars().take_while(|c| c.is_whitespace()).count();
    let column = u32::try_from(name.chars().count() + 1 + before + 1).ok()?;
    Some(Edit::replace(field.line, column, field.value.as_str(), length.to_string()))
}

/// The edit that makes the Content-Length of a message that of its body, after a page was edited, for the message whose first line this is;
/// `None` where it is right, or not known. A length that was right before counts the same line ends as it did: many pages with LF have
/// lengths that count CRLF, which is what a service sends.
pub fn corrected_length(old: &Page<'_>, new: &Page<'_>, start: u32) -> Option<Edit> {
    let is_own = |block: &&Block<'_>| block.message.start.line() == start;
    corrected(old.blocks.iter().find(is_own), new, new.blocks.iter().find(is_own)?)
}

/// The same for a block of the new page, and what it was.
fn corrected(old: Option<&Block<'_>>, new: &Page<'_>, block: &Block<'_>) -> Option<Edit> {
    let field = header(&block.message.headers, LENGTH)?;
    let before = old.and_then(counted_ends);
    let is_right = match before {
        Some(ends) => declared_length(block) == Some(Lengths::of(&block.message).with(ends)),
        None => has_right_length(block),
    };
    let ends = before.unwrap_or_else(|| own_ends(new, field));
    if is_right { None } else { length_with(ends, new, block, &read_body(&block.message), field) }
}

const LENGTH: &str = "content-length";

fn declared_length(block: &Block<'_>) -> Option<usize> {
    block.message.header(LENGTH).and_then(|value| value.parse().ok())
}

/// Whether the Content-Length of a message is that of its body.
fn has_right_length(block: &Block<'_>) -> bool {
    let Lengths { with_lf, with_crlf } = Lengths::of(&block.message);
    declared_length(block).is_some_and(|own| own == with_lf || own == with_crlf)
}

/// The line ends that the Content-Length of a message counts, if it is right with them alone.
fn counted_ends(block: &Block<'_>) -> Option<LineEnds> {
    Lengths::of(&block.message).ends_of(declared_length(block)?)
}

/// The edit by which the Content-Length of a body follows it, where it was right before an edit of the page. What is nearly right is not
/// reported, so that nothing else would find it.
pub(super) fn followed_length(old: &Page<'_>, new: &Page<'_>, edit: &Edit) -> Option<Edit> {
    old.blocks.iter().zip(&new.blocks).find_map(|(old_block, new_block)| {
        let lines = old_block.message.start.line()..=old_block.end;
        let is_touched = edit.lines().any(|line| lines.contains(&line));
        let is_other = old_block.message.body_text() != new_block.message.body_text();
        let has_changed = is_touched && is_other && has_right_length(old_block);
        has_changed.then(|| corrected(Some(old_block), new, new_block)).flatten()
    })
}

/// Blanks, which are ASCII or begin with one of four bytes in UTF-8, and what they may stand in.
const AROUND_BLANKS: ByteSet = ByteSet::of(b" \t\n\x0b\x0c\r\xc2\xe1\xe2\xe3'\"{<(}>)");

/// `%20` for the blanks of a URL. A blank beside a mark that separates its parts is a slip, and which one is not known.
pub(super) fn blanks(linter: &Linter<'_>, line: &RequestLine) -> Option<Edit> {
    let target = line.target.as_str();
    let is_separator = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "&?=,;/".contains(c));
    let query = target.find('?')?;
    let (mut depth, mut is_quoted) = (0_usize, false);
    // What stands there from the first blank to behind the last one, and what will.
    let mut stretch: Option<(usize, usize)> = None;
    let mut new = String::new();
    for (offset, byte) in AROUND_BLANKS.matches(target) {
        match byte {
            b'\'' | b'"' => is_quoted = !is_quoted,
            b'{' | b'<' | b'(' => depth += 1,
            b'}' | b'>' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let Some(c) = target[offset..].chars().next().filter(|c| c.is_whitespace() && depth == 0) else { continue };
        let beside = [target[..offset].chars().next_back(), target[offset + c.len_utf8()..].chars().next()];
        if offset < query || (!is_quoted && beside.into_iter().any(is_separator)) {
            return None;
        }
        let (start, end) = stretch.unwrap_or((offset, offset));
        new.push_str(&target[end..offset]);
        new.push_str("%20");
        stretch = Some((start, offset + c.len_utf8()));
    }
    let (start, end) = stretch?;
    let (line, column) = linter.place_in_target(line, start);
    Some(Edit::replace(line, column, &target[start..end], new))
}

/// The reason phrase of a status. Where the page has that of another status, its text has to say that the status is meant.
pub(super) fn reason(page: &Page<'_>, line: &StatusLine, standard: &str) -> Option<Edit> {
    let mut others = (100..600).filter_map(|status| http::StatusCode::from_u16(status).ok()?.canonical_reason());
    let is_other = others.any(|other| other.eq_ignore_ascii_case(&line.reason));
    let mut named =
        page.prose_below("response", 2).flat_map(|prose| &prose.codes).filter_map(|code| statuses(code).next());
    if is_other && !named.any(|status| status == line.status) {
        return None;
    }
    let before = page.line_text(line.line).trim_end().strip_suffix(line.reason.as_str())?;
    let column = u32::try_from(before.chars().count() + 1).ok()?;
    Some(Edit::replace(line.line, column, line.reason.as_str(), standard))
}

/// `Content-Type: application/json` below the other header fields.
pub(super) fn json_type(block: &Block<'_>, read: &ReadBody) -> Option<Edit> {
    let (after, indent) = block.message.head_end;
    let is_json = matches!(read.body, Some(Body::Json(Json::Object(_) | Json::Array(_))));
    let text = "Content-Type: application/json".to_owned();
    (is_json && after > 0).then(|| Edit::new(vec![Change::Insert { after, indent, text }])).flatten()
}

/// Another name for the member that is named at a place.
pub(super) fn name((line, column): (u32, u32), old: &str, new: &str) -> Edit {
    Edit::replace(line, column, format!("\"{old}\""), format!("\"{new}\""))
}
