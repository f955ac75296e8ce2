//! Text before something of a page.

use super::{Element, Page, Prose};
use crate::url::without_query;

/// So much before it is looked at: what introduces an example is near.
const MOST: usize = 32;

impl Page<'_> {
    /// Whether the text before what is on a line, in its section of the first or second level, names a word in bold or as code.
    pub(crate) fn is_named_before(&self, line: u32, word: &str) -> bool {
        self.paragraphs_before(line).any(naming(word))
    }

    /// Whether a paragraph there names the word and links to the page of that resource: "use the **search** method on the
    /// [drive](../resources/drive.md) resource".
    pub(crate) fn is_named_for_resource_before(&self, line: u32, word: &str, resource: &str) -> bool {
        let is_of_resource = |link: &str| {
            let path = without_query(link);
            let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
            let stem = file.strip_suffix(".md").unwrap_or(file);
            folder.rsplit('/').next() == Some("resources") && stem.eq_ignore_ascii_case(resource)
        };
        let links = |prose: &&Prose<'_>| prose.links.iter().any(|link| is_of_resource(link));
        self.paragraphs_before(line).filter(links).any(naming(word))
    }

    fn paragraphs_before(&self, line: u32) -> impl Iterator<Item = &Prose<'_>> {
        let end = self.elements.partition_point(|element| element.line() < line);
        let before = self.elements[..end].iter().rev().take(MOST);
        let own = before.take_while(|element| !matches!(element, Element::Heading(heading) if heading.level <= 2));
        own.filter_map(|element| match element {
            Element::Prose(prose) => Some(prose),
            _ => None,
        })
    }
}

/// Whether a paragraph names a word in bold or as code.
fn naming(word: &str) -> impl Fn(&Prose<'_>) -> bool {
    let bold = [format!("**{word}**"), format!("__{word}__")];
    move |prose| prose.codes.iter().any(|code| code == word) || bold.iter().any(|bold| prose.text.contains(bold))
}
