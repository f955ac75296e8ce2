//! Answers, and errors in the form of OData (OData JSON Format 4.01 section 21.1) as Microsoft Graph writes them.

use serde_json::json;
use wiremock::ResponseTemplate;
use wiremock::http::{HeaderName, HeaderValue};

use graph_contracts::json::{Json, Member};

/// What Microsoft Graph says of its JSON (OData JSON Format 4.01 section 3).
const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// An answer before it is sent.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) content: Content,
}

/// What an answer carries.
#[derive(Debug)]
pub(super) enum Content {
    Nothing,
    Json(Json),
    Text(String),
    /// An error, which names the request that it answers.
    Error {
        code: &'static str,
        message: String,
    },
}

impl Answer {
    pub(super) fn new(status: u16, content: Content) -> Answer {
        Answer { status, headers: Vec::new(), content }
    }

    pub(super) fn error(status: u16, code: &'static str, message: impl Into<String>) -> Answer {
        Answer::new(status, Content::Error { code, message: message.into() })
    }

    #[must_use]
    pub(super) fn with_header(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The answer as it is sent. Every response of Microsoft Graph carries `request-id`, and `client-request-id` if the request
    /// did ("Best practices for working with Microsoft Graph").
    pub(super) fn send(self, request_id: &str, client_request_id: Option<&HeaderValue>, now: &str) -> ResponseTemplate {
        let mut template = ResponseTemplate::new(self.status).insert_header("request-id", request_id);
        if let Some(id) = client_request_id {
            template = template.insert_header("client-request-id", id);
        }
        let json = match &self.content {
            Content::Json(json) => Some(json.to_string()),
            Content::Error { code, message } => {
                let inner = json!({ "date": now, "request-id": request_id });
                Some(json!({ "error": { "code": code, "message": message, "innerError": inner } }).to_string())
            }
            Content::Text(_) | Content::Nothing => None,
        };
        if json.is_some() {
            template = template.insert_header("content-type", JSON);
        }
        for (name, value) in &self.headers {
            // Documentation has fields that HTTP does not allow; they are left out.
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
                template = template.insert_header(name, value);
            }
        }
        match (json, self.content) {
            (Some(json), _) => template.set_body_bytes(json),
            (None, Content::Text(text)) => template.set_body_bytes(text),
            (None, _) => template,
        }
    }
}

/// A member whose value is a string.
pub(super) fn text(name: &str, value: &str) -> Member {
    Member { name: name.to_owned(), value: Json::String(value.to_owned()) }
}
