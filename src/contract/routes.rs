//! The URL templates of a page, and which of them a pair is replayed on.

use std::collections::HashSet;

use super::Route;
use crate::page::{Block, BlockKind, Page, RequestLine, StartLine};
use crate::url::{Argument, Segment, Target, Template};

/// A URL template with its method.
#[derive(Clone, Debug)]
pub(super) struct PageRoute {
    pub(super) method: String,
    pub(super) route: Route,
    /// The template in the form in which examples are compared with it.
    template: Template,
    /// Whether the example of some pair is on this template.
    claimed: bool,
}

/// The templates of a page: every request line of its HTTP-request section that is not an example.
pub(super) fn page_routes(page: &Page<'_>) -> Vec<PageRoute> {
    let Page { blocks, pairing, .. } = page;
    let mut routes: Vec<PageRoute> = Vec::new();
    let mut known = HashSet::new();
    for block in pairing.routes.iter().map(|index| &blocks[*index]) {
        for line in request_lines(block) {
            let route = Route { path: route_path(&line.target), line: line.line };
            if known.insert((line.method.clone(), route.path.clone())) {
                let template = Template::of_segments(&comparable(&route.path));
                routes.push(PageRoute { method: line.method.clone(), route, template, claimed: false });
            }
        }
    }
    for request in pairing.pairs.iter().chain(&pairing.shared).map(|pair| &blocks[pair.request]) {
        if let StartLine::Request(line) = &request.message.start {
            let path = comparable(&route_path(&line.target));
            let own =
                routes.iter_mut().find(|route| route.method == line.method && route.template.matches_segments(&path));
            own.into_iter().for_each(|route| route.claimed = true);
        }
    }
    routes
}

/// The routes of a pair: the template that its example's URL is on, or else the example's own path, and for the first pair of a method
/// those that no example of the page is on. Also says whether the example is on a template.
pub(super) fn routes_of(line: &RequestLine, is_first: bool, routes: &[PageRoute]) -> (Vec<Route>, bool) {
    let path = route_path(&line.target);
    let comparable = comparable(&path);
    let same_method = || routes.iter().filter(|route| route.method == line.method);
    let own = same_method().find(|route| route.template.matches_segments(&comparable));
    let unclaimed = same_method().filter(|route| is_first && !route.claimed).map(|route| route.route.clone());
    let first = own.map_or(Route { path, line: line.line }, |own| own.route.clone());
    (std::iter::once(first).chain(unclaimed).collect(), own.is_some())
}

fn request_lines<'a>(block: &'a Block<'_>) -> impl Iterator<Item = &'a RequestLine> {
    let first = match (&block.message.start, block.kind) {
        (StartLine::Request(line), BlockKind::Request | BlockKind::TemplateList) => Some(line),
        _ => None,
    };
    first.into_iter().chain(&block.message.further)
}

/// A target as the path of a route: below the version, without query, with one `/` before it.
pub(super) fn route_path(target: &str) -> String {
    format!("/{}", Target::read(target).path.trim_start_matches('/'))
}

/// The segments of a path in a form that is the same for all ways to write it in OData: in lower case, without the namespace of
/// functions, actions and casts, keys as segments of their own (`users('x')` is `users/x`), and functions with the names of their
/// parameters alone (OData URL Conventions 4.01 sections 4.3 and 4.5).
fn comparable(path: &str) -> Vec<String> {
    let without_namespace = |name: &str| name.strip_prefix("microsoft.graph.").unwrap_or(name).to_owned();
    let mut comparable = Vec::new();
    for segment in Segment::of_path(&path.to_lowercase()) {
        let Some(arguments) = &segment.arguments else {
            comparable.push(without_namespace(&segment.text));
            continue;
        };
        let names: Vec<&str> = arguments.iter().filter_map(|argument| argument.name.as_deref()).collect();
        let name = without_namespace(&segment.name);
        if names.is_empty() {
            let values: Vec<_> = arguments.iter().map(Argument::unquoted).collect();
            comparable.extend([name, values.join(",")].into_iter().filter(|own| !own.is_empty()));
        } else {
            comparable.push(format!("{name}({})", names.join(",")));
        }
        if let Some(last) = comparable.last_mut().filter(|_| segment.has_colon) {
            last.push(':');
        }
    }
    comparable
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
            StartLine::Request(line) => match routes_of(line, true, &routes) {
                (own, true) => shown(own),
                (own, false) => format!("!{}", shown(own)),
            },
            _ => String::new(),
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
    fn an_example_may_be_written_in_another_way_than_its_template() {
        let on = |template: &str, example: &str| {
            let shown = shown(&page(&format!("GET {template}"), &[&format!("GET https://h/v1.0{example}")]));
            assert_eq!(shown, [format!("{template}@3")], "{example}");
        };
        on("/users/{id}/mailFolders", "/users('a@b.c')/mailfolders");
        on("/workbook/tables/{id|name}/rows", "/workbook/tables('Table (1)')/rows?$top=1");
        on("/range(address='<address>')/format", "/range(address='$C$1')/format");
        on("/range(address='A1:B2')", "/range(address='C3')");
        on("/f(ids=[{ids}],on={on})", "/microsoft.graph.f(ids=['a','b=c'],on='x')");
        on("/me/delta", "/me/microsoft.graph.delta()");
        on("/drive/root:/{path}:/children", "/drive/root:/a/b c/d:/children");
        on("/sites/{host}:/{site-path}", "/sites/contoso.com:/teams/hr");
        on("/chats/{id}/messages", "/chats/19:abc@thread.v2/messages");
        on("/workbook/tables/{name}/rows", "/workbook/tables('a%2Fb')/rows");
        on("/items/{id}:/{path}:/content", "/items('1'):/a/b:/content");
        on("/f({from},{to})", "/f('a','b=c')");
        on("/v1.0/a/{id}".trim_start_matches("/v1.0"), "/a/1");
    }

    #[test]
    fn an_example_on_no_template_keeps_its_own_path() {
        check("GET /a", &["GET https://h/beta/b?$top=1"], &["!/b@7 /a@3"]);
    }
}
