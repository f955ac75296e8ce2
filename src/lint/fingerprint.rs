//! What a defect is recognized by when its line has moved.

use std::collections::HashMap;

use crate::contract::short_digest;
use crate::diagnostic::Diagnostic;
use crate::source::LineIndex;

/// What a defect is recognized by in another state of its page, in which it may stand on another line. Messages are no part of it: a
/// newer version may word them otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// A digest of the code, the page, and the text of the line.
    pub line: String,
    /// A digest of the lines before and after it that are not blank, which tells defects on equal lines apart.
    pub context: String,
}

/// The fingerprint of each diagnostic. `text_of` gives the text of a page, once for each page; what cannot be read has lines without text.
pub fn fingerprints(diagnostics: &[Diagnostic], text_of: impl Fn(&str) -> Option<String>) -> Vec<Fingerprint> {
    page_by_page(diagnostics, text_of, |text, own| {
        let lines = Lines::new(text);
        own.iter().map(|diagnostic| fingerprint(diagnostic, &lines)).collect()
    })
}

/// What `read` makes of each diagnostic, in their order: it is given the text of a page and the diagnostics of it, and gives one result for each.
pub(super) fn page_by_page<T: Clone>(
    diagnostics: &[Diagnostic],
    text_of: impl Fn(&str) -> Option<String>,
    read: impl Fn(&str, &[&Diagnostic]) -> Vec<T>,
) -> Vec<T> {
    let mut by_page: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        by_page.entry(&diagnostic.page).or_default().push(index);
    }
    let mut found = vec![None; diagnostics.len()];
    for (page, indices) in by_page {
        let own: Vec<&Diagnostic> = indices.iter().map(|index| &diagnostics[*index]).collect();
        let results = read(&text_of(page).unwrap_or_default(), &own);
        indices.into_iter().zip(results).for_each(|(index, result)| found[index] = Some(result));
    }
    found.into_iter().flatten().collect()
}

/// The lines of a page that are not blank, without the blanks around them.
struct Lines<'t> {
    index: LineIndex<'t>,
    /// The number and text of each.
    texts: Vec<(u32, &'t str)>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        let index = LineIndex::new(text);
        let last = index.line(text.len());
        let texts = (1..=last).map(|line| (line, index.line_text(line).trim())).filter(|(_, text)| !text.is_empty());
        Lines { texts: texts.collect(), index }
    }
}

fn fingerprint(diagnostic: &Diagnostic, lines: &Lines<'_>) -> Fingerprint {
    let Diagnostic { code, page, line, .. } = diagnostic;
    let own = lines.index.line_text(*line).trim();
    let at = lines.texts.partition_point(|(number, _)| number < line);
    let is_own = lines.texts.get(at).is_some_and(|(number, _)| number == line);
    let text = |at: Option<usize>| at.and_then(|at| lines.texts.get(at)).map_or("", |(_, text)| *text);
    let (before, after) = (text(at.checked_sub(1)), text(Some(at + usize::from(is_own))));
    Fingerprint { line: digest(&[code.name(), page, own]), context: digest(&[before, after]) }
}

fn digest(parts: &[&str]) -> String {
    // Each part with its length, so that what is moved from one to the next makes a difference.
    let bytes = parts.iter().flat_map(|part| [&(part.len() as u64).to_le_bytes(), part.as_bytes()].concat());
    short_digest(&bytes.collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn of(text: &str, line: u32) -> Fingerprint {
        let diagnostic = Diagnostic::new(Code::TodoLeft, "a.md", (line, 1), line.to_string());
        fingerprints(&[diagnostic], |_| Some(text.to_owned())).remove(0)
    }

    #[test]
    fn a_fingerprint_survives_lines_that_move() {
        let before = of("# A\n\nTODO: this\n\nend\n", 3);
        assert_eq!(of("# A\n\n\n\n  TODO: this\nend\n", 5), before);
        let elsewhere = of("# A\n\nmore\n\nTODO: this\n\nend\n", 5);
        assert_eq!((elsewhere.line == before.line, elsewhere.context == before.context), (true, false));
        assert_ne!(of("# A\n\nTODO: that\n\nend\n", 3).line, before.line);
    }

    #[test]
    fn lines_that_are_not_there_have_a_fingerprint() {
        assert_eq!(of("", 7), of("\n", 1));
        of("a", u32::MAX);
        of("a", 0);
    }
}
