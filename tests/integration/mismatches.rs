//! Every kind of mismatch is reported when a deliberately wrong provider causes it, with its place in the response and the
//! page and line of the documented value.

use graph_contracts::compare::MismatchKind;
use graph_contracts::contract::Contract;
use graph_contracts::replay::Outcome;
use graph_contracts::store::read_contract_of;
use graph_contracts_testing::{
    TestResult, contracts_of_page, documented_body, documented_response, edit, outcome_of, project,
};
use wiremock::ResponseTemplate;

/// The contract of the page that documents an enumeration and a date.
fn device_install_state() -> Contract {
    read_contract_of(&project("contracts"), "beta/create-deviceinstallstate").expect("the contract is valid")
}

fn lockers() -> Contract {
    contracts_of_page("list-lockers.md").remove(0)
}

/// Lets a provider answer with that response, and expects exactly these mismatches: kind, place and line of the page.
#[track_caller]
fn check(contract: &Contract, response: ResponseTemplate, expected: &[(MismatchKind, &str, u32)]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runtime.block_on(outcome_of(contract, response));
    let found: Vec<(MismatchKind, String, String)> =
        outcome.mismatches.iter().map(|m| (m.kind, m.at.to_string(), m.source.to_string())).collect();
    let source = |line: u32| format!("{}:{line}", contract.source.page);
    let expected: Vec<(MismatchKind, String, String)> =
        expected.iter().map(|(kind, at, line)| (*kind, (*at).to_owned(), source(*line))).collect();
    assert_eq!(found, expected, "{:#?}", outcome.mismatches);
    let should_be = if expected.is_empty() { Outcome::Matched } else { Outcome::Mismatched };
    assert_eq!(outcome.outcome, should_be);
}

/// The same for the documented response with one piece of its body replaced.
#[track_caller]
fn check_body(contract: &Contract, from: &str, to: &str, expected: &[(MismatchKind, &str, u32)]) {
    let body = edit(&documented_body(contract), from, to);
    check(contract, documented_response(contract).set_body_bytes(body), expected);
}

#[test]
fn the_documented_response_matches() {
    for contract in [device_install_state(), lockers()] {
        check(&contract, documented_response(&contract), &[]);
    }
}

#[test]
fn another_status_is_reported() {
    let contract = device_install_state();
    let body = documented_body(&contract).to_pretty();
    let response = ResponseTemplate::new(200).set_body_raw(body, "application/json");
    check(&contract, response, &[(MismatchKind::Status, "status", 75)]);
}

#[test]
fn an_error_response_is_reported_as_its_status_alone() {
    let body = r#"{"error": {"code": "Forbidden", "message": "no"}}"#;
    let response = ResponseTemplate::new(403).set_body_raw(body, "application/json");
    check(&device_install_state(), response, &[(MismatchKind::Status, "status", 75)]);
}

#[test]
fn a_missing_header_is_reported() {
    let contract = lockers();
    let response = ResponseTemplate::new(200)
        .insert_header("Location", contract.response.headers[2].value.as_str())
        .set_body_raw(documented_body(&contract).to_pretty(), "application/json");
    check(&contract, response, &[(MismatchKind::MissingHeader, "header cache-control", 40)]);
}

#[test]
fn a_changed_header_is_reported() {
    let contract = lockers();
    let response = documented_response(&contract).insert_header("Cache-Control", "private");
    check(&contract, response, &[(MismatchKind::Header, "header cache-control", 40)]);
}

#[test]
fn a_wrong_media_type_is_reported() {
    let contract = device_install_state();
    let response = documented_response(&contract).insert_header("Content-Type", "text/html; charset=utf-8");
    check(&contract, response, &[(MismatchKind::MediaType, "header content-type", 76)]);
}

#[test]
fn a_missing_member_is_reported() {
    let expected = [(MismatchKind::MissingMember, "$['installState']", 85)];
    check_body(&device_install_state(), "\"installState\": \"installed\",", "", &expected);
}

#[test]
fn a_missing_volatile_member_is_reported() {
    let expected = [(MismatchKind::MissingMember, "$['id']", 81)];
    check_body(&device_install_state(), "\"id\": \"b9feb68f-b68f-b9fe-8fb6-feb98fb6feb9\",", "", &expected);
}

#[test]
fn an_undocumented_member_is_reported() {
    let to = "\"osVersion\": \"Os Version value\", \"extra\": [1],";
    let expected = [(MismatchKind::UndocumentedMember, "$['extra']", 79)];
    check_body(&device_install_state(), "\"osVersion\": \"Os Version value\",", to, &expected);
}

#[test]
fn null_instead_of_a_value_is_reported() {
    let expected = [(MismatchKind::Null, "$['errorCode']", 86)];
    check_body(&device_install_state(), "\"Error Code value\"", "null", &expected);
    let expected = [(MismatchKind::Null, "$['id']", 81)];
    check_body(&device_install_state(), "\"b9feb68f-b68f-b9fe-8fb6-feb98fb6feb9\"", "null", &expected);
}

#[test]
fn a_value_of_another_type_is_reported() {
    let expected = [(MismatchKind::Type, "$['osVersion']", 87)];
    check_body(&device_install_state(), "\"Os Version value\"", "10", &expected);
    check_body(&lockers(), "true", "\"true\"", &[(MismatchKind::Type, "$['value'][0]['open']", 51)]);
}

#[test]
fn a_changed_value_is_reported() {
    let expected = [(MismatchKind::Value, "$['deviceName']", 82)];
    check_body(&device_install_state(), "Device Name value", "Another name", &expected);
    check_body(&lockers(), "10.50", "10.51", &[(MismatchKind::Value, "$['value'][0]['price']", 50)]);
}

#[test]
fn a_number_too_large_for_a_float_is_compared_to_the_last_digit() {
    let expected = [(MismatchKind::Value, "$['value'][0]['size']", 49)];
    check_body(&lockers(), "12345678901234567890", "12345678901234567891", &expected);
    check_body(&lockers(), "10.50", "10.5", &[]);
}

#[test]
fn an_enum_value_that_is_not_documented_is_reported() {
    let expected = [(MismatchKind::Enum, "$['installState']", 85)];
    check_body(&device_install_state(), "\"installed\"", "\"halfInstalled\"", &expected);
    let expected = [(MismatchKind::Value, "$['installState']", 85)];
    check_body(&device_install_state(), "\"installed\"", "\"failed\"", &expected);
}

#[test]
fn a_malformed_date_is_reported() {
    let expected = [(MismatchKind::Format, "$['lastSyncDateTime']", 84)];
    check_body(&device_install_state(), "2017-01-01T00:02:49.3205976-08:00", "2017-13-01", &expected);
}

#[test]
fn an_array_instead_of_an_object_is_reported() {
    let contract = device_install_state();
    let body = format!("[{}]", documented_body(&contract));
    let expected = [(MismatchKind::Structure, "$", 79)];
    check(&contract, documented_response(&contract).set_body_bytes(body), &expected);
    let expected = [(MismatchKind::Structure, "$['value'][0]['tags']", 57)];
    check_body(&lockers(), "[\n        \"north\",\n        \"tall\"\n      ]", "{}", &expected);
}

#[test]
fn another_number_of_elements_is_reported() {
    let expected = [(MismatchKind::Length, "$['value'][0]['tags']", 57)];
    check_body(&lockers(), "\"tall\"", "\"tall\", \"wide\"", &expected);
    check_body(&lockers(), "[\n        \"north\",\n        \"tall\"\n      ]", "[]", &expected);
}

#[test]
fn a_member_that_occurs_twice_is_reported() {
    let expected = [(MismatchKind::DuplicateMember, "$['osVersion']", 87)];
    let member = "\"osVersion\": \"Os Version value\",";
    check_body(&device_install_state(), member, &member.repeat(2), &expected);
}

#[test]
fn an_empty_body_is_reported() {
    let contract = device_install_state();
    let expected = [(MismatchKind::EmptyBody, "body", 79)];
    check(&contract, documented_response(&contract).set_body_bytes(""), &expected);
    check(&contract, documented_response(&contract).set_body_bytes(" \n"), &expected);
}

#[test]
fn a_body_that_is_not_json_is_reported() {
    let contract = device_install_state();
    let expected = [(MismatchKind::NotJson, "body", 79)];
    for body in [&b"<html></html>"[..], b"{\"id\": 1", b"{\"id\": 1,}", b"\xff\xfe{}"] {
        check(&contract, documented_response(&contract).set_body_bytes(body), &expected);
    }
}

#[test]
fn a_volatile_value_of_another_shape_is_reported() {
    let expected = [(MismatchKind::VolatileShape, "$['id']", 81)];
    check_body(&device_install_state(), "b9feb68f-b68f-b9fe-8fb6-feb98fb6feb9", "not a guid", &expected);
    check_body(&device_install_state(), "\"b9feb68f-b68f-b9fe-8fb6-feb98fb6feb9\"", "7", &expected);
    check_body(&device_install_state(), "\"b9feb68f-b68f-b9fe-8fb6-feb98fb6feb9\"", "\"\"", &expected);
}

#[test]
fn identifiers_that_no_longer_agree_are_reported() {
    let from = "\"/lockers/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f\"";
    let to = "\"/lockers/5f4e3d2c-5f4e-3d2c-1b0a-5f4e3d2c1b0a\"";
    check_body(&lockers(), from, to, &[(MismatchKind::Identity, "$['value'][0]['self']", 48)]);
}

#[test]
fn a_body_where_none_is_documented_is_reported() {
    let contract = contracts_of_page("get-label.md").remove(1);
    // HTTP itself keeps a body from a 204, so the wrong provider answers with 200.
    let expected = [(MismatchKind::Status, "status", 33), (MismatchKind::UnexpectedBody, "body", 33)];
    check(&contract, ResponseTemplate::new(200).set_body_string("surprise"), &expected);
}

#[test]
fn another_text_is_reported() {
    let contract = contracts_of_page("get-label.md").remove(0);
    check(&contract, documented_response(&contract), &[]);
    let response = documented_response(&contract).set_body_bytes("First line\nAnother");
    check(&contract, response, &[(MismatchKind::Text, "body", 23)]);
}

#[tokio::test]
async fn a_mismatch_says_what_was_expected_and_what_came() -> TestResult {
    let contract = device_install_state();
    let body = edit(&documented_body(&contract), "Device Name value", "Another name");
    let outcome = outcome_of(&contract, documented_response(&contract).set_body_bytes(body)).await;
    let document = serde_json::to_value(&outcome)?;
    let expected = serde_json::json!({
        "kind": "value",
        "at": "$['deviceName']",
        "expected": "\"Device Name value\"",
        "actual": "\"Another name\"",
        "severity": "error",
        "source": "001_db447d6de3041acf.txt:82",
        "reference": "documentation",
        "means": "The documented value is a sample: a caller fails only if it relies on this value."
    });
    assert_eq!(document["mismatches"], serde_json::json!([expected]));
    Ok(())
}
