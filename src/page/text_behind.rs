//! Text that stands behind something on a page, and may say more of it.

use super::{Element, Page};

impl Page<'_> {
    /// Whether text stands behind what is on a line, before the next heading: behind a list of templates, it may say that there are others.
    pub(crate) fn has_text_behind(&self, line: u32) -> bool {
        self.behind(line).any(|element| matches!(element, Element::Prose(_)))
    }

    /// Whether such a text is no caption: no code block follows it.
    pub(crate) fn has_last_word_behind(&self, line: u32) -> bool {
        let mut texts = self.behind(line).filter_map(|element| match element {
            Element::Prose(_) => Some(true),
            Element::Fence(_) => Some(false),
            _ => None,
        });
        texts.next_back().unwrap_or_default()
    }

    /// What stands behind a line, before the next heading.
    fn behind(&self, line: u32) -> impl DoubleEndedIterator<Item = &Element<'_>> {
        let from = self.elements.partition_point(|element| element.line() <= line);
        let rest = &self.elements[from..];
        let end = rest.iter().position(|own| matches!(own, Element::Heading(_))).unwrap_or(rest.len());
        rest[..end].iter()
    }
}
