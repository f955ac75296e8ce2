//! The header fields of a request: those of the example, and those that the page's table of request headers requires.

use super::conditional_header::conditional_headers;
use super::request_headers::{fields, header_table, required_fields};
use super::{ConditionalHeader, Header, header};
use crate::page::Page;

/// What the table of request headers says of a page's requests.
#[derive(Default)]
pub(super) struct HeaderRules {
    /// The fields that it adds to each.
    fields: Vec<Header>,
    /// The names of those that it calls required.
    pub(super) required: Vec<String>,
    /// Those that it calls required together with something that a request asks for.
    pub(super) conditional: Vec<ConditionalHeader>,
}

impl HeaderRules {
    /// What a page's table says; nothing without a table.
    pub(super) fn of(page: &Page<'_>) -> HeaderRules {
        let read = |table| HeaderRules {
            fields: fields(table),
            required: required_fields(table),
            conditional: conditional_headers(page, table),
        };
        header_table(page).map(read).unwrap_or_default()
    }

    /// The header fields of a request with that example.
    pub(super) fn of_request(&self, example: &[Header], has_body: bool) -> Vec<Header> {
        let mut headers: Vec<Header> = example.to_vec();
        for field in &self.fields {
            let is_content = field.name.eq_ignore_ascii_case("Content-Type");
            if header(example, &field.name).is_none() && (has_body || !is_content) {
                headers.push(field.clone());
            }
        }
        headers
    }
}
