//! Objects of others that a service passes off as the run's.

use rstest::rstest;
use serde_json::{Value, json};

use super::service::{Answer, Owner, Request, State};
use super::{LONG_AGO, Left, Tenant, check, named, unnamed};

const LAMPS: &str = "/v1.0/lamps";

fn is_creation(request: &Request) -> bool {
    request.is("POST", LAMPS)
}

/// Answers a creation that is not processed with this header field and body.
fn answered(location: Option<&'static str>, body: Value) -> impl FnMut(&mut State, &Request) -> Option<Answer> + Send {
    move |_, request| {
        let answer = if body.is_null() { Answer::status(201) } else { Answer::json(201, &body) };
        is_creation(request).then(|| location.iter().fold(answer, |answer, location| answer.with("Location", location)))
    }
}

#[rstest]
#[case::another_collection("/v1.0/users/u-1")]
#[case::the_collection_itself("/v1.0/lamps")]
#[case::its_parent("/v1.0")]
#[case::the_host("/")]
#[case::a_listed_object("/v1.0/lamps/f-1")]
#[case::a_listed_object_with_a_slash("/v1.0/lamps/f-1/")]
#[case::a_listed_object_encoded("/v1.0/lamps/f%2D1")]
#[case::a_listed_object_in_another_case("/V1.0/LAMPS/F-1")]
#[case::a_listed_object_with_its_key_in_parentheses("/v1.0/lamps('f-1')")]
#[case::a_listed_object_by_dots("/v1.0/lamps/x/../f-1")]
#[case::a_listed_object_by_encoded_dots("/v1.0/lamps/x/%2E%2E/f-1")]
#[case::a_listed_object_with_a_query("/v1.0/lamps/f-1?a=b#c")]
#[case::what_is_within_another_object("/v1.0/rooms/r-1/lamps/f-3")]
#[case::another_host("https://other.example/v1.0/lamps/f-1")]
#[case::another_version("/beta/lamps/f-1")]
#[case::no_url("http://[")]
#[case::no_object_at_all("/v1.0/lamps/nothing")]
#[tokio::test]
async fn a_location_is_not_believed(#[case] location: &'static str) {
    for body in [Value::Null, json!({ "name": "Desk lamp", "watts": 5 })] {
        let tenant = Tenant::start(named(), Box::new(answered(Some(location), body))).await;
        let run = tenant.run().await;
        tenant.check(&run);
        assert_eq!((run.traffic.created, tenant.service.state().left().len()), (0, 0), "{run:?}");
    }
}

#[rstest]
#[case::two_dots(json!(".."))]
#[case::one_dot(json!("."))]
#[case::empty(json!(""))]
#[case::blank(json!(" "))]
#[case::a_listed_object(json!("f-1"))]
#[case::a_listed_object_in_another_case(json!("F-1"))]
#[case::a_listed_object_with_a_slash(json!("f-1/"))]
#[case::a_listed_object_with_a_blank(json!("f-1 "))]
#[case::another_collections_object(json!("../users/u-1"))]
#[case::not_a_key(json!({ "id": "f-1" }))]
#[case::null(Value::Null)]
#[tokio::test]
async fn an_identifier_is_not_believed(#[case] id: Value) {
    let body = json!({ "id": id, "name": "Desk lamp", "watts": 5 });
    let tenant = Tenant::start(named(), Box::new(answered(None, body))).await;
    let run = tenant.run().await;
    tenant.check(&run);
    assert_eq!((run.traffic.created, run.traffic.deleted), (0, 0), "{run:?}");
}

#[rstest]
#[case::refused(Answer::error(403))]
#[case::missing(Answer::error(404))]
#[case::broken(Answer::error(500))]
#[case::not_json(Answer::Response { status: 200, headers: Vec::new(), body: "<html>".to_owned() })]
#[case::no_content(Answer::status(204))]
#[case::an_object(Answer::json(200, &json!({ "id": "f-1", "name": "Desk lamp" })))]
#[case::not_an_array(Answer::json(200, &json!({ "value": "f-1" })))]
#[case::without_identifiers(Answer::json(200, &json!({ "value": [{ "name": "Desk lamp" }] })))]
#[case::with_more_than_it_lists(Answer::json(200, &json!({ "@odata.count": 3, "value": [{ "id": "f-1" }] })))]
#[case::that_goes_on_elsewhere(Answer::json(200, &json!({ "value": [], "@odata.nextLink": "https://other.example/v1.0/lamps" })))]
#[case::that_goes_on_forever(Answer::json(200, &json!({ "value": [], "@odata.nextLink": "/v1.0/lamps" })))]
#[case::whose_next_page_is_no_link(Answer::json(200, &json!({ "value": [], "@odata.nextLink": 7 })))]
#[tokio::test]
async fn nothing_is_created_in_a_collection_that_cannot_be_listed_whole(#[case] listing: Answer) {
    let misbehave = move |_: &mut State, request: &Request| request.is("GET", LAMPS).then(|| listing.clone());
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", LAMPS), 0, "{run:?}");
    assert_eq!(run.steps[0].skipped, Some("not-listable"), "{run:?}");
}

#[tokio::test]
async fn nothing_is_created_in_a_collection_with_more_objects_than_the_limit() {
    let mut state = super::before();
    for number in 0..60 {
        state.foreign(&format!("{LAMPS}/many-{number}"), &json!({ "id": format!("many-{number}") }));
    }
    let tenant = Tenant::with_state(state, named(), Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(run.steps[0].skipped, Some("not-listable"), "{run:?}");
}

/// A stranger's object, created meanwhile or not listed before, is answered as what the run created.
#[rstest]
#[case::listed_late(LONG_AGO, false)]
#[case::created_between_listing_and_creation("now", false)]
#[case::changed_into_what_was_sent(LONG_AGO, true)]
#[tokio::test]
async fn an_object_that_was_not_listed_and_is_a_strangers_stays(
    #[case] created: &'static str,
    #[case] is_merged: bool,
) {
    for contracts in [named(), unnamed()] {
        let misbehave = move |state: &mut State, request: &Request| {
            if !is_creation(request) {
                return None;
            }
            let created = if created == "now" { "2020-06-01T00:00:00Z".to_owned() } else { created.to_owned() };
            let mut lamp = json!({ "id": "late", "name": "Desk lamp", "watts": 5, "createdDateTime": created });
            if is_merged {
                lamp["name"] = request.body["name"].clone();
            }
            state.foreign(&format!("{LAMPS}/late"), &lamp);
            Some(Answer::json(201, &lamp).with("Location", "/v1.0/lamps/late"))
        };
        let tenant = Tenant::start(contracts, Box::new(misbehave)).await;
        let run = tenant.run().await;
        tenant.check(&run);
        assert_eq!(run.traffic.created, 0, "{run:?}");
    }
}

#[tokio::test]
async fn a_strangers_object_that_is_there_just_then_and_lacks_the_marker_is_named_and_stays() {
    let misbehave = |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            let lamp =
                json!({ "id": "late", "name": "Desk lamp", "watts": 5, "createdDateTime": state.now().to_string() });
            state.foreign("/v1.0/lamps/late", &lamp);
            Answer::json(201, &lamp)
        })
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check(&run);
    assert!(run.left_behind.iter().any(|named| named.contains("/v1.0/lamps/late")), "{run:?}");
}

/// The answer is lost, and an equal object of another run appears meanwhile.
#[rstest]
#[case::unprocessed(false)]
#[case::processed(true)]
#[tokio::test]
async fn an_equal_object_of_another_run_stays(#[case] is_processed: bool) {
    for contracts in [named(), unnamed()] {
        let misbehave = move |state: &mut State, request: &Request| {
            if !is_creation(request) {
                return None;
            }
            let mut other = request.body.clone();
            other["id"] = "other".into();
            other["createdDateTime"] = state.now().to_string().into();
            if request.body.get("name").is_some() {
                other["name"] = format!("Desk lamp {}", graph_contracts_live::Marker::new()).into();
            }
            state.put("/v1.0/lamps/other", Owner::Somebody, &other);
            if is_processed {
                state.create(request);
            }
            Some(Answer::Reset)
        };
        let tenant = Tenant::start(contracts, Box::new(misbehave)).await;
        let run = tenant.run().await;
        tenant.check(&run);
    }
}

/// Another run's object that differs in nothing that can be told.
#[tokio::test]
async fn without_a_marker_a_lost_answer_leaves_equal_objects_to_a_person() {
    let misbehave = |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            state.create(request);
            let mut other = request.body.clone();
            other["id"] = "other".into();
            other["createdDateTime"] = state.now().to_string().into();
            state.put("/v1.0/lamps/other", Owner::Somebody, &other);
            Answer::Reset
        })
    };
    check(unnamed(), misbehave, Left::Named).await;
}

#[tokio::test]
async fn a_key_that_was_given_to_another_object_since_is_left_alone() {
    let tenant =
        Tenant::start(named(), Box::new(|_, request| request.is("DELETE", "*").then(|| Answer::error(500)))).await;
    let run = tenant.run().await;
    tenant.check(&run);
    let path = tenant.service.state().left()[0].clone();
    for other in [
        json!({ "name": "Another lamp", "createdDateTime": "2030-01-01T00:00:00Z" }),
        json!({ "name": "Another lamp" }),
        json!({ "watts": 7 }),
    ] {
        let mut lamp = other.clone();
        lamp["id"] = path.rsplit('/').next().into();
        tenant.service.state().foreign(&path, &lamp);
        tenant.service.state().violations.clear();
        let again = tenant.clean_up().await;
        tenant.check(&again);
        assert!(again.left_behind.iter().any(|named| named.contains(&path)), "{other}: {again:?}");
    }
}

/// A redirect of the creation, or of what follows, leads to what is somebody else's.
#[rstest]
#[case::permanently(301)]
#[case::found(302)]
#[case::see_other(303)]
#[case::temporarily(307)]
#[case::permanently_with_its_method(308)]
#[tokio::test]
async fn a_redirect_of_a_creation_is_not_followed_into_what_is_somebody_elses(#[case] status: u16) {
    let misbehave = move |_: &mut State, request: &Request| {
        is_creation(request).then(|| Answer::status(status).with("Location", "/v1.0/lamps/f-1"))
    };
    check(named(), misbehave, Left::Uncreated).await;
}

/// The routes of these go through an object that nobody has said anything about.
#[tokio::test]
async fn nothing_is_created_within_the_first_object_of_a_collection() {
    let contracts = super::life_of("/rooms/{id}/lamps", &json!({ "name": "Desk lamp" }));
    let tenant = Tenant::start(contracts, Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", "*"), 0, "{run:?}");
    assert_eq!(run.steps[0].skipped, Some("container-not-allowed"), "{run:?}");
}

#[tokio::test]
async fn something_is_created_within_an_object_that_the_profile_binds_and_allows() {
    let contracts = super::life_of("/rooms/{id}/lamps", &json!({ "name": "Desk lamp" }));
    for is_allowed in [false, true] {
        let mut tenant = Tenant::start(contracts.clone(), Box::new(|_, _| None)).await;
        tenant.profile.bind.insert("rooms/{id}".to_owned(), "r-1".to_owned());
        if is_allowed {
            tenant.profile.write_below.push("rooms/{room-id}".to_owned());
        }
        let run = tenant.run().await;
        tenant.check_clean(&run);
        assert_eq!(run.traffic.created, usize::from(is_allowed), "{run:?}");
    }
}

#[tokio::test]
async fn an_action_that_is_answered_with_201_never_runs_on_an_object_of_others() {
    let none = &Value::Null;
    let contracts = super::page("Reset lamp", "POST /lamps/{id}/reset", none, "201 Created", &json!({ "id": "1" }));
    let tenant = Tenant::start(contracts, Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", "*"), 0, "{run:?}");
}

#[tokio::test]
async fn an_object_without_a_name_and_a_time_is_not_created() {
    let sent = json!({ "watts": 5 });
    let contracts = super::page("Create lamp", "POST /lamps", &sent, "201 Created", &json!({ "id": "1", "watts": 5 }));
    let tenant = Tenant::start([contracts, unnamed().split_off(1)].concat(), Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(run.steps[0].skipped, Some("not-provable"), "{run:?}");
}

#[tokio::test]
async fn an_object_with_the_key_of_another_one_is_not_created() {
    let sent = json!({ "id": "F-1", "name": "Desk lamp", "watts": 5 });
    let tenant = Tenant::start(super::life_of("/lamps", &sent), Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(run.steps[0].skipped, Some("key-taken"), "{run:?}");
}

/// The route itself names somebody's object.
#[rstest]
#[case::where_others_have_a_parameter("/rooms/r-1/lamps")]
#[case::by_a_guid("/halls/87d349ed-44d7-43e1-9a83-5f2406dee5bd/lamps")]
#[case::by_an_address("/people/ada@contoso.com/lamps")]
#[case::in_parentheses("/rooms('r-1')/lamps")]
#[tokio::test]
async fn nothing_is_created_within_an_object_that_the_route_names(#[case] collection: &str) {
    let rooms = super::page("Get room", "GET /rooms/{id}", &Value::Null, "200 OK", &json!({ "id": "1" }));
    let contracts = [super::life_of(collection, &json!({ "name": "Desk lamp" })), rooms].concat();
    let tenant = Tenant::start(contracts, Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", "*"), 0, "{run:?}");
    assert_eq!(run.steps[0].skipped, Some("container-not-allowed"), "{run:?}");
}

/// Copies and mentions of the run's object, which have its marker in their text.
#[rstest]
#[case::a_copy("Copy of ", "")]
#[case::a_mention("Ada has created ", " today")]
#[tokio::test]
async fn an_object_of_others_that_mentions_the_runs_is_left_alone(
    #[case] before: &'static str,
    #[case] after: &'static str,
) {
    for is_lost in [false, true] {
        let misbehave = move |state: &mut State, request: &Request| {
            if !is_creation(request) {
                return None;
            }
            let name = format!("{before}{}{after}", request.body["name"].as_str().unwrap_or_default());
            let time = state.now().to_string();
            state.foreign("/v1.0/lamps/copy", &json!({ "id": "copy", "name": name, "createdDateTime": time }));
            let path = state.create(request);
            Some(if is_lost { Answer::Reset } else { Answer::json(201, &state.body(&path)) })
        };
        let tenant = Tenant::start(named(), Box::new(misbehave)).await;
        let run = tenant.run().await;
        tenant.check(&run);
    }
}

/// An exact copy cannot be told from the run's own object: where no answer names one of them, both are left to a person.
#[tokio::test]
async fn of_two_equal_objects_none_is_deleted_if_no_answer_names_it() {
    let misbehave = |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            let path = state.create(request);
            let mut copy = state.body(&path);
            copy["id"] = "copy".into();
            state.foreign("/v1.0/lamps/copy", &copy);
            Answer::Reset
        })
    };
    check(named(), misbehave, Left::Named).await;
}

/// The service takes a creation for a change of an object that is there.
#[rstest]
#[case::and_answers_with_it(false)]
#[case::and_the_answer_is_lost(true)]
#[tokio::test]
async fn an_object_that_a_creation_changed_is_named(#[case] is_lost: bool) {
    let misbehave = move |state: &mut State, request: &Request| {
        is_creation(request).then(|| {
            if let Some(object) = state.objects.get_mut("/v1.0/lamps/f-1") {
                object.body.insert("name".to_owned(), request.body["name"].clone());
            }
            if is_lost { Answer::Reset } else { Answer::json(200, &state.body("/v1.0/lamps/f-1")) }
        })
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check(&run);
    assert!(run.left_behind.iter().any(|named| named.contains("/v1.0/lamps/f-1")), "{run:?}");
}

/// The key of the run's object is given to a stranger's while the run goes on.
#[rstest]
#[case::before_it_is_changed("PATCH", 0)]
#[case::when_its_deletion_fails("DELETE", 502)]
#[tokio::test]
async fn an_object_is_proven_again_before_each_change(#[case] method: &'static str, #[case] status: u16) {
    let misbehave = move |state: &mut State, request: &Request| {
        let reads = state.count("GET", "/v1.0/lamps/run-*");
        let is_time = if status == 0 { reads == 2 && request.method == "GET" } else { request.method == method };
        let path = state.left().first().cloned().filter(|_| is_time)?;
        let key = path.rsplit('/').next().unwrap_or_default().to_owned();
        state.foreign(&path, &json!({ "id": key, "name": "A stranger's", "createdDateTime": state.now().to_string() }));
        (status != 0).then(|| Answer::error(status))
    };
    let tenant = Tenant::start(named(), Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check(&run);
}

/// Versions of a service that keep their own objects, under the same keys.
#[tokio::test]
async fn an_object_of_one_version_is_not_one_of_another() {
    let mut state = super::before();
    state.foreign("/beta/lamps/run-1", &json!({ "id": "run-1", "name": "Ada's lamp" }));
    let mut contracts = named();
    for contract in contracts.iter_mut().skip(1) {
        contract.api_version = Some("beta".to_owned());
        contract.request.url = contract.request.url.replace("v1.0", "beta");
    }
    let tenant = Tenant::with_state(state, contracts, Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert!(run.steps.iter().any(|step| step.skipped == Some("not-proven")), "{run:?}");
}

/// What stands behind the key of the run's object may be somebody else's.
#[rstest]
#[case::changing_a_reference("PATCH", "/lamps/{id}/owner")]
#[case::deleting_a_member("DELETE", "/lamps/{id}/members/bob")]
#[case::deleting_a_link("DELETE", "/lamps/{id}/owner/$ref")]
#[case::acting_on_a_reference("POST", "/lamps/{id}/owner/disable")]
#[case::creating_within_a_reference("POST", "/lamps/{id}/owner/messages")]
#[tokio::test]
async fn nothing_behind_an_own_object_is_changed(#[case] method: &'static str, #[case] route: &'static str) {
    let (sent, none) = (json!({ "name": "Desk lamp" }), Value::Null);
    let body = if method == "DELETE" { &none } else { &sent };
    let answer = json!({ "id": "1", "name": "Desk lamp" });
    let page = super::page("Beyond", &format!("{method} {route}"), body, "201 Created", &answer);
    let tenant = Tenant::start([named(), page].concat(), Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check(&run);
    let beyond = tenant.service.state().log.iter().filter(|request| request.path.matches('/').count() > 3).count();
    assert_eq!(beyond, 0, "{run:?}");
}

/// A body that names another method, as some frameworks read it.
#[rstest]
#[case::with_an_underscore("_method")]
#[case::by_the_name_of_a_header_field("X-HTTP-Method-Override")]
#[tokio::test]
async fn a_body_that_names_another_method_is_not_sent(#[case] member: &str) {
    let mut sent = json!({ "name": "Desk lamp", "watts": 5 });
    sent[member] = "DELETE".into();
    let tenant = Tenant::start(super::life_of("/lamps", &sent), Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(run.steps[0].skipped, Some("request-not-sendable"), "{run:?}");
}

/// The body names the object of somebody else in which the new one would be.
#[rstest]
#[case::by_url(json!({ "name": "Desk lamp", "container": { "url": "https://graph.microsoft.com/v1.0/rooms/r-1" } }))]
#[case::by_key(json!({ "name": "Desk lamp", "owner": "r-1" }))]
#[case::as_its_parent(json!({ "name": "Desk lamp", "parentReference": { "id": "r-1" } }))]
#[tokio::test]
async fn nothing_is_created_within_an_object_that_the_body_names(#[case] sent: Value) {
    let tenant = Tenant::start(super::life_of("/lamps", &sent), Box::new(|_, _| None)).await;
    let run = tenant.run().await;
    tenant.check_clean(&run);
    assert_eq!(tenant.service.state().count("POST", LAMPS), 0, "{run:?}");
    assert!(run.steps.iter().any(|step| step.skipped == Some("container-not-allowed")), "{run:?}");
}
