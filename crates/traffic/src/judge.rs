//! One request, and what contracts, metadata and the service itself say of it.

use std::sync::Arc;

use graph_contracts::at::RequestPart;
use graph_contracts::contract::{Availability, Body, Cloud, Contract};
use graph_contracts::matching::{
    CONTRACT_HEADER, Difference, Matched, Matcher, Mode, Note, NoteKind, Refusal, RefusalReason, field_value,
};
use graph_contracts::source::SourceLine;
use graph_contracts::store::Store;
use graph_contracts::url::is_version;
use graph_contracts_odata::check::Metadata;
use graph_contracts_serve::{Documentation, Incoming, cast_of, is_batch};
use http::{HeaderMap, Method};

use crate::address::Address;
use crate::answer;
use crate::found::Found;
use crate::kind::Kind;
use crate::metadata;
use crate::operation_names::OperationNames;
use crate::recorded::{Content, Recorded};
use crate::redact::Redaction;
use crate::siblings::Siblings;

/// What is known of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A page documents it.
    Documented,
    /// None does.
    Undocumented,
    /// It could not be found out.
    Unknown,
}

/// A request that was judged.
#[derive(Debug)]
pub struct Judgment {
    /// Its number; one within a batch has the batch's number, a dot, and its position.
    pub number: String,
    /// What is known of it.
    pub verdict: Verdict,
    /// Method, version and template of what was called, or as much of the path as may be written.
    pub operation: String,
    /// The contract that documents it, by its position.
    pub contract: Option<usize>,
    /// The route of the contract.
    pub route: Option<String>,
    /// What was found.
    pub found: Vec<Found>,
}

/// Judges requests.
pub struct Judge<'j> {
    documentation: Documentation,
    pub(crate) store: Arc<Store>,
    pub(crate) siblings: Siblings,
    metadata: &'j [Metadata<'j>],
    bases: Vec<String>,
    redaction: Redaction,
    operations: OperationNames,
}

impl<'j> Judge<'j> {
    /// A judge by these contracts and this metadata. What is sent to one of `bases` is for Microsoft Graph, too. With `keeps_all`, what was sent
    /// may be written.
    pub fn new(store: Arc<Store>, metadata: &'j [Metadata<'j>], bases: &[String], keeps_all: bool) -> Judge<'j> {
        let documentation = Documentation::new(Matcher::new(Arc::clone(&store), None), Mode::Lenient);
        let redaction = Redaction::new(&store.contracts, metadata, keeps_all);
        let bases = bases.iter().map(|base| base.trim_end_matches('/').to_owned()).collect();
        let siblings = Siblings::new(&store);
        let operations = OperationNames::of(&store.contracts, metadata);
        Judge { documentation, store, siblings, metadata, bases, redaction, operations }
    }

    /// What is found of a request and of those within it; nothing if it is not for Microsoft Graph.
    pub fn judge(&self, recorded: &Recorded) -> Vec<Judgment> {
        let Some(address) = Address::read(recorded, &self.bases) else { return Vec::new() };
        let cloud = address.cloud();
        let Ok(method) = Method::from_bytes(recorded.method.to_ascii_uppercase().as_bytes()) else {
            return vec![unknown(&recorded.number, "a request", "its method is not valid in HTTP")];
        };
        let body = match &recorded.body {
            Content::Whole(bytes) => bytes.clone().into(),
            Content::NotKnown(_) => bytes::Bytes::new(),
        };
        let incoming = Incoming {
            method,
            path: address.path.to_owned(),
            query: address.query.map(str::to_owned),
            headers: recorded.headers.clone().unwrap_or_default(),
            body,
            left_out: 0,
            file: None,
            base_url: address.base.to_owned(),
        };
        if is_batch(&incoming) {
            return self.batch(recorded, &incoming, cloud);
        }
        vec![self.one(recorded, &incoming, cloud)]
    }

    /// Whether a request for Microsoft Graph is one with which a browser asks whether it may send the client's (Fetch standard, "CORS-preflight request"). Where
    /// header fields are not recorded, an OPTIONS is hardly anything else.
    pub(crate) fn is_preflight(&self, recorded: &Recorded) -> bool {
        let asks = |headers: &HeaderMap| headers.contains_key(http::header::ACCESS_CONTROL_REQUEST_METHOD);
        recorded.method.eq_ignore_ascii_case("OPTIONS")
            && recorded.headers.as_ref().is_none_or(asks)
            && Address::read(recorded, &self.bases).is_some()
    }

    /// The request as that contract documents it, if it does.
    fn matched_as(&self, incoming: &Incoming, contract: &str) -> Option<Matched<'_>> {
        let mut named = incoming.clone();
        named.headers.insert(CONTRACT_HEADER, field_value(contract).parse().ok()?);
        self.documentation.documented(&named).ok().filter(|matched| matched.contract.id == contract)
    }

    pub(crate) fn one(&self, recorded: &Recorded, incoming: &Incoming, cloud: Option<Cloud>) -> Judgment {
        let number = recorded.number.clone();
        let entry = recorded.entry.as_deref();
        let known = Known {
            body: entry.is_some() || matches!(recorded.body, Content::Whole(_)),
            headers: entry.is_some() || recorded.headers.is_some(),
        };
        // The server that wrote a journal had all of the request.
        let answered = entry.and_then(|entry| self.matched_as(incoming, entry.contract.as_deref()?));
        match answered.map_or_else(|| self.documentation.documented(incoming), Ok) {
            Ok(matched) => {
                let refusal = entry.and_then(|entry| entry.refusal.as_ref());
                if let Some(refusal) = refusal.filter(|own| own.reason == RefusalReason::InvalidBody) {
                    return self.refused(number, self.operation(incoming, refusal.nearest_id()), refusal);
                }
                if let Some(name) = matched.route.and_then(|own| self.operations.in_place_of_key(&incoming.path, own)) {
                    let reason = format!("`{name}` is called on no page here; it may be the key of an object");
                    return unknown(&number, &self.operation(incoming, Some(&matched.contract.id)), &reason);
                }
                let cast = appended_cast(incoming, &matched);
                let mut judgment = self.documented(number, (matched.index, matched.route), &cast);
                let notes = entry.map_or(&matched.notes, |entry| &entry.notes);
                judgment.found.extend(self.notes(matched.contract, notes, &known));
                judgment.found.extend(denial(matched.contract, entry.and_then(|entry| entry.denial.as_ref())));
                self.look_closer(recorded, incoming, cloud, &matched, &mut judgment);
                judgment
            }
            Err(refusal) => {
                let refusal = entry.and_then(|entry| entry.refusal.as_ref()).unwrap_or(&refusal);
                let operation = self.operation(incoming, refusal.nearest_id());
                if let Some(reason) = reason_beyond_pages(incoming) {
                    return unknown(&number, &operation, reason);
                }
                if let Some(judgment) = self.not_documented_cast(&number, &operation, incoming) {
                    return judgment;
                }
                let mut judgment = self.refused(number, operation, refusal);
                let source = refusal.nearest.as_ref().map(|own| &own.source);
                judgment.found.extend(self.beta(incoming.path.as_str(), source));
                if let Some(nearest) = refusal.nearest_id().and_then(|id| self.store.contract(id))
                    && let [undocumented, ..] = judgment.found.as_mut_slice()
                {
                    let path = &incoming.path;
                    let contradicted =
                        metadata::check(self.metadata, &self.redaction, nearest, path, incoming, &recorded.body);
                    if let Some(first) = contradicted.into_iter().find(|own| own.kind == Kind::Contradicted) {
                        undocumented.message.push_str("; the metadata contradicts it, too");
                        undocumented.declared = first.declared;
                    }
                }
                judgment
            }
        }
    }

    /// The judgment of a cast that no page documents. OData has casts wherever there are derived types, and whether the service has one that its page says
    /// nothing of is not known; neither is a type that no page has, where its page says that casts are possible.
    fn not_documented_cast(&self, number: &str, operation: &str, incoming: &Incoming) -> Option<Judgment> {
        let (matched, is_known) = self.documentation.not_documented_cast(incoming)?;
        let reason = match (matched.contract.request.casts, is_known) {
            (false, true) => {
                "OData allows the cast to a derived type, and the page does not say whether it is possible here"
            }
            (true, false) => "the page says that casts are possible, and no page has a type of that name",
            _ => return None,
        };
        let mut judgment = unknown(number, operation, reason);
        judgment.found.iter_mut().for_each(|own| own.source = Some(matched.contract.location()));
        Some(judgment)
    }

    /// What is found beside the notes of the matching.
    fn look_closer(
        &self,
        recorded: &Recorded,
        incoming: &Incoming,
        cloud: Option<Cloud>,
        matched: &Matched<'_>,
        judgment: &mut Judgment,
    ) {
        let contract = matched.contract;
        if let Content::NotKnown(reason) = &recorded.body
            && recorded.entry.is_none()
            && contract.request.body.is_some()
        {
            judgment.found.push(Found::new(
                Kind::Unknown,
                format!("the body is not judged: {reason}"),
                Some(contract.location()),
            ));
        }
        if recorded.is_long && matches!(contract.response.body, Some(Body::Json(_) | Body::Text(_))) {
            let message = "the answer is not judged: it is long, and was passed on as it came";
            judgment.found.push(Found::new(Kind::Unknown, message, Some(contract.location())));
        }
        if recorded.headers.is_none() && recorded.entry.is_none() {
            let message = "the header fields are not judged: they are not recorded";
            judgment.found.push(Found::new(Kind::Unknown, message, Some(contract.location())));
        }
        let denied =
            cloud.zip(contract.clouds).filter(|(cloud, clouds)| clouds.of(*cloud) == Availability::NotAvailable);
        if let Some((cloud, clouds)) = denied {
            let message = format!("the page says that it is not available in {}", cloud.title());
            judgment.found.push(Found::new(Kind::Undocumented, message, Some(contract.source_line(clouds.line))));
            judgment.verdict = Verdict::Undocumented;
        }
        let cast = appended_cast(incoming, matched);
        let path = matched.route.map_or_else(|| incoming.path.clone(), |route| contract.path_root() + route + &cast);
        judgment.found.extend(metadata::check(
            self.metadata,
            &self.redaction,
            contract,
            &path,
            incoming,
            &recorded.body,
        ));
        judgment.found.extend(answer::check(
            (&self.store, &self.siblings),
            &self.redaction,
            matched,
            incoming,
            recorded,
        ));
    }

    /// What is found of every call of a contract.
    fn documented(&self, number: String, (index, route): (usize, Option<&str>), cast: &str) -> Judgment {
        let contract = &self.store.contracts[index];
        let path = route.unwrap_or_else(|| contract.routes.first().map_or("", |route| route.path.as_str()));
        let mut found: Vec<Found> = self.beta(&contract.path_root(), Some(&contract.location())).into_iter().collect();
        // Pages that document something deprecated say so in their title, or before their first section.
        if let Some(line) = contract.deprecated {
            let message = "the page says that it is deprecated";
            found.push(Found::new(Kind::Deprecated, message, Some(contract.source_line(line))));
        } else if contract.title.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| word == "deprecated") {
            let message = format!("the page is called `{}`", contract.title);
            found.push(Found::new(Kind::Deprecated, message, Some(contract.source_line(1))));
        }
        Judgment {
            number,
            verdict: Verdict::Documented,
            operation: format!("{} {}{path}{cast}", contract.request.method, contract.path_root()),
            contract: Some(index),
            route: route.map(str::to_owned),
            found,
        }
    }

    fn beta(&self, path: &str, source: Option<&SourceLine>) -> Option<Found> {
        let is_beta =
            path.trim_start_matches('/').split('/').next().is_some_and(|first| first.eq_ignore_ascii_case("beta"));
        is_beta.then(|| Found::new(Kind::Beta, "it is below /beta", source.cloned()))
    }

    /// A request as much as may be written of it.
    fn operation(&self, incoming: &Incoming, nearest: Option<&str>) -> String {
        let nearest = nearest.and_then(|id| self.store.contract(id));
        let has_version = incoming.path.trim_start_matches('/').split('/').next().is_some_and(is_version);
        let root = |own: &Contract| if has_version { own.path_root() } else { String::new() };
        let template = nearest.and_then(|own| Some(root(own) + own.routes.first()?.path.as_str()));
        let method = self.redaction.word(incoming.method.as_str());
        format!("{method} {}", self.redaction.path(&incoming.path, template.as_deref()))
    }

    fn refused(&self, number: String, operation: String, refusal: &Refusal) -> Judgment {
        let Refusal { reason, nearest, differences, omitted, .. } = refusal;
        let is_body = *reason == RefusalReason::InvalidBody;
        let more = if *omitted > 0 { format!(", and {omitted} more") } else { String::new() };
        // Files of traffic leave tokens out.
        let is_shown = |own: &&Difference| !matches!(&own.at, RequestPart::Header(name) if name.eq_ignore_ascii_case("authorization"));
        let shown: Vec<String> =
            differences.iter().filter(is_shown).map(|own| self.redaction.difference(own)).collect();
        let shown = shown.join("; ");
        let (kind, message) = if is_body {
            (Kind::InvalidBody, format!("{shown}{more}"))
        } else {
            let nearest = refusal.nearest_id();
            let message = nearest.map(|nearest| format!("the nearest is {nearest}, which differs: {shown}{more}"));
            (Kind::Undocumented, message.unwrap_or_else(|| "no contract has a path like it".to_owned()))
        };
        let id = refusal.nearest_id().filter(|_| is_body);
        let contract = id.and_then(|id| self.store.position(id));
        Judgment {
            number,
            verdict: if is_body { Verdict::Documented } else { Verdict::Undocumented },
            operation,
            contract,
            route: None,
            found: vec![Found::new(kind, message, nearest.as_ref().map(|own| own.source.clone()))],
        }
    }

    /// What the matching notes, as far as it is about what was recorded.
    fn notes(&self, contract: &Contract, notes: &[Note], known: &Known) -> Vec<Found> {
        let is_known = |note: &&Note| match &note.difference.at {
            RequestPart::Header(name) if name.eq_ignore_ascii_case("content-type") => known.body && known.headers,
            RequestPart::Header(_) => known.headers,
            RequestPart::Body | RequestPart::Path(_) => known.body,
            _ => true,
        };
        let found = notes.iter().filter(is_known).map(|note| {
            let kind = match note.kind {
                NoteKind::OtherMediaType | NoteKind::RequiredHeader => Kind::Header,
                NoteKind::UndocumentedOption | NoteKind::RequiredOption | NoteKind::InvalidOption => Kind::Option,
                _ => Kind::Difference,
            };
            let said = match kind {
                Kind::Difference => format!(" ({})", note.kind.name()),
                _ => String::new(),
            };
            Found::new(kind, self.redaction.difference(&note.difference) + &said, Some(contract.location()))
        });
        found.collect()
    }
}

/// The cast that a request appends to the route on which it is documented, with what follows it; nothing without any. Its type is one that contracts know.
fn appended_cast(incoming: &Incoming, matched: &Matched<'_>) -> String {
    let Some(cast) = cast_of(incoming).filter(|_| matched.contract.request.casts) else { return String::new() };
    let count = if cast.counts { "/$count" } else { "" };
    format!("/microsoft.graph.{}{count}", cast.type_name)
}

/// What of a request is known.
struct Known {
    body: bool,
    headers: bool,
}

/// Why no page of an operation can document a request: it is for the service document or the metadata document (OData Protocol 4.01 sections 11.1.1 and
/// 11.1.2), or asks which methods there are (RFC 9110 section 9.3.7).
fn reason_beyond_pages(incoming: &Incoming) -> Option<&'static str> {
    let mut segments = incoming.path.split('/').filter(|segment| !segment.is_empty());
    let is_below_version = segments.next().is_some_and(is_version);
    let is_document = matches!((segments.next(), segments.next()), (None | Some("$metadata"), None));
    match incoming.method {
        Method::GET if is_below_version && is_document => {
            Some("it asks what the service says of itself, which OData describes, and no page of an operation")
        }
        Method::OPTIONS => Some("it asks which methods there are, which HTTP describes, and no page of an operation"),
        _ => None,
    }
}

/// A request that cannot be judged.
pub(crate) fn unknown(number: &str, operation: &str, reason: &str) -> Judgment {
    Judgment {
        number: number.to_owned(),
        verdict: Verdict::Unknown,
        operation: operation.to_owned(),
        contract: None,
        route: None,
        found: vec![Found::new(Kind::Unknown, reason, None)],
    }
}

/// That the server, which had the token, found that it lacks permissions.
fn denial(contract: &Contract, said: Option<&String>) -> Option<Found> {
    let message = "the token lacks the permissions that the page states";
    said.map(|_| Found::new(Kind::MissingPermission, message, Some(contract.location())))
}

/// The claims that are read of a request's token. The token itself is written nowhere.
pub(crate) fn token(headers: Option<&HeaderMap>) -> Option<&str> {
    let value = headers?.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    graph_contracts::matching::bearer_token(value)
}
