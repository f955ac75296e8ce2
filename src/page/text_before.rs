//! Text before something of a page.

use super::{Element, Page};

/// So much before it is looked at: what introduces an example is near.
const MOST: usize = 32;

impl Page<'_> {
    /// Whether the text before what is on a line, in its section of the first or second level, names a word in bold or as code.
    pub(crate) fn is_named_before(&self, line: u32, word: &str) -> bool {
        let bold = [format!("**{word}**"), format!("__{word}__")];
        let end = self.elements.partition_point(|element| element.line() < line);
        let before = self.elements[..end].iter().rev().take(MOST);
        let mut own = before.take_while(|element| !matches!(element, Element::Heading(heading) if heading.level <= 2));
        own.any(|element| match element {
            Element::Prose(prose) => {
                prose.codes.iter().any(|code| code == word) || bold.iter().any(|bold| prose.text.contains(bold))
            }
            _ => false,
        })
    }
}
