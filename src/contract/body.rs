//! The body of a block: what kind of content it is, and on which lines its values stand.

use foldhash::{HashSet, HashSetExt as _};

use super::Body;
use super::media_type::media_type;
use super::places::place;
use crate::diagnostic::Code;
use crate::edit::{Change, Edit};
use crate::json::{self, Anchors, Cause, Json, Parsed, Repair, RepairKind, cause, opens_json, string_end};
use crate::page::{Defect, Line, Message};
use crate::source::LineIndex;

/// The body of a message as it was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadBody {
    /// The content; `None` if it is missing.
    pub(crate) body: Option<Body>,
    /// Where the values of JSON stand in the body's lines, joined with line feeds: parents before their children in document order.
    pub(crate) offsets: Vec<usize>,
    /// What is wrong with it.
    pub(crate) defects: Vec<Defect>,
}

impl ReadBody {
    /// The lines of JSON values that do not follow from the body's first line. `lines` are those of the body.
    pub(super) fn anchors(&self, lines: &[Line<'_>]) -> Anchors {
        let Some(Body::Json(json)) = &self.body else { return Anchors::default() };
        let (mut at, mut end) = (0, lines.first().map_or(0, |line| line.text.len()));
        let numbers = self.offsets.iter().map(|offset| {
            // Values stand in the order of their offsets.
            while *offset > end && at + 1 < lines.len() {
                at += 1;
                end += 1 + lines[at].text.len();
            }
            lines.get(at).map_or(0, |line| line.number)
        });
        json::anchors(json, &numbers.collect::<Vec<u32>>())
    }
}

/// Reads the body of a message.
pub(crate) fn read_body(message: &Message<'_>) -> ReadBody {
    read_lines(&message.body, message.header("Content-Type"))
}

/// Reads the lines of a block that says that it is JSON.
pub(crate) fn read_json_lines(lines: &[Line<'_>]) -> ReadBody {
    read_lines(lines, Some("application/json"))
}

/// Reads the lines of a body of that media type.
fn read_lines(body: &[Line<'_>], content_type: Option<&str>) -> ReadBody {
    if body.is_empty() {
        return ReadBody::default();
    }
    let text = Line::join(body);
    let lines = LineIndex::new(&text);
    let defect = |code, position, message: String| {
        let (line, column) = place(body, position);
        Defect::new(code, (line, column), message)
    };
    let not_json = |place, why| ReadBody {
        body: Some(Body::Text(lines_of(body))),
        defects: vec![defect(Code::JsonNotValid, place, why)],
        ..ReadBody::default()
    };
    let media = Media::of(content_type);
    let looks_like_json = opens_json(&text);
    if looks_like_json || media == Media::Json {
        match json::parse_tolerant(&text) {
            // Authors forget to change the media type of a template; a body in braces is JSON all the same.
            Ok((parsed, _)) if depth(&parsed.json) > MAX_DEPTH => {
                return not_json((1, 1), format!("the body nests deeper than {MAX_DEPTH} levels"));
            }
            Ok((parsed, _)) if paths(&parsed.json, 0) > MAX_PATHS * (text.len() + LEAST) => {
                return not_json((1, 1), "the values nest too deep, or below names that are too long".to_owned());
            }
            Ok((Parsed { json, offsets }, repairs)) if media != Media::Multipart => {
                let mut defects: Vec<Defect> = Vec::new();
                let has_ellipsis = repairs.iter().any(|own| own.kind == RepairKind::Ellipsis);
                for Repair { kind, offset, all } in repairs {
                    let (code, what) = match repaired(kind) {
                        (code @ Code::JsonControlCharacter, what) => (code, wrapped(&text, offset).unwrap_or(what)),
                        other => other,
                    };
                    // The comma before an ellipsis goes with it.
                    let has_edit = kind != RepairKind::TrailingComma || !has_ellipsis;
                    let edit = has_edit.then(|| corrected(kind, &all, body, &lines)).flatten();
                    defects.push(defect(code, lines.position(offset), what.to_owned()).with_edit(edit));
                }
                duplicates(&json, &mut offsets.iter(), &mut |name, offset| {
                    let what = format!("the member `{name}` occurs twice in its object");
                    defects.push(defect(Code::JsonDuplicateMember, lines.position(offset), what));
                });
                return ReadBody { body: Some(Body::Json(json)), offsets, defects };
            }
            Err(error) if looks_like_json && media == Media::Json && !describes_bytes(&text) => {
                let found = (error.line, error.column);
                return match cause(&text, found) {
                    Some(Cause { line, column, what }) => {
                        not_json((line, column), format!("the body is not JSON: {what}"))
                    }
                    None => not_json(found, format!("the body is not JSON: {}", error.message)),
                };
            }
            _ => {}
        }
    }
    let stands_for_bytes =
        media == Media::Binary || (describes_bytes(&text) && !(media == Media::Text && is_markup(&text)));
    let kind = if stands_for_bytes { Body::Bytes } else { Body::Text };
    ReadBody { body: Some(kind(lines_of(body))), ..ReadBody::default() }
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

/// How much longer the paths to all values may be than the body. Whatever is kept by path stays in proportion to the page then.
const MAX_PATHS: usize = 32;

/// What a body of a few bytes has at least.
const LEAST: usize = 256;

/// The length of the paths to a value and to all values in it, in characters.
fn paths(value: &Json, own: usize) -> usize {
    const BRACKETS: usize = 4;
    let inner = match value {
        Json::Array(items) => items.iter().map(|item| paths(item, own + BRACKETS)).sum(),
        Json::Object(members) => {
            members.iter().map(|member| paths(&member.value, own + BRACKETS + member.name.len())).sum()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 0,
    };
    own + inner
}

/// What a media type says about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// JSON, or not stated.
    Json,
    Text,
    Multipart,
    Binary,
}

impl Media {
    pub(super) fn of(content_type: Option<&str>) -> Media {
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
pub(super) fn describes_bytes(text: &str) -> bool {
    let text = text.trim();
    let inner = [('[', ']'), ('{', '}'), ('<', '>')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let is_word_character = |c: char| c.is_alphanumeric() || c.is_whitespace() || "-_.,/'()…".contains(c);
    inner.is_some_and(|inner| inner.contains(char::is_alphabetic) && inner.chars().all(is_word_character))
}

pub(super) fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// The body, by line.
fn lines_of(body: &[Line<'_>]) -> Vec<String> {
    body.iter().map(|line| line.text.to_string()).collect()
}

/// The code of a repair that JSON needed, and what was wrong, in words.
fn repaired(kind: RepairKind) -> (Code, &'static str) {
    match kind {
        RepairKind::TrailingComma => (Code::JsonTrailingComma, "a comma behind the last value"),
        RepairKind::MissingComma => (Code::JsonMissingComma, "no comma between this value and the next one"),
        RepairKind::Comment => (Code::JsonComment, "a comment, which JSON does not have"),
        RepairKind::SingleQuotes => (Code::JsonSingleQuotes, "single quotes instead of double quotes"),
        RepairKind::UnquotedName => (Code::JsonUnquotedName, "a member name without quotes"),
        RepairKind::ControlCharacter => (Code::JsonControlCharacter, "a line break or control character in a string"),
        RepairKind::ForeignBlank => (Code::JsonForeignBlank, "white space that JSON does not know"),
        RepairKind::Ellipsis => (Code::JsonEllipsis, "an ellipsis instead of JSON"),
    }
}

/// What is wrong with the line break at an offset, where it is one in a word, such as an editor makes of a long URL.
fn wrapped(text: &str, offset: usize) -> Option<&'static str> {
    let start = text[..offset].rfind('"')? + 1;
    let end = string_end(text.as_bytes(), start, b'"');
    let is_word = |line: &str| !line.trim().is_empty() && !line.trim().contains(char::is_whitespace);
    let value = text.get(start..end)?.trim_end_matches('"');
    let is_wrapped = value.contains('\n') && value.split('\n').all(is_word);
    is_wrapped.then_some(if value.contains("://") {
        "a line break in a URL, which has to be on one line"
    } else {
        "a line break in a text without blanks, which has to be on one line"
    })
}

/// The edit that makes a repair in the page, where it has one right answer. `lines` are those of the body.
fn corrected(kind: RepairKind, all: &[usize], body: &[Line<'_>], lines: &LineIndex<'_>) -> Option<Edit> {
    let replaced = |offset: &usize| {
        let own = body.get(lines.line(*offset) as usize - 1)?;
        let c = lines.text().get(*offset..)?.chars().next()?;
        let (line, column) = place(body, lines.position(*offset));
        let new = match kind {
            RepairKind::TrailingComma if own.text.trim() == "," => return Some(Change::Remove { line }),
            RepairKind::TrailingComma => "",
            RepairKind::ForeignBlank if json::is_invisible(c) => "",
            RepairKind::ForeignBlank => " ",
            _ => return None,
        };
        Some(Change::Replace { line, column, old: c.to_string(), new: new.to_owned() })
    };
    Edit::new(all.iter().map(replaced).collect::<Option<Vec<Change>>>()?)
}

/// So many members of an object are few.
const FEW: usize = 16;

/// Reports members that occur twice in their object, by name and offset. `offsets` go along with the values.
fn duplicates<'j>(value: &'j Json, offsets: &mut std::slice::Iter<'_, usize>, report: &mut impl FnMut(&'j str, usize)) {
    let Some(offset) = offsets.next() else { return };
    match value {
        Json::Array(items) => items.iter().for_each(|item| duplicates(item, offsets, report)),
        Json::Object(members) => {
            // Few are searched faster than indexed.
            let mut names = HashSet::new();
            for (index, member) in members.iter().enumerate() {
                let is_known = if members.len() <= FEW {
                    members[..index].iter().any(|other| other.name == member.name)
                } else {
                    !names.insert(&member.name)
                };
                if is_known {
                    report(&member.name, offsets.as_slice().first().copied().unwrap_or(*offset));
                }
                duplicates(&member.value, offsets, report);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
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
    fn a_line_break_in_a_word_is_none_that_is_meant() {
        let check = |value: &str, expected: Option<&str>| {
            let text = format!("{{\n  \"a\": \"{value}\"\n}}");
            let offset = text.find(value).unwrap_or_default() + value.find('\n').unwrap_or_default();
            let found = wrapped(&text, offset).map(|what| what.split_once(',').map_or(what, |(what, _)| what));
            assert_eq!(found, expected, "{value}");
        };
        check("https://contoso.com/lamps\n('a')", Some("a line break in a URL"));
        check("bGFt\n  cHM=", Some("a line break in a text without blanks"));
        check("On and\noff", None);
        check("{\\\"a\\\": {\n1}}", None);
        check("\nlamps", None);
    }

    #[test]
    fn a_body_that_nests_too_deep_stays_text() {
        for depth in [129, 254, 508, 512, 513, 100_000] {
            let body = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert!(shown(JSON, &body).starts_with("text json-not-valid@"), "{depth}");
        }
    }

    #[test]
    fn a_body_whose_paths_are_much_longer_than_itself_stays_text() {
        let wide = |depth: usize| format!("{}{}1{}", "[".repeat(depth), "1,".repeat(10_000), "]".repeat(depth));
        check(JSON, &wide(4), "json");
        check(JSON, &wide(100), "text json-not-valid@4:1");
        let below = |name: usize| format!("{{\"{}\":[{}1]}}", "n".repeat(name), "1,".repeat(10_000));
        check(JSON, &below(10), "json");
        check(JSON, &below(10_000), "text json-not-valid@4:1");
    }

    #[test]
    fn what_would_need_a_guess_stays_text() {
        check(JSON, "{\n  \"a\": 1\n} more", "text json-not-valid@6:3");
        check("Content-Type: text/plain\n", "{ not json", "text");
    }
}
