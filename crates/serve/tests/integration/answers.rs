//! Answers that clients can read.

use graph_contracts::contract::Contract;
use graph_contracts::matching::Mode;
use graph_contracts_serve::{ServeOptions, Server, State};
use graph_contracts_testing::{TestResult, contracts_of_pair, contracts_of_text};
use serde_json::{Value, json};

use crate::server::{ask, json_of, request, serve, with_json};

fn lamps() -> Vec<Contract> {
    let list = r#"{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#lamps",
        "@odata.nextLink": "https://graph.microsoft.com/v1.0/lamps?$skiptoken=abc",
        "value": [{"id": "1", "name": "hall", "level": 3}, {"id": "2", "name": "attic", "level": 1}]}"#;
    [
        contracts_of_pair("lamp list", "GET /lamps", "", "200 OK", list),
        contracts_of_pair(
            "lamp get",
            "GET /lamps/{id}",
            "",
            "200 OK",
            r#"{"value": {"id": "1", "name": "hall", "level": 3}}"#,
        ),
        contracts_of_pair(
            "lamp create",
            "POST /lamps",
            r#"{"name": "hall"}"#,
            "201 Created",
            r#"{"id": "1", "name": "hall"}"#,
        ),
        contracts_of_pair("lamp delete", "DELETE /lamps/{id}", "", "204 No Content", ""),
    ]
    .concat()
}

async fn served() -> Server {
    serve(lamps(), ServeOptions::default()).await
}

#[tokio::test]
async fn what_was_sent_is_repeated() -> TestResult {
    let server = served().await;
    let sent = json!({ "name": "cellar" });
    let response = with_json(request(&server, "POST", "/v1.0/lamps"), &sent).send().await?;
    assert_eq!(response.headers()["x-graph-contract"], "v1.0/lamp-create");
    assert!(response.headers()["x-graph-source"].to_str()?.starts_with("lamp-create.md:"));
    assert_eq!(json_of(response).await, (201, json!({ "id": "1", "name": "cellar" })));
    Ok(())
}

#[tokio::test]
async fn a_mark_before_json_is_passed_over() -> TestResult {
    let server = served().await;
    let sent = request(&server, "POST", "/v1.0/lamps").header("content-type", "application/json");
    let (status, body) = json_of(sent.body("\u{feff}{\"name\": \"cellar\"}").send().await?).await;
    assert_eq!((status, &body["name"]), (201, &json!("cellar")));
    Ok(())
}

#[tokio::test]
async fn of_an_object_what_was_sent_is_repeated_and_the_rest_is_documented() -> TestResult {
    let sent = r#"{"name": "hall", "shade": {"color": "green"}}"#;
    let shown = r#"{"id": "1", "shade": {"color": "green", "size": 2}, "plug": {"pins": 3}}"#;
    let server =
        serve(contracts_of_pair("lamp create", "POST /lamps", sent, "201 Created", shown), ServeOptions::default())
            .await;
    for (sent, shown) in [
        (json!({ "shade": { "color": "red" } }), json!({ "color": "red", "size": 2 })),
        (json!({ "shade": {}, "plug": {} }), json!({ "color": "green", "size": 2 })),
    ] {
        let (_, body) = json_of(with_json(request(&server, "POST", "/v1.0/lamps"), &sent).send().await?).await;
        assert_eq!(body, json!({ "id": "1", "shade": shown, "plug": { "pins": 3 } }));
    }
    Ok(())
}

/// Whether the page shows the member or not: a page of an object does not repeat all that can be changed.
#[tokio::test]
async fn what_was_changed_is_seen_in_the_object() -> TestResult {
    let page = "# Update lamp\n\n## HTTP request\n\n```http\nPATCH /lamps/{id}\n```\n\n## Example\n\n\
        ```http\nPATCH https://graph.microsoft.com/v1.0/lamps/1\nContent-Type: application/json\n\n{\"isLit\": true}\n```\n\n\
        ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"id\": \"1\", \"name\": \"hall\"}\n```\n";
    let server = serve(contracts_of_text("lamp-update.md", page), ServeOptions::default()).await;
    let (_, body) =
        json_of(with_json(request(&server, "PATCH", "/v1.0/lamps/1"), &json!({ "isLit": false })).send().await?).await;
    assert_eq!(body, json!({ "id": "1", "name": "hall", "isLit": false }));
    Ok(())
}

#[tokio::test]
async fn a_whole_url_behind_the_base_url_is_followed() {
    let server = served().await;
    let (status, body) = ask(&server, &format!("GET /v1.0/{}/v1.0/lamps?$select=name&$top=1", server.url())).await;
    assert_eq!((status, &body["value"]), (200, &json!([{ "name": "hall" }])));
    // The base URL of msgraph-sdk for Python ends with `/`, and so do those of others.
    assert_eq!(ask(&server, "GET /v1.0//lamps?$select=name&$top=1").await.1["value"], body["value"]);
}

#[tokio::test]
async fn query_options_are_applied() {
    let server = served().await;
    let value = async |query: &str| ask(&server, &format!("GET /v1.0/lamps?{query}")).await.1["value"].clone();
    assert_eq!(value("$select=name").await, json!([{ "name": "hall" }, { "name": "attic" }]));
    assert_eq!(value("$filter=level gt 2&select=id").await, json!([{ "id": "1" }]));
    assert_eq!(value("$orderby=name&$select=id").await, json!([{ "id": "2" }, { "id": "1" }]));
    assert_eq!(value("$skip=1&$select=id").await, json!([{ "id": "2" }]));
    let (status, body) = ask(&server, "GET /v1.0/lamps?$top=1&$count=true").await;
    assert_eq!((status, &body["@odata.count"], body["value"].as_array().map(Vec::len)), (200, &json!(2), Some(1)));
    let (status, body) = ask(&server, "GET /v1.0/lamps?$filter=level gt").await;
    assert_eq!((status, &body["error"]["code"]), (400, &json!("BadRequest")));
}

#[tokio::test]
async fn links_lead_back_and_end() -> TestResult {
    let server = served().await;
    let (_, first) = ask(&server, "GET /v1.0/lamps").await;
    assert!(first["@odata.context"].as_str().is_some_and(|own| own.starts_with(server.url())));
    let mut pages = 0;
    let mut next = first["@odata.nextLink"].as_str().map(str::to_owned);
    while let Some(url) = next {
        pages += 1;
        assert!(pages < 5, "the pages never end");
        let response = reqwest::Client::new().get(url).bearer_auth("any").send().await?;
        let (status, body) = json_of(response).await;
        assert_eq!((status, &body["value"]), (200, &json!([])));
        next = body["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(pages, 1);
    // Pages of a size that the client asks for have all items once.
    let mut next = Some(format!("{}/v1.0/lamps?$top=1&$select=id", server.url()));
    let mut ids = Vec::new();
    while let Some(url) = next {
        let (_, body) = json_of(reqwest::Client::new().get(url).bearer_auth("any").send().await?).await;
        ids.extend(body["value"].as_array().into_iter().flatten().map(|item| item["id"].clone()));
        next = body["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(ids, [json!("1"), json!("2")]);
    Ok(())
}

#[tokio::test]
async fn a_delta_link_with_its_token_in_the_path_is_followed() {
    let body =
        r#"{"value": [{"id": "1"}], "@odata.deltaLink": "https://graph.microsoft.com/v1.0/lamps/delta(token='a b')"}"#;
    let contracts = contracts_of_pair("lamp delta", "GET /lamps/delta", "", "200 OK", body);
    let server = serve(contracts, ServeOptions::default()).await;
    let (_, first) = ask(&server, "GET /v1.0/lamps/delta").await;
    let link = first["@odata.deltaLink"].as_str().expect("a link").replace(server.url(), "");
    let (status, changes) = ask(&server, &format!("GET {link}")).await;
    assert_eq!((status, &changes["value"]), (200, &json!([])));
    assert!(changes["@odata.deltaLink"].as_str().is_some_and(|own| own.starts_with(server.url())));
}

#[tokio::test]
async fn a_file_is_uploaded_in_chunks() -> TestResult {
    let session = r#"{"uploadUrl": "https://up.example/s/1", "expirationDateTime": "2020-01-01T00:00:00Z"}"#;
    let contracts = [
        contracts_of_pair("lamp upload", "POST /lamps/{id}/createUploadSession", "{}", "200 OK", session),
        contracts_of_pair("lamp put", "PUT /lamps/{id}/content", "", "200 OK", r#"{"id": "1", "name": "plan"}"#),
        contracts_of_pair("shade upload", "POST /shades/{id}/createUploadSession", "{}", "200 OK", session),
    ];
    let server = serve(contracts.concat(), ServeOptions::default()).await;
    for (of, shown) in [("lamps", json!({ "id": "1", "name": "plan" })), ("shades", Value::Null)] {
        let begin = with_json(request(&server, "POST", &format!("/v1.0/{of}/7/createUploadSession")), &json!({}));
        let (_, session) = json_of(begin.send().await?).await;
        assert!(session["expirationDateTime"].as_str() > Some("2026"), "{session}");
        let url = session["uploadUrl"].as_str().expect("a URL").replace(server.url(), "");
        let put = async |range: &str, length: usize| {
            let chunk = request(&server, "PUT", &url).header("content-range", range).body(vec![7_u8; length]);
            json_of(chunk.send().await.expect("an answer")).await
        };
        let unit = 320 << 10;
        let (status, body) = put("bytes 0-327679/327684", unit).await;
        assert_eq!((status, &body["nextExpectedRanges"]), (202, &json!(["327680-327683"])));
        assert_eq!(put("bytes 0-9/327684", 10).await.0, 416, "it is there already");
        assert_eq!(put("bytes 0-9/327684", 11).await.0, 400);
        assert_eq!(put("bytes 327681-327683/327684", 3).await.0, 416, "it leaves a gap");
        assert_eq!(put("bytes 327680-327683/327685", 4).await.0, 400, "the file has another length");
        let (status, body) = ask(&server, &format!("GET {url}")).await;
        assert_eq!((status, &body["nextExpectedRanges"]), (200, &json!(["327680-327683"])));
        for _ in 0..2 {
            assert_eq!(put("bytes 327680-327683/327684", 4).await, (201, shown.clone()), "an answer may be lost");
        }
        assert_eq!(ask(&server, &format!("GET {url}")).await.0, 404, "the session has ended");
    }
    Ok(())
}

#[tokio::test]
async fn each_upload_is_one_of_its_own() -> TestResult {
    let session = r#"{"uploadUrl": "https://up.example/s/1?guid=7", "expirationDateTime": "2020-01-01T00:00:00Z"}"#;
    let contracts = contracts_of_pair("lamp upload", "POST /lamps/{id}/createUploadSession", "{}", "200 OK", session);
    let server = serve(contracts, ServeOptions::default()).await;
    let mut urls = Vec::new();
    for _ in 0..2 {
        let begin = with_json(request(&server, "POST", "/v1.0/lamps/7/createUploadSession"), &json!({}));
        let (_, session) = json_of(begin.send().await?).await;
        urls.push(session["uploadUrl"].as_str().expect("a URL").replace(server.url(), ""));
    }
    let put = async |url: &str| {
        let chunk = request(&server, "PUT", url).header("content-range", "bytes 0-327679/400000");
        chunk.body(vec![7_u8; 320 << 10]).send().await.expect("an answer").status().as_u16()
    };
    let expected = async |url: &str| ask(&server, &format!("GET {url}")).await.1["nextExpectedRanges"].clone();
    assert_eq!(put(&urls[0]).await, 202);
    assert_eq!((expected(&urls[0]).await, expected(&urls[1]).await), (json!(["327680-399999"]), json!(["0-"])));
    assert_eq!(ask(&server, &format!("DELETE {}", urls[0])).await.0, 204);
    assert_eq!((put(&urls[0]).await, ask(&server, &format!("DELETE {}", urls[0])).await.0), (404, 404));
    // Of a session that has begun elsewhere or before, nobody knows how far it has come.
    let unknown = urls[1].replace("=2", "=99");
    assert_eq!((put(&unknown).await, put(&unknown).await, expected(&unknown).await), (202, 202, json!(["0-"])));
    Ok(())
}

/// What files are uploaded to and downloaded from has no token and no page, also at the host of Microsoft Graph. Its link has the contract's id, by which
/// it leads to the same after contracts were read again.
#[tokio::test]
async fn content_at_the_host_of_microsoft_graph_is_served() -> TestResult {
    let session = r#"{"uploadUrl": "https://graph.microsoft.com/v1.0/lamps/uploadSession?guid='7'"}"#;
    let lamp = r#"{"id": "1", "@microsoft.graph.downloadUrl": "https://graph.microsoft.com/v1.0/files/plan.pdf"}"#;
    let contracts = [
        contracts_of_pair("lamp upload", "POST /lamps/{id}/createUploadSession", "{}", "200 OK", session),
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", lamp),
    ];
    let server = serve(contracts.concat(), ServeOptions::default()).await;
    let begin = with_json(request(&server, "POST", "/v1.0/lamps/7/createUploadSession"), &json!({}));
    let (_, session) = json_of(begin.send().await?).await;
    let url = session["uploadUrl"].as_str().expect("a URL").replace(server.url(), "");
    assert!(url.contains("/v1.0/lamp-upload/"), "{url}");
    let chunk = request(&server, "PUT", &url).header("content-range", "bytes 0-3/4").body("lamp");
    assert_eq!(chunk.send().await?.status().as_u16(), 201);
    let (_, lamp) = ask(&server, "GET /v1.0/lamps/1").await;
    let url = lamp["@microsoft.graph.downloadUrl"].as_str().expect("a URL").replace(server.url(), "");
    let file = request(&server, "GET", &url).send().await?;
    assert_eq!(file.headers()["x-graph-contract"], "v1.0/lamp-get");
    assert!(file.bytes().await?.starts_with(b"%PDF-"));
    Ok(())
}

#[tokio::test]
async fn an_item_of_a_drive_is_answered_by_any_of_its_addresses() {
    let contracts = [
        contracts_of_pair(
            "item children",
            "GET /me/drive/items/{id}/children",
            "",
            "200 OK",
            r#"{"value": [{"name": "hall"}]}"#,
        ),
        contracts_of_pair(
            "item put",
            "PUT /me/drive/items/{id}:/{name}:/content",
            "",
            "201 Created",
            r#"{"name": "plan.txt"}"#,
        ),
    ];
    let server = serve(contracts.concat(), ServeOptions::default()).await;
    for path in
        ["me/drive/root/children", "drives/7/root:/a/b:/children", "groups/7/drive/items/root%3A%2Fa%3A/children"]
    {
        let (status, body) = ask(&server, &format!("GET /v1.0/{path}?$select=name")).await;
        assert_eq!((status, &body["value"]), (200, &json!([{ "name": "hall" }])), "{path}");
    }
    let put = request(&server, "PUT", "/v1.0/drives/7/items/8:/b.txt:/content").body("b");
    assert_eq!(json_of(put.send().await.expect("an answer")).await, (201, json!({ "name": "plan.txt" })));
    assert_eq!(ask(&server, "GET /v1.0/me/drive/root:/a/b:/versions").await.0, 501);
    let strict = ServeOptions { mode: Mode::Strict, ..ServeOptions::default() };
    let server = serve(contracts.concat(), strict).await;
    assert_eq!(ask(&server, "GET /v1.0/me/drive/root/children").await.0, 501);
}

#[tokio::test]
async fn the_row_that_a_page_shows_of_a_file_is_sent_and_a_description_is_not() -> TestResult {
    for (file, is_shown) in
        [("Date,Lamp,Level", true), ("<the bytes, in order, of a, b>", false), ("Binary data", false)]
    {
        let page = format!(
            "# Get file\n\n## HTTP request\n\n```http\nGET /lamps/{{id}}/file\n```\n\n## Example\n\n```http\n\
             GET https://graph.microsoft.com/v1.0/lamps/1/file\n```\n\n```http\nHTTP/1.1 200 OK\n\
             Content-Type: application/octet-stream\n\n{file}\n```\n"
        );
        let server = serve(contracts_of_text("file-get.md", &page), ServeOptions::default()).await;
        let text = request(&server, "GET", "/v1.0/lamps/1/file").send().await?.text().await?;
        assert_eq!(text == file, is_shown, "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn the_documented_number_of_items_stays_unless_fewer_are_asked_for() {
    let body = r#"{"@odata.count": 7, "value": [{"id": "1", "name": "hall"}, {"id": "2", "name": "attic"}]}"#;
    let server =
        serve(contracts_of_pair("lamp list", "GET /lamps?$count=true", "", "200 OK", body), ServeOptions::default())
            .await;
    for (query, count) in [
        ("$count=true", json!(7)),
        ("$count=true&$select=id&$top=1", json!(7)),
        ("$count=true&$filter=name eq 'hall'", json!(1)),
        ("$select=id", Value::Null),
    ] {
        assert_eq!(ask(&server, &format!("GET /v1.0/lamps?{query}")).await.1["@odata.count"], count, "{query}");
    }
}

#[tokio::test]
async fn members_have_the_case_of_the_table() -> TestResult {
    let page = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /rooms/{id}/microsoft.graph.create\n```\n\n## Request body\n\n\
        | Property | Type | Description |\n|:---|:---|:---|\n| maker | String | Who made it. |\n\n## Example\n\n```http\n\
        POST https://graph.microsoft.com/v1.0/rooms/1/microsoft.graph.create\nContent-Type: application/json\n\n{\"maker\": \"Wick\"}\n```\n\n\
        ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
        {\"id\": \"1\", \"Maker\": \"Wick\", \"Other\": [{\"MAKER\": \"Son\"}]}\n```\n";
    let server = serve(contracts_of_text("lamp-create.md", page), ServeOptions::default()).await;
    // The alias of the namespace is that of clients that Kiota generates.
    let create = with_json(request(&server, "POST", "/v1.0/rooms/1/graph.create"), &json!({ "maker": "Wick" }));
    let (status, lamp) = json_of(create.send().await?).await;
    assert_eq!((status, lamp), (200, json!({ "id": "1", "maker": "Wick", "Other": [{ "maker": "Son" }] })));
    Ok(())
}

#[tokio::test]
async fn links_that_lead_nowhere_lead_on() {
    for link in
        ["https://...", "https://graph.microsoft.com/v1.0/lights(q=1)&more", "next", "https://other.example/v1.0/lamps"]
    {
        let body = format!(r#"{{"value": [{{"id": "1"}}], "@odata.nextLink": "{link}"}}"#);
        let server =
            serve(contracts_of_pair("lamp list", "GET /lamps", "", "200 OK", &body), ServeOptions::default()).await;
        let (_, first) = ask(&server, "GET /v1.0/lamps").await;
        let next = first["@odata.nextLink"].as_str().expect("a link").replace(server.url(), "");
        assert_eq!(ask(&server, &format!("GET {next}")).await, (200, json!({ "value": [] })), "{link}");
    }
}

#[tokio::test]
async fn what_is_expanded_is_as_its_own_page_shows_it() {
    let room = r#"{"@odata.context": "c", "id": "7", "name": "attic"}"#;
    let contracts = [
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", r#"{"id": "1", "name": "hall"}"#),
        contracts_of_pair("lamp list", "GET /lamps", "", "200 OK", r#"{"value": [{"id": "1"}, {"id": "2"}]}"#),
        contracts_of_pair("lamp room", "GET /lamps/{id}/room", "", "200 OK", room),
        contracts_of_pair(
            "lamp shades",
            "GET /lamps/{id}/shades",
            "",
            "200 OK",
            r#"{"value": [{"id": "8", "color": "red"}]}"#,
        ),
    ];
    let server = serve(contracts.concat(), ServeOptions::default()).await;
    let query = "$select=id&$expand=room($select=name),shades($filter=color eq 'blue'),cable";
    let (_, lamp) = ask(&server, &format!("GET /v1.0/lamps/1?{query}")).await;
    assert_eq!(lamp, json!({ "id": "1", "room": { "name": "attic" }, "shades": [] }));
    let (_, list) = ask(&server, "GET /v1.0/lamps?$select=id&$expand=shades&$top=1").await;
    assert_eq!(list["value"], json!([{ "id": "1", "shades": [{ "id": "8", "color": "red" }] }]));
    assert_eq!(ask(&server, "GET /v1.0/lamps(name='hall')").await.1["name"], "hall");
    assert_eq!(ask(&server, "GET /v1.0/lamps(name='hall',level=3)").await.0, 501);
}

#[tokio::test]
async fn a_number_of_items_follows_from_the_collection() -> TestResult {
    let server = served().await;
    let response = request(&server, "GET", "/v1.0/lamps/$count").send().await?;
    assert_eq!((response.status().as_u16(), response.text().await?.as_str()), (200, "2"));
    Ok(())
}

#[tokio::test]
async fn a_cast_is_answered_where_the_page_says_that_casts_are_possible() -> TestResult {
    let page = |said: &str| {
        format!(
            "# List lamps\n\n## HTTP request\n\n```http\nGET /lamps\nGET /me/lamps\n```\n\n## Query parameters\n\n{said}\n\n## Example\n\n```http\n\
             GET https://graph.microsoft.com/v1.0/lamps\n```\n\n<!-- {{ \"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\", \
             \"isCollection\": true }} -->\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
             {{\"value\": [{{\"@odata.type\": \"#microsoft.graph.lamp\", \"id\": \"1\"}}, {{\"@odata.type\": \"#microsoft.graph.bulb\", \"id\": \"2\"}}]}}\n```\n"
        )
    };
    let serve_page = |said: &str| serve(contracts_of_text("v1.0/lamp-list.md", &page(said)), ServeOptions::default());
    let server = serve_page("OData cast is also enabled.").await;
    for path in ["/v1.0/lamps/microsoft.graph.lamp", "/v1.0/me/lamps/graph.lamp"] {
        let (status, body) = ask(&server, &format!("GET {path}")).await;
        assert_eq!(
            (status, &body["value"].as_array().map(Vec::len), &body["value"][0]["id"]),
            (200, &Some(1), &json!("1"))
        );
        let response = request(&server, "GET", &format!("{path}/$count")).send().await?;
        assert_eq!((response.status().as_u16(), response.text().await?.as_str()), (200, "1"));
    }
    assert_eq!(ask(&server, "GET /v1.0/lamps/microsoft.graph.shade").await.0, 501);
    let server = serve_page("It has `$top`.").await;
    assert_eq!(ask(&server, "GET /v1.0/lamps/microsoft.graph.lamp").await.0, 501);
    Ok(())
}

#[tokio::test]
async fn what_is_not_applied_is_said() -> TestResult {
    let server = served().await;
    let response = request(&server, "GET", "/v1.0/lamps?$apply=aggregate(level with sum as all)").send().await?;
    let notes = response.headers()["x-graph-notes"].to_str()?.to_owned();
    assert!(notes.starts_with("$apply is not applied"), "{notes}");
    Ok(())
}

#[tokio::test]
async fn the_content_of_a_resource_is_bytes() -> TestResult {
    let page = "# Get picture\n\n## HTTP request\n\n```http\nGET /lamps/{id}/picture\nGET /lamps/{id}/picture/$value\n```\n\n## Example\n\n\
        ```http\nGET https://graph.microsoft.com/v1.0/lamps/{id}/picture\n```\n\n```http\nHTTP/1.1 200 OK\n\
        Content-Type: application/json\n\n{\"@odata.mediaContentType\": \"image/png\", \"width\": 1}\n```\n";
    let server = serve(contracts_of_text("picture-get.md", page), ServeOptions::default()).await;
    let response = request(&server, "GET", "/v1.0/lamps/7/picture/$value").send().await?;
    assert_eq!(response.headers()["content-type"], "image/png");
    assert!(response.bytes().await?.starts_with(b"\x89PNG"));
    let pages =
        contracts_of_pair("lamp get", "GET /rooms/{id}", "", "200 OK", r#"{"@odata.mediaContentType": "image/png"}"#);
    let pages = [pages, contracts_of_pair("door get", "GET /doors/{id}", "", "200 OK", r#"{"id": "1"}"#)].concat();
    let other = serve(pages, ServeOptions::default()).await;
    assert!(request(&other, "GET", "/v1.0/rooms/7/$value").send().await?.bytes().await?.starts_with(b"\x89PNG"));
    assert_eq!(request(&other, "GET", "/v1.0/doors/7/$value").send().await?.status().as_u16(), 501);
    let (_, body) = ask(&server, "GET /v1.0/lamps/7/picture").await;
    assert_eq!(body["width"], 1);
    Ok(())
}

#[tokio::test]
async fn a_redirect_leads_to_what_its_page_shows() -> TestResult {
    let page = "# Get report\n\n## HTTP request\n\n```http\nGET /reports/lamps\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/reports/lamps\n```\n\n```http\nHTTP/1.1 302 Found\nContent-Type: text/plain\n\
        Location: https://reports.example.com/data/download/abc\n```\n\nThen the file is downloaded.\n\n```http\nHTTP/1.1 200 OK\n\
        Content-Type: application/octet-stream\n\nName,Level\nhall,3\n```\n";
    let server = serve(contracts_of_text("report-get.md", page), ServeOptions::default()).await;
    let response = request(&server, "GET", "/v1.0/reports/lamps").send().await?;
    assert_eq!(response.status().as_u16(), 302);
    let location = response.headers()["location"].to_str()?.to_owned();
    assert!(location.starts_with(server.url()), "{location}");
    let response = reqwest::get(&location).await?;
    assert_eq!((response.status().as_u16(), response.text().await?.as_str()), (200, "Name,Level\nhall,3"));
    let part = reqwest::Client::new().get(&location).header("range", "bytes=0-3").send().await?;
    assert_eq!(part.headers()["content-range"], "bytes 0-3/17");
    assert_eq!((part.status().as_u16(), part.text().await?.as_str()), (206, "Name"));
    Ok(())
}

#[tokio::test]
async fn an_object_stands_alone_and_values_are_of_their_types() {
    let page = "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{id}\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/lamps/{id}\n```\n\n<!-- {\"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\"} -->\n\
        ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
        {\"value\": {\"id\": \"1\", \"since\": \"String (timestamp)\", \"level\": 1024, \"on\": \"Boolean\"}}\n```\n";
    let server = serve(contracts_of_text("lamp-get.md", page), ServeOptions::default()).await;
    let (status, body) = ask(&server, "GET /v1.0/lamps/7").await;
    assert_eq!(status, 200);
    assert_eq!(body, json!({ "id": "1", "since": "2024-01-01T00:00:00Z", "level": 1024, "on": true }));
    let strict = ServeOptions { mode: Mode::Strict, ..ServeOptions::default() };
    let server = serve(contracts_of_text("lamp-get.md", page), strict).await;
    let (_, body) = ask(&server, "GET /v1.0/lamps/7").await;
    assert_eq!(body["value"]["since"], "String (timestamp)");
}

#[tokio::test]
async fn a_request_that_no_page_documents_is_refused_with_the_nearest() {
    let server = served().await;
    let (status, body) = ask(&server, "PUT /v1.0/lamps/1").await;
    assert_eq!(status, 501);
    assert_eq!(body["error"]["innerError"]["nearest"], "v1.0/lamp-delete");
    let entries = server.journal().entries();
    assert_eq!(
        entries.last().and_then(|entry| entry.refusal.as_ref()).and_then(|own| own.nearest_id()),
        Some("v1.0/lamp-delete")
    );
    assert_eq!(server.journal().summary().refused, 1);
    let value: Value = serde_json::to_value(entries).expect("JSON");
    assert!(!value.to_string().contains("Bearer"), "{value}");
}

/// As Microsoft Graph refuses it, with what the page says behind that.
#[tokio::test]
async fn what_the_service_refuses_as_well_is_refused_in_its_form() -> TestResult {
    let page = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Request body\n\n|Property|Type|\n|:--|:--|\n\
        |name|String|\n|watts|Int32|\n|shade|[shade](shade.md)|\n\n## Example\n\n\
        ```http\n\
        POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{\"@odata.type\": \"#microsoft.graph.lamp\", \"name\": \"hall\", \"watts\": 5}\n```\n\n\
        ```http\nHTTP/1.1 201 Created\n\
        Content-Type: application/json\n\n{\"id\": \"1\", \"name\": \"hall\"}\n```\n";
    let contracts = [
        contracts_of_text("lamp-post.md", page),
        contracts_of_pair("lamp switch", "POST /lamps/{id}/switch", "", "204 No Content", ""),
    ];
    for state in [State::Nothing, State::Tenant(None)] {
        let server = serve(contracts.concat(), ServeOptions { state, ..ServeOptions::default() }).await;
        for (sent, said) in [
            (r#"{"watts": [1]}"#, "Invalid value specified for property 'watts' of resource 'lamp'."),
            (r#"{"watts": "#, "Unable to read JSON request payload."),
        ] {
            let wrong = request(&server, "POST", "/v1.0/lamps").header("content-type", "application/json").body(sent);
            let (status, body) = json_of(wrong.send().await?).await;
            assert_eq!((status, &body["error"]["code"]), (400, &json!("Request_BadRequest")));
            let message = body["error"]["message"].as_str().unwrap_or_default();
            assert!(message.starts_with(said) && message.contains("lamp-post.md:"), "{message}");
        }
        let wrong = request(&server, "GET", "/v1.0/lamps/1/switch").send().await?;
        assert_eq!(wrong.headers()["allow"], "POST");
        assert_eq!(wrong.headers()["x-graph-source"].to_str()?.split(':').next(), Some("lamp-switch.md"));
        let (status, body) = json_of(wrong).await;
        let message = body["error"]["message"].as_str().unwrap_or_default();
        assert_eq!((status, &body["error"]["code"]), (405, &json!("Request_BadRequest")));
        assert!(message.starts_with("Specified HTTP method is not allowed for the request target."), "{message}");
        assert_eq!(server.journal().summary().refused, 3);
    }
    Ok(())
}
