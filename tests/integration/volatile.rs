//! Volatile values may change and nothing is reported, as long as they keep their shape.

use graph_contracts::contract::{BodyRule, Contract};
use graph_contracts::json::Tree as _;
use graph_contracts::json::{Json, Path};
use graph_contracts::normal::{
    DEFAULT_RULES, Level, Node, NormalBody, NormalForm, NormalizationPlan, Shape, VolatileRules,
};
use graph_contracts::replay::Outcome;
use graph_contracts::store::{Store, read_contract_of};
use graph_contracts::{ReceivedResponse, replay};
use wiremock::ResponseTemplate;

use graph_contracts_testing::{
    TestResult, contracts_of_page, documented_body, documented_response, edit, outcome_at, outcome_of, project,
    serve_bytes,
};

fn lockers() -> Contract {
    contracts_of_page("list-lockers.md").remove(0)
}

fn default_rules() -> VolatileRules {
    VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid")
}

/// The paths of the masked values of a body.
fn masked_paths(form: &NormalForm) -> Vec<Path> {
    fn collect(node: &Node, path: &Path, paths: &mut Vec<Path>) {
        match node {
            Node::Mask(_) => paths.push(path.clone()),
            Node::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| collect(item, &path.element(index), paths));
            }
            Node::Object(members) => {
                members.iter().for_each(|(name, value)| collect(value, &path.member(name), paths));
            }
            Node::String(_) | Node::Plain(_) => {}
        }
    }
    let mut paths = Vec::new();
    if let NormalBody::Json(node) = &form.body {
        collect(node, &Path::root(), &mut paths);
    }
    paths
}

/// The documented response with one value changed wherever it occurs, in the body and in header fields.
fn with_other(contract: &Contract, value: &str, other: &str) -> ResponseTemplate {
    let mut response = documented_response(contract);
    for header in &contract.response.headers {
        if !header.name.eq_ignore_ascii_case("content-length") {
            response = response.insert_header(header.name.as_str(), header.value.replace(value, other));
        }
    }
    response.set_body_bytes(documented_body(contract).to_pretty().replace(value, other))
}

#[tokio::test]
async fn every_volatile_value_of_every_contract_may_change() -> TestResult {
    let mut contracts = Store::read(&project("contracts"))?.contracts;
    contracts.push(lockers());
    let rules = default_rules();
    for contract in &contracts {
        let body = documented_body(contract);
        let paths = masked_paths(NormalizationPlan::new(contract, &rules, Level::Exact)?.documented());
        assert!(!paths.is_empty(), "{} should have a volatile value", contract.id);
        for path in paths {
            let value = body.at(path.steps()).and_then(Json::as_str).ok_or("a masked value is a string here")?;
            let is_time = Shape::of_string(value) == Shape::DateTime;
            let other = if is_time { "1999-12-31T23:59:59Z" } else { "99999999-8888-7777-6666-555555555555" };
            let response = with_other(contract, value, other);
            let outcome = outcome_of(contract, response).await;
            assert_eq!(outcome.outcome, Outcome::Matched, "{path} of {}: {:?}", contract.id, outcome.mismatches);
        }
    }
    Ok(())
}

#[tokio::test]
async fn another_content_length_is_no_mismatch() {
    let contract = lockers();
    let body = format!("\n{}\n\n", documented_body(&contract));
    let outcome = outcome_of(&contract, documented_response(&contract).set_body_bytes(body)).await;
    assert_eq!(outcome.mismatches, []);
}

#[tokio::test]
async fn a_chunked_response_without_content_length_is_no_mismatch() -> TestResult {
    let contract = read_contract_of(&project("contracts"), "v1.0/create-userinstallstatesummary")?;
    let body = documented_body(&contract).to_string();
    let head = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let base = serve_bytes(format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).into_bytes()).await?;
    let outcome = outcome_at(&contract, &base).await;
    assert_eq!(outcome.mismatches, []);
    Ok(())
}

#[tokio::test]
async fn what_is_no_part_of_the_contract_may_differ() {
    let contract = lockers();
    let annotated = edit(&documented_body(&contract), "\"size\": 3", "\"@odata.etag\": \"W/x\", \"size\": 3");
    let response = documented_response(&contract)
        .insert_header("Content-Type", "application/json;odata.metadata=minimal; charset=utf-8")
        .insert_header("request-id", "99999999-8888-7777-6666-555555555555")
        .set_body_bytes(annotated);
    assert_eq!(outcome_of(&contract, response).await.mismatches, []);
}

#[tokio::test]
async fn the_order_of_members_makes_no_difference() {
    let contract = lockers();
    let Json::Object(mut members) = documented_body(&contract) else { panic!("an object") };
    members.reverse();
    if let Some(Json::Array(items)) = members.first_mut().map(|member| &mut member.value) {
        for item in items {
            if let Json::Object(members) = item {
                members.reverse();
            }
        }
    }
    let response = documented_response(&contract).set_body_bytes(Json::Object(members).to_string());
    assert_eq!(outcome_of(&contract, response).await.mismatches, []);
}

#[tokio::test]
async fn a_value_that_the_request_sent_is_not_volatile() -> TestResult {
    let page = "# Create\n```\nPOST https://graph.microsoft.com/v1.0/a\n\n{\"id\": \"my-key\", \"b\": 1}\n```\n\
                ```\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{\"id\": \"my-key\", \"b\": 1}\n```\n";
    let contract = graph_contracts_testing::contracts_of_text("create.md", page).remove(0);
    let response = documented_response(&contract).set_body_bytes("{\"id\": \"another\", \"b\": 1}");
    let outcome = outcome_of(&contract, response).await;
    assert_eq!(outcome.mismatches.iter().map(|m| m.at.to_string()).collect::<Vec<_>>(), ["$['id']"]);
    Ok(())
}

/// Judges a JSON body as the response of the lockers contract with its own rules.
fn judge(
    contract: &Contract,
    rules: &VolatileRules,
    body: &str,
) -> Result<replay::RouteOutcome, Box<dyn std::error::Error>> {
    let headers = contract.response.headers.iter().map(|header| (header.name.clone(), header.value.clone())).collect();
    let response = ReceivedResponse { status: 200, headers, body: body.as_bytes().to_vec() };
    Ok(replay::judge(&NormalizationPlan::new(contract, rules, Level::Exact)?, "/", &response, None))
}

#[test]
fn a_contract_can_have_rules_of_its_own() -> TestResult {
    let mut contract = lockers();
    let rules = default_rules();
    let changed = edit(&documented_body(&contract), "10.50", "11.25");
    assert_eq!(judge(&contract, &rules, &changed)?.mismatches.len(), 1);
    contract.volatile = vec![BodyRule { path: "$.value[*].price".into(), reason: "prices rise".into() }];
    assert_eq!(judge(&contract, &rules, &changed)?.mismatches, []);
    let malformed = edit(&documented_body(&contract), "10.50", "\"cheap\"");
    assert_eq!(judge(&contract, &rules, &malformed)?.mismatches.len(), 1);
    Ok(())
}

#[test]
fn times_may_differ_and_must_be_times() -> TestResult {
    let (contract, rules) = (lockers(), default_rules());
    let changed = |to: &str| edit(&documented_body(&contract), "2024-05-06T07:08:09Z", to);
    assert_eq!(judge(&contract, &rules, &changed("2025-01-01T00:00:00.5+02:00"))?.mismatches, []);
    for malformed in ["yesterday", "2025-13-01T00:00:00Z", "2025-01-01", ""] {
        let mismatches = judge(&contract, &rules, &changed(malformed))?.mismatches;
        let found: Vec<String> = mismatches.iter().map(|m| format!("{} {}", m.kind, m.at)).collect();
        assert_eq!(found, ["volatile-shape $['value'][0]['lastOpened']"], "{malformed}");
    }
    Ok(())
}

#[test]
fn rules_that_match_nothing_are_known() -> TestResult {
    let text = format!("{DEFAULT_RULES}\n[[body]]\npath = \"$..nowhere\"\nreason = \"none\"\n");
    let rules = VolatileRules::parse("volatile.toml", &text)?;
    let contract = lockers();
    let normalization = NormalizationPlan::new(&contract, &rules, Level::Exact)?;
    let unused: Vec<String> = rules.unused(normalization.used_rules()).into_iter().map(|(_, rule)| rule).collect();
    assert_eq!(unused, ["$..nowhere"], "what comes with a new folder is for contracts to come");
    Ok(())
}
