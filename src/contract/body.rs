//! The body of a block: what kind of content it is, and on which lines its values stand.

use std::collections::HashSet;

use super::Body;
use super::media_type::media_type;
use crate::diagnostic::Code;
use crate::json::{self, Anchors, Cursor, Json, JsonError, Repair, RepairKind};
use crate::page::{Defect, Message};

/// The body of a message as it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadBody {
    /// The content; `None` if it is missing.
    pub(super) body: Option<Body>,
    /// The lines of JSON values that do not follow from the body's first line.
    pub(super) anchors: Anchors,
    /// What is wrong with it.
    pub(super) defects: Vec<Defect>,
}

/// Reads the body of a message.
pub(super) fn read_body(message: &Message<'_>) -> ReadBody {
    if message.body.is_empty() {
        return ReadBody::default();
    }
    let text = message.body_text();
    let media = Media::of(message.header("Content-Type"));
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    if looks_like_json || media == Media::Json {
        match json::parse_tolerant(&text) {
            // Authors forget to change the media type of a template; a body in braces is JSON all the same.
            Ok((parsed, _)) if depth(&parsed.json) > MAX_DEPTH => {
                let text = format!("the body nests deeper than {MAX_DEPTH} levels");
                let (line, column) = place(message, 0);
                let defects = vec![Defect { code: Code::JsonNotValid, line, column, message: text }];
                return ReadBody { body: Some(text_body(message)), defects, ..ReadBody::default() };
            }
            Ok((parsed, repairs)) if media != Media::Multipart => {
                let mut read = ReadBody {
                    anchors: json::anchors(&parsed.json, &value_lines(message, &parsed.offsets)),
                    ..ReadBody::default()
                };
                read.defects = repairs.into_iter().map(|repair| repaired(message, repair)).collect();
                report_duplicates(&parsed.json, &mut parsed.offsets.iter(), &Cursor::Root, message, &mut read.defects);
                read.body = Some(Body::Json(parsed.json));
                return read;
            }
            Err(error) if looks_like_json && media == Media::Json && !describes_bytes(&text) => {
                let defects = vec![not_valid(message, &error)];
                return ReadBody { body: Some(text_body(message)), defects, ..ReadBody::default() };
            }
            _ => {}
        }
    }
    let stands_for_bytes =
        media == Media::Binary || (describes_bytes(&text) && !(media == Media::Text && is_markup(&text)));
    let body = if stands_for_bytes { bytes_body(message) } else { text_body(message) };
    ReadBody { body: Some(body), ..ReadBody::default() }
}

/// How deep a documented body may nest. No real one comes near; one that did could not be read back from its contract.
const MAX_DEPTH: usize = 128;

fn depth(value: &Json) -> usize {
    match value {
        Json::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.iter().map(|member| depth(&member.value)).max().unwrap_or(0),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 1,
    }
}

/// What a media type says about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Media {
    /// JSON, or not stated.
    Json,
    Text,
    Multipart,
    Binary,
}

impl Media {
    fn of(content_type: Option<&str>) -> Media {
        let Some(content_type) = content_type else { return Media::Json };
        let essence = media_type(content_type);
        let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
        let is_text = |subtype: &str| {
            matches!(subtype, "xml" | "xhtml+xml" | "x-www-form-urlencoded" | "javascript" | "http" | "yaml")
                || subtype.ends_with("+xml")
        };
        match essence.split('/').next().unwrap_or_default() {
            "multipart" => Media::Multipart,
            "text" => Media::Text,
            "application" if subtype == "json" || subtype.ends_with("+json") => Media::Json,
            "application" if is_text(subtype) => Media::Text,
            "application" | "image" | "audio" | "video" | "font" => Media::Binary,
            // No media type at all, but a word or a placeholder.
            _ => Media::Json,
        }
    }
}

/// Whether a text is not content but says in brackets what the content would be: `[Zip file containing an app]`, `<Image>`,
/// `{Raw bytes of the file}`.
fn describes_bytes(text: &str) -> bool {
    let text = text.trim();
    let inner = [('[', ']'), ('{', '}'), ('<', '>')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let is_word_character = |c: char| c.is_alphanumeric() || c.is_whitespace() || "-_.,/'()…".contains(c);
    inner.is_some_and(|inner| inner.contains(char::is_alphabetic) && inner.chars().all(is_word_character))
}

fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

fn text_body(message: &Message<'_>) -> Body {
    Body::Text(message.body.iter().map(|line| line.text.to_string()).collect())
}

fn bytes_body(message: &Message<'_>) -> Body {
    Body::Bytes(message.body.iter().map(|line| line.text.to_string()).collect())
}

/// A repair that JSON needed, as a defect of the page.
fn repaired(message: &Message<'_>, repair: Repair) -> Defect {
    let (code, text) = match repair.kind {
        RepairKind::TrailingComma => (Code::JsonTrailingComma, "a comma behind the last value"),
        RepairKind::MissingComma => (Code::JsonMissingComma, "no comma between two values"),
        RepairKind::Comment => (Code::JsonComment, "a comment, which JSON does not have"),
        RepairKind::SingleQuotes => (Code::JsonSingleQuotes, "single quotes instead of double quotes"),
        RepairKind::UnquotedName => (Code::JsonUnquotedName, "a member name without quotes"),
        RepairKind::ControlCharacter => (Code::JsonControlCharacter, "a line break or control character in a string"),
        RepairKind::ForeignBlank => (Code::JsonForeignBlank, "white space that JSON does not know"),
        RepairKind::Ellipsis => (Code::JsonEllipsis, "an ellipsis instead of JSON"),
    };
    let (line, column) = place(message, repair.offset);
    Defect { code, line, column, message: text.to_owned() }
}

fn not_valid(message: &Message<'_>, error: &JsonError) -> Defect {
    let body_line = message.body.get(error.line as usize - 1).or(message.body.last());
    let (line, indent) = body_line.map_or((0, 0), |line| (line.number, line.indent));
    let column = indent + error.column;
    Defect { code: Code::JsonNotValid, line, column, message: format!("the body is not JSON: {}", error.message) }
}

/// Reports members that occur twice in their object. `offsets` go along with the values.
fn report_duplicates(
    value: &Json,
    offsets: &mut std::slice::Iter<'_, usize>,
    cursor: &Cursor<'_>,
    message: &Message<'_>,
    defects: &mut Vec<Defect>,
) {
    offsets.next();
    match value {
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                report_duplicates(item, offsets, &Cursor::Element(cursor, index), message, defects);
            }
        }
        Json::Object(members) => {
            // Most objects are small: comparing each member with those before it is faster than hashing their names.
            let mut names = (members.len() > 16).then(HashSet::new);
            for (index, member) in members.iter().enumerate() {
                let is_twice = match &mut names {
                    Some(names) => !names.insert(&member.name),
                    None => members[..index].iter().any(|other| other.name == member.name),
                };
                let own = Cursor::Member(cursor, &member.name);
                if is_twice {
                    let offset = offsets.as_slice().first().copied().unwrap_or_default();
                    let (line, column) = place(message, offset);
                    let text = format!("the member {} occurs twice", own.path());
                    defects.push(Defect { code: Code::JsonDuplicateMember, line, column, message: text });
                }
                report_duplicates(&member.value, offsets, &own, message, defects);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Line and column in the page of a byte offset of the body's text.
fn place(message: &Message<'_>, offset: usize) -> (u32, u32) {
    let mut start = 0;
    for line in &message.body {
        let end = start + line.text.len();
        if offset <= end {
            let before = line.text.get(..offset - start).unwrap_or(&line.text);
            return (line.number, line.indent + before.chars().count() as u32 + 1);
        }
        start = end + 1;
    }
    message.body.last().map_or((0, 0), |line| (line.number, 1))
}

/// The page's line of each value of a body, given their ascending offsets.
fn value_lines(message: &Message<'_>, offsets: &[usize]) -> Vec<u32> {
    let mut lines = Vec::with_capacity(offsets.len());
    let mut body = message.body.iter();
    let (mut current, mut end) = (0, None);
    for offset in offsets {
        while end.is_none_or(|end| *offset > end)
            && let Some(line) = body.next()
        {
            current = line.number;
            end = Some(end.map_or(0, |end| end + 1) + line.text.len());
        }
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Line, Message};

    /// Reads a body below a header section: its kind, and the defects as `code@line:column`.
    fn shown(content_type: &str, body: &str) -> String {
        let text = format!("HTTP/1.1 200 OK\n{content_type}\n{body}");
        let line =
            |(at, text): (usize, &'_ str)| Line { number: at as u32 + 1, indent: 0, text: text.to_owned().into() };
        let lines: Vec<Line<'_>> = text.lines().enumerate().map(line).collect();
        let read = read_body(&Message::read(&lines).expect("a message"));
        let kind = match read.body {
            None => "none",
            Some(Body::Json(_)) => "json",
            Some(Body::Text(_)) => "text",
            Some(Body::Bytes(_)) => "bytes",
        };
        let defects = read.defects.iter().map(|d| format!(" {}@{}:{}", d.code, d.line, d.column));
        format!("{kind}{}", defects.collect::<String>())
    }

    #[track_caller]
    fn check(content_type: &str, body: &str, expected: &str) {
        assert_eq!(shown(content_type, body), expected, "{content_type:?} {body:?}");
    }

    const JSON: &str = "Content-Type: application/json\n";

    #[test]
    fn json_is_known_by_its_media_type_or_its_braces() {
        check(JSON, "{\"a\": 1}", "json");
        check(JSON, "893", "json");
        check("", "{}", "json");
        check("Content-Type: text/plain\n", "{\"a\": 1}", "json");
        check("Content-Type: text/plain\n", "893", "text");
        check("Content-Type: application/problem+json\n", "[]", "json");
        check(JSON, "", "none");
    }

    #[test]
    fn other_content_is_text_or_bytes() {
        check("Content-Type: application/xml\n", "<a/>", "text");
        check("Content-Type: text/csv\n", "a,b\n1,2", "text");
        check("Content-Type: multipart/mixed; boundary=x\n", "--x\n\n{}\n--x--", "text");
        check("Content-Type: image/jpeg\n", "Binary data for the image", "bytes");
        check("", "BEGIN VCARD", "text");
    }

    #[test]
    fn a_description_in_brackets_stands_for_bytes() {
        check(JSON, "[Zip file containing a Teams app package]", "bytes");
        check("", "<Image>", "bytes");
        check("Content-Type: text/plain\n", "{Raw bytes of the file}", "bytes");
        check("", "<a href=\"x\">", "text");
    }

    #[test]
    fn slips_of_the_pen_are_repaired_and_reported() {
        check(JSON, "{\n  \"a\": 1,\n}", "json json-trailing-comma@5:9");
        check(JSON, "{\n  \"a\": 1,\n  \"a\": 2\n}", "json json-duplicate-member@6:3");
    }

    #[test]
    fn a_body_that_nests_too_deep_stays_text() {
        for depth in [129, 254, 508, 512, 513, 100_000] {
            let body = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert!(shown(JSON, &body).starts_with("text json-not-valid@"), "{depth}");
        }
    }

    #[test]
    fn what_would_need_a_guess_stays_text() {
        check(JSON, "{\n  \"a\": 1\n} more", "text json-not-valid@6:3");
        check("Content-Type: text/plain\n", "{ not json", "text");
    }
}
