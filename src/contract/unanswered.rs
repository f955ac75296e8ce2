//! Requests that should have a response on their page, and have none.
//!
//! Not every request without a response is an example that lacks one: pages show what a service calls back, query options by themselves, and
//! URL templates outside of the section for them.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::hosts::Hosts;
use crate::page::{Block, BlockKind, Element, Page};
use crate::url::{Segment, Target, split_path};

/// *Example* in the languages in which Microsoft Learn publishes, in lower case, each as a part of a word.
const EXAMPLE: [&str; 22] = [
    "example",
    "beispiel",
    "exemple",
    "ejemplo",
    "exemplo",
    "esempi",
    "voorbeeld",
    "exempel",
    "eksempel",
    "esimerk",
    "przykład",
    "příklad",
    "példa",
    "exempl",
    "пример",
    "приклад",
    "örne",
    "παράδειγμα",
    "דוגמ",
    "مثال",
    "例",
    "예",
];

/// The requests of a page that a reader expects a response to.
pub(super) fn unanswered<'p, 'a>(page: &'p Page<'a>) -> impl Iterator<Item = &'p Block<'a>> {
    let Page { blocks, pairing, .. } = page;
    // Most pages have no request that would be asked about.
    let answered = LazyCell::new(|| {
        let responses = blocks.iter().filter(|block| block.kind == BlockKind::Response);
        responses.filter_map(|block| section(page, block)).collect::<BTreeSet<usize>>()
    });
    let hosts = LazyCell::new(|| Hosts::of(page));
    let has_pairs = !pairing.pairs.is_empty();
    let is_expected = move |block: &&Block<'_>| {
        let Some(line) = block.message.start.request() else { return false };
        let metadata = block.metadata.as_ref();
        if metadata.is_some_and(|metadata| metadata.is_ignored()) {
            return false;
        }
        // A service of the reader's own answers as the reader likes.
        if hosts.is_foreign(line) {
            return false;
        }
        let is_marked = metadata.and_then(|metadata| metadata.block_type.as_deref()) == Some("request");
        if is_marked || is_in_example(page, block) {
            return true;
        }
        let has_parameter = |text: &str| Segment::read(text).has_parameters();
        if !line.is_absolute() && split_path(Target::read(&line.target).path).into_iter().any(has_parameter) {
            return false;
        }
        !has_pairs || section(page, block).is_some_and(|section| answered.contains(&section))
    };
    let alternatives = LazyCell::new(|| alternatives(page));
    let is_open = move |index: &&usize| !alternatives.contains(*index);
    pairing.unanswered.iter().filter(is_open).map(|index| &blocks[*index]).filter(is_expected)
}

/// The responses of a page that no example's request has: those of URL templates, and those without a request.
pub(super) fn unclaimed_responses(page: &Page<'_>) -> BTreeSet<usize> {
    let Page { blocks, pairing, .. } = page;
    let of_templates = pairing.pairs.iter().filter(|pair| blocks[pair.request].in_http_section);
    of_templates.map(|pair| pair.response).chain(pairing.orphans.iter().copied()).collect()
}

/// Whether one of those responses stands right before a request: then the two may be swapped.
pub(super) fn follows_a_response(page: &Page<'_>, request: &Block<'_>, unclaimed: &BTreeSet<usize>) -> bool {
    let before = page.blocks.partition_point(|own| own.element < request.element).checked_sub(1);
    before.is_some_and(|before| unclaimed.contains(&before))
}

/// Requests that stand under one heading with the next one, of the same method, which has a response: they are ways to ask for the same.
fn alternatives(page: &Page<'_>) -> BTreeSet<usize> {
    let Page { blocks, pairing, .. } = page;
    let mut answered: BTreeSet<usize> = pairing.pairs.iter().chain(&pairing.shared).map(|pair| pair.request).collect();
    let mut found = BTreeSet::new();
    let unanswered: BTreeSet<usize> = pairing.unanswered.iter().copied().collect();
    for index in unanswered.into_iter().rev() {
        let (block, next) = (&blocks[index], blocks.get(index + 1));
        let is_same = |next: &Block<'_>| {
            let methods = (
                block.message.start.request().map(|line| &line.method),
                next.message.start.request().map(|line| &line.method),
            );
            block.headings == next.headings && methods.0 == methods.1
        };
        if answered.contains(&(index + 1)) && next.is_some_and(is_same) {
            answered.insert(index);
            found.insert(index);
        }
    }
    found
}

/// The outermost section below the page's title in which a block stands, as the index of its heading.
fn section(page: &Page<'_>, block: &Block<'_>) -> Option<usize> {
    let is_title = |index: &usize| matches!(&page.elements[*index], Element::Heading(heading) if heading.level == 1);
    block.headings.iter().copied().find(|index| !is_title(index))
}

/// Whether a heading around the block says that it is an example.
fn is_in_example(page: &Page<'_>, block: &Block<'_>) -> bool {
    block.headings.iter().any(|index| match &page.elements[*index] {
        Element::Heading(heading) if heading.level > 1 => {
            let names = |text: &str| {
                let text = text.to_lowercase();
                EXAMPLE.iter().any(|word| text.contains(word))
            };
            names(&heading.text) || heading.anchor.as_deref().is_some_and(names)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &str = "```\nGET https://graph.microsoft.com/v1.0/a\n```\n```\nHTTP/1.1 200 OK\n```\n";

    /// The lines of the requests without an expected response.
    #[track_caller]
    fn check(text: &str, expected: usize) {
        let page = Page::parse("p.md", text);
        assert_eq!(page.pairing.unanswered.len(), 1, "{text}");
        assert_eq!(unanswered(&page).count(), expected, "{text}");
    }

    #[test]
    fn an_example_without_a_response_lacks_one() {
        let request = "```\nGET https://graph.microsoft.com/v1.0/b\n```\n";
        check(&format!("# T\n## Example\n{request}"), 1);
        check(&format!("# T\n## Example 1\n{PAIR}## Example 2\n{request}"), 1);
        check(&format!("# T\n## 示例 1\n{PAIR}## 示例 2\n{request}"), 1);
        check(&format!("# T\n## Walk\n{PAIR}### Then\n{request}"), 1);
        check(&format!("# T\n{request}"), 1);
    }

    #[test]
    fn a_request_that_is_no_example_needs_no_response() {
        let with = |rest: &str| format!("# T\n## Example\n{PAIR}{rest}");
        check(&with("### Notification\n```\nPOST https://bot.contoso.com/calls\n```\n```json\n{}\n```\n"), 0);
        check(
            &with("<!-- {\"blockType\": \"ignored\"} -->\n```\nGET https://graph.microsoft.com/v1.0/a?$top=1\n```\n"),
            0,
        );
        check(&with("## Optional query parameters\n```\nGET https://graph.microsoft.com/v1.0/a?$top=1\n```\n"), 0);
        let two = "```\nGET https://graph.microsoft.com/v1.0/b\n```\n";
        check(&format!("# T\n## Example\n### Request\nBy name:\n{two}By key:\n{PAIR}"), 0);
        check(&format!("# T\n## Example\n### Request\n{two}### Response\n### Request\n{PAIR}"), 1);
        check(&format!("# T\n## Example\n### Request\n{}{PAIR}", two.replace("GET", "DELETE")), 1);
        check("# T\n## By name\n```\nGET /a/{name}\n```\n", 0);
        check("# T\n## Example\n```\nGET /a/{name}\n```\n", 1);
    }

    #[test]
    fn a_response_before_its_request_is_seen() {
        let check = |text: &str, expected: bool| {
            let page = Page::parse("p.md", text);
            let found =
                unanswered(&page).any(|request| follows_a_response(&page, request, &unclaimed_responses(&page)));
            assert_eq!(found, expected, "{text}");
        };
        let (request, response) = PAIR.split_at(PAIR.find("```\nHTTP").unwrap_or_default());
        let template = "## HTTP request\n\n```\nGET /a\n```\n\n";
        check(&format!("{template}## Example\n\n{response}\n{request}"), true);
        check(&format!("## Example\n\n{response}\n{request}"), true);
        check(&format!("## Example\n\n{request}\n{response}\n{request}"), false);
        check(&format!("{template}## Example\n\n{request}"), false);
    }
}
