//! The sandbox where pages document one request in several ways, and what only some values allow.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

use std::sync::Arc;

use graph_contracts::contract::{Contract, PageName, TypeIndex, build};
use graph_contracts::matching::CONTRACT_HEADER;
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::page::Page;
use graph_contracts::store::Store;
use graph_contracts_tenant::{Sandbox, SandboxOptions};
use graph_contracts_testing::contracts_of_text;
use reqwest::Client;
use serde_json::Value;

/// A page that gets what is at a path.
fn page(name: &str, path: &str, body: &str) -> Vec<Contract> {
    let text = format!(
        "# Get {name}\n\n## HTTP request\n\n```http\nGET {path}\n```\n\n## Example\n\n```http\n\
         GET https://graph.microsoft.com/v1.0{path}\n```\n\n\
         ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}\n```\n"
    );
    contracts_of_text(&format!("{name}.md"), &text)
}

async fn start(pages: Vec<Vec<Contract>>) -> Sandbox {
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    let store = Arc::new(Store::new(pages.into_iter().flatten().collect(), rules));
    Sandbox::start(store, SandboxOptions { throttle_every: None, ..SandboxOptions::default() })
        .await
        .expect("a sandbox")
}

/// What is answered to who asks for a page.
async fn get(sandbox: &Sandbox, path: &str, contract: &str) -> Value {
    let request = Client::new().get(format!("{}{path}", sandbox.uri())).bearer_auth(sandbox.token());
    let response = request.header(CONTRACT_HEADER, contract).send().await.expect("a response");
    serde_json::from_str(&response.text().await.expect("a body")).expect("JSON")
}

fn names(body: &Value) -> Vec<&str> {
    let names = body.as_object().expect("an object").keys().map(String::as_str);
    let mut names: Vec<&str> = names.filter(|name| !name.starts_with('@')).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_read_is_answered_as_the_page_that_it_is_asked_for() {
    let sandbox = start(vec![
        page("one-settings", "/settings", r#"{"id": "a", "on": true, "level": 7}"#),
        page("other-settings", "/settings", r#"{"id": "a", "state": "idle", "level": "seven"}"#),
    ])
    .await;
    for _ in 0..2 {
        let one = get(&sandbox, "/v1.0/settings", "v1.0/one-settings").await;
        assert_eq!(names(&one), ["id", "level", "on"]);
        assert!(one["level"].is_number(), "{one}");
        let other = get(&sandbox, "/v1.0/settings", "v1.0/other-settings").await;
        assert_eq!(names(&other), ["id", "level", "state"]);
        assert!(other["level"].is_string(), "{other}");
        assert_eq!(one["id"], other["id"]);
    }
}

#[tokio::test]
async fn a_list_of_texts_has_no_objects() {
    let sandbox = start(vec![page("list-kinds", "/lamps/kinds", r#"{"value": ["desk", "wall"]}"#)]).await;
    let body = get(&sandbox, "/v1.0/lamps/kinds", "v1.0/list-kinds").await;
    assert!(body["value"].as_array().is_some_and(|items| items.iter().all(Value::is_string)), "{body}");
}

#[tokio::test]
async fn an_id_that_is_one_of_several_words_stays_one() {
    let resource = "# port resource type\n\n|Property|Type|Description|\n|---|---|---|\n\
        |id|String|Possible values are: `ipp`, `scan`.|\n|uri|String|Where.|\n";
    let mut index = TypeIndex::default();
    index.add(&Page::parse("resources/port.md", resource));
    let text = "# Get port\n\n## HTTP request\n\n```http\nGET /ports/{id}\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/ports/ipp\n```\n\n\
        <!-- { \"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.port\" } -->\n```http\nHTTP/1.1 200 OK\n\
        Content-Type: application/json\n\n{\"id\": \"ipp\", \"uri\": \"https://h\"}\n```\n";
    let port = Page::parse("get-port.md", text);
    let port = build(&port, &PageName::of(&port), &index).contracts.into_iter().map(|(_, contract)| contract).collect();
    let list = page("list-ports", "/ports", r#"{"value": [{"id": "ipp", "uri": "https://h"}]}"#);
    let sandbox = start(vec![port, list]).await;
    let body = get(&sandbox, "/v1.0/ports", "v1.0/list-ports").await;
    assert_eq!(body["value"][0]["id"], "ipp", "{body}");
}
