//! The files that a page includes, by the directive of Microsoft Learn: `[!INCLUDE [title](path)]`, the path relative to the including file.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Element, Include, Page, Prose};
use crate::source::line_before;

impl Page<'_> {
    /// The directives in the text of this page.
    pub(crate) fn all_includes(&self) -> impl Iterator<Item = &Include> {
        self.directives().iter().map(|(_, include)| include)
    }

    /// The directives in the paragraph that is this element of the page.
    pub(crate) fn includes(&self, element: usize) -> impl Iterator<Item = &Include> {
        let all = self.directives();
        let first = all.partition_point(|(own, _)| *own < element);
        all[first..].iter().take_while(move |(own, _)| *own == element).map(|(_, include)| include)
    }

    /// All directives, each with the index of its paragraph among the elements.
    pub(crate) fn directives(&self) -> &[(usize, Include)] {
        self.directives.get_or_init(|| {
            let prose = self.elements.iter().enumerate().filter_map(|(index, element)| match element {
                Element::Prose(prose) => Some((index, prose)),
                _ => None,
            });
            prose
                .flat_map(|(index, prose)| self.read_includes(prose).into_iter().map(move |own| (index, own)))
                .collect()
        })
    }

    fn read_includes(&self, prose: &Prose<'_>) -> Vec<Include> {
        let mut found = Vec::new();
        let Some(mut at) = BEGINS.find(prose.text.as_bytes()) else { return found };
        // Lines and columns are counted from the directive before, so that a line of many takes linear time.
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let (mut last, mut line) = (0, prose.line);
        let mut column = count(line_before(self.text, prose.start)).saturating_add(1);
        while let Some(open) = BEGINS.find(&prose.text.as_bytes()[at..]).map(|open| at + open) {
            at = open + 2;
            if let Some(Directive { title, target, length }) = directive(&prose.text[at..]) {
                // What a bilingual page says in the original alone is not what stands in the page.
                if matches!(prose.text, Cow::Borrowed(_)) {
                    let between = &prose.text[last..open];
                    let own = line_before(between, between.len());
                    if own.len() < between.len() {
                        (line, column) = (line + between.matches('\n').count() as u32, 1);
                    }
                    column = column.saturating_add(count(own));
                }
                last = open;
                found.push(Include { title, target, line, column });
                at += length;
            }
        }
        found
    }
}

/// What a directive begins with. Building the searcher costs more than searching a paragraph.
static BEGINS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("[!"));

/// No directive is longer than this, in bytes.
const LONGEST: usize = 2048;

/// What a directive says, and how long it is.
struct Directive {
    title: String,
    target: String,
    length: usize,
}

/// Reads `INCLUDE [title](path)` at the beginning of a text.
fn directive(text: &str) -> Option<Directive> {
    const NAME: &str = "include";
    let text = &text[..text.floor_char_boundary(LONGEST)];
    let name = text.get(..NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME))?;
    let rest = text[name.len()..].trim_start().strip_prefix('[')?;
    let start = text.len() - rest.len();
    // A title goes on over brackets; the path is what the first `](` begins.
    let line = &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
    let bracket = memchr::memchr_iter(b']', line.as_bytes()).find(|at| line[at + 1..].starts_with('('))?;
    let (called, rest) = (&line[..bracket], &line[bracket + 2..]);
    let rest = rest.trim_start();
    let (target, rest) = match rest.strip_prefix('<') {
        Some(rest) => rest.split_once('>')?,
        None => rest.split_at(end_of_path(rest)?),
    };
    // Behind the path may be a title in quotes.
    let title = rest.trim_start();
    let quoted = title.chars().next().filter(|c| matches!(c, '"' | '\''));
    let after = match quoted {
        Some(quote) => title[1..].split_once(quote)?.1,
        None => title,
    };
    let after = after.trim_start().strip_prefix(')')?;
    let target = target.trim_matches(['"', '\'']);
    let length = start + line.len() - after.len();
    (!target.is_empty()).then(|| Directive { title: called.trim().to_owned(), target: target.to_owned(), length })
}

/// Where the path at the beginning of a text ends: before ASCII whitespace, or a parenthesis that it does not open (CommonMark 0.31 section 6.3).
fn end_of_path(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|byte| match byte {
        b'(' => {
            depth += 1;
            false
        }
        b')' if depth > 0 => {
            depth -= 1;
            false
        }
        b')' => true,
        byte => byte.is_ascii_whitespace(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, u32, u32)]) {
        let page = Page::parse("p.md", text);
        let found: Vec<&Include> = page.all_includes().collect();
        let found: Vec<_> = found.iter().map(|own| (own.target.as_str(), own.line, own.column)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn directives_are_found_with_their_place() {
        check("# T\n\n[!INCLUDE [table](../includes/a-b.md)]\n", &[("../includes/a-b.md", 3, 1)]);
        check("> [!include[](x.md)] and [!INCLUDE [y [z]](y.md)]\n", &[("x.md", 1, 3), ("y.md", 1, 26)]);
        check("text\n  [!Include [a]( x.md )]\n", &[("x.md", 2, 3)]);
        check("[!INCLUDE [a](a(1).md)]\n", &[("a(1).md", 1, 1)]);
    }

    #[test]
    fn paths_may_have_brackets_quotes_and_titles() {
        for target in ["<x.md>", "x.md \"title\"", "x.md 'title'", "'x.md'", "\"x.md\""] {
            check(&format!("[!INCLUDE [a]({target})]\n"), &[("x.md", 1, 1)]);
        }
    }

    #[test]
    fn other_text_includes_nothing() {
        for text in ["[!NOTE]", "[!INCLUDE]", "[!INCLUDE [a]()]", "[!INCLUDE [a](x.md", "[include [a](x.md)]", "[!INC"]
        {
            check(&format!("{text}\n"), &[]);
        }
        check("```\n[!INCLUDE [a](x.md)]\n```\n\n<!-- [!INCLUDE [a](x.md)] -->\n", &[]);
        check("[!İNCLUDE [a](x.md)]\n", &[]);
    }
}
