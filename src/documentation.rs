//! The pages of the documentation, which the program brings with it: `explain` shows them, and messages name them.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

use crate::command_line::command_line;
use crate::diagnostic::Code;

/// The page with a section for each code.
pub const CODES: &str = "diagnostics";

/// The pages by their names.
pub const PAGES: [(&str, &str); 18] = [
    ("alternatives", include_str!("../docs/alternatives.md")),
    ("architecture", include_str!("../docs/architecture.md")),
    ("benchmarks", include_str!("../docs/benchmarks.md")),
    ("check-metadata", include_str!("../docs/check-metadata.md")),
    ("ci", include_str!("../docs/ci.md")),
    ("configuration", include_str!("../docs/configuration.md")),
    ("contract-format", include_str!("../docs/contract-format.md")),
    (CODES, include_str!("../docs/diagnostics.md")),
    ("diff", include_str!("../docs/diff.md")),
    ("export", include_str!("../docs/export.md")),
    ("lint", include_str!("../docs/lint.md")),
    ("reliability", include_str!("../docs/reliability.md")),
    ("replay", include_str!("../docs/replay.md")),
    ("reports", include_str!("../docs/reports.md")),
    ("rust", include_str!("../docs/rust.md")),
    ("serve", include_str!("../docs/serve.md")),
    ("verify-client", include_str!("../docs/verify-client.md")),
    ("verify-live", include_str!("../docs/verify-live.md")),
];

/// The text about a topic, as Markdown: the section of a code, or the page of that name.
pub fn explained(topic: &str) -> Option<&'static str> {
    let page = |name: &str| PAGES.iter().find(|(own, _)| *own == name).map(|(_, text)| *text);
    match Code::named(topic) {
        Some(code) => section(page(CODES)?, code.name()),
        None => page(topic),
    }
}

/// The title of a page.
pub fn title(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default()
}

/// The command that shows the text about a topic, for messages.
pub fn explain(topic: &str) -> String {
    format!("`{} explain {topic}`", command_line())
}

/// The section below a heading of the second level, with it.
fn section<'t>(text: &'t str, heading: &str) -> Option<&'t str> {
    let headings = Parser::new(text).into_offset_iter().filter_map(|(event, at)| match event {
        Event::Start(Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. }) => Some(at),
        _ => None,
    });
    let mut rest =
        headings.skip_while(|at| text.get(at.clone()).is_none_or(|own| own.trim() != format!("## {heading}")));
    let start = rest.next()?.start;
    let end = rest.next().map_or(text.len(), |next| next.start);
    text.get(start..end).map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_its_own_section() {
        for code in Code::ALL {
            let text = explained(code.name()).unwrap_or_default();
            assert!(text.starts_with(&format!("## {}\n", code.name())), "{code}: {text}");
            let others = Code::ALL.iter().filter(|other| text.contains(&format!("\n## {}\n", other.name())));
            assert_eq!(others.count(), 0, "{code}: {text}");
        }
    }

    #[test]
    fn each_page_of_the_book_is_a_topic() {
        let summary = include_str!("../docs/SUMMARY.md");
        let links = summary.lines().filter_map(|line| line.split_once("](")?.1.strip_suffix(".md)"));
        let mut named: Vec<&str> = links.filter(|name| *name != "index").collect();
        named.sort_unstable();
        assert_eq!(PAGES.map(|(name, _)| name).to_vec(), named);
        for (name, text) in PAGES {
            assert!(!title(text).is_empty() && explained(name) == Some(text), "{name}");
        }
        assert_eq!(explained("nothing"), None);
    }
}
