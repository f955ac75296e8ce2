//! Requests that are sent on to another service instead of being answered here, and its answers.

use std::borrow::Cow;
use std::fmt::Debug;
use std::pin::Pin;

use axum::body::BodyDataStream;
use bytes::{Bytes, BytesMut};
use graph_contracts::contract::{is_json, media_type};
use graph_contracts::http::decoded_body;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::body::{BEGINNING, LARGEST_WHOLE, stated_length};
use crate::body_stream::BodyStream;
use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::{Reply, Rest};

/// A request that is sent on.
#[derive(Debug)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The path and the query, as the client wrote them.
    pub target: String,
    /// The header fields, but for those of one connection.
    pub headers: HeaderMap,
    /// The body.
    pub body: BodyStream,
}

/// What came back.
#[derive(Debug)]
pub struct Returned {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, as it is sent.
    pub body: BodyStream,
}

/// What a request sent on comes to: what came back, or why nothing did.
pub type Return<'u> = Pin<Box<dyn Future<Output = Result<Returned, String>> + Send + 'u>>;

/// A service to which requests for Microsoft Graph are sent on.
pub trait Upstream: Debug + Send + Sync {
    /// Its base URL, without a `/` at the end.
    fn base_url(&self) -> &str;

    /// Sends a request to it, once, and follows no redirect.
    fn send(&self, request: Outgoing) -> Return<'_>;
}

/// The answer of a service to a request, of whose body `rest` follows. `target` is the path and the query as the client wrote them.
pub(crate) async fn answer(
    upstream: &dyn Upstream,
    target: String,
    request: &mut Incoming,
    rest: Option<BodyDataStream>,
) -> Reply {
    let mut headers = request.headers.clone();
    without_fields_of_connection(&mut headers);
    // The host is another.
    for name in [header::HOST, header::CONTENT_LENGTH, header::EXPECT, header::ACCEPT_ENCODING] {
        headers.remove(name);
    }
    let (body, passed) = match rest {
        Some(rest) => {
            let first = request.body.clone();
            let following = stated_length(request).and_then(|stated| stated.checked_sub(first.len() as u64));
            let body = BodyStream::following(first, rest, following);
            let passed = body.passed();
            (body, Some((passed, following)))
        }
        None => {
            // What is whole has no content coding any more.
            headers.remove(header::CONTENT_ENCODING);
            (BodyStream::from(request.body.clone()), None)
        }
    };
    let outgoing = Outgoing { method: request.method.clone(), target, headers, body };
    let returned = upstream.send(outgoing).await;
    if let Some((passed, following)) = passed {
        // Something follows, also where it is not known how much.
        request.left_out = following.unwrap_or_else(|| passed.bytes()).max(1);
        let sent = request.body.len();
        request.body = Bytes::copy_from_slice(&request.body[..sent.min(BEGINNING)]);
        request.left_out += (sent - request.body.len()) as u64;
    }
    let failed = |reason: &str| {
        let message = format!("{} cannot be reached: {reason}", upstream.base_url());
        graph_error(StatusCode::BAD_GATEWAY, "BadGateway", &message)
    };
    match returned {
        Ok(returned) => match passed_back(returned, request).await {
            Ok(mut reply) => {
                lead_back(&mut reply, upstream.base_url(), &request.base_url);
                reply
            }
            Err(reason) => failed(&reason),
        },
        Err(reason) => failed(&reason),
    }
}

/// What came back as an answer: JSON is read, within a limit, since it has links; of anything else only the beginning.
async fn passed_back(returned: Returned, request: &Incoming) -> Result<Reply, String> {
    let Returned { status, mut headers, mut body } = returned;
    let most = if is_json_by(&headers) { LARGEST_WHOLE } else { BEGINNING };
    let mut read = BytesMut::new();
    let mut is_whole = false;
    while read.len() <= most {
        match body.next().await {
            Some(Ok(frame)) => read.extend_from_slice(&frame),
            Some(Err(error)) => return Err(error.to_string()),
            None => {
                is_whole = true;
                break;
            }
        }
    }
    let read = read.freeze();
    let decoded = match decoded_body(&headers, &read, LARGEST_WHOLE) {
        _ if !is_whole => None,
        Ok(Cow::Borrowed(_)) => Some(read.clone()),
        Ok(Cow::Owned(decoded)) => Some(Bytes::from(decoded)),
        // It is the client's to read.
        Err(_) => None,
    };
    without_fields_of_connection(&mut headers);
    // The answer to HEAD says how long that to GET would be.
    if request.method != Method::HEAD {
        headers.remove(header::CONTENT_LENGTH);
    }
    let reply = Reply { headers, ..Reply::new(status) };
    Ok(match decoded {
        Some(body) => {
            let mut reply = Reply { body, ..reply };
            reply.headers.remove(header::CONTENT_ENCODING);
            reply
        }
        None => Reply { body: read, rest: Some(Rest::passed(body)), ..reply },
    })
}

fn is_json_by(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|own| own.to_str().ok());
    content_type.is_some_and(|own| is_json(&media_type(own)))
}

/// Has links to the service lead to where the client thinks that it is, so that the next request comes here, too.
fn lead_back(reply: &mut Reply, service: &str, client: &str) {
    if service.eq_ignore_ascii_case(client) {
        return;
    }
    if let Some(location) = reply.headers.get(header::LOCATION).and_then(|own| own.to_str().ok())
        && let Some(rest) =
            location.strip_prefix(service).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        && let Ok(own) = HeaderValue::from_str(&format!("{client}{rest}"))
    {
        reply.headers.insert(header::LOCATION, own);
    }
    let is_read = reply.rest.is_none() && is_json_by(&reply.headers);
    if let Some(text) = std::str::from_utf8(&reply.body).ok().filter(|_| is_read) {
        let theirs = format!("\"{service}/");
        if text.contains(&theirs) {
            reply.body = text.replace(&theirs, &format!("\"{client}/")).into();
        }
    }
}

/// Removes what concerns one connection alone (RFC 9110 section 7.6.1).
pub(crate) fn without_fields_of_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let always = [
        header::CONNECTION,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        HeaderName::from_static("keep-alive"),
        HeaderName::from_static("proxy-connection"),
    ];
    for name in named.into_iter().chain(always) {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_the_service_lead_to_where_the_client_thinks_that_it_is() {
        let check = |media_type: &str, body: &str, expected: &str| {
            let mut reply = Reply::new(StatusCode::OK).with_body(media_type, body.to_owned());
            lead_back(&mut reply, "http://127.0.0.1:1", "https://graph.microsoft.com");
            assert_eq!(reply.body, expected);
        };
        let json = "application/json; charset=utf-8";
        let next = r#"{"@odata.nextLink": "http://127.0.0.1:1/v1.0/lamps?$skiptoken=2"}"#;
        check(json, next, r#"{"@odata.nextLink": "https://graph.microsoft.com/v1.0/lamps?$skiptoken=2"}"#);
        check("text/plain", next, next);
        check(
            json,
            r#"["http://127.0.0.1:10/", "see http://127.0.0.1:1/"]"#,
            r#"["http://127.0.0.1:10/", "see http://127.0.0.1:1/"]"#,
        );
    }

    #[test]
    fn where_a_redirect_leads_is_at_the_client_s_host_if_it_is_at_the_service_s() {
        let check = |location: &str, expected: &str| {
            let mut reply = Reply::new(StatusCode::FOUND).with_header("location", location);
            lead_back(&mut reply, "http://127.0.0.1:1", "https://graph.microsoft.com");
            assert_eq!(reply.headers.get("location").and_then(|own| own.to_str().ok()), Some(expected));
        };
        check("http://127.0.0.1:1/v1.0/a", "https://graph.microsoft.com/v1.0/a");
        check("http://127.0.0.1:10/v1.0/a", "http://127.0.0.1:10/v1.0/a");
        check("https://files.example/a", "https://files.example/a");
    }
}
