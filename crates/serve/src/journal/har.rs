//! Requests in the HTTP Archive format, which browsers and proxies read and write (W3C draft "HTTP Archive (HAR) format"; HAR 1.2, softwareishard.com).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graph_contracts::url::query_parameters;
use http::{StatusCode, Version, header};
use serde_json::{Value, json};

use super::exchange::{KeptBody, Message};
use super::{Entry, redaction};

/// Requests as a document of HAR 1.2. Of what has no field there, names begin with `_`, as the format asks for: the contract that answered, where it
/// is documented, and what was noted or refused.
pub fn har(entries: &[Entry]) -> Value {
    json!({ "log": {
        "version": "1.2",
        "creator": creator(),
        "entries": entries.iter().map(har_entry).collect::<Vec<Value>>(),
    } })
}

/// What writes the document.
pub(super) fn creator() -> Value {
    json!({ "name": "graph-contracts", "version": env!("CARGO_PKG_VERSION") })
}

/// One request.
pub(super) fn har_entry(entry: &Entry) -> Value {
    let exchange = entry.exchange.as_deref();
    let version = exchange.map_or("unknown", |own| version_name(own.version));
    let base_url = exchange.map_or("", |own| own.base_url.as_str());
    let mut request = json!({
        "method": entry.method,
        "url": format!("{base_url}{}", entry.url),
        "httpVersion": version,
        "cookies": [],
        "headers": fields(exchange.map(|own| &own.request)),
        "queryString": query(&entry.url),
        "headersSize": -1,
        "bodySize": size(exchange.map(|own| &own.request)),
    });
    if let Some(post) = exchange.and_then(|own| post_data(&own.request)) {
        request["postData"] = post;
    }
    let reason = StatusCode::from_u16(entry.status).ok().and_then(|status| status.canonical_reason());
    let answer = exchange.map(|own| &own.response);
    let mut shown = json!({
        "startedDateTime": entry.at.to_string(),
        "time": entry.milliseconds,
        "request": request,
        "response": {
            "status": entry.status,
            "statusText": reason.unwrap_or_default(),
            "httpVersion": version,
            "cookies": [],
            "headers": fields(answer),
            "content": content(answer),
            "redirectURL": answer.and_then(|own| own.header(&header::LOCATION)).unwrap_or_default(),
            "headersSize": -1,
            "bodySize": size(answer),
        },
        "cache": {},
        "timings": { "send": 0, "wait": entry.milliseconds, "receive": 0 },
    });
    if exchange.is_none() {
        shown["comment"] = json!("the header fields and the bodies are no longer kept");
    }
    let own = [
        ("_contract", json!(entry.contract)),
        ("_source", json!(entry.source)),
        ("_notes", json!(entry.notes)),
        ("_unapplied", json!(entry.unapplied)),
        ("_refusal", json!(entry.refusal)),
        ("_denial", json!(entry.denial)),
        ("_within", json!(entry.within)),
    ];
    for (name, value) in own {
        if !value.is_null() && value != json!([]) {
            shown[name] = value;
        }
    }
    shown
}

fn version_name(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_11 => "HTTP/1.1",
        Version::HTTP_2 => "HTTP/2",
        _ => "unknown",
    }
}

fn fields(message: Option<&Message>) -> Value {
    let fields = message.into_iter().flat_map(|own| own.headers.iter());
    fields.map(|(name, value)| json!({ "name": name.as_str(), "value": value })).collect()
}

fn query(url: &str) -> Value {
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    query_parameters(query).into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// The number of bytes of a body as it was sent, -1 where it is not known: those of a decoded one are other bytes.
fn size(message: Option<&Message>) -> Value {
    match message {
        Some(own) if own.header(&header::CONTENT_ENCODING).is_none() => length(own),
        _ => json!(-1),
    }
}

fn media_type(message: &Message) -> &str {
    message.header(&header::CONTENT_TYPE).unwrap_or_default()
}

/// What a request sends.
fn post_data(message: &Message) -> Option<Value> {
    if message.length == Some(0) {
        return None;
    }
    let written = match &message.body {
        KeptBody::Whole(body) => redaction::body(&graph_contracts::contract::media_type(media_type(message)), body),
        KeptBody::LeftOut(reason) => Err(*reason),
    };
    let mut shown = json!({ "mimeType": media_type(message), "text": "" });
    match written {
        Ok(text) => shown["text"] = json!(text),
        Err(reason) => shown["comment"] = json!(left_out(reason, message.length)),
    }
    Some(shown)
}

/// What an answer sends.
fn content(message: Option<&Message>) -> Value {
    let Some(message) = message else { return json!({ "size": 0, "mimeType": "" }) };
    let mut shown = json!({ "size": length(message), "mimeType": media_type(message) });
    let KeptBody::Whole(body) = &message.body else {
        if let KeptBody::LeftOut(reason) = message.body {
            shown["comment"] = json!(left_out(reason, message.length));
        }
        return shown;
    };
    if std::str::from_utf8(body).is_err() {
        shown["text"] = json!(STANDARD.encode(body));
        shown["encoding"] = json!("base64");
        return shown;
    }
    match redaction::body(&graph_contracts::contract::media_type(media_type(message)), body) {
        Ok(text) => shown["text"] = json!(text),
        Err(reason) => shown["comment"] = json!(left_out(reason, message.length)),
    }
    shown
}

/// The number of bytes of a body, -1 where it is not known.
fn length(message: &Message) -> Value {
    message.length.map_or_else(|| json!(-1), |length| json!(length))
}

fn left_out(reason: &str, length: Option<usize>) -> String {
    match length {
        Some(length) => format!("{length} bytes are left out: {reason}"),
        None => format!("the bytes are left out: {reason}"),
    }
}
