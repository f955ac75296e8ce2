//! Whether an example is shown in part.

use super::remarks::{reads_shortened, says_shortened};
use crate::page::{Element, Page, Prose};
use crate::source::line_before;

/// Whether the metadata, the text between the block before and the response, or a note right behind it says that the example leaves members
/// out. A note in a language that is not read may say it.
pub(crate) fn may_be_truncated(page: &Page<'_>, response: usize) -> bool {
    let blocks = &page.blocks;
    let before = response.checked_sub(1).map_or(0, |before| blocks[before].element);
    let response = &blocks[response];
    let between = page.elements.get(before..response.element).unwrap_or_default();
    let is_note = |prose: &Prose<'_>| {
        let line = &page.text[prose.start - line_before(page.text, prose.start).len()..];
        prose.text.trim_start().starts_with("[!") || line.trim_start().starts_with('>')
    };
    let is_read = || page.language().is_read();
    let may_say_so = |element: &Element<'_>| match element {
        Element::Prose(prose) => {
            says_shortened(&prose.text) || (is_note(prose) && !is_read() && !reads_shortened(&prose.text))
        }
        _ => false,
    };
    let behind = page.elements.get(response.body_element.unwrap_or(response.element) + 1);
    let behind = behind.filter(|element| matches!(element, Element::Prose(prose) if is_note(prose)));
    response.metadata.as_ref().is_some_and(|metadata| metadata.truncated)
        || between.iter().chain(behind).any(may_say_so)
}
