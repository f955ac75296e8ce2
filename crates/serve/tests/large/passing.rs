//! Requests that are sent on to another service.

use std::sync::Arc;

use graph_contracts_serve::{BodyStream, Outgoing, Return, Returned, ServeOptions, Upstream};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::sync::mpsc;

use crate::contents::{FRAME, alone, assert_little_memory, frame, frames, memory, received};
use crate::server::{request, serve};

/// A service that sends back what it is sent, as it comes.
#[derive(Debug)]
struct Echo;

impl Upstream for Echo {
    fn base_url(&self) -> &str {
        "https://service.example"
    }

    fn send(&self, request: Outgoing) -> Return<'_> {
        Box::pin(async move {
            let mut headers = HeaderMap::new();
            for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING] {
                if let Some(value) = request.headers.get(&name) {
                    headers.insert(name, value.clone());
                }
            }
            if request.target.ends_with("broken") {
                let broken =
                    [Ok(frame(0)), Ok(frame(1)), Ok(frame(2)), Ok(frame(3)), Ok(frame(4)), Err("it breaks off")];
                let body = axum::body::Body::from_stream(futures_util::stream::iter(broken));
                return Ok(Returned { status: StatusCode::OK, headers, body: BodyStream::new(body) });
            }
            Ok(Returned { status: StatusCode::OK, headers, body: request.body })
        })
    }
}

#[tokio::test]
async fn large_bodies_are_passed_on() -> TestResult {
    let _alone = alone().await;
    let (observer, mut seen) = mpsc::channel(16);
    let options = ServeOptions { upstream: Some(Arc::new(Echo)), observer: Some(observer), ..ServeOptions::default() };
    let lamp = contracts_of_pair("lamp get", "GET /lamps/{id}", "", "204 No Content", "");
    let server = serve(lamp, options).await;
    let sent = async |media_type: &str, coding: Option<&'static str>, many: usize, target: &str| {
        let own = request(&server, "POST", target).header("content-type", media_type);
        let own = if let Some(coding) = coding { own.header("content-encoding", coding) } else { own };
        own.body(frames(0..many)).send().await
    };
    let before = memory();
    // JSON is read up to 8 MiB, and what has a content coding may be JSON.
    for (media_type, coding, many) in
        [("video/mp4", None, 1600), ("application/json", None, 300), ("video/mp4", Some("gzip"), 300)]
    {
        let answer = sent(media_type, coding, many, "/v1.0/a").await?;
        assert_eq!(answer.headers().get("content-encoding"), coding.map(HeaderValue::from_static).as_ref());
        assert_eq!(received(answer, 0).await, many * FRAME, "{media_type}");
        let observed = seen.recv().await.expect("a request");
        assert!(observed.goes_on && observed.request.left_out > 0, "{media_type}: what is judged is not all");
    }
    // That of a request and that of its answer.
    assert_little_memory(before, 64 << 20);
    // Below that, all of it is seen.
    let answer = sent("video/mp4", None, 3, "/v1.0/a").await?;
    assert_eq!(answer.content_length(), Some(3 * FRAME as u64));
    assert_eq!(received(answer, 0).await, 3 * FRAME);
    let observed = seen.recv().await.expect("a request");
    assert_eq!((observed.goes_on, observed.request.left_out, observed.request.body.len()), (false, 0, 3 * FRAME));
    // What breaks off there breaks off here.
    let broken = async { sent("video/mp4", None, 3, "/v1.0/broken").await?.bytes().await };
    assert!(broken.await.is_err(), "nobody takes it for whole");
    Ok(())
}
