//! Deletions whose answers are not what became of the object.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::json;

use super::service::{Answer, Request, State};
use super::{Left, Tenant, check, check_within, named, unnamed};

fn is_deletion(request: &Request) -> bool {
    request.is("DELETE", "/v1.0/lamps/*")
}

#[rstest]
#[case::no_content(Answer::status(204))]
#[case::ok(Answer::status(200))]
#[case::ok_with_an_error(Answer::error(200))]
#[case::accepted(Answer::status(202).with("Location", "/v1.0/operations/7"))]
#[case::several_states(Answer::json(207, &json!({ "value": [{ "status": 403 }] })))]
#[case::not_found(Answer::error(404))]
#[case::gone(Answer::error(410))]
#[case::see_other(Answer::status(303).with("Location", "/v1.0/lamps/f-1"))]
#[case::temporary_redirect(Answer::status(307).with("Location", "/v1.0/lamps/f-1"))]
#[case::bad_request(Answer::error(400))]
#[case::unauthorized(Answer::error(401))]
#[case::forbidden(Answer::error(403))]
#[case::not_allowed(Answer::error(405))]
#[case::conflict(Answer::error(409))]
#[case::precondition_failed(Answer::error(412))]
#[case::locked(Answer::error(423))]
#[case::broken(Answer::error(500))]
#[case::lost(Answer::Reset)]
#[case::cut_off(Answer::HeadOnly(204))]
#[tokio::test]
async fn an_object_that_is_still_there_after_its_deletion_is_named(#[case] answer: Answer) {
    check(named(), move |_, request| is_deletion(request).then(|| answer.clone()), Left::Named).await;
}

#[rstest]
#[case::accepted(Answer::status(202))]
#[case::not_found(Answer::error(404))]
#[case::conflict(Answer::error(409))]
#[case::broken(Answer::error(500))]
#[case::lost(Answer::Reset)]
#[case::several_states(Answer::error(207))]
#[tokio::test]
async fn an_object_that_is_gone_is_gone_whatever_was_answered(#[case] answer: Answer) {
    for contracts in [named(), unnamed()] {
        let answer = answer.clone();
        let misbehave = move |state: &mut State, request: &Request| {
            is_deletion(request).then(|| {
                state.process(request);
                answer.clone()
            })
        };
        check(contracts, misbehave, Left::Nothing).await;
    }
}

#[tokio::test]
async fn a_deletion_that_takes_its_time_is_waited_for() {
    let mut due = None;
    let misbehave = move |state: &mut State, request: &Request| {
        if let Some((at, path)) = &due
            && Timestamp::now() >= *at
        {
            state.objects.remove(path);
        }
        is_deletion(request).then(|| {
            due.get_or_insert((Timestamp::now() + SignedDuration::from_millis(150), request.path.clone()));
            Answer::status(202)
        })
    };
    check_within(Duration::from_secs(2), named(), misbehave, Left::Nothing).await;
}

/// The first entity tag is outdated when the object is deleted.
#[tokio::test]
async fn an_entity_tag_that_has_changed_is_read_again_once() {
    let misbehave = |state: &mut State, request: &Request| {
        if request.is("GET", "/v1.0/lamps/run-*") {
            let reads = state.count("GET", "/v1.0/lamps/run-*");
            return Some(state.process(request)).map(|answer| answer.with("ETag", &format!("\"{reads}\"")));
        }
        let is_cleaning = is_deletion(request) && request.if_match.as_deref().is_some_and(|tag| tag != "*");
        (is_cleaning && state.count("DELETE", "/v1.0/lamps/*") == 1).then(|| Answer::error(412))
    };
    // Without the page that deletes: then only the run's own deletions are there.
    let mut contracts = named();
    contracts.truncate(3);
    check(contracts, misbehave, Left::Nothing).await;
}

/// The object can neither be read by itself nor listed when it is about to be deleted.
#[tokio::test]
async fn an_object_that_cannot_be_read_is_not_deleted_but_named() {
    let mut contracts = named();
    contracts.truncate(1);
    let misbehave = |state: &mut State, request: &Request| {
        let is_created = state.count("GET", "/v1.0/lamps/run-*") > 1;
        (request.method == "GET" && is_created).then(|| Answer::error(403))
    };
    let tenant = Tenant::start(contracts, Box::new(misbehave)).await;
    let run = tenant.run().await;
    tenant.check(&run);
    assert_eq!((run.left_behind.is_empty(), tenant.service.state().count("DELETE", "*")), (false, 0), "{run:?}");
}

/// The list shows what is gone for a while, or for good.
#[rstest]
#[case::for_a_while(150, Left::Nothing)]
#[case::for_good(100_000, Left::Named)]
#[tokio::test]
async fn a_list_that_still_shows_what_is_gone_is_waited_for(#[case] milliseconds: i64, #[case] left: Left) {
    let mut gone = None;
    let misbehave = move |state: &mut State, request: &Request| {
        if is_deletion(request) {
            gone.get_or_insert((Timestamp::now(), state.body(&request.path)));
        }
        let (at, body) = gone.as_ref()?;
        let is_lagging = Timestamp::now().duration_since(*at) < SignedDuration::from_millis(milliseconds);
        (request.is("GET", "/v1.0/lamps") && is_lagging).then(|| {
            let mut listed = state.listed("/v1.0/lamps");
            listed.push(body.clone());
            Answer::json(200, &json!({ "value": listed }))
        })
    };
    let mut tenant = Tenant::start(named(), Box::new(misbehave)).await;
    tenant.settling = Duration::from_secs(2);
    let run = tenant.run().await;
    match left {
        Left::Named => assert_ne!(run.left_behind, [""; 0], "{run:?}"),
        _ => tenant.check_clean(&run),
    }
}

/// Reading says that it is gone, and it is not.
#[tokio::test]
async fn an_object_that_is_listed_although_reading_finds_nothing_is_named() {
    let misbehave = |state: &mut State, request: &Request| {
        if request.is("GET", "/v1.0/lamps/run-*") && state.count("DELETE", "*") > 0 {
            return Some(Answer::error(404));
        }
        is_deletion(request).then(|| Answer::status(204))
    };
    check(named(), misbehave, Left::Named).await;
}

fn user() -> Vec<graph_contracts::contract::Contract> {
    super::life_of("/users", &json!({ "displayName": "A user" }))
}

/// Deletes into the bin.
fn keeping(state: &mut State, request: &Request) -> Option<Answer> {
    let key = request.path.strip_prefix("/v1.0/users/").filter(|_| request.method == "DELETE")?;
    let body = state.body(&request.path);
    let owner = state.objects.remove(&request.path)?.owner;
    state.put(&format!("/v1.0/directory/deletedItems/{key}"), owner, &body);
    Some(Answer::status(204))
}

/// In the bin, keys stand where elsewhere collections do.
fn in_bin(state: &mut State, request: &Request) -> Option<Answer> {
    if let Some(answer) = keeping(state, request) {
        return Some(answer);
    }
    let is_bin = request.path.starts_with("/v1.0/directory/deletedItems/");
    (is_bin && request.method == "GET").then(|| match state.objects.get(&request.path) {
        Some(_) => Answer::json(200, &state.body(&request.path)),
        None => Answer::error(404),
    })
}

#[tokio::test]
async fn what_the_service_keeps_of_a_deleted_object_is_named() {
    let tenant = Tenant::start(user(), Box::new(in_bin)).await;
    let run = tenant.run().await;
    tenant.check(&run);
    assert!(run.kept.iter().any(|kept| kept.contains("keeps it for 30 days")), "{run:?}");
    assert_eq!(run.left_behind, [""; 0], "{run:?}");
}

#[tokio::test]
async fn what_the_service_keeps_is_deleted_for_good_where_a_page_and_the_profile_say_so() {
    let none = &serde_json::Value::Null;
    let purge = super::page("Purge", "DELETE /directory/deletedItems/{id}", none, "204 No Content", none);
    for is_documented in [false, true] {
        let contracts = if is_documented { [user(), purge.clone()].concat() } else { user() };
        let mut tenant = Tenant::start(contracts, Box::new(in_bin)).await;
        tenant.profile.purge_deleted = true;
        let run = tenant.run().await;
        tenant.check(&run);
        assert_eq!(run.kept.is_empty(), is_documented, "{run:?}");
        assert_eq!(tenant.service.state().left().is_empty(), is_documented, "{run:?}");
    }
}

/// The bin shows what is deleted only after a while.
#[tokio::test]
async fn what_the_service_keeps_is_named_although_it_appears_late() {
    let mut deleted = None;
    let misbehave = move |state: &mut State, request: &Request| {
        if request.is("DELETE", "/v1.0/users/*") {
            deleted.get_or_insert(Timestamp::now());
        }
        let is_early = deleted.is_some_and(|at| Timestamp::now().duration_since(at) < SignedDuration::from_millis(150));
        if request.path.starts_with("/v1.0/directory/deletedItems/") && is_early {
            return Some(Answer::error(404));
        }
        in_bin(state, request)
    };
    let mut tenant = Tenant::start(user(), Box::new(misbehave)).await;
    tenant.settling = Duration::from_secs(2);
    let run = tenant.run().await;
    tenant.check(&run);
    assert!(run.kept.iter().any(|kept| kept.contains("keeps it for 30 days")), "{run:?}");
}

/// An action puts the object elsewhere.
#[tokio::test]
async fn an_object_that_an_action_moved_is_named() {
    let none = &serde_json::Value::Null;
    let action = super::page("Move lamp", "POST /lamps/{id}/move", none, "200 OK", none);
    let mut contracts = [named(), action].concat();
    // Without the page that deletes: then the run itself comes to delete it.
    contracts.retain(|contract| contract.request.method != "DELETE");
    let misbehave = |state: &mut State, request: &Request| {
        let from = request.path.strip_suffix("/move").filter(|_| request.method == "POST")?;
        let object = state.objects.remove(from)?;
        state.put("/v1.0/attic/moved", object.owner, &serde_json::Value::Object(object.body));
        Some(Answer::status(200))
    };
    let mut tenant = Tenant::start(contracts, Box::new(misbehave)).await;
    tenant.profile.allow_effects.push(graph_contracts_live::EffectClass::Other);
    let run = tenant.run().await;
    assert_eq!(tenant.service.state().violations, [""; 0], "{run:?}");
    assert!(run.kept.iter().any(|kept| kept.contains("an action may have deleted or moved it")), "{run:?}");
}

/// The list has never shown the object, and reading it is refused when it is about to be deleted.
#[tokio::test]
async fn an_object_that_cannot_be_seen_any_more_is_named() {
    let mut contracts = named();
    contracts.truncate(1);
    let misbehave = |state: &mut State, request: &Request| {
        if request.is("GET", "/v1.0/lamps/run-*") && state.count("GET", "/v1.0/lamps/run-*") > 1 {
            return Some(Answer::error(403));
        }
        request.is("GET", "/v1.0/lamps").then(|| Answer::json(200, &json!({ "value": [] })))
    };
    check(contracts, misbehave, Left::Named).await;
}

/// A room, and what is in it.
fn room() -> Vec<graph_contracts::contract::Contract> {
    let lamps =
        super::page("List", "GET /rooms/{id}/lamps", &serde_json::Value::Null, "200 OK", &json!({ "value": [] }));
    let lamp =
        super::page("Read", "GET /rooms/{id}/lamps/{id}", &serde_json::Value::Null, "200 OK", &json!({ "id": "1" }));
    [super::life_of("/rooms", &json!({ "name": "A room" })), lamps, lamp].concat()
}

/// A stranger puts something into the run's object, or the service did when it created it.
#[rstest]
#[case::which_a_stranger_has_put_there(true)]
#[case::which_the_service_has_put_there(false)]
#[tokio::test]
async fn an_object_is_deleted_only_with_its_own_contents(#[case] is_strangers: bool) {
    let misbehave = move |state: &mut State, request: &Request| {
        let is_time = if is_strangers { request.method == "PATCH" } else { request.is("POST", "/v1.0/rooms") };
        if !is_time {
            return None;
        }
        let answer = state.process(request);
        for room in state.left() {
            let owner = if is_strangers { super::service::Owner::Somebody } else { super::service::Owner::Run };
            state.put(&format!("{room}/lamps/run-lamp"), owner, &json!({ "id": "run-lamp", "name": "A lamp" }));
        }
        Some(answer)
    };
    check(room(), misbehave, if is_strangers { Left::Named } else { Left::Nothing }).await;
}
