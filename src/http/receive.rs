//! Sends a request and receives the response whole, within limits.

use reqwest::Request;
use reqwest::header::{CONTENT_ENCODING, HeaderValue};
use tokio::time::timeout;

use super::decode::{codings, decode};
use super::exchange::ReceivedResponse;
use super::limits::Limits;
use super::send_error::{Cause, SendError};

/// Sends a request and receives the response. Its body is decoded; the header fields are as they came.
///
/// `head` is the response without its body from the moment when the head is there. It says what came where the body fails.
///
/// # Errors
///
/// When there is no whole response within the [`Limits`].
pub async fn receive(
    http: &reqwest::Client,
    request: Request,
    limits: &Limits,
    head: &mut Option<ReceivedResponse>,
) -> Result<ReceivedResponse, SendError> {
    let mut received = None;
    match timeout(limits.timeout, parts(http, request, limits, head, &mut received)).await {
        Ok(response) => response,
        Err(_) => Err(SendError::Timeout { received, limit: limits.timeout }),
    }
}

/// Receives the parts of a response. `received` counts the bytes of its body, for whoever stops it.
async fn parts(
    http: &reqwest::Client,
    request: Request,
    limits: &Limits,
    head: &mut Option<ReceivedResponse>,
    received: &mut Option<usize>,
) -> Result<ReceivedResponse, SendError> {
    let limit = limits.head_timeout;
    let response = match timeout(limit, http.execute(request)).await {
        Err(_) => return Err(SendError::HeadTimeout { limit }),
        Ok(response) => response.map_err(|error| no_head(error, limits))?,
    };
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let encoding: Vec<String> = response.headers().get_all(CONTENT_ENCODING).iter().map(text).collect();
    let head = head.insert(ReceivedResponse { status, headers, body: Vec::new() });
    let body = body(response, limits, received.insert(0)).await?;
    // Responses without content may say how it would be encoded.
    let body = if body.is_empty() { body } else { decode(body, &codings(&encoding)?, limits.max_body)? };
    Ok(ReceivedResponse { body, ..head.clone() })
}

fn no_head(error: reqwest::Error, limits: &Limits) -> SendError {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => SendError::ConnectTimeout { limit: limits.connect_timeout },
        (true, false) => SendError::Connect { cause: Cause::of(error) },
        (false, _) => SendError::Head { cause: Cause::of(error) },
    }
}

async fn body(mut response: reqwest::Response, limits: &Limits, received: &mut usize) -> Result<Vec<u8>, SendError> {
    let Limits { max_body, idle_timeout, .. } = *limits;
    if let Some(announced) = response.content_length().filter(|announced| *announced > max_body as u64) {
        return Err(SendError::Announced { announced, limit: max_body });
    }
    let mut body = Vec::new();
    loop {
        let chunk = match timeout(idle_timeout, response.chunk()).await {
            Err(_) => return Err(SendError::Idle { received: body.len(), limit: idle_timeout }),
            Ok(Err(error)) => return Err(SendError::Body { received: body.len(), cause: Cause::of(error) }),
            Ok(Ok(None)) => return Ok(body),
            Ok(Ok(Some(chunk))) => chunk,
        };
        if chunk.len() > max_body - body.len() {
            return Err(SendError::TooLarge { limit: max_body });
        }
        body.extend_from_slice(&chunk);
        *received = body.len();
    }
}
