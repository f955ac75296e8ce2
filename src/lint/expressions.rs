//! The rule for the expressions in `$filter` and `$orderby`: their operators and directions are those that OData has.
//!
//! Only a word in the place of an operator is judged, and only if it is nearly one: between a path and a literal, or between two conditions
//! (OData URL Conventions 4.01 sections 5.1.1.1 and 5.1.5). What an expression is otherwise says the service.

use super::Linter;
use crate::byte_set::ByteSet;
use crate::compare::excerpt;
use crate::diagnostic::Code;
use crate::page::RequestLine;
use crate::query::system_option;

/// The operators that compare, and those that join.
const COMPARISONS: [&str; 8] = ["eq", "ne", "gt", "ge", "lt", "le", "in", "has"];
const JOINTS: [&str; 2] = ["and", "or"];

/// The other words of expressions that stand between operands, or before one.
const OTHERS: [&str; 7] = ["not", "add", "sub", "mul", "div", "divby", "mod"];

/// What people write for `eq`.
const EQUALS: [&str; 2] = ["equals", "equal"];

/// An expression of more parts is read up to here.
const MOST_PARTS: usize = 512;

/// Checks the expressions in the query of a URL.
pub(super) fn check(linter: &mut Linter<'_>, line: &RequestLine) {
    let Some((path, query)) = line.target.split_once('?') else { return };
    let mut start = path.len() + 1;
    let mut places = None;
    for option in query.split('&') {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let found = match system_option(name.strip_prefix("%24").unwrap_or(name)) {
            Some("$filter") => operator(value),
            Some("$orderby") => direction(value),
            _ => None,
        };
        if let Some((offset, message)) = found {
            let places = places.get_or_insert_with(|| linter.places_in_target(line));
            let place = places.of(start + name.len() + 1 + offset);
            linter.report_at(Code::QueryOptionNotValid, place, message);
        }
        start += option.len() + 1;
    }
}

/// A part of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'v> {
    Word(&'v str),
    /// A text in quotation marks.
    Text,
    /// A placeholder, or something else that may be anything.
    Open,
    Parenthesis,
    ClosingParenthesis,
    Comma,
}

impl Part<'_> {
    fn is_literal(self) -> bool {
        match self {
            Part::Text => true,
            Part::Word(word) => {
                let first = word.trim_start_matches(['-', '+']).chars().next();
                first.is_some_and(|c| c.is_ascii_digit()) || ["true", "false", "null"].contains(&word)
            }
            _ => false,
        }
    }

    /// Whether it may be the path of a property.
    fn is_path(self) -> bool {
        let Part::Word(word) = self else { return false };
        let is_path = word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "_/.@-$".contains(c));
        is_path && !self.is_literal() && !is_operator(word)
    }
}

fn is_operator(word: &str) -> bool {
    COMPARISONS.iter().chain(&JOINTS).chain(&OTHERS).any(|own| own.eq_ignore_ascii_case(word))
}

/// The first word in the place of an operator that is nearly one: its offset, and what is wrong.
fn operator(value: &str) -> Option<(usize, String)> {
    let parts = parts(value);
    (1..parts.len().saturating_sub(1)).find_map(|at| {
        let [(_, before), (offset, own), (_, behind)] = parts.get(at - 1..at + 2)? else { return None };
        let Part::Word(word) = own else { return None };
        let is_word = (2..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_word || is_operator(word) {
            return None;
        }
        let lower = word.to_ascii_lowercase();
        let compares = (before.is_path() || *before == Part::ClosingParenthesis) && behind.is_literal();
        let joins = (before.is_literal() || *before == Part::ClosingParenthesis)
            && (behind.is_path() || *behind == Part::Parenthesis)
            && parts[at + 1..]
                .iter()
                .any(|(_, part)| matches!(part, Part::Word(word) if is_operator(word)) || *part == Part::Parenthesis);
        let known: &[&str] = match (compares, joins) {
            (true, _) => &COMPARISONS,
            (_, true) => &JOINTS,
            _ => return None,
        };
        let near: Vec<&str> = known.iter().copied().filter(|known| strsim::osa_distance(&lower, known) <= 1).collect();
        let meant = match near.as_slice() {
            [only] => format!("; did you mean `{only}`?"),
            [] if compares && EQUALS.contains(&lower.as_str()) => "; did you mean `eq`?".to_owned(),
            [] => return None,
            _ => String::new(),
        };
        Some((*offset, format!("`{}` is no operator of OData{meant}", excerpt(word))))
    })
}

/// The first direction in `$orderby` that is nearly one.
fn direction(value: &str) -> Option<(usize, String)> {
    let parts = parts(value);
    let mut items = parts.split(|(_, part)| *part == Part::Comma);
    items.find_map(|item| {
        let [(_, path), (offset, Part::Word(word))] = item else { return None };
        let lower = word.to_ascii_lowercase();
        let near = ["desc", "asc"].into_iter().find(|known| strsim::osa_distance(&lower, known) <= 1);
        let long = [("descending", "desc"), ("ascending", "asc")].into_iter().find(|(long, _)| *long == lower);
        let meant = near.or(long.map(|(_, short)| short)).filter(|meant| *meant != lower && path.is_path())?;
        (lower != "asc" && lower != "desc")
            .then(|| (*offset, format!("`{}` is no direction of `$orderby`; did you mean `{meant}`?", excerpt(word))))
    })
}

/// The parts of an expression with their offsets. Blanks and quotation marks may be percent-encoded.
fn parts(value: &str) -> Vec<(usize, Part<'_>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < value.len() && found.len() < MOST_PARTS {
        let rest = &value[at..];
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let (length, part) = if let Some(blank) = blank(rest) {
            (blank, None)
        } else if let Some(quote) = ["'", "%27"].into_iter().find(|quote| rest.starts_with(quote)) {
            let end = rest[quote.len()..].find(quote).map_or(rest.len(), |end| end + 2 * quote.len());
            (end, Some(Part::Text))
        } else {
            match rest.as_bytes()[0] {
                b'(' => (1, Some(Part::Parenthesis)),
                b')' => (1, Some(Part::ClosingParenthesis)),
                b',' => (1, Some(Part::Comma)),
                b'{' | b'<' | b'[' => {
                    let closing = match rest.as_bytes()[0] {
                        b'{' => '}',
                        b'<' => '>',
                        _ => ']',
                    };
                    (rest.find(closing).map_or(rest.len(), |end| end + 1), Some(Part::Open))
                }
                _ => {
                    let end = word_end(rest).max(first);
                    (end, Some(Part::Word(&rest[..end])))
                }
            }
        };
        found.extend(part.map(|part| (at, part)));
        at += length;
    }
    found
}

/// How long the blank at the beginning of a text is.
fn blank(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b' ' | b'+' | b'\t', ..] => Some(1),
        [b'%', b'2', b'0', ..] => Some(3),
        _ => None,
    }
}

/// What may end a word: blanks, quotation marks, and marks with a meaning. A percent sign is a part of it unless it begins one of them.
const ENDS: ByteSet = ByteSet::of(b" +\t'(),{<[%");

fn word_end(text: &str) -> usize {
    let is_end =
        |&(at, byte): &(usize, u8)| byte != b'%' || ["%20", "%27"].iter().any(|end| text[at..].starts_with(end));
    ENDS.matches(text).find(is_end).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::places;

    #[track_caller]
    fn check(query: &str, expected: Option<u32>) {
        let text = format!("## Example\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps?{query}\n```\n");
        let found = places(&text, Code::QueryOptionNotValid);
        assert_eq!(found, expected.map(|column| (4, column)).into_iter().collect::<Vec<_>>(), "{query}");
    }

    #[test]
    fn a_word_in_the_place_of_an_operator_is_one() {
        check("$filter=name%20eqq%20'a'", Some(59));
        check("$filter=watts+qe+4", Some(58));
        check("$top=1&$filter=on equals true", Some(62));
        check("$filter=startswith(name,'a') annd on eq true", Some(73));
        check("$filter=name eq 'a' adn watts gt 4", Some(64));
        check("%24filter=name eqs %27a%27", Some(59));
    }

    #[test]
    fn what_stands_elsewhere_may_be_anything() {
        for query in [
            "$filter=name%20eq%20'a%20eqq%20b'",
            "$filter=name EQ 'a'",
            "$filter=tags/any(t:t eq 'a')",
            "$filter=name eq A of 5",
            "$filter={property} eqq {value}",
            "$filter=watts add 5 gt 4 and not endswith(name,'a')",
            "$filter=name in ('a','b')",
            "$filter=name eq 'It''s eqq' or on",
            "$filter=contains(name,'a')",
            "$search=\"name eqq 'a'\"",
            "filters=name eqq 'a'",
            "$filter",
        ] {
            check(query, None);
        }
    }

    #[test]
    fn a_direction_is_asc_or_desc() {
        check("$orderby=name%20dsc", Some(60));
        check("$orderby=name,watts descending", Some(64));
        check("$orderby=name acs,watts", Some(58));
        for query in [
            "$orderby=name desc,watts asc",
            "$orderby=name DESC",
            "$orderby={name} dsc",
            "$orderby=name",
            "$orderby=name {direction}",
        ] {
            check(query, None);
        }
    }
}
