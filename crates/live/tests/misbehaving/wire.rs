//! Answers that are odd on the wire, and lists that are not whole although they look so.

use std::time::{Duration, Instant};

use rstest::rstest;
use serde_json::{Value, json};

use super::service::{Answer, Request, State};
use super::{Left, Tenant, check, named, unnamed};

const LAMPS: &str = "/v1.0/lamps";

fn raw(text: impl Into<Vec<u8>>) -> Answer {
    Answer::Raw(vec![(0, text.into())])
}

/// A response of these header fields and this body.
fn text(status: u16, fields: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{fields}Connection: close\r\n\r\n{body}"
    )
}

type Write = fn(&str, &Value) -> Answer;

/// A creation is processed, and what comes back is odd.
#[rstest]
#[case::after_other_statuses(|path: &str, body: &Value| raw(format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLocation: /v1.0/lamps/f-1\r\n\r\n{}", text(201, &format!("Location: {path}\r\n"), &body.to_string()))))]
#[case::as_another_protocol(|_: &str, _: &Value| raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"))]
#[case::with_two_locations(|path: &str, body: &Value| raw(text(201, &format!("Location: {path}\r\nLocation: /v1.0/lamps/f-1\r\n"), &body.to_string())))]
#[case::with_two_locations_the_other_first(|path: &str, body: &Value| raw(text(201, &format!("Location: /v1.0/lamps/f-1\r\nLocation: {path}\r\n"), &body.to_string())))]
#[case::with_two_locations_alone(|path: &str, _: &Value| raw(text(201, &format!("Location: {path}\r\nLocation: /v1.0/lamps/f-1\r\n"), "")))]
#[case::with_a_folded_field(|path: &str, body: &Value| raw(text(201, &format!("Location:\r\n {path}\r\n"), &body.to_string())))]
#[case::with_a_field_without_a_name(|path: &str, body: &Value| raw(text(201, &format!("Location: {path}\r\n: x\r\n"), &body.to_string())))]
#[case::and_another_response_behind(|_: &str, body: &Value| raw(format!("{}HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", text(201, "", &body.to_string()).replace("Connection: close\r\n", ""))))]
#[case::with_two_lengths(|_: &str, body: &Value| raw(text(201, "Content-Length: 5\r\n", &body.to_string())))]
#[case::with_length_and_chunks(|_: &str, body: &Value| { let body = body.to_string(); raw(format!("HTTP/1.1 201 X\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())) })]
#[case::in_chunks_that_end_early(|_: &str, _: &Value| raw("HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"id\":"))]
#[case::in_chunks_of_no_size(|_: &str, _: &Value| raw("HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))]
#[case::shorter_than_announced(|_: &str, _: &Value| raw("HTTP/1.1 201 X\r\nContent-Length: 500\r\n\r\n{\"id\":"))]
#[case::encoded_in_an_unknown_way(|_: &str, body: &Value| raw(text(201, "Content-Encoding: x-rot13\r\n", &body.to_string())))]
#[case::encoded_and_not(|_: &str, body: &Value| raw(text(201, "Content-Encoding: gzip\r\n", &body.to_string())))]
#[case::slower_than_anybody_waits(|_: &str, body: &Value| Answer::Raw(text(201, "", &body.to_string()).bytes().enumerate().map(|(at, byte)| (if at > 100 { 700 } else { 0 }, vec![byte])).collect()))]
#[case::as_no_http(|_: &str, _: &Value| raw("hello\r\n\r\n"))]
#[case::as_an_older_version(|_: &str, body: &Value| raw(format!("HTTP/1.0 201 Created\r\n\r\n{body}")))]
#[case::as_a_status_of_four_digits(|_: &str, _: &Value| raw("HTTP/1.1 2010 X\r\nContent-Length: 0\r\n\r\n"))]
#[case::as_a_status_that_nobody_knows(|_: &str, body: &Value| Answer::json(299, body))]
#[case::as_a_status_above_all(|_: &str, body: &Value| Answer::json(999, body))]
#[case::as_reset_content(|_: &str, _: &Value| Answer::status(205))]
#[case::as_a_part(|_: &str, body: &Value| Answer::json(206, body))]
#[case::as_not_modified(|_: &str, _: &Value| Answer::status(304))]
#[case::as_a_page(|_: &str, _: &Value| Answer::Response { status: 200, headers: vec![("Content-Type".into(), "text/html".into())], body: "<html>Sign in</html>".into() })]
#[case::with_a_byte_order_mark(|path: &str, body: &Value| Answer::Response { status: 201, headers: vec![("Location".into(), path.into())], body: format!("\u{feff}{body}") })]
#[case::with_two_identifiers(|_: &str, body: &Value| Answer::Response { status: 201, headers: Vec::new(), body: body.to_string().replacen('{', "{\"id\": \"f-1\", ", 1) })]
#[case::with_two_identifiers_the_own_first(|_: &str, body: &Value| Answer::Response { status: 201, headers: Vec::new(), body: body.to_string().trim_end_matches('}').to_owned() + ", \"id\": \"f-1\"}" })]
#[case::in_a_list(|_: &str, body: &Value| Answer::json(201, &json!({ "value": [body] })))]
#[case::as_a_list(|_: &str, body: &Value| Answer::json(201, &json!([body])))]
#[case::beside_an_error(|_: &str, body: &Value| { let mut body = body.clone(); body["error"] = json!({ "code": "x", "message": "y" }); Answer::json(201, &body) })]
#[case::with_a_number_as_identifier(|_: &str, body: &Value| { let mut body = body.clone(); body["id"] = json!(17); Answer::json(201, &body) })]
#[case::with_a_huge_identifier(|_: &str, body: &Value| { let mut body = body.clone(); body["id"] = "x".repeat(100_000).into(); Answer::json(201, &body) })]
#[case::with_a_parameter_behind_its_identifier(|_: &str, body: &Value| { let mut body = body.clone(); body["id"] = "f-1;v=2".into(); Answer::json(201, &body) })]
#[case::with_a_query_behind_its_identifier(|_: &str, body: &Value| { let mut body = body.clone(); body["id"] = "f-1?a=b".into(); Answer::json(201, &body) })]
#[case::with_an_escaped_identifier(|_: &str, body: &Value| { let mut body = body.clone(); body["id"] = "f%2D1".into(); Answer::json(201, &body) })]
#[case::with_an_identifier_of_another_width(|_: &str, body: &Value| { let mut body = body.clone(); body["id"] = "\u{ff46}-1".into(); Answer::json(201, &body) })]
#[case::with_links_that_disagree(|_: &str, body: &Value| { let mut body = body.clone(); body["@odata.id"] = "https://graph.microsoft.com/v1.0/users/u-1".into(); Answer::json(201, &body) })]
#[tokio::test]
async fn what_was_created_is_found_however_the_answer_is_written(#[case] write: Write) {
    let misbehave = move |state: &mut State, request: &Request| {
        request.is("POST", LAMPS).then(|| {
            let path = state.create(request);
            write(&path, &state.body(&path))
        })
    };
    check(named(), misbehave, Left::Nothing).await;
}

/// A list looks whole, and is not: nothing is created.
#[rstest]
#[case::which_only_its_first_page_counts(json!({ "@odata.count": 5, "value": [{ "id": "f-1" }], "@odata.nextLink": "/v1.0/lamps?page=2" }))]
#[case::which_counts_in_words(json!({ "@odata.count": "5", "value": [{ "id": "f-1" }] }))]
#[case::which_counts_in_the_short_form(json!({ "@count": 5, "value": [{ "id": "f-1" }] }))]
#[case::whose_next_page_has_the_short_name(json!({ "value": [], "@nextLink": "https://other.example/v1.0/lamps" }))]
#[case::whose_next_page_has_the_old_name(json!({ "value": [], "odata.nextLink": "https://other.example/v1.0/lamps" }))]
#[case::whose_next_page_has_a_plain_name(json!({ "value": [], "nextLink": "https://other.example/v1.0/lamps" }))]
#[case::beside_an_error(json!({ "value": [], "error": { "code": "partial", "message": "Not all." } }))]
#[case::whose_next_page_is_null(json!({ "value": [], "@odata.nextLink": null }))]
#[case::whose_next_page_is_missing(json!({ "value": [], "@odata.nextLink": "/v1.0/nothing/f-1" }))]
#[case::whose_next_page_is_relative(json!({ "value": [], "@odata.nextLink": "lamps/f-1/x/y" }))]
#[case::whose_next_page_is_in_another_collection(json!({ "value": [], "@odata.nextLink": "/v1.0/users" }))]
#[tokio::test]
async fn nothing_is_created_where_a_list_is_not_whole(#[case] listing: Value) {
    let misbehave = move |_: &mut State, request: &Request| {
        if !request.is("GET", LAMPS) {
            return None;
        }
        Some(match &request.query {
            Some(_) => Answer::json(200, &json!({ "value": [] })),
            None => Answer::json(200, &listing),
        })
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", LAMPS), 0, "{run:?}");
}

/// The same where the text of the list is odd.
#[rstest]
#[case::with_its_objects_twice("{\"value\": [], \"value\": [{\"id\": \"f-1\"}]}")]
#[case::with_an_identifier_twice("{\"value\": [{\"id\": \"x\", \"id\": \"f-1\"}]}")]
#[case::with_text_behind("{\"value\": []} {\"value\": []}")]
#[case::in_lines("{\"value\": []}\n{\"value\": [{\"id\": \"f-1\"}]}")]
#[tokio::test]
async fn nothing_is_created_where_a_list_has_two_meanings(#[case] listing: &'static str) {
    let misbehave = move |_: &mut State, request: &Request| {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        request.is("GET", LAMPS).then(|| Answer::Response { status: 200, headers, body: listing.to_owned() })
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", LAMPS), 0, "{run:?}");
}

/// Pages without end.
#[rstest]
#[case::empty(false)]
#[case::with_objects(true)]
#[tokio::test]
async fn nothing_is_created_where_a_list_never_ends(#[case] has_objects: bool) {
    let mut page = 0;
    let misbehave = move |_: &mut State, request: &Request| {
        request.is("GET", LAMPS).then(|| {
            page += 1;
            let objects = if has_objects { vec![json!({ "id": format!("k-{page}") })] } else { Vec::new() };
            Answer::json(200, &json!({ "value": objects, "@odata.nextLink": format!("/v1.0/lamps?page={page}") }))
        })
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", LAMPS), 0, "{run:?}");
}

/// A wait that nobody can want. The run ends all the same, and names what it could not delete.
#[rstest]
#[case::of_many_digits("99999999999999999999999999")]
#[case::below_nothing("-5")]
#[case::of_no_number("NaN")]
#[case::without_end("inf")]
#[case::until_the_end_of_days("Fri, 31 Dec 9999 23:59:59 GMT")]
#[case::until_long_ago("Thu, 01 Jan 1970 00:00:00 GMT")]
#[case::of_nothing("")]
#[case::of_two("0, 99999999")]
#[tokio::test]
async fn a_wait_that_nobody_can_want_ends(#[case] wait: &'static str) {
    for status in [429, 503] {
        let mut times = 0;
        let misbehave = move |_: &mut State, request: &Request| {
            times += usize::from(request.method == "DELETE");
            (request.method == "DELETE" && times < 4).then(|| Answer::error(status).with("Retry-After", wait))
        };
        let start = Instant::now();
        let tenant = Tenant::start(named(), Box::new(misbehave)).await;
        let run = tenant.run().await;
        tenant.check(&run);
        assert!(start.elapsed() < Duration::from_secs(40), "{run:?}");
    }
}

/// Nothing can be read or listed any more once the object has been read back, and its deletion is refused.
#[tokio::test]
async fn an_object_of_which_nothing_is_shown_any_more_is_named() {
    for contracts in [named(), unnamed()] {
        let misbehave = |state: &mut State, request: &Request| {
            let is_over = state.count("GET", "/v1.0/lamps/run-*") > 1;
            match request.method.as_str() {
                "GET" if request.path == LAMPS && is_over => Some(Answer::error(403)),
                "GET" if is_over && state.count("DELETE", "*") > 0 => Some(Answer::error(404)),
                "DELETE" => Some(Answer::error(403)),
                _ => None,
            }
        };
        check(contracts, misbehave, Left::Named).await;
    }
}

/// Each time it is read, an object is there or is not.
#[rstest]
#[case::from_its_creation_on(0)]
#[case::once_it_is_deleted(1)]
#[tokio::test]
async fn an_object_that_comes_and_goes_is_deleted_or_named(#[case] deletions: usize) {
    for contracts in [named(), unnamed()] {
        let mut reads = 0;
        let misbehave = move |state: &mut State, request: &Request| {
            if deletions > 0 && request.method == "DELETE" {
                return Some(Answer::status(204));
            }
            reads += usize::from(request.is("GET", "/v1.0/lamps/run-*"));
            let is_hidden = request.is("GET", "/v1.0/lamps/run-*") && reads % 2 == 1;
            (is_hidden && state.count("DELETE", "*") >= deletions).then(|| Answer::error(404))
        };
        let tenant = Tenant::start(contracts, Box::new(misbehave)).await;
        let run = tenant.run().await;
        tenant.check(&run);
        let again = tenant.clean_up().await;
        tenant.check(&again);
    }
}

/// The answer to the creation is lost; once the object is deleted, reading says that it is gone, and only the list shows that it is not.
#[tokio::test]
async fn an_object_of_a_lost_answer_that_only_a_list_shows_is_named() {
    let misbehave = |state: &mut State, request: &Request| {
        if request.is("POST", LAMPS) {
            state.process(request);
            return Some(Answer::Reset);
        }
        if request.is("GET", "/v1.0/lamps/run-*") && state.count("DELETE", "*") > 0 {
            return Some(Answer::error(404));
        }
        request.is("DELETE", "/v1.0/lamps/*").then(|| Answer::status(204))
    };
    check(named(), misbehave, Left::Named).await;
}

/// Every entity tag is a new one, and a deletion needs the latest, or is refused whatever it has.
#[rstest]
#[case::weak("W/\"1\"")]
#[case::strong("\"1\"")]
#[case::not_quoted("1")]
#[case::empty("")]
#[tokio::test]
async fn an_entity_tag_that_is_never_right_leaves_an_object_that_is_named(#[case] etag: &'static str) {
    let misbehave = move |state: &mut State, request: &Request| {
        if request.method == "DELETE" {
            return request.if_match.is_some().then(|| Answer::error(412));
        }
        (request.is("GET", "/v1.0/lamps/run-*")).then(|| state.process(request).with("ETag", etag))
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check(&run);
}

/// Once the run's object is deleted, a stranger's has its key.
#[tokio::test]
async fn a_key_that_is_given_away_at_once_is_left_alone() {
    for contracts in [named(), unnamed()] {
        let misbehave = |state: &mut State, request: &Request| {
            let path = request.path.clone();
            (request.is("DELETE", "/v1.0/lamps/run-*") && state.count("DELETE", "*") == 1).then(|| {
                let answer = state.process(request);
                let key = path.rsplit('/').next().unwrap_or_default();
                state.foreign(
                    &path,
                    &json!({ "id": key, "name": "Desk lamp", "watts": 5, "createdDateTime": "2026-11-24T00:00:00Z" }),
                );
                answer
            })
        };
        check(contracts, misbehave, Left::Named).await;
    }
}
