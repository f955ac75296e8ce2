//! The URL templates of a page, and which of them a pair is replayed on.

use super::{Route, Target, Template};
use crate::page::{Block, BlockKind, Page, RequestLine, StartLine};

/// A URL template with its method.
#[derive(Clone, Debug)]
pub(super) struct PageRoute {
    pub(super) method: String,
    pub(super) route: Route,
    template: Template,
    /// Whether the example of some pair is on this template.
    claimed: bool,
}

/// The templates of a page: every request line of its HTTP-request section that is no example.
pub(super) fn page_routes(page: &Page<'_>) -> Vec<PageRoute> {
    let Page { blocks, pairing, .. } = page;
    let mut routes: Vec<PageRoute> = Vec::new();
    for block in pairing.routes.iter().map(|index| &blocks[*index]) {
        for line in request_lines(block) {
            let route = Route { path: route_path(&line.target), line: line.line };
            let known = routes.iter().any(|other| other.method == line.method && other.route.path == route.path);
            if !known {
                let template = Template::read(&route.path);
                routes.push(PageRoute { method: line.method.clone(), route, template, claimed: false });
            }
        }
    }
    for request in pairing.pairs.iter().chain(&pairing.shared).map(|pair| &blocks[pair.request]) {
        if let StartLine::Request(line) = &request.message.start {
            let path = route_path(&line.target);
            routes.iter_mut().filter(|route| route.fits(&line.method, &path)).for_each(|route| route.claimed = true);
        }
    }
    routes
}

/// The routes of a pair: the template that its example's URL is on, and those that no example of the page is on. `Err` has
/// the same, with the example's own path as the first route, when no template fits.
pub(super) fn routes_of(line: &RequestLine, routes: &[PageRoute]) -> Result<Vec<Route>, Vec<Route>> {
    let path = route_path(&line.target);
    let same_method = || routes.iter().filter(|route| route.method == line.method);
    let own = same_method().find(|route| route.template.matches(&path));
    let unclaimed = same_method().filter(|route| !route.claimed).map(|route| route.route.clone());
    match own {
        Some(own) => Ok(std::iter::once(own.route.clone()).chain(unclaimed).collect()),
        None => {
            let example = Route { path, line: line.line };
            Err(std::iter::once(example).chain(unclaimed).collect())
        }
    }
}

impl PageRoute {
    fn fits(&self, method: &str, path: &str) -> bool {
        self.method == method && self.template.matches(path)
    }
}

fn request_lines<'a>(block: &'a Block<'_>) -> impl Iterator<Item = &'a RequestLine> {
    let first = match (&block.message.start, block.kind) {
        (StartLine::Request(line), BlockKind::Request | BlockKind::TemplateList) => Some(line),
        _ => None,
    };
    first.into_iter().chain(&block.message.further)
}

/// A target as the path of a route: below the version, without query, with one `/` before it.
fn route_path(target: &str) -> String {
    format!("/{}", Target::read(target).path.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The routes of each pair of a page, as `path@line`; `!` marks an example that is on no template.
    fn shown(text: &str) -> Vec<String> {
        let page = Page::parse("p.md", text);
        let routes = page_routes(&page);
        let shown =
            |routes: Vec<Route>| routes.iter().map(|r| format!("{}@{}", r.path, r.line)).collect::<Vec<_>>().join(" ");
        let of_pair = |request: usize| match &page.blocks[request].message.start {
            StartLine::Request(line) => routes_of(line, &routes).map_or_else(|r| format!("!{}", shown(r)), shown),
            StartLine::Status(_) => String::new(),
        };
        page.pairing.pairs.iter().map(|pair| of_pair(pair.request)).collect()
    }

    fn page(templates: &str, examples: &[&str]) -> String {
        let pair = |target: &&str| format!("```\n{target}\n```\n```\nHTTP/1.1 200 OK\n```\n");
        format!(
            "## HTTP request\n```\n{templates}\n```\n## Examples\n{}",
            examples.iter().map(pair).collect::<String>()
        )
    }

    #[track_caller]
    fn check(templates: &str, examples: &[&str], expected: &[&str]) {
        assert_eq!(shown(&page(templates, examples)), expected);
    }

    #[test]
    fn a_pair_has_the_template_of_its_example_and_those_without_an_example() {
        check("GET /a/{id}/\nGET /b/{id}/c", &["GET https://h/v1.0/a/1"], &["/a/{id}/@3 /b/{id}/c@4"]);
        check(
            "GET /me\nGET /users/{id}",
            &["GET https://h/v1.0/me", "GET https://h/v1.0/users/1"],
            &["/me@3", "/users/{id}@4"],
        );
    }

    #[test]
    fn templates_of_another_method_are_not_routes() {
        check("PUT /a\nPATCH /a", &["PATCH https://h/v1.0/a"], &["/a@4"]);
    }

    #[test]
    fn an_example_on_no_template_keeps_its_own_path() {
        check("GET /a", &["GET https://h/beta/b?$top=1"], &["!/b@7 /a@3"]);
    }
}
