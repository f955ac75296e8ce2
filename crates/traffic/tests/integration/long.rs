//! What passed the proxy as it came, and was not all seen.

use std::time::Duration;

use graph_contracts::http::ReceivedResponse;
use graph_contracts_serve::{Incoming, Observed};
use graph_contracts_traffic::{Expectations, Judge, Kind, Record, Verifier};
use http::Method;

use crate::store;

/// What is found of the creation of a lamp, of which so much was left out.
fn found(left_out: u64, goes_on: bool) -> Vec<(Kind, String)> {
    let headers =
        http::HeaderMap::from_iter([(http::header::CONTENT_TYPE, "application/json".parse().expect("a value"))]);
    let request = Incoming {
        method: Method::POST,
        path: "/v1.0/lamps".to_owned(),
        headers,
        body: r#"{"name": ["#.into(),
        left_out,
        base_url: "https://graph.microsoft.com".to_owned(),
        ..Incoming::default()
    };
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let response = Some(ReceivedResponse { status: 201, headers, body: Vec::new() });
    let (at, took) = (jiff::Timestamp::UNIX_EPOCH, Duration::ZERO);
    let mut verifier = Verifier::new(Judge::new(store(), &[], &[], false), Expectations::default());
    verifier.add(&Record::observed(1, Observed { at, took, request, response, goes_on }));
    let verification = verifier.end();
    let all = verification.operations.iter().flat_map(|own| &own.findings);
    all.map(|own| (own.found.kind, own.found.message.clone())).collect()
}

#[test]
fn what_is_long_is_unknown_and_no_finding() {
    let reasons: Vec<String> = found(1, true)
        .into_iter()
        .map(|(kind, message)| {
            assert_eq!(kind, Kind::Unknown, "{message}");
            message
        })
        .collect();
    for reason in ["the body is not judged: it is long", "the answer is not judged: it is long"] {
        assert!(reasons.iter().any(|own| own.starts_with(reason)), "{reason}: {reasons:?}");
    }
    let whole = found(0, false);
    assert!(
        whole.iter().any(|(kind, _)| *kind != Kind::Unknown),
        "the same is judged where all of it is there: {whole:?}"
    );
}
