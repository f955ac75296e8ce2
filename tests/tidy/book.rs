//! The documentation is one book: each page is in its table of contents, and each link leads somewhere.

use std::collections::BTreeSet;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::project::{File, files, root};

/// The pages that GitHub shows outside the book.
const OUTSIDE: [&str; 4] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// The destinations of a page's links and pictures.
fn links(page: &File) -> Vec<String> {
    let events = Parser::new_ext(&page.text, Options::ENABLE_TABLES);
    let links = events.filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    links.filter(|link| !link.contains("://") && !link.starts_with("mailto:")).collect()
}

/// The anchors of a page's headings, as GitHub and mdBook make them: in lower case, without punctuation, with hyphens.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut heading: Option<String> = None;
    let mut anchors = BTreeSet::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(own) | Event::Code(own) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&own);
                }
            }
            Event::End(pulldown_cmark::TagEnd::Heading(_)) => {
                let text = heading.take().unwrap_or_default().to_lowercase();
                let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
                anchors.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
            }
            _ => {}
        }
    }
    anchors
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let pages = files(".md").into_iter().filter(|page| page.path.starts_with("docs/"));
    let pages: Vec<File> = pages.collect();
    let summary = pages.iter().find(|page| page.path == "docs/SUMMARY.md").expect("a table of contents");
    let listed: BTreeSet<String> = links(summary).into_iter().map(|link| format!("docs/{link}")).collect();
    let there: BTreeSet<String> =
        pages.iter().map(|page| page.path.clone()).filter(|own| *own != summary.path).collect();
    assert_eq!(listed, there);
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    let is_read = |page: &File| page.path.starts_with("docs/") || OUTSIDE.contains(&page.path.as_str());
    for page in files(".md").iter().filter(|page| is_read(page)) {
        let folder = root().join(Path::new(&page.path).parent().expect("a folder"));
        for link in links(page) {
            let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(path, own)| (path, Some(own)));
            let file = if path.is_empty() { root().join(&page.path) } else { folder.join(path) };
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            // In the book there is nothing but its own folder.
            let is_outside = page.path.starts_with("docs/") && path.starts_with("..");
            let is_there = file.exists() && anchor.is_none_or(|own| anchors(&text).contains(own));
            if is_outside || !is_there {
                broken.push(format!("{}: {link}", page.path));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
