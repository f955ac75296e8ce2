//! The URL templates of a page, and which of them a pair is replayed on.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::Route;
use super::address::{by_id, has_file_of_root, may_be_by_id, other_forms};
use super::elsewhere::{Elsewhere, Placement};
use super::page_route::{PageRoute, comparable_segments, find_samples, samples};
use super::pair_kind::PairKind;
use super::template_index::TemplateIndex;
use super::template_slip::{Gap, gap, slip};
use crate::page::{Block, BlockKind, Page, RequestLine, StartLine};
use crate::url::{Segment, Target, Template, decode, split_path};

/// The URL templates of a page.
pub(super) struct PageRoutes<'p> {
    page: &'p Page<'p>,
    routes: Vec<PageRoute>,
    /// The line of the first template that is not read, and how many there are.
    left_out: Option<(u32, usize)>,
    /// The methods that they are for.
    methods: BTreeSet<String>,
    /// The templates as examples are compared with them first.
    index: TemplateIndex,
    /// Those that have values of an example, with parameters instead.
    with_values: TemplateIndex,
    /// All with items of drives and sites by their ids.
    by_id: TemplateIndex,
    /// A path of more segments is on none of them.
    most_segments: usize,
    /// Whether some address an item or a site in another way than by its id.
    has_ids: bool,
    /// On which template the example of each pair is, by the block of its request.
    examples: HashMap<usize, Option<Found>>,
    /// Whether one of them is on one.
    has_example: bool,
    /// For each method, the request whose contract also has the templates that no example is on.
    heirs: HashMap<String, usize>,
    /// What stands in the first column of the page's tables, in lower case: the parameters of functions are documented there. Hardly any page
    /// is asked for it.
    parameters: OnceCell<HashSet<String>>,
    /// The segments of the templates, in lower case, as soon as somebody asks.
    segments: OnceCell<HashSet<String>>,
    /// The methods behind whose templates text stands, as soon as somebody asks.
    described: OnceCell<BTreeSet<String>>,
}

/// How an example is on a template.
#[derive(Clone, Debug)]
struct Found {
    /// The template's place among the page's.
    route: usize,
    /// What the example's URL has behind the template: casts, `$count`, `$ref`, `$value`.
    appended: String,
    /// Whether the template has a value of an example where the example has another one.
    is_other_value: bool,
}

impl<'p> PageRoutes<'p> {
    /// The templates of a page: every request line of its HTTP-request section that is not an example.
    pub(super) fn of(page: &'p Page<'_>) -> PageRoutes<'p> {
        let Page { blocks, pairing, .. } = page;
        let mut routes: Vec<PageRoute> = Vec::new();
        let (mut known, mut left_out) = (HashSet::new(), None);
        let mut bytes = 0;
        for line in pairing.routes.iter().flat_map(|index| request_lines(&blocks[*index])) {
            let route = Route { path: route_path(&line.target), line: line.line, permissions: None };
            if !known.insert((line.method.clone(), route.path.clone())) {
                continue;
            }
            bytes += route.path.len();
            if routes.len() < MOST_ROUTES && bytes <= MOST_BYTES {
                routes.push(PageRoute::of(&line.method, route));
            } else {
                left_out.get_or_insert((line.line, 0)).1 += 1;
            }
        }
        find_samples(&mut routes);
        let has_ids = routes.iter().any(|route| route.by_id.is_some());
        let opened = routes.iter().enumerate().filter_map(|(place, route)| Some((place, route.open.as_ref()?)));
        let longest =
            routes.iter().map(|route| route.template.len().max(route.by_id().len())).max().unwrap_or_default();
        let mut page_routes = PageRoutes {
            page,
            most_segments: longest * MOST_FOR_ONE + MOST_BESIDES,
            methods: routes.iter().map(|route| route.method.clone()).collect(),
            index: TemplateIndex::of(routes.iter().map(|route| &route.template).enumerate()),
            with_values: TemplateIndex::of(opened),
            by_id: TemplateIndex::of(routes.iter().map(PageRoute::by_id).enumerate()),
            routes,
            left_out,
            has_ids,
            examples: HashMap::new(),
            has_example: false,
            heirs: HashMap::new(),
            parameters: OnceCell::new(),
            segments: OnceCell::new(),
            described: OnceCell::new(),
        };
        let mut requests: Vec<usize> = pairing.pairs.iter().chain(&pairing.shared).map(|pair| pair.request).collect();
        requests.sort_unstable();
        let mut heirs: HashMap<String, (usize, bool)> = HashMap::new();
        for index in requests {
            let StartLine::Request(line) = &blocks[index].message.start else { continue };
            let found = page_routes.find(line);
            let appends = found.as_ref().is_some_and(|found| !found.appended.is_empty());
            if let Some(found) = &found {
                page_routes.has_example = true;
                let own = &mut page_routes.routes[found.route];
                own.claimed = true;
                own.has_samples |= found.is_other_value;
            }
            page_routes.examples.insert(index, found);
            let heir = heirs.entry(line.method.clone()).or_insert((index, appends));
            // What an example appends is not what the page is about, if another one is.
            if heir.1 && !appends {
                *heir = (index, false);
            }
        }
        page_routes.heirs = heirs.into_iter().map(|(method, (index, _))| (method, index)).collect();
        page_routes
    }

    fn parameters(&self) -> &HashSet<String> {
        self.parameters.get_or_init(|| {
            let cells = self.page.tables().flat_map(|table| &table.rows).filter_map(|row| row.first());
            cells.map(|cell| cell.text.trim().to_lowercase()).collect()
        })
    }

    /// Their paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.routes.iter().map(|route| route.route.path.as_str())
    }

    /// Whether one of the templates has a segment, in whatever case.
    pub(super) fn has_segment(&self, segment: &str) -> bool {
        let segments = self.segments.get_or_init(|| {
            let all = self.routes.iter().flat_map(|route| split_path(&route.route.path));
            all.map(str::to_ascii_lowercase).collect()
        });
        segments.contains(&segment.to_ascii_lowercase())
    }

    /// Whether one of the templates is for a method.
    pub(super) fn has_method(&self, method: &str) -> bool {
        self.methods.contains(method)
    }

    /// Whether a request on no template may be of the page's operation: by its method, by its URL, or because no example of the page is on one.
    pub(super) fn may_be_about(&self, line: &RequestLine) -> bool {
        let is_on = |method: &String| self.find(&RequestLine { method: method.clone(), ..line.clone() }).is_some();
        !self.has_example || self.has_method(&line.method) || self.methods.iter().any(is_on)
    }

    /// Where the first template is that is not read, and what to say of it.
    pub(super) fn defect(&self) -> Option<(u32, String)> {
        let (line, count) = self.left_out?;
        let further = if count > 1 { format!(", nor are {} further ones", count - 1) } else { String::new() };
        let message = format!(
            "this URL template is not read{further}: of a page, {MOST_ROUTES} are, of {MOST_BYTES} bytes together"
        );
        Some((line, message))
    }

    /// Whether an example appends a cast to a template.
    pub(super) fn shows_casts(&self) -> bool {
        self.examples.values().flatten().any(|own| split_path(&own.appended).into_iter().any(is_cast))
    }

    /// Whether an example is on a template as it stands.
    pub(super) fn is_plain(&self, request: usize) -> bool {
        self.examples.get(&request).and_then(Option::as_ref).is_some_and(|own| own.appended.is_empty())
    }

    /// Whether the page has none.
    pub(super) fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// The routes of a pair: the template that its example's URL is on, or else the example's own path, and for one pair of each method those
    /// that no example of the page is on. Also says where the example is among the templates. `request` is the block of the request; a
    /// further response to it is not for other routes. `None` for one that is on a template.
    pub(super) fn of_pair(
        &self,
        line: &RequestLine,
        request: usize,
        kind: PairKind,
    ) -> (Vec<Route>, Option<Elsewhere>) {
        let found = self.examples.get(&request).cloned().unwrap_or_else(|| self.find(line));
        let is_heir = kind != PairKind::Extra && self.heirs.get(&line.method) == Some(&request);
        let appended = found.as_ref().map_or("", |found| found.appended.as_str());
        let with_appended =
            |route: &Route| Route { path: format!("{}{appended}", route.path.trim_end_matches('/')), ..route.clone() };
        let with_appended = |route: &Route| if appended.is_empty() { route.clone() } else { with_appended(route) };
        let heirloom = if is_heir { self.routes.as_slice() } else { &[] };
        let unclaimed = heirloom.iter().filter(|route| !route.claimed && route.method == line.method);
        let own = || Route { path: route_path(&line.target), line: line.line, permissions: None };
        let template = found.as_ref().map(|found| with_appended(&self.routes[found.route].route));
        // Where a template has a value of an example and the example has a parameter, the example is the rule.
        let is_rule = || {
            let path = route_path(&line.target);
            samples(&path).is_empty() && Segment::of_path(&path).iter().any(Segment::is_placeholder)
        };
        let is_other_value = found.as_ref().is_some_and(|found| found.is_other_value);
        let first = template.filter(|_| !(is_other_value && is_rule())).unwrap_or_else(own);
        let unclaimed = unclaimed.map(|route| with_appended(&route.route));
        let elsewhere = found.is_none().then(|| self.elsewhere(line));
        (std::iter::once(first).chain(unclaimed).collect(), elsewhere)
    }

    /// The templates that have values of an example instead of parameters: the line of each, and the values, each once.
    pub(super) fn samples(&self) -> impl Iterator<Item = (u32, Vec<String>)> {
        let own = self.routes.iter().filter(|own| own.has_samples);
        own.map(|own| {
            let mut known = HashSet::new();
            let all = samples(&own.route.path).into_iter();
            (own.route.line, all.filter(|sample| known.insert(sample.clone())).collect::<Vec<_>>())
        })
        .filter(|(_, samples)| !samples.is_empty())
    }

    /// Whether text stands behind the templates for a method, which may say that there are others.
    pub(super) fn may_have_others(&self, method: &str) -> bool {
        let described = self.described.get_or_init(|| {
            let described = self.routes.iter().filter(|own| self.page.has_last_word_behind(own.route.line));
            described.map(|own| own.method.clone()).collect()
        });
        described.contains(method)
    }

    /// Whether a request on no template, beside an example on one, may be the operation of another page: it is about a part of what the page
    /// is about, or reads what the page changes.
    pub(super) fn may_be_companion(&self, method: &str, elsewhere: &Elsewhere) -> bool {
        if elsewhere.is_too_long() || !self.has_example {
            return false;
        }
        let goes_on = |route: &PageRoute| {
            let (own, segments) = (route.template.segments(), elsewhere.segments());
            let begins = || own.iter().zip(segments).all(|(own, segment)| own.fits(&decode(segment)));
            route.method == method && own.len() < segments.len() && begins()
        };
        (method == "GET" && !self.methods.contains("GET")) || self.routes.iter().take(MOST_NEAR).any(goes_on)
    }

    /// Whether a path is too long for any of the templates.
    fn is_too_long(&self, path: &str) -> bool {
        // A path has no more segments than slashes, and one; as many where no slash stands in a segment.
        let may_be = || memchr::memchr_iter(b'/', path.trim_matches('/').as_bytes()).count() >= self.most_segments;
        let is_plain = || memchr::memchr3(b'{', b'(', b':', path.as_bytes()).is_none();
        self.is_empty() || (may_be() && (is_plain() || split_path(path).len() > self.most_segments))
    }

    /// Where an example is that is on none of the templates.
    fn elsewhere(&self, line: &RequestLine) -> Elsewhere {
        let mut elsewhere = Elsewhere::of(route_path(&line.target));
        if !elsewhere.is_too_long() && elsewhere.segments().len() <= self.most_segments {
            elsewhere.placement = self.placement(&line.method, &elsewhere);
        }
        elsewhere
    }

    /// Which of the templates is the one that an example should be on, or else the nearest.
    fn placement(&self, method: &str, elsewhere: &Elsewhere) -> Placement {
        let (path, segments) = (elsewhere.path.as_str(), elsewhere.segments());
        for form in other_forms(&by_id(segments, false)) {
            let candidates = self.by_id.candidates(&form).into_iter().map(|place| &self.routes[place]);
            let mut candidates = candidates.filter(|route| route.method == method);
            if let Some(found) = candidates.find(|route| describes(route.by_id(), &form)) {
                let Route { line: at, path, .. } = &found.route;
                // The form that the example has may be there, with a slip.
                let mut own = self.routes.iter().filter(|route| route.method == method).take(MOST_NEAR);
                let slip = own.find_map(|route| Some((&route.route, slip(&route.template, segments)?)));
                return match slip {
                    Some((Route { line: at, path, .. }, slip)) => Placement::OnSlip(*at, path.clone(), slip),
                    None => Placement::InOtherForm(*at, path.clone()),
                };
            }
        }
        let own = self.routes.iter().filter(|route| route.method == method);
        let near = if segments.len() > LONGEST_NEAR { 0 } else { MOST_NEAR };
        let mut nearest = own.take(near).filter_map(|route| {
            let difference = route.template.only_difference_of(segments)?;
            Some((route, difference))
        });
        let why = match nearest.next() {
            Some((route, difference)) => {
                let line = route.route.line;
                let written = |own: Option<String>, path: &str| own.map(|own| as_written(path, own));
                match (written(difference.expected, &route.route.path), written(difference.actual, path)) {
                    (Some(expected), Some(actual)) => {
                        format!("; the one on line {line} has `{expected}` instead of `{actual}`")
                    }
                    (Some(expected), None) => format!("; the one on line {line} goes on with `{expected}`"),
                    (None, Some(actual)) => format!("; the one on line {line} ends before `{actual}`"),
                    (None, None) => String::new(),
                }
            }
            None if has_file_of_root(segments) => {
                "; the root of a drive is a folder, and only files have that".to_owned()
            }
            None if self.methods.contains(method) => {
                let mut own = self.routes.iter().filter(|route| route.method == method).take(near);
                let gap = own.find_map(|route| Some((&route.route, gap(&route.template, segments)?)));
                gap.map_or_else(String::new, |(Route { line, path: template, .. }, gap)| match gap {
                    Gap::InTemplate(names) => format!("; the one on line {line} lacks `{}`", joined(path, &names)),
                    Gap::InPath(names) => {
                        format!("; the one on line {line} has `{}` besides", joined(template, &names))
                    }
                })
            }
            None => {
                let methods: Vec<&str> = self.methods.iter().map(String::as_str).collect();
                format!(", which are for {}", methods.join(" and "))
            }
        };
        Placement::Nowhere(why)
    }

    /// The template that an example's URL is on: as it is, or with the arguments of functions whose parameters a table has, or with what
    /// OData appends to a URL.
    fn find(&self, line: &RequestLine) -> Option<Found> {
        let path = route_path(&line.target);
        if self.is_too_long(&path) {
            return None;
        }
        let find = |candidates: &[usize], is_on: &dyn Fn(&PageRoute) -> bool| {
            let is_found = |place: &usize, method: &str| {
                let route = &self.routes[*place];
                route.method == method && is_on(route)
            };
            // HEAD is GET without the content of the response (RFC 9110 section 9.3.2).
            let of = |method: &str| candidates.iter().copied().find(|place| is_found(place, method));
            of(&line.method).or_else(|| if line.method == "HEAD" { of("GET") } else { None })
        };
        let is_on =
            |path: &[Cow<'_, str>]| find(&self.index.candidates(path), &|route| describes(&route.template, path));
        // The values of an example in a template stand for any.
        let with_values = |path: &[Cow<'_, str>]| {
            let is_on = |route: &PageRoute| route.open.as_ref().is_some_and(|open| describes(open, path));
            find(&self.with_values.candidates(path), &is_on)
        };
        let with_ids = |path: &[Cow<'_, str>]| {
            // Hardly any path has another form.
            if !self.has_ids && !may_be_by_id(path) {
                return None;
            }
            // A template that has a path where the example has one is nearer to it than one that has the key of an item.
            let has_path = path.iter().any(|segment| segment.ends_with(':'));
            let by_id = by_id(path, false);
            if by_id == path && !self.has_ids {
                return None;
            }
            let is_on = |route: &PageRoute| describes(route.by_id(), &by_id);
            let candidates = self.by_id.candidates(&by_id);
            let first = find(&candidates, &is_on)?;
            find(&candidates, &|route| route.has_path == has_path && is_on(route)).or(Some(first))
        };
        let lower = path.to_lowercase();
        let mut segments = split_path(&lower);
        let mut appended = 0;
        loop {
            let own = comparable_segments(&segments, |_| false);
            let without = || {
                let parameters = Some(self.parameters()).filter(|own| !own.is_empty())?;
                Some(comparable_segments(&segments, |name| parameters.contains(name)))
            };
            let exact = is_on(&own).or_else(|| is_on(&without().filter(|without| *without != own)?));
            let other = if exact.is_none() { with_values(&own) } else { None };
            let is_other_value = other.is_some();
            if let Some(route) = exact.or(other).or_else(|| with_ids(&own)) {
                // In the case in which the example has it.
                let all = if appended == 0 { Vec::new() } else { split_path(&path) };
                let appended = all[all.len() - appended..].iter().map(|segment| format!("/{segment}")).collect();
                return Some(Found { route, appended, is_other_value });
            }
            segments.pop().filter(|last| appended < MOST_APPENDED && is_appended(last))?;
            appended += 1;
        }
    }
}

/// Whether a template describes a path. Both have keys in segments of their own, and of many templates, most are longer or shorter.
fn describes(template: &Template, path: &[impl AsRef<str>]) -> bool {
    template.segments().len() == path.len() && template.matches_segments(path)
}

/// Segments that were compared in lower case, as the path has them.
fn joined(path: &str, segments: &[String]) -> String {
    segments.iter().map(|own| as_written(path, own.clone())).collect::<Vec<_>>().join("/")
}

/// A segment that was compared in lower case, as the path has it.
fn as_written(path: &str, segment: String) -> String {
    let own = split_path(path).into_iter().find(|own| own.to_lowercase() == segment);
    own.map_or(segment, str::to_owned)
}

/// So many templates of a page are read, of so many bytes together: real pages have a few dozen, and an example may have to be compared with each.
/// Others are reported.
const MOST_ROUTES: usize = 256;
const MOST_BYTES: usize = 64 * 1024;

/// So many templates are looked at for the one that is nearest to an example, and for one of so many segments.
const MOST_NEAR: usize = 32;
const LONGEST_NEAR: usize = 64;

/// So many segments are appended to a template, at most: a cast, a property's `$value` or a `$count`.
const MOST_APPENDED: usize = 3;

/// So many segments of a path stand for one of a template, at most: a name and its key stand for a name with a key, and the path of an item
/// for its id. So many may stand there besides: what is appended, and what all paths may begin with.
const MOST_FOR_ONE: usize = 4;
const MOST_BESIDES: usize = 16;

/// Whether a segment may follow any URL: a cast to a derived type, `$count`, `$value`, `$ref` (OData URL Conventions 4.01 sections 4.4, 4.7,
/// 4.8 and 4.11).
fn is_appended(segment: &str) -> bool {
    // A cast has a namespace.
    if !segment.contains(['.', '$', '%']) {
        return false;
    }
    is_cast(segment) || matches!(segment, "$count" | "$value" | "$ref")
}

/// Whether a segment is the qualified name of a type.
fn is_cast(segment: &str) -> bool {
    let segment = Segment::read(segment);
    segment.arguments.is_none() && !segment.has_colon && segment.qualified().is_some()
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
    let path = Target::read(target).path.trim_start_matches('/');
    ["/", path].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The routes of each pair of a page, as `path@line`; `!` marks an example that is on no template, `~` one whose form is not listed.
    fn shown(text: &str) -> Vec<String> {
        let page = Page::parse("p.md", text);
        let routes = PageRoutes::of(&page);
        let shown =
            |routes: Vec<Route>| routes.iter().map(|r| format!("{}@{}", r.path, r.line)).collect::<Vec<_>>().join(" ");
        let of_pair = |request: usize| match &page.blocks[request].message.start {
            StartLine::Request(line) => match routes.of_pair(line, request, PairKind::Pair) {
                (own, None) => shown(own),
                (own, Some(elsewhere)) => match elsewhere.placement {
                    Placement::InOtherForm(line, path) => format!("~{path}@{line} {}", shown(own)),
                    Placement::OnSlip(line, path, _) => format!("={path}@{line} {}", shown(own)),
                    Placement::Nowhere(_) => format!("!{}", shown(own)),
                },
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
    fn a_template_may_have_a_value_where_its_example_has_another_one() {
        const ONE: &str = "acdefc6b-2dc6-4e71-b1e9-6d9810ab1793";
        const OTHER: &str = "cf6005fc-9e13-44a2-a6ac-a53322006454";
        let samples = |templates: &str, example: &str| {
            let text = page(templates, &[&format!("GET https://h/v1.0{example}")]);
            let page = Page::parse("p.md", &text);
            let routes = PageRoutes::of(&page);
            routes.samples().map(|(line, own)| format!("{}@{line}", own.join(","))).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(samples(&format!("GET /a/{ONE}/b"), &format!("/a/{OTHER}/b")), format!("{ONE}@3"));
        assert_eq!(samples(&format!("GET /a/{ONE}/b"), "/a/{id}/b"), format!("{ONE}@3"));
        assert_eq!(samples(&format!("GET /a('{ONE}')/b"), "/a/{id}/b"), format!("{ONE}@3"));
        // It may be a constant of the service.
        assert_eq!(samples(&format!("GET /a/{ONE}/b"), &format!("/a/{ONE}/b")), "");
        assert_eq!(
            samples(&format!("GET /a/{ONE}/b/{OTHER}/c/{ONE}"), &format!("/a/{ONE}/b/{OTHER}/c/{ONE}")),
            format!("{ONE},{OTHER}@3")
        );
        assert_eq!(samples("GET /a/contoso.com/b", "/a/contoso.com/b"), "contoso.com@3");
        assert_eq!(samples("GET /a/{id}/b\nGET /a/22002/b", "/a/22002/b"), "22002@4");
        assert_eq!(samples("GET /a/22002/b", "/a/22002/c"), "");
        check(&format!("GET /a/{ONE}/b"), &["GET https://h/v1.0/a/1/b"], &[&format!("/a/{ONE}/b@3")]);
        check(&format!("GET /a/{ONE}/b"), &["GET https://h/v1.0/a/{id}/b"], &["/a/{id}/b@7"]);
    }

    #[test]
    fn items_and_sites_may_be_addressed_in_another_way() {
        let on =
            |template: &str, example: &str| check(&format!("GET {template}"), &[example], &[&format!("{template}@3")]);
        on("/me/drive/items/{id}/children", "GET https://h/v1.0/me/drive/root/children");
        on("/me/drive/items/{id}/children", "GET https://h/v1.0/drive/root:/a/b:/children");
        on("/drive/items/{id}/content", "GET https://h/v1.0/me/drive/items/{item-id}/content");
        on("/me/drive/root:/{path}", "GET https://h/v1.0/me/drive/items/1");
        on("/drives/{id}/items/{id}:/{name}:/content", "GET https://h/v1.0/drives/1/root:/a/b.txt:/content");
        on("/sites/{id}/lists", "GET https://h/v1.0/sites/contoso.example:/teams/hr:/lists");
        check(
            "PUT /me/drive/items/{id}/content\nPUT /me/drive/items/{id}:/{name}:/content",
            &["PUT https://h/v1.0/me/drive/root:/a/b.txt:/content"],
            &["/me/drive/items/{id}:/{name}:/content@4 /me/drive/items/{id}/content@3"],
        );
        let root = "GET https://h/v1.0/me/drive/root/workbook/names";
        check(
            "GET /me/drive/items/{id}/workbook/names",
            &[root],
            &["!/me/drive/root/workbook/names@7 /me/drive/items/{id}/workbook/names@3"],
        );
    }

    #[test]
    fn examples_on_no_template_are_reported_once_and_only_where_they_should_be_on_one() {
        use super::super::{PageName, TypeIndex, build};
        let check = |templates: &str, examples: &[&str], expected: &[(&str, u32)]| {
            let text = page(templates, examples);
            let page = Page::parse("v1.0/a-get.md", &text);
            let built = build(&page, &PageName::of(&page), &TypeIndex::default());
            let codes = ["url-matches-no-template", "template-missing", "sample-in-template"];
            let found = built.diagnostics.iter().map(|found| (found.code.name(), found.line));
            let found: Vec<_> = found.filter(|(code, _)| codes.contains(code)).collect();
            assert_eq!(found, expected, "{templates} {examples:?}");
        };
        const GRAPH: &str = "https://graph.microsoft.com/v1.0";
        let get = |path: &str| format!("GET {GRAPH}{path}");
        check("GET /a", &[&get("/b/{id}"), &get("/b/{name}")], &[("url-matches-no-template", 7)]);
        check("GET /a", &[&get("/b"), &get("/c")], &[("url-matches-no-template", 7), ("url-matches-no-template", 13)]);
        check("GET /users/{id}/a", &[&get("/me/a"), &get("/me/a?$top=1")], &[("template-missing", 3)]);
        check("GET /users/{id}/a\n```\n\n> These are some of them.\n\n```", &[&get("/me/a")], &[]);
        check("GET /a/22002", &[&get("/a/22003")], &[("sample-in-template", 3)]);
        check("GET /a", &[&get("/a"), &format!("POST {GRAPH}/$batch")], &[]);
        check("GET /a", &[&get("/a"), "PUT https://files.contoso.com/b"], &[]);
    }

    #[test]
    fn text_behind_the_templates_may_say_that_there_are_others() {
        use super::super::{PageName, TypeIndex, build};
        let check = |behind: &str, expected: usize| {
            let example = "```\nGET https://graph.microsoft.com/v1.0/b/c\n```\n```\nHTTP/1.1 200 OK\n```\n";
            let text = format!("## HTTP request\n```\nGET /a/{{id}}\n```\n\n{behind}\n\n## Example\n\n{example}");
            let page = Page::parse("v1.0/a-get.md", &text);
            let found = build(&page, &PageName::of(&page), &TypeIndex::default()).diagnostics;
            assert_eq!(
                found.iter().filter(|own| own.code.name() == "url-matches-no-template").count(),
                expected,
                "{text}"
            );
        };
        check("", 1);
        check("> These are some of them.", 0);
        check("这里只列出了其中的一部分。", 0);
        // The caption of further templates.
        check("For a group:\n\n```\nGET /groups/{id}/a\n```", 1);
        check("### Optional query parameters\n\nThere are none.", 1);
        check("```\nPOST /a\n```\n\nThere are other ways to create one.", 0);
    }

    #[test]
    fn a_head_request_is_on_the_template_of_its_get_request() {
        check("GET /a/{id}", &["HEAD https://h/v1.0/a/1"], &["/a/{id}@3"]);
        check("GET /a/{id}\nHEAD /a/{id}", &["HEAD https://h/v1.0/a/1"], &["/a/{id}@4"]);
        check("DELETE /a/{id}", &["HEAD https://h/v1.0/a/1"], &["!/a/1@7"]);
    }

    #[test]
    fn a_form_that_no_template_has_is_told_from_a_wrong_url() {
        check("GET /users/{id}/a", &["GET https://h/v1.0/me/a"], &["~/users/{id}/a@3 /me/a@7 /users/{id}/a@3"]);
        check("GET /me/a", &["GET https://h/v1.0/users/1/a"], &["~/me/a@3 /users/1/a@7 /me/a@3"]);
        check(
            "GET /groups/{id}/drive",
            &["GET https://h/drives/1"],
            &["~/groups/{id}/drive@3 /drives/1@7 /groups/{id}/drive@3"],
        );
        check("GET /users/{id}/a", &["GET https://h/v1.0/me/b"], &["!/me/b@7 /users/{id}/a@3"]);
    }

    #[test]
    fn a_form_that_a_template_has_with_a_slip_is_not_missing() {
        check(
            "GET /users/{id}/a\nGET /users/me/a",
            &["GET https://h/v1.0/me/a"],
            &["=/users/me/a@4 /me/a@8 /users/{id}/a@3 /users/me/a@4"],
        );
    }

    /// What the nearest template has instead.
    #[track_caller]
    fn check_why(template: &str, example: &str, expected: &str) {
        let text = page(template, &[example]);
        let page = Page::parse("p.md", &text);
        let line = page.blocks[1].message.start.request().expect("a request");
        let (_, elsewhere) = PageRoutes::of(&page).of_pair(line, 1, PairKind::Pair);
        let placement = elsewhere.map(|own| own.placement);
        assert_eq!(placement, Some(Placement::Nowhere(expected.to_owned())), "{template} {example}");
    }

    #[test]
    fn the_nearest_template_explains_why_an_example_is_on_none() {
        check_why("GET /bulbs/{id}", "GET https://h/Lamps/1", "; the one on line 3 has `bulbs` instead of `Lamps`");
        check_why("GET /a/{id}/$ref", "GET https://h/a/1", "; the one on line 3 goes on with `$ref`");
        check_why("GET /a/{id}", "GET https://h/a/1/Name", "; the one on line 3 ends before `Name`");
        check_why("PUT /a/{id}", "PATCH https://h/a/1", ", which are for PUT");
        check_why("GET /a/b/c", "GET https://h/d/e/f", "");
        check_why(
            "GET /me/drive/items/{id}/workbook/names",
            "GET https://h/me/drive/root/workbook/names",
            "; the root of a drive is a folder, and only files have that",
        );
    }

    #[test]
    fn an_example_that_is_too_long_for_every_template_is_on_none() {
        let long = "/a".repeat(1000);
        check("GET /a/{id}", &[&format!("GET https://h/v1.0{long}")], &[&format!("!{long}@7 /a/{{id}}@3")]);
        // The path of an item is one segment.
        check(
            "GET /me/drive/root:/{path}",
            &[&format!("GET https://h/me/drive/root:{long}")],
            &["/me/drive/root:/{path}@3"],
        );
    }

    #[test]
    fn templates_without_measure_are_reported_and_not_read() {
        let check = |templates: &[String], expected: Option<(u32, &str)>| {
            let text = page(&templates.join("\n"), &["GET https://h/v1.0/a"]);
            let page = Page::parse("p.md", &text);
            let found = PageRoutes::of(&page).defect();
            let found = found.as_ref().map(|(line, message)| (*line, message.split(':').next().unwrap_or_default()));
            assert_eq!(found, expected, "{}", templates.len());
        };
        let short = |count: usize| (0..count).map(|at| format!("GET /a{at}")).collect::<Vec<_>>();
        let first_left_out = 3 + u32::try_from(MOST_ROUTES).expect("a number of lines");
        check(&short(MOST_ROUTES), None);
        check(&short(MOST_ROUTES + 1), Some((first_left_out, "this URL template is not read")));
        check(&short(MOST_ROUTES + 3), Some((first_left_out, "this URL template is not read, nor are 2 further ones")));
        // The same one twice is one.
        check(&[short(MOST_ROUTES), short(MOST_ROUTES)].concat(), None);
        let long = |count: usize| (0..count).map(|at| format!("GET /{at}{}", "a".repeat(7000))).collect::<Vec<_>>();
        check(&long(9), None);
        check(&long(10), Some((12, "this URL template is not read")));
    }

    #[test]
    fn an_example_on_no_template_keeps_its_own_path() {
        check("GET /a", &["GET https://h/beta/b?$top=1"], &["!/b@7 /a@3"]);
    }
}
