//! The header fields and query options that two contracts call required.

use std::collections::BTreeMap;

use super::found::Found;
use super::two::Two;
use crate::declared::Side;
use crate::{Kind, NOTHING};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::Contract;

/// Something that a page requires of requests.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Requirement {
    /// A header field, by its name in lower case; always, or with what a request asks for, in words.
    Header(String, Option<String>),
    /// A query option, by its name with `$`, if it has that.
    Option(String),
}

impl Requirement {
    fn spot(&self) -> At {
        match self {
            Requirement::Header(name, _) => At::Header(name.clone()).in_request(),
            Requirement::Option(name) => At::Request(RequestPart::Query(name.clone())),
        }
    }

    /// What it means that it came or went.
    fn kind(&self, came: bool) -> Kind {
        match (self, came) {
            (Requirement::Header(..), true) => Kind::RequestHeaderRequired,
            (Requirement::Header(..), false) => Kind::RequestHeaderOptional,
            (Requirement::Option(_), true) => Kind::QueryOptionRequired,
            (Requirement::Option(_), false) => Kind::QueryOptionOptional,
        }
    }

    /// Whether it, or more, is among others.
    fn follows_from(&self, others: &BTreeMap<Requirement, String>) -> bool {
        let is_always = |name: &String| others.contains_key(&Requirement::Header(name.clone(), None));
        others.contains_key(self) || matches!(self, Requirement::Header(name, Some(_)) if is_always(name))
    }
}

/// The requirements that came or went.
pub(super) fn changes(two: Two<'_>, found: &mut Vec<Found>) {
    let (before, after) = (requirements(two.old), requirements(two.new));
    let came = after.iter().filter(|(own, _)| !own.follows_from(&before)).map(|own| (own, true));
    let went = before.iter().filter(|(own, _)| !own.follows_from(&after)).map(|own| (own, false));
    for ((own, subject), came) in came.chain(went) {
        let words = if came { (NOTHING, REQUIRED) } else { (REQUIRED, NOTHING) };
        let places = two.begin(Side::Request);
        found.push(Found {
            // A page requires it of all its requests.
            key: format!("{} {subject}", places.1.page),
            ..two.found(own.kind(came), subject, words, places).at(own.spot())
        });
    }
}

const REQUIRED: &str = "required";

/// What a contract requires, each with its words.
fn requirements(contract: &Contract) -> BTreeMap<Requirement, String> {
    let request = &contract.request;
    let header = |name: &str, with: Option<String>| {
        let words = with.as_ref().map(|with| format!(" with {with}")).unwrap_or_default();
        (Requirement::Header(name.to_ascii_lowercase(), with), format!("header {name} of the request{words}"))
    };
    let always = request.required_headers.iter().map(|name| header(name, None));
    let conditional = request
        .conditional_headers
        .iter()
        .flat_map(|own| own.conditions().map(move |condition| header(&own.name, Some(condition.to_string()))));
    let option = |name: &String| (Requirement::Option(name.clone()), format!("query option {name}"));
    always.chain(conditional).chain(request.required_options.iter().map(option)).collect()
}

/// Whether a contract requires a header field of every request.
pub(super) fn requires_header(contract: &Contract, name: &str) -> bool {
    contract.request.required_headers.iter().any(|own| own.eq_ignore_ascii_case(name))
}
