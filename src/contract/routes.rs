//! The URL templates of a page, and which of them a pair is replayed on.

use std::collections::{HashMap, HashSet};

use super::Route;
use super::pair_kind::PairKind;
use crate::page::{Block, BlockKind, Page, RequestLine, StartLine};
use crate::url::{Argument, Segment, Target, Template, split_path};

/// The URL templates of a page.
pub(super) struct PageRoutes {
    routes: Vec<PageRoute>,
    /// For each method, the request whose contract also has the templates that no example is on.
    heirs: HashMap<String, usize>,
    /// What stands in the first column of the page's tables, in lower case: the parameters of functions are documented there.
    parameters: HashSet<String>,
}

/// A URL template with its method.
#[derive(Clone, Debug)]
struct PageRoute {
    method: String,
    route: Route,
    /// The template in the form in which examples are compared with it.
    template: Template,
    /// Whether the example of some pair is on this template.
    claimed: bool,
}

/// How an example is on a template.
struct Found {
    /// The template's place among the page's.
    route: usize,
    /// What the example's URL has behind the template: casts, `$count`, `$ref`, `$value`.
    appended: String,
}

impl PageRoutes {
    /// The templates of a page: every request line of its HTTP-request section that is not an example.
    pub(super) fn of(page: &Page<'_>) -> PageRoutes {
        let Page { blocks, pairing, .. } = page;
        let mut routes: Vec<PageRoute> = Vec::new();
        let mut known = HashSet::new();
        for block in pairing.routes.iter().map(|index| &blocks[*index]) {
            for line in request_lines(block) {
                let route = Route { path: route_path(&line.target), line: line.line };
                if routes.len() < MOST_ROUTES && known.insert((line.method.clone(), route.path.clone())) {
                    let template = Template::of_segments(&comparable(&route.path));
                    routes.push(PageRoute { method: line.method.clone(), route, template, claimed: false });
                }
            }
        }
        let cells = page.tables().flat_map(|table| &table.rows).filter_map(|row| row.first());
        let parameters = cells.map(|cell| cell.text.trim().to_lowercase()).collect();
        let mut page_routes = PageRoutes { routes, heirs: HashMap::new(), parameters };
        let mut requests: Vec<usize> = pairing.pairs.iter().chain(&pairing.shared).map(|pair| pair.request).collect();
        requests.sort_unstable();
        let mut heirs: HashMap<String, (usize, bool)> = HashMap::new();
        for index in requests {
            let StartLine::Request(line) = &blocks[index].message.start else { continue };
            let found = page_routes.find(line);
            let appends = found.as_ref().is_some_and(|found| !found.appended.is_empty());
            if let Some(found) = found {
                page_routes.routes[found.route].claimed = true;
            }
            let heir = heirs.entry(line.method.clone()).or_insert((index, appends));
            // What an example appends is not what the page is about, if another one is.
            if heir.1 && !appends {
                *heir = (index, false);
            }
        }
        page_routes.heirs = heirs.into_iter().map(|(method, (index, _))| (method, index)).collect();
        page_routes
    }

    /// Their paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.routes.iter().map(|route| route.route.path.as_str())
    }

    /// Whether the page has none.
    pub(super) fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// The routes of a pair: the template that its example's URL is on, or else the example's own path, and for one pair of each method those
    /// that no example of the page is on. Also says whether the example is on a template. `request` is the block of the request; a
    /// further response to it is not for other routes.
    pub(super) fn of_pair(&self, line: &RequestLine, request: usize, kind: PairKind) -> (Vec<Route>, bool) {
        let found = self.find(line);
        let is_heir = kind != PairKind::Extra && self.heirs.get(&line.method) == Some(&request);
        let appended = found.as_ref().map_or("", |found| found.appended.as_str());
        let with_appended =
            |route: &Route| Route { path: format!("{}{appended}", route.path.trim_end_matches('/')), line: route.line };
        let with_appended = |route: &Route| if appended.is_empty() { route.clone() } else { with_appended(route) };
        let unclaimed = self.routes.iter().filter(|route| is_heir && !route.claimed && route.method == line.method);
        let first = match &found {
            Some(found) => with_appended(&self.routes[found.route].route),
            None => Route { path: route_path(&line.target), line: line.line },
        };
        let unclaimed = unclaimed.map(|route| with_appended(&route.route));
        (std::iter::once(first).chain(unclaimed).collect(), found.is_some())
    }

    /// The template that an example's URL is on: as it is, or with the arguments of functions whose parameters a table has, or with what
    /// OData appends to a URL.
    fn find(&self, line: &RequestLine) -> Option<Found> {
        let path = route_path(&line.target);
        let find = |path: &[String]| {
            let is_own = |route: &PageRoute| route.method == line.method && route.template.matches_segments(path);
            self.routes.iter().position(is_own)
        };
        let mut segments = Segment::of_path(&path.to_lowercase());
        let mut appended = Vec::new();
        loop {
            let own = comparable_segments(&segments, |_| false);
            let without = || comparable_segments(&segments, |name| self.parameters.contains(name));
            if let Some(route) = find(&own).or_else(|| find(&without())) {
                // In the case in which the example has it.
                let all = split_path(&path);
                let appended = all[all.len() - appended.len()..].iter().map(|segment| format!("/{segment}")).collect();
                return Some(Found { route, appended });
            }
            let last = segments.pop().filter(|last| is_appended(last) && appended.len() < MOST_APPENDED)?;
            appended.push(last);
        }
    }
}

/// So many templates of a page count. Real pages have a few dozen; each example is compared with each.
const MOST_ROUTES: usize = 1000;

/// So many segments are appended to a template, at most: a cast, a property's `$value` or a `$count`.
const MOST_APPENDED: usize = 3;

/// Whether a segment may follow any URL: a cast to a derived type, `$count`, `$value`, `$ref` (OData URL Conventions 4.01 sections 4.4, 4.7,
/// 4.8 and 4.11).
fn is_appended(segment: &Segment) -> bool {
    let is_cast = segment.arguments.is_none() && !segment.has_colon && segment.qualified().is_some();
    is_cast || matches!(segment.text.as_str(), "$count" | "$value" | "$ref")
}

/// The request lines of a block.
pub(super) fn request_lines<'a>(block: &'a Block<'_>) -> impl Iterator<Item = &'a RequestLine> {
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
/// parameters alone, whose order says nothing (OData URL Conventions 4.01 sections 4.3 and 4.5).
fn comparable(path: &str) -> Vec<String> {
    comparable_segments(&Segment::of_path(&path.to_lowercase()), |_| false)
}

/// The same for segments in lower case, without the parameters of functions of which `is_documented` says that they are documented elsewhere.
fn comparable_segments(segments: &[Segment], is_documented: impl Fn(&str) -> bool) -> Vec<String> {
    let without_namespace = |name: &str| name.strip_prefix("microsoft.graph.").unwrap_or(name).to_owned();
    let mut comparable = Vec::new();
    for segment in segments {
        let Some(arguments) = &segment.arguments else {
            comparable.push(without_namespace(&segment.text));
            continue;
        };
        let mut names: Vec<&str> = arguments.iter().filter_map(|argument| argument.name.as_deref()).collect();
        names.sort_unstable();
        let name = without_namespace(&segment.name);
        if names.is_empty() {
            let values: Vec<_> = arguments.iter().map(Argument::unquoted).collect();
            comparable.extend([name, values.join(",")].into_iter().filter(|own| !own.is_empty()));
        } else if names.iter().all(|name| is_documented(name)) {
            comparable.push(name);
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
        let routes = PageRoutes::of(&page);
        let shown =
            |routes: Vec<Route>| routes.iter().map(|r| format!("{}@{}", r.path, r.line)).collect::<Vec<_>>().join(" ");
        let of_pair = |request: usize| match &page.blocks[request].message.start {
            StartLine::Request(line) => match routes.of_pair(line, request, PairKind::Pair) {
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
        on("/f(from={from},to={to})", "/f(to='a',from='b')");
        on("/v1.0/a/{id}".trim_start_matches("/v1.0"), "/a/1");
    }

    #[test]
    fn what_odata_appends_to_a_url_is_on_its_template() {
        check("GET /a\nGET /b/a", &["GET https://h/v1.0/a/$count"], &["/a/$count@3 /b/a/$count@4"]);
        check("GET /a/{id}", &["GET https://h/v1.0/a/1/X.y.Z/$value"], &["/a/{id}/X.y.Z/$value@3"]);
        check("GET /a\nGET /b", &["GET /a/$ref", "GET /a"], &["/a/$ref@3", "/a@3 /b@4"]);
        check("GET /a", &["GET https://h/v1.0/a/b"], &["!/a/b@7 /a@3"]);
    }

    #[test]
    fn the_arguments_of_a_function_may_stand_in_a_table() {
        let table = "## Parameters\n\n|Name|Type|\n|---|---|\n|on|String|\n|Until|String|\n\n";
        let on = |example: &str| shown(&(page("GET /a/f", &[example]) + table));
        assert_eq!(on("GET https://h/a/f(until='x',on='y')"), ["/a/f@3"]);
        assert_eq!(on("GET https://h/a/f(off='y')"), ["!/a/f(off='y')@7 /a/f@3"]);
    }

    #[test]
    fn an_example_on_no_template_keeps_its_own_path() {
        check("GET /a", &["GET https://h/beta/b?$top=1"], &["!/b@7 /a@3"]);
    }
}
