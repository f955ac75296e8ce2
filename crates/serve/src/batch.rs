//! `$batch`: several requests in one (OData JSON Format 4.01 section 19; Microsoft Graph documentation, "Combine multiple HTTP requests
//! using JSON batching").

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graph_contracts::url::is_version;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::links::meant_path;
use crate::reply::{Part, Reply, Rest};

/// So many requests a batch of Microsoft Graph has, at most.
pub const MOST_REQUESTS: usize = 20;

#[derive(Deserialize)]
struct Batch<R> {
    requests: Vec<R>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Single {
    id: Id,
    method: String,
    url: String,
    headers: Option<HashMap<String, Value>>,
    body: Option<Value>,
    depends_on: Option<Vec<Id>>,
}

/// An id is text, but some clients write a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

impl Id {
    fn text(&self) -> String {
        match self {
            Id::Text(text) => text.clone(),
            Id::Number(number) => number.to_string(),
        }
    }
}

/// Whether a request is a batch.
pub fn is_batch(request: &Incoming) -> bool {
    if request.method != Method::POST {
        return false;
    }
    let mut segments = request.path.trim_matches('/').split('/');
    let (version, batch) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    is_version(version)
        && segments.next().is_none()
        && (batch.eq_ignore_ascii_case("$batch") || batch.eq_ignore_ascii_case("%24batch"))
}

/// A request within a batch.
#[derive(Debug)]
pub struct RequestWithin {
    /// Its id in the batch.
    pub id: String,
    /// The request as if it had come alone; or why it cannot.
    pub request: Result<Incoming, &'static str>,
}

/// The requests of a batch in their order.
///
/// # Errors
///
/// When the body is no batch.
pub fn requests_within(batch: &Incoming) -> Result<Vec<RequestWithin>, String> {
    let read: Batch<Value> =
        serde_json::from_slice(&batch.body).map_err(|_| "its body is not that of a batch".to_owned())?;
    // One that cannot be read keeps no other from being read.
    let within = |value: &Value| match Single::deserialize(value) {
        Ok(single) => RequestWithin { id: single.id.text(), request: single.incoming(batch) },
        Err(_) => {
            let id = value.get("id").and_then(|id| Id::deserialize(id).ok()).map(|id| id.text());
            RequestWithin { id: id.unwrap_or_default(), request: Err("is no object with an id, a method and a URL") }
        }
    };
    Ok(read.requests.iter().map(within).collect())
}

/// Answers each request of a batch, those that others depend on before those.
pub(crate) fn answer(request: &Incoming, answer: impl Fn(&Incoming) -> Reply) -> Reply {
    let bad = |message: &str| graph_error(StatusCode::BAD_REQUEST, "BadRequest", message);
    let batch: Batch<Single> = match serde_json::from_slice(&request.body) {
        Ok(batch) => batch,
        Err(error) => return bad(&format!("Invalid batch payload format: {error}.")),
    };
    if batch.requests.is_empty() || batch.requests.len() > MOST_REQUESTS {
        let found = batch.requests.len();
        return bad(&format!("A batch has 1 to {MOST_REQUESTS} requests, and this one has {found}."));
    }
    let ids: Vec<String> = batch.requests.iter().map(|single| single.id.text()).collect();
    let mut known = HashSet::new();
    if let Some(twice) = ids.iter().find(|id| !known.insert(id.to_ascii_lowercase())) {
        return bad(&format!("The id {twice} is that of two requests."));
    }
    let mut answered: HashMap<String, (String, Reply)> = HashMap::new();
    // Of each request, those that it depends on stand before it: who answers in the order of the batch misses none.
    for (single, id) in batch.requests.iter().zip(&ids) {
        let depends: Vec<String> = single.depends_on.iter().flatten().map(Id::text).collect();
        if let Some(unknown) = depends.iter().find(|own| !answered.contains_key(*own)) {
            return bad(&format!("The request {id} depends on {unknown}, which is not a request before it."));
        }
        let has_failed =
            depends.iter().any(|own| answered.get(own).is_some_and(|(_, reply)| reply.status.as_u16() >= 400));
        let read = single.incoming(request);
        let target = read.as_ref().map_or_else(|_| single.url.clone(), Incoming::target);
        let reply = match read {
            _ if has_failed => graph_error(
                StatusCode::FAILED_DEPENDENCY,
                "FailedDependency",
                "A request that this one depends on has failed.",
            ),
            Ok(within) => answer(&within),
            Err(message) => bad(&format!("The request {id} {message}.")),
        };
        answered.insert(id.clone(), (target, reply));
    }
    let mut whole = Reply::new(StatusCode::OK);
    let mut responses = Vec::with_capacity(ids.len());
    for (single, id) in batch.requests.iter().zip(ids) {
        let Some((target, mut reply)) = answered.remove(&id) else { continue };
        reply.say();
        responses.push(shown(&id, &reply));
        let (method, status, account) = (single.method.to_ascii_uppercase(), reply.status, reply.account);
        whole.account.within.push(Part { id, method, target, status, account });
    }
    whole.with_body("application/json", json!({ "responses": responses }).to_string())
}

impl Single {
    /// The request as if it had come alone: with the token of the batch, and its URL relative to the version.
    fn incoming(&self, batch: &Incoming) -> Result<Incoming, &'static str> {
        let version = batch.path.trim_matches('/').split('/').next().unwrap_or_default();
        let url = format!("/{}", self.url);
        // Some clients write the whole URL, of this server or of Microsoft Graph.
        let relative = meant_path(&url, &batch.base_url).trim_start_matches('/');
        if relative.contains("://") || relative.is_empty() {
            return Err("has a URL that is not relative");
        }
        let (path, query) = match relative.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (relative, None),
        };
        // Some clients write the version again.
        let has_version = path.split('/').next().is_some_and(is_version);
        let path = if has_version { format!("/{path}") } else { format!("/{version}/{path}") };
        let method =
            Method::from_bytes(self.method.to_ascii_uppercase().as_bytes()).map_err(|_| "has no valid method")?;
        let mut headers = HeaderMap::new();
        let inherited = [header::AUTHORIZATION, HeaderName::from_static("client-request-id")];
        for name in inherited {
            if let Some(value) = batch.headers.get(&name) {
                headers.insert(name, value.clone());
            }
        }
        for (name, value) in self.headers.iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let name =
                HeaderName::try_from(name.as_str()).map_err(|_| "has a header field that HTTP does not allow")?;
            let value = HeaderValue::try_from(text).map_err(|_| "has a header field that HTTP does not allow")?;
            // In place of one of the batch.
            headers.insert(name, value);
        }
        Ok(Incoming {
            method,
            path,
            query,
            body: self.content(&headers)?.into(),
            headers,
            base_url: batch.base_url.clone(),
            left_out: 0,
            file: None,
        })
    }

    /// The body: JSON as it is; anything else as a string in base64.
    fn content(&self, headers: &HeaderMap) -> Result<Vec<u8>, &'static str> {
        let Some(body) = &self.body else { return Ok(Vec::new()) };
        let media_type = headers.get(header::CONTENT_TYPE).and_then(|own| own.to_str().ok()).unwrap_or_default();
        match body {
            Value::String(text) if !media_type.to_ascii_lowercase().contains("json") => {
                STANDARD.decode(text).map_err(|_| "has a body that is neither JSON nor base64")
            }
            _ if media_type.is_empty() => Err("has a body and no header field Content-Type"),
            body => Ok(body.to_string().into_bytes()),
        }
    }
}

/// The largest file that is sent within a batch: a photo has 4 MB at most ("Update profilePhoto").
const LARGEST_WITHIN: usize = 4 << 20;

/// A response within the batch: JSON as it is, anything else in base64.
fn shown(id: &str, reply: &Reply) -> Value {
    let gathered = gathered(reply);
    let reply = gathered.as_ref().unwrap_or(reply);
    let headers: Map<String, Value> = reply
        .headers
        .iter()
        .filter_map(|(name, value)| Some((canonical(name.as_str()), value.to_str().ok()?.into())))
        .collect();
    let mut shown = json!({ "id": id, "status": reply.status.as_u16(), "headers": headers });
    if !reply.body.is_empty() {
        let body = serde_json::from_slice(&reply.body).unwrap_or_else(|_| STANDARD.encode(&reply.body).into());
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("body".to_owned(), body);
        }
    }
    shown
}

/// The same with a file of the tenant in memory, as it has to be within a JSON document; or its refusal.
fn gathered(reply: &Reply) -> Option<Reply> {
    let Some(Rest::File(file)) = &reply.rest else { return None };
    let length = file.length();
    if length > LARGEST_WITHIN {
        let message =
            format!("The content has {length} bytes, of at most {LARGEST_WITHIN} within a batch: ask for it alone.");
        return Some(graph_error(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message));
    }
    Some(match file.read() {
        Ok(body) => Reply { body, rest: None, ..reply.clone() },
        Err(error) => graph_error(StatusCode::INTERNAL_SERVER_ERROR, "generalException", &error.to_string()),
    })
}

/// The name of a header field as Microsoft Graph writes it; some clients look for `Content-Type` in that case alone.
fn canonical(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    name.split('-').map(word).collect::<Vec<String>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(body: &str) -> Incoming {
        Incoming {
            method: Method::POST,
            path: "/v1.0/$batch".to_owned(),
            body: body.to_owned().into(),
            base_url: "http://h".to_owned(),
            ..Incoming::default()
        }
    }

    /// Answers a batch by a service that has lamps only, and expects its status and those of its responses.
    #[track_caller]
    fn check(requests: &str, status: u16, expected: &[(&str, u16)]) {
        let reply = answer(&batch(&format!("{{\"requests\": {requests}}}")), |request| {
            let found = if request.path == "/v1.0/lamps" { StatusCode::OK } else { StatusCode::NOT_FOUND };
            Reply::new(found).with_body("application/json", request.target())
        });
        assert_eq!(reply.status.as_u16(), status, "{}", String::from_utf8_lossy(&reply.body));
        let body: Value = serde_json::from_slice(&reply.body).expect("JSON");
        let responses = body["responses"].as_array().cloned().unwrap_or_default();
        let found = responses
            .iter()
            .map(|own| (own["id"].as_str().unwrap_or_default(), own["status"].as_u64().unwrap_or_default()));
        let found: Vec<(String, u64)> = found.map(|(id, status)| (id.to_owned(), status)).collect();
        let expected: Vec<(String, u64)> =
            expected.iter().map(|(id, status)| ((*id).to_owned(), u64::from(*status))).collect();
        assert_eq!(found, expected, "{requests}");
    }

    #[test]
    fn each_request_is_answered_by_its_id() {
        check(
            r#"[{"id": "1", "method": "GET", "url": "/lamps"}, {"id": 2, "method": "get", "url": "v1.0/rooms"}]"#,
            200,
            &[("1", 200), ("2", 404)],
        );
    }

    #[test]
    fn a_request_that_cannot_be_read_keeps_no_other_from_being_read() {
        let requests = r#"{"requests": [{"id": 1, "method": "GET", "url": "/lamps", "headers": null, "body": null, "dependsOn": null},
            {"id": "2", "method": "GET"}, "3", {"id": "4", "method": "GET", "url": "/rooms"}]}"#;
        let read = requests_within(&batch(requests)).expect("a batch");
        let read: Vec<(&str, Result<&str, &str>)> = read
            .iter()
            .map(|own| (own.id.as_str(), own.request.as_ref().map(|request| request.path.as_str()).map_err(|why| *why)))
            .collect();
        let why = "is no object with an id, a method and a URL";
        assert_eq!(read, [("1", Ok("/v1.0/lamps")), ("2", Err(why)), ("", Err(why)), ("4", Ok("/v1.0/rooms"))]);
    }

    #[test]
    fn what_depends_on_a_failed_request_fails() {
        let requests = r#"[{"id": "a", "method": "GET", "url": "/rooms"}, {"id": "b", "method": "GET", "url": "/lamps", "dependsOn": ["a"]},
            {"id": "c", "method": "GET", "url": "/lamps"}]"#;
        check(requests, 200, &[("a", 404), ("b", 424), ("c", 200)]);
    }

    #[test]
    fn a_batch_that_is_not_valid_is_refused() {
        check("[]", 400, &[]);
        check(
            r#"[{"id": "1", "method": "GET", "url": "/lamps"}, {"id": "1", "method": "GET", "url": "/lamps"}]"#,
            400,
            &[],
        );
        check(r#"[{"id": "1", "method": "GET", "url": "/lamps", "dependsOn": ["2"]}]"#, 400, &[]);
        let single = r#"{"id": "ID", "method": "GET", "url": "/lamps"}"#;
        let many: Vec<String> = (0..21).map(|id| single.replace("ID", &id.to_string())).collect();
        check(&format!("[{}]", many.join(",")), 400, &[]);
        check(r#"[{"id": "1", "method": "POST", "url": "/lamps", "body": {}}]"#, 200, &[("1", 400)]);
        check(r#"[{"id": "1", "method": "GET", "url": "https://evil.example/"}]"#, 200, &[("1", 400)]);
    }
}
