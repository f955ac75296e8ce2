//! The answer that a contract documents.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use graph_contracts::at::RequestPart;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{self, Json};
use graph_contracts::matching::{CONTRACT_HEADER, Matched, Matcher, Mode, Received, Refusal};
use graph_contracts::normal::may_have_content;
use graph_contracts::store::Store;
use graph_contracts::stub::Answer;
use graph_contracts::url::{CastPath, Target, decode};
use http::{Method, StatusCode};

use crate::addresses::other_addresses;
use crate::bytes::sample_bytes;
use crate::casts::{cast_of, is_known, known_types, narrow};
use crate::expansion::{expanded, may_expand};
use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::journal::redaction;
use crate::links::{self, Link};
use crate::prepared::Prepared;
use crate::readable::Readable;
use crate::reply::Reply;
use crate::shaping::{shaped, unfulfilled};
use crate::uploads::{self, Uploads};

/// The contracts, and what they answer.
#[derive(Debug)]
pub struct Documentation {
    matcher: Matcher,
    mode: Mode,
    /// What of each contract's answer is the same for every request, made when it is first asked for.
    prepared: Vec<OnceLock<Prepared>>,
    uploads: Uploads,
    /// The names of the types that the contracts know, collected when a request is cast to one.
    types: OnceLock<HashSet<String>>,
}

impl Documentation {
    /// These contracts, and how closely a request has to be the documented one.
    pub fn new(matcher: Matcher, mode: Mode) -> Documentation {
        let prepared = matcher.store().contracts.iter().map(|_| OnceLock::new()).collect();
        Documentation { matcher, mode, prepared, uploads: Uploads::default(), types: OnceLock::new() }
    }

    /// What a request is cast from, where no contract documents the cast, and whether the contracts know its type.
    pub fn not_documented_cast(&self, request: &Incoming) -> Option<(Matched<'_>, bool)> {
        let cast = cast_of(request).filter(|_| self.mode == Mode::Lenient)?;
        Some((self.cast_from(request, &cast)?, self.knows(&cast)))
    }

    fn knows(&self, cast: &CastPath<'_>) -> bool {
        is_known(cast, self.types.get_or_init(|| known_types(&self.store().contracts)))
    }

    /// What the request without its cast fits.
    fn cast_from(&self, request: &Incoming, cast: &CastPath<'_>) -> Option<Matched<'_>> {
        let own = Incoming { path: cast.before.to_owned(), ..request.clone() };
        self.look(&own, true).ok()
    }

    /// The cast of a request, and what it is cast from, where its page says that casts are possible.
    fn uncast<'d, 'r>(&'d self, request: &'r Incoming) -> Option<(CastPath<'r>, Matched<'d>)> {
        let cast = cast_of(request).filter(|own| self.mode == Mode::Lenient && self.knows(own))?;
        let found = self.cast_from(request, &cast).filter(|found| found.contract.request.casts)?;
        Some((cast, found))
    }

    /// The contracts.
    pub fn store(&self) -> &Store {
        self.matcher.store()
    }

    /// Forgets the uploads that have begun.
    pub(crate) fn reset(&self) {
        self.uploads.reset();
    }

    /// The contract that a request fits.
    ///
    /// # Errors
    ///
    /// When it fits none, with the nearest.
    pub(crate) fn find(&self, request: &Incoming) -> Result<Matched<'_>, Refusal> {
        self.look(request, false)
    }

    /// The same for a request from whose path a cast was taken, or not.
    fn look(&self, request: &Incoming, is_cast: bool) -> Result<Matched<'_>, Refusal> {
        let found = self.matcher.find(&received_as(request, is_cast), self.mode);
        let mut matched = found.or_else(|refusal| self.by_other_address(request, is_cast).ok_or(refusal))?;
        // Notes are written into header fields, also of the answers within a batch.
        redaction::notes(&mut matched.notes);
        Ok(matched)
    }

    /// The contract by which a request is documented: the one that it fits, or the one from which its answer is derived. What is secret is in neither
    /// notes nor refusal.
    ///
    /// # Errors
    ///
    /// When no contract does, with the nearest.
    pub fn documented(&self, request: &Incoming) -> Result<Matched<'_>, Refusal> {
        self.find(request).or_else(|mut refusal| {
            let derived = self.collection(request).filter(|own| self.lists(own)).or_else(|| self.resuming(request));
            let derived = derived.and_then(|own| self.find(&own).ok()).or_else(|| Some(self.uncast(request)?.1));
            derived.ok_or_else(|| {
                redaction::refusal(&mut refusal, request);
                refusal
            })
        })
    }

    /// The contract that a request may fit of which only the head is there. Strictly, more is refused, and nothing less.
    ///
    /// # Errors
    ///
    /// When it fits none whatever its body has, with the nearest.
    pub(crate) fn by_head(&self, request: &Incoming) -> Result<Matched<'_>, Refusal> {
        let found = match self.mode {
            Mode::Lenient => self.find(request),
            Mode::Strict => self.matcher.find(&received(request), Mode::Lenient),
        };
        found.map_err(|mut refusal| {
            refusal.differences.retain(|own| !matches!(own.at, RequestPart::Body | RequestPart::Path(_)));
            refusal
        })
    }

    /// Whether the answer to a request is a collection.
    fn lists(&self, request: &Incoming) -> bool {
        let documented = self.find(request).ok().and_then(|own| own.contract.response.body.as_ref()?.as_json());
        documented.is_some_and(|body| matches!(body.get("value"), Some(Json::Array(_))))
    }

    /// The contract that a request fits when what it asks for is addressed in another way: what can be done with an item of a drive can be done with it
    /// by its identifier and by its path, and in whichever way its drive is addressed ("Addressing resources in a drive on OneDrive"); an object has
    /// other keys; and what has a media type has content (OData URL Conventions 4.01 section 4.7).
    fn by_other_address(&self, request: &Incoming, is_cast: bool) -> Option<Matched<'_>> {
        if self.mode == Mode::Strict || request.header(CONTRACT_HEADER).is_some() {
            return None;
        }
        let find = |path: String| {
            let request = Incoming { path, ..request.clone() };
            self.matcher.fitting(&received_as(&request, is_cast), self.mode)
        };
        let found = other_addresses(&request.path).into_iter().find_map(find);
        found.or_else(|| {
            let media = request.path.trim_end_matches('/').strip_suffix("/$value")?;
            let is_media = |own: &Matched<'_>| media_type_of(own.contract).is_some();
            find(media.to_owned()).filter(is_media).filter(|_| request.method == Method::GET)
        })
    }

    /// The answer to a request by the contract that was found for it, or why none was.
    pub(crate) fn answer(&self, request: &Incoming, found: Result<Matched<'_>, Refusal>) -> Reply {
        match found {
            Ok(matched) => {
                let mut reply = match self.mode {
                    Mode::Strict => Reply::documented(matched.contract, Answer::documented(matched.contract)),
                    Mode::Lenient => self.as_read(matched.index, request),
                };
                // The page of a number may show no number.
                if reply.body.is_empty()
                    && reply.status == StatusCode::OK
                    && let Some(counted) = self.counted(request)
                {
                    reply = Reply { account: reply.account, ..counted };
                }
                reply.account.notes = matched.notes;
                reply
            }
            Err(refusal) => {
                let derived =
                    self.counted(request).or_else(|| self.resumed(request)).or_else(|| self.narrowed(request));
                derived.unwrap_or_else(|| self.refuse(request, refusal))
            }
        }
    }

    /// The answer to a request that no contract fits.
    pub(crate) fn refuse(&self, request: &Incoming, mut refusal: Refusal) -> Reply {
        if let Some(allowed) = self.matcher.allowed(&received(request)) {
            return Reply::new(StatusCode::NO_CONTENT).with_header("allow", &allowed);
        }
        // It asks whether there is a server (RFC 9110 section 9.3.7).
        if request.method == Method::OPTIONS && request.path == "*" {
            return Reply::new(StatusCode::NO_CONTENT);
        }
        // What a client sent is not shown to it again where it is secret: answers are logged.
        redaction::refusal(&mut refusal, request);
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::NOT_IMPLEMENTED);
        let nearest = refusal.nearest_id().and_then(|id| self.store().contract(id));
        let mut reply = Reply::new(status).with_body("application/json", refusal.to_body(nearest));
        if let Some(allowed) = refusal.allowed() {
            reply = reply.with_header("allow", allowed);
        }
        reply.account.refusal = Some(Box::new(refusal));
        reply
    }

    /// The number of a collection's items, where its page documents the collection and not the number (OData URL Conventions 4.01
    /// section 4.8).
    fn counted(&self, request: &Incoming) -> Option<Reply> {
        let request = self.collection(request)?;
        let mut reply = self.answer(&request, self.find(&request));
        let body = json::parse(std::str::from_utf8(&reply.body).ok()?).ok()?.json;
        let Some(Json::Array(items)) = body.get("value") else { return None };
        reply.headers.clear();
        Some(Reply { body: items.len().to_string().into(), ..reply }.with_header("content-type", "text/plain"))
    }

    /// What follows a delta whose link has its token in the path, as `delta(token='…')`, where its page documents `delta` alone.
    fn resumed(&self, request: &Incoming) -> Option<Reply> {
        let request = self.resuming(request)?;
        let found = self.find(&request);
        found.is_ok().then(|| self.answer(&request, found))
    }

    /// The answer to a cast that its page describes in words alone: what it documents of the type.
    fn narrowed(&self, request: &Incoming) -> Option<Reply> {
        let (cast, found) = self.uncast(request)?;
        let own = Incoming { path: cast.before.to_owned(), ..request.clone() };
        let mut reply = self.answer(&own, Ok(found));
        let mut body = json::parse(std::str::from_utf8(&reply.body).ok()?).ok()?.json;
        narrow(&mut body, &cast);
        reply.body = serde_json::to_string(&body).ok()?.into();
        Some(reply)
    }

    /// The request for what its page documents.
    fn resuming(&self, request: &Incoming) -> Option<Incoming> {
        let (before, token) = request.path.trim_end_matches('/').strip_suffix(')')?.rsplit_once('(')?;
        let is_token =
            before.to_ascii_lowercase().ends_with("/delta") && token.to_ascii_lowercase().starts_with("token=");
        let query = Some("$deltatoken=latest".to_owned());
        let is_resumed = is_token && self.mode == Mode::Lenient;
        is_resumed.then(|| Incoming { path: before.to_owned(), query, ..request.clone() })
    }

    /// The request for the collection whose number is asked for.
    pub(crate) fn collection(&self, request: &Incoming) -> Option<Incoming> {
        let collection = request.path.trim_end_matches('/').strip_suffix("/$count")?;
        let is_read = self.mode == Mode::Lenient && request.method == Method::GET;
        is_read.then(|| Incoming { path: collection.to_owned(), ..request.clone() })
    }

    /// What a link in an answer leads to.
    pub(crate) fn content(&self, request: &Incoming) -> Reply {
        let (store, contracts) = (self.matcher.store(), &self.matcher.store().contracts);
        let Some((link, contract)) =
            Link::read(request).and_then(|link| store.contract(link.contract).map(|own| (link, own)))
        else {
            return graph_error(StatusCode::NOT_FOUND, "itemNotFound", "No answer has this link.");
        };
        if uploads::begins(contract) {
            return self.uploads.answer(request, || self.uploaded(contract, request));
        }
        // A redirect leads to what its page shows next: another response to the same request.
        let first = contract.alternative_of.as_ref().unwrap_or(&contract.id);
        let is_shown = |(_, own): &(usize, &Contract)| {
            (own.alternative_of.as_ref() == Some(first) || own.id == *first)
                && own.response.body.is_some()
                && (200..300).contains(&own.response.status)
        };
        let mut reply = match contracts.iter().enumerate().filter(|(_, own)| own.id != contract.id).find(is_shown) {
            Some((index, _)) => self.as_read(index, request),
            None => {
                let mut reply = link.bytes();
                reply.account.contract = Some((contract.id.clone(), contract.location()));
                reply
            }
        };
        links::apply_range(request, &mut reply);
        reply
    }

    /// The refusal of a chunk of an upload of which only the head is there.
    pub(crate) fn refused_chunk(&self, request: &Incoming) -> Option<Reply> {
        let contract = self.store().contract(Link::read(request)?.contract)?;
        if uploads::begins(contract) { self.uploads.refused(request) } else { None }
    }

    /// The answer to the last chunk of an upload: that to the same content sent at once, where a page documents it, or the address of what was
    /// made ("attachment: createUploadSession").
    fn uploaded(&self, contract: &Contract, request: &Incoming) -> Reply {
        let path = contract.path_root() + Target::read(&contract.request.url).path;
        let path = path.rsplit_once('/').map(|(item, _)| format!("{item}/content")).unwrap_or_default();
        let at_once =
            Incoming { method: Method::PUT, path, query: None, headers: Default::default(), ..request.clone() };
        let mut reply = match self.find(&at_once) {
            Ok(matched) => self.as_read(matched.index, &at_once),
            Err(_) => {
                let mut reply = Reply::new(StatusCode::CREATED);
                reply.account.contract = Some((contract.id.clone(), contract.location()));
                reply.with_header("location", &format!("{}{}", request.base_url, request.path))
            }
        };
        reply.status = StatusCode::CREATED;
        reply
    }

    /// What of a contract's answer is the same for every request.
    fn prepared(&self, index: usize) -> &Prepared {
        let contract = &self.matcher.store().contracts[index];
        let is_answered = |path: &str, query: Option<&str>| self.is_answered(path, query);
        self.prepared[index].get_or_init(|| Prepared::new(contract, self.matcher.rules(index), is_answered))
    }

    /// Whether a GET of that path is answered. No answer is made to find out.
    fn is_answered(&self, path: &str, query: Option<&str>) -> bool {
        let (path, query) = (path.to_owned(), query.map(str::to_owned));
        let request = Incoming { path, query, ..Incoming::default() };
        self.find(&request).is_ok() || self.resuming(&request).is_some_and(|request| self.find(&request).is_ok())
    }

    /// The answer of a contract as clients can read it.
    fn as_read(&self, index: usize, request: &Incoming) -> Reply {
        let contract = &self.matcher.store().contracts[index];
        let prepared = self.prepared(index);
        let mut reply = prepared.head(request);
        if !may_have_content(&contract.request.method, contract.response.status) {
            return reply;
        }
        if last_segment(&request.path) == "$value" {
            let own = Target::read(&contract.request.url).path;
            if last_segment(own) != "$value" {
                return raw_value(contract, request, reply);
            }
        }
        match (&prepared.readable, &contract.response.body) {
            (Some(readable), _) => match self.shaped(index, readable, request) {
                Ok((body, unapplied)) => {
                    reply.account.unapplied = unapplied;
                    reply.body = body.into();
                }
                Err(refusal) => return Reply { account: reply.account, ..*refusal },
            },
            (None, Some(Body::Bytes(lines))) => {
                let media_type = content_type(&reply).unwrap_or_else(|| "application/octet-stream".to_owned());
                let is_shown = is_file(lines) && is_any_file(&media_type);
                let bytes =
                    if is_shown { lines.join("\n").into_bytes() } else { sample_bytes(&media_type, &contract.id) };
                reply = reply.with_body(&media_type, bytes);
                links::apply_range(request, &mut reply);
            }
            (None, Some(body @ Body::Text(_))) => reply.body = body.to_text().into(),
            (None, _) => {}
        }
        reply
    }

    /// The JSON of a contract's answer with what the request changes of it, and what of the request was not applied; or the refusal of an option that
    /// is not valid.
    fn shaped(
        &self,
        index: usize,
        readable: &Readable,
        request: &Incoming,
    ) -> Result<(String, Vec<String>), Box<Reply>> {
        let (contract, prepared) = (&self.matcher.store().contracts[index], self.prepared(index));
        let options = unfulfilled(request, |name, value| prepared.fulfills(name, value));
        let is_sent = readable.repeats() && !request.body.is_empty();
        if !is_sent
            && options.is_empty()
            && !may_expand(request)
            && let Some(body) = prepared.unchanged(request)
        {
            return Ok((body, Vec::new()));
        }
        let sent = std::str::from_utf8(&request.body).ok().filter(|_| is_sent).and_then(|body| json::parse(body).ok());
        let body = readable.answer(sent.as_ref().map(|sent| &sent.json));
        let documented =
            |own: &Incoming| Some(self.prepared(self.find(own).ok()?.index).readable.as_ref()?.answer(None));
        let body = expanded(request, body, documented);
        let (mut body, unapplied) = shaped(contract, self.matcher.rules(index), request, &options, body)?;
        links::lead_all_back(&mut body, &|url, leads| links::lead_back(url, request, &contract.id, leads));
        links::lead_on(&mut body, request, |path, query| {
            path == request.path || prepared.leads_on(path, query).unwrap_or_else(|| self.is_answered(path, query))
        });
        self.uploads.begin(&mut body);
        Ok((serde_json::to_string(&body).unwrap_or_default(), unapplied))
    }
}

/// A request as the matcher reads it.
fn received(request: &Incoming) -> Received<'_> {
    let (method, query) = (request.method.as_str(), request.query.as_deref());
    Received::new(method, &request.path, query, &request.headers, &request.body)
}

/// The same for a request from whose path a cast may have been taken.
fn received_as(request: &Incoming, is_cast: bool) -> Received<'_> {
    if is_cast { received(request).with_cast() } else { received(request) }
}

/// The last segment of a path, decoded.
fn last_segment(path: &str) -> Cow<'_, str> {
    decode(path.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
}

/// The content of which a page shows the metadata only: bytes of the media type that the metadata says (OData URL Conventions 4.01
/// section 4.7; OData JSON Format 4.01 section 4.6.13).
fn raw_value(contract: &Contract, request: &Incoming, mut reply: Reply) -> Reply {
    let media_type = media_type_of(contract).unwrap_or("application/octet-stream");
    reply = reply.with_body(media_type, sample_bytes(media_type, &contract.id));
    links::apply_range(request, &mut reply);
    reply
}

/// The media type of what a page shows the metadata of.
fn media_type_of(contract: &Contract) -> Option<&str> {
    let body = contract.response.body.as_ref().and_then(Body::as_json)?;
    let stated = body.get("@odata.mediaContentType").or_else(|| body.get("contentType"))?;
    stated.as_str().filter(|own| own.contains('/'))
}

/// Whether a page shows a file itself: several lines, or the first row of a table (RFC 4180). What is described in words has one line, and a blank
/// behind each comma.
fn is_file(lines: &[String]) -> bool {
    match lines {
        [row] => row.matches(',').count() > 1 && !row.contains(", ") && !row.starts_with(['<', '{', '[', '(', '.']),
        lines => lines.len() > 1,
    }
}

/// Whether a media type does not say what a file is.
fn is_any_file(media_type: &str) -> bool {
    matches!(
        graph_contracts::contract::media_type(media_type).as_str(),
        "application/octet-stream" | "binary/octet-stream"
    )
}

fn content_type(reply: &Reply) -> Option<String> {
    reply.headers.get(http::header::CONTENT_TYPE).and_then(|own| own.to_str().ok()).map(str::to_owned)
}
