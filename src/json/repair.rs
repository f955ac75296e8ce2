//! JSON as authors write it by hand: read as it was meant, with a note of each departure from RFC 8259.
//!
//! `jsonc-parser` reads most of them; white space of other scripts and an ellipsis that stands for more members are blanked
//! out first. What would need a guess (two documents, a missing value, typographic quotes) stays an error.

use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::parse::{STRICT, read};
use super::{Json, JsonError, Parsed};

/// A departure from JSON that leaves no doubt what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    /// Which.
    pub kind: RepairKind,
    /// Where, as a byte offset into the text.
    pub offset: usize,
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
        Err(error) => error,
    };
    let mut repairs = Vec::new();
    let blanked = blank_out(text, &mut repairs);
    let Ok((parsed, control)) = read(&blanked, &TOLERANT) else { return Err(strict) };
    // An ellipsis alone, or nothing but a comment, says nothing.
    if !matches!(parsed.json, Json::Object(_) | Json::Array(_)) {
        return Err(strict);
    }
    repairs.extend(control.map(|offset| Repair { kind: RepairKind::ControlCharacter, offset }));
    for (kind, options) in WITHOUT {
        // What does not parse without one of the extensions needed it, and fails where it was needed.
        if let Err(error) = parse_to_ast(&blanked, &CollectOptions::default(), &options) {
            repairs.push(Repair { kind, offset: error.range().start.min(text.len()) });
        }
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

/// Each extension, and a reader without it.
const WITHOUT: [(RepairKind, ParseOptions); 5] = [
    (RepairKind::TrailingComma, ParseOptions { allow_trailing_commas: false, ..TOLERANT }),
    (RepairKind::MissingComma, ParseOptions { allow_missing_commas: false, ..TOLERANT }),
    (RepairKind::Comment, ParseOptions { allow_comments: false, ..TOLERANT }),
    (RepairKind::SingleQuotes, ParseOptions { allow_single_quoted_strings: false, ..TOLERANT }),
    (RepairKind::UnquotedName, ParseOptions { allow_loose_object_property_names: false, ..TOLERANT }),
];

/// Replaces foreign white space and ellipses outside strings and comments by blanks, byte for byte, so that offsets stay.
fn blank_out(text: &str, repairs: &mut Vec<Repair>) -> String {
    let mut blanked = String::with_capacity(text.len());
    let mut state = State::Plain;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let offset = text.len() - rest.len();
        let mut length = c.len_utf8();
        let foreign = c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n' | '\r') || c == '\u{feff}';
        let dots = rest.len() - rest.trim_start_matches('.').len();
        let kind = match state {
            State::Plain if foreign => Some(RepairKind::ForeignBlank),
            State::Plain if c == '…' => Some(RepairKind::Ellipsis),
            State::Plain if dots >= 2 => {
                length = dots;
                Some(RepairKind::Ellipsis)
            }
            _ => None,
        };
        match kind {
            Some(kind) => {
                if !repairs.iter().any(|repair| repair.kind == kind) {
                    repairs.push(Repair { kind, offset });
                }
                blanked.extend(std::iter::repeat_n(' ', length));
            }
            None => {
                // A backslash takes the next character with it.
                if matches!(state, State::String(_)) && c == '\\' {
                    length += rest[1..].chars().next().map_or(0, char::len_utf8);
                }
                state = state.after(c, &rest[c.len_utf8()..]);
                blanked.push_str(&rest[..length]);
            }
        }
        rest = &rest[length..];
    }
    blanked
}

/// Where in a JSON text a character stands.
#[derive(Clone, Copy)]
enum State {
    Plain,
    /// In a string that this quote ends.
    String(char),
    /// In a comment that ends with the line.
    LineComment,
    /// In a comment that ends with `*/`.
    BlockComment,
}

impl State {
    /// The state behind a character, given what follows.
    fn after(self, c: char, rest: &str) -> State {
        match (self, c) {
            (State::Plain, '"' | '\'') => State::String(c),
            (State::Plain, '/') if rest.starts_with('/') => State::LineComment,
            (State::Plain, '/') if rest.starts_with('*') => State::BlockComment,
            (State::String(quote), _) if c == quote => State::Plain,
            (State::LineComment, '\n') => State::Plain,
            (State::BlockComment, '*') if rest.starts_with('/') => State::Plain,
            _ => self,
        }
    }
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
}
