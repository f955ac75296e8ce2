//! `graph-contracts verify-live` and the service's own metadata: asked for once, without it if it cannot be had, and a rule beside the page.

use std::sync::{Arc, Mutex, PoisonError};

use graph_contracts::contract::{Cloud, Contract};
use graph_contracts_odata::Keeper;
use graph_contracts_odata::check::MetadataText;
use graph_contracts_testing::{Fault, contracts_of_text, project};
use serde_json::Value;

use crate::live_faults::Tenant;

const BOOK: &str = "# Get book\n\n## HTTP request\n\n```http\nGET /books/{id}\n```\n\n## Example\n\n```http\n\
    GET https://graph.microsoft.com/v1.0/books/1\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
    {\"id\": \"1\", \"title\": \"The sea\", \"binding\": \"cloth\", \"pages\": 60}\n```\n";

/// A tenant that answers with this book, and with this to who asks for its metadata. What is asked for is kept.
async fn tenant(book: &str, metadata: Result<&str, &str>) -> (Tenant, Arc<Mutex<Vec<String>>>) {
    tenant_with(&contracts_of_text("book-get.md", BOOK), book, metadata).await
}

/// The same with these contracts.
async fn tenant_with(
    contracts: &[Contract],
    book: &str,
    metadata: Result<&str, &str>,
) -> (Tenant, Arc<Mutex<Vec<String>>>) {
    let answer = |status: &str, media_type: &str, body: &str| {
        let length = body.len();
        Fault::Answer(format!(
            "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    };
    let book = answer("200 OK", "application/json", book);
    let metadata = match metadata {
        Ok(text) => answer("200 OK", "application/xml", text),
        Err(status) => Fault::status(status, ""),
    };
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let tenant = Tenant::with_contracts(contracts, move |_, method, path| {
        log.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{method} {path}"));
        match path {
            "/v1.0/$metadata" => metadata.clone(),
            path if path.starts_with("/v1.0/books/") => book.clone(),
            _ => Fault::None,
        }
    })
    .await;
    (tenant, asked)
}

fn library() -> String {
    std::fs::read_to_string(project("tests/metadata/library.csdl")).expect("the test's metadata")
}

/// How often metadata was asked for.
fn count(asked: &Mutex<Vec<String>>) -> usize {
    let asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
    asked.iter().filter(|request| *request == "GET /v1.0/$metadata").count()
}

/// What is reported, each `severity kind from`.
fn found(tenant: &Tenant) -> Vec<String> {
    let json: Value = serde_json::from_str(&tenant.workspace.read("out.json")).expect("JSON");
    let mismatches = json["outcomes"][0]["mismatches"].as_array().expect("mismatches").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    mismatches.map(|own| [&own["severity"], &own["kind"], &own["rule"]["from"]].map(text).join(" ")).collect()
}

/// A book that is as the metadata declares, and not as the page shows it.
const DECLARED: &str = r#"{"id": "9", "title": "x", "binding": "paper", "pages": null, "price": 7.5, "number": "n"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_asked_once_and_what_it_declares_is_no_drift() {
    let (tenant, asked) = tenant(DECLARED, Ok(&library())).await;
    let (code, text) = tenant.run("--bind books/{id}=9").await;
    assert_eq!((code, count(&asked)), (0, 1), "{text}");
    let expected =
        ["notice null metadata", "notice undocumented-member metadata", "notice undocumented-member metadata"];
    assert_eq!(found(&tenant), expected, "{text}");
    let json = tenant.workspace.read("out.json");
    assert!(json.contains("/v1.0/$metadata:") && json.contains("microsoft.graph.book/pages is nullable"), "{json}");
    assert!(text.contains("3 differences that a rule allows") && text.contains("documented leaves"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_contradicts_page_and_metadata_is_drift_and_says_so() {
    let book = r#"{"id": "9", "title": null, "binding": "gold", "pages": "60", "weight": 1}"#;
    let (tenant, _) = tenant(book, Ok(&library())).await;
    let (code, text) = tenant.run("--bind books/{id}=9").await;
    assert_eq!(code, 1, "{text}");
    let expected =
        ["error null metadata", "error enum metadata", "error type metadata", "error undocumented-member metadata"];
    assert_eq!(found(&tenant), expected, "{text}");
    assert!(text.contains("Rule: microsoft.graph.work/title is not nullable (metadata http"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_cannot_be_had_is_unknown_and_said_once() {
    for answer in [Err("404 Not Found"), Err("401 Unauthorized"), Ok("<html/>"), Ok("")] {
        let (tenant, asked) = tenant(DECLARED, answer).await;
        let (code, text) = tenant.run("--bind books/{id}=9").await;
        assert_eq!((code, count(&asked)), (1, 1), "{text}");
        assert_eq!(text.matches("what the service declares of v1.0 is not known").count(), 1, "{text}");
        let expected = ["notice null odata", "error undocumented-member sample", "error undocumented-member sample"];
        assert_eq!(found(&tenant), expected, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_not_asked_where_that_is_not_wanted() {
    let (tenant, asked) = tenant(DECLARED, Ok(&library())).await;
    tenant.workspace.write("library.csdl", library());
    let run = async |arguments: &str, expected: i32| {
        let (code, text) = tenant.run(&format!("--bind books/{{id}}=9 {arguments}")).await;
        assert_eq!((code, count(&asked)), (expected, 0), "{arguments}: {text}");
        text
    };
    run("--dry-run", 0).await;
    run("--no-metadata", 1).await;
    run("--metadata v1.0=library.csdl", 0).await;
    // What is said of another cloud is not looked at, and several documents are one model.
    run("--metadata v1.0=library.csdl --metadata china:v1.0=none.xml", 0).await;
    tenant.workspace.write(
        "more.csdl",
        "<Edmx><DataServices><Schema Namespace=\"more\"><EnumType Name=\"a\"/></Schema></DataServices></Edmx>",
    );
    run("--metadata v1.0=library.csdl --metadata v1.0=more.csdl", 0).await;
    let text = run("--metadata v1.0=more.csdl --metadata v1.0=./more.csdl", 2).await;
    assert!(text.contains("`more.a` is declared in") && text.contains("already"), "{text}");
    let text = run("--metadata library.csdl", 2).await;
    assert!(text.contains("which version is this the metadata of?") && text.contains("VERSION=library.csdl"), "{text}");
    let text = run("--metadata v1.0=none.xml", 2).await;
    assert!(text.contains("none.xml: cannot be read"), "{text}");
    let profile = tenant.workspace.read("mine.toml");
    tenant.workspace.write("mine.toml", format!("metadata = 'v1.0=library.csdl'\n{profile}"));
    run("", 0).await;
    tenant.workspace.write("mine.toml", format!("metadata = false\n{profile}"));
    run("", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_contracts_keep_of_metadata_decides_without_the_document() {
    let (name, version) = ("docs/library.csdl".to_owned(), "v1.0".to_owned());
    let text = MetadataText { cloud: Cloud::Global, version, name, text: library() };
    let metadata = [text.read().expect("valid metadata")];
    let (keeper, mut contracts) = (Keeper::new(&metadata), contracts_of_text("book-get.md", BOOK));
    contracts[0].metadata = keeper.keep(&contracts[0]).map(Box::new);
    let (tenant, asked) = tenant_with(&contracts, DECLARED, Err("404 Not Found")).await;
    let (code, text) = tenant.run("--bind books/{id}=9 --no-metadata").await;
    assert_eq!((code, count(&asked)), (0, 0), "{text}");
    let expected =
        ["notice null metadata", "notice undocumented-member metadata", "notice undocumented-member metadata"];
    assert_eq!(found(&tenant), expected, "{text}");
    let pages = library().lines().position(|line| line.contains("Name=\"pages\"")).expect("a property") + 1;
    let json = tenant.workspace.read("out.json");
    assert!(json.contains(&format!("\"library.csdl:{pages}\"")), "{json}");
}
