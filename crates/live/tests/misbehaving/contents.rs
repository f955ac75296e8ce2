//! What others have put into the run's own objects: it is not deleted with them.

use rstest::rstest;
use serde_json::{Value, json};

use super::service::{Answer, Owner, Request, State};
use super::{Left, Tenant, check, life_of, page};
use graph_contracts::contract::Contract;

/// A route that is read.
fn read(route: &str) -> Vec<Contract> {
    page(
        &format!("Read {}", route.replace(['/', '{', '}', '(', ')', '\'', '.'], " ")),
        &format!("GET {route}"),
        &Value::Null,
        "200 OK",
        &json!({ "id": "1" }),
    )
}

fn room() -> Vec<Contract> {
    life_of("/rooms", &json!({ "name": "A room" }))
}

/// Lists whatever ends with a plural, however many words stand before it.
fn list_any(state: &State, request: &Request) -> Option<Answer> {
    let is_list = request.method == "GET" && request.path.ends_with('s') && request.path.contains("/rooms/");
    is_list.then(|| Answer::json(200, &json!({ "value": state.listed(&request.path) })))
}

/// A stranger puts an object at a place within each room of the run's when that is changed.
fn put_into_rooms(place: &'static str) -> impl FnMut(&mut State, &Request) -> Option<Answer> + Send {
    move |state, request| {
        if request.method == "PATCH" && request.path.matches('/').count() == 3 {
            let answer = state.process(request);
            for own in state.left().into_iter().filter(|own| own.matches('/').count() == 3) {
                state.foreign(&format!("{own}/{place}"), &json!({ "id": "x-1", "name": "A lamp" }));
            }
            return Some(answer);
        }
        list_any(state, request)
    }
}

#[rstest]
#[case::through_a_cast("/rooms/{id}/microsoft.graph.studio/lamps/{id}", "microsoft.graph.studio/lamps/x-1")]
#[case::behind_a_single_object("/rooms/{id}/closet/lamps/{id}", "closet/lamps/x-1")]
#[case::with_keys_in_parentheses("/rooms('{id}')/lamps('{id}')", "lamps/x-1")]
#[case::in_another_case("/Rooms/{id}/lamps/{id}", "lamps/x-1")]
#[case::within_a_property("/rooms/{id}/lamps/{id}/name", "lamps/x-1")]
#[tokio::test]
async fn an_object_is_kept_with_what_a_stranger_has_put_into_it(#[case] route: &str, #[case] place: &'static str) {
    check([room(), read(route)].concat(), put_into_rooms(place), Left::Named).await;
}

/// The list of what is within an own object cannot be read.
#[rstest]
#[case::refused(Answer::error(403))]
#[case::broken(Answer::error(500))]
#[case::unauthorized_no_more(Answer::error(423))]
#[case::lost(Answer::Reset)]
#[case::a_text(Answer::Response { status: 200, headers: Vec::new(), body: "<html>".to_owned() })]
#[case::partial(Answer::json(206, &json!({ "value": [] })))]
#[case::that_goes_on_elsewhere(Answer::json(200, &json!({ "value": [], "@odata.nextLink": "https://other.example/v1.0/lamps" })))]
#[case::with_more_than_it_lists(Answer::json(200, &json!({ "@odata.count": 3, "value": [] })))]
#[case::without_identifiers(Answer::json(200, &json!({ "value": [{ "name": "A lamp" }] })))]
#[case::redirect(Answer::status(302).with("Location", "/v1.0/users"))]
#[tokio::test]
async fn an_object_whose_contents_cannot_be_read_is_kept(#[case] listing: Answer) {
    let mut put = put_into_rooms("lamps/x-1");
    let misbehave = move |state: &mut State, request: &Request| {
        let is_list = request.method == "GET" && request.path.ends_with("/lamps");
        if is_list { Some(listing.clone()) } else { put(state, request) }
    };
    check([room(), read("/rooms/{id}/lamps/{id}")].concat(), misbehave, Left::Named).await;
}

/// A list that was there when the object was created, and is not any more.
#[tokio::test]
async fn an_object_whose_contents_cannot_be_read_any_more_is_kept() {
    let mut put = put_into_rooms("lamps/x-1");
    let misbehave = move |state: &mut State, request: &Request| {
        let is_list = request.method == "GET" && request.path.ends_with("/lamps") && state.count("PATCH", "*") > 0;
        if is_list { Some(Answer::error(404)) } else { put(state, request) }
    };
    check([room(), read("/rooms/{id}/lamps/{id}")].concat(), misbehave, Left::Named).await;
}

/// Where the service has no such list at all, there is nothing in it.
#[rstest]
#[case::not_found(404)]
#[case::not_allowed(405)]
#[case::not_implemented(501)]
#[tokio::test]
async fn an_object_without_such_a_list_is_deleted(#[case] status: u16) {
    let misbehave = move |_: &mut State, request: &Request| {
        (request.method == "GET" && request.path.ends_with("/lamps")).then(|| Answer::error(status))
    };
    check([room(), read("/rooms/{id}/lamps/{id}")].concat(), misbehave, Left::Nothing).await;
}

fn nested() -> Vec<Contract> {
    [room(), life_of("/rooms/{id}/lamps", &json!({ "name": "A lamp" })), read("/rooms/{id}/lamps/{id}/bulbs/{id}")]
        .concat()
}

/// A stranger puts something into the run's object that is itself within one of the run's.
#[tokio::test]
async fn what_is_around_a_kept_object_is_kept_too() {
    let misbehave = |state: &mut State, request: &Request| {
        if request.method == "PATCH" && request.path.contains("/lamps/") {
            let answer = state.process(request);
            for own in state.left().into_iter().filter(|own| own.contains("/lamps/")) {
                state.foreign(&format!("{own}/bulbs/x-1"), &json!({ "id": "x-1", "name": "A bulb" }));
            }
            return Some(answer);
        }
        None
    };
    check(nested(), misbehave, Left::Named).await;
}

/// The same in what the service has put into the run's object.
#[tokio::test]
async fn an_object_is_kept_with_what_a_stranger_has_put_into_its_contents() {
    let misbehave = |state: &mut State, request: &Request| {
        if request.is("POST", "/v1.0/rooms") {
            let answer = state.process(request);
            for own in state.left() {
                state.put(&format!("{own}/lamps/run-l"), Owner::Run, &json!({ "id": "run-l", "name": "A lamp" }));
            }
            return Some(answer);
        }
        if request.method == "PATCH" {
            for own in state.left().into_iter().filter(|own| own.ends_with("/lamps/run-l")) {
                state.foreign(&format!("{own}/bulbs/x-1"), &json!({ "id": "x-1", "name": "A bulb" }));
            }
        }
        None
    };
    let contracts = [room(), read("/rooms/{id}/lamps/{id}"), read("/rooms/{id}/lamps/{id}/bulbs/{id}")].concat();
    check(contracts, misbehave, Left::Named).await;
}

/// The answer to the creation is lost.
#[tokio::test]
async fn an_object_of_a_lost_answer_is_kept_with_what_a_stranger_has_put_into_it() {
    let misbehave = |state: &mut State, request: &Request| {
        if request.is("POST", "/v1.0/rooms") {
            let own = state.create(request);
            state.foreign(&format!("{own}/lamps/x-1"), &json!({ "id": "x-1", "name": "A lamp" }));
            return Some(Answer::Reset);
        }
        None
    };
    check([room(), read("/rooms/{id}/lamps/{id}")].concat(), misbehave, Left::Named).await;
}

/// The run's object is within one that the profile binds.
#[tokio::test]
async fn an_object_within_a_bound_one_is_kept_with_what_a_stranger_has_put_into_it() {
    let misbehave = |state: &mut State, request: &Request| {
        if request.method == "PATCH" {
            let answer = state.process(request);
            for own in state.left() {
                state.foreign(&format!("{own}/bulbs/x-1"), &json!({ "id": "x-1", "name": "A bulb" }));
            }
            return Some(answer);
        }
        None
    };
    let contracts =
        [life_of("/rooms/{id}/lamps", &json!({ "name": "A lamp" })), read("/rooms/{id}/lamps/{id}/bulbs/{id}")]
            .concat();
    let mut tenant = Tenant::start(contracts, Box::new(misbehave)).await;
    tenant.profile.bind.insert("rooms/{id}".into(), "r-1".into());
    tenant.profile.write_below.push("rooms/{id}".into());
    let run = tenant.run().await;
    tenant.check(&run);
    assert_eq!((run.traffic.created, run.traffic.deleted), (1, 0), "{run:?}");
}

/// Routes write the words of a path in several ways, and the run's own objects are within its own.
#[tokio::test]
async fn own_objects_are_known_however_a_route_is_written() {
    let contracts = [
        room(),
        page(
            "Create lamp",
            "POST /rooms/{id}/Lamps",
            &json!({ "name": "A lamp" }),
            "201 Created",
            &json!({ "id": "1", "name": "A lamp" }),
        ),
        read("/rooms/{id}/lamps/{id}"),
        read("/rooms('{id}')/lamps('{id}')"),
        read("/rooms/{id}/microsoft.graph.room/lamps/{id}"),
    ]
    .concat();
    let misbehave = |state: &mut State, request: &Request| {
        let path = request.path.replace("/Lamps", "/lamps").replace("/microsoft.graph.room", "");
        let request = Request { path, ..request.clone() };
        Some(state.process(&request))
    };
    check(contracts, misbehave, Left::Nothing).await;
}
