//! The answer that a contract documents.

use std::borrow::Cow;
use std::sync::OnceLock;

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{self, Json};
use graph_contracts::matching::{CONTRACT_HEADER, Matched, Matcher, Mode, Received, Refusal};
use graph_contracts::normal::may_have_content;
use graph_contracts::store::Store;
use graph_contracts::stub::Answer;
use graph_contracts::url::{Target, decode};
use http::{Method, StatusCode};

use crate::addresses::other_addresses;
use crate::bytes::sample_bytes;
use crate::expansion::expanded;
use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::journal::redaction;
use crate::links::{self, Leads, Link};
use crate::readable::Readable;
use crate::reply::Reply;
use crate::shaping::shaped;
use crate::uploads;

/// The contracts, and what they answer.
#[derive(Debug)]
pub(crate) struct Documentation {
    matcher: Matcher,
    mode: Mode,
    /// The documented bodies as clients can read them, each made when it is first asked for.
    readable: Vec<OnceLock<Option<Readable>>>,
}

impl Documentation {
    pub(crate) fn new(matcher: Matcher, mode: Mode) -> Documentation {
        let readable = matcher.store().contracts.iter().map(|_| OnceLock::new()).collect();
        Documentation { matcher, mode, readable }
    }

    /// The contracts.
    pub(crate) fn store(&self) -> &Store {
        self.matcher.store()
    }

    /// The contract that a request fits.
    ///
    /// # Errors
    ///
    /// When it fits none, with the nearest.
    pub(crate) fn find(&self, request: &Incoming) -> Result<Matched<'_>, Refusal> {
        let found = self.matcher.find(&received(request), self.mode);
        let mut matched = found.or_else(|refusal| self.by_other_address(request).ok_or(refusal))?;
        // Notes are written into header fields, also of the answers within a batch.
        redaction::notes(&mut matched.notes);
        Ok(matched)
    }

    /// The contract that a request fits when what it asks for is addressed in another way: what can be done with an item of a drive can be done with it
    /// by its identifier and by its path, and in whichever way its drive is addressed ("Addressing resources in a drive on OneDrive"); an object has
    /// other keys; and what has a media type has content (OData URL Conventions 4.01 section 4.7).
    fn by_other_address(&self, request: &Incoming) -> Option<Matched<'_>> {
        if self.mode == Mode::Strict || request.header(CONTRACT_HEADER).is_some() {
            return None;
        }
        let find = |path: String| {
            let request = Incoming { path, ..request.clone() };
            self.matcher.find(&received(&request), self.mode).ok()
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
                    Mode::Strict => reply_of(matched.contract, Answer::documented(matched.contract)),
                    Mode::Lenient => self.as_read(matched.index, request),
                };
                reply.account.notes = matched.notes;
                reply
            }
            Err(refusal) => {
                let derived = self.counted(request).or_else(|| self.resumed(request));
                derived.unwrap_or_else(|| self.refuse(request, refusal))
            }
        }
    }

    /// The answer to a request that no contract fits.
    pub(crate) fn refuse(&self, request: &Incoming, mut refusal: Refusal) -> Reply {
        if let Some(allowed) = self.matcher.allowed(&received(request)) {
            return Reply::new(StatusCode::NO_CONTENT).with_header("allow", &allowed);
        }
        // What a client sent is not shown to it again where it is secret: answers are logged.
        redaction::refusal(&mut refusal, request);
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::NOT_IMPLEMENTED);
        let mut reply = Reply::new(status).with_body("application/json", refusal.to_body());
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
        let (before, token) = request.path.trim_end_matches('/').strip_suffix(')')?.rsplit_once('(')?;
        let is_token =
            before.to_ascii_lowercase().ends_with("/delta") && token.to_ascii_lowercase().starts_with("token=");
        if !is_token || self.mode == Mode::Strict {
            return None;
        }
        let query = Some("$deltatoken=latest".to_owned());
        let request = Incoming { path: before.to_owned(), query, ..request.clone() };
        let found = self.find(&request);
        found.is_ok().then(|| self.answer(&request, found))
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
            return uploads::answer(request, || self.uploaded(contract, request));
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

    /// The body of a contract as clients can read it, if it has one.
    fn readable(&self, index: usize) -> Option<&Readable> {
        let contract = self.matcher.store().contracts.get(index)?;
        let readable = || Readable::new(contract, self.matcher.rules(index));
        self.readable.get(index).and_then(|own| own.get_or_init(readable).as_ref())
    }

    /// Whether a GET of that path is answered.
    fn is_answered(&self, request: &Incoming, path: &str, query: Option<&str>) -> bool {
        let (path, query) = (path.to_owned(), query.map(str::to_owned));
        let request = Incoming { method: Method::GET, path, query, body: Default::default(), ..request.clone() };
        self.find(&request).is_ok() || self.resumed(&request).is_some()
    }

    /// The answer of a contract as clients can read it.
    fn as_read(&self, index: usize, request: &Incoming) -> Reply {
        let contract = &self.matcher.store().contracts[index];
        let mut reply = reply_of(contract, Answer::documented_head(contract));
        // What a page shows of the coding of its example is not how it is sent here.
        reply.headers.remove(http::header::CONTENT_ENCODING);
        let lead = |url: &str, leads: Leads| links::lead_back(url, request, &contract.id, leads);
        if let Some(location) =
            reply.headers.get(http::header::LOCATION).and_then(|own| own.to_str().ok()).map(str::to_owned)
            && let Some(own) = lead(&location, Leads::On)
        {
            reply = reply.with_header("location", &own);
        }
        if !may_have_content(&contract.request.method, contract.response.status) {
            return reply;
        }
        let own = Target::read(&contract.request.url).path;
        if last_segment(&request.path) == "$value" && last_segment(own) != "$value" {
            return raw_value(contract, request, reply);
        }
        let rules = self.matcher.rules(index);
        let readable = self.readable(index);
        match (readable, &contract.response.body) {
            (Some(readable), _) => {
                let sent = std::str::from_utf8(&request.body).ok().and_then(|body| json::parse(body).ok());
                let body = readable.answer(sent.as_ref().map(|sent| &sent.json));
                let documented = |own: &Incoming| Some(self.readable(self.find(own).ok()?.index)?.answer(None));
                let body = expanded(request, body, documented);
                match shaped(contract, rules, request, body) {
                    Ok((mut body, unapplied)) => {
                        links::lead_all_back(&mut body, &lead);
                        links::lead_on(&mut body, request, |path, query| self.is_answered(request, path, query));
                        uploads::renew(&mut body);
                        reply.account.unapplied = unapplied;
                        reply.body = body.to_string().into();
                        if !reply.headers.contains_key(http::header::CONTENT_TYPE) {
                            reply = reply.with_header("content-type", "application/json");
                        }
                    }
                    Err(refusal) => return Reply { account: reply.account, ..*refusal },
                }
            }
            (None, Some(Body::Bytes(lines))) => {
                let media_type = content_type(&reply).unwrap_or_else(|| "application/octet-stream".to_owned());
                let is_shown = is_file(lines) && is_any_file(&media_type);
                let bytes =
                    if is_shown { lines.join("\n").into_bytes() } else { sample_bytes(&media_type, &contract.id) };
                reply = reply.with_body(&media_type, bytes);
                links::apply_range(request, &mut reply);
            }
            (None, Some(body @ Body::Text(_))) => {
                reply.body = body.to_text().into();
                if content_type(&reply).is_none() {
                    reply = reply.with_header("content-type", "text/plain");
                }
            }
            (None, _) => {}
        }
        reply
    }
}

/// A request as the matcher reads it.
fn received(request: &Incoming) -> Received<'_> {
    let (method, query) = (request.method.as_str(), request.query.as_deref());
    Received::new(method, &request.path, query, &request.headers, &request.body)
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

/// An answer that a contract documents, or a part of it.
fn reply_of(contract: &Contract, Answer { status, headers, body }: Answer) -> Reply {
    let reply = Reply::new(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
    let mut reply = headers.iter().fold(reply, |reply, (name, value)| reply.with_header(name, value));
    reply.body = body.into();
    reply.account.contract = Some((contract.id.clone(), contract.location()));
    reply
}
