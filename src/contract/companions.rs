//! Requests that an example shows beside those of its own page, and that another page documents: what is read before, or changed along with it.

use foldhash::HashSet;

use super::page_route::comparable;
use super::routes::{request_lines, route_path};
use crate::page::{Page, RequestLine};
use crate::url::{Segment, Template};

/// A request on none of the templates of its page that may be one of another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Companion {
    /// Where it is reported.
    pub(crate) place: (u32, u32),
    method: String,
    path: String,
}

impl Companion {
    pub(super) fn of(line: &RequestLine, place: (u32, u32)) -> Companion {
        Companion { place, method: line.method.clone(), path: route_path(&line.target) }
    }
}

/// The templates of a page, each a method and a path; and its companions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageRequests {
    version: Option<String>,
    templates: Vec<(String, String)>,
    companions: Vec<Companion>,
}

impl PageRequests {
    pub(crate) fn of(page: &Page<'_>, companions: Vec<Companion>) -> PageRequests {
        let lines = page.pairing.routes.iter().flat_map(|index| request_lines(&page.blocks[*index]));
        let templates =
            lines.take(MOST_TEMPLATES).map(|line| (line.method.clone(), route_path(&line.target))).collect();
        PageRequests { version: page.version.clone(), templates, companions }
    }
}

/// So many templates of a page count, as for its own examples.
const MOST_TEMPLATES: usize = 1000;

/// So many companions are looked for on other pages; each is compared with the templates of all.
const MOST_COMPANIONS: usize = 256;

/// The companions that another page of their version documents: their page and place.
pub(crate) fn documented(pages: &[(String, PageRequests)]) -> HashSet<(&str, (u32, u32))> {
    let companions =
        pages.iter().flat_map(|(page, own)| own.companions.iter().map(move |companion| (page, own, companion)));
    let is_documented = |(page, own, companion): &(&String, &PageRequests, &Companion)| {
        let segments = comparable(&companion.path);
        let last = segments.iter().rev().find(|segment| Segment::read(segment).is_identifier());
        // Most templates are of something else.
        let may_be = |path: &str| last.is_none_or(|last| path.to_lowercase().contains(last.as_str()));
        let is_on = |(method, path): &(String, String)| {
            *method == companion.method
                && may_be(path)
                && Template::of_segments(&comparable(path)).matches_segments(&segments)
        };
        let others = pages.iter().filter(|(other, requests)| other != *page && requests.version == own.version);
        others.flat_map(|(_, requests)| &requests.templates).any(is_on)
    };
    let found = companions.take(MOST_COMPANIONS).filter(is_documented);
    found.map(|(page, _, companion)| (page.as_str(), companion.place)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{PageName, TypeIndex, build};
    use super::*;

    /// The requests of a page.
    fn requests(path: &str, templates: &str, examples: &[&str]) -> (String, PageRequests) {
        let pair = |line: &&str| {
            let line = line.replace(' ', " https://graph.microsoft.com/v1.0");
            format!("```\n{line}\n```\n```\nHTTP/1.1 200 OK\n```\n")
        };
        let examples: String = examples.iter().map(pair).collect();
        let text = format!("## HTTP request\n```\n{templates}\n```\n## Examples\n{examples}");
        let page = Page::parse(path, &text);
        let built = build(&page, &PageName::of(&page), &TypeIndex::default());
        (path.to_owned(), PageRequests::of(&page, built.companions))
    }

    #[test]
    fn another_page_may_document_what_an_example_shows_beside_its_own_request() {
        let check = |templates: &str, examples: &[&str], other: (&str, &str), expected: &[u32]| {
            let pages = [requests("v1.0/lamp-update.md", templates, examples), requests(other.0, other.1, &[])];
            let mut found: Vec<u32> = documented(&pages).into_iter().map(|(_, (line, _))| line).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{templates} {examples:?} {other:?}");
        };
        let font = ("v1.0/font-update.md", "PATCH /lamps/{id}/font");
        check("PATCH /lamps/{id}", &["PATCH /lamps/1", "PATCH /lamps/1/font"], font, &[13]);
        check("PATCH /lamps/{id}", &["PATCH /lamps/1", "PATCH /lamps('1')/Font"], font, &[13]);
        // What comes before or after is read.
        check("PATCH /lamps/{id}", &["PATCH /lamps/1", "GET /lamps/1"], ("v1.0/lamp-get.md", "GET /lamps/{id}"), &[13]);
        // Another version, another method, another URL.
        check("PATCH /lamps/{id}", &["PATCH /lamps/1", "PATCH /lamps/1/font"], ("beta/font-update.md", font.1), &[]);
        check(
            "PATCH /lamps/{id}",
            &["PATCH /lamps/1", "PATCH /lamps/1/font"],
            ("v1.0/font-get.md", "GET /lamps/{id}/font"),
            &[],
        );
        check("PATCH /lamps/{id}", &["PATCH /lamps/1", "PATCH /lamps/1/fond"], font, &[]);
        // The only example is of the wrong operation.
        check("PATCH /lamps/{id}", &["PATCH /lamps/1/font"], font, &[]);
        check("DELETE /lamps/{id}", &["GET /lamps/1"], ("v1.0/lamp-get.md", "GET /lamps/{id}"), &[]);
        // So is one beside the page's own that does not go on from it, or changes something in another way.
        check("POST /lamps", &["POST /lamps", "POST /rooms"], ("v1.0/room-post.md", "POST /rooms"), &[]);
        check(
            "POST /lamps/{id}/parts",
            &["POST /lamps/1/parts", "PATCH /lamps/1"],
            ("v1.0/lamp-update.md", "PATCH /lamps/{id}"),
            &[],
        );
    }
}
