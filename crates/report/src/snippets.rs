//! Findings with the line of the page and a caret, for a terminal.

use std::cmp::Reverse;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use graph_contracts::report::{Finding, Notice, Report, group, safe};
use graph_contracts::source::SourceLine;

/// The findings of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfCode {
    /// The code.
    pub code: String,
    /// What it means.
    pub title: String,
    /// How many findings there are.
    pub number: usize,
    /// The first of them, each with ANSI styles.
    pub snippets: Vec<String>,
}

/// The findings of a report on pages by their codes, what counts most first and of that what there is most of; of each, so many snippets that
/// they are about `most` in all, in the order of the pages and `width` columns wide. `source` gives the text of a page by its path.
pub fn snippets<'r>(
    report: &'r Report<'_>,
    width: usize,
    most: usize,
    source: impl Fn(&str) -> Option<String> + 'r,
) -> impl Iterator<Item = OfCode> + 'r {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(width);
    let findings = report.cases.iter().flat_map(|case| case.findings.iter().map(move |finding| (case.id, finding)));
    let mut of_codes = group(findings, |(_, finding)| finding.code);
    of_codes.sort_by_key(|own| {
        let worst = own.iter().map(|(_, finding)| weight(finding)).max();
        (Reverse(worst), Reverse(own.len()), own[0].1.code)
    });
    let all: usize = of_codes.iter().map(Vec::len).sum();
    let each = if all <= most { most } else { (most / of_codes.len()).max(1) };
    of_codes.into_iter().map(move |own| {
        let mut page: (String, Vec<String>) = Default::default();
        let snippets = own.iter().take(each).map(|(id, finding)| {
            if page.0 != *id {
                let text = source(id).unwrap_or_default();
                page = ((*id).to_owned(), text.lines().map(str::to_owned).collect());
            }
            let whole = SourceLine::new(*id, 1);
            let source = finding.source.as_ref().unwrap_or(&whole);
            let line = page.1.get(source.line.saturating_sub(1) as usize);
            rendered(finding, source, line.map(String::as_str).unwrap_or_default(), &renderer)
        });
        let snippets = snippets.collect();
        let first = own[0].1;
        OfCode { code: first.code.to_owned(), title: first.title.to_owned(), number: own.len(), snippets }
    })
}

/// How much a finding counts.
fn weight(finding: &Finding<'_>) -> u8 {
    match finding.notice() {
        None => 2,
        Some(Notice::Note) => 0,
        Some(_) => 1,
    }
}

fn rendered(finding: &Finding<'_>, source: &SourceLine, text: &str, renderer: &Renderer) -> String {
    let level = match finding.notice() {
        None => Level::ERROR,
        Some(Notice::Note) => Level::NOTE,
        Some(_) => Level::WARNING,
    };
    let SourceLine { page, line, column } = source;
    let column = column.unwrap_or(1);
    let (title, path) = (safe(finding.message), safe(page));
    let title = level.primary_title(title.as_str()).id(finding.code);
    let help = Level::HELP.message(finding.means);
    if text.len() > LONGEST_LINE {
        let origin = Origin::path(path.as_str()).line(*line as usize).char_column(column as usize);
        return renderer.render(&[title.element(origin).element(help)]);
    }
    let text = safe(text);
    let snippet = Snippet::source(text.as_str())
        .path(path.as_str())
        .line_start(*line as usize)
        .annotation(AnnotationKind::Primary.span(span(&text, column)));
    renderer.render(&[title.element(snippet).element(help)])
}

/// A line of more bytes is not shown: a page may be a single line, with a finding at every word.
const LONGEST_LINE: usize = 4000;

/// What the caret points at: the word at the column, or the first one of the line.
fn span(line: &str, column: u32) -> std::ops::Range<usize> {
    let at = line.char_indices().nth(column.saturating_sub(1) as usize).map_or(line.len(), |(at, _)| at);
    let start = at + line[at..].len() - line[at..].trim_start().len();
    let end = line[start..].find(char::is_whitespace).map_or(line.len(), |end| start + end);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::compare::{Reference, Severity};

    fn finding() -> Finding<'static> {
        Finding {
            code: "todo-left",
            title: "A TODO was left in the page",
            subject: String::new(),
            at: String::new(),
            sides: None,
            message: "a TODO was left in the page",
            declared: None,
            rule: None,
            severity: Severity::Notice,
            notice: Notice::Warning,
            source: None,
            reference: Reference::Documentation,
            means: "replace the TODO",
            fingerprint: None,
            excerpt: None,
        }
    }

    fn plain() -> Renderer {
        Renderer::plain().decor_style(DecorStyle::Ascii)
    }

    #[test]
    fn a_finding_shows_its_line_with_a_caret() {
        let source = SourceLine { column: Some(5), ..SourceLine::new("a.md", 7) };
        let shown = rendered(&finding(), &source, "|x|\u{1b}**TODO: y|", &plain());
        for piece in
            ["warning[todo-left]: a TODO was left in the page", "a.md:7:", "7 | |x|\\u{1b}**TODO: y|", "^^^", "help"]
        {
            assert!(shown.contains(piece), "{piece:?} should be in\n{shown}");
        }
    }

    #[test]
    fn a_finding_in_a_line_that_nobody_can_read_shows_where_it_is() {
        let source = SourceLine { column: Some(500_000), ..SourceLine::new("a.md", 7) };
        let shown = rendered(&finding(), &source, &"x ".repeat(500_000), &plain());
        assert!(shown.contains("a.md:7:500000") && shown.contains("help") && shown.len() < 1000, "{shown}");
    }

    #[test]
    fn the_caret_points_at_a_word_whatever_the_column() {
        assert_eq!(span("ab cd", 4), 3..5);
        assert_eq!(span("  äb cd", 1), 2..5);
        assert_eq!(span("ab", 99), 2..2);
        assert_eq!(span("", 1), 0..0);
    }
}
