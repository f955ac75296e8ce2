//! Requests that are sent on to another service.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use graph_contracts_serve::{
    BodyStream, FAULT_HEADER, Observed, Outgoing, Return, Returned, ServeOptions, Server, Upstream,
};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use tokio::sync::mpsc;

use crate::server::{json_of, request, serve, with_json};

const LINK: &str = "https://service.example/v1.0/lamps?$skiptoken=2";

/// A service that remembers what it was sent.
#[derive(Debug, Default)]
struct Service {
    sent: Mutex<Vec<Outgoing>>,
}

impl Upstream for Service {
    fn base_url(&self) -> &str {
        "https://service.example"
    }

    fn send(&self, request: Outgoing) -> Return<'_> {
        let is_down = request.target.contains("down");
        self.sent.lock().expect("not poisoned").push(request);
        Box::pin(async move {
            if is_down {
                return Err("it is down".to_owned());
            }
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(json!({ "next": LINK }).to_string().as_bytes()).map_err(|error| error.to_string())?;
            let mut headers = HeaderMap::new();
            for (name, value) in [
                ("content-type", "application/json"),
                ("content-encoding", "gzip"),
                ("location", LINK),
                ("connection", "close"),
            ] {
                headers.insert(name, HeaderValue::from_static(value));
            }
            let body = Bytes::from(encoder.finish().map_err(|error| error.to_string())?);
            Ok(Returned { status: StatusCode::ACCEPTED, headers, body: BodyStream::from(body) })
        })
    }
}

async fn served() -> (Server, Arc<Service>, mpsc::Receiver<Observed>) {
    let service = Arc::new(Service::default());
    let (observer, seen) = mpsc::channel(16);
    let options =
        ServeOptions { upstream: Some(Arc::clone(&service) as _), observer: Some(observer), ..ServeOptions::default() };
    let lamp = contracts_of_pair("lamp get", "GET /lamps/{id}", "", "204 No Content", "");
    (serve(lamp, options).await, service, seen)
}

#[tokio::test]
async fn what_a_client_sends_goes_on_and_what_comes_back_leads_here() -> TestResult {
    let (server, service, mut seen) = served().await;
    let own =
        request(&server, "POST", "/v1.0//lamps('a%20b')?$top=1").header("if-match", "W/1").header("te", "trailers");
    let answer = with_json(own, &json!({ "name": "hall" })).send().await?;
    let link = LINK.replace("https://service.example", server.url());
    assert_eq!(answer.headers()["location"], link.as_str());
    assert!(!answer.headers().contains_key("content-encoding"), "{answer:?}");
    assert_eq!(json_of(answer).await, (202, json!({ "next": link })));

    let sent = std::mem::take(&mut *service.sent.lock().expect("not poisoned"));
    let Ok([Outgoing { method, target, headers, body }]) = <[Outgoing; 1]>::try_from(sent) else {
        panic!("one request")
    };
    assert_eq!((method.as_str(), target.as_str()), ("POST", "/v1.0//lamps('a%20b')?$top=1"), "as it was written");
    assert_eq!(body.whole().expect("a whole body").as_ref(), br#"{"name":"hall"}"#);
    assert_eq!(
        (&headers["authorization"], &headers["if-match"]),
        (&HeaderValue::from_static("Bearer any"), &HeaderValue::from_static("W/1"))
    );
    assert!(!headers.contains_key("te") && !headers.contains_key("host"), "{headers:?}");

    let observed = seen.recv().await.expect("a request");
    assert_eq!(observed.request.headers["authorization"], "Bearer any", "who judges tokens has them");
    let response = observed.response.expect("an answer");
    assert_eq!((response.status, response.body), (202, json!({ "next": link }).to_string().into_bytes()));
    Ok(())
}

#[tokio::test]
async fn nothing_is_answered_here_but_faults_that_are_asked_for() -> TestResult {
    let (server, service, mut seen) = served().await;
    let without_token = reqwest::Client::new().get(format!("{}/v1.0/lamps/1", server.url())).send().await?;
    assert_eq!(without_token.status(), 202, "tokens are the service's to judge");
    let limited = request(&server, "GET", "/v1.0/lamps/1").header(FAULT_HEADER, "429").send().await?;
    assert_eq!(limited.status(), 429);
    let broken = request(&server, "GET", "/v1.0/lamps/1").header(FAULT_HEADER, "reset").send().await;
    assert!(broken.is_err(), "{broken:?}");
    let sign_in = request(&server, "GET", "/common/v2.0/.well-known/openid-configuration").send().await?;
    assert_eq!(sign_in.status(), 202);
    let down = request(&server, "GET", "/v1.0/down").send().await?;
    let (status, body) = json_of(down).await;
    assert_eq!((status, &body["error"]["code"]), (502, &json!("BadGateway")));
    assert!(
        body["error"]["message"].as_str().is_some_and(|text| text.ends_with("cannot be reached: it is down")),
        "{body}"
    );
    assert_eq!(service.sent.lock().expect("not poisoned").len(), 3);
    let mut statuses = Vec::new();
    while let Ok(observed) = seen.try_recv() {
        statuses.push(observed.response.map(|own| own.status));
    }
    assert_eq!(statuses, [Some(202), Some(429), None, Some(202), Some(502)]);
    Ok(())
}
