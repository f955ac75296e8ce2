//! What the authors of a page accept in it: the marks of API Doctor in metadata comments.

use super::accepted::Accepted;
use super::{Block, Element, Metadata, Page};
use crate::diagnostic::{Code, Diagnostic};

/// What is wrong only with an example. A block that is ignored is not an example. A pair that is there all the same is read like any other.
const OF_EXAMPLES: [Code; 6] = [
    Code::UnansweredRequest,
    Code::OrphanResponse,
    Code::SeveralRequestLines,
    Code::StartLineNotValid,
    Code::NoStatusLine,
    Code::StatusNotStated,
];

/// What is wrong with a URL that follows from the page. An opaque one is whatever the service returned.
const OF_URLS: [Code; 5] = [
    Code::UrlMatchesNoTemplate,
    Code::VersionNotThePages,
    Code::GraphVersionNotValid,
    Code::BlankInUrl,
    Code::UrlNotWellFormed,
];

impl Page<'_> {
    /// Whether the metadata of a block, or of the page, says that a finding is to be ignored.
    pub(crate) fn accepts(&self, found: &Diagnostic) -> bool {
        let text = || self.text_at(found.line, found.column);
        let names = |metadata: &Metadata| Accepted::any(&metadata.suppressions, found, text());
        // Blocks with URL templates are mostly marked as ignored: nobody takes them for examples.
        let is_of_template = |block: &Block<'_>| block.in_http_section && found.code == Code::StartLineNotValid;
        let says = |block: &Block<'_>| {
            block.metadata.as_ref().is_some_and(|metadata| {
                (metadata.is_ignored() && OF_EXAMPLES.contains(&found.code) && !is_of_template(block))
                    || (metadata.opaque_url && OF_URLS.contains(&found.code))
                    || (metadata.is_empty && found.code == Code::NoBody)
                    || (metadata.expect_error && found.code == Code::StatusContradictsProse)
                    || names(metadata)
            })
        };
        Accepted::any(&self.accepted, found, text()) || self.block_at(found.line).is_some_and(says)
    }

    /// What stands in a line from a column on; nothing where the line is too long to be counted for each finding in it.
    fn text_at(&self, line: u32, column: u32) -> &str {
        const LONGEST: usize = 4096;
        let text = self.line_text(line);
        if text.len() > LONGEST {
            return "";
        }
        let at = text.char_indices().map(|(at, _)| at).nth(column.saturating_sub(1) as usize);
        at.map_or("", |at| &text[at..])
    }

    /// The HTTP block in which a line is.
    fn block_at(&self, line: u32) -> Option<&Block<'_>> {
        let start = |block: &Block<'_>| match &self.elements[block.element] {
            Element::Fence(fence) => fence.line,
            _ => block.message.start.line(),
        };
        let behind = self.blocks.partition_point(|block| start(block) <= line);
        self.blocks[..behind].last().filter(|block| line <= block.end)
    }
}

/// No metadata comment is so many lines above its block.
const FARTHEST: u32 = 20;

/// A text is looked for in a line by so many bytes first.
const BEGINNING: usize = 64;

impl Page<'_> {
    /// The column of a text in a line; 1 where the line has it in other words.
    pub(crate) fn column_of(&self, line: u32, text: &str) -> u32 {
        let own = self.line_text(line);
        // To look for a long text takes longer than to look for how it begins.
        let beginning = &text[..text.floor_char_boundary(BEGINNING.min(text.len()))];
        let begins = own.find(beginning).filter(|at| own[*at..].starts_with(text));
        let before =
            begins.or_else(|| own.find(text)).and_then(|at| own.get(..at)).map_or(0, |before| before.chars().count());
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    /// The line and the column of a text in the metadata comment above a block, whose first line is given.
    pub fn place_in_comment(&self, block: u32, text: &str) -> Option<(u32, u32)> {
        (block.saturating_sub(FARTHEST).max(1)..block).rev().find_map(|line| {
            let raw = self.line_text(line);
            let at = raw.find(text)?;
            Some((line, raw[..at].chars().count() as u32 + 1))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::TypeIndex;
    use crate::diagnostic::Code;
    use crate::lint::lint_page;
    use crate::lint::testing::places;
    use crate::page::Page;

    const TEMPLATE: &str =
        "## HTTP request\n```http\nGET /a\nGET /c\n```\n## Permissions\n\n|T|P|\n|---|---|\n|Application|A.Read|\n\n";

    /// The codes of what the linter finds in a page with an example that has this metadata.
    #[track_caller]
    fn check(metadata: &str, example: &str, expected: &[&str]) {
        let text = format!("# Get lamp\n{TEMPLATE}## Example\n<!-- {{ {metadata} }} -->\n{example}");
        let page = Page::parse("v1.0/lamp-get.md", &text);
        let found = lint_page(&page, &TypeIndex::default(), None).diagnostics;
        let codes: Vec<&str> =
            found.iter().map(|found| found.code.name()).filter(|code| *code != "permissions-not-stated").collect();
        assert_eq!(codes, expected, "{metadata}");
    }

    const OTHER: &str =
        "```http\nGET https://graph.microsoft.com/beta/b\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    const ALONE: &str = "```http\nGET https://graph.microsoft.com/v1.0/a\n```\n";
    const EMPTY: &str = "```http\nHTTP/1.1 200 OK\n```\n";

    #[test]
    fn an_ignored_block_is_no_example() {
        check("\"blockType\": \"request\"", OTHER, &["url-matches-no-template", "version-not-the-pages"]);
        // A pair is one, whatever it is marked as.
        check("\"blockType\": \"ignored\"", OTHER, &["url-matches-no-template", "version-not-the-pages"]);
        // An operation that the page does not document is no example of it.
        check("\"blockType\": \"ignored\"", &OTHER.replace("GET", "POST"), &["version-not-the-pages"]);
        check("\"blockType\": \"request\"", ALONE, &["unanswered-request"]);
        check("\"blockType\": \"ignored\"", ALONE, &[]);
        check("\"blockType\": \"response\"", EMPTY, &["orphan-response"]);
        check("\"blockType\": \"ignored\"", EMPTY, &[]);
    }

    #[test]
    fn a_template_with_a_misspelled_method_is_reported_in_a_block_that_is_ignored() {
        let check = |template: &str, expected: &[u32]| {
            let text = format!(
                "# Lamp\n## HTTP request\n<!-- {{ \"blockType\": \"ignored\" }} -->\n```http\n{template}\n```\n"
            );
            assert_eq!(
                places(&text, Code::StartLineNotValid),
                expected.iter().map(|line| (*line, 1)).collect::<Vec<_>>(),
                "{template}"
            );
        };
        check("PACTH /a", &[5]);
        check("GTE /a\nGET /b", &[5]);
        check("GET /a\nPACTH /b\nGET /c", &[6]);
        check("GET /a", &[]);
        check("LINK /a", &[]);
        check("/a", &[]);
    }

    #[test]
    fn an_opaque_url_may_be_anything() {
        check("\"blockType\": \"request\", \"opaqueUrl\": true", OTHER, &[]);
    }

    #[test]
    fn a_response_may_be_empty_or_an_error() {
        let accepts = |metadata: &str, code: Code| {
            let text = format!("<!-- {{ {metadata} }} -->\n{EMPTY}");
            let page = Page::parse("p.md", &text);
            page.accepts(&page.diagnostic(code, 3, 1, String::new()))
        };
        assert!(accepts("\"blockType\": \"response\", \"isEmpty\": true", Code::NoBody));
        assert!(accepts("\"blockType\": \"response\", \"expectError\": true", Code::StatusContradictsProse));
        assert!(!accepts("\"blockType\": \"response\"", Code::NoBody));
        assert!(!accepts("\"blockType\": \"response\", \"isEmpty\": true", Code::OrphanResponse));
    }

    #[test]
    fn a_code_may_be_suppressed_at_a_block_or_on_the_page() {
        check("\"blockType\": \"request\", \"suppressions\": [\"unanswered-request\"]", ALONE, &[]);
        check("\"blockType\": \"request\", \"suppressions\": [\"Warning: a link\"]", ALONE, &["unanswered-request"]);
        check(
            "\"blockType\": \"response\", \"suppressions\": [\"Error: a/b: Expected type C but actual was D. Property: e, actual value: '1'\"]",
            EMPTY,
            &["orphan-response"],
        );
        let annotation = "\n<!-- { \"type\": \"#page.annotation\", \"suppressions\": [\"unanswered-request\"] } -->\n";
        check("\"blockType\": \"request\"", &format!("{ALONE}{annotation}"), &[]);
    }
}
