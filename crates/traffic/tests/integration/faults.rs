//! Each planted fault is reported once, at its request, with the page; a client without faults is not reported.

use graph_contracts_traffic::{Expectations, Judge, Kind, Question, Verdict, Verifier, read, report};
use serde_json::{Value, json};

use crate::{Call, call, document, lamp, lines, store, verify};

/// What is found of these calls.
#[track_caller]
fn check(calls: &[Call], expected: &[&str]) {
    let found = verify(calls, Expectations::default());
    assert_eq!(lines(&found), expected, "{:#?}", found.operations);
}

fn list() -> Value {
    json!({ "value": [lamp()] })
}

/// What a client does that keeps to the pages.
fn faultless() -> Vec<Call> {
    vec![
        call(0.0, "GET /v1.0/lamps?$top=5&$select=id,name,watts,isOn", 200, &list()),
        call(1.0, "GET /v1.0/lamps/7", 200, &lamp()),
        call(2.0, "GET /v1.0/lamps('7')", 200, &lamp()),
        call(3.0, "GET https://graph.microsoft.us/v1.0/LAMPS/8", 200, &lamp()),
        call(4.0, "POST /v1.0/lamps", 201, &lamp()).sending(&json!({ "name": "kitchen", "watts": 11 })),
        call(5.0, "DELETE /v1.0/lamps/9", 204, &Value::Null).with("If-Match", "W/\"3\""),
        call(6.0, "GET /v1.0/lamps/none", 404, &json!({ "error": { "code": "itemNotFound", "message": "no" } })),
        call(
            7.0,
            "GET /v1.0/lamps/delta",
            200,
            &json!({ "@odata.deltaLink": "https://graph.microsoft.com/v1.0/lamps/delta?$deltatoken=b", "value": [] }),
        ),
        call(8.0, "GET /v1.0/lamps/$count", 200, &json!(3)).with("ConsistencyLevel", "eventual"),
        call(
            9.0,
            "GET https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
            200,
            &json!({}),
        ),
        call(10.0, "OPTIONS /v1.0/anything", 204, &Value::Null).with("Access-Control-Request-Method", "GET"),
    ]
}

#[test]
fn a_client_without_faults_is_not_reported() {
    let found = verify(&faultless(), Expectations::default());
    assert_eq!(lines(&found), [""; 0], "{:#?}", found.operations);
    let (exit_code, document) = document(&found);
    assert_eq!(exit_code, 0);
    assert_eq!(
        (&document["undocumented"], &document["unknown"], &document["others"], &document["preflights"]),
        (&json!(0), &json!(0), &json!(1), &json!(1)),
        "{document:#}"
    );
}

#[test]
fn a_request_that_no_page_documents_is_undocumented() {
    check(&[call(0.0, "GET /v1.0/lamps/7/shades", 404, &Value::Null)], &["undocumented 1 v1.0/lamp-get.md:29"]);
    check(&[call(0.0, "PATCH /v1.0/bulbs/7", 404, &Value::Null)], &["undocumented 1 v1.0/bulb-get.md:14"]);
}

#[test]
fn what_the_service_says_of_itself_is_on_no_page_and_not_undocumented() {
    let calls = ["GET /v1.0/$metadata", "GET /beta/", "GET /v1.0"].map(|line| call(0.0, line, 200, &json!({})));
    check(&calls, &[]);
    let (_, document) = document(&verify(&calls, Expectations::default()));
    assert_eq!((&document["unknown"], &document["undocumented"]), (&json!(3), &json!(0)), "{document:#}");
    check(&[call(0.0, "POST /v1.0/$metadata", 405, &Value::Null)], &["undocumented 1"]);
}

#[test]
fn what_is_no_call_of_an_operation_is_not_known() {
    let unknown = |call: Call, expected: &str| {
        let found = verify(&[call], Expectations::default());
        let all: Vec<(Verdict, &str)> =
            found.operations.iter().map(|own| (own.verdict, own.findings[0].found.message.as_str())).collect();
        assert_eq!(all, [(Verdict::Unknown, expected)]);
    };
    let methods = "it asks which methods there are, which HTTP describes, and no page of an operation";
    unknown(call(0.0, "OPTIONS /v1.0/lamps", 204, &Value::Null), methods);
    let batch = |body: Value| call(0.0, "POST /v1.0/$batch", 400, &Value::Null).sending(&body);
    unknown(batch(json!({ "requests": [] })), "it has no requests, and a batch has one at least");
    unknown(batch(json!({})), "its body is not that of a batch");
}

#[test]
fn options_that_odata_does_not_allow_and_a_body_without_a_media_type_are_found() {
    let get = |query: &str| [call(0.0, &format!("GET /v1.0/lamps?{query}"), 200, &json!({ "value": [] }))];
    let option = ["option 1 v1.0/lamp-list.md:29"];
    check(&get("$top=abc"), &option);
    check(&get("$count=maybe"), &option);
    check(&get("$select=id&select=name"), &option);
    check(&get("$top=5&$count=true&$select=id"), &[]);
    let mut create = call(0.0, "POST /v1.0/lamps", 201, &lamp()).sending(&json!({ "name": "hall" }));
    check(std::slice::from_ref(&create), &[]);
    create.entry["request"]["headers"].as_array_mut().expect("fields").retain(|own| own["name"] != "content-type");
    create.entry["request"]["postData"]["mimeType"] = Value::Null;
    check(std::slice::from_ref(&create), &["header 1 v1.0/lamp-post.md:29"]);
    // Some archives have it beside the body alone.
    create.entry["request"]["postData"]["mimeType"] = json!("application/json");
    check(&[create], &[]);
}

#[test]
fn a_batch_that_the_service_does_not_read_is_invalid() {
    let check = |ids: Vec<String>, expected: &str| {
        let requests: Vec<Value> =
            ids.iter().map(|id| json!({ "id": id, "method": "GET", "url": "/lamps/7" })).collect();
        let batch = call(0.0, "POST /v1.0/$batch", 400, &Value::Null).sending(&json!({ "requests": requests }));
        let found = verify(&[batch], Expectations::default());
        let own = found.operations.iter().flat_map(|own| &own.findings);
        let said: Vec<&str> =
            own.filter(|own| own.found.kind == Kind::InvalidBody).map(|own| own.found.message.as_str()).collect();
        assert_eq!(said, [expected]);
    };
    check((0..21).map(|id| id.to_string()).collect(), "a batch has 20 requests at most, and this one has 21");
    check(vec!["a".to_owned(), "b".to_owned(), "A".to_owned()], "the id of its request 3 is that of another one");
}

#[test]
fn a_body_that_is_no_json_is_said_to_be_none_and_where() {
    let mut broken = call(0.0, "POST /v1.0/lamps", 400, &Value::Null).sending(&json!({}));
    broken.entry["request"]["postData"]["text"] = json!("{\n  \"name\": s3cret\n}");
    let found = verify(&[broken], Expectations::default());
    let said: Vec<&str> = found.operations.iter().flat_map(|own| &own.findings).map(|own| own.said.as_str()).collect();
    assert_eq!(said, ["request 1: body: no JSON (unexpected word at line 2, column 11) instead of JSON"]);
}

#[test]
fn a_body_that_is_not_of_its_type_is_invalid() {
    let wrong = call(0.0, "POST /v1.0/lamps", 400, &Value::Null).sending(&json!({ "name": "hall", "watts": [1] }));
    check(&[wrong], &["invalid-body 1 v1.0/lamp-post.md:29"]);
}

#[test]
fn beta_and_what_is_deprecated_are_noted() {
    let room = call(0.0, "GET /beta/rooms/7", 200, &json!({ "id": "8" }));
    let bulb = call(1.0, "GET /v1.0/bulbs/7", 200, &json!({ "id": "8" }));
    let sunset = call(2.0, "GET /v1.0/lamps/7", 200, &lamp())
        .answering("Deprecation", "@1688169599")
        .answering("Sunset", "Sat, 31 Dec 2033 23:59:59 GMT");
    check(
        &[room, bulb, sunset],
        &["beta 1 beta/room-get.md:20", "deprecated 2 v1.0/bulb-get.md:1", "deprecated 3 v1.0/lamp-get.md:29"],
    );
    let dial = call(0.0, "GET /v1.0/dials/7", 200, &json!({ "id": "7", "isOn": true }));
    check(&[dial], &["deprecated 1 v1.0/dial-get.md:4"]);
    let fuse = call(0.0, "GET /v1.0/fuses/7", 200, &json!({ "id": "8" }));
    check(&[fuse], &["deprecated 1 v1.0/fuse-get.md:20"]);
}

#[test]
fn header_fields_of_an_answer_count_also_where_its_body_is_left_out() {
    let without_body = |mut call: Call| {
        call.entry["response"]["content"] = json!({ "size": 20, "mimeType": "application/json" });
        call
    };
    let throttled = call(0.0, "GET /v1.0/lamps/7", 429, &json!({})).answering("Retry-After", "10");
    let sunset = call(3.0, "GET /v1.0/lamps/7", 200, &lamp()).answering("Sunset", "Sat, 31 Dec 2033 23:59:59 GMT");
    let calls = [throttled, sunset].map(without_body);
    check(&calls, &["deprecated 2 v1.0/lamp-get.md:29", "retry-after 2"]);
    let (_, document) = document(&verify(&calls, Expectations::default()));
    assert_eq!(document["unknown_answers"], 2, "{document:#}");
}

#[test]
fn an_answer_is_not_compared_with_an_example_that_expands_what_was_not_asked_for() {
    let list = |query: &str, answer: &Value| call(0.0, &format!("GET /v1.0/plugs/7{query}"), 200, answer);
    let plain = json!({ "id": "7", "name": "hall" });
    let expanded = json!({ "id": "7", "lamp": { "id": "8" } });
    check(&[list("", &plain)], &[]);
    check(&[list("?$select=id&$expand=lamp", &expanded)], &[]);
    // That this is an example, too, says nothing: it is of another question.
    check(&[list("", &expanded)], &["drift 1 v1.0/plug-get.md:27", "drift 1 v1.0/plug-get.md:29"]);
}

#[test]
fn what_the_metadata_excludes_is_found() {
    check(
        &[call(0.0, "GET /v1.0/lamps?$select=id,color", 200, &json!({ "value": [] }))],
        &["contradicted 1 v1.0/lamp-list.md:29"],
    );
    check(
        &[call(0.0, "GET /v1.0/lamps?$orderby=watts", 200, &json!({ "value": [] }))],
        &["option 1 v1.0/lamp-list.md:29"],
    );
    check(&[call(0.0, "GET /v1.0/lamps?color=red", 200, &json!({ "value": [] }))], &["option 1 v1.0/lamp-list.md:29"]);
}

#[test]
fn a_header_field_that_the_page_requires_is_missed() {
    check(&[call(0.0, "DELETE /v1.0/lamps/7", 412, &Value::Null)], &["header 1 v1.0/lamp-delete.md:27"]);
    let mut unrecorded = call(0.0, "DELETE /v1.0/lamps/7", 204, &Value::Null);
    unrecorded.entry["request"]["headers"] = json!([]);
    check(&[unrecorded], &[]);
}

#[test]
fn a_header_field_that_the_page_requires_with_an_option_is_missed() {
    let sockets = json!({ "value": [{ "id": "7", "name": "hall" }] });
    let search = |query: &str| call(0.0, &format!("GET /v1.0/sockets?$count=true{query}"), 200, &sockets);
    let missed = ["header 1 v1.0/socket-list.md:34"];
    check(&[search("&$search=%22name:attic%22")], &missed);
    check(&[search("&search=%22name:attic%22")], &missed);
    check(&[search("&$search=%22name:attic%22").with("lookup-level", "session")], &missed);
    check(&[search("&$search=%22name:attic%22").with("lookup-level", "eventual")], &[]);
    check(&[search("")], &[]);
}

#[test]
fn a_query_option_that_the_page_requires_is_missed() {
    let found = json!({ "value": [{ "id": "7", "name": "hall" }] });
    let plugs = |query: &str| call(0.0, &format!("GET /v1.0/plugs{query}"), 200, &found);
    let missed = "option 1 v1.0/plug-list.md:28";
    check(&[plugs("")], &[missed, missed]);
    check(&[plugs("?$top=5&end=2")], &[missed]);
    check(&[plugs("?Start=1&end=2")], &[]);
    check(&[plugs("?$skiptoken=a")], &[]);
}

#[test]
fn a_header_field_is_missed_with_whatever_the_page_requires_it() {
    let cords = json!({ "value": [] });
    let ask = |path: &str| call(0.0, &format!("GET /v1.0/{path}"), 200, &cords);
    let missed = ["header 1 v1.0/cord-list.md:37"];
    // The metadata has no cords.
    let check = |calls: &[Call], expected: &[&str]| {
        let found = lines(&verify(calls, Expectations::default()));
        let found: Vec<&String> = found.iter().filter(|line| !line.starts_with("contradicted")).collect();
        assert_eq!(found, expected);
    };
    check(&[ask("me/cords?$filter=endswith(id,%277%27)")], &missed);
    check(&[ask("me/cords?$filter=id%20eq%20%27endswith(7)%27")], &[]);
    check(&[ask("me/cords?$filter=id%20eq%20%277%27&$orderby=id")], &missed);
    check(&[ask("me/cords?$orderby=id")], &[]);
    check(&[ask("me/cords/microsoft.graph.extensionCord")], &missed);
    check(&[ask("rooms/8/cords/microsoft.graph.extensionCord/$count")], &["header 1 v1.0/cord-list.md:58"]);
    check(&[ask("rooms/8/cords/microsoft.graph.extensionCord")], &["header 1 v1.0/cord-list.md:58"]);
    check(&[ask("me/cords/graph.extensionCord").with("ConsistencyLevel", "eventual")], &[]);
}

#[test]
fn a_cast_is_documented_where_the_page_says_that_casts_are_possible() {
    let check = |line: &str, verdict: Verdict, operation: &str| {
        let calls = [call(0.0, line, 200, &json!({ "value": [] })).with("ConsistencyLevel", "eventual")];
        let found = verify(&calls, Expectations::default());
        let all: Vec<(Verdict, &str)> = found.operations.iter().map(|own| (own.verdict, own.name.as_str())).collect();
        assert_eq!(all, [(verdict, operation)], "{:#?}", found.operations);
    };
    // On every template, whichever of them an example is on, and to any type that is known.
    for path in ["/v1.0/me/cords", "/v1.0/rooms/{id}/cords"] {
        for cast in ["", "/microsoft.graph.extensionCord", "/microsoft.graph.cord", "/microsoft.graph.cord/$count"] {
            let line = format!("GET {path}{cast}");
            check(&line.replace("{id}", "8"), Verdict::Documented, &line);
        }
    }
    // What a page does not say is not known, and neither is a type that no page has.
    check(
        "GET /v1.0/lamps/microsoft.graph.extensionCord",
        Verdict::Unknown,
        "GET /v1.0/lamps/microsoft.graph.extensionCord",
    );
    check("GET /v1.0/me/cords/microsoft.graph.ann", Verdict::Unknown, "GET /v1.0/me/cords/{…}");
    check("GET /v1.0/lamps/microsoft.graph.ann", Verdict::Undocumented, "GET /v1.0/lamps/{…}");
    check(
        "DELETE /v1.0/me/cords/microsoft.graph.extensionCord",
        Verdict::Undocumented,
        "DELETE /v1.0/me/cords/microsoft.graph.extensionCord",
    );
}

#[test]
fn a_body_is_sent_as_what_it_is() {
    let mut create = call(0.0, "POST /v1.0/lamps", 415, &Value::Null);
    create.entry["request"]["postData"] = json!({ "text": r#"{"name": "hall", "watts": 1}"# });
    check(&[create.with("content-type", "text/plain")], &["header 1 v1.0/lamp-post.md:29"]);
}

#[test]
fn an_answer_that_is_not_as_documented_is_drift() {
    let drifted = json!({ "id": "7", "name": "hall", "watts": "60", "isOn": false });
    check(&[call(0.0, "GET /v1.0/lamps/7", 200, &drifted)], &["drift 1 v1.0/lamp-get.md:39"]);
    // Its status is recorded, also where its body is not.
    check(&[call(0.0, "GET /v1.0/lamps/7", 202, &Value::Null)], &["drift 1 v1.0/lamp-get.md:33"]);
    // Another page documents the same request, and knows less of the answer, or other members.
    let unlike = json!({ "id": "7", "name": 5, "watts": 60, "isOn": false });
    check(&[call(0.0, "GET /v1.0/lamps/7", 200, &unlike)], &["drift 1 v1.0/lamp-get.md:38"]);
    check(&[call(0.0, "GET /v1.0/lamps/7", 200, &json!({ "id": "7", "hall": "a" }))], &[]);
    // An archive that has content where HTTP has none.
    check(&[call(0.0, "DELETE /v1.0/lamps/7", 204, &json!({})).with("If-Match", "W/\"1\"")], &[]);
}

#[test]
fn a_call_that_the_page_denies_to_its_cloud_is_undocumented() {
    let of = |host: &str| {
        let mut sconce = call(0.0, "GET /v1.0/sconces/7", 200, &json!({ "id": "7" }));
        sconce.entry["request"]["url"] = json!(format!("https://{host}/v1.0/sconces/7"));
        let found = verify(&[sconce], Expectations::default());
        let undocumented: Vec<String> =
            lines(&found).into_iter().filter(|line| line.starts_with("undocumented")).collect();
        (undocumented, found.operations[0].verdict)
    };
    assert_eq!(of("graph.microsoft.com"), (Vec::new(), Verdict::Documented));
    let denied = vec!["undocumented 1 v1.0/sconce-get.md:3".to_owned()];
    assert_eq!(of("microsoftgraph.chinacloudapi.cn"), (denied, Verdict::Undocumented));
}

#[test]
fn each_request_within_a_batch_is_judged_with_its_number() {
    let batch = json!({ "requests": [
        { "id": "a", "method": "GET", "url": "/lamps/7" },
        { "id": "b", "method": "GET", "url": "/shades/7" },
        { "id": "c", "method": "DELETE", "url": "/lamps/7" },
    ] });
    let answer = json!({ "responses": [{ "id": "a", "status": 200, "headers": { "Content-Type": "application/json" }, "body": lamp() }] });
    let calls = [call(0.0, "POST /v1.0/$batch", 200, &answer).sending(&batch)];
    let found = verify(&calls, Expectations::default());
    let lines = lines(&found);
    assert!(lines.contains(&"header 1.3 v1.0/lamp-delete.md:27".to_owned()), "{lines:?}");
    assert!(lines.contains(&"undocumented 1.2".to_owned()), "no contract is like it: {lines:?}");
    assert_eq!(found.judged, 3);
}

#[test]
fn what_cannot_be_judged_is_unknown_and_keeps_nothing_else_from_being_judged() {
    let mut batch = call(0.0, "POST /v1.0/$batch", 200, &Value::Null);
    batch.entry["request"]["bodySize"] = json!(70_000);
    let mut unsent = call(1.0, "POST /v1.0/lamps", 201, &lamp());
    unsent.entry["request"]["bodySize"] = json!(70_000);
    let broken = Call { entry: json!({ "request": { "method": "GET" } }) };
    let found =
        verify(&[batch, broken, unsent, call(2.0, "GET /v1.0/shades", 404, &Value::Null)], Expectations::default());
    let (_, document) = document(&found);
    assert_eq!(
        (&document["unknown"], &document["documented"], &document["undocumented"]),
        (&json!(2), &json!(1), &json!(1)),
        "{document:#}"
    );
    let body =
        &document["outcomes"].as_array().expect("outcomes").iter().find(|own| own["operation"] == "POST /v1.0/lamps");
    let findings = &body.expect("the creation")["findings"];
    assert!(findings[0]["message"].as_str().is_some_and(|text| text.contains("leaves the body out")), "{findings:#}");
}

#[test]
fn bad_manners_are_noted_with_the_requests() {
    // Where it does not say how long, a second is waited at least; where its header fields are not recorded, it may have said so.
    let again = |seconds: f64| call(seconds, "GET /v1.0/lamps/7", 200, &lamp());
    let throttled =
        || call(0.0, "GET /v1.0/lamps/7", 429, &json!({})).answering("Date", "Thu, 01 Jan 2026 00:00:00 GMT");
    check(&[throttled(), again(0.5)], &["retry-after 2"]);
    check(&[throttled(), again(1.5)], &[]);
    let mut unrecorded = throttled();
    unrecorded.entry["response"]["headers"] = json!([]);
    unrecorded.entry["response"]["content"] = json!({});
    check(&[unrecorded, again(0.5)], &[]);
    let throttled = call(0.0, "GET /v1.0/lamps/7", 429, &json!({})).answering("Retry-After", "10");
    check(&[throttled, call(3.0, "GET /v1.0/lamps/7", 200, &lamp())], &["retry-after 2"]);
    let throttled = call(0.0, "GET /v1.0/lamps/7", 429, &json!({})).answering("Retry-After", "10");
    check(&[throttled, call(10.1, "GET /v1.0/lamps/7", 200, &lamp())], &[]);

    let throttled =
        call(0.0, "GET /v1.0/lamps/7", 429, &json!({})).answering("Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT");
    check(&[throttled, call(3.0, "GET /v1.0/lamps/7", 200, &lamp())], &["retry-after 2"]);
    let throttled =
        call(0.0, "GET /v1.0/lamps/7", 429, &json!({})).answering("Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT");
    check(&[throttled, call(10.1, "GET /v1.0/lamps/7", 200, &lamp())], &[]);

    let create = |second: f64, status: u16| {
        call(second, "POST /v1.0/lamps", status, &Value::Null).sending(&json!({ "name": "hall", "watts": 1 }))
    };
    check(&[create(0.0, 504), create(1.0, 503), create(9.0, 504)], &["unsafe-retry 2"]);

    let each = |number: u32| call(f64::from(number), &format!("GET /v1.0/lamps/{number}"), 200, &lamp());
    check(&(1..=5).map(each).collect::<Vec<_>>(), &["repeated-calls 1,2,3,4,5"]);
    check(&(1..=4).map(each).collect::<Vec<_>>(), &[]);

    let poll = |number: u32| call(f64::from(number * 60), "GET /v1.0/lamps", 200, &list());
    check(&(0..4).map(poll).collect::<Vec<_>>(), &["polling 1,2,3,4 v1.0/lamp-delta.md:20"]);
    check(&(0..3).map(poll).collect::<Vec<_>>(), &[]);

    let mut anonymous = call(0.0, "GET /v1.0/lamps/7", 200, &lamp());
    anonymous.entry["request"]["headers"] = json!([{ "name": "accept", "value": "*/*" }]);
    check(&[anonymous], &["client-request-id 1"]);
}

/// What the report says of these lines of a journal.
fn journal(lines: &[Value]) -> (u8, Value) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let judge = Judge::new(store(), &[], &[], false);
    let mut verifier = Verifier::new(judge, Expectations::default());
    read("a.jsonl", "", text.as_bytes(), &mut |record| verifier.add(&record)).expect("a journal");
    document(&verifier.end())
}

#[test]
fn each_request_within_a_batch_of_a_journal_is_of_its_own_operation() {
    let refusal = json!({
        "reason": "not-documented", "request": "PUT /v1.0/lamps/7", "nearest": "v1.0/lamp-get", "source": "v1.0/lamp-get.md:29", "differences": [], "omitted": 0,
    });
    let within = json!([
        { "id": "a", "method": "GET", "url": "/v1.0/lamps/7", "status": 200, "contract": "v1.0/lamp-get" },
        { "id": "b", "method": "GET", "url": "/v1.0/fuses/7?$select=id", "status": 200, "contract": "v1.0/fuse-get" },
        { "id": "c", "method": "PUT", "url": "/v1.0/lamps/7", "status": 501, "refusal": refusal },
        { "id": "d", "method": "GET", "url": "/v1.0/lamps/7", "status": 424 },
    ]);
    let batch = json!({
        "number": 1, "at": "2026-01-01T00:00:00Z", "milliseconds": 1.0, "method": "POST", "url": "/v1.0/$batch", "status": 200, "within": within,
    });
    let (_, document) = journal(&[batch]);
    let said: Vec<String> = document["outcomes"]
        .as_array()
        .expect("outcomes")
        .iter()
        .map(|own| {
            format!("{} {}", own["verdict"].as_str().unwrap_or_default(), own["operation"].as_str().unwrap_or_default())
        })
        .collect();
    let expected = [
        "documented GET /v1.0/fuses/{id}",
        "documented GET /v1.0/lamps/{id}",
        "undocumented PUT /v1.0/lamps/{…}",
        "unknown a request within a batch",
    ];
    assert_eq!(said, expected, "{document:#}");
}

#[test]
fn what_was_not_used_is_listed_by_area() {
    let found = verify(&[call(0.0, "GET /v1.0/lamps/7", 200, &lamp())], Expectations::default());
    let store = store();
    let report = report(&found, &store, &Question::default());
    let block = report.blocks.iter().find(|block| block.lines[0].lead == "not used").expect("a list");
    let lines: Vec<&str> = block.lines.iter().map(|line| line.text.trim()).collect();
    let others = [
        "lamps: v1.0/hall-lamp-get",
        "lamps: v1.0/lamp-delete",
        "lamps: v1.0/lamp-delta",
        "lamps: v1.0/lamp-list",
        "lamps: v1.0/lamp-post",
    ];
    let elsewhere = [
        "bulbs: v1.0/bulb-get",
        "dials: v1.0/dial-get",
        "fuses: v1.0/fuse-get",
        "plugs: v1.0/plug-get",
        "plugs: v1.0/plug-get--example-2-the-lamp-in-it",
        "plugs: v1.0/plug-list",
        "rooms: beta/room-get",
        "rooms: v1.0/cord-list",
        "rooms: v1.0/cord-list--example-2-some",
        "sconces: v1.0/sconce-get",
        "sockets: v1.0/socket-list",
        "switches: v1.0/switch-get",
    ];
    assert_eq!(lines, [&["(17 contracts):"], &others[..], &elsewhere].concat());
}
