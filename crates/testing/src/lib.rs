//! What the tests of several packages share: contracts from test pages, and providers that answer as a test wants.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod documented_request;
mod faulty_proxy;
mod pages;

use std::path::{Path, PathBuf};
use std::process::Command;

use graph_contracts::contract::{Contract, PageName, TypeIndex, build};
use graph_contracts::json::Json;
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules};
use graph_contracts::page::Page;
use graph_contracts::replay::{Client, RouteOutcome, judge};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

pub use documented_request::{documented_request, is_same_request};
pub use faulty_proxy::{Fault, FaultyProxy};
pub use pages::{PIECES, real_pages};

/// What a test returns.
pub type TestResult = Result<(), Box<dyn std::error::Error>>;

/// A folder or file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder is made");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("the file is copied");
        }
    }
}

/// Takes the variables from a command by which it would know that it runs in CI, or in this repository.
pub fn outside_of_ci(command: &mut Command) {
    for variable in ["CI", "TF_BUILD", "GITHUB_ACTIONS", "INSTA_UPDATE", "INSTA_WORKSPACE_ROOT"] {
        command.env_remove(variable);
    }
}

/// The contracts of a page in `tests/pages`.
pub fn contracts_of_page(name: &str) -> Vec<Contract> {
    let text = std::fs::read_to_string(project("tests/pages").join(name)).expect(name);
    contracts_of_text(name, &text)
}

/// The contracts of a page.
pub fn contracts_of_text(name: &str, text: &str) -> Vec<Contract> {
    let page = Page::parse(name, text);
    let built = build(&page, &PageName::of(&page), &TypeIndex::default());
    built.contracts.into_iter().map(|(_, contract)| contract).collect()
}

/// The contracts of a page with one pair: its title, its request line, and the JSON that is sent and answered; an empty text is no body.
pub fn contracts_of_pair(title: &str, request: &str, sent: &str, status: &str, body: &str) -> Vec<Contract> {
    let (method, path) = request.split_once(' ').expect("method and path");
    let json = |body: &str| match body {
        "" => String::new(),
        body => format!("Content-Type: application/json\n\n{body}\n"),
    };
    let text = format!(
        "# {title}\n## HTTP request\n```http\n{request}\n```\n## Example\n```http\n{method} https://graph.microsoft.com/v1.0{path}\n{}```\n\
         ```http\nHTTP/1.1 {status}\n{}```\n",
        json(sent),
        json(body)
    );
    contracts_of_text(&format!("{}.md", title.replace(' ', "-").to_lowercase()), &text)
}

/// The documented JSON body of a contract's response.
pub fn documented_body(contract: &Contract) -> Json {
    contract.response.body.as_ref().and_then(|body| body.as_json()).expect("a JSON body").clone()
}

/// The documented response, to be made wrong.
pub fn documented_response(contract: &Contract) -> ResponseTemplate {
    let mut response = ResponseTemplate::new(contract.response.status);
    for header in contract.response.headers.iter().filter(|header| !header.name.eq_ignore_ascii_case("content-length"))
    {
        response = response.insert_header(header.name.as_str(), header.value.as_str());
    }
    match &contract.response.body {
        Some(body) => response.set_body_bytes(body.to_text()),
        None => response,
    }
}

/// The outcome of a contract's first route with a provider that answers every request with that response.
pub async fn outcome_of(contract: &Contract, response: ResponseTemplate) -> RouteOutcome {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    outcome_at(contract, &server.uri()).await
}

/// The outcome of a contract's first route with the provider at that base URL.
pub async fn outcome_at(contract: &Contract, base: &str) -> RouteOutcome {
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    let normalization = NormalizationPlan::new(contract, &rules, Level::Exact).expect("the contract's rules are valid");
    let route = &contract.routes[0].path;
    let exchange = Client::new(base).expect("a client").send(contract, route).await.expect("a response");
    judge(&normalization, route, &exchange.response, None)
}

/// Edits a JSON tree as text: replaces the only occurrence of a piece.
pub fn edit(json: &Json, from: &str, to: &str) -> String {
    let text = json.to_pretty();
    assert_eq!(text.matches(from).count(), 1, "{from} should occur once in {text}");
    text.replace(from, to)
}

/// A provider that answers one connection with these bytes, whatever it is asked; its base URL.
pub async fn serve_bytes(response: Vec<u8>) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await?;
        let mut buffer = vec![0; 64 * 1024];
        let mut received = socket.read(&mut buffer).await?;
        socket.write_all(&response).await?;
        // Reading until the client goes away: closing with unread bytes would reset the connection.
        while received > 0 {
            received = socket.read(&mut buffer).await?;
        }
        Ok::<(), std::io::Error>(())
    });
    Ok(base)
}
