//! Text that stands behind something on a page, and may say more of it.

use super::{Element, Page};

impl Page<'_> {
    /// Whether text stands behind what is on a line, before the next heading: behind a list of templates, it may say that there are others.
    pub(crate) fn has_text_behind(&self, line: u32) -> bool {
        let is_before = |element: &Element<'_>| element.line() <= line;
        let behind = self.elements.partition_point(is_before);
        let mut rest = self.elements[behind..].iter().take_while(|own| !matches!(own, Element::Heading(_)));
        rest.any(|element| matches!(element, Element::Prose(_)))
    }
}
