//! What pages require of requests, and what they say that answers do not have.

use graph_contracts_tenant::Engine;
use graph_contracts_testing::contracts_of_text;
use serde_json::{Value, json};

use crate::support::{ask_with, assert_refused, body, call, engine_of};

/// An operation on lamps, with a table of request headers or of properties.
fn page(
    name: &str,
    operation: &str,
    table: &str,
    sent: &str,
    response: &str,
) -> Vec<graph_contracts::contract::Contract> {
    let (method, path) = operation.split_once(' ').expect("a method");
    contracts_of_text(
        &format!("{name}.md"),
        &format!(
            "# {name}\n\n## HTTP request\n\n```http\n{operation}\n```\n\n{table}\n\n## Example\n\n```http\n\
             {method} https://graph.microsoft.com/v1.0{path}\nContent-Type: application/json\n\n{sent}\n```\n\n```http\n\
             HTTP/1.1 {response}\n```\n"
        ),
    )
}

fn lamps() -> Engine {
    let headers = "## Request headers\n\n|Name|Description|\n|---|---|\n|Authorization|Bearer {token}. Required.|\n\
                   |If-Match|Last known ETag of the lamp. Required.|";
    let table = "## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|name|String|The name.|\n\
                 |pin|String|What unlocks it. Write-only.|\n|masterPassword|String|What unlocks all of them.|";
    let lamp = r#"Content-Type: application/json\n\n{"id": "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", "name": "hall"}"#;
    let lamp = lamp.replace("\\n", "\n");
    let contracts = [
        page(
            "create-lamp",
            "POST /lamps",
            table,
            r#"{"name": "hall", "pin": "1234", "masterPassword": "secret"}"#,
            &format!("201 Created\n{lamp}"),
        ),
        page("get-lamp", "GET /lamps/{id}", "", "", &format!("200 OK\n{lamp}")),
        page("update-lamp", "PATCH /lamps/{id}", headers, r#"{"name": "attic"}"#, &format!("200 OK\n{lamp}")),
        page("delete-lamp", "DELETE /lamps/{id}", headers, "", "204 No Content"),
    ];
    engine_of(contracts.concat())
}

#[test]
fn what_a_table_of_headers_requires_is_required() {
    let engine = lamps();
    let (status, lamp) = call(&engine, "POST", "/lamps", json!({"name": "cellar"}));
    let (id, tag) = (lamp["id"].as_str().expect("an id"), lamp["@odata.etag"].as_str().expect("a tag"));
    assert_eq!(status, 201);
    let url = format!("/lamps/{id}");
    assert_refused(&engine, "PATCH", &url, json!({"name": "roof"}), 412, "The If-Match header must be specified");
    assert_refused(&engine, "DELETE", &url, Value::Null, 412, "The If-Match header must be specified");
    let change = |tag: &str| ask_with(&engine, "PATCH", &url, &[("if-match", tag)], br#"{"name": "roof"}"#);
    let changed = change(tag);
    assert_eq!((changed.status.as_u16(), &body(&changed)["name"]), (200, &json!("roof")));
    assert_eq!(change(tag).status, 412, "the lamp has another tag now");
    assert_eq!(ask_with(&engine, "DELETE", &url, &[("if-match", "*")], b"").status, 204);
}

#[test]
fn a_header_field_that_is_required_with_an_option_is_required() {
    let headers = "## Request headers\n\n|Name|Description|\n|---|---|\n|Authorization|Bearer {token}. Required.|\n\
                   |ConsistencyLevel|eventual. This header and `$count` are required when using `$search`.|";
    let lamps = "200 OK\nContent-Type: application/json\n\n{\"value\": [{\"id\": \"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\", \"name\": \"hall\"}]}";
    let engine = engine_of(page("list-lamps", "GET /lamps", headers, "", lamps));
    let search = "/lamps?$search=\"name:hall\"";
    let said = "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel";
    assert_refused(&engine, "GET", search, Value::Null, 400, said);
    assert_eq!(ask_with(&engine, "GET", search, &[("consistencylevel", "eventual")], b"").status, 200);
    assert_eq!(ask_with(&engine, "GET", "/lamps", &[], b"").status, 200);
}

#[test]
fn a_query_option_that_the_page_requires_is_required() {
    let views = "## Query parameters\n\nProvide the following required query parameters.\n\n|Name|Description|\n|---|---|\n|from|The start.|";
    let example = "```http\nGET https://graph.microsoft.com/v1.0/lamps?from=1\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
                   {\"value\": [{\"id\": \"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\", \"name\": \"hall\"}]}\n```\n";
    let page = format!(
        "# List lamps\n\n## HTTP request\n\n```http\nGET /lamps?from={{from}}\n```\n\n{views}\n\n## Example\n\n{example}"
    );
    let engine = engine_of(contracts_of_text("v1.0/list-lamps.md", &page));
    assert_refused(&engine, "GET", "/lamps", Value::Null, 400, "The query parameter 'from' must be specified");
    assert_refused(&engine, "GET", "/lamps?$top=1", Value::Null, 400, "The query parameter 'from' must be specified");
    assert_eq!(ask_with(&engine, "GET", "/lamps?From=2", &[], b"").status, 200);
}

#[test]
fn what_is_write_only_is_in_no_answer() {
    let engine = lamps();
    let sent = json!({"name": "cellar", "pin": "4711", "masterPassword": "sesame", "inner": {"password": "x"}});
    let (_, made) = call(&engine, "POST", "/lamps", sent);
    let (_, read) = call(&engine, "GET", &format!("/lamps/{}", made["id"].as_str().expect("an id")), Value::Null);
    for lamp in [made, read] {
        assert_eq!((&lamp["name"], lamp.get("pin")), (&json!("cellar"), None), "{lamp}");
        assert_eq!((&lamp["masterPassword"], &lamp["inner"]["password"]), (&Value::Null, &Value::Null), "{lamp}");
    }
}

/// A page as that of users: its table is required, and its second example does without most of it.
fn people() -> Engine {
    let example = |heading: &str, sent: &str| {
        format!(
            "### {heading}\n\n```http\nPOST https://graph.microsoft.com/v1.0/people\nContent-Type: application/json\n\n{sent}\n```\n\n\
             ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n\
             {{\"id\": \"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\", \"displayName\": \"Ann\"}}\n```\n\n"
        )
    };
    let page = format!(
        "# Create person\n\n## HTTP request\n\n```http\nPOST /people\n```\n\n## Request body\n\nThe following table lists the properties that are \
         required when you create a person. If you're including an **identities** property, not all the properties listed are required.\n\n\
         |Property|Type|Description|\n|---|---|---|\n|enabled|Boolean|true if the account is enabled.|\n|displayName|String|The name.|\n\
         |nickname|String|The alias.|\n|anchor|String|Only needs to be specified with a federated domain.|\n\n## Example\n\n{}{}",
        example("Example 1: Create a person", r#"{"enabled": true, "displayName": "Ann", "nickname": "ann"}"#),
        example(
            "Example 2: Create a person with identities",
            r#"{"displayName": "Ann", "identities": [], "policies": "none"}"#
        ),
    );
    engine_of(contracts_of_text("people-post.md", &page))
}

#[test]
fn what_every_example_has_is_required_unless_another_one_is_meant() {
    let engine = people();
    let missing = |sent: Value, name: &str| {
        assert_refused(&engine, "POST", "/people", sent, 400, &format!("A value is required for property '{name}'"));
    };
    missing(json!({"displayName": "Ann"}), "enabled");
    missing(json!({"displayName": "Ann", "enabled": true}), "nickname");
    missing(json!({"displayName": "Ann", "enabled": true, "nickname": null}), "nickname");
    missing(json!({"nickname": "ann", "enabled": true, "jobTitle": "x"}), "displayName");
    for sent in [
        json!({"displayName": "Ann", "enabled": true, "nickname": "ann"}),
        json!({"displayName": "Ann", "identities": [], "policies": "none"}),
        json!({"displayName": "Ann", "identities": []}),
    ] {
        assert_eq!(call(&engine, "POST", "/people", sent.clone()).0, 201, "{sent}");
    }
}
