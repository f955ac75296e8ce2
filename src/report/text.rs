//! Text for people: numbers of things, and text from elsewhere that does no harm.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::command_line::import_pages;
use crate::diagnostic::Code;
use crate::normal::is_dangerous;

/// Text that a terminal cannot mistake for commands: control characters and those that change the direction of text become
/// visible escapes.
pub fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_dangerous(c) { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    safe
}

/// How many columns of a terminal a text takes (Unicode Standard Annex 11, "East Asian Width").
fn columns(text: &str) -> usize {
    text.width()
}

/// Text in at most `width` columns, with an ellipsis where it was cut.
pub fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |c: &char| {
        let needed = c.width().unwrap_or_default();
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// Text in exactly `width` columns: cut, or with blanks behind it.
pub fn padded(text: &str, width: usize) -> String {
    let mut text = cut(text, width);
    text.extend(std::iter::repeat_n(' ', width.saturating_sub(columns(&text))));
    text
}

/// A number of things: `1 route`, `2 routes`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What follows a phrase for a difference, such as `value changed`: where it is. The one status of a response needs no place.
pub fn at_place(phrase: &str, place: &str) -> String {
    if phrase.split(' ').any(|word| word == place) { String::new() } else { format!(" at {place}") }
}

/// What follows an error for which a limit would have to be raised, by its field in [`Limits`](crate::http::Limits): the option of the
/// command line that raises it.
pub fn raise_limit(field: &str) -> String {
    format!(" (raise it with --{})", field.replace('_', "-"))
}

/// What follows an error for which there would have to be contracts.
pub fn make_contracts() -> String {
    format!("; make some with `{}`, or name another folder with --contracts", import_pages())
}

/// What the page's author can do about a defect, with the option of the command line that helps where one does.
pub fn help(code: Code) -> &'static str {
    match code {
        Code::NoMetadata => "give the metadata of that version with --metadata VERSION=FILE",
        code => code.help(),
    }
}

/// A word for a POSIX shell (Shell Command Language, section 2.2).
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A text as a code span of Markdown (CommonMark 6.1), cut to `longest` characters: nothing in it is Markdown, HTML, or somebody's name.
pub fn code_span(text: &str, longest: usize) -> String {
    let text = match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    let plain: String = text.chars().map(|c| if c.is_control() || is_dangerous(c) { ' ' } else { c }).collect();
    let fence = "`".repeat(plain.split(|c| c != '`').map(str::len).max().unwrap_or_default() + 1);
    match plain.trim() {
        "" => String::new(),
        plain if plain.contains('`') => format!("{fence} {plain} {fence}"),
        plain => format!("{fence}{plain}{fence}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_said_unless_the_phrase_has_it() {
        let check = |phrase: &str, place: &str, expected: &str| assert_eq!(at_place(phrase, place), expected);
        check("another status", "status", "");
        check("value changed", "$['a']", " at $['a']");
        check("body missing", "body", "");
        check("header missing", "header etag", " at header etag");
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_more_in_it() {
        for (word, expected) in
            [("a/b.md", "a/b.md"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"), ("", "''")]
        {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn a_text_is_cut_at_characters_and_fills_its_columns() {
        for (text, width, expected) in [
            ("äöü", 3, "äöü"),
            ("äöüx", 3, "äö…"),
            ("ab", 0, "…"),
            ("", 0, ""),
            ("灯具", 4, "灯具"),
            ("灯具的", 5, "灯具…"),
            ("灯具的", 4, "灯…"),
            ("e\u{301}tat", 4, "e\u{301}tat"),
            ("e\u{301}tat", 3, "e\u{301}t…"),
        ] {
            assert_eq!(cut(text, width), expected, "{text:?}");
        }
        for (text, width, expected) in [("灯", 4, "灯  "), ("灯具的", 4, "灯… "), ("ab", 2, "ab")] {
            assert_eq!(padded(text, width), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_in_a_code_span_is_markup() {
        for (given, expected) in [
            ("a.md:3", "`a.md:3`"),
            ("`x` <b> @you", "`` `x` <b> @you ``"),
            ("a\nb\u{202e}c", "`a b c`"),
            (" ", ""),
            ("0123456789abcdef", "`0123456789ab…`"),
        ] {
            assert_eq!(code_span(given, 12), expected, "{given:?}");
        }
    }
}
