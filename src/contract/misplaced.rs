//! What is wrong where the example of a pair is on none of the page's URL templates.

use super::routes::{PageRoutes, Placement, route_path};
use crate::diagnostic::Code;
use crate::page::{Block, Page, RequestLine};

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
    placement: Placement,
) -> Option<Misplaced> {
    let RequestLine { method, target, line } = line;
    let (code, at, text, message) = match placement {
        Placement::OnTemplate => return None,
        Placement::OnSlip(..) | Placement::InOtherForm(..) if block.has_opaque_url() => return None,
        Placement::OnSlip(at, template, slip) => {
            let corrected = slip.corrected(&template, &route_path(target));
            let message = format!(
                "`{method} {template}` should probably be `{method} {corrected}`, as in the example on line {line}"
            );
            (Code::TemplateMissing, at, template, message)
        }
        Placement::InOtherForm(at, _) if page.has_text_behind(at) => return None,
        Placement::InOtherForm(at, template) => {
            let path = route_path(target);
            let message = format!(
                "the templates have `{method} {template}`, but not the form of the example on line {line}, `{method} {path}`"
            );
            (Code::TemplateMissing, at, template, message)
        }
        Placement::Nowhere(_) if routes.may_have_others(method) => return None,
        Placement::Nowhere(_) if block.is_ignored() && !routes.has_method(method) => return None,
        Placement::Nowhere(why) => {
            let message = format!("{method} {target} is on none of the page's URL templates{why}");
            (Code::UrlMatchesNoTemplate, *line, target.clone(), message)
        }
    };
    Some(Misplaced { code, at, text, message })
}
