//! Responses and requests that are large in every way that a service or a client can make them: judging them takes time in proportion
//! to their size. What takes the square of it does not end here within [`HANG`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use graph_contracts::compare::{Comparison, Context, Reference, compare, drifted};
use graph_contracts::contract::Contract;
use graph_contracts::http::ReceivedResponse;
use graph_contracts::matching::Refusal;
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules, normalize};
use graph_contracts::store::Store;
use graph_contracts::stub::Stub;
use graph_contracts_testing::{TestResult, contracts_of_text};

/// A test that takes longer takes the square of its size.
const HANG: Duration = Duration::from_secs(20);

const COUNT: usize = 20_000;

/// A page whose response has an object, a collection, and a type with a table.
const PAGE: &str = "# Get lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Example\n\n```http\n\
    POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{\"name\": \"Desk\"}\n```\n\n\
    ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
    {\"id\": \"lamp-1234\", \"name\": \"Desk\", \"note\": \"of lamp-1234\", \"bulbs\": [{\"hue\": 1}, {\"hue\": \"a\", \"parts\": \
    [{\"x\": 1}, {\"x\": \"a\"}]}]}\n```\n";

fn rules() -> VolatileRules {
    VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules")
}

/// Judges a body at a level, and says how many differences there are; those that are not listed count.
#[track_caller]
fn judged(level: Level, body: String) -> usize {
    let (contract, rules) = (contracts_of_text("lamp.md", PAGE).remove(0), rules());
    let plan = NormalizationPlan::new(&contract, &rules, level).expect("a plan");
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    let response = ReceivedResponse { status: 200, headers, body: body.into_bytes() };
    let start = Instant::now();
    let actual = normalize(&response, &plan);
    let found = compare(plan.documented(), &actual, Reference::Documentation, &mut Context::of(&plan, false));
    drop(drifted(&plan, &actual, &found));
    let taken = start.elapsed();
    assert!(taken < HANG, "{taken:?} for {} bytes", response.body.len());
    let Comparison { mismatches, omitted, .. } = found;
    mismatches.len() + omitted
}

#[track_caller]
fn check(body: &str) {
    for level in Level::ALL {
        assert!(judged(level, body.to_owned()) > 0, "{level:?}");
    }
}

/// Members of an object, made of their position.
fn members(member: impl Fn(usize) -> String) -> String {
    (0..COUNT).map(member).collect::<Vec<_>>().join(",")
}

#[test]
fn an_object_of_undocumented_members() {
    let body = format!("{{\"id\":\"lamp-1234\",{}}}", members(|index| format!("\"m{index}\":{index}")));
    assert_eq!(judged(Level::Shape, body.clone()), COUNT + 3, "and three members are missing");
    check(&body);
    let typed =
        format!("{{\"@odata.type\":\"#microsoft.graph.lamp\",{}}}", members(|index| format!("\"m{index}\":{{}}")));
    check(&typed);
}

#[test]
fn members_that_occur_again_and_again() {
    check(&format!("{{{}}}", members(|_| "\"name\":1".to_owned())));
    check(&format!("{{{}}}", members(|_| "\"other\":{\"a\":1,\"a\":2}".to_owned())));
}

#[test]
fn elements_that_are_like_none_and_elements_within_elements() {
    let element = "{\"hue\":[],\"parts\":[{\"x\":[]},{\"x\":[]},{\"x\":[]}]}".to_owned();
    check(&format!("{{\"bulbs\":[{}]}}", members(|_| element.clone())));
    let parts = members(|index| format!("{{\"x\":[],\"y{index}\":1}}"));
    check(&format!("{{\"bulbs\":[{{\"hue\":[],\"parts\":[{parts}]}}]}}"));
}

#[test]
fn texts_of_brackets_and_of_identifiers_and_of_what_is_nearly_one() {
    check(&format!("{{\"id\":\"lamp-1234\",\"name\":\"{}\"}}", "[".repeat(10 * COUNT)));
    check(&format!("{{\"id\":\"lamp-1234\",\"note\":\"{}\"}}", "lamp-1234 ".repeat(COUNT)));
    let long = "a".repeat(1_000);
    check(&format!("{{\"id\":\"{long}\",\"note\":\"{}\"}}", "a".repeat(10 * COUNT)));
    check(&format!("{{\"@odata.type\":\"{}\",{}}}", "a".repeat(COUNT), members(|index| format!("\"m{index}\":0"))));
}

#[tokio::test]
async fn the_stub_refuses_a_large_request_at_once_however_many_contracts_it_has() -> TestResult {
    let contract = contracts_of_text("lamp.md", PAGE).remove(0);
    let copy = |index: usize| Contract { id: format!("v1.0/lamp-{index:03}"), ..contract.clone() };
    let stub = Stub::serve(Arc::new(Store::new((0..500).map(copy).collect(), rules()))).await?;
    for (body, differences) in [
        (format!("{{{}}}", members(|_| "\"name\":\"Desk\"".to_owned())), COUNT - 1),
        (format!("{{{}}}", members(|index| format!("\"m{index}\":{index}"))), COUNT + 1),
        (format!("{{\"name\":[{}]}}", members(|index| index.to_string())), 1),
    ] {
        let start = Instant::now();
        let request = reqwest::Client::new().post(format!("{}/v1.0/lamps", stub.uri())).bearer_auth("t");
        let response = request.header("Content-Type", "application/json").body(body).send().await?;
        let refusal = Refusal::from_body(&response.bytes().await?).ok_or("an explanation")?;
        assert!(start.elapsed() < HANG, "{:?}", start.elapsed());
        assert_eq!(refusal.differences.len() + refusal.omitted, differences);
        assert!(refusal.differences.len() <= 100 && refusal.nearest_id() == Some("v1.0/lamp-000"));
        assert_eq!(refusal.message().contains("more"), refusal.omitted > 0);
    }
    Ok(())
}
