//! JSON as authors write it by hand: read as it was meant, with a note of each departure from RFC 8259.
//!
//! `jsonc-parser` reads most of them; white space of other scripts and an ellipsis that stands for more members are blanked
//! out first. What would need a guess (two documents, a missing value, typographic quotes) stays an error.

use std::borrow::Cow;

use jsonc_parser::ParseOptions;

use super::parse::{Marks, STRICT, read_marked};
use super::{Json, JsonError, Parsed};

/// A departure from JSON that leaves no doubt what is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    /// Which.
    pub kind: RepairKind,
    /// Where it is needed first, as a byte offset into the text.
    pub offset: usize,
    /// All places, where each has one right answer: trailing commas and foreign blanks.
    pub all: Vec<usize>,
}

/// The kinds of repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RepairKind {
    /// A comma behind the last member or element.
    TrailingComma,
    /// No comma between two members or elements.
    MissingComma,
    /// A comment.
    Comment,
    /// A string in single quotes.
    SingleQuotes,
    /// A member name without quotes.
    UnquotedName,
    /// A line break, or another control character, in a string.
    ControlCharacter,
    /// A no-break space, or other white space that JSON does not know.
    ForeignBlank,
    /// `...` where more members or elements would stand.
    Ellipsis,
}

/// Reads a JSON text that an author wrote by hand: the tree, and each kind of repair that it needed, at its first place.
///
/// # Errors
///
/// When the text is not JSON and would need a guess; the error is that of the strict reader.
pub(crate) fn parse_tolerant(text: &str) -> Result<(Parsed, Vec<Repair>), JsonError> {
    let strict = match super::parse(text) {
        Ok(parsed) => return Ok((parsed, Vec::new())),
        Err(error) if error.is_too_deep => return Err(error),
        Err(error) => error,
    };
    let mut repairs = Vec::new();
    let blanked = blank_out(text, &mut repairs);
    let mut marks = Marks::default();
    let Ok((parsed, control)) = read_marked(&blanked, &TOLERANT, &mut marks) else { return Err(strict) };
    // An ellipsis alone, or nothing but a comment, says nothing.
    if !matches!(parsed.json, Json::Object(_) | Json::Array(_)) {
        return Err(strict);
    }
    let found = [
        (RepairKind::MissingComma, marks.missing_comma),
        (RepairKind::Comment, marks.comment),
        (RepairKind::SingleQuotes, marks.single_quotes),
        (RepairKind::UnquotedName, marks.unquoted_name),
        (RepairKind::ControlCharacter, control),
    ];
    repairs
        .extend(found.into_iter().filter_map(|(kind, offset)| Some(Repair { kind, offset: offset?, all: Vec::new() })));
    if let Some(offset) = marks.trailing_commas.first() {
        repairs.push(Repair { kind: RepairKind::TrailingComma, offset: *offset, all: marks.trailing_commas });
    }
    repairs.sort_by_key(|repair| (repair.offset, repair.kind));
    Ok((parsed, repairs))
}

/// What an author may have meant without doubt.
const TOLERANT: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: true,
    allow_trailing_commas: true,
    allow_missing_commas: true,
    allow_single_quoted_strings: true,
    ..STRICT
};

/// Replaces foreign white space and ellipses outside strings and comments by blanks, byte for byte, so that offsets stay.
fn blank_out<'t>(text: &'t str, repairs: &mut Vec<Repair>) -> Cow<'t, str> {
    let mut blanked = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(next) = next_of_note(text, at) {
        let (kind, end) = match next {
            Next::Blank(start, end) => (RepairKind::ForeignBlank, start..end),
            Next::Ellipsis(start, end) => (RepairKind::Ellipsis, start..end),
            Next::Skip(end) => {
                at = end;
                continue;
            }
        };
        match repairs.iter_mut().find(|repair| repair.kind == kind) {
            Some(repair) => repair.all.push(end.start),
            None => repairs.push(Repair { kind, offset: end.start, all: vec![end.start] }),
        }
        blanked.push_str(&text[copied..end.start]);
        blanked.extend(std::iter::repeat_n(' ', end.len()));
        (copied, at) = (end.end, end.end);
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    blanked.push_str(&text[copied..]);
    Cow::Owned(blanked)
}

/// What is to be looked at next in a JSON text.
enum Next {
    /// White space that JSON does not know, from there to there.
    Blank(usize, usize),
    /// Dots.
    Ellipsis(usize, usize),
    /// A string, a comment or a single mark, which ends there.
    Skip(usize),
}

/// The next place from an offset on that blanks, dots, strings or comments begin at.
fn next_of_note(text: &str, from: usize) -> Option<Next> {
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii() && !matches!(byte, b'"' | b'\'' | b'/' | b'.' | 0x0b | 0x0c);
    let at = from + bytes[from..].iter().position(|byte| !is_plain(byte))?;
    let rest = &text[at..];
    let ends_at =
        |end: &str| rest.get(2..).and_then(|inner| inner.find(end)).map_or(text.len(), |found| at + 2 + found);
    Some(match bytes[at] {
        quote @ (b'"' | b'\'') => Next::Skip(string_end(bytes, at + 1, quote)),
        b'/' if rest.starts_with("//") => Next::Skip(ends_at("\n")),
        b'/' if rest.starts_with("/*") => Next::Skip((ends_at("*/") + 2).min(text.len())),
        b'.' if rest.starts_with("..") => Next::Ellipsis(at, at + rest.len() - rest.trim_start_matches('.').len()),
        byte if byte.is_ascii() && !matches!(byte, 0x0b | 0x0c) => Next::Skip(at + 1),
        _ => {
            let c = rest.chars().next()?;
            let end = at + c.len_utf8();
            match c {
                '…' => Next::Ellipsis(at, end),
                c if is_invisible(c) => Next::Blank(at, end),
                c if c.is_whitespace() => Next::Blank(at, end),
                _ => Next::Skip(end),
            }
        }
    })
}

/// Whether a character takes no room: a zero-width space or joiner, or a byte order mark.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Whether a text opens with an object or an array, behind white space of any kind and characters that take no room.
pub(crate) fn opens_json(text: &str) -> bool {
    behind_blanks(text).starts_with(['{', '['])
}

/// A text without the white space of any kind and the characters that take no room at its beginning.
pub(crate) fn behind_blanks(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// Where a string ends that begins at an offset, behind its quotation mark. A backslash takes the next character with it.
pub(crate) fn string_end(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while let Some(found) = memchr::memchr2(quote, b'\\', &bytes[at.min(bytes.len())..]) {
        at += found + 1;
        if bytes[at - 1] == quote {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text is read as that JSON, with these repairs at these offsets.
    #[track_caller]
    fn check(text: &str, expected: &str, repairs: &[(RepairKind, usize)]) {
        let (parsed, found) = parse_tolerant(text).expect(text);
        assert_eq!(parsed.json.to_string(), expected, "{text}");
        let found: Vec<(RepairKind, usize)> = found.iter().map(|repair| (repair.kind, repair.offset)).collect();
        assert_eq!(found, repairs, "{text}");
    }

    #[track_caller]
    fn check_refused(text: &str) {
        assert!(parse_tolerant(text).is_err(), "{text}");
    }

    #[test]
    fn valid_json_needs_no_repair() {
        check(r#"{"a": ["...", "//", "\u00a0"]}"#, "{\"a\":[\"...\",\"//\",\"\u{a0}\"]}", &[]);
    }

    #[test]
    fn each_lexical_defect_is_repaired_and_named() {
        check("{\"a\": 1,}", r#"{"a":1}"#, &[(RepairKind::TrailingComma, 7)]);
        check("[1, 2,\n]", "[1,2]", &[(RepairKind::TrailingComma, 5)]);
        check("{\"a\": 1\n \"b\": 2}", r#"{"a":1,"b":2}"#, &[(RepairKind::MissingComma, 7)]);
        check("{ // why\n\"a\": 1}", r#"{"a":1}"#, &[(RepairKind::Comment, 2)]);
        check("{'a': 'b'}", r#"{"a":"b"}"#, &[(RepairKind::SingleQuotes, 1)]);
        check("{a: 1}", r#"{"a":1}"#, &[(RepairKind::UnquotedName, 1)]);
        check("{\"a\": \"x\ny\"}", r#"{"a":"x\ny"}"#, &[(RepairKind::ControlCharacter, 8)]);
        check("{\u{a0}\"a\": 1}", r#"{"a":1}"#, &[(RepairKind::ForeignBlank, 1)]);
        check(
            "{\"a\": [1, ...], \"b\": 2, ...}",
            r#"{"a":[1],"b":2}"#,
            &[(RepairKind::TrailingComma, 8), (RepairKind::Ellipsis, 10)],
        );
    }

    #[test]
    fn what_stands_in_strings_and_comments_is_left_alone() {
        check(
            "{'a': 'it\"s ... \\' \u{a0}',}",
            "{\"a\":\"it\\\"s ... ' \u{a0}\"}",
            &[(RepairKind::SingleQuotes, 1), (RepairKind::TrailingComma, 22)],
        );
        check("[1 /* ... */, 2]", "[1,2]", &[(RepairKind::Comment, 3)]);
    }

    #[test]
    fn large_numbers_survive_a_repair() {
        check("[12345678901234567890.10,]", "[12345678901234567890.10]", &[(RepairKind::TrailingComma, 24)]);
    }

    #[test]
    fn what_would_need_a_guess_is_refused() {
        for text in [
            "{\"a\": }",
            "{\"a\": ...}",
            "{\"a\": 1} {\"b\": 2}",
            "{\"a\": 1} and more",
            "{\"a\": value}",
            "{\u{201c}a\u{201d}: 1}",
            "{\"a\": 1",
            "...",
            "// nothing",
            "[Zip file]",
            "{Raw bytes of the file}",
            "<Image>",
        ] {
            check_refused(text);
        }
    }

    /// Each extension, and a reader without it.
    const WITHOUT: [(RepairKind, ParseOptions); 5] = [
        (RepairKind::TrailingComma, ParseOptions { allow_trailing_commas: false, ..TOLERANT }),
        (RepairKind::MissingComma, ParseOptions { allow_missing_commas: false, ..TOLERANT }),
        (RepairKind::Comment, ParseOptions { allow_comments: false, ..TOLERANT }),
        (RepairKind::SingleQuotes, ParseOptions { allow_single_quoted_strings: false, ..TOLERANT }),
        (RepairKind::UnquotedName, ParseOptions { allow_loose_object_property_names: false, ..TOLERANT }),
    ];

    #[test]
    fn a_repair_is_where_a_reader_without_that_extension_stops() {
        let pieces = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ",",
            " ",
            "\n",
            "\"a\":",
            "b:",
            "'c' :",
            "\"x,\"",
            "'y]'",
            "1",
            "-2.5e3",
            "null",
            "/* , */",
            "// ] ,\n",
            "/**/",
            "true",
            ":",
            "{\"a\":1",
            "[1,",
            "[{b:'c',}",
            "\u{a0}",
            "...",
        ];
        let mut seed = 1_u32;
        let mut next = |count: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % count
        };
        let mut repaired = 0;
        for _ in 0..6_000 {
            let mut text = String::new();
            for _ in 0..2 + next(9) {
                text.push_str(pieces[next(pieces.len())]);
            }
            // What is open is closed, so that more of the texts can be read.
            let opened: Vec<char> = text.chars().filter(|c| matches!(c, '{' | '[')).collect();
            text.extend(opened.iter().rev().map(|c| if *c == '{' { '}' } else { ']' }));
            let Ok((_, found)) = parse_tolerant(&text) else { continue };
            let blanked = blank_out(&text, &mut Vec::new());
            for (kind, options) in &WITHOUT {
                let stops = jsonc_parser::parse_to_ast(&blanked, &jsonc_parser::CollectOptions::default(), options);
                let expected = stops.err().map(|error| error.range().start);
                let own = found.iter().find(|repair| repair.kind == *kind).map(|repair| repair.offset);
                assert!(found.is_empty() || own == expected, "{kind:?} in {text:?}: {own:?} instead of {expected:?}");
            }
            repaired += usize::from(!found.is_empty());
        }
        assert!(repaired > 100, "{repaired}");
    }
}
