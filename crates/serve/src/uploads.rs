//! Upload sessions without a tenant: chunks are taken and not kept (Microsoft Graph documentation, "driveItem: createUploadSession").

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::url::query_parameters;
use graph_contracts_tenant::{ChunkRange, ChunkRefusal, session_end, upload_session};
use http::{Method, StatusCode};

use crate::body::stated_length;
use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// Whether a contract answers with the URL of an upload.
pub(crate) fn begins(contract: &Contract) -> bool {
    let body = contract.response.body.as_ref().and_then(Body::as_json);
    body.is_some_and(|body| body.get("uploadUrl").or_else(|| body.get("value")?.get("uploadUrl")).is_some())
}

/// How many sessions are remembered; of an older one it is not known how far it has come.
const MOST_SESSIONS: usize = 10_000;

/// The parameter by which the URL of an upload says which session it is of.
const SESSION: &str = "upload-session";

/// How far each session has come. Of what is sent, nothing is kept.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<Sessions>);

#[derive(Debug, Default)]
struct Sessions {
    /// How many have begun.
    begun: u64,
    known: BTreeMap<u64, Progress>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    received: usize,
    /// The length of the file, as soon as a chunk says it.
    total: Option<usize>,
    end: Option<End>,
}

/// How a session has ended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// By its last chunk.
    Finished(ChunkRange),
    Cancelled,
}

impl Uploads {
    /// Makes the session in a body one of its own: another URL each time, and an end in the future, since the example of a page is older, and clients do
    /// not begin a session that has ended.
    pub(crate) fn begin(&self, body: &mut Json) {
        let Json::Object(members) = body else { return };
        if !members.iter().any(|member| member.name == "uploadUrl") {
            return;
        }
        let number = self.sessions().begin();
        for member in members.iter_mut() {
            match (member.name.as_str(), &member.value) {
                ("expirationDateTime", _) => member.value = Json::String(session_end()),
                ("uploadUrl", Json::String(url)) => {
                    let separator = if url.contains('?') { '&' } else { '?' };
                    member.value = Json::String(format!("{url}{separator}{SESSION}={number}"));
                }
                _ => {}
            }
        }
    }

    /// Answers a request to the URL of an upload; `finished` is the answer to the last chunk.
    pub(crate) fn answer(&self, request: &Incoming, finished: impl FnOnce() -> Reply) -> Reply {
        let taken = self.sessions().take(number(request), request);
        match taken {
            Ok(Taken::Status(status, Progress { received, total, .. })) => {
                let body = upload_session(received, total, None).to_string();
                Reply::new(status).with_body("application/json", body)
            }
            Ok(Taken::Cancelled) => Reply::new(StatusCode::NO_CONTENT),
            Ok(Taken::Finished) => finished(),
            Err(own) => refusal(own),
        }
    }

    /// The refusal of a chunk by its head alone. The session stays as it is.
    pub(crate) fn refused(&self, request: &Incoming) -> Option<Reply> {
        let number = number(request);
        let known = number.and_then(|number| Some((number, *self.sessions().known.get(&number)?)));
        let mut copy = Sessions { begun: 0, known: known.into_iter().collect() };
        let whole = Incoming { left_out: stated_length(request)?, ..request.clone() };
        let is_chunk = request.method == Method::PUT;
        copy.take(number, &whole).err().filter(|_| is_chunk).map(refusal)
    }

    /// Forgets all sessions.
    pub(crate) fn reset(&self) {
        self.sessions().known.clear();
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which session a request is of.
fn number(request: &Incoming) -> Option<u64> {
    let query = query_parameters(request.query.as_deref().unwrap_or_default());
    query.iter().rev().find(|(name, _)| name == SESSION).and_then(|(_, number)| number.parse().ok())
}

fn refusal((status, code, message): ChunkRefusal) -> Reply {
    let reply = graph_error(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), code, message);
    if status == 405 { reply.with_header("allow", "GET, PUT, DELETE") } else { reply }
}

/// What became of a request.
enum Taken {
    /// The session goes on.
    Status(StatusCode, Progress),
    Cancelled,
    Finished,
}

impl Sessions {
    /// The number of a new session.
    fn begin(&mut self) -> u64 {
        self.begun += 1;
        self.known.insert(self.begun, Progress::default());
        if self.known.len() > MOST_SESSIONS {
            self.known.pop_first();
        }
        self.begun
    }

    /// What becomes of a request to a session: one that is not known may have come any way.
    fn take(&mut self, number: Option<u64>, request: &Incoming) -> Result<Taken, ChunkRefusal> {
        let mut own = number.and_then(|number| self.known.get_mut(&number));
        let progress = own.as_deref().copied();
        let end = progress.and_then(|own| own.end);
        let range = || ChunkRange::of(request.header("content-range"), request.length());
        if let Some(end) = end {
            // Whoever sends the last chunk again, as it may be after an answer that was lost, has done nothing more than once.
            let is_last = request.method == Method::PUT && range().is_ok_and(|range| end == End::Finished(range));
            let gone = (404, "itemNotFound", "The upload session was not found.");
            return if is_last { Ok(Taken::Finished) } else { Err(gone) };
        }
        match request.method {
            Method::GET => Ok(Taken::Status(StatusCode::OK, progress.unwrap_or_default())),
            Method::DELETE => {
                if let Some(own) = &mut own {
                    own.end = Some(End::Cancelled);
                }
                Ok(Taken::Cancelled)
            }
            Method::PUT => {
                let range = match progress {
                    Some(Progress { received, total, .. }) => range()?.following(received, total)?,
                    None => range()?.sized()?,
                };
                let end = range.is_last().then_some(End::Finished(range));
                let now = Progress { received: range.last + 1, total: Some(range.total), end };
                if let Some(own) = own {
                    *own = now;
                }
                Ok(if end.is_some() { Taken::Finished } else { Taken::Status(StatusCode::ACCEPTED, now) })
            }
            _ => Err((405, "invalidRequest", "An upload takes PUT, GET and DELETE.")),
        }
    }
}
