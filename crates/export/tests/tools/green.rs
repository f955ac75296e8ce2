//! Every tool is content with what is served as documented, and WireMock and Prism answer so.

use std::time::Instant;

use graph_contracts::contract::{Body, Contract, header};
use graph_contracts::json::parse;
use graph_contracts::matching::Mode;
use graph_contracts::normal::{Level, NormalizationPlan};
use graph_contracts::replay::{Client, Outcome, documented_request, judge};
use graph_contracts::store::Store;
use graph_contracts::stub::Answer;
use graph_contracts_export::{Export, Limit, Target};
use graph_contracts_serve::{ServeOptions, Server};
use serde_json::Value;

use crate::installed::{Running, free_port, hurl, node, prism, python, run, wiremock};
use crate::provider::listening;
use crate::{contracts, every, exported, temporary};

/// The contracts as `serve` answers them to the documented requests.
async fn served() -> Server {
    let options = ServeOptions { port: 0, mode: Mode::Strict, ..ServeOptions::default() };
    Server::start(contracts(), options).await.expect("a server")
}

/// What a tool took, for the figures in docs/benchmarks.md.
fn say(tool: &str, routes: usize, start: Instant) {
    println!("{tool}: {routes} routes in {:.1} s", start.elapsed().as_secs_f64());
}

#[test]
fn the_document_of_openapi_is_valid() {
    let (folder, store) = (temporary(), contracts());
    let export = exported(Target::Openapi, &store, &every(&store), folder.path());
    let mut redocly = node("redocly");
    let start = Instant::now();
    run(redocly.args(["lint", "--extends=minimal"]).arg(folder.path().join("openapi.json")));
    say("redocly lint", export.routes, start);
}

/// The answers of a server to the documented requests that are wrong.
pub(crate) async fn wrong_answers(port: u16, store: &Store, export: &Export) -> Vec<String> {
    let client = Client::new(&format!("http://127.0.0.1:{port}")).expect("a client");
    let mut wrong = Vec::new();
    let cannot = |id: &str| export.left_out.iter().any(|own| own.limit == Limit::Multipart && own.contract == id);
    for contract in store.contracts.iter().filter(|contract| !cannot(&contract.id)) {
        let plan = NormalizationPlan::new(contract, &store.rules, Level::Exact).expect("valid rules");
        for route in &contract.routes {
            let outcome = match client.send(contract, &route.path).await {
                Ok(exchange) => judge(&plan, &route.path, &exchange.response, None),
                Err(error) => {
                    wrong.push(format!("{} {}: {error}", contract.id, route.path));
                    continue;
                }
            };
            if outcome.outcome != Outcome::Matched {
                wrong.push(format!("{} {}: {:?}", contract.id, route.path, outcome.mismatches.first()));
            }
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn wiremock_answers_what_the_stub_answers() {
    let (folder, store, port) = (temporary(), contracts(), free_port());
    let export = exported(Target::Wiremock, &store, &every(&store), folder.path());
    let _running = Running::start(&mut wiremock(folder.path(), port));
    listening(port).await;
    let start = Instant::now();
    let wrong = wrong_answers(port, &store, &export).await;
    say("wiremock", export.routes, start);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), export.routes, wrong.join("\n"));
}

/// What Prism answers with the example of a contract: the status, and the documented body.
async fn prism_answer(port: u16, contract: &Contract, route: &str) -> Result<(), String> {
    let mut request = documented_request(contract, route, "any")?;
    // Prism takes its own wishes from the first field of that name.
    request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("prefer"));
    let key: String =
        contract.id.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    // Some pages leave out what every client sends, and Prism wants.
    if matches!(contract.request.body, Some(Body::Json(_)))
        && header(&contract.request.headers, "content-type").is_none()
    {
        request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    // A final slash has no meaning for Microsoft Graph, and makes another path for Prism.
    let (path, query) = request.path_and_query.split_once('?').unwrap_or((&request.path_and_query, ""));
    request.path_and_query = [path.trim_end_matches('/'), query].join("?").trim_end_matches('?').to_owned();
    let status = contract.response.status;
    request.headers.push(("prefer".to_owned(), format!("code={status}, example={key}")));
    let base = url::Url::parse(&format!("http://127.0.0.1:{port}")).map_err(|error| error.to_string())?;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let sent = client.map_err(|error| error.to_string())?.execute(request.at(&base)?).await;
    let answer = sent.map_err(|error| error.to_string())?;
    let found = answer.status().as_u16();
    let text = answer.text().await.map_err(|error| error.to_string())?;
    if found != status {
        return Err(format!("status {found} instead of {status}: {}", text.chars().take(300).collect::<String>()));
    }
    let documented = match &contract.response.body {
        Some(Body::Json(documented)) if !Answer::documented(contract).body.is_empty() => documented,
        _ => return Ok(()),
    };
    let body = parse(&text).map_err(|error| format!("{error}: {text}"))?.json;
    let is_same = floats(body.to_value()) == floats(documented.to_value());
    is_same.then_some(()).ok_or_else(|| format!("another body: {text}"))
}

/// The same value with its numbers as JavaScript has them.
fn floats(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(items) => items.into_iter().map(floats).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, floats(value))).collect(),
        other => other,
    }
}

/// The contracts that Prism is asked for: those that show an answer, and of a large set so many that it ends in time.
pub(crate) fn sampled(store: &Store) -> Vec<&Contract> {
    let is_shown = |contract: &&Contract| !matches!(contract.response.body, Some(Body::Bytes(_)));
    store.contracts.iter().filter(is_shown).step_by(store.contracts.len().div_ceil(200)).collect()
}

/// The answers of Prism that are not the documented examples.
pub(crate) async fn wrong_examples(port: u16, contracts: &[&Contract]) -> Vec<String> {
    let mut wrong = Vec::new();
    for contract in contracts {
        if let Err(why) = prism_answer(port, contract, &contract.routes[0].path).await {
            wrong.push(format!("{}: {why}", contract.id));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn prism_answers_with_the_example_of_each_contract() {
    let (folder, store, port) = (temporary(), contracts(), free_port());
    let export = exported(Target::Openapi, &store, &every(&store), folder.path());
    let _running = Running::start(&mut prism(&folder.path().join("openapi.json"), port));
    listening(port).await;
    let start = Instant::now();
    let sampled = sampled(&store);
    let (wrong, asked) = (wrong_examples(port, &sampled).await, sampled.len());
    say(&format!("prism, asked for {asked} contracts"), export.routes, start);
    let cannot = export.left_out.iter().filter(|own| own.limit == Limit::Method).count();
    assert!(cannot == 0 && wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hurl_is_green_against_serve() {
    let (folder, store, server) = (temporary(), contracts(), served().await);
    let export = exported(Target::Hurl, &store, &every(&store), folder.path());
    let base = format!("base_url={}", server.url());
    let start = Instant::now();
    run(hurl().args(["--test", "--variable", &base, "--variable", "token=any"]).arg(folder.path()));
    say("hurl", export.routes, start);
}

#[tokio::test(flavor = "multi_thread")]
async fn newman_is_green_against_serve() {
    let (folder, store, server) = (temporary(), contracts(), served().await);
    let export = exported(Target::Postman, &store, &every(&store), folder.path());
    let base = format!("base_url={}", server.url());
    let start = Instant::now();
    let mut newman = node("newman");
    newman.arg("run").arg(folder.path().join("collection.json"));
    run(newman.args([
        "--ignore-redirects",
        "--env-var",
        &base,
        "--env-var",
        "token=any",
        "--reporter-cli-no-success-assertions",
    ]));
    say("newman", export.routes, start);
}

#[tokio::test(flavor = "multi_thread")]
async fn pact_is_verified_against_serve() {
    let (folder, store, server) = (temporary(), contracts(), served().await);
    let export = exported(Target::Pact, &store, &every(&store), folder.path());
    let output = folder.path().join("results");
    let start = Instant::now();
    run(python().arg(server.url()).arg(folder.path().join("pact.json")).arg("1").arg(&output));
    say("pact", export.routes, start);
    let found = std::fs::read_to_string(output).expect("results");
    assert_eq!(found.trim(), "[]", "{}", found.chars().take(3000).collect::<String>());
}
