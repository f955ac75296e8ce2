//! The header fields of a request: those of the example, and those that the page's table of request headers requires.

use super::Header;
use crate::page::{Cell, Page, Table};

/// The page's table of request headers.
pub(super) fn header_table<'a>(page: &'a Page<'_>) -> Option<&'a Table<'a>> {
    page.tables().find(|table| is_header_table(table))
}

/// The header fields that a page's table of request headers adds to its requests, each once.
///
/// Only fields whose value the table gives are taken: `Authorization: Bearer …` and the media types of `Accept` and `Content-Type`. What
/// it says of other fields is prose.
pub(super) fn fields(table: &Table<'_>) -> Vec<Header> {
    let mut fields: Vec<Header> = Vec::new();
    for row in &table.rows {
        let [name, rest @ ..] = row.as_slice() else { continue };
        // They are three at most.
        if let Some(field) = from_table(name, rest).filter(|field| super::header(&fields, &field.name).is_none()) {
            fields.push(field);
        }
    }
    fields
}

/// The header fields of a request with that example, and those that the page's table adds.
pub(super) fn request_headers(table: &[Header], example: &[Header], has_body: bool) -> Vec<Header> {
    let mut headers: Vec<Header> = example.to_vec();
    for field in table {
        let is_content = field.name.eq_ignore_ascii_case("Content-Type");
        if super::header(example, &field.name).is_none() && (has_body || !is_content) {
            headers.push(field.clone());
        }
    }
    headers
}

pub(super) fn is_header_table(table: &Table<'_>) -> bool {
    table.rows.iter().filter_map(|row| row.first()).any(|cell| cell.text.trim_end_matches(':') == "Authorization")
}

fn from_table(name: &Cell, rest: &[Cell]) -> Option<Header> {
    let field = name.text.trim_end_matches(':');
    let value = rest.iter().find_map(|cell| match field.to_ascii_lowercase().as_str() {
        "authorization" => cell.text.starts_with("Bearer ").then(|| "Bearer {token}".to_owned()),
        "accept" | "content-type" => media_type(&cell.text),
        _ => None,
    })?;
    Some(Header { name: field.to_owned(), value, line: name.line })
}

/// The media type with which a text begins: `application/json. Required.`
fn media_type(text: &str) -> Option<String> {
    let word = text.split([' ', ',', '\n']).next()?.trim_end_matches(['.', ';']);
    let (kind, subtype) = word.split_once('/')?;
    let is_token =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-+._*".contains(c));
    (is_token(kind) && is_token(subtype)).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &str, example: &[(&str, &str)], has_body: bool, expected: &[&str]) {
        let text = format!("|Name|Description|\n|---|---|\n{rows}");
        let field = |(name, value): &(&str, &str)| Header { name: (*name).into(), value: (*value).into(), line: 9 };
        let example: Vec<Header> = example.iter().map(field).collect();
        let page = Page::parse("p.md", &text);
        let table = header_table(&page).map(fields).unwrap_or_default();
        let headers = request_headers(&table, &example, has_body);
        let shown: Vec<String> = headers.iter().map(|h| format!("{}: {} @{}", h.name, h.value, h.line)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_table_adds_what_the_example_leaves_out() {
        let rows = "|Authorization|Bearer &lt;token&gt; Required.|\n|Accept|application/json|\n|Content-Type|application/json. Required.|\n";
        let example = [("Content-type", "application/json")];
        let authorization = "Authorization: Bearer {token} @3";
        check(
            rows,
            &example,
            true,
            &["Content-type: application/json @9", authorization, "Accept: application/json @4"],
        );
        check(rows, &[], false, &[authorization, "Accept: application/json @4"]);
    }

    #[test]
    fn prose_about_a_field_is_no_value() {
        check(
            "|Authorization|A token.|\n|If-Match|Last known ETag. Optional.|\n|Accept|The format|\n",
            &[],
            false,
            &[],
        );
    }

    #[test]
    fn other_tables_are_no_header_tables() {
        check("|Accept|application/json|\n", &[], false, &[]);
    }
}
