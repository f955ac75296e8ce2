//! Answers, and errors in the form of OData (OData JSON Format 4.01 section 21.1) as Microsoft Graph writes them.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use super::response::{Origin, Response};
use crate::blob::Blob;
use crate::query::Note;
use graph_contracts::json::{Json, Member};

/// What Microsoft Graph says of its JSON (OData JSON Format 4.01 section 3).
const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// An answer before it is sent.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) content: Content,
    pub(super) origin: Origin,
    /// The id of the contract that it follows.
    pub(super) contract: Option<String>,
    pub(super) notes: Vec<Note>,
}

/// What an answer carries.
#[derive(Debug)]
pub(super) enum Content {
    Nothing,
    Json(Json),
    Text(String),
    Bytes(Blob),
    /// An error, which names the request that it answers.
    Error {
        code: &'static str,
        message: String,
    },
    /// The error that another object has the same value of a property.
    Conflict(String),
}

impl Answer {
    pub(super) fn new(status: u16, content: Content) -> Answer {
        let origin = if matches!(content, Content::Error { .. } | Content::Conflict(_)) {
            Origin::Refusal
        } else {
            Origin::State
        };
        Answer { status, headers: Vec::new(), content, origin, contract: None, notes: Vec::new() }
    }

    pub(super) fn error(status: u16, code: &'static str, message: impl Into<String>) -> Answer {
        Answer::new(status, Content::Error { code, message: message.into() })
    }

    /// The refusal of an object by what another one has, as the directory of Microsoft Graph words it.
    pub(super) fn object_conflict(property: &str) -> Answer {
        Answer::new(400, Content::Conflict(property.to_owned()))
    }

    #[must_use]
    pub(super) fn with_header(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub(super) fn from(mut self, origin: Origin) -> Answer {
        self.origin = origin;
        self
    }

    /// The answer as it is sent. Every response of Microsoft Graph carries `request-id`, and `client-request-id` if the request
    /// did ("Best practices for working with Microsoft Graph").
    pub(super) fn send(self, request_id: &str, client_request_id: Option<&HeaderValue>, now: &str) -> Response {
        let mut headers = HeaderMap::new();
        let mut insert = |name: &str, value: &str| {
            // Documentation has fields that HTTP does not allow; they are left out.
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        };
        insert("request-id", request_id);
        let is_json = matches!(self.content, Content::Json(_) | Content::Error { .. } | Content::Conflict(_));
        if is_json {
            insert("content-type", JSON);
        }
        self.headers.iter().for_each(|(name, value)| insert(name, value));
        if let Some(id) = client_request_id {
            headers.insert("client-request-id", id.clone());
        }
        let mut file = None;
        let body: Bytes = match self.content {
            Content::Json(json) => json.to_string().into(),
            Content::Error { code, message } => {
                let inner = json!({ "date": now, "request-id": request_id });
                let error = json!({ "error": { "code": code, "message": message, "innerError": inner } });
                error.to_string().into()
            }
            Content::Conflict(property) => {
                let message = format!("Another object with the same value for property {property} already exists.");
                let detail = json!({ "code": "ObjectConflict", "message": message, "target": property });
                let inner = json!({ "date": now, "request-id": request_id });
                let error = json!({ "code": "Request_BadRequest", "message": message, "details": [detail], "innerError": inner });
                json!({ "error": error }).to_string().into()
            }
            Content::Text(text) => text.into(),
            Content::Bytes(blob) => blob.as_bytes().unwrap_or_else(|| {
                file = Some(blob);
                Bytes::new()
            }),
            Content::Nothing => Bytes::new(),
        };
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Response { status, headers, body, file, origin: self.origin, contract: self.contract, notes: self.notes }
    }
}

/// A member whose value is a string.
pub(super) fn text(name: &str, value: &str) -> Member {
    Member { name: name.to_owned(), value: Json::String(value.to_owned()) }
}
