//! The rule for header fields that the page's table calls required: the example sends them.
//!
//! `Authorization` is left out everywhere, and media types have rules of their own: neither is meant here.

use super::Linter;
use super::header_names::has_misspelled;
use super::templates::methods_of;
use crate::compare::excerpt;
use crate::contract::{Contract, header_table, required_fields};
use crate::diagnostic::Code;
use crate::page::{Block, Page};
use crate::url::Target;

/// No service requires more header fields.
const MOST: usize = 16;

/// The header fields that every example of a page has to send.
pub(super) fn of_page(page: &Page<'_>) -> Vec<String> {
    let Some(mut required) = header_table(page).map(required_fields).filter(|required| !required.is_empty()) else {
        return Vec::new();
    };
    required.truncate(MOST);
    // A page with several operations has one table for them, which need not be about each.
    if methods_of(page).len() == 1 { required } else { Vec::new() }
}

/// Compares a request with what is required.
pub(super) fn check(linter: &mut Linter<'_>, required: &[String], contract: &Contract, block: &Block<'_>) {
    let is_success = contract.response.status < 400;
    if !is_success || block.is_ignored() || !Target::read(&contract.request.url).is_graph() {
        return;
    }
    for name in required {
        if block.message.header(name).is_none() && !has_misspelled(block, name) {
            let message = format!(
                "the table of request headers says that `{}` is required, which the example does not have",
                excerpt(name)
            );
            linter.report(Code::RequiredHeaderMissing, block.message.start.line(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::lint::testing::places;

    #[test]
    fn what_the_table_requires_is_in_the_example() {
        let check = |templates: &str, row: &str, headers: &str, status: &str, expected: usize| {
            let text = format!(
                "# Update lamp\n\n## HTTP request\n\n```http\n{templates}\n```\n\n## Request headers\n\n|Name|Description|\n|---|---|\n\
                 |Authorization|Bearer {{token}}. Required.|\n{row}\n\n## Example\n\n```http\nPATCH https://graph.microsoft.com/v1.0/lamps/1\n{headers}\n\n{{}}\n```\n\n\
                 ```http\nHTTP/1.1 {status}\n```\n"
            );
            assert_eq!(places(&text, Code::RequiredHeaderMissing).len(), expected, "{text}");
        };
        let (patch, json, done) = ("PATCH /lamps/{id}", "Content-Type: application/json", "204 No Content");
        let etag = "|If-Match|The last known ETag. Required.|";
        check(patch, etag, json, done, 1);
        check(patch, etag, "If-match: *", done, 0);
        check(patch, etag, "If-Mtach: *", done, 0);
        check(patch, "|If-Match|The last known ETag. Optional.|", json, done, 0);
        check(patch, "|If-Match|Required if the lamp may be changed by others.|", json, done, 0);
        check(patch, etag, json, "412 Precondition Failed", 0);
        check("PATCH /lamps/{id}\nDELETE /lamps/{id}", etag, json, done, 0);
        check(patch, "|Content-Type|application/json. Required.|", "A: b", done, 0);
    }
}
