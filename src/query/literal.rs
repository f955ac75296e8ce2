//! Literals of expressions (OData ABNF Construction Rules 4.01, section 7).

use super::expression::Literal;
use crate::edm::{LargeNumbers, Primitive, conforms};
use crate::json::{Json, Number};

/// What no literal has behind it.
const INSIDE: &str = "_-.:+%";

/// A literal with its length, or why there is none and, where it is one that is not supported, its length.
type Read = Result<(Literal, usize), (String, Option<usize>)>;

/// The literal that a text begins with; `None` if it begins with something else.
pub(super) fn read(text: &str) -> Option<Read> {
    if text.starts_with('\'') {
        return Some(match quoted(text) {
            Some((own, length)) => Ok((Literal::Text(own), length)),
            None => Err(("the quotation mark is never closed".to_owned(), None)),
        });
    }
    let is_word = |c: char| c.is_alphanumeric() || INSIDE.contains(c);
    let word = &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())];
    if text[word.len()..].starts_with('\'') && !word.is_empty() {
        return Some(prefixed(word, &text[word.len()..]));
    }
    // A path or a function.
    if text[word.len()..].starts_with(['/', '(']) {
        return None;
    }
    let own = match word {
        "null" => Literal::Null,
        _ if word.eq_ignore_ascii_case("true") => Literal::Bool(true),
        _ if word.eq_ignore_ascii_case("false") => Literal::Bool(false),
        "INF" | "-INF" | "NaN" => return Some(Err((format!("`{word}` is not supported"), Some(word.len())))),
        _ => match typed(word) {
            Some(own) => own,
            None if word.starts_with(|c: char| c.is_ascii_digit()) => {
                return Some(Err((format!("`{word}` is not a value; texts stand in single quotes"), None)));
            }
            None => return None,
        },
    };
    Some(Ok((own, word.len())))
}

/// A literal without quotes.
fn typed(word: &str) -> Option<Literal> {
    let is = |primitive| conforms(primitive, &Json::String(word.to_owned()), LargeNumbers::Numbers);
    if let Some(number) = Number::from_literal(word) {
        return Some(Literal::Number(number));
    }
    if is(Primitive::Guid) {
        return Some(Literal::Text(word.to_owned()));
    }
    // A name begins like no other of these.
    if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    match () {
        () if is(Primitive::DateTimeOffset) => Some(Literal::DateTime(word.to_owned())),
        () if is(Primitive::Date) => Some(Literal::Date(word.to_owned())),
        () if is(Primitive::TimeOfDay) => Some(Literal::Time(word.to_owned())),
        () => None,
    }
}

/// A literal in quotes with its type before them.
fn prefixed(word: &str, rest: &str) -> Read {
    let Some((own, length)) = quoted(rest) else {
        return Err(("the quotation mark is never closed".to_owned(), None));
    };
    let length = word.len() + length;
    let is = |primitive| conforms(primitive, &Json::String(own.clone()), LargeNumbers::Numbers);
    match word {
        "duration" if is(Primitive::Duration) => Ok((Literal::Duration(own), length)),
        "duration" => Err((format!("`{own}` is not a duration"), None)),
        "binary" | "geography" | "geometry" => Err((format!("`{word}` values are not supported"), Some(length))),
        // A member of an enumeration.
        _ if word.contains('.') => Ok((Literal::Text(own), length)),
        _ => Err((format!("`{word}'…'` is not a literal of OData 4"), None)),
    }
}

/// A text in single quotes, in which two are one (OData URL Conventions 4.01 section 2), and its length with the quotes.
fn quoted(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('\'')?;
    let mut end = 0;
    loop {
        end += inner[end..].find('\'')?;
        if !inner[end + 1..].starts_with('\'') {
            return Some((inner[..end].replace("''", "'"), end + 2));
        }
        end += 2;
    }
}
