//! Whether a page should state permissions and does not.

use super::names_in_prose;
use crate::page::{Element, Page, StartLine};
use crate::url::Target;

/// What there is to say of a page that states no permission.
pub(in crate::contract) enum NotStated {
    /// It need not, or says something else of them.
    Nothing,
    /// It should: a line, and what is wrong there.
    Defect(u32, String),
    /// Its prose may say something in a language that is not read.
    Unknown,
}

impl NotStated {
    /// Looks at a page without permissions, whose section of permissions begins at this line.
    pub(super) fn of(page: &Page<'_>, section: Option<u32>) -> NotStated {
        let calls_graph = page.pairing.pairs.iter().any(|pair| match &page.blocks[pair.request].message.start {
            StartLine::Request(line) => is_of_graph(&line.target),
            _ => false,
        });
        // A page without URL templates describes no operation: it explains something by examples.
        if !calls_graph || (section.is_none() && page.pairing.routes.is_empty()) || names_any(page) {
            return NotStated::Nothing;
        }
        if !page.language().is_read() {
            return NotStated::Unknown;
        }
        let Some(line) = section else {
            return NotStated::Defect(1, "the page does not state any permission".to_owned());
        };
        let text = text_below(page, line);
        // "One of the following permissions is required" announces what is missing; any other text may be what there is to say.
        if text.is_empty() || text.contains("following") {
            NotStated::Defect(line, "the section names no permission".to_owned())
        } else {
            NotStated::Nothing
        }
    }
}

/// Whether a request goes to Microsoft Graph, as those without a host do.
fn is_of_graph(target: &str) -> bool {
    Target::read(target).is_graph()
}

/// Whether any text of the page names a permission.
fn names_any(page: &Page<'_>) -> bool {
    page.elements.iter().any(|element| match element {
        Element::Prose(prose) => !names_in_prose(&prose.text).is_empty(),
        _ => false,
    })
}

/// The text below the heading at a line, up to the next one.
fn text_below(page: &Page<'_>, line: u32) -> String {
    let is_heading = |element: &&Element<'_>| matches!(element, Element::Heading(heading) if heading.line == line);
    let below = page.elements.iter().skip_while(|element| !is_heading(element)).skip(1);
    let below = below.take_while(|element| !matches!(element, Element::Heading(_)));
    below
        .filter_map(|element| match element {
            Element::Prose(prose) => Some(prose.text.to_lowercase()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::PagePermissions;
    use super::*;

    const PAIR: &str =
        "```http\nGET https://graph.microsoft.com/v1.0/lamps\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    const TEMPLATE: &str = "## HTTP request\n\n```http\nGET /lamps\n```\n\n## Example\n\n";

    /// The line and message, `unknown`, or nothing.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let page = Page::parse("lamp.md", text);
        let shown = match PagePermissions::of(&page, std::iter::empty::<&str>()).not_stated(&page) {
            NotStated::Nothing => String::new(),
            NotStated::Defect(line, message) => format!("{line}: {message}"),
            NotStated::Unknown => "unknown".to_owned(),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn an_operation_without_permissions_is_reported() {
        check(&format!("# Get lamp\n\n{TEMPLATE}{PAIR}"), "1: the page does not state any permission");
        check(&format!("# Get lamp\n\n## Permissions\n\n{TEMPLATE}{PAIR}"), "3: the section names no permission");
        let announced =
            "## Permissions\n\nOne of the following permissions is required, see [Permissions](/reference).\n\n";
        check(&format!("# Get lamp\n\n{announced}{TEMPLATE}{PAIR}"), "3: the section names no permission");
        let table = "## Permissions\n\n|Permission type|Permissions|\n|---|---|\n|Application|TODO|\n";
        check(&format!("{table}{PAIR}"), "3: the permissions table holds placeholders instead of permissions");
    }

    #[test]
    fn what_may_be_said_in_another_way_is_not_reported() {
        let with = |text: &str| format!("# Get lamp\n\n{text}\n\n{TEMPLATE}{PAIR}");
        check(&with("## Permissions\n\nNone. Anybody may call this API."), "");
        check(&with("## Permissions\n\nThose of the [house](house-get.md)."), "");
        check(&with("## Authorization\n\nThe scope `Lamp.Read` is enough."), "");
        check(&with("## Permissions\n\n[!INCLUDE [x](x-permissions.md)]"), "");
        check(&with("Obtém as propriedades e as relações de uma lâmpada que você especifica nesta página."), "unknown");
        // Neither samples in text nor requests to other services need a permission of Microsoft Graph.
        check(&format!("# Lamps\n\n{PAIR}"), "");
        check(&with("").replace("graph.microsoft.com", "hooks.contoso.com"), "");
    }
}
