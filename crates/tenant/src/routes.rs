//! The resource paths of the contracts as a tree, and what each contract does to the resource at its path. Segments alternate
//! as OData lets them (OData URL Conventions 4.01 section 4): the name of a collection, the key of one of its objects, and so on.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::documented::{Documented, Envelope, body, envelope};
use super::found::{Found, Named, Step, name_key};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::url::{Argument, Segment, Target, decode, split_path, split_scheme};

/// The longest word that is a name.
const LONGEST_WORD: usize = 24;

/// The tree. Its root is the first node.
#[derive(Debug)]
pub(super) struct Routes {
    nodes: Vec<Node>,
    /// Whether keys may be addressed by the names of their properties.
    has_named_keys: bool,
    /// Contracts whose request may be answered with a conflict, and those that document it.
    conflicts: HashMap<usize, usize>,
}

/// One segment of one or more routes.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// What follows, by name. Names are matched in any case, as Microsoft Graph does.
    names: HashMap<String, usize>,
    /// What follows behind a key.
    key: Option<usize>,
    /// Functions and other segments with parameters inside.
    patterns: Vec<(Segment, usize)>,
    /// What the contracts do here.
    pub(super) operations: Vec<Operation>,
    /// The properties beside the identifier by which an object of the collection is addressed.
    pub(super) alternates: BTreeSet<String>,
    /// The words by which examples address an object of the collection, in lower case.
    pub(super) words: BTreeSet<String>,
}

/// What a contract does to the resource at its path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub(super) contract: usize,
    pub(super) kind: Kind,
    /// Whether the documented response is a success. Errors cannot be provoked.
    pub(super) succeeds: bool,
}

/// The kinds of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Makes an object of the collection.
    Create,
    /// Gives the collection's objects.
    List,
    /// Gives the object or resource.
    Read,
    /// Changes the object or resource.
    Update,
    /// Removes the object.
    Delete,
    /// Answers as documented and changes nothing.
    Act,
}

impl Routes {
    pub(super) fn new(contracts: &[Contract], has_named_keys: bool) -> Routes {
        let mut routes = Routes { nodes: vec![Node::default()], has_named_keys, conflicts: HashMap::new() };
        // The documented response to a request is the first, its alternatives cannot be asked for. They stand in for one that
        // is an error.
        let by_id: HashMap<&str, usize> = contracts.iter().enumerate().map(|(i, one)| (one.id.as_str(), i)).collect();
        let mut successes: HashMap<usize, usize> = HashMap::new();
        let mut creations: Vec<(usize, String)> = Vec::new();
        for (index, contract) in contracts.iter().enumerate().filter(|(_, contract)| contract.response.status == 409) {
            if let Some(first) = contract.alternative_of.as_deref().and_then(|id| by_id.get(id)) {
                routes.conflicts.insert(*first, index);
            }
        }
        for (index, contract) in contracts.iter().enumerate().filter(|(_, contract)| contract.response.status < 400) {
            if let Some(first) = contract.alternative_of.as_deref().and_then(|id| by_id.get(id)) {
                successes.entry(*first).or_insert(index);
            }
        }
        for (index, contract) in contracts.iter().enumerate().filter(|(_, one)| one.alternative_of.is_none()) {
            let success = if contract.response.status < 400 { Some(index) } else { successes.get(&index).copied() };
            for route in &contract.routes {
                let base = Target::read(&contract.request.url).base;
                let version = contract.version().map(|version| format!("/{version}")).unwrap_or_default();
                let (node, last) = routes.insert(&format!("{base}{version}{}", route.path));
                let answering = &contracts[success.unwrap_or(index)];
                let kind = kind(answering, &last);
                let operation = Operation { contract: success.unwrap_or(index), kind, succeeds: success.is_some() };
                routes.nodes[node].operations.push(operation);
                match (kind, last) {
                    (Kind::List, _) => drop(routes.key_of(node)),
                    (Kind::Create, Step::Name(name)) => creations.push((node, name)),
                    _ => {}
                }
            }
        }
        // As documented, nobody finds out which of both it is.
        let creations = if has_named_keys { routes.without_actions(creations, contracts) } else { creations };
        for (node, _) in creations {
            routes.key_of(node);
        }
        for contract in contracts {
            routes.add_words(&contract.request.url);
        }
        routes
    }

    /// The names of all collections, in the form in which they are compared.
    pub(super) fn collection_names(&self) -> HashSet<String> {
        let names = self.nodes.iter().flat_map(|node| &node.names);
        names.filter(|(_, node)| self.nodes[**node].is_collection()).map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn make_action(&mut self, node: usize) {
        self.nodes[node].operations.iter_mut().for_each(|own| own.kind = Kind::Act);
    }

    /// The node behind a name.
    pub(super) fn named(&self, node: usize, name: &str) -> Option<usize> {
        self.nodes[node].names.get(&name_key(name)).copied()
    }

    /// The node of the collection that a place is in, in whichever version has it.
    pub(super) fn collection_of(&self, place: &[String]) -> Option<usize> {
        self.node_of(place.split_last()?.1)
    }

    /// The versions, `v1.0` before `beta`: each time in the same order.
    fn versions(&self) -> Vec<&String> {
        let mut versions: Vec<&String> = self.nodes[0].names.keys().collect();
        versions.sort_unstable_by(|one, other| other.cmp(one));
        versions
    }

    /// The node of a place, in whichever version has it.
    pub(super) fn node_of(&self, place: &[String]) -> Option<usize> {
        let descend = |node: usize| {
            place.iter().try_fold(node, |node, segment| match segment.starts_with('\'') {
                true => self.nodes[node].key,
                false => self.nodes[node].names.get(segment).copied(),
            })
        };
        self.versions().into_iter().find_map(|version| descend(self.nodes[0].names[version]))
    }

    /// Whether a contract links objects by the navigation property of a name, wherever it is.
    pub(super) fn is_linkable(&self, name: &str, contracts: &[Contract]) -> bool {
        let references = self.nodes.iter().filter_map(|node| self.named(*node.names.get(name)?, "$ref"));
        references
            .flat_map(|node| &self.nodes[node].operations)
            .any(|operation| matches!(contracts[operation.contract].request.method.as_str(), "POST" | "PUT"))
    }

    /// The contract that answers a request like that of another one with a conflict.
    pub(super) fn conflict(&self, contract: usize) -> Option<usize> {
        self.conflicts.get(&contract).copied()
    }

    /// Keeps the words by which the URL of an example addresses objects. An identifier has digits or is long. A name with more behind it, where others have
    /// a key, is such a word, too: what pages show of `mailFolders/inbox` alone is about an object that `mailFolders` have.
    fn add_words(&mut self, url: &str) {
        let Some(found) = self.find(split_scheme(url).map_or(url, |rest| rest.find('/').map_or("", |at| &rest[at..])))
        else {
            return;
        };
        for (index, (step, _)) in found.steps.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| found.steps[before].1);
            let word = match step {
                Step::Key(word) => word,
                Step::Name(word)
                    if index > found.root
                        && index + 1 < found.steps.len()
                        && before.is_some_and(|before| self.nodes[before].key.is_some()) =>
                {
                    word
                }
                _ => continue,
            };
            let is_word = word.len() <= LONGEST_WORD && word.bytes().all(|byte| byte.is_ascii_alphabetic());
            if is_word && let Some(collection) = before {
                self.nodes[collection].words.insert(word.to_lowercase());
            }
        }
    }

    pub(super) fn node(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    /// The contract that shows best what the objects of a collection are like.
    pub(super) fn specimen<'a>(&self, collection: usize, contracts: &'a [Contract]) -> Option<Documented<'a>> {
        let of = |node: usize| self.nodes[node].operations.iter().filter(|operation| operation.succeeds);
        let read = self.nodes[collection].key.into_iter().flat_map(of);
        let read = read.filter(|operation| matches!(operation.kind, Kind::Read | Kind::Update));
        let listed = of(collection).filter(|operation| operation.kind == Kind::List);
        read.chain(listed).find_map(|operation| Documented::of(&contracts[operation.contract]))
    }

    /// Finds a path, names before keys.
    pub(super) fn find(&self, path: &str) -> Option<Found> {
        self.find_where(path, &|_| true)
    }

    /// Finds a path that leads to a node of which this holds, names before keys.
    pub(super) fn find_where(&self, path: &str, is_meant: &dyn Fn(usize) -> bool) -> Option<Found> {
        let target = Target::read(path);
        let root = split_path(target.base).len() + usize::from(target.version.is_some());
        let mut steps = Vec::new();
        let segments: Vec<Segment> = Segment::of_path(path).into_iter().map(ordered).collect();
        self.descend(0, &segments, is_meant, &mut steps).then_some(Found { steps, root, cast: None })
    }

    /// Finds a path in whichever version has it.
    pub(super) fn find_below_version(&self, path: &str) -> Option<Found> {
        let path = path.trim_matches('/');
        let paths = self.versions().into_iter().map(|version| format!("/{version}/{path}"));
        paths
            .chain([format!("/{path}")])
            .find_map(|path| self.find(&path).filter(|found| found.steps.len() > found.root))
    }

    /// The node of the collection whose changes the path asks for, if it ends with the function `delta`.
    pub(super) fn delta(&self, found: &Found) -> Option<usize> {
        let (last, _) = found.steps.last()?;
        let name = match last {
            Step::Name(name) => name_key(name),
            Step::Pattern(text) => text.split('(').next().unwrap_or_default().to_ascii_lowercase(),
            Step::Key(_) | Step::Named(_) => return None,
        };
        let is_delta = matches!(name.as_str(), "delta" | "microsoft.graph.delta");
        Some(found.parent()).filter(|parent| is_delta && self.nodes[*parent].is_collection())
    }

    /// Adds the steps from a node along the segments; `false` if there is no such way. No node is visited twice.
    fn descend(
        &self,
        node: usize,
        segments: &[Segment],
        is_meant: &dyn Fn(usize) -> bool,
        steps: &mut Vec<(Step, usize)>,
    ) -> bool {
        let Some((segment, rest)) = segments.split_first() else { return is_meant(node) };
        let own = &self.nodes[node];
        let decoded = decode(&segment.text);
        let mut ways: Vec<Vec<(Step, usize)>> = Vec::new();
        ways.extend(self.by_named_key(own, segment));
        ways.extend(own.names.get(&name_key(&decoded)).map(|next| vec![(Step::Name(decoded.to_string()), *next)]));
        let patterns = own.patterns.iter().filter(|(pattern, _)| pattern.fits(&decoded));
        ways.extend(patterns.map(|(_, next)| vec![(Step::Pattern(decoded.to_string()), *next)]));
        // A key may stand in parentheses (OData URL Conventions 4.01 section 4.3.1).
        if let Some(key) = segment.key()
            && let Some(collection) = own.names.get(&name_key(&segment.name))
            && let Some(next) = self.nodes[*collection].key
        {
            ways.push(vec![(Step::Name(segment.name.clone()), *collection), (Step::Key(key.into_owned()), next)]);
        }
        let key = own.key.filter(|_| !decoded.is_empty());
        ways.extend(key.map(|next| vec![(Step::Key(decoded.to_string()), next)]));
        ways.into_iter().any(|way| {
            let (length, next) = (steps.len(), way.last().map_or(node, |(_, next)| *next));
            steps.extend(way);
            let is_way = self.descend(next, rest, is_meant, steps);
            if !is_way {
                steps.truncate(length);
            }
            is_way
        })
    }

    /// The way to an object by a key with names. What has parameters and no objects is a function.
    fn by_named_key(&self, own: &Node, segment: &Segment) -> Option<Vec<(Step, usize)>> {
        let arguments = segment.arguments.as_ref().filter(|_| self.has_named_keys)?;
        let key = |argument: &Argument| Some((argument.name.clone()?, argument.unquoted().into_owned()));
        let keys: Vec<(String, String)> = arguments.iter().map(key).collect::<Option<_>>()?;
        let collection = *own.names.get(&name_key(&segment.name))?;
        let next = self.nodes[collection].key?;
        let is_object = !self.nodes[next].names.is_empty() || !self.nodes[next].operations.is_empty();
        let text = keys.iter().map(|(name, value)| format!("{name}='{value}'")).collect::<Vec<_>>().join(",");
        let steps = vec![(Step::Name(segment.name.clone()), collection), (Step::Named(Named { text, keys }), next)];
        (is_object && !arguments.is_empty()).then_some(steps)
    }

    /// The node of a template, and how its last segment is found.
    fn insert(&mut self, path: &str) -> (usize, Step) {
        let (mut node, mut last) = (0, Step::Name(String::new()));
        for segment in Segment::of_path(path).into_iter().map(ordered) {
            if let (Some(key), false) = (segment.key(), segment.is_placeholder()) {
                let collection = self.name_of(node, &segment.name);
                node = self.key_of(collection);
                last = Step::Key(key.into_owned());
            } else if !segment.has_parameters() {
                node = self.name_of(node, &decode(&segment.text));
                last = Step::Name(segment.text);
            } else if let Some(parameter) = segment.parameter() {
                let names = parameter.split('|').map(str::trim);
                let is_name = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !name.is_empty();
                if parameter.contains('|') {
                    let names = names.filter(is_name).filter(|name| !name.eq_ignore_ascii_case("id"));
                    self.nodes[node].alternates.extend(names.map(str::to_owned));
                }
                node = self.key_of(node);
                last = Step::Key(segment.text);
            } else {
                last = Step::Pattern(segment.text.clone());
                node = self.pattern_of(node, segment);
            }
        }
        (node, last)
    }

    fn name_of(&mut self, node: usize, name: &str) -> usize {
        let next = self.nodes.len();
        let found = *self.nodes[node].names.entry(name_key(name)).or_insert(next);
        self.reach(found)
    }

    fn key_of(&mut self, node: usize) -> usize {
        let next = self.nodes.len();
        let found = *self.nodes[node].key.get_or_insert(next);
        self.reach(found)
    }

    fn pattern_of(&mut self, node: usize, pattern: Segment) -> usize {
        let next = self.nodes.len();
        let patterns = &mut self.nodes[node].patterns;
        let found = patterns.iter().find(|(own, _)| *own == pattern).map(|(_, next)| *next);
        let found = found.unwrap_or_else(|| {
            patterns.push((pattern, next));
            next
        });
        self.reach(found)
    }

    /// A node, which is added if it is the next one.
    fn reach(&mut self, node: usize) -> usize {
        if node == self.nodes.len() {
            self.nodes.push(Node::default());
        }
        node
    }
}

impl Node {
    /// Whether objects have keys here.
    pub(super) fn is_collection(&self) -> bool {
        self.key.is_some()
    }

    /// Whether clients create the objects; otherwise they were there before.
    pub(super) fn is_creatable(&self) -> bool {
        self.operations.iter().any(|operation| operation.kind == Kind::Create)
    }
}

/// What a contract does, as its method, its response and the end of its route say.
fn kind(contract: &Contract, last: &Step) -> Kind {
    let response = &contract.response;
    match (contract.request.method.as_str(), last) {
        // `$ref` and `$value` are not collections (OData URL Conventions 4.01 sections 4.6 to 4.8).
        ("POST", Step::Name(name)) if !name.starts_with('$') => {
            let has_id = Documented::of(contract).is_some_and(|documented| documented.resource.get("id").is_some());
            let is_single = envelope(contract) != Envelope::Collection;
            let is_create = response.status == 201 || (response.status == 200 && has_id);
            if is_create && is_single { Kind::Create } else { Kind::Act }
        }
        // Only objects have keys.
        ("GET" | "HEAD", Step::Name(_)) if envelope(contract) == Envelope::Collection && lists_objects(contract) => {
            Kind::List
        }
        ("GET" | "HEAD", Step::Name(_) | Step::Key(_)) if Documented::of(contract).is_some() => Kind::Read,
        // What a GET of an object answers is the object, whatever the page shows.
        ("GET" | "HEAD", Step::Key(_)) if body(contract).is_none() && response.body.is_none() => Kind::Read,
        ("PATCH" | "PUT", Step::Name(_) | Step::Key(_))
            if !matches!(contract.request.body, Some(Body::Text(_) | Body::Bytes(_))) =>
        {
            Kind::Update
        }
        ("DELETE", Step::Key(_)) => Kind::Delete,
        _ => Kind::Act,
    }
}

/// Whether the documented collection is one of objects, as far as the page shows any of it.
fn lists_objects(contract: &Contract) -> bool {
    match body(contract).and_then(|body| body.get("value")) {
        Some(Json::Array(items)) => items.iter().all(|item| matches!(item, Json::Object(_))),
        _ => true,
    }
}

/// A segment with the parameters of a function by their names, which may stand in any order (OData URL Conventions 4.01 section 4.5.2).
fn ordered(segment: Segment) -> Segment {
    let mut forms = segment.clone().in_one_form();
    if forms.len() == 1 { forms.remove(0) } else { segment }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(paths: &[&str]) -> Routes {
        let mut routes = Routes { nodes: vec![Node::default()], has_named_keys: true, conflicts: HashMap::new() };
        paths.iter().for_each(|path| drop(routes.insert(path)));
        routes
    }

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        let routes = routes(&[
            "/v1.0/users/{id}/notes",
            "/v1.0/users/delta",
            "/v1.0/f(day='{day}')/rows",
            "/beta/it('{x}')",
            "/api/v2.0/companies({id})/lamps",
            "/v1.0/g(to={to},from={from})",
            "/v1.0/rooms('1')/lamps",
        ]);
        let place =
            |found: Found| (found.root..found.steps.len()).filter_map(|at| found.segment(at)).collect::<Vec<_>>();
        let found = routes.find(path).map(|found| place(found).join("/"));
        assert_eq!(found.as_deref(), expected, "{path}");
    }

    #[test]
    fn paths_lead_to_places() {
        check("/v1.0/users", Some("users"));
        check("/beta/IT('a%20b')", Some("it/'a b"));
        check("/v1.0/Users/7/notes/", Some("users/'7/notes"));
        check("/v1.0/users('7')/notes", Some("users/'7/notes"));
        check("/v1.0/users('O''Neil=')/notes", Some("users/'O'Neil=/notes"));
        check("/v1.0/users('a','b')/notes", None);
        check("/v1.0/users/delta()", Some("users/delta"));
        check("/v1.0/users/delta/notes", Some("users/'delta/notes"));
        check("/v1.0/f(day='D7')/rows", Some("f(day='D7')/rows"));
        check("/v1.0/users/7/nothing", None);
        check("/v1.0/users//notes", None);
        check("/beta/users", None);
        check("/api/v2.0/companies(7)/lamps", Some("companies/'7/lamps"));
        check("/api/v2.0/companies/7/lamps", Some("companies/'7/lamps"));
        check("/v1.0/g(from=1,to=2)", Some("g(from=1,to=2)"));
        check("/v1.0/g(to=2,from=1)", Some("g(from=1,to=2)"));
        check("/v1.0/rooms/2/lamps", Some("rooms/'2/lamps"));
    }
}
