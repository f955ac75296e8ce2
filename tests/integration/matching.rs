//! Which contract answers which request, by the sample and by the rule.

use std::sync::Arc;

use graph_contracts::contract::{Cloud, Contract, MessageTypes, MetadataRules};
use graph_contracts::matching::{Matched, Matcher, Mode, Received, Refusal};
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::replay::Client;
use graph_contracts::service::{
    EnumerationType, ServiceProperty, ServiceRules, ServiceType, StructuredType, TypeReference,
};
use graph_contracts::store::Store;
use http::HeaderMap;

use graph_contracts_testing::{
    contracts_of_page, contracts_of_pair, contracts_of_text, documented_request, is_same_request, project,
};

fn matcher_of(mut contracts: Vec<Contract>, cloud: Option<Cloud>) -> Matcher {
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    Matcher::new(Arc::new(Store::new(contracts, rules)), cloud)
}

/// A request: its line, then its header fields, then an empty line and the body.
fn find<'m>(matcher: &'m Matcher, mode: Mode, request: &str) -> Result<Matched<'m>, Refusal> {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let mut lines = head.lines();
    let (method, target) = lines.next().and_then(|line| line.split_once(' ')).expect("a request line");
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        headers.append(http::HeaderName::try_from(name).expect("a name"), value.parse().expect("a value"));
    }
    matcher.find(&Received::new(method, path, query, &headers, body.as_bytes()), mode)
}

/// Expects the contract that answers, or the first difference from the nearest one.
#[track_caller]
fn check(matcher: &Matcher, mode: Mode, request: &str, expected: Result<&str, &str>) {
    let found = find(matcher, mode, request);
    let shown = match &found {
        Ok(matched) => Ok(matched.contract.id.as_str()),
        Err(refusal) => Err(refusal.differences.first().map(ToString::to_string).unwrap_or_default()),
    };
    assert_eq!(shown, expected.map_err(str::to_owned), "{request}");
}

/// Expects what is noted of a request that is answered.
#[track_caller]
fn check_notes(matcher: &Matcher, request: &str, expected: &[&str]) {
    let matched = find(matcher, Mode::Lenient, request).map_err(|refusal| refusal.message()).expect(request);
    let notes: Vec<String> = matched.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, expected, "{request}");
}

const EVENT: &str = "# Get lamp\n\n## HTTP request\n\n```http\nGET /me/lamps/{id}\n```\n\n## Example\n\n```http\n\
    GET https://graph.microsoft.com/v1.0/me/lamps/1\nPrefer: lamp.timezone=\"UTC\", lamp.form=\"text\"\nAccept: application/json\n```\n\n\
    ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"id\": \"1\"}\n```\n";

#[test]
fn header_fields_are_read_as_http_reads_them() {
    let matcher = matcher_of(contracts_of_text("lamp-get.md", EVENT), None);
    let documented = "Authorization: Bearer abc\nAccept: application/json";
    let prefer = "Prefer: lamp.timezone=\"UTC\", lamp.form=\"text\"";
    for headers in [
        format!("{documented}\n{prefer}"),
        format!("Authorization: bearer abc\n{prefer}"),
        format!("{documented}\nPrefer: lamp.timezone=\"UTC\",lamp.form=\"text\""),
        format!("{documented}\nPrefer: lamp.form=text, lamp.timezone=\"UTC\""),
        format!("{documented}\nPrefer: Lamp.TimeZone=\"UTC\"\nPrefer: lamp.form=\"text\""),
    ] {
        check(&matcher, Mode::Strict, &format!("GET /v1.0/me/lamps/1\n{headers}"), Ok("v1.0/lamp-get"));
    }
    let other = format!("GET /v1.0/me/lamps/1\n{documented}\nPrefer: lamp.form=\"html\"");
    let expected = "header Prefer: expected lamp.timezone=\"UTC\", lamp.form=\"text\", got lamp.form=\"html\"";
    check(&matcher, Mode::Strict, &other, Err(expected));
    check(&matcher, Mode::Lenient, &other, Ok("v1.0/lamp-get"));
    check_notes(
        &matcher,
        "GET /v1.0/me/lamps/1",
        &["header Prefer: expected lamp.timezone=\"UTC\", lamp.form=\"text\", got nothing (missing-header)"],
    );
}

#[test]
fn paths_and_options_are_read_in_any_case() {
    let contracts = [
        contracts_of_pair(
            "list lamps",
            "GET /me/lamps?$select=id&$filter=name eq 'a b'",
            "",
            "200 OK",
            "{\"value\": []}",
        ),
        contracts_of_pair("send lamp", "POST /me/lamps/{id}/microsoft.graph.send", "", "204 No Content", ""),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    let token = "Authorization: Bearer x";
    for line in [
        "GET /v1.0/me/lamps?$select=id&$filter=name eq 'a b'",
        "GET /V1.0/Me/Lamps?$select=id&$filter=name+eq+'a+b'",
        "GET /v1.0/me/lamps?select=id&filter=name%20eq%20%27a%20b%27",
        "HEAD /v1.0/me/lamps?$filter=name eq 'a b'&$SELECT=id",
    ] {
        check(&matcher, Mode::Strict, &format!("{line}\n{token}"), Ok("v1.0/list-lamps"));
    }
    for path in ["lamps/1/microsoft.graph.send", "lamps('1')/send", "Lamps/1/Send()"] {
        check(&matcher, Mode::Strict, &format!("POST /v1.0/me/{path}\n{token}"), Ok("v1.0/send-lamp"));
    }
}

#[test]
fn the_main_page_answers_before_others_and_an_object_before_a_wrapped_one() {
    let example = |name: &str, query: &str| {
        let answer = "```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"value\": []}\n```";
        format!("### {name}\n\n```http\nGET https://graph.microsoft.com/v1.0/plugs?{query}\n```\n\n{answer}\n\n")
    };
    let (some, all) = (example("Some", "$filter=x eq 1"), example("The first", "$top=9&$skip=0"));
    let plugs = format!("# List plugs\n\n## HTTP request\n\n```http\nGET /plugs\n```\n\n## Example\n\n{some}{all}");
    let contracts = [
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", "{\"id\": \"1\"}"),
        contracts_of_pair(
            "cellar onboarding lamp get",
            "GET /lamps/{id}",
            "",
            "200 OK",
            "{\"value\": {\"id\": \"1\"}}",
        ),
        contracts_of_pair("lamp delta", "GET /lamps/delta", "", "200 OK", "{\"value\": []}"),
        contracts_of_pair("lamp-dim", "POST /lamps/{id}/set", "{\"level\": 1}", "204 No Content", ""),
        contracts_of_pair("lamp-paint", "POST /lamps/{id}/set", "{\"color\": \"red\"}", "204 No Content", ""),
        contracts_of_pair("lamp-find", "GET /lamps?$search=x", "", "200 OK", "{\"value\": []}"),
        contracts_of_pair("lamp-list", "GET /lamps", "", "200 OK", "{\"value\": []}"),
        contracts_of_pair("attic batterypolicy list", "GET /policies/batteryPolicies", "", "200 OK", "{\"value\": []}"),
        contracts_of_pair("attic acidpolicy list", "GET /policies/batteryPolicies", "", "200 OK", "{\"value\": []}"),
        contracts_of_text("plug-list.md", &plugs),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    let check = |line: &str, expected: &str| check(&matcher, Mode::Lenient, line, Ok(expected));
    check("GET /v1.0/policies/batteryPolicies", "v1.0/attic-batterypolicy-list");
    check("GET /v1.0/plugs", "v1.0/plug-list--the-first");
    check("GET /v1.0/lamps/7", "v1.0/lamp-get");
    check("GET /v1.0/lamps/delta", "v1.0/lamp-delta");
    check("GET /v1.0/lamps/delta()?$select=id", "v1.0/lamp-delta");
    check("POST /v1.0/lamps/7/set\n\n{\"color\": \"blue\"}", "v1.0/lamp-paint");
    check("POST /v1.0/lamps/7/set\n\n{\"level\": 3}", "v1.0/lamp-dim");
    check("GET /v1.0/lamps?$top=3", "v1.0/lamp-list");
    check("GET /v1.0/lamps?$search=y", "v1.0/lamp-find");
}

#[test]
fn of_pages_that_share_a_route_the_one_that_is_called_after_it_answers() {
    let page = |name: &str, routes: &str, url: &str| {
        let text = format!(
            "# A page\n\n## HTTP request\n\n```http\n{routes}\n```\n\n## Example\n\n```http\nGET https://graph.microsoft.com/v1.0{url}\n```\n\n\
             ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{\"value\": []}}\n```\n"
        );
        contracts_of_text(name, &text)
    };
    let (me, user) = ("GET /me/lamps", "GET /users/{id}/lamps");
    let contracts = [
        page(
            "lampgroup-list-lamps.md",
            &format!("GET /me/lampGroups/{{id}}/lamps\n{me}\n{user}"),
            "/me/lampGroups/{id}/lamps",
        ),
        page("note-get.md", &format!("GET /me/lamps/{{id}}/note\n{user}"), "/me/lamps/{id}/note"),
        page("user-list-lamps.md", &format!("{me}\n{user}\nGET /me/lampGroups/{{id}}/lamps"), "/me/lamps?$select=name"),
        page("room-list-lamps.md", &format!("GET /rooms/{{id}}/lamps\n{user}"), "/rooms/{id}/lamps"),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    let check = |line: &str, expected: &str| check(&matcher, Mode::Lenient, line, Ok(expected));
    check("GET /v1.0/users/a@b.example/lamps", "v1.0/user-list-lamps");
    check("GET /v1.0/me/lamps", "v1.0/user-list-lamps");
    check("GET /v1.0/me/lampGroups/7/lamps", "v1.0/lampgroup-list-lamps");
    check("GET /v1.0/rooms/7/lamps", "v1.0/room-list-lamps");
}

#[test]
fn a_look_alike_answers_the_very_request_that_it_shows_and_no_more() {
    let page =
        |title: &str, sent: &str| contracts_of_pair(title, "PATCH /me/lamps/{id}", sent, "200 OK", r#"{"id": "1"}"#);
    let contracts = [
        page("deadlamp update", r#"{"isLit": false}"#),
        page("lamp update", r#"{"name": "hall", "level": 3, "isLit": true}"#),
        page("gaslamp update", r##"{"@odata.type": "#microsoft.graph.gasLamp", "isLit": true}"##),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    let sent = |body: &str| {
        format!("PATCH /v1.0/me/lamps/7\nAuthorization: Bearer a\nContent-Type: application/json\n\n{body}")
    };
    check(&matcher, Mode::Lenient, &sent(r#"{"isLit": true}"#), Ok("v1.0/lamp-update"));
    // To another object than that of the example, all of them could be sent.
    check(&matcher, Mode::Lenient, &sent(r#"{"isLit": false}"#), Ok("v1.0/lamp-update"));
    let shown = sent(r#"{"isLit": false}"#).replace("/lamps/7", "/lamps/{id}");
    check(&matcher, Mode::Lenient, &shown, Ok("v1.0/deadlamp-update"));
    let typed = r##"{"@odata.type": "#microsoft.graph.gasLamp", "name": "attic"}"##;
    check(&matcher, Mode::Lenient, &sent(typed), Ok("v1.0/gaslamp-update"));
    // Some clients write the type of every object.
    let typed = r##"{"@odata.type": "#microsoft.graph.lamp", "isLit": true}"##;
    check(&matcher, Mode::Lenient, &sent(typed), Ok("v1.0/lamp-update"));
}

#[test]
fn a_refusal_names_what_it_is_for_and_not_what_would_be_tolerated() {
    let lamp =
        contracts_of_pair("make lamp", "POST /lamps?$top=1", "{\"name\": \"a\"}", "201 Created", "{\"id\": \"1\"}");
    let matcher = matcher_of(lamp, None);
    let check = |mode: Mode, request: &str, expected: &[&str]| {
        let refusal = find(&matcher, mode, request).expect_err(request);
        let found: Vec<String> = refusal.differences.iter().map(|own| own.at.to_string()).collect();
        assert_eq!(found, expected, "{mode:?} {request}");
    };
    let body = "Content-Type: text/plain\n\n{\"name\": 1, \"other\": 2}";
    check(Mode::Lenient, &format!("PUT /v1.0/lamps\n{body}"), &["method"]);
    check(Mode::Lenient, &format!("POST /v1.0/lamp\n{body}"), &["path segment 2"]);
    let named = format!("POST /v1.0/lamp\nx-graph-contract: v1.0%2Fmake-lamp\n{body}");
    check(Mode::Lenient, &named, &["path segment 2"]);
    let strict = find(&matcher, Mode::Strict, &format!("PUT /v1.0/lamps\n{body}")).expect_err("it is refused");
    assert!(strict.differences.len() > 3, "{strict:?}");
}

#[test]
fn an_example_that_expands_answers_no_request_that_does_not() {
    let body = r#"{"value": []}"#;
    let children = "# List lamps\n\n## HTTP request\n\n```http\nGET /rooms/{id}/lamps\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/me/room/lamps\n```\n\n```http\nHTTP/1.1 200 OK\n\
        Content-Type: application/json\n\n{\"value\": []}\n```\n";
    let contracts = [
        contracts_of_text("lamp-list.md", children),
        contracts_of_pair("lamp list shades", "GET /rooms/{id}/lamps?$expand=shades", "", "200 OK", body),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    let check = |line: &str, expected: &str| check(&matcher, Mode::Lenient, line, Ok(expected));
    check("GET /v1.0/rooms/7/lamps", "v1.0/lamp-list");
    check("GET /v1.0/rooms/7/lamps?$expand=shades", "v1.0/lamp-list-shades");
}

#[test]
fn of_several_examples_that_with_the_fewest_differences_answers() {
    let example = |sent: &str| {
        format!(
            "```http\nPOST https://graph.microsoft.com/v1.0/lamps/{{id}}/link\nContent-Type: application/json\n\n{sent}\n```\n\n\
             ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{\"id\": \"1\"}}\n```\n\n"
        )
    };
    let page = format!(
        "# Link lamp\n\n## HTTP request\n\n```http\nPOST /lamps/{{id}}/link\n```\n\n## Example\n\n### Anyone\n\n{}### The house\n\n{}",
        example(r#"{"type": "view", "password": "a", "scope": "all"}"#),
        example(r#"{"type": "edit", "scope": "house"}"#)
    );
    let matcher = matcher_of(contracts_of_text("lamp-link.md", &page), None);
    let sent = |body: &str| {
        format!("POST /v1.0/lamps/7/link\nAuthorization: Bearer a\nContent-Type: application/json\n\n{body}")
    };
    check(&matcher, Mode::Lenient, &sent(r#"{"type": "view", "scope": "all"}"#), Ok("v1.0/lamp-link"));
    check(&matcher, Mode::Lenient, &sent(r#"{"type": "edit", "scope": "all"}"#), Ok("v1.0/lamp-link--the-house"));
}

const CREATE: &str = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Request body\n\n\
    |Property|Type|Description|\n|:--|:--|:--|\n|name|String|The name. Required.|\n|level|Int32|How bright.|\n\
    |since|DateTimeOffset|When it was lit.|\n|mode|lampMode|The possible values are: `on`, `off`.|\n\n## Example\n\n```http\n\
    POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n\
    {\"@odata.type\": \"#microsoft.graph.lamp\", \"name\": \"hall\", \"level\": 3, \"since\": \"2024-05-06T07:08:09Z\", \"mode\": \"on\"}\n```\n\n\
    ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{\"id\": \"1\"}\n```\n";

#[test]
fn values_are_judged_by_their_types_and_not_by_the_sample() {
    let matcher = matcher_of(contracts_of_text("lamp-post.md", CREATE), None);
    let ok = Ok("v1.0/lamp-post");
    let check = |body: &str, expected: Result<&str, &str>| {
        let request = format!("POST /v1.0/lamps\nContent-Type: application/json\n\n{body}");
        check(&matcher, Mode::Lenient, &request, expected);
    };
    check(r#"{"name": "attic", "level": 7, "since": "2025-01-01T00:00:00.1234567Z", "mode": "Off"}"#, ok);
    check(r##"{"mode": null, "level": null, "@odata.type": "#microsoft.graph.lamp", "name": "x"}"##, ok);
    check(r#"{"name": "x", "level": "bright"}"#, Err("$['level']: expected Edm.Int32, got \"bright\""));
    check(r#"{"name": "x", "since": "yesterday"}"#, Err("$['since']: expected Edm.DateTimeOffset, got \"yesterday\""));
    check("{", Err("body: expected JSON, got no JSON (unterminated object at line 1, column 1)"));
    check("[1]", Err("body: expected an object, got an array"));
    check("null", Err("body: expected an object, got null"));
    check_notes(
        &matcher,
        "POST /v1.0/lamps\nContent-Type: application/json\n\n{\"name\": \"x\", \"level\": \"7\"}",
        &["$['level']: expected Edm.Int32, got \"7\" (value-as-text)"],
    );
}

#[test]
fn what_no_page_documents_is_noted() {
    let matcher = matcher_of(contracts_of_text("lamp-post.md", CREATE), None);
    let check = |query: &str, body: &str, expected: &[&str]| {
        let request = format!("POST /v1.0/lamps{query}\nContent-Type: application/json\n\n{body}");
        check_notes(&matcher, &request, expected);
    };
    check("?$select=id", r#"{"name": "x"}"#, &[]);
    check("?loud=1", r#"{"name": "x"}"#, &["query loud: expected nothing, got 1 (undocumented-option)"]);
    check("", r#"{"level": 1}"#, &["$['name']: expected Edm.String, got nothing (missing-member)"]);
    check("", r#"{"name": "x", "mode": "dim"}"#, &["$['mode']: expected on, off, got \"dim\" (undocumented-value)"]);
}

#[test]
fn the_nearest_contract_is_one_that_begins_alike() {
    let contracts = [
        contracts_of_pair("site get", "GET /sites/{id}", "", "200 OK", "{}"),
        contracts_of_pair("user get", "GET /users/{id}", "", "200 OK", "{}"),
        contracts_of_pair("user update", "PATCH /users/{id}", "{\"name\": \"x\"}", "204 No Content", ""),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    let nearest = |line: &str, expected: Option<&str>| {
        let refusal = find(&matcher, Mode::Lenient, line).expect_err(line);
        assert_eq!(refusal.nearest_id(), expected, "{line}");
        assert_eq!(refusal.differences.is_empty(), expected.is_none(), "{line}");
    };
    let far = |line: &str| nearest(line, None);
    let nearest = |line: &str, expected: &str| nearest(line, Some(expected));
    nearest("GET /v1.0/sites/7/lists", "v1.0/site-get");
    nearest("GET /v1.0/usres/7", "v1.0/user-get");
    nearest("DELETE /v1.0/users/7", "v1.0/user-get");
    nearest("PUT /v1.0/users/7\n\n{\"name\": \"x\"}", "v1.0/user-update");
    nearest("GET /beta/users/7", "v1.0/user-get");
    nearest("GET /users/7", "v1.0/user-get");
    nearest("GET /v1.0/users", "v1.0/user-get");
    for line in ["GET /", "GET /favicon.ico", "GET /v1.0", "GET /v1.0/nothing/is/there", "GET /nothing", "GET /v9.9/x"]
    {
        far(line);
    }
}

#[test]
fn a_version_that_is_missing_or_has_no_such_page_is_named() {
    let contracts = [
        contracts_of_pair("user get", "GET /me", "", "200 OK", "{}"),
        contracts_of_pair("user messages", "GET /users/{id}/messages", "", "200 OK", "{}"),
        contracts_of_text(
            "beta/me-list-folders.md",
            "# List\n\n```http\nGET https://graph.microsoft.com/beta/me/folders\n```\n\n```http\nHTTP/1.1 200 OK\n```\n",
        ),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    let check = |line: &str, nearest: &str, expected: &[&str]| {
        let refusal = find(&matcher, Mode::Lenient, line).expect_err(line);
        let differences: Vec<String> = refusal.differences.iter().map(ToString::to_string).collect();
        assert_eq!(
            (refusal.nearest_id(), differences.iter().map(String::as_str).collect::<Vec<&str>>().as_slice()),
            (Some(nearest), expected),
            "{line}"
        );
    };
    let missing = "path segment 1: expected v1.0, got nothing";
    check("GET /me", "v1.0/user-get", &[missing]);
    check("GET /users/7/messages", "v1.0/user-messages", &[missing]);
    check("GET /me/folders", "beta/me-list-folders", &["path segment 1: expected beta, got nothing"]);
    check("PUT /me", "v1.0/user-get", &[missing, "method: expected GET, got PUT"]);
    check("GET /beta/me", "v1.0/user-get", &["path segment 1: expected v1.0, got beta"]);
    check("GET /v2.0/me", "v1.0/user-get", &["path segment 1: expected v1.0, got v2.0"]);
}

#[test]
fn a_broken_body_is_still_what_it_is_sent_as() {
    let json = contracts_of_pair("mail send", "POST /mail", "{\"a\": 1}", "202 Accepted", "");
    let text = contracts_of_text(
        "v1.0/mail-send-mime.md",
        "# Send\n\n```http\nPOST https://graph.microsoft.com/v1.0/mail\nContent-Type: text/plain\n\naaa\n```\n\n```http\nHTTP/1.1 202 Accepted\n```\n",
    );
    let matcher = matcher_of([json, text].concat(), None);
    let refusal = find(&matcher, Mode::Lenient, "POST /v1.0/mail\nContent-Type: application/json\n\n{\"a\": }")
        .expect_err("a refusal");
    let differences: Vec<String> = refusal.differences.iter().map(ToString::to_string).collect();
    assert_eq!(refusal.nearest_id(), Some("v1.0/mail-send"));
    assert_eq!(differences, ["body: expected JSON, got no JSON (unexpected close brace at line 1, column 7)"]);
    let sent_as_text = find(&matcher, Mode::Lenient, "POST /v1.0/mail\nContent-Type: text/plain\n\nbbb");
    assert_eq!(sent_as_text.map(|own| own.contract.id.clone()).ok().as_deref(), Some("v1.0/mail-send-mime"));
}

#[test]
fn the_name_of_an_action_is_no_key() {
    let contracts = [
        contracts_of_pair("object get", "GET /objects/{id}", "", "200 OK", "{}"),
        contracts_of_pair("object delete", "DELETE /objects/{id}", "", "204 No Content", ""),
        contracts_of_pair("object getbyids", "POST /objects/getByIds", "{\"ids\": []}", "200 OK", "{}"),
        contracts_of_pair("object post", "POST /objects/17e3/parts", "{}", "201 Created", "{}"),
        contracts_of_pair("object part", "GET /objects/{id}/{part}", "", "200 OK", "{}"),
    ];
    let matcher = matcher_of(contracts.concat(), None);
    for mode in [Mode::Lenient, Mode::Strict] {
        for line in ["GET /v1.0/objects/getByIds", "DELETE /v1.0/objects/microsoft.graph.getByIds"] {
            let refusal = find(&matcher, mode, line).expect_err(line);
            assert_eq!(refusal.nearest_id(), Some("v1.0/object-getbyids"), "{line}");
        }
        for line in ["GET /v1.0/objects/alice", "GET /v1.0/objects('getByIds')", "GET /v1.0/objects/17e3"] {
            let request = format!("{line}\nAuthorization: Bearer any");
            let found = find(&matcher, mode, &request).expect(line);
            assert_eq!(found.contract.id, "v1.0/object-get", "{line}");
        }
    }
}

#[test]
fn what_a_cloud_lacks_is_not_answered_there() {
    let page = "# Get lamp\n\n[!INCLUDE [national-cloud-support](../includes/global-us.md)]\n\n## HTTP request\n\n```http\nGET /lamps\n```\n\n\
        ## Example\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    for (cloud, is_answered) in [(None, true), (Some(Cloud::Global), true), (Some(Cloud::China), false)] {
        let matcher = matcher_of(contracts_of_text("lamp-get.md", page), cloud);
        for named in ["", "\nx-graph-contract: v1.0/lamp-get"] {
            let found = find(&matcher, Mode::Lenient, &format!("GET /v1.0/lamps{named}"));
            assert_eq!(found.is_ok(), is_answered, "{cloud:?}{named}");
        }
    }
}

/// Sends each contract's request as documented, without its name, and counts what another request's contract answers.
fn confused(contracts: Vec<Contract>) -> Vec<String> {
    let matcher = matcher_of(contracts, None);
    let client = Client::new("http://127.0.0.1:1").expect("a client");
    let mut confused = Vec::new();
    for contract in &matcher.store().contracts {
        let Some(request) = documented_request(&client, contract) else { continue };
        let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
        let (path, query) = (request.url().path(), request.url().query());
        let received = Received::new(request.method().as_str(), path, query, request.headers(), body);
        for mode in [Mode::Strict, Mode::Lenient] {
            match matcher.find(&received, mode) {
                Ok(matched) if is_same_request(&matched.contract.request, &contract.request) => {}
                Ok(matched) => confused.push(format!("{mode:?} {}: {}", contract.id, matched.contract.id)),
                Err(refusal) => confused.push(format!("{mode:?} {}", refusal.message())),
            }
        }
    }
    confused
}

#[test]
fn every_documented_request_gets_its_own_answer() {
    let mut contracts: Vec<Contract> = Store::read(&project("contracts")).expect("the contracts").contracts;
    let pages = std::fs::read_dir(project("tests/pages")).expect("pages").flatten();
    let names = pages.map(|page| page.file_name().to_string_lossy().into_owned()).filter(|name| name.ends_with(".md"));
    contracts.extend(names.flat_map(|name| contracts_of_page(&name)));
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    contracts.dedup_by(|a, b| a.id == b.id);
    assert!(contracts.len() > 10, "{}", contracts.len());
    assert_eq!(confused(contracts), Vec::<String>::new());
}

/// The contract of a page with a POST, with what metadata says of its request.
fn with_metadata() -> Vec<Contract> {
    let page = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Example\n\n```http\n\
        POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n\
        {\"level\": 3, \"shade\": \"round\"}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    let mut contracts = contracts_of_text("lamp-post.md", page);
    let property = |name: &str, of_type: &str| {
        let type_ref = TypeReference::from(of_type.to_owned());
        (name.to_owned(), ServiceProperty { type_ref, ..ServiceProperty::default() })
    };
    let properties =
        [property("level", "Edm.Int32"), property("shade", "n.shade"), property("name", "Edm.String")].into();
    let lamp = StructuredType { complete: true, properties, ..StructuredType::default() };
    let shade = EnumerationType { members: vec!["round".to_owned(), "flat".to_owned()], ..EnumerationType::default() };
    let types = [("n.lamp", ServiceType::Entity(lamp)), ("n.shade", ServiceType::Enumeration(shade))];
    let types = types.into_iter().map(|(name, own)| (name.to_owned(), own)).collect();
    let messages = MessageTypes { request: Some(TypeReference::from("n.lamp".to_owned())), response: None };
    let rules = ServiceRules::new("n.csdl".to_owned(), types);
    contracts[0].metadata = MetadataRules::of(&contracts[0], &rules, &[messages]).map(Box::new);
    contracts
}

#[test]
fn what_metadata_says_goes_before_the_page() {
    let matcher = matcher_of(with_metadata(), None);
    let post = |body: &str| format!("POST /v1.0/lamps\nContent-Type: application/json\n\n{body}");
    let check = |body: &str, expected: Result<&str, &str>| check(&matcher, Mode::Lenient, &post(body), expected);
    check(r#"{"level": 3000000000}"#, Err("$['level']: expected Edm.Int32, got 3000000000"));
    check(r#"{"shade": "square"}"#, Err("$['shade']: expected round, flat, got \"square\""));
    check(r#"{"shade": "Flat", "level": null}"#, Ok("v1.0/lamp-post"));
    check_notes(&matcher, &post(r#"{"Level": 3, "NAME": "x"}"#), &[]);
}

#[test]
fn an_action_takes_no_other_method_and_of_other_paths_nobody_knows() {
    let pairs = [
        ("lamp switch", "POST /lamps/{id}/switch", "204 No Content", ""),
        ("lamp dim", "POST /lamps/{id}/microsoft.graph.dim", "202 Accepted", ""),
        ("lamp: copyTo", "POST /lamps/{id}/copyTo", "201 Created", r#"{"id": "2"}"#),
        ("Create shade", "POST /lamps/{id}/shades", "201 Created", r#"{"id": "1"}"#),
        ("Add bulb", "POST /lamps/{id}/bulbs", "200 OK", r#"{"id": "1"}"#),
        ("Get bulb", "GET /lamps/{id}/bulbs/{id}", "200 OK", r#"{"id": "1"}"#),
        ("Set room", "POST /lamps/{id}/room", "204 No Content", ""),
        ("Get room", "GET /lamps/{id}/room", "200 OK", r#"{"id": "1"}"#),
        ("Add reference", "POST /lamps/{id}/owners/$ref", "204 No Content", ""),
    ];
    let contracts = pairs.map(|(title, request, status, body)| contracts_of_pair(title, request, "", status, body));
    let matcher = matcher_of(contracts.concat(), None);
    let check = |request: &str, allowed: Option<&str>| {
        let refusal = find(&matcher, Mode::Lenient, request).expect_err(request);
        assert_eq!(
            (refusal.allowed(), refusal.status()),
            (allowed, if allowed.is_some() { 405 } else { 501 }),
            "{request}"
        );
    };
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE"] {
        check(&format!("{method} /v1.0/lamps/1/switch"), Some("POST"));
    }
    check("GET /v1.0/lamps/1/Microsoft.Graph.Switch", Some("POST"));
    check("GET /v1.0/lamps('1')/dim", Some("POST"));
    check("GET /v1.0/lamps/1/copyTo", Some("POST"));
    // It may be a collection that nobody lists.
    check("GET /v1.0/lamps/1/shades", None);
    check("GET /v1.0/lamps/1/bulbs", None);
    check("DELETE /v1.0/lamps/1/room", None);
    check("GET /v1.0/lamps/1/owners/$ref", None);
    check("GET /v1.0/lamps/1/switch/nothing", None);
    let strict = find(&matcher, Mode::Strict, "GET /v1.0/lamps/1/switch").expect_err("a refusal");
    assert_eq!(strict.status(), 501, "by the sample, it is not documented");
}
