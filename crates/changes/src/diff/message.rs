//! What differs between two contracts that document the same: status, header fields, URL and bodies.

use std::collections::BTreeSet;

use super::body;
use super::found::Found;
use super::two::Two;
use super::types::Declarations;
use super::{clouds, permissions, requirements};
use crate::declared::Side;
use crate::{Kind, NOTHING};
use graph_contracts::at::{At, DeclaredPart, RequestPart};
use graph_contracts::contract::{Body, Contract, Header, media_type};
use graph_contracts::http::is_hop_by_hop;
use graph_contracts::normal::deprecation_in_words;
use graph_contracts::url::Target;

/// Everything in which two contracts differ.
pub(crate) fn changes(two: Two<'_>) -> Vec<Found> {
    let Two { old, new, .. } = two;
    let mut found = Vec::new();
    renamed(two, &mut found);
    permissions::changes(two, &mut found);
    clouds::changes(two, &mut found);
    requirements::changes(two, &mut found);
    deprecation(two, &mut found);
    let declarations = Declarations::compare(two, &mut found);
    if old.response.status != new.response.status {
        let words = (&*old.response.status.to_string(), &*new.response.status.to_string());
        let change = two.found(Kind::StatusChanged, "status of the response", words, two.begin(Side::Response));
        found.push(change.at(At::Status));
    }
    query(two, &mut found);
    headers(two, Side::Request, (&old.request.headers, &new.request.headers), &mut found);
    headers(two, Side::Response, (&old.response.headers, &new.response.headers), &mut found);
    bodies(two, Side::Request, (&old.request.body, &new.request.body), &declarations, &mut found);
    bodies(two, Side::Response, (&old.response.body, &new.response.body), &declarations, &mut found);
    found
}

/// That the page calls its API deprecated, or no longer.
fn deprecation(two: Two<'_>, found: &mut Vec<Found>) {
    let Two { old, new, .. } = two;
    let kind = match (old.deprecated, new.deprecated) {
        (None, Some(_)) => Kind::Deprecated,
        (Some(_), None) => Kind::DeprecationChanged,
        _ => return,
    };
    let words = (deprecation_in_words(old.deprecated.is_some()), deprecation_in_words(new.deprecated.is_some()));
    let (before, after) = two.begin(Side::Request);
    let places = (
        old.deprecated.map_or(before, |line| old.source_line(line)),
        new.deprecated.map_or(after, |line| new.source_line(line)),
    );
    // A page says it once for all its examples.
    let (key, subject) = (places.1.page.to_string(), new.source.page.clone());
    let change = two.found(kind, "deprecation", words, places);
    found.push(Found { key, subject, ..change }.at(At::Declared(Box::new(DeclaredPart::Deprecation))));
}

/// Another id, or another page.
fn renamed(two: Two<'_>, found: &mut Vec<Found>) {
    let Two { old, new, .. } = two;
    let folder = |page: &str| page.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let (before, after) = if old.id != new.id {
        (&old.id, &new.id)
    } else if old.source.page != new.source.page {
        (&old.source.page, &new.source.page)
    } else {
        return;
    };
    // A folder that moves is one change, however many pages are in it.
    let folders = (folder(&old.source.page), folder(&new.source.page));
    let is_move = old.id == new.id && folders.0 != folders.1;
    let change = two.found(Kind::ContractRenamed, "page", (before, after), two.begin(Side::Request));
    let (subject, key) = if is_move {
        (format!("{} > {}", folders.0, folders.1), format!("{} {}", folders.0, folders.1))
    } else {
        (before.clone(), before.clone())
    };
    found.push(Found { subject, key, ..change });
}

/// The options of the example's query.
fn query(two: Two<'_>, found: &mut Vec<Found>) {
    let options = |contract: &Contract| -> BTreeSet<(String, String)> {
        Target::read(&contract.request.url).query_parameters().into_iter().collect()
    };
    if options(two.old) != options(two.new) {
        let query = |contract: &Contract| match Target::read(&contract.request.url).query {
            Some(query) => format!("?{query}"),
            None => NOTHING.to_owned(),
        };
        let words = (&*query(two.old), &*query(two.new));
        let change = two.found(Kind::RequestQueryChanged, "query of the request", words, two.begin(Side::Request));
        found.push(change.at(At::Request(RequestPart::Line)));
    }
}

/// A request without these is still complete: they state preferences (RFC 9110 section 12.5, RFC 7240), or every operation needs
/// them whether the page says so or not.
pub(crate) fn is_preference(name: &str) -> bool {
    name.starts_with("accept") || ["prefer", "authorization", "client-request-id"].contains(&name)
}

fn headers(two: Two<'_>, side: Side, (old, new): (&[Header], &[Header]), found: &mut Vec<Found>) {
    // The length follows from the body, and some fields belong to one connection.
    let counts = |name: &str| name != "content-length" && !is_hop_by_hop(name);
    let names: BTreeSet<String> =
        old.iter().chain(new).map(|header| header.name.to_ascii_lowercase()).filter(|name| counts(name)).collect();
    for name in &names {
        let is_it = |own: &&Header| own.name.eq_ignore_ascii_case(name);
        let (before, after) = (old.iter().find(is_it), new.iter().find(is_it));
        // Rules are about what a service answers.
        let is_volatile =
            side == Side::Response && (two.volatile.0.has_header(name) || two.volatile.1.has_header(name));
        let is_media_type = name == "content-type";
        let kind = match (side, before, after) {
            (_, None, None) => continue,
            (Side::Request, None, Some(_)) if is_preference(name) => Kind::RequestPreferenceAdded,
            // It goes with the body, which is compared.
            (Side::Request, None, Some(_)) | (Side::Request, Some(_), None) if is_media_type => continue,
            // That it is required says more.
            (Side::Request, None, Some(_)) if requirements::requires_header(two.new, name) => continue,
            (Side::Request, None, Some(_)) => Kind::RequestHeaderAdded,
            (Side::Request, Some(_), None) => Kind::RequestHeaderRemoved,
            (Side::Response, None, Some(_)) | (Side::Response, Some(_), None) if is_volatile => continue,
            // Without content there is nothing to be of a type.
            (Side::Response, Some(_), None) if is_media_type && two.new.response.body.is_none() => continue,
            // JSON in an example is JSON also where nothing says so.
            (Side::Response, None, Some(own)) | (Side::Response, Some(own), None)
                if is_media_type && is_json(&own.value) && bodies_are_json(two) =>
            {
                Kind::ResponseHeaderChanged
            }
            (Side::Response, None, Some(_)) => Kind::ResponseHeaderAdded,
            (Side::Response, Some(_), None) => Kind::ResponseHeaderRemoved,
            (_, Some(one), Some(other)) if is_media_type => {
                if media_type(&one.value) == media_type(&other.value) {
                    continue;
                }
                side.of(Kind::RequestMediaType, Kind::ResponseMediaType)
            }
            (_, Some(one), Some(other)) if is_volatile || one.value == other.value => continue,
            _ => side.of(Kind::RequestHeaderChanged, Kind::ResponseHeaderChanged),
        };
        let (old_block, new_block) = two.blocks(side);
        let line = |header: Option<&Header>, begin| header.map_or(begin, |own| own.line);
        let lines = (line(before, old_block.line), line(after, new_block.line));
        let text = |header: Option<&'_ Header>| header.map_or(NOTHING.to_owned(), |header| header.value.clone());
        let at = format!("header {name} of the {side}");
        let change = two.found(kind, &at, (&text(before), &text(after)), two.lines(lines));
        let spot = At::Header(name.clone());
        found.push(change.at(side.of(spot.clone().in_request(), spot)));
    }
}

fn is_json(value: &str) -> bool {
    media_type(value) == "application/json"
}

fn bodies_are_json(two: Two<'_>) -> bool {
    [two.old, two.new].iter().all(|own| matches!(own.response.body, Some(Body::Json(_))))
}

fn bodies<'c>(
    two: Two<'c>,
    side: Side,
    (old, new): (&Option<Body>, &Option<Body>),
    declarations: &Declarations<'c>,
    found: &mut Vec<Found>,
) {
    let what = |body: &Option<Body>| match body {
        None => NOTHING.to_owned(),
        Some(Body::Json(_)) => "JSON".to_owned(),
        Some(Body::Text(_)) => "text".to_owned(),
        Some(Body::Bytes(_)) => "bytes".to_owned(),
    };
    let mut words = (what(old), what(new));
    let kind = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => side.of(Kind::RequestBodyAdded, Kind::ResponseBodyAdded),
        (Some(_), None) => side.of(Kind::RequestBodyRemoved, Kind::ResponseBodyRemoved),
        (Some(Body::Json(_)), Some(Body::Json(_))) => return body::changes(two, side, declarations, found),
        (Some(Body::Text(one)), Some(Body::Text(other))) | (Some(Body::Bytes(one)), Some(Body::Bytes(other))) => {
            if one == other {
                return;
            }
            // Of texts, the first lines that differ tell more than their kind.
            let line = one.iter().zip(other).position(|(one, other)| one != other);
            let index = line.unwrap_or(one.len().min(other.len()));
            let text = |lines: &Vec<String>| lines.get(index).cloned().unwrap_or_else(|| NOTHING.to_owned());
            words = (text(one), text(other));
            Kind::SampleChanged
        }
        _ => side.of(Kind::RequestBodyRetyped, Kind::ResponseBodyRetyped),
    };
    let (old_block, new_block) = two.blocks(side);
    let lines = (old_block.body.unwrap_or(old_block.line), new_block.body.unwrap_or(new_block.line));
    let change = two.found(kind, &format!("body of the {side}"), (&words.0, &words.1), two.lines(lines));
    found.push(change.at(side.of(At::Body.in_request(), At::Body)));
}
