//! What is wrong where the example of a pair is on none of the page's URL templates.

use super::elsewhere::{Elsewhere, Placement};
use super::routes::PageRoutes;
use crate::diagnostic::Code;
use crate::page::{Block, Page, RequestLine};
use crate::url::split_path;

/// What is wrong, at a text in a line.
pub(super) struct Misplaced {
    pub(super) code: Code,
    pub(super) at: u32,
    pub(super) text: String,
    pub(super) message: String,
}

/// What is wrong with the place of an example among the templates of its page, if nothing explains it. A block that is ignored may show an
/// operation that the page does not document.
pub(super) fn misplaced(
    page: &Page<'_>,
    routes: &PageRoutes<'_>,
    (line, block): (&RequestLine, &Block<'_>),
    elsewhere: &Elsewhere,
) -> Option<Misplaced> {
    let RequestLine { method, target, line } = line;
    let path = elsewhere.path.as_str();
    let (code, at, text, message) = match &elsewhere.placement {
        Placement::OnSlip(..) | Placement::InOtherForm(..) if block.has_opaque_url() => return None,
        Placement::OnSlip(at, template, slip) => {
            let corrected = slip.corrected(template, path);
            let message = format!(
                "`{method} {template}` should probably be `{method} {corrected}`, as in the example on line {line}"
            );
            (Code::TemplateMissing, *at, template, message)
        }
        Placement::InOtherForm(at, _) if page.has_text_behind(*at) => return None,
        Placement::InOtherForm(at, template) => {
            let message = format!(
                "the templates have `{method} {template}`, but not the form of the example on line {line}, `{method} {path}`"
            );
            (Code::TemplateMissing, *at, template, message)
        }
        Placement::Nowhere(_) if routes.may_have_others(method) => return None,
        Placement::Nowhere(_) if block.is_ignored() && !routes.has_method(method) => return None,
        Placement::Nowhere(_) if is_introduced(page, routes, path, *line) => return None,
        Placement::Nowhere(why) => {
            let message = format!("{method} {target} is on none of the page's URL templates{why}");
            (Code::UrlMatchesNoTemplate, *line, target, message)
        }
    };
    Some(Misplaced { code, at, text: text.clone(), message })
}

/// Whether the text before an example names what its path ends with, and no template has: an operation that the page describes there. Or the
/// text names the operation that the templates end with, too, for the resource before it in the path.
fn is_introduced(page: &Page<'_>, routes: &PageRoutes<'_>, path: &str, line: u32) -> bool {
    let is_name = |last: &str| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_named = |last: &str| !routes.has_segment(last) && page.is_named_before(line, last);
    let segments = split_path(path);
    let [before @ .., last] = segments.as_slice() else { return false };
    if is_name(last) && is_named(last) {
        return true;
    }
    let Some(resource) = before.last() else { return false };
    let name = last.split_once('(').map_or(*last, |(name, _)| name);
    is_name(name) && is_name(resource) && page.is_named_for_resource_before(line, name, resource)
}

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::diagnostic::Code;
    use crate::page::Page;

    #[test]
    fn what_the_text_before_an_example_introduces_is_described_there() {
        let check = |before: &str, url: &str, expected: usize| {
            let text = format!(
                "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{{id}}\n```\n\n{before}\n\n```http\nGET https://graph.microsoft.com/v1.0{url}\n```\n\n\
                 ```http\nHTTP/1.1 200 OK\n```\n"
            );
            let page = Page::parse("lamp-get.md", &text);
            let diagnostics = build(&page, &PageName::of(&page), &TypeIndex::default()).diagnostics;
            let found = diagnostics.iter().filter(|own| own.code == Code::UrlMatchesNoTemplate);
            assert_eq!(found.count(), expected, "{text}");
        };
        check(
            "## Example\n\n### Request\n\nBy requesting the **shade** relationship, the shade is returned.",
            "/lamps/1/shade",
            0,
        );
        check("## The shade\n\nIt has a `shade`.\n\n### Example", "/lamps/1/shade", 0);
        check("## The shade\n\nIt has a **shade**.\n\n## Example", "/lamps/1/shade", 1);
        check("## Example\n\nIt has a shade.", "/lamps/1/shade", 1);
        check("## Example\n\nIt has **lamps**.", "/rooms/1/lamps", 1);
        // The same operation on another resource, as a section of its own says.
        let other =
            "## Find in a room\n\nUse the **find** method on the [room](../resources/room.md) resource.\n\n### Example";
        check(other, "/rooms/1/room/find(q='a')", 0);
        check(other, "/rooms/1/room/find", 0);
        check(other, "/rooms/1/house/find(q='a')", 1);
        check(other, "/rooms/1/room/lose(q='a')", 1);
        check("## Find\n\nSee the [room](../resources/room.md).", "/rooms/1/room/find(q='a')", 1);
    }
}
