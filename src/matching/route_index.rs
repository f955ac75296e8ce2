//! The paths of all routes as a tree, by their segments: a path is looked up in the time of its own length, however many routes there are.

use std::collections::{BTreeMap, VecDeque};

use super::letters::Letters;
use super::path_segment::PathSegment;
use crate::url::{Segment, Template, fits_value, is_version};

/// The tree. A key stands in a node of its own, also where a route writes it in parentheses.
#[derive(Debug)]
pub(super) struct RouteIndex {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    /// What follows by its name.
    names: BTreeMap<String, u32>,
    /// Segments with parameters within, by what stands before their parentheses.
    patterns: BTreeMap<String, Vec<(Segment, u32)>>,
    /// What follows a segment that is a parameter.
    parameter: Option<u32>,
    /// What may come again, as many times as one likes: its name, and the node that follows that. Pages write `childFolders/{id}/.../messages`.
    repeated: Option<(String, u32)>,
    /// The routes that end here, by their numbers.
    ends: Vec<u32>,
}

/// Which kind of segment a received one was taken for. What is more certain comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name,
    Pattern,
    Parameter,
}

/// How exactly a route fits a path: of two, the one with a name where the other has a parameter, the earliest segment first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PathRank(u64);

/// So many segments count for a rank.
const MOST_RANKED: usize = 31;

/// So many nodes are looked at for one path. A path fits a handful of ways; only made-up routes have more.
const MOST_VISITED: usize = 4096;

/// So many routes are looked at for the nearest one.
const MOST_NEAR: usize = 48;

/// So many of them are any that begin alike: what is looked at may be in no cache, and of many that are as far away, one will do.
const MOST_BELOW: usize = 16;

/// So many names of a node are compared with one that it does not have.
const MOST_NAMES: usize = 2048;

/// How alike a name is to one that it may be a slip for, at least.
const ALIKE: f64 = 0.6;

impl PathRank {
    fn then(self, depth: usize, step: Step) -> PathRank {
        let shift = 2 * MOST_RANKED.saturating_sub(depth);
        if depth > MOST_RANKED { self } else { PathRank(self.0 | ((step as u64) << shift)) }
    }
}

/// The segments of a path as far as they have not been taken.
#[derive(Clone, Copy)]
struct Rest<'p> {
    segments: &'p [PathSegment],
    /// The key in the parentheses of the segment before, which is a segment of its own.
    key: Option<&'p str>,
}

/// A route that is near a path, and the node at which it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) node: u32,
    pub(super) route: u32,
}

/// One step of a search.
struct Visit<'p> {
    node: u32,
    rest: Rest<'p>,
    depth: usize,
    rank: PathRank,
}

impl RouteIndex {
    /// An index without routes.
    pub(super) fn new() -> RouteIndex {
        RouteIndex { nodes: vec![Node::default()] }
    }

    /// Adds a route by its folded path.
    pub(super) fn add(&mut self, path: &Template, route: u32) {
        let mut node = 0;
        // The last name, and the node that follows it.
        let mut last: Option<(String, u32)> = None;
        for segment in path.segments() {
            if matches!(segment.text.as_str(), "..." | "…") && last.is_some() {
                self.nodes[node as usize].repeated = last.take();
                continue;
            }
            if let Some(key) = segment.key().filter(|_| !segment.has_colon) {
                node = self.name(node, &segment.name);
                last = Some((segment.name.clone(), node));
                node = self.segment(node, Segment::read(&key).folded());
            } else {
                node = self.segment(node, segment.clone());
                let is_key = segment.parameter().is_some();
                last = if is_key { last } else { Some((segment.fill(str::to_owned, str::to_owned), node)) };
            }
        }
        self.nodes[node as usize].ends.push(route);
    }

    fn segment(&mut self, node: u32, segment: Segment) -> u32 {
        if segment.parameter().is_some() {
            return match self.nodes[node as usize].parameter {
                Some(next) => next,
                None => {
                    let next = self.push();
                    self.nodes[node as usize].parameter = Some(next);
                    next
                }
            };
        }
        // The arguments of a function may come in any order, also where they are all given.
        let is_call = segment.arguments.as_ref().is_some_and(|own| !own.is_empty());
        if !segment.has_parameters() && !is_call {
            let text = segment.fill(str::to_owned, str::to_owned);
            return self.name(node, &text);
        }
        let prefix = prefix(&segment).to_owned();
        let same = |(own, _): &&(Segment, u32)| own.parts == segment.parts;
        let known = self.nodes[node as usize].patterns.get(&prefix).and_then(|own| own.iter().find(same));
        if let Some((_, next)) = known {
            return *next;
        }
        let next = self.push();
        self.nodes[node as usize].patterns.entry(prefix).or_default().push((segment, next));
        next
    }

    fn name(&mut self, node: u32, name: &str) -> u32 {
        if let Some(next) = self.nodes[node as usize].names.get(name) {
            return *next;
        }
        let next = self.push();
        self.nodes[node as usize].names.insert(name.to_owned(), next);
        next
    }

    fn push(&mut self) -> u32 {
        self.nodes.push(Node::default());
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    /// The routes that fit a path, each with how exactly it does.
    pub(super) fn find(&self, path: &[PathSegment]) -> Vec<(PathRank, u32)> {
        let mut found = Vec::new();
        let start = Visit { node: 0, rest: Rest { segments: path, key: None }, depth: 0, rank: PathRank::default() };
        self.walk(start, |visit| {
            if visit.rest.is_empty() {
                let ends = &self.nodes[visit.node as usize].ends;
                found.extend(ends.iter().map(|route| (visit.rank, *route)));
            }
        });
        found
    }

    /// Whether objects have keys below a path.
    pub(super) fn has_keys(&self, path: &[PathSegment]) -> bool {
        let mut found = false;
        let start = Visit { node: 0, rest: Rest { segments: path, key: None }, depth: 0, rank: PathRank::default() };
        self.walk(start, |visit| {
            found |= visit.rest.is_empty() && self.nodes[visit.node as usize].parameter.is_some();
        });
        found
    }

    /// Walks all ways on which a path can be read, and shows each node to `see`.
    fn walk<'p>(&self, start: Visit<'p>, mut see: impl FnMut(&Visit<'p>)) {
        let mut open = vec![start];
        let mut visited = 0;
        while let Some(visit) = open.pop() {
            visited += 1;
            if visited > MOST_VISITED {
                return;
            }
            see(&visit);
            // The most certain is looked at first, which is the last on the stack.
            let from = open.len();
            self.each_next(&visit, |node, rest, step| {
                let rank = visit.rank.then(visit.depth, step);
                open.push(Visit { node, rest, depth: visit.depth + 1, rank });
            });
            open[from..].reverse();
        }
    }

    fn each_next<'p>(&self, visit: &Visit<'p>, mut go: impl FnMut(u32, Rest<'p>, Step)) {
        let node = &self.nodes[visit.node as usize];
        if let Some(key) = visit.rest.key {
            let rest = Rest { key: None, ..visit.rest };
            if let Some(next) = node.names.get(key) {
                go(*next, rest, Step::Name);
            }
            let patterns = node.patterns.values().flatten().filter(|(own, _)| own.fits(key));
            patterns.for_each(|(_, next)| go(*next, rest, Step::Pattern));
            if let Some(next) = node.parameter {
                go(next, rest, Step::Parameter);
            }
            return;
        }
        let Some((segment, segments)) = visit.rest.segments.split_first() else { return };
        let rest = Rest { segments, key: None };
        if let Some(next) = node.names.get(&segment.text) {
            go(*next, rest, Step::Name);
        }
        let repeated = |text: &str| node.repeated.as_ref().filter(|(name, _)| *name == text).map(|(_, next)| *next);
        if let Some(next) = repeated(&segment.text) {
            go(next, rest, Step::Pattern);
        }
        if let Some((name, key)) = &segment.call {
            if let Some((key, next)) = key.as_deref().zip(repeated(name)) {
                go(next, Rest { segments, key: Some(key) }, Step::Pattern);
            }
            if let Some((key, next)) = key.as_deref().zip(node.names.get(name)) {
                go(*next, Rest { segments, key: Some(key) }, Step::Name);
            }
            let own = node.patterns.get(name).into_iter().flatten();
            for (_, next) in own.filter(|(own, _)| fits_call(own, &segment.text)) {
                go(*next, rest, Step::Pattern);
            }
        }
        if let Some(own) = node.patterns.get("") {
            for (_, next) in own.iter().filter(|(own, _)| own.fits(&segment.text)) {
                go(*next, rest, Step::Pattern);
            }
        }
        if let Some(next) = node.parameter.filter(|_| segment.is_value()) {
            go(next, rest, Step::Parameter);
        }
    }

    /// The versions, each with its node, the one first that is no preview.
    pub(super) fn versions(&self) -> Vec<(&str, u32)> {
        let names = self.nodes[0].names.iter().filter(|(name, _)| is_version(name));
        let mut versions: Vec<(&str, u32)> = names.map(|(name, next)| (name.as_str(), *next)).collect();
        versions.sort_by_key(|(name, _)| *name == "beta");
        versions
    }

    /// The routes below a node that fit a path.
    fn fitting(&self, node: u32, path: &[PathSegment]) -> Vec<Near> {
        let (mut near, start) =
            (Vec::new(), Visit { node, rest: Rest { segments: path, key: None }, depth: 0, rank: PathRank::default() });
        self.walk(start, |visit| {
            if visit.rest.is_empty() && near.len() < MOST_NEAR {
                near.extend(self.ends(visit.node));
            }
        });
        near
    }

    /// The version that a path without one lacks: the first that has the whole path, or else its first name.
    pub(super) fn lacking_version(&self, path: &[PathSegment]) -> Option<&str> {
        let first =
            path.first().filter(|own| !is_version(&own.text) && !self.nodes[0].names.contains_key(&own.text))?;
        let name = first.call.as_ref().map_or(first.text.as_str(), |(name, _)| name.as_str());
        let has_name = |(_, node): &&(&str, u32)| self.nodes[*node as usize].names.contains_key(name);
        let versions = self.versions();
        let whole = versions.iter().find(|(_, node)| !self.fitting(*node, path).is_empty());
        whole.or_else(|| versions.iter().find(has_name)).map(|(version, _)| *version)
    }

    /// The routes that are nearest to a path that fits none, some dozens at most: those of another version that has the path, or else those below the
    /// longest beginning that fits, and first those whose next name is alike. What has no more than its version in common with a path is not near.
    pub(super) fn nearest(&self, path: &[PathSegment]) -> Vec<Near> {
        let mut near = Vec::new();
        let Some((first, rest)) = path.split_first() else { return near };
        let versions = self.versions();
        if is_version(&first.text) && self.find(path).is_empty() {
            let elsewhere = versions.iter().map(|(_, node)| self.fitting(*node, rest)).find(|own| !own.is_empty());
            if let Some(elsewhere) = elsewhere {
                return elsewhere;
            }
        }
        self.near(0, path, &mut near);
        let top = &self.nodes[0];
        if !near.is_empty() || top.names.contains_key(&first.text) {
            return near;
        }
        // Where not even the version is known, the rest may be.
        let rest = if is_version(&first.text) { rest } else { path };
        let versions = versions.into_iter().map(|(_, node)| node);
        let starts = self.alike(top, first).into_iter().filter(|next| self.is_top(*next)).chain(versions);
        for start in starts.collect::<Vec<u32>>() {
            if !near.is_empty() {
                break;
            }
            self.near(start, rest, &mut near);
        }
        near
    }

    /// Whether a node is the root or that of a version, which all routes below it have in common.
    fn is_top(&self, node: u32) -> bool {
        node == 0 || self.nodes[0].names.iter().any(|(name, next)| *next == node && is_version(name))
    }

    /// Those below a node.
    fn near(&self, node: u32, path: &[PathSegment], near: &mut Vec<Near>) {
        let start = Visit { node, rest: Rest { segments: path, key: None }, depth: 0, rank: PathRank::default() };
        let mut deepest: Option<Visit<'_>> = None;
        self.walk(start, |visit| {
            let is_better = deepest
                .as_ref()
                .is_none_or(|own| (own.rest.segments.len(), own.rank) > (visit.rest.segments.len(), visit.rank));
            if is_better {
                deepest = Some(Visit { ..*visit });
            }
        });
        let Some(deepest) = deepest.filter(|own| own.node != 0) else { return };
        let own = &self.nodes[deepest.node as usize];
        near.extend(self.ends(deepest.node));
        let from = near.len();
        if let Some((wrong, rest)) = deepest.rest.segments.split_first() {
            for next in self.alike(own, wrong) {
                let start =
                    Visit { node: next, rest: Rest { segments: rest, key: None }, depth: 0, rank: PathRank::default() };
                self.walk(start, |visit| {
                    if visit.rest.is_empty() && near.len() < MOST_NEAR {
                        near.extend(self.ends(visit.node));
                    }
                });
                near.extend(self.ends(next));
                self.below(next, near);
            }
        }
        if near.len() < from + MOST_BELOW && !self.is_top(deepest.node) {
            self.below(deepest.node, near);
        }
    }

    /// What follows a node by a name that is alike, the likest first.
    fn alike(&self, node: &Node, wrong: &PathSegment) -> Vec<u32> {
        let name = wrong.call.as_ref().map_or(wrong.text.as_str(), |(name, _)| name.as_str());
        let length = name.chars().count();
        let names = node.names.iter().take(MOST_NAMES).map(|(own, next)| (own.as_str(), *next));
        let calls = node.patterns.iter().take(MOST_NAMES);
        let calls = calls.flat_map(|(own, all)| all.iter().map(move |(_, next)| (own.as_str(), *next)));
        let near_in_length = names.chain(calls).filter(|(own, _)| own.len().abs_diff(length) <= 2 + length / 3);
        let letters = Letters::of(name);
        let near_in_length = near_in_length.filter(|(own, _)| letters.may_be_alike(own));
        let scored = near_in_length.map(|(own, next)| (likeness(own, name), own, next));
        let mut scored: Vec<(f64, &str, u32)> = scored.filter(|(score, ..)| *score >= ALIKE).collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        scored.into_iter().take(4).map(|(.., next)| next).collect()
    }

    /// The routes that end at a node.
    fn ends(&self, node: u32) -> impl Iterator<Item = Near> {
        self.nodes[node as usize].ends.iter().take(MOST_NEAR).map(move |route| Near { node, route: *route })
    }

    /// The first routes below a node, the shortest first.
    fn below(&self, start: u32, near: &mut Vec<Near>) {
        let most = MOST_NEAR.min(near.len() + MOST_BELOW);
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front().filter(|_| near.len() < most) {
            let own = &self.nodes[node as usize];
            if node != start {
                near.extend(self.ends(node));
            }
            let room = (4 * MOST_BELOW).saturating_sub(open.len());
            let patterns = own.patterns.values().flatten().map(|(_, next)| *next);
            let mut next: Vec<u32> =
                own.parameter.into_iter().chain(own.names.values().copied()).chain(patterns).take(room).collect();
            // In the order of the routes, whatever the order of a map.
            next.sort_unstable();
            open.extend(next);
        }
    }
}

/// How alike two names are, from 0 to 1: by how many letters have to be added, left out, replaced or swapped.
fn likeness(one: &str, other: &str) -> f64 {
    let longer = one.chars().count().max(other.chars().count());
    if longer == 0 { 1.0 } else { 1.0 - strsim::osa_distance(one, other) as f64 / longer as f64 }
}

impl Rest<'_> {
    fn is_empty(&self) -> bool {
        self.segments.is_empty() && self.key.is_none()
    }
}

/// What stands before the parentheses of a pattern, if it is all text; patterns that begin with a parameter have nothing in common.
fn prefix(segment: &Segment) -> &str {
    let first = segment.parts.first();
    let is_call =
        segment.arguments.is_some() && matches!(first, Some(crate::url::Part::Literal(text)) if text.contains('('));
    if is_call { &segment.name } else { "" }
}

/// Whether a received segment is a call that a pattern describes, its arguments in any order.
fn fits_call(own: &Segment, text: &str) -> bool {
    if own.fits(text) {
        return true;
    }
    let Some(expected) = &own.arguments else { return false };
    let Some(actual) = Segment::of_decoded(text).arguments.filter(|actual| actual.len() == expected.len()) else {
        return false;
    };
    let mut actual: Vec<_> =
        actual.iter().map(|argument| (argument.name.as_deref(), argument.value.as_str())).collect();
    let mut expected: Vec<_> =
        expected.iter().map(|argument| (argument.name.as_deref(), argument.value.as_str())).collect();
    actual.sort_unstable();
    expected.sort_unstable();
    let mut both = expected.iter().zip(&actual);
    both.all(|((name, value), (own_name, own))| name.is_some() && name == own_name && fits_value(value, own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::split_path;

    const ROUTES: [&str; 18] = [
        "/v1.0/users",
        "/v1.0/users/{id}",
        "/v1.0/users/delta",
        "/v1.0/users('{id}')/messages",
        "/v1.0/me/drive/root:/{path}:/content",
        "/v1.0/me/drive/items/{id}/content",
        "/v1.0/me/reminderView(from='{from}',to='{to}')",
        "/v1.0/me/microsoft.graph.sendMail",
        "/v1.0/users/$count",
        "/v1.0/tables/{id}/rows",
        "/v1.0/sites/{host}:/{path}",
        "/v1.0/apps(appId='{appId}')",
        "/v1.0/f(a=1,b='x')",
        "/beta/users",
        "/v1.0/classes/11111111-2222-4333-8444-555555555555/tasks('AAMk=')",
        "/v1.0/folders/{id}/folders/{id}/.../mails/{id}",
        "/v1.0/photos/{size}/$value",
        "/v1.0/photos/48x48/$value",
    ];

    fn index() -> RouteIndex {
        let mut index = RouteIndex::new();
        for (number, route) in (0..).zip(ROUTES) {
            index.add(&Template::read(route).with_any_keys().folded(), number);
        }
        index
    }

    fn segments(path: &str) -> Vec<PathSegment> {
        split_path(path).into_iter().map(PathSegment::read).collect()
    }

    /// The routes that fit a path, the most exact first.
    #[track_caller]
    fn check(path: &str, expected: &[&str]) {
        let mut found = index().find(&segments(path));
        found.sort();
        let found: Vec<&str> = found.into_iter().map(|(_, route)| ROUTES[route as usize]).collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn a_name_comes_before_a_parameter() {
        check("/v1.0/users", &["/v1.0/users"]);
        check("/v1.0/users/delta", &["/v1.0/users/delta", "/v1.0/users/{id}"]);
        check("/v1.0/users/delta()", &["/v1.0/users/delta"]);
        check("/V1.0/Users/7", &["/v1.0/users/{id}"]);
    }

    #[test]
    fn keys_stand_in_parentheses_or_in_a_segment() {
        check("/v1.0/users('7')", &["/v1.0/users/{id}"]);
        check("/v1.0/users/7/messages", &["/v1.0/users('{id}')/messages"]);
        check("/v1.0/users(%27a%20b%27)/messages", &["/v1.0/users('{id}')/messages"]);
        check("/v1.0/tables/Table (1)/rows", &["/v1.0/tables/{id}/rows"]);
        check("/v1.0/users()/7/messages", &["/v1.0/users('{id}')/messages"]);
        check("/v1.0/users//messages", &[]);
    }

    #[test]
    fn keys_of_examples_stand_for_any() {
        let route = "/v1.0/classes/11111111-2222-4333-8444-555555555555/tasks('AAMk=')";
        check("/v1.0/classes/7/tasks/8", &[route]);
        check("/v1.0/classes('7')/tasks('8')", &[route]);
        check("/v1.0/photos/64x64/$value", &["/v1.0/photos/{size}/$value", "/v1.0/photos/48x48/$value"]);
        check("/v1.0/classes/7/tasks", &[]);
    }

    #[test]
    fn what_three_dots_stand_for_may_come_again() {
        let route = "/v1.0/folders/{id}/folders/{id}/.../mails/{id}";
        for between in ["", "/folders/3", "/folders('3')/folders/4/folders/5"] {
            check(&format!("/v1.0/folders/1/folders/2{between}/mails/7"), &[route]);
        }
        check("/v1.0/folders/1/mails/7", &[]);
        check("/v1.0/folders/1/folders/2/mails/3/mails/7", &[]);
        check("/v1.0/folders/1/folders/2/folders/mails/7", &[]);
    }

    #[test]
    fn what_is_odatas_own_is_no_key() {
        check("/v1.0/users/$count", &["/v1.0/users/$count"]);
        check("/v1.0/users/$value", &[]);
    }

    #[test]
    fn functions_and_addressed_paths_are_found() {
        check("/v1.0/me/reminderView(To='2',from='1')", &["/v1.0/me/reminderView(from='{from}',to='{to}')"]);
        check("/v1.0/me/reminderView(from='1')", &[]);
        check("/v1.0/me/sendmail", &["/v1.0/me/microsoft.graph.sendMail"]);
        check("/v1.0/me/drive/root:/a/b.txt:/content", &["/v1.0/me/drive/root:/{path}:/content"]);
        check("/v1.0/sites/contoso.example:/teams/one", &["/v1.0/sites/{host}:/{path}"]);
        check("/v1.0/apps(appid='1')", &["/v1.0/apps(appId='{appId}')"]);
        check("/v1.0/f(b='x',a=1)", &["/v1.0/f(a=1,b='x')"]);
        check("/v1.0/f(b='y',a=1)", &[]);
    }

    #[test]
    fn the_nearest_routes_begin_alike() {
        let check = |path: &str, expected: &str| {
            let near = index().nearest(&segments(path));
            assert_eq!(near.first().map(|near| ROUTES[near.route as usize]), Some(expected), "{path}");
        };
        check("/v1.0/users/7/mesages", "/v1.0/users/{id}");
        check("/v1.0/usres/7", "/v1.0/users/{id}");
        check("/v2.0/users", "/v1.0/users");
        check("/v1.0/me/drive/items/7", "/v1.0/me/drive/items/{id}/content");
    }
}
