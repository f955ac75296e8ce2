//! The pages of the documentation, as texts: the command line brings them.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

/// The pages by their names.
pub const PAGES: [(&str, &str); 18] = [
    ("alternatives", include_str!("alternatives.md")),
    ("architecture", include_str!("architecture.md")),
    ("benchmarks", include_str!("benchmarks.md")),
    ("check-metadata", include_str!("check-metadata.md")),
    ("ci", include_str!("ci.md")),
    ("configuration", include_str!("configuration.md")),
    ("contract-format", include_str!("contract-format.md")),
    ("diagnostics", include_str!("diagnostics.md")),
    ("diff", include_str!("diff.md")),
    ("export", include_str!("export.md")),
    ("lint", include_str!("lint.md")),
    ("reliability", include_str!("reliability.md")),
    ("replay", include_str!("replay.md")),
    ("reports", include_str!("reports.md")),
    ("rust", include_str!("rust.md")),
    ("serve", include_str!("serve.md")),
    ("verify-client", include_str!("verify-client.md")),
    ("verify-live", include_str!("verify-live.md")),
];

/// The page of a name.
pub fn page(name: &str) -> Option<&'static str> {
    PAGES.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
}

/// The title of a page.
pub fn title(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default()
}

/// The section of a page below a heading of the second level, with it.
pub fn section<'t>(text: &'t str, heading: &str) -> Option<&'t str> {
    let headings = Parser::new(text).into_offset_iter().filter_map(|(event, at)| match event {
        Event::Start(Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. }) => Some(at),
        _ => None,
    });
    let own = format!("## {heading}");
    let mut rest = headings.skip_while(|at| text.get(at.clone()).is_none_or(|text| text.trim() != own));
    let start = rest.next()?.start;
    let end = rest.next().map_or(text.len(), |next| next.start);
    text.get(start..end).map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_of_the_book_is_there() {
        let summary = include_str!("SUMMARY.md");
        let links = summary.lines().filter_map(|line| line.split_once("](")?.1.strip_suffix(".md)"));
        let mut named: Vec<&str> = links.filter(|name| *name != "index").collect();
        named.sort_unstable();
        assert_eq!(PAGES.map(|(name, _)| name).to_vec(), named);
        for (name, text) in PAGES {
            assert!(!title(text).is_empty() && page(name) == Some(text), "{name}");
        }
    }

    #[test]
    fn a_section_ends_at_the_next_one_and_not_in_an_example() {
        let text = "# A\n\n## b\n\nB.\n\n```\n## c\n```\n\n### d\n\nD.\n\n## e\n\nE.\n";
        assert_eq!(section(text, "b"), Some("## b\n\nB.\n\n```\n## c\n```\n\n### d\n\nD."));
        assert_eq!(section(text, "e"), Some("## e\n\nE."));
        assert_eq!(section(text, "c"), None);
    }
}
