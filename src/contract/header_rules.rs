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
            required: required_fields(page, table),
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

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    #[test]
    fn what_a_page_says_of_its_operation_is_not_said_of_others_that_it_shows() {
        let example = "```http\nPOST https://graph.microsoft.com/v1.0/lamps/2/createSession\n```\n\n```http\nHTTP/1.1 204 No Content\n```";
        let check = |template: &str, example: &str, request: &str, is_own: bool| {
            let text = format!(
                "# Create session\n\n## HTTP request\n\n{template}\n\n## Request headers\n\n|Name|Description|\n|---|---|\n|If-Match|Required.|\n\n\
                 ## Request body\n\n|Property|Type|\n|---|---|\n|size|Int32|\n\n\
                 ## Example\n\n{example}\n\n## Errors\n\n```http\n{request}\nContent-Type: application/json\n\n{{\"size\": 1}}\n```\n\n```http\nHTTP/1.1 200 OK\n\n{{}}\n```\n"
            );
            let page = Page::parse("api/lamp-createsession.md", &text);
            let contract =
                build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.pop().expect("a contract").1;
            let requires: &[&str] = if is_own { &["If-Match"] } else { &[] };
            assert_eq!(contract.request.required_headers, requires, "{text}");
            assert_eq!(contract.request.body_type.as_deref(), is_own.then_some("request"), "{text}");
        };
        let template = "```http\nPOST /lamps/{id}/createSession\n```";
        check(template, example, "PUT https://graph.microsoft.com/v1.0/lamps/1", false);
        check(template, example, "POST https://graph.microsoft.com/v1.0/lamps/1/createSession", true);
        // An error of the page in either of the two.
        check(template, example, "POST https://graph.microsoft.com/v1.0/lamps/1", true);
        check(template, example, "PUT https://graph.microsoft.com/v1.0/lamps/1/createSession", true);
        check(template, "", "PUT https://graph.microsoft.com/v1.0/lamps/1", true);
        check("", "", "PUT https://graph.microsoft.com/v1.0/lamps/1", true);
    }
}
