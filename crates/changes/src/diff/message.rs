//! What differs between two contracts that document the same: status, header fields, URL and bodies.

use std::collections::BTreeSet;

use super::body::{self, BodyChange, Document, Side};
use super::found::Found;
use super::operation::area;
use super::permissions;
use super::types::{Declarations, TypeNames};
use super::values::Volatile;
use crate::declared;
use crate::{Kind, NOTHING, Place};
use graph_contracts::contract::{BlockSource, Body, Contract, Header, TypeName, media_type};
use graph_contracts::http::is_hop_by_hop;
use graph_contracts::json::{Path, Step};
use graph_contracts::url::Target;

/// Two contracts, each with the names of types of its set.
#[derive(Clone, Copy)]
pub(super) struct Two<'c> {
    pub(super) old: &'c Contract,
    pub(super) new: &'c Contract,
    pub(super) names: (&'c TypeNames, &'c TypeNames),
    /// What is volatile in their responses, by the rules of each set.
    pub(super) volatile: (&'c Volatile, &'c Volatile),
}

/// Everything in which two contracts differ.
pub(super) fn changes(two: Two<'_>) -> Vec<Found> {
    let Two { old, new, .. } = two;
    let mut found = Vec::new();
    renamed(two, &mut found);
    permissions::changes(old, new, &mut found);
    let mut declarations = Declarations::new((old, new), two.names);
    declarations.changes(&mut found);
    if old.response.status != new.response.status {
        let words = (old.response.status.to_string(), new.response.status.to_string());
        found.push(two.found(Kind::StatusChanged, "status of the response", words, two.lines(Side::Response)));
    }
    query(two, &mut found);
    headers(two, Side::Request, (&old.request.headers, &new.request.headers), &mut found);
    headers(two, Side::Response, (&old.response.headers, &new.response.headers), &mut found);
    bodies(two, Side::Request, (&old.request.body, &new.request.body), &declarations, &mut found);
    bodies(two, Side::Response, (&old.response.body, &new.response.body), &declarations, &mut found);
    found
}

impl Two<'_> {
    /// Where the request or response begins in both sets.
    fn lines(&self, side: Side) -> (u32, u32) {
        let line = |contract: &Contract| match side {
            Side::Request => contract.source.request.line,
            Side::Response => contract.source.response.line,
        };
        (line(self.old), line(self.new))
    }

    /// A change of these contracts alone.
    fn found(&self, kind: Kind, at: &str, (before, after): (String, String), (old, new): (u32, u32)) -> Found {
        let place = |contract: &Contract, line: u32| Some(contract.source_line(line));
        Found {
            kind,
            key: format!("{} {at}", self.new.id),
            area: area(self.new),
            subject: at.to_owned(),
            before,
            after,
            place: Place {
                item: self.new.id.clone(),
                at: at.to_owned(),
                old: place(self.old, old),
                new: place(self.new, new),
            },
        }
    }
}

/// Another id, or another page.
fn renamed(two: Two<'_>, found: &mut Vec<Found>) {
    let Two { old, new, .. } = two;
    let folder = |page: &str| page.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let (before, after) = if old.id != new.id {
        (old.id.clone(), new.id.clone())
    } else if old.source.page != new.source.page {
        (old.source.page.clone(), new.source.page.clone())
    } else {
        return;
    };
    // A folder that moves is one change, however many pages are in it.
    let folders = (folder(&old.source.page), folder(&new.source.page));
    let is_move = old.id == new.id && folders.0 != folders.1;
    let change = two.found(Kind::ContractRenamed, "page", (before.clone(), after), two.lines(Side::Request));
    let (subject, key) = if is_move {
        (format!("{} > {}", folders.0, folders.1), format!("{} {}", folders.0, folders.1))
    } else {
        (before.clone(), before)
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
        let words = (query(two.old), query(two.new));
        found.push(two.found(Kind::RequestQueryChanged, "query of the request", words, two.lines(Side::Request)));
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
        let first = |headers: &[Header]| headers.iter().find(|own| own.name.eq_ignore_ascii_case(name)).cloned();
        let (before, after) = (first(old), first(new));
        // Rules are about what a service answers.
        let is_volatile =
            side == Side::Response && (two.volatile.0.has_header(name) || two.volatile.1.has_header(name));
        let is_media_type = name == "content-type";
        let kind = match (side, &before, &after) {
            (_, None, None) => continue,
            (Side::Request, None, Some(_)) if is_preference(name) => Kind::RequestPreferenceAdded,
            // It goes with the body, which is compared.
            (Side::Request, None, Some(_)) | (Side::Request, Some(_), None) if is_media_type => continue,
            (Side::Request, None, Some(_)) => Kind::RequestHeaderAdded,
            (Side::Request, Some(_), None) => Kind::RequestHeaderRemoved,
            (Side::Response, None, Some(_)) | (Side::Response, Some(_), None) if is_volatile => continue,
            (Side::Response, None, Some(_)) => Kind::ResponseHeaderAdded,
            // Without content there is nothing to be of a type.
            (Side::Response, Some(_), None) if is_media_type && two.new.response.body.is_none() => continue,
            (Side::Response, Some(_), None) => Kind::ResponseHeaderRemoved,
            (_, Some(one), Some(other)) if is_media_type => {
                if media_type(&one.value) == media_type(&other.value) {
                    continue;
                }
                if side == Side::Request { Kind::RequestMediaType } else { Kind::ResponseMediaType }
            }
            (_, Some(one), Some(other)) if is_volatile || one.value == other.value => continue,
            (Side::Request, ..) => Kind::RequestHeaderChanged,
            (Side::Response, ..) => Kind::ResponseHeaderChanged,
        };
        let begin = two.lines(side);
        let lines = (before.as_ref().map_or(begin.0, |own| own.line), after.as_ref().map_or(begin.1, |own| own.line));
        let text = |header: Option<Header>| header.map_or(NOTHING.to_owned(), |header| header.value);
        let at = format!("header {name} of the {}", side.name());
        found.push(two.found(kind, &at, (text(before), text(after)), lines));
    }
}

fn bodies(
    two: Two<'_>,
    side: Side,
    (old, new): (&Option<Body>, &Option<Body>),
    declarations: &Declarations<'_>,
    found: &mut Vec<Found>,
) {
    let (added, removed, retyped) = match side {
        Side::Request => (Kind::RequestBodyAdded, Kind::RequestBodyRemoved, Kind::RequestBodyRetyped),
        Side::Response => (Kind::ResponseBodyAdded, Kind::ResponseBodyRemoved, Kind::ResponseBodyRetyped),
    };
    let lines = || {
        let line = |source: &BlockSource| source.body.unwrap_or(source.line);
        let source = |contract: &Contract| match side {
            Side::Request => line(&contract.source.request),
            Side::Response => line(&contract.source.response),
        };
        (source(two.old), source(two.new))
    };
    let kind = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => added,
        (Some(_), None) => removed,
        (Some(Body::Json(_)), Some(Body::Json(_))) => return members(two, side, declarations, found),
        (Some(Body::Text(one)), Some(Body::Text(other))) | (Some(Body::Bytes(one)), Some(Body::Bytes(other))) => {
            if one == other {
                return;
            }
            Kind::SampleChanged
        }
        _ => retyped,
    };
    let what = |body: &Option<Body>| {
        let word = match body {
            None => NOTHING,
            Some(Body::Json(_)) => "JSON",
            Some(Body::Text(_)) => "text",
            Some(Body::Bytes(_)) => "bytes",
        };
        word.to_owned()
    };
    found.push(two.found(kind, &format!("body of the {}", side.name()), (what(old), what(new)), lines()));
}

fn members(two: Two<'_>, side: Side, declarations: &Declarations<'_>, found: &mut Vec<Found>) {
    // What is sent is as documented.
    let nothing = Volatile::default();
    let document = |contract, volatile| {
        let (body, source, volatile) = match side {
            Side::Request => (declared::request(contract), &contract.source.request, &nothing),
            Side::Response => (declared::response(contract), &contract.source.response, volatile),
        };
        Some(Document::new(body?, (&contract.source.page, source), volatile))
    };
    let (old, new) = (document(two.old, two.volatile.0), document(two.new, two.volatile.1));
    let (Some(old), Some(new)) = (old, new) else { return };
    for change in body::changes(side, &old, &new, declarations) {
        found.push(of_member(two, side, change, declarations));
    }
}

fn of_member(two: Two<'_>, side: Side, change: BodyChange, declarations: &Declarations<'_>) -> Found {
    let BodyChange { kind, path, before, after, old, new, property, follows } = change;
    let at = format!("{path} of the {}", side.name());
    if let Some((one, other)) = odata_types(&path, &before, &after)
        && declarations.is_renamed(&one, &other)
    {
        return declarations.rename(&one, &other, at, (old, new));
    }
    let place = Place { item: two.new.id.clone(), at: at.clone(), old: Some(old), new: Some(new) };
    let own = |key, subject| Found {
        kind,
        key,
        area: area(two.new),
        subject,
        before: before.clone(),
        after: after.clone(),
        place: place.clone(),
    };
    match (kind, property, follows) {
        (_, Some((owner, name)), Some(follows)) => {
            let subject = declarations.subject(&owner, &name);
            let area = declarations.area(&owner);
            Found { kind: follows, area, key: format!("{subject} "), ..own(String::new(), subject) }
        }
        // Samples of one body change together.
        (Kind::SampleChanged | Kind::AnnotationChanged, ..) => {
            own(format!("{} {}", two.new.id, side.name()), format!("{} of {}", side.name(), two.new.id))
        }
        // The same member of one type in forty contracts changed for one reason.
        (_, Some((owner, name)), None) => {
            let subject = declarations.subject(&owner, &name);
            Found { area: declarations.area(&owner), ..own(format!("{subject} {}", side.name()), subject) }
        }
        (_, None, _) => own(format!("{} {at}", two.new.id), at.clone()),
    }
}

/// The types that two values of `@odata.type` name.
fn odata_types(path: &Path, before: &str, after: &str) -> Option<(String, String)> {
    let is_type = matches!(path.steps().last(), Some(Step::Name(name)) if name.ends_with("@odata.type"));
    let name = |text: &str| Some(TypeName::read(text.strip_prefix('"')?.strip_suffix('"')?)?.name);
    if is_type { Some((name(before)?, name(after)?)) } else { None }
}
