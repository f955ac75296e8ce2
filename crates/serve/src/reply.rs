//! An answer, whole and as plain data.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use graph_contracts::contract::Contract;
use graph_contracts::matching::{CONTRACT_HEADER, Note, Refusal, SOURCE_HEADER, field_value};
use graph_contracts::source::SourceLine;
use graph_contracts::stub::Answer;
use graph_contracts_tenant::Blob;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::task::spawn_blocking;

use crate::body_stream::BodyStream;

/// An answer before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The body, or its beginning.
    pub(crate) body: Bytes,
    /// What follows.
    pub(crate) rest: Option<Rest>,
    pub(crate) account: Account,
}

/// What of an answer is not in memory.
#[derive(Clone, Debug)]
pub(crate) enum Rest {
    /// A file of the tenant.
    File(Blob),
    /// What another service sends. It is sent once.
    Passed(Arc<Mutex<BodyStream>>),
}

impl Rest {
    pub(crate) fn passed(body: BodyStream) -> Rest {
        Rest::Passed(Arc::new(Mutex::new(body)))
    }

    /// How many bytes it has, if that is known.
    fn length(&self) -> Option<usize> {
        match self {
            Rest::File(file) => Some(file.length()),
            Rest::Passed(rest) => {
                let length = rest.lock().unwrap_or_else(PoisonError::into_inner).length()?;
                usize::try_from(length).ok()
            }
        }
    }
}

/// How an answer came about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// The contract that answered, by its id, and where it is documented.
    pub(crate) contract: Option<(String, SourceLine)>,
    /// What of the request is not as documented, and was tolerated.
    pub(crate) notes: Vec<Note>,
    /// What of the request was not applied, in words.
    pub(crate) unapplied: Vec<String>,
    /// Why no contract answered.
    pub(crate) refusal: Option<Box<Refusal>>,
    /// Whether the token would not do for any operation.
    pub(crate) is_unauthorized: bool,
    /// Which permissions the token lacks, and where they are documented.
    pub(crate) denial: Option<(String, SourceLine)>,
    /// The answers within an answer to a batch.
    pub(crate) within: Vec<Part>,
    /// Whether the connection breaks instead.
    pub(crate) is_broken: bool,
}

/// How an answer within an answer to a batch came about.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The id of the request in the batch.
    pub(crate) id: String,
    /// The method.
    pub(crate) method: String,
    /// The path with the query, as if the request had come alone; what stands in the batch, where it could not.
    pub(crate) target: String,
    /// The status.
    pub(crate) status: StatusCode,
    /// How its answer came about.
    pub(crate) account: Account,
}

/// What an answer names its contract in.
const CONTRACT: HeaderName = HeaderName::from_static(CONTRACT_HEADER);
/// What an answer names the page and the line of its contract in.
const SOURCE: HeaderName = HeaderName::from_static(SOURCE_HEADER);
/// What an answer says in, of what was tolerated or not applied.
const NOTES: HeaderName = HeaderName::from_static("x-graph-notes");

/// So much of a file is read at once.
const FRAME: usize = 256 << 10;

/// So long a header field gets, at most.
const LONGEST_FIELD: usize = 2000;

impl Reply {
    /// An answer without content.
    pub(crate) fn new(status: StatusCode) -> Reply {
        Reply { status, headers: HeaderMap::new(), body: Bytes::new(), rest: None, account: Account::default() }
    }

    /// An answer that a contract documents, or a part of it.
    pub(crate) fn documented(contract: &Contract, Answer { status, headers, body }: Answer) -> Reply {
        let reply = Reply::new(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
        let mut reply = headers.iter().fold(reply, |reply, (name, value)| reply.with_header(name, value));
        reply.body = body.into();
        reply.account.contract = Some((contract.id.clone(), contract.location()));
        reply
    }

    /// No answer: the connection breaks.
    pub(crate) fn broken() -> Reply {
        let account = Account { is_broken: true, ..Account::default() };
        Reply { account, ..Reply::new(StatusCode::BAD_GATEWAY) }
    }

    /// How many bytes the body has, if that is known.
    pub(crate) fn length(&self) -> Option<usize> {
        let following = self.rest.as_ref().map_or(Some(0), Rest::length)?;
        Some(self.body.len() + following)
    }

    /// The body as it is sent.
    pub(crate) fn into_content(self) -> Body {
        match self.rest {
            None => Body::from(self.body),
            Some(Rest::File(file)) => Body::from_stream(stream::try_unfold(file, async |mut file: Blob| {
                let read = move || Ok(file.take(FRAME)?.map(|frame| (frame, file)));
                spawn_blocking(read).await.map_err(io::Error::other).flatten()
            })),
            Some(Rest::Passed(rest)) => {
                let empty = BodyStream::from(Bytes::new());
                let rest = std::mem::replace(&mut *rest.lock().unwrap_or_else(PoisonError::into_inner), empty);
                Body::new(rest.preceded_by(self.body))
            }
        }
    }

    /// The same answer with that header field, in place of any of its name. What HTTP does not allow is left out.
    #[must_use]
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Reply {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same answer with that content.
    #[must_use]
    pub(crate) fn with_body(self, media_type: &str, body: impl Into<Bytes>) -> Reply {
        Reply { body: body.into(), ..self.with_header("content-type", media_type) }
    }

    /// Writes into header fields which contract answered and what was noted.
    pub(crate) fn say(&mut self) {
        let account = &self.account;
        if self.headers.contains_key(CONTRACT) {
            // As it was prepared.
        } else if let Some((id, source)) = &account.contract {
            insert(&mut self.headers, CONTRACT, id);
            insert(&mut self.headers, SOURCE, &source.to_string());
        } else if let Some(nearest) = account.refusal.as_ref().and_then(|refusal| refusal.nearest.as_ref()) {
            insert(&mut self.headers, SOURCE, &nearest.source.to_string());
        } else if let Some((_, source)) = &account.denial {
            insert(&mut self.headers, SOURCE, &source.to_string());
        }
        if !account.notes.is_empty() || !account.unapplied.is_empty() {
            let notes = account.notes.iter().map(ToString::to_string);
            let notes: Vec<String> = notes.chain(account.unapplied.iter().cloned()).collect();
            insert(&mut self.headers, NOTES, &notes.join("; "));
        }
    }
}

/// Puts a text into a header field, its end left out where it is too long.
fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    let short: String = text.chars().take(LONGEST_FIELD).collect();
    if let Ok(value) = HeaderValue::from_str(&field_value(&short)) {
        headers.insert(name, value);
    }
}
