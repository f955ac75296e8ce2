//! Which of several contracts that fit a request is meant.

use std::collections::BTreeSet;

use super::expectation::Expectation;
use super::path_segment::PathSegment;
use super::received::Received;
use crate::contract::{Body, Contract, is_json, media_type};
use crate::json::{Json, Member};
use crate::query::is_system_option;
use crate::url::{Target, split_path};

/// How well a contract fits beside others on paths that are as exact as its own, the best first. What stands earlier decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// The very path that the example shows, its placeholders included, comes before others.
    is_other_path: bool,
    /// What says that another operation is meant.
    meaning: Meaning,
    /// A request that is sent as a page shows it, its path included, has the answer of that page.
    is_other_request: bool,
    /// How many words the page's name has that say nothing of the route: a resource's main page has none. A look-alike, such as the page of a type
    /// that is derived, or of something that is reached on the same route as well, is not nearer because its example happens to have the same members.
    other_words: usize,
    /// How far the query is from that of the example.
    query: usize,
    /// How far the body is.
    body: BodyRank,
    /// How many documented header fields do not agree.
    headers: usize,
    /// A success comes before an error.
    is_error: bool,
    /// An object comes before one that is wrapped.
    is_wrapped: bool,
    /// The first response to a request comes before its alternatives.
    is_alternative: bool,
    index: usize,
}

/// What a contract says of its rank before any request comes.
#[derive(Debug)]
pub(super) struct Standing {
    /// The segments of the example's path, as they are looked up.
    path: Vec<String>,
    is_error: bool,
    is_wrapped: bool,
    /// On each route.
    other_words: Vec<usize>,
    is_alternative: bool,
}

/// What of a request says that another operation is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Meaning {
    /// Whether one body is JSON and the other is not, or only one of them is there.
    is_other_kind: bool,
    /// Whether the object says that it is of another type.
    is_other_type: bool,
    /// How many parameters that are not OData's own only one of them has.
    parameters: usize,
}

/// How far a body is from the documented one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct BodyRank {
    /// How many members only one of them has, and how many values differ.
    differences: usize,
    /// How many of them are members.
    members: usize,
}

/// The member in which an object says of which type it is (OData JSON Format 4.01 section 4.6.3).
const TYPE: &str = "@odata.type";

/// So many values of a documented body are compared.
const MOST_VALUES: usize = 2000;

impl Standing {
    pub(super) fn new(contract: &Contract) -> Standing {
        let path = contract.path_root() + Target::read(&contract.request.url).path;
        Standing {
            path: split_path(&path).into_iter().map(|segment| PathSegment::read(segment).text).collect(),
            is_error: contract.response.status >= 400,
            is_wrapped: is_wrapped_object(contract),
            other_words: other_words(contract),
            is_alternative: contract.alternative_of.is_some(),
        }
    }

    /// How many words the page's name has that say nothing of a route.
    pub(super) fn other_words(&self, route: Option<usize>) -> usize {
        self.other_words.get(route.unwrap_or_default()).copied().unwrap_or_default()
    }

    /// Whether a request has the very path of the example.
    pub(super) fn is_path(&self, received: &Received<'_>) -> bool {
        received.path_segments.iter().map(|segment| &segment.text).eq(&self.path)
    }
}

impl Rank {
    /// The rank of a contract.
    pub(super) fn new(
        (index, contract, route): (usize, &Contract, Option<usize>),
        (expectation, standing): (&Expectation, &Standing),
        received: &Received<'_>,
    ) -> Rank {
        let (query, parameters) = query_rank(expectation, received);
        let mut meaning = Meaning { parameters, ..Meaning::default() };
        let body = body_rank(contract, received, &mut meaning);
        let headers = expectation.headers.iter().filter(|header| !header.agrees(received)).count();
        let is_same = (meaning, query, body, headers) == (Meaning::default(), 0, BodyRank::default(), 0);
        let is_other_path = !standing.is_path(received);
        Rank {
            is_other_path,
            meaning,
            // What is sent to another object is nobody's example: of pages that look alike, the resource's main page answers.
            is_other_request: is_other_path || !is_same,
            other_words: standing.other_words(route),
            query,
            body,
            headers,
            is_error: standing.is_error,
            is_wrapped: standing.is_wrapped,
            is_alternative: standing.is_alternative,
            index,
        }
    }
}

/// How far the query is, and how many parameters that are not OData's own only one of them has.
///
/// An example that was made for other options answers worse than one that has none, because options can be applied to that one. What
/// cannot be applied is better answered by an example with the same option.
fn query_rank(expectation: &Expectation, received: &Received<'_>) -> (usize, usize) {
    let paired = expectation.pair_query(received);
    let missing = expectation.query.iter().zip(&paired.documented).filter(|(_, found)| found.is_none());
    let names = missing.map(|(option, _)| &option.name);
    let names = names.chain(paired.others.iter().map(|index| &received.query[*index].name));
    let parameters = names.filter(|name| !is_system_option(name)).count();
    let documented = expectation.query.iter().zip(&paired.documented).map(|(option, found)| match found {
        Some((_, true)) => 0,
        Some((_, false)) if is_applied(&option.name) => 2,
        Some((_, false)) => 1,
        // A part of the items, in some order, is nearer to all of them than those that a filter lets through.
        None if matches!(option.name.as_str(), "$top" | "$skip" | "$count" | "$orderby") => 1,
        None => 3,
    });
    let others = paired.others.iter().map(|index| if is_applied(&received.query[*index].name) { 1 } else { 3 });
    (documented.chain(others).sum(), parameters)
}

/// Whether an option changes what of a known answer is shown, and not what the answer is.
fn is_applied(name: &str) -> bool {
    is_system_option(name)
        && !matches!(name, "$expand" | "$search" | "$apply" | "$compute" | "$deltatoken" | "$skiptoken")
}

fn body_rank(contract: &Contract, received: &Received<'_>, meaning: &mut Meaning) -> BodyRank {
    let (path, body) = (&received.path_segments, &received.body);
    let mut rank = BodyRank::default();
    // What is broken is still what it is sent as.
    let is_sent_as_json = || received.header("content-type").is_some_and(|sent| is_json(&media_type(&sent)));
    match &contract.request.body {
        None => meaning.is_other_kind = !body.is_empty(),
        Some(_) if body.is_empty() => meaning.is_other_kind = true,
        Some(Body::Json(documented)) => match body.json() {
            Ok(actual) => {
                meaning.is_other_type = is_other_type(contract, documented, actual, path);
                compare(documented, actual, &mut MOST_VALUES.clone(), meaning, &mut rank);
            }
            Err(_) => meaning.is_other_kind = !is_sent_as_json(),
        },
        // Text that happens to be JSON may be meant as such.
        Some(Body::Text(lines)) => {
            let is_same = body.is_text(lines);
            let is_structured = || body.json().is_ok_and(|json| matches!(json, Json::Object(_) | Json::Array(_)));
            meaning.is_other_kind = !is_same && (is_structured() || (body.json().is_err() && is_sent_as_json()));
            rank.differences = usize::from(!is_same);
        }
        Some(Body::Bytes(_)) => {
            meaning.is_other_kind = body.json().is_ok_and(|json| matches!(json, Json::Object(_) | Json::Array(_)));
        }
    }
    rank
}

/// Whether an object says that it is of a type that is neither that of the sample nor the one that the page has for it. Where neither says anything,
/// it is the one after which a collection on the path is named: some clients write the type of every object.
fn is_other_type(contract: &Contract, documented: &Json, actual: &Json, path: &[PathSegment]) -> bool {
    let type_of = |json: &Json| json.get(TYPE).and_then(Json::as_str).map(|own| own.trim_start_matches('#').to_owned());
    let Some(sent) = type_of(actual) else { return false };
    // A table that no type has gives its name to none.
    let declared = || contract.request.body_type.clone().filter(|name| name.contains('.'));
    match type_of(documented).or_else(declared) {
        Some(known) => !known.eq_ignore_ascii_case(&sent),
        None => {
            let name = sent.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            !path.iter().any(|own| own.text == "me" && name == "user" || names(&own.text, &name))
        }
    }
}

/// Counts what differs, until `budget` values were compared.
fn compare(documented: &Json, actual: &Json, budget: &mut usize, meaning: &mut Meaning, rank: &mut BodyRank) {
    let Some(left) = budget.checked_sub(1) else { return };
    *budget = left;
    match (documented, actual) {
        (Json::Object(one), Json::Object(other)) => {
            let (mut paired, mut missing) = (0, 0);
            for Member { name, value } in one.iter().take(*budget) {
                // Large objects are rare in requests, and their members mostly come in the order of the sample.
                let found = other.get(paired).filter(|member| member.name == *name);
                match found
                    .or_else(|| other.iter().take(MOST_VALUES).find(|member| member.name.eq_ignore_ascii_case(name)))
                {
                    Some(member) => {
                        paired += 1;
                        if name.eq_ignore_ascii_case(TYPE) {
                            meaning.is_other_type |= member.value != *value;
                        } else {
                            compare(value, &member.value, budget, meaning, rank);
                        }
                    }
                    None => missing += 1,
                }
            }
            missing += other.len().saturating_sub(paired);
            rank.members += missing;
            rank.differences += missing;
        }
        (Json::Array(one), Json::Array(other)) => {
            rank.differences += one.len().abs_diff(other.len());
            one.iter().zip(other).for_each(|(one, other)| compare(one, other, budget, meaning, rank));
        }
        (one, other) => rank.differences += usize::from(one != other),
    }
}

/// Whether a single object stands in the member `value` of the documented answer, which no service sends.
fn is_wrapped_object(contract: &Contract) -> bool {
    let body = contract.response.body.as_ref().and_then(Body::as_json);
    contract.response.wrapped
        && body.and_then(|body| body.get("value")).is_some_and(|value| matches!(value, Json::Object(_)))
}

/// For each route, how many words of the page's name do not occur in it. On `/users`, `user-list` has one, `onboarding-user-list` two.
fn other_words(contract: &Contract) -> Vec<usize> {
    let name = contract.id.rsplit('/').next().unwrap_or_default().to_lowercase();
    let name = name.split("--").next().unwrap_or_default();
    let words: BTreeSet<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    let on_route = |path: String| words.iter().filter(|word| !names(&path, word)).count();
    contract.routes.iter().map(|route| on_route(route.path.to_lowercase())).collect()
}

/// Whether a path has a word, as it stands or in the plural: `policies` has `policy`. `/me` is a user.
fn names(path: &str, word: &str) -> bool {
    path.contains(word)
        || word.strip_suffix('y').is_some_and(|stem| path.contains(&format!("{stem}ies")))
        || (word == "user" && path.split('/').any(|segment| segment == "me"))
}
