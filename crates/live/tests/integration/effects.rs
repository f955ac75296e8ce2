//! What a run sends, and what it never does without leave: over real sockets, to a service that remembers every request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use graph_contracts::contract::{Contract, Header};
use graph_contracts::http::Limits;
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::snapshot::SnapshotFolders;
use graph_contracts::store::Store;
use graph_contracts_live::{
    AccessToken, Conditions, Destination, EffectClass, Ledger, LiveOptions, LiveOutcome, LiveRun, Manners, Pace, Plan,
    Profile, ReadyToken, Tokens, Transport, run,
};
use graph_contracts_testing::{TestResult, contracts_of_text};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A service that keeps the objects of one collection after the other.
#[derive(Default)]
struct Service(Mutex<Vec<(String, Value)>>);

impl Respond for Service {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut objects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let path = request.url.path().to_owned();
        let at = objects.iter().position(|(own, _)| *own == path);
        match (request.method.as_str(), at) {
            ("GET", Some(at)) => ResponseTemplate::new(200).set_body_json(&objects[at].1),
            ("GET", None) if path.contains("/own-") => ResponseTemplate::new(404),
            ("GET", None) => {
                let is_in = |own: &str| own.rsplit_once('/').is_some_and(|(collection, _)| collection == path);
                let listed: Vec<&Value> =
                    objects.iter().filter(|(own, _)| is_in(own)).map(|(_, object)| object).collect();
                ResponseTemplate::new(200).set_body_json(json!({ "value": listed }))
            }
            ("POST", _) if path.ends_with("/blink") => ResponseTemplate::new(204),
            ("POST", _) => {
                let mut object: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let key = format!("own-{}", objects.len() + 1);
                object["id"] = key.clone().into();
                objects.push((format!("{path}/{key}"), object.clone()));
                ResponseTemplate::new(201).set_body_json(&object)
            }
            ("DELETE", Some(at)) => {
                objects.remove(at);
                ResponseTemplate::new(204)
            }
            _ => ResponseTemplate::new(404),
        }
    }
}

/// A page with one pair, and a table for its member `state`.
fn page(title: &str, request: &str, sent: &str, status: &str, body: &str) -> Vec<Contract> {
    let (method, path) = request.split_once(' ').expect("method and path");
    let json = |body: &str| {
        if body.is_empty() { String::new() } else { format!("Content-Type: application/json\n\n{body}\n") }
    };
    let text = format!(
        "# {title}\n## HTTP request\n```http\n{request}\n```\n## Request body\n|Property|Type|Description|\n|:--|:--|:--|\n\
         |state|String|Possible values are: `enabled`, `disabled`, `enabledForReportingButNotEnforced`.|\n## Example\n```http\n\
         {method} https://graph.microsoft.com/v1.0{path}\n{}```\n```http\nHTTP/1.1 {status}\n{}```\n",
        json(sent),
        json(body)
    );
    contracts_of_text(&format!("{}.md", title.replace(' ', "-").to_lowercase()), &text)
}

/// Runs contracts with leave to write and for these classes; what was sent.
async fn run_with(
    pages: Vec<Vec<Contract>>,
    allow: &[EffectClass],
) -> Result<(LiveRun, Vec<Request>), Box<dyn std::error::Error>> {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Service::default()).mount(&server).await;
    let contracts: Vec<Contract> = pages.into_iter().flatten().collect();
    let store = Arc::new(Store::new(contracts, VolatileRules::parse("volatile.toml", DEFAULT_RULES)?));
    let tenant = "00000000-0000-4000-8000-000000000001".to_owned();
    let profile = Profile {
        tenant: Some(tenant.clone()),
        write_tenants: vec![tenant.clone()],
        allow_effects: allow.to_vec(),
        ..Profile::default()
    };
    let selected: Vec<usize> = (0..store.contracts.len()).collect();
    let conditions = Conditions { profile: &profile, allow_writes: true, account: None, own_tenant: false };
    let plan = Plan::new(&store.contracts, &selected, &conditions);
    let tokens = Tokens::new(ReadyToken::new(AccessToken::new("token".to_owned(), None), "a test"));
    let pace = Arc::new(Pace::new(Manners { requests_per_second: 1000.0, ..Manners::default() }));
    let base: reqwest::Url = server.uri().parse()?;
    let folder = tempfile::tempdir()?;
    let destination = Destination::new(&base, &tenant);
    let ledger = Ledger::open(folder.path().join("ledger.jsonl"), destination, "a test")?;
    let transport = Transport::new(reqwest::Client::builder(), base, tokens, pace, Limits::default())?;
    let options = LiveOptions {
        settling: Duration::from_millis(200),
        ..LiveOptions::new(SnapshotFolders::same(folder.path().join("snapshots")), jiff::civil::date(2026, 11, 24))
    };
    let live = run(&plan, store, transport, Some(ledger), options, |_| {}).await;
    Ok((live, server.received_requests().await.unwrap_or_default()))
}

/// The writes, as `METHOD path`, keys left out.
fn writes(requests: &[Request]) -> Vec<String> {
    let writes = requests.iter().filter(|request| request.method.as_str() != "GET");
    let path = |request: &Request| request.url.path().split("/own-").next().unwrap_or_default().to_owned();
    writes.map(|request| format!("{} {}", request.method, path(request))).collect()
}

#[tokio::test]
async fn a_policy_is_created_switched_off_and_its_answer_is_judged_by_that() -> TestResult {
    let sent = r#"{ "displayName": "Require a code", "state": "enabled" }"#;
    let received = r#"{ "id": "own-9", "displayName": "Require a code", "state": "enabled" }"#;
    let create = page("Create policy", "POST /identity/conditionalAccess/policies", sent, "201 Created", received);
    let (live, requests) = run_with(vec![create], &[]).await?;
    assert_eq!(live.steps[0].outcome, LiveOutcome::Matched, "{:?}", live.steps[0]);
    let posted = requests.iter().find(|request| request.method.as_str() == "POST").expect("a creation");
    assert_eq!(serde_json::from_slice::<Value>(&posted.body)?["state"], "disabled");
    let path = "/v1.0/identity/conditionalAccess/policies";
    assert_eq!(writes(&requests), [format!("POST {path}"), format!("DELETE {path}")]);
    assert_eq!(live.left_behind, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn nothing_with_an_effect_is_sent_without_leave_for_its_class() -> TestResult {
    let pages = || {
        let event = r#"{ "subject": "A talk", "attendees": [{ "type": "required" }] }"#;
        let created = r#"{ "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "subject": "A talk", "attendees": [{ "type": "required" }] }"#;
        let lamp = r#"{ "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "name": "Desk lamp" }"#;
        vec![
            page("Create event", "POST /me/events", event, "201 Created", created),
            page("Create lamp", "POST /lamps", r#"{ "name": "Desk lamp" }"#, "201 Created", lamp),
            page("Blink", "POST /lamps/{id}/blink", "", "204 No Content", ""),
            page("Send", "POST /me/sendMail", r#"{ "saveToSentItems": true }"#, "202 Accepted", ""),
        ]
    };
    let check = async |allow: &[EffectClass], expected: &[&str]| -> TestResult {
        let (live, requests) = run_with(pages(), allow).await?;
        let mut found = writes(&requests);
        found.sort();
        assert_eq!(found, expected, "{allow:?}: {:?}", live.steps);
        Ok(())
    };
    check(&[], &["DELETE /v1.0/lamps", "POST /v1.0/lamps"]).await?;
    let events = ["DELETE /v1.0/lamps", "DELETE /v1.0/me/events", "POST /v1.0/lamps", "POST /v1.0/me/events"];
    check(&[EffectClass::Messages], &events).await?;
    check(&[EffectClass::Other], &["DELETE /v1.0/lamps", "POST /v1.0/lamps", "POST /v1.0/lamps"]).await?;
    // Whatever is allowed, an action acts on nothing that the run did not create.
    let (_, requests) = run_with(pages(), &EffectClass::ALL).await?;
    assert!(!writes(&requests).iter().any(|write| write.contains("sendMail")), "{:?}", writes(&requests));
    Ok(())
}

#[tokio::test]
async fn no_header_field_of_a_contract_changes_what_its_request_means() -> TestResult {
    let lamp = r#"{ "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "name": "Desk lamp" }"#;
    let mut pages = vec![
        page("Create lamp", "POST /lamps", r#"{ "name": "Desk lamp" }"#, "201 Created", lamp),
        page("List lamps", "GET /lamps", "", "200 OK", r#"{ "value": [] }"#),
    ];
    let fields = [
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-HTTP-Method", "DELETE"),
        ("X-Method-Override", "DELETE"),
        ("X-Original-URL", "/v1.0/me"),
        ("X-Forwarded-Host", "elsewhere"),
        ("Forwarded", "host=elsewhere"),
        ("Host", "elsewhere"),
        ("Cookie", "a=b"),
        ("Proxy-Authorization", "Basic YTpi"),
        ("Authorization", "Bearer somebody"),
        ("Prefer", "respond-async"),
    ];
    for contract in pages.iter_mut().flatten() {
        let fields =
            fields.iter().map(|(name, value)| Header { name: (*name).into(), value: (*value).into(), line: 1 });
        contract.request.headers.extend(fields);
    }
    let (_, requests) = run_with(pages, &[]).await?;
    assert!(requests.iter().any(|request| request.method.as_str() == "POST"));
    for request in &requests {
        for (name, value) in fields {
            let received = request.headers.get_all(name);
            assert!(received.iter().all(|own| own != value), "{name} of {} {}", request.method, request.url);
        }
        assert_eq!(request.headers.get("authorization").map(|own| own.as_bytes()), Some("Bearer token".as_bytes()));
    }
    Ok(())
}
