//! What a contract's request is called and sends: its route, its last name, its permissions and the members of its body.

use super::super::phase::Phase;
use super::words::words;
use graph_contracts::contract::{Body, Contract, Grant};
use graph_contracts::json::Json;
use graph_contracts::url::{Segment, Target};

/// A name, as written and as words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) words: Vec<String>,
}

/// What is known of an operation without reading any prose.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// The names in the route, without namespaces, keys and parameters.
    pub(super) route: Vec<Name>,
    /// The same as one text, in lower case: `me/messages`.
    pub(super) at: String,
    /// What is called: the action; `None` where the operation creates, changes or deletes an object.
    pub(super) action: Option<Name>,
    /// What may be one: the last name of a POST, too. Some actions answer as if they created something.
    pub(super) called: Option<Name>,
    /// The permissions with which one can do more than read, but for those for the whole directory.
    pub(super) permissions: Vec<Name>,
    /// The members of the body and the parameters of the query that say something.
    pub(super) members: Vec<Name>,
}

/// What refers to a property or to a link of what stands before it (OData URL Conventions 4.01 sections 4.6 to 4.9).
const SYSTEM: [&str; 4] = ["$ref", "$value", "$count", "$links"];

/// Permissions for everything in a directory: that an operation takes them says nothing about it.
const BROAD: &str = "directory";

impl Name {
    fn new(text: &str) -> Name {
        Name { text: text.to_owned(), words: words(text) }
    }
}

impl Operation {
    /// What is known of a contract on one of its routes.
    pub(super) fn of(contract: &Contract, route: &str, phase: Phase) -> Operation {
        let segments = Segment::of_path(route);
        let is_link = segments.last().is_some_and(|last| SYSTEM.contains(&last.name.to_ascii_lowercase().as_str()));
        let last_is_name = segments.last().is_some_and(|last| !last.is_placeholder() && last.key().is_none());
        let is_qualified = last_is_name && segments.last().is_some_and(|last| last.qualified().is_some());
        let names: Vec<Name> = segments
            .iter()
            .filter(|segment| {
                !segment.is_placeholder() && !SYSTEM.contains(&segment.name.to_ascii_lowercase().as_str())
            })
            .map(|segment| Name::new(segment.qualified().map_or(segment.name.as_str(), |(_, name)| name)))
            .collect();
        let method = contract.request.method.as_str();
        let action = match phase {
            // Business Central documents actions as methods: `CANCELANDSEND`.
            _ if !matches!(method, "POST" | "PATCH" | "PUT" | "DELETE" | "MERGE") => Some(Name::new(method)),
            Phase::Action if last_is_name && !is_link => names.last().cloned(),
            _ if is_qualified => names.last().cloned(),
            _ => None,
        };
        let posted = (method == "POST" && last_is_name && !is_link).then(|| names.last().cloned()).flatten();
        let called = action.clone().or(posted);
        let at = names.iter().map(|name| name.text.to_lowercase()).collect::<Vec<_>>().join("/");
        Operation {
            route: names,
            at,
            action,
            called,
            permissions: permissions(contract, route),
            members: members(contract),
        }
    }

    /// The last name of the route: a collection, a property, or an action.
    pub(super) fn last(&self) -> Option<&Name> {
        self.route.last()
    }
}

/// The permissions that let somebody write on a route, on any account.
fn permissions(contract: &Contract, route: &str) -> Vec<Name> {
    let stated = contract.permissions_on(route);
    let grants = [&stated.delegated_work, &stated.delegated_personal, &stated.application];
    let names = grants.into_iter().flat_map(Grant::sets).flatten().chain(&stated.prose).map(|name| Name::new(name));
    let is_reading =
        |name: &Name| name.words.iter().any(|word| word == "read") && !name.words.iter().any(|word| word == "write");
    let is_broad = |name: &Name| name.words.first().is_some_and(|first| first == BROAD);
    names.filter(|name| !is_reading(name) && !is_broad(name)).collect()
}

/// The members that a request sends, at any depth, and the parameters of its query. What is empty, `null` or `false` says nothing.
fn members(contract: &Contract) -> Vec<Name> {
    let mut found = Vec::new();
    match &contract.request.body {
        Some(Body::Json(json)) => {
            let mut rest = vec![json];
            while let Some(json) = rest.pop() {
                match json {
                    Json::Object(members) => {
                        for member in members.iter().filter(|member| is_something(&member.value)) {
                            found.extend(name_of_member(&member.name));
                            found.extend(enabled(&member.name, &member.value));
                            rest.push(&member.value);
                        }
                    }
                    Json::Array(items) => rest.extend(items),
                    _ => {}
                }
            }
        }
        // What is no JSON may still be meant as such: every quoted name counts.
        Some(body @ (Body::Text(_) | Body::Bytes(_))) => {
            let text = body.to_text();
            let quoted = text.split('"').collect::<Vec<_>>();
            let names = quoted.windows(2).filter(|pair| pair[1].trim_start().starts_with(':'));
            found.extend(names.filter_map(|pair| name_of_member(pair[0])));
        }
        None => {}
    }
    let query = Target::read(&contract.request.url).query_parameters();
    let is_said = |value: &str| !matches!(value, "" | "false" | "null");
    found.extend(
        query.iter().filter(|(name, value)| !name.starts_with('$') && is_said(value)).map(|(name, _)| Name::new(name)),
    );
    found
}

/// The name of a member, and of the property that a link is for (`members@odata.bind`). Other annotations are about something else.
fn name_of_member(name: &str) -> Option<Name> {
    match name.split_once('@') {
        None => Some(Name::new(name)),
        Some((property, "odata.bind" | "bind")) => Some(Name::new(property)),
        Some(_) => None,
    }
}

/// A state that says that something is on, whatever it is: as a name of its own, `stateEnabled`.
fn enabled(name: &str, value: &Json) -> Option<Name> {
    let is_state = ["state", "status"].iter().any(|own| name.eq_ignore_ascii_case(own));
    let is_on = value.as_str().is_some_and(|value| value.eq_ignore_ascii_case("enabled"));
    (is_state && is_on).then(|| Name { text: format!("{name}: enabled"), words: words("stateEnabled") })
}

fn is_something(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
        _ => true,
    }
}
