//! One entry of an HTTP Archive (HAR 1.2), as browsers and proxies write it: members that are missing, of another type, or null are not known.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graph_contracts::http::ReceivedResponse;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::recorded::{Content, Record, Recorded};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'j> {
    #[serde(borrow, default)]
    started_date_time: Option<&'j RawValue>,
    #[serde(borrow, default)]
    time: Option<&'j RawValue>,
    #[serde(borrow)]
    request: Request<'j>,
    #[serde(borrow, default)]
    response: Option<&'j RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request<'j> {
    #[serde(borrow)]
    method: &'j RawValue,
    #[serde(borrow)]
    url: &'j RawValue,
    #[serde(borrow, default)]
    headers: Option<&'j RawValue>,
    #[serde(borrow, default)]
    post_data: Option<&'j RawValue>,
    #[serde(borrow, default)]
    body_size: Option<&'j RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response<'j> {
    #[serde(borrow, default)]
    status: Option<&'j RawValue>,
    #[serde(borrow, default)]
    headers: Option<&'j RawValue>,
    #[serde(borrow, default)]
    content: Option<&'j RawValue>,
}

/// What is sent (`postData`) or received (`content`).
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'j> {
    #[serde(borrow, default)]
    mime_type: Option<&'j RawValue>,
    #[serde(borrow, default)]
    text: Option<&'j RawValue>,
    #[serde(borrow, default)]
    encoding: Option<&'j RawValue>,
    #[serde(borrow, default)]
    params: Option<&'j RawValue>,
    #[serde(borrow, default)]
    comment: Option<&'j RawValue>,
}

#[derive(Deserialize)]
struct Field<'j> {
    #[serde(borrow, default)]
    name: Option<&'j RawValue>,
    #[serde(borrow, default)]
    value: Option<&'j RawValue>,
}

/// A text in which halves of surrogate pairs and the like are replaced.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

fn text(raw: Option<&RawValue>) -> Option<String> {
    serde_json::from_str::<Text>(raw?.get()).ok().map(|text| text.0)
}

fn number(raw: Option<&RawValue>) -> Option<f64> {
    raw?.get().trim_matches('"').parse().ok()
}

/// Reads an entry.
pub(super) fn record(entry: &str, number: String, is_of_server: bool) -> Record {
    match read(entry, number.clone(), is_of_server) {
        Ok(recorded) => Record::Exchange(Box::new(recorded)),
        Err(reason) => Record::Unreadable { number, reason },
    }
}

fn read(entry: &str, number: String, is_of_server: bool) -> Result<Recorded, String> {
    // The message of the error could quote the entry.
    let entry: Entry<'_> = serde_json::from_str(entry).map_err(|_| "it has no request as HAR 1.2 has one")?;
    let method = text(Some(entry.request.method)).ok_or("it has no method")?;
    let url = text(Some(entry.request.url)).ok_or("it has no URL")?;
    let response = entry.response.and_then(|raw| serde_json::from_str::<Response<'_>>(raw.get()).ok());
    let status = response.as_ref().and_then(|own| self::number(own.status)).filter(|own| (100.0..600.0).contains(own));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
    let status = status.map(|own| own as u16);
    let headers = entry.request.headers.and_then(fields).map(|all| header_map(&all));
    let headers = headers.map(|all| with_media_type(all, &entry.request));
    let answered = response.as_ref().and_then(|own| fields(own.headers?)).unwrap_or_default();
    let response = status.zip(response).and_then(|(status, response)| received(status, answered.clone(), &response));
    Ok(Recorded {
        number,
        at: text(entry.started_date_time).and_then(|at| at.parse().ok()),
        milliseconds: self::number(entry.time).filter(|time| *time >= 0.0),
        method,
        url,
        body: sent(&entry.request, headers.as_ref()),
        headers: headers.filter(|own| !own.is_empty()),
        status,
        answer_headers: if response.is_none() { answered } else { Vec::new() },
        response,
        entry: None,
        is_long: false,
        is_of_server,
    })
}

/// Header fields in their order, without the pseudo-fields of HTTP/2 (RFC 9113 section 8.3).
fn fields(raw: &RawValue) -> Option<Vec<(String, String)>> {
    let fields: Vec<Field<'_>> = serde_json::from_str(raw.get()).ok()?;
    let fields = fields.into_iter().filter_map(|field| Some((text(field.name)?, text(field.value)?)));
    Some(fields.filter(|(name, _)| !name.starts_with(':')).collect())
}

fn header_map(fields: &[(String, String)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        // What HTTP does not allow was not sent.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_bytes(value.as_bytes()))
        {
            headers.append(name, value);
        }
    }
    headers
}

/// The header fields with the media type of the body, which some archives have beside the body alone.
fn with_media_type(mut headers: HeaderMap, request: &Request<'_>) -> HeaderMap {
    let body = || serde_json::from_str::<Body<'_>>(request.post_data?.get()).ok();
    if !headers.is_empty() && !headers.contains_key(CONTENT_TYPE) {
        let media_type = body().and_then(|own| HeaderValue::from_str(&text(own.mime_type)?).ok());
        headers.extend(media_type.filter(|own| !own.is_empty()).map(|own| (CONTENT_TYPE, own)));
    }
    headers
}

/// The body of a request.
fn sent(request: &Request<'_>, headers: Option<&HeaderMap>) -> Content {
    let length = headers.and_then(|own| own.get("content-length")?.to_str().ok()?.parse::<f64>().ok());
    let has_body = [number(request.body_size), length].into_iter().flatten().any(|size| size > 0.0);
    let body = request.post_data.and_then(|raw| serde_json::from_str::<Body<'_>>(raw.get()).ok()).unwrap_or_default();
    match content(&body) {
        Some(bytes) if !bytes.is_empty() => Content::Whole(bytes),
        _ if body.params.is_some_and(|params| params.get().len() > 2) => Content::NotKnown("the body is a form"),
        _ if has_body || body.comment.is_some() => Content::NotKnown("the archive leaves the body out"),
        _ => Content::default(),
    }
}

fn content(body: &Body<'_>) -> Option<Vec<u8>> {
    let written = text(body.text)?;
    match text(body.encoding).as_deref() {
        Some("base64") => STANDARD.decode(written.trim()).ok(),
        _ => Some(written.into_bytes()),
    }
}

/// The answer, if all of it is recorded. Bodies are recorded without their content codings.
fn received(status: u16, mut headers: Vec<(String, String)>, response: &Response<'_>) -> Option<ReceivedResponse> {
    if headers.is_empty() {
        return None;
    }
    let is = |name: &str, own: &str| name.eq_ignore_ascii_case(own);
    // These have no content, whatever an archive made of them (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5).
    let has_none = matches!(status, 204 | 205 | 304);
    let is_empty = has_none || headers.iter().any(|(name, value)| is(name, "content-length") && value.trim() == "0");
    headers.retain(|(name, _)| {
        !["content-encoding", "content-length", "transfer-encoding"].iter().any(|own| is(name, own))
    });
    let body = response.content.and_then(|raw| serde_json::from_str::<Body<'_>>(raw.get()).ok()).unwrap_or_default();
    let bytes = content(&body).filter(|bytes| !bytes.is_empty() || body.comment.is_none());
    let media_type = text(body.mime_type).filter(|own| !own.is_empty() && own != "x-unknown");
    if let Some(media_type) = media_type.filter(|_| !headers.iter().any(|(name, _)| is(name, "content-type"))) {
        headers.push(("content-type".to_owned(), media_type));
    }
    let body = if has_none { Vec::new() } else { bytes.or_else(|| is_empty.then(Vec::new))? };
    // Browsers write an empty text for what they did not keep.
    (is_empty || !body.is_empty()).then_some(ReceivedResponse { status, headers, body })
}
