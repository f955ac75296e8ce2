//! graph-rs-sdk. The argument is the part of the calls that are made.

mod corpus;
mod pages;
mod suite;

use graph_rs_sdk::{GraphClient, GraphClientConfiguration};
use suite::url;

/// A client that finds the server without TLS; the feature `test-util` lets it.
fn client() -> GraphClient {
    let configuration =
        GraphClientConfiguration::new().access_token("any token").https_only(false).wait_for_retry_after_headers(true);
    let mut client = GraphClient::from(configuration);
    client.use_test_endpoint(&url::Url::parse(&format!("{}/v1.0", url())).expect("a URL"));
    client
}

/// The JSON of a request's answer.
#[macro_export]
macro_rules! sent {
    ($request:expr) => {
        $request.send().await?.json::<serde_json::Value>().await?
    };
}

#[tokio::main]
async fn main() {
    let client = &client();
    match std::env::args().nth(1).as_deref() {
        Some("corpus") => corpus::calls(client).await,
        _ => pages::calls(client).await,
    }
}
