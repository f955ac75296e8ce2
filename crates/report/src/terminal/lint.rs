//! What the linter found as lines for a terminal: each with the source line and a caret.

use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{BOLD, Terminal, WARN, count, safe};
use graph_contracts::lint::Lint;
use graph_contracts::{Diagnostic, Severity};

impl<W: Write> Terminal<W> {
    /// What the linter found. `source` gives the text of a page by its path, and `suppressions` is the name of the file of
    /// suppressions.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn lint(
        &mut self,
        lint: &Lint,
        suppressions: &str,
        mut source: impl FnMut(&str) -> Option<String>,
    ) -> io::Result<()> {
        let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(self.width);
        // Diagnostics are in the order of pages, so that one text at a time is enough.
        for of_page in lint.diagnostics.chunk_by(|one, other| one.page == other.page) {
            let text = of_page.first().and_then(|first| source(&first.page)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            for diagnostic in of_page {
                let line = lines.get(diagnostic.line.saturating_sub(1) as usize).copied().unwrap_or_default();
                writeln!(self.out, "{}\n", rendered(diagnostic, line, &renderer))?;
            }
        }
        for (line, entry) in &lint.unused_suppressions {
            writeln!(self.out, "{WARN}suppresses nothing{WARN:#}: {}:{line}: {}", safe(suppressions), safe(entry))?;
        }
        if !lint.unused_suppressions.is_empty() {
            writeln!(self.out)?;
        }
        for (code, number) in lint.by_code() {
            writeln!(self.out, "{:<35}{number:>7}", code.name())?;
        }
        let suppressed = if lint.suppressed > 0 { format!(", {} suppressed", lint.suppressed) } else { String::new() };
        writeln!(
            self.out,
            "\n{BOLD}{}:{BOLD:#} {}{suppressed} in {:.2} s",
            count(lint.pages, "page", "pages"),
            count(lint.diagnostics.len(), "defect", "defects"),
            lint.elapsed.as_secs_f64()
        )
    }
}

fn rendered(diagnostic: &Diagnostic, line: &str, renderer: &Renderer) -> String {
    let level = match diagnostic.code.severity() {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let (title, path, source) = (safe(&diagnostic.message), safe(&diagnostic.page), safe(line));
    let span = span(&source, diagnostic.column);
    let snippet = Snippet::source(source.as_str())
        .path(path.as_str())
        .line_start(diagnostic.line as usize)
        .annotation(AnnotationKind::Primary.span(span));
    let group = level.primary_title(title.as_str()).id(diagnostic.code.name()).element(snippet);
    let help = diagnostic.code.help();
    renderer.render(&[group.element(Level::HELP.message(help))])
}

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
    use graph_contracts::Code;

    #[test]
    fn a_diagnostic_shows_its_line_with_a_caret() {
        let message = "a TODO was left in the page".to_owned();
        let diagnostic = Diagnostic { code: Code::TodoLeft, page: "a.md".into(), line: 7, column: 5, message };
        let shown = rendered(&diagnostic, "|x|\u{1b}**TODO: y|", &Renderer::plain().decor_style(DecorStyle::Ascii));
        for piece in
            ["warning[todo-left]: a TODO was left in the page", "a.md:7:", "7 | |x|\\u{1b}**TODO: y|", "^^^", "help"]
        {
            assert!(shown.contains(piece), "{piece:?} should be in\n{shown}");
        }
    }

    #[test]
    fn the_caret_points_at_a_word_whatever_the_column() {
        assert_eq!(span("ab cd", 4), 3..5);
        assert_eq!(span("  äb cd", 1), 2..5);
        assert_eq!(span("ab", 99), 2..2);
        assert_eq!(span("", 1), 0..0);
    }
}
