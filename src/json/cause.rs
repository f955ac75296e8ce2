//! Why a text that an author wrote by hand is not JSON: the slip itself, where the line on which a reader of JSON stops shows it.

use std::borrow::Cow;

/// A slip: its line and column in the text, counted from 1, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) what: Cow<'static, str>,
}

/// The slip because of which a reader of JSON stops at a line and column; nothing where the text does not show it.
pub(crate) fn cause(text: &str, (line, column): (u32, u32)) -> Option<Cause> {
    if let Some(quote) = typographic_quote(text).filter(|own| (own.line, own.column) <= (line, column)) {
        return Some(quote);
    }
    let own = text.lines().nth(line.checked_sub(1)? as usize).filter(|own| own.len() <= LONGEST)?;
    if let Some((at, what)) = list_mark(own).or_else(|| doubled_quote(own)).or_else(|| unquoted(own, column)) {
        return Some(Cause { line, column: own[..at].chars().count() as u32 + 1, what: what.into() });
    }
    // A text that is not closed ends where the next one begins.
    [line.saturating_sub(1), line].into_iter().find_map(|line| unclosed(text, line))
}

/// The text that begins on a line, is not closed there, and cannot go on on the next one: a comma or the mark of another value follows.
fn unclosed(text: &str, line: u32) -> Option<Cause> {
    let mut lines = text.lines().skip(line.checked_sub(1)? as usize);
    let own = lines.next().filter(|own| own.len() <= LONGEST)?;
    let (mut open, mut is_escaped, mut before) = (None, false, None);
    for (at, c) in own.char_indices() {
        if c == '"' && !is_escaped {
            open = if open.is_some() { None } else { Some((at, before)) };
        }
        is_escaped = c == '\\' && !is_escaped;
        if !c.is_whitespace() {
            before = Some(c);
        }
    }
    // One that begins elsewhere closes another one.
    let (at, _) = open.filter(|(_, before)| before.is_none_or(|c| matches!(c, ':' | ',' | '[' | '{')))?;
    let is_over = own.trim_end().ends_with([',', '}', ']', '{', '[', ':'])
        || lines.map(str::trim).find(|next| !next.is_empty()).is_none_or(|next| next.starts_with(['"', '}', ']']));
    let column = own[..at].chars().count() as u32 + 1;
    is_over.then(|| Cause { line, column, what: "the quotation mark is not closed".into() })
}

/// Longer lines show nothing to a reader.
const LONGEST: usize = 4096;

/// The mark of a Markdown list before a member.
fn list_mark(line: &str) -> Option<(usize, String)> {
    let own = line.trim_start();
    let mark = own.chars().next().filter(|mark| matches!(mark, '-' | '*' | '+'))?;
    let is_member = own[1..].starts_with(' ') && own[1..].trim_start().starts_with('"');
    is_member.then(|| (line.len() - own.len(), format!("`{mark}` before the name of a member")))
}

/// Two quotation marks where one begins or ends a text.
fn doubled_quote(line: &str) -> Option<(usize, String)> {
    let what = |which: &str| format!("two quotation marks {which} a text instead of one");
    for (at, _) in line.match_indices("\"\"") {
        let before = line[..at].trim_end().chars().next_back();
        let behind = &line[at + 2..];
        let next = behind.trim_start().chars().next();
        let opens = before.is_none_or(|c| matches!(c, ':' | ',' | '[' | '{'));
        let ends = next.is_none_or(|c| matches!(c, ':' | ',' | ']' | '}'));
        match (opens, ends) {
            (true, false) if behind.starts_with(|c: char| c.is_alphanumeric()) => return Some((at, what("before"))),
            (false, true) if !line[..at].ends_with('\\') => return Some((at, what("behind"))),
            _ => {}
        }
    }
    None
}

/// A value without quotation marks, or in the way in which another language writes it. `column` is a place in it or right behind it.
fn unquoted(line: &str, column: u32) -> Option<(usize, String)> {
    let end = line.char_indices().nth(column as usize - 1).map_or(line.len(), |(at, _)| at);
    let start = value_before(line, end)?;
    let value = &line[start..];
    let close = match value.chars().next()? {
        '"' | '\'' | '[' => return None,
        '{' => Some('}'),
        '<' => Some('>'),
        _ => None,
    };
    let length = match close {
        Some(close) => value.find(close)? + 1,
        None => value.find([',', '}', ']', '"']).unwrap_or(value.len()),
    };
    let value = value[..length].trim_end();
    let has_letter = value.contains(char::is_alphabetic);
    let literal = ["true", "false", "null"].into_iter().find(|literal| value.eq_ignore_ascii_case(literal));
    let literal = literal.or_else(|| matches!(value, "None" | "nil" | "undefined").then_some("null"));
    let what = match literal {
        Some(literal) if literal == value => return None,
        Some(literal) => format!("`{value}` instead of `{literal}`"),
        // An object whose first member is wrong is not taken for one.
        None if close == Some('}') && !is_placeholder(value) => return None,
        None if value.is_empty() || value.len() > MOST => return None,
        None if has_letter || value.contains(['-', '/', ':']) => {
            format!("the value `{value}` is not in quotation marks")
        }
        None => format!("`{value}` is not a number as JSON writes it"),
    };
    Some((start, what))
}

/// Longer texts are no values.
const MOST: usize = 128;

/// `{id}`: a word in braces.
fn is_placeholder(text: &str) -> bool {
    let inner = text.trim_start_matches('{').trim_end_matches('}');
    !inner.trim().is_empty() && !inner.contains(['"', '\'', ':'])
}

/// Where the value begins that a place of a line is in: behind the last `:` that follows a name. `None` in a text, or where no value stands.
fn value_before(line: &str, end: usize) -> Option<usize> {
    let (mut in_text, mut is_escaped, mut follows_text) = (false, false, false);
    let mut start = None;
    for (at, c) in line.char_indices() {
        if at > end {
            break;
        }
        match c {
            '"' if !is_escaped => (in_text, follows_text) = (!in_text, in_text),
            ':' if follows_text && !in_text => (start, follows_text) = (Some(at + 1), false),
            ',' if !in_text => start = None,
            c if !in_text && !c.is_whitespace() => follows_text = false,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    let start = start.filter(|_| !in_text)?;
    Some(start + line[start..].find(|c: char| !c.is_whitespace())?)
}

/// The first typographic quotation mark that stands where JSON has another: outside of a string, or at the end of one that does not end on its
/// line.
fn typographic_quote(text: &str) -> Option<Cause> {
    if text.is_ascii() {
        return None;
    }
    let is_quote = |c: char| matches!(c, '\u{201c}'..='\u{201f}');
    let cause = |line, column, quote| Cause { line, column, what: format!("`{quote}` instead of `\"`").into() };
    for (line, content) in (1..).zip(text.lines()) {
        let (mut in_string, mut is_escaped, mut within) = (false, false, None);
        for (column, c) in (1..).zip(content.chars()) {
            match c {
                _ if is_quote(c) && !in_string => return Some(cause(line, column, c)),
                _ if is_quote(c) => within = Some((column, c)),
                '"' if !is_escaped => (in_string, within) = (!in_string, None),
                _ => {}
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        if let Some((column, quote)) = within.filter(|_| in_string) {
            return Some(cause(line, column, quote));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn a_typographic_quotation_mark_is_the_cause() {
        let check = |text: &str, expected: Option<(u32, u32)>| {
            let found = typographic_quote(text).map(|own| (own.line, own.column));
            assert_eq!(found, expected, "{text}");
        };
        check("{\n  \"a\": \"b\u{201d},\n  \"c\": 1\n}", Some((2, 10)));
        check("{ \u{201c}a\u{201d}: 1 }", Some((1, 3)));
        check("{ \"a\": \"\u{201c}b\u{201d}\", \"c\": \"\\\"\u{201c}\" }", None);
    }

    /// What is found in an object with this line, as `column: what`.
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let text = format!("{{\n{line}\n}}");
        let Err(error) = json::parse_tolerant(&text) else { panic!("{line} is JSON") };
        let found = cause(&text, (error.line, error.column));
        let found = found.map(|own| format!("{}:{} {}", own.line, own.column, own.what)).unwrap_or_default();
        assert_eq!(found, expected, "{line}: {error}");
    }

    #[test]
    fn a_value_without_quotation_marks_is_the_cause() {
        check("\"on\": 2018-04-01T12:39:16Z,", "2:7 the value `2018-04-01T12:39:16Z` is not in quotation marks");
        check("\"on\": 2018-04-01", "2:7 the value `2018-04-01` is not in quotation marks");
        check("\"a\": 1, \"form\": round, \"b\": 2", "2:17 the value `round` is not in quotation marks");
        check("\"form\": very round", "2:9 the value `very round` is not in quotation marks");
        check("\"id\": {lamp-id},", "2:7 the value `{lamp-id}` is not in quotation marks");
        check("\"id\": <the id>", "2:7 the value `<the id>` is not in quotation marks");
        check("\"on\": True", "2:7 `True` instead of `true`");
        check("\"on\": NULL,", "2:7 `NULL` instead of `null`");
        check("\"on\": None,", "2:7 `None` instead of `null`");
        check("\"watts\": 007,", "2:10 `007` is not a number as JSON writes it");
        check("\"watts\": .5", "2:10 `.5` is not a number as JSON writes it");
    }

    #[test]
    fn a_quotation_mark_or_list_mark_too_many_is_the_cause() {
        check("\"code\": \"\"error\",", "2:9 two quotation marks before a text instead of one");
        check("\"code\": \"error\"\",", "2:15 two quotation marks behind a text instead of one");
        check("  - \"code\": \"error\"", "2:3 `-` before the name of a member");
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_the_cause() {
        check("\"a\": \"b,\n\"c\": 1", "2:6 the quotation mark is not closed");
        check("\"a\": [\"b, c],\n\"d\": \"\"", "2:7 the quotation mark is not closed");
        check("\"a: 1,\n\"b\": 2", "2:1 the quotation mark is not closed");
        check("\"a\": \"b", "2:6 the quotation mark is not closed");
    }

    #[test]
    fn what_the_line_does_not_show_is_not_guessed() {
        for line in ["\"a\": ,", "\"a\": \"b\" \"c\"", "\"a\"", "\"a\": {\"b\"}", "\"a\": [1,,2]", "\"a\": (1)"] {
            let text = format!("{{\n{line}\n}}");
            if let Err(error) = json::parse_tolerant(&text) {
                let found = cause(&text, (error.line, error.column));
                let is_named = found.as_ref().is_some_and(|own| own.what.contains("quotation marks"));
                assert!(!is_named, "{line}: {error} {found:?}");
            }
        }
    }
}
