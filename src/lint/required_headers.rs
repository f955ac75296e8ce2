//! The rule for header fields that the page's table calls required, always or together with a query option: the example sends them.
//!
//! `Authorization` is left out everywhere, and media types have rules of their own: neither is meant here.

use super::Linter;
use super::header_names::has_misspelled;
use super::templates::is_of_service;
use crate::compare::excerpt;
use crate::contract::{Asked, Contract, Request};
use crate::diagnostic::Code;
use crate::page::Block;
use crate::query::option_name;
use crate::url::{CastPath, Target};

/// No service requires more header fields.
const MOST: usize = 16;

/// Compares a request with what its page requires. `is_of_one` says whether the page has templates for one method only: one with several operations has
/// one table for them, which need not be about each.
pub(super) fn check(linter: &mut Linter<'_>, contract: &Contract, block: &Block<'_>, is_of_one: impl FnOnce() -> bool) {
    let Request { required_headers, conditional_headers, url, .. } = &contract.request;
    let is_empty = required_headers.is_empty() && conditional_headers.is_empty();
    if is_empty || contract.response.status >= 400 || block.is_ignored() || !is_of_one() {
        return;
    }
    let target = Target::read(url);
    if !is_of_service(linter.page, contract) {
        return;
    }
    for name in required_headers.iter().take(MOST) {
        if block.message.header(name).is_none() && !has_misspelled(block, name) {
            let message = format!(
                "the table of request headers says that `{}` is required, which the example does not have",
                excerpt(name)
            );
            linter.report(Code::RequiredHeaderMissing, block.message.start.line(), message);
        }
    }
    let options: Vec<(String, String)> =
        target.query_parameters().into_iter().map(|(name, value)| (option_name(&name).into_owned(), value)).collect();
    let value = |option: &str| options.iter().find(|(own, _)| own == option).map(|(_, value)| value.as_str());
    let asked = Asked { option: &value, casts: CastPath::read(target.path).is_some() };
    for header in conditional_headers {
        let name = &header.name;
        let sent = block.message.header(name);
        let Some(condition) = header.unmet(sent, &asked).filter(|_| !has_misspelled(block, name)) else { continue };
        let field = match &header.value {
            Some(value) => format!("{name}: {value}"),
            None => name.clone(),
        };
        let actual = match sent {
            Some(sent) => format!("the example has `{}`", excerpt(sent)),
            None => "which the example does not have".to_owned(),
        };
        let message = format!(
            "the table of request headers says that `{}` is required with {condition}, {actual}",
            excerpt(&field)
        );
        linter.report(Code::RequiredHeaderMissing, block.message.start.line(), message);
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

    #[test]
    fn a_page_may_be_about_another_service_than_microsoft_graph() {
        let check = |template: &str, url: &str, expected: usize| {
            let text = format!(
                "# Delete lamp\n\n## HTTP request\n\n```http\nDELETE {template}\n```\n\n## Request headers\n\n|Name|Description|\n|---|---|\n\
                 |If-Match|Required. The ETag.|\n\n## Response\n\nIf successful, returns `204 No Content`.\n\n## Example\n\n\
                 ```http\nDELETE {url}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n"
            );
            for code in [Code::RequiredHeaderMissing, Code::StatusContradictsProse] {
                assert_eq!(places(&text, code).len(), expected, "{text}");
            }
        };
        let own = "https://api.contoso.com/v2.0/lamps/{id}";
        check(own, "https://api.contoso.com/v2.0/lamps/1", 1);
        check(own, "https://files.contoso.com/v2.0/lamps/1", 0);
        check(own, "https://api.contoso.com/v2.0/houses/1", 0);
        check("/lamps/{id}", "https://api.contoso.com/v2.0/lamps/1", 0);
        let prefix = "businesscentralPrefix/lamps({id})";
        check(prefix, "https://{businesscentralPrefix}/api/v2.0/lamps(1)", 1);
        check(prefix, "https://api.contoso.com/v2.0/lamps(1)", 1);
    }

    #[test]
    fn what_the_table_requires_with_an_option_is_in_an_example_with_it() {
        let check = |query: &str, headers: &str, expected: usize| {
            let text = format!(
                "# List lamps\n\n## HTTP request\n\n```http\nGET /lamps\n```\n\n## Request headers\n\n|Name|Description|\n|---|---|\n\
                 |Authorization|Bearer {{token}}. Required.|\n\
                 |ConsistencyLevel|eventual. This header and `$count` are required when using `$search`.|\n\n## Example\n\n\
                 ```http\nGET https://graph.microsoft.com/v1.0/lamps?$search=\"a:b\"\nConsistencyLevel: eventual\n```\n\n```http\nHTTP/1.1 200 OK\n```\n\n\
                 ## Example 2\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps{query}\n{headers}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n"
            );
            assert_eq!(places(&text, Code::RequiredHeaderMissing).len(), expected, "{text}");
        };
        check("?$search=\"a:b\"", "", 1);
        check("?search=\"a:b\"", "A: b", 1);
        check("?$search=\"a:b\"", "ConsistencyLevel: session", 1);
        check("?$search=\"a:b\"", "consistencyLevel: Eventual", 0);
        check("?$search=\"a:b\"", "ConsistencyLevl: eventual", 0);
        check("?$top=1", "", 0);
    }
}
