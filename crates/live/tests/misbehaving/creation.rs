//! Creations whose answers do not say what they did.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::{Value, json};

use super::service::{Answer, Request, State};
use super::{Left, Tenant, check, check_within, named, unnamed};

const LAMPS: &str = "/v1.0/lamps";

fn is_creation(request: &Request) -> bool {
    request.is("POST", LAMPS)
}

/// Processes a creation and answers otherwise.
fn processed(answer: Answer) -> impl FnMut(&mut State, &Request) -> Option<Answer> + Send {
    move |state, request| {
        is_creation(request).then(|| {
            state.create(request);
            answer.clone()
        })
    }
}

#[rstest]
#[case::lost(Answer::Reset)]
#[case::cut_off(Answer::HeadOnly(201))]
#[case::without_content(Answer::status(204))]
#[case::without_a_body(Answer::status(201))]
#[case::text(Answer::Response { status: 201, headers: Vec::new(), body: "created".to_owned() })]
#[case::broken_json(Answer::Response { status: 201, headers: Vec::new(), body: "{\"id\": ".to_owned() })]
#[case::an_array(Answer::json(201, &json!(["run-1"])))]
#[case::an_error_in_a_success(Answer::error(200))]
#[case::several_states(Answer::json(207, &json!({ "value": [{ "status": 201 }] })))]
#[case::accepted(Answer::status(202).with("Location", "/v1.0/operations/7"))]
#[case::accepted_with_an_operation(Answer::json(202, &json!({ "id": "operation-7", "status": "running" })))]
#[case::see_other(Answer::status(303).with("Location", "/v1.0/lamps/run-1"))]
#[case::found(Answer::status(302).with("Location", "/v1.0/elsewhere"))]
#[case::bad_request(Answer::error(400))]
#[case::unprocessable(Answer::error(422))]
#[case::forbidden(Answer::error(403))]
#[case::not_found(Answer::error(404))]
#[case::conflict(Answer::error(409))]
#[case::gone(Answer::error(410))]
#[case::precondition_failed(Answer::error(412))]
#[case::too_large(Answer::error(413))]
#[case::locked(Answer::error(423))]
#[case::broken(Answer::error(500))]
#[case::not_implemented(Answer::error(501))]
#[case::bad_gateway(Answer::error(502))]
#[case::unavailable(Answer::error(503))]
#[case::gateway_timeout(Answer::error(504))]
#[case::an_identifier_that_is_no_key(Answer::json(201, &json!({ "id": "urn:lamp:1" })).with("Location", "/v1.0/lamps/run-1"))]
#[case::two_names_that_disagree(Answer::json(201, &json!({ "id": "run-1", "@odata.id": "/v1.0/lamps/f-1" })))]
#[case::a_location_elsewhere(Answer::status(201).with("Location", "/v1.0/users/u-1"))]
#[tokio::test]
async fn what_was_created_is_found_by_its_marker_whatever_was_answered(#[case] answer: Answer) {
    check(named(), processed(answer), Left::Nothing).await;
}

#[rstest]
#[case::lost(Answer::Reset)]
#[case::accepted(Answer::status(202).with("Location", "/v1.0/operations/7"))]
#[case::conflict(Answer::error(409))]
#[case::broken(Answer::error(500))]
#[tokio::test]
async fn what_cannot_be_marked_is_named_where_no_answer_names_it(#[case] answer: Answer) {
    check(unnamed(), processed(answer), Left::Named).await;
}

/// The first answer asks to come back, and yet the creation was processed: then there are two.
#[rstest]
#[case::too_many_requests(429)]
#[case::unavailable(503)]
#[tokio::test]
async fn both_objects_of_a_repeated_creation_are_found(#[case] status: u16) {
    let misbehave = move |state: &mut State, request: &Request| {
        (is_creation(request) && state.count("POST", LAMPS) == 1).then(|| {
            state.create(request);
            Answer::error(status).with("Retry-After", "0")
        })
    };
    check(named(), misbehave, Left::Nothing).await;
}

#[tokio::test]
async fn of_two_objects_that_one_request_creates_the_other_is_named() {
    let misbehave = |state: &mut State, request: &Request| {
        if is_creation(request) {
            state.create(request);
        }
        None
    };
    check(named(), misbehave, Left::Named).await;
}

/// The object appears only after the creation was answered, or lost.
#[rstest]
#[case::and_the_answer_names_it(false)]
#[case::and_the_answer_is_lost(true)]
#[tokio::test]
async fn an_object_that_appears_late_is_waited_for(#[case] is_lost: bool) {
    let misbehave = move |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            let path = state.create(request);
            if let Some(object) = state.objects.get_mut(&path) {
                object.shown_from = Timestamp::now() + SignedDuration::from_millis(200);
            }
            if is_lost { Answer::Reset } else { Answer::json(201, &state.body(&path)) }
        })
    };
    check_within(Duration::from_secs(2), named(), misbehave, Left::Nothing).await;
}

/// The service changes what the marker was in, so nothing proves whose the object is.
#[rstest]
#[case::replaced(|name: &str| format!("Lamp {}", name.len()))]
#[case::cut(|name: &str| name.chars().take(12).collect())]
#[case::emptied(|_: &str| String::new())]
#[tokio::test]
async fn an_object_that_lost_its_marker_is_named(#[case] change: fn(&str) -> String) {
    for is_lost in [false, true] {
        let misbehave = move |state: &mut State, request: &Request| {
            is_creation(request).then(|| {
                let path = state.create(request);
                if let Some(object) = state.objects.get_mut(&path) {
                    let name = object.body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                    object.body.insert("name".to_owned(), change(&name).into());
                }
                if is_lost { Answer::Reset } else { Answer::json(201, &state.body(&path)) }
            })
        };
        check(named(), misbehave, Left::Named).await;
    }
}

#[tokio::test]
async fn a_marker_in_another_case_is_one() {
    let misbehave = |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            let path = state.create(request);
            if let Some(object) = state.objects.get_mut(&path) {
                let name = object.body.get("name").and_then(Value::as_str).unwrap_or_default().to_uppercase();
                object.body.insert("name".to_owned(), name.into());
            }
            Answer::json(201, &state.body(&path))
        })
    };
    check(named(), misbehave, Left::Nothing).await;
}

/// Without a marker, one value that differs leaves it open whose the object is.
#[tokio::test]
async fn an_object_without_a_marker_of_which_one_value_was_changed_is_named() {
    for is_lost in [false, true] {
        let misbehave = move |state: &mut State, request: &Request| {
            is_creation(request).then(|| {
                let path = state.create(request);
                if let Some(object) = state.objects.get_mut(&path) {
                    object.body.insert("watts".to_owned(), 50.into());
                }
                if is_lost { Answer::Reset } else { Answer::json(201, &state.body(&path)) }
            })
        };
        check(unnamed(), misbehave, Left::Named).await;
    }
}

/// The service's own clock counts, by which its times are to be read.
#[rstest]
#[case::a_day_ahead(24)]
#[case::a_day_behind(-24)]
#[tokio::test]
async fn a_clock_that_is_off_is_the_services_own(#[case] hours: i64) {
    for (contracts, is_lost) in [(named(), true), (named(), false), (unnamed(), false)] {
        let mut state = super::before();
        state.clock = SignedDuration::from_hours(hours);
        let misbehave = move |state: &mut State, request: &Request| {
            (is_creation(request) && is_lost).then(|| {
                state.create(request);
                Answer::Reset
            })
        };
        let tenant = Tenant::with_state(state, contracts, Box::new(misbehave)).await;
        let run = tenant.run().await;
        tenant.check_clean(&run);
    }
}

#[tokio::test]
async fn an_object_whose_time_contradicts_its_marker_is_named() {
    let misbehave = |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            let path = state.create(request);
            if let Some(object) = state.objects.get_mut(&path) {
                object.body.insert("createdDateTime".to_owned(), "2020-01-01T00:00:00Z".into());
            }
            Answer::json(201, &state.body(&path))
        })
    };
    check(named(), misbehave, Left::Named).await;
}

/// The object can be listed, and not be read by itself.
#[rstest]
#[case::refused(403)]
#[case::not_allowed(405)]
#[case::broken(500)]
#[tokio::test]
async fn an_object_that_cannot_be_read_by_itself_is_read_in_the_list(#[case] status: u16) {
    for is_lost in [false, true] {
        let misbehave = move |state: &mut State, request: &Request| {
            if is_creation(request) && is_lost {
                state.create(request);
                return Some(Answer::Reset);
            }
            request.is("GET", "/v1.0/lamps/*").then(|| Answer::error(status))
        };
        check(named(), misbehave, Left::Nothing).await;
    }
}

/// After the creation, its collection cannot be listed any more.
#[tokio::test]
async fn a_lost_creation_in_a_collection_that_cannot_be_listed_any_more_is_named() {
    let misbehave = |state: &mut State, request: &Request| {
        if is_creation(request) {
            state.create(request);
            return Some(Answer::Reset);
        }
        (request.is("GET", LAMPS) && state.count("POST", LAMPS) > 0).then(|| Answer::error(403))
    };
    check(named(), misbehave, Left::Named).await;
}

#[rstest]
#[case::too_long(400)]
#[case::not_of_the_form(422)]
#[tokio::test]
async fn a_marker_that_the_service_refuses_is_no_drift(#[case] status: u16) {
    let refuses = |request: &Request| request.body["name"].as_str().is_some_and(|name| name.len() > 12);
    let misbehave = move |_: &mut State, request: &Request| {
        (is_creation(request) && refuses(request)).then(|| Answer::error(status))
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(run.steps[0].skipped, Some("marker-refused"), "{run:?}");
    // Where the time proves what the marker cannot, it is created without.
    let mut timed = super::life_of("/lamps", &json!({ "name": "Desk lamp", "watts": 5 }));
    let body = json!({ "id": "1", "name": "Desk lamp", "watts": 5, "createdDateTime": "2024-01-01T00:00:00Z" });
    timed[0] =
        super::page("Create lamp", "POST /lamps", &json!({ "name": "Desk lamp", "watts": 5 }), "201 Created", &body)
            .remove(0);
    let tenant = Tenant::start(timed, Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(run.traffic.created, 1, "{run:?}");
}

#[tokio::test]
async fn a_service_that_creates_nothing_leaves_nothing_to_be_named() {
    check(named(), |_, request| is_creation(request).then(|| Answer::error(403)), Left::Uncreated).await;
    check(named(), |_, request| is_creation(request).then_some(Answer::Reset), Left::Uncreated).await;
}

#[tokio::test]
async fn a_service_that_behaves_keeps_nothing() {
    check(named(), |_, _| None, Left::Nothing).await;
    check(unnamed(), |_, _| None, Left::Nothing).await;
}

/// Times that services have where they know none, or tell by another clock.
#[rstest]
#[case::the_year_1("0001-01-01T00:00:00Z")]
#[case::the_year_1601("1601-01-01T00:00:00Z")]
#[case::the_year_1970("1970-01-01T00:00:00Z")]
#[case::long_ago("2020-01-01T00:00:00Z")]
#[case::far_ahead("2090-01-01T00:00:00Z")]
#[case::no_time("soon")]
#[tokio::test]
async fn an_object_that_the_answer_names_is_deleted_or_named_whatever_its_time(#[case] time: &'static str) {
    for (contracts, keeps_name) in [(named(), true), (named(), false), (unnamed(), true)] {
        let misbehave = move |state: &mut State, request: &Request| {
            is_creation(request).then(|| {
                let path = state.create(request);
                if let Some(object) = state.objects.get_mut(&path) {
                    object.body.insert("createdDateTime".to_owned(), time.into());
                    if !keeps_name && object.body.contains_key("name") {
                        object.body.insert("name".to_owned(), "Desk".into());
                    }
                }
                Answer::json(201, &state.body(&path))
            })
        };
        let tenant = Tenant::start(contracts, Box::new(misbehave)).await;
        let run = tenant.run().await;
        tenant.check(&run);
    }
}

/// The list shows the object, and reading it by its key finds nothing.
#[rstest]
#[case::and_the_answer_is_lost(true)]
#[case::and_the_answer_names_it(false)]
#[tokio::test]
async fn an_object_that_only_the_list_shows_is_named(#[case] is_lost: bool) {
    let misbehave = move |state: &mut State, request: &Request| {
        if is_creation(request) && is_lost {
            state.create(request);
            return Some(Answer::Reset);
        }
        request.is("GET", "/v1.0/lamps/run-*").then(|| Answer::error(404))
    };
    check(named(), misbehave, Left::Named).await;
}

/// The list leaves out what is there.
#[rstest]
#[case::and_it_can_be_read(200, Left::Named)]
#[case::and_reading_is_refused(403, Left::Named)]
#[tokio::test]
async fn an_object_that_the_list_leaves_out_is_named(#[case] status: u16, #[case] left: Left) {
    let misbehave = move |state: &mut State, request: &Request| {
        if is_creation(request) {
            let path = state.create(request);
            if let Some(object) = state.objects.get_mut(&path) {
                object.body.insert("name".to_owned(), "Lamp".into());
            }
            return Some(Answer::json(201, &state.body(&path)));
        }
        if request.is("GET", "/v1.0/lamps/run-*") && status != 200 {
            return Some(Answer::error(status));
        }
        request.is("GET", LAMPS).then(|| Answer::json(200, &json!({ "value": [] })))
    };
    check(named(), misbehave, left).await;
}

/// The first attempt is processed although the answer asks to come back, and its object appears late.
#[tokio::test]
async fn the_first_object_of_a_repeated_creation_is_waited_for() {
    let misbehave = |state: &mut State, request: &Request| {
        (is_creation(request) && state.count("POST", LAMPS) == 1).then(|| {
            let path = state.create(request);
            if let Some(object) = state.objects.get_mut(&path) {
                object.shown_from = Timestamp::now() + SignedDuration::from_millis(200);
            }
            Answer::error(429).with("Retry-After", "0")
        })
    };
    check_within(Duration::from_secs(2), named(), misbehave, Left::Nothing).await;
}

/// A key that differs from somebody's in the case of its letters alone.
#[tokio::test]
async fn an_object_whose_key_differs_from_anothers_in_case_alone_is_named() {
    let misbehave = |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            let mut lamp = request.body.clone();
            lamp["id"] = "f.2".into();
            state.put("/v1.0/lamps/f.2", super::service::Owner::Run, &lamp);
            Answer::json(201, &lamp)
        })
    };
    check(named(), misbehave, Left::Named).await;
}
