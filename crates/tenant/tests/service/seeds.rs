//! A tenant begins with what its seeds have.

use serde_json::{Value, json};

use crate::support::{assert_refused, call, column, seeded, user};

#[test]
fn seeds_are_there_from_the_beginning_and_after_a_reset() {
    let engine = seeded(
        r#"{
            "/groups/team/members": [{"id": "ann"}, {"@odata.id": "users/bob"}],
            "/users": [{"id": "ann", "displayName": "Ann", "userPrincipalName": "ann@contoso.com"}, {"id": "bob"}, {"displayName": "Nobody"}],
            "/groups": [{"id": "team", "displayName": "Team"}],
            "/me/folders": [{"id": "work"}],
            "/me/folders/work/notes": [{"subject": "Milk"}],
            "/settings/color": {"value": "blue"}
        }"#,
    )
    .expect("seeds");
    for _ in 0..2 {
        let (_, users) = call(&engine, "GET", "/users?$orderby=displayName%20desc", Value::Null);
        assert_eq!(users["value"].as_array().map(Vec::len), Some(3), "{users}");
        assert_eq!(call(&engine, "GET", "/users/ann@contoso.com", Value::Null).1["id"], "ann");
        assert_eq!(call(&engine, "GET", "/me", Value::Null).1["id"], "ann");
        assert_eq!(column(&call(&engine, "GET", "/groups/team/members", Value::Null).1, "id"), ["ann", "bob"]);
        assert_eq!(column(&call(&engine, "GET", "/users/ann/folders/work/notes", Value::Null).1, "subject"), ["Milk"]);
        assert_eq!(call(&engine, "GET", "/settings/color", Value::Null).1["value"], "blue");
        user(&engine, "cleo");
        call(&engine, "DELETE", "/users/bob", Value::Null);
        call(&engine, "PUT", "/settings/color", json!({"value": "red"}));
        engine.reset();
    }
    assert!(engine.left().is_empty());
    assert_refused(&engine, "GET", "/users/cleo@contoso.com", Value::Null, 404, "cleo");
}

#[track_caller]
fn check(seeds: &str, expected: &str) {
    let error = seeded(seeds).map(drop).expect_err("seeds with a mistake");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_is_wrong_with_seeds_is_said_where_it_stands() {
    check("{", "seeds.json:1:1: unterminated object");
    check("[]", "seeds.json:1:1: $: seeds are an object of paths, such as {\"/users\": [{\"id\": \"1\"}]}");
    check(
        "{\n  \"/nobody\": []\n}",
        "seeds.json:2:3: $['/nobody']: no contract has this path; write it as the pages do, without the version",
    );
    check("{\"/users\": {}}", "seeds.json:1:2: $['/users']: an array of the objects of this collection is expected");
    check(
        "{\"/settings/a\": []}",
        "seeds.json:1:2: $['/settings/a']: an object is expected, because this is no collection",
    );
    check("{\"/users\": [{}, 1]}", "seeds.json:1:17: $['/users'][1]: an object of the collection is expected");
    check(
        "{\"/users\": [{\"id\": \"a\"},\n {\"id\": \"a\"}]}",
        "seeds.json:2:2: $['/users'][1]: another object has the id \"a\"",
    );
    check(
        "{\"/groups/g/members\": []}",
        "seeds.json:1:2: $['/groups/g/members']: an object on this path is not there; add it to the array of its collection",
    );
    check(
        "{\"/groups/{id}/members\": []}",
        "seeds.json:1:2: $['/groups/{id}/members']: the path has a parameter; write the key of an object instead",
    );
    check(
        "{\"/users\": [], \"/users\": []}",
        "seeds.json:1:2: $['/users']: the path occurs twice; put all of its objects into one array",
    );
    check(
        "{\"/groups\": [{\"id\": \"g\"}], \"/groups/g/members\": [{\"@odata.id\": \"users/x\"}]}",
        "seeds.json:1:51: $['/groups/g/members'][0]['@odata.id']: there is no such object; add it to the array of its collection",
    );
}
