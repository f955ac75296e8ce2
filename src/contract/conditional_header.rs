//! Header fields that a page requires together with query options: `eventual. This header and $count are required when using $search.`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::request_headers::field_name;
use super::sentences::sentences;
use crate::page::{Cell, Page, Table};
use crate::query::{is_system_option, option_name};

/// A header field that a page requires together with query options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionalHeader {
    /// Its name.
    pub name: String,
    /// Its value, if both the page's table and an example have it; any value otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The options, of which one is enough: `$search`.
    pub with: Vec<String>,
}

impl ConditionalHeader {
    /// The option of a request with which the field is required, where the request has one and the field, if there is one, has another value.
    /// `has_option` says which options the request has, by their names with `$`.
    pub fn unmet(&self, sent: Option<&str>, has_option: impl Fn(&str) -> bool) -> Option<&str> {
        let is_met = match (&self.value, sent) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(value), Some(sent)) => sent.trim().eq_ignore_ascii_case(value),
        };
        if is_met { None } else { self.with.iter().map(String::as_str).find(|option| has_option(option)) }
    }
}

/// The header fields that a page's table of request headers requires together with query options, each once.
///
/// What is read is what leaves no doubt: an option that stands alone in the sentence that says so. A sentence with other words, such as `in specific
/// usage of $filter` or `$filter with $orderby`, is about less than the option.
pub(super) fn conditional_headers(page: &Page<'_>, table: &Table<'_>) -> Vec<ConditionalHeader> {
    let mut headers: Vec<ConditionalHeader> = Vec::new();
    for row in &table.rows {
        let [name, rest @ ..] = row.as_slice() else { continue };
        let Some(text) = field_name(name) else { continue };
        if headers.iter().any(|own| own.name.eq_ignore_ascii_case(text)) {
            continue;
        }
        // Each is looked for in all blocks, and kept in all contracts.
        if headers.len() == MOST {
            break;
        }
        let Some((cell, with)) = rest.iter().find_map(|cell| Some((cell, options(text, cell)?))) else { continue };
        headers.push(ConditionalHeader { name: text.to_owned(), value: literal(page, text, cell), with });
    }
    headers
}

/// No service requires more header fields.
const MOST: usize = 16;

/// The value with which a description begins, if an example of the page sends it, too: alone, the word may as well be one about the value.
fn literal(page: &Page<'_>, name: &str, cell: &Cell<'_>) -> Option<String> {
    let word = cell.text.split_whitespace().next()?.trim_end_matches(['.', ',', ';']);
    let mut sent = page.blocks.iter().filter_map(|block| block.message.header(name));
    sent.any(|value| value.trim().eq_ignore_ascii_case(word)).then(|| word.to_owned())
}

/// The query options with which a description says that the field is required; `None` without any.
fn options(name: &str, cell: &Cell<'_>) -> Option<Vec<String>> {
    let text = cell.text.as_ref();
    memchr::memchr(b'$', text.as_bytes())?;
    let mut found: Vec<String> = Vec::new();
    for sentence in sentences(text, |word| word.ends_with(['.', ';'])) {
        let Some(at) = sentence.iter().position(|word| is(word, "required")) else { continue };
        let (subject, condition) = (&sentence[..at], &sentence[at + 1..]);
        if !is_about(subject, name) || !condition.first().is_some_and(|word| is_one_of(word, &CONDITIONS)) {
            continue;
        }
        for option in alternatives(condition).filter_map(only_option) {
            if !found.contains(&option) {
                found.push(option);
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Whether what stands before "required" says that the field is: nothing, or the field itself, and no denial.
fn is_about(subject: &[&str], name: &str) -> bool {
    let denies = |word: &&str| is(word, "not") || is(word, "never") || bare(word).ends_with("n't");
    let is_field = |word: &&str| is(word, "header") || is(word, name) || is(word, "it");
    !subject.iter().any(denies)
        && (subject.iter().any(is_field) || subject.iter().all(|word| is_one_of(word, &["is", "only"])))
}

/// The parts of a condition between its commas, and its `or`.
fn alternatives<'s, 't>(condition: &'s [&'t str]) -> impl Iterator<Item = &'s [&'t str]> {
    let parts = condition.split_inclusive(|word| word.ends_with(','));
    parts.flat_map(|part| part.split(|word| is(word, "or")))
}

/// The query option that a part of a condition names, if nothing else in it matters.
fn only_option(part: &[&str]) -> Option<String> {
    let mut others = part.iter().filter(|word| !is_one_of(word, &CONDITIONS) && !is_one_of(word, &EMPTY));
    let word = bare(others.next()?);
    let option = word.starts_with('$').then(|| option_name(word).into_owned())?;
    (others.next().is_none() && is_system_option(&option)).then_some(option)
}

/// Words that begin a condition.
const CONDITIONS: [&str; 5] = ["when", "if", "for", "with", "whenever"];

/// Words between those and the name of an option.
const EMPTY: [&str; 22] = [
    "a",
    "an",
    "any",
    "are",
    "either",
    "include",
    "includes",
    "is",
    "option",
    "options",
    "parameter",
    "parameters",
    "query",
    "request",
    "requests",
    "specified",
    "specify",
    "the",
    "use",
    "used",
    "using",
    "you",
];

/// A word without what is written at its ends.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '$')
}

fn is(word: &str, expected: &str) -> bool {
    bare(word).eq_ignore_ascii_case(expected)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|own| is(word, own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::header_table;

    /// Reads one row, and shows what is required as `name: value with options`.
    #[track_caller]
    fn check(row: &str, example: &str, expected: &[&str]) {
        let text = format!(
            "## Request headers\n\n|Name|Type|Description|\n|---|---|---|\n|Authorization|Bearer {{token}}. Required.|\n{row}\n\n```http\nGET \
             https://graph.microsoft.com/v1.0/lamps\n{example}\n```\n"
        );
        let page = Page::parse("p.md", &text);
        let headers = header_table(&page).map(|table| conditional_headers(&page, table)).unwrap_or_default();
        let shown: Vec<String> = headers
            .iter()
            .map(|own| format!("{}: {} with {}", own.name, own.value.as_deref().unwrap_or("?"), own.with.join(", ")))
            .collect();
        assert_eq!(shown, expected, "{row}");
    }

    const EXAMPLE: &str = "ConsistencyLevel: eventual";

    #[test]
    fn an_option_that_stands_alone_is_one_with_which_the_field_is_required() {
        let search = ["ConsistencyLevel: eventual with $search"];
        check(
            "|ConsistencyLevel|eventual. This header and `$count` are required when using `$search`, or in specific usage of `$filter`.|",
            EXAMPLE,
            &search,
        );
        check(
            "|ConsistencyLevel|eventual. Required if the request includes the `$search` query parameter.|",
            EXAMPLE,
            &search,
        );
        check(
            "|ConsistencyLevel|eventual. This header is required when using `$search`, or when using `$filter` with the `$orderby` query \
             parameter. It uses an index.|",
            EXAMPLE,
            &search,
        );
        check(
            "|ConsistencyLevel|string|eventual. This header and `$count` are required when using the `$search`, `$filter`, `$orderby`, or OData \
             cast query parameters.|",
            EXAMPLE,
            &["ConsistencyLevel: eventual with $search, $filter, $orderby"],
        );
    }

    #[test]
    fn what_is_about_less_than_the_option_is_not() {
        let none = |said: &str| check(&format!("|ConsistencyLevel|eventual. {said}|"), EXAMPLE, &[]);
        none("Required when the request includes the `$expand=manager($levels=max)` parameter.");
        none("This header is not required when using `$top`.");
        none("This header isn't required if you use `$top`.");
        none("`$count` is required when using `$search`.");
        none("Required when using `$filter` on large sets.");
        none("Required when using `$filter` and `$orderby`.");
        none("Required. Without it, `$search` finds nothing.");
        none("Required when using `$lamp`.");
        none("Obligatorio al usar `$search`.");
    }

    #[test]
    fn a_value_is_one_that_an_example_sends_too() {
        let row = "|Lamp-Mode|Fast is required. This header is required when using `$top`.|";
        check(row, "Lamp-Mode: fast", &["Lamp-Mode: Fast with $top"]);
        check(row, "Lamp-Mode: slow", &["Lamp-Mode: ? with $top"]);
        check(row, EXAMPLE, &["Lamp-Mode: ? with $top"]);
    }
}
