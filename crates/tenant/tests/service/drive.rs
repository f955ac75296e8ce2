//! Items of a drive: by identifier and by path, their content, and uploads in chunks.

use graph_contracts_tenant::{Engine, Response};
use serde_json::{Value, json};

use crate::support::{BASE, ask, ask_with, assert_refused, body, call, column, create, engine};

fn put(engine: &Engine, url: &str, content: &str) -> Response {
    ask_with(engine, "PUT", url, &[("content-type", "text/plain; charset=utf-8")], content.as_bytes())
}

/// The bytes that a file has, which are where the redirect leads to.
fn content(engine: &Engine, url: &str) -> String {
    let response = ask(engine, "GET", url, &Value::Null);
    assert_eq!(response.status, 302, "{url}");
    let location = response.headers["location"].to_str().expect("text").to_owned();
    assert!(location.starts_with(BASE) && Engine::is_preauthenticated(&location[BASE.len()..]), "{location}");
    String::from_utf8(ask(engine, "GET", &location, &Value::Null).body.to_vec()).expect("text")
}

#[test]
fn a_file_is_written_and_read_by_path_and_by_identifier() {
    let engine = engine();
    let made = put(&engine, "/me/drive/root:/a%20b/c.txt:/content", "one");
    let item = body(&made);
    assert_eq!((made.status.as_u16(), &item["name"], &item["size"]), (201, &json!("c.txt"), &json!(3)), "{item}");
    assert_eq!(made.contract.as_deref(), Some("v1.0/put-content"));
    let id = item["id"].as_str().expect("an id");
    let drive = call(&engine, "GET", "/me/drive", Value::Null).1["id"].as_str().expect("a drive").to_owned();
    assert_eq!(item["parentReference"]["driveId"], json!(drive));
    assert_eq!(item["parentReference"]["path"], json!(format!("/drives/{drive}/root:/a%20b")));
    for url in [
        format!("/me/drive/items/{id}"),
        "/me/drive/root:/A%20B/C.TXT".to_owned(),
        "/me/drive/root:/a b/c.txt:".to_owned(),
        format!("/drives/{drive}/root:/a%20b/c.txt"),
        format!("/drives('{drive}')/items('{id}')"),
    ] {
        let (status, own) = call(&engine, "GET", &url, Value::Null);
        assert_eq!((status, own["id"].as_str()), (200, Some(id)), "{url}: {own}");
    }
    assert_eq!(content(&engine, "/me/drive/root:/a%20b/c.txt:/content"), "one");
    let again = put(&engine, &format!("/me/drive/items/{id}/content"), "other");
    assert_eq!((again.status.as_u16(), &body(&again)["id"], &body(&again)["size"]), (200, &json!(id), &json!(5)));
    assert_ne!(body(&again)["eTag"], item["eTag"]);
    assert_eq!(content(&engine, &format!("/drives/{drive}/items/{id}/content")), "other");
    let part = ask_with(
        &engine,
        "GET",
        item["@microsoft.graph.downloadUrl"].as_str().expect("a URL"),
        &[("range", "bytes=1-2")],
        b"",
    );
    assert_eq!(
        (part.status.as_u16(), &part.body[..], &part.headers["content-range"]),
        (206, b"th".as_slice(), &"bytes 1-2/5".parse().expect("a value"))
    );
}

#[test]
fn folders_have_children_with_names_of_their_own() {
    let engine = engine();
    let (status, folder) = call(&engine, "POST", "/me/drive/root/children", json!({"name": "Work", "folder": {}}));
    assert_eq!((status, &folder["folder"]), (201, &json!({"childCount": 0})));
    let work = folder["id"].as_str().expect("an id");
    assert_refused(
        &engine,
        "POST",
        "/me/drive/items/root/children",
        json!({"name": "work", "folder": {}}),
        409,
        "same name",
    );
    let renamed = json!({"name": "Work", "folder": {}, "@microsoft.graph.conflictBehavior": "rename"});
    assert_eq!(call(&engine, "POST", "/me/drive/root/children", renamed).1["name"], "Work 1");
    assert_refused(&engine, "POST", "/me/drive/root/children", json!({"name": "a/b", "folder": {}}), 400, "name");
    for name in ["b.txt", "a.txt"] {
        assert_eq!(put(&engine, &format!("/me/drive/items/{work}:/{name}:/content"), name).status, 201);
    }
    assert_eq!(put(&engine, &format!("/me/drive/items/{work}/children/c.txt/content"), "c").status, 201);
    let (_, listed) = call(&engine, "GET", "/me/drive/root:/work:/children?$select=name&$top=2", Value::Null);
    assert_eq!(
        (column(&listed, "name"), listed["value"][0].get("id")),
        (vec!["a.txt".to_owned(), "b.txt".to_owned()], None)
    );
    let (_, rest) = call(&engine, "GET", listed["@odata.nextLink"].as_str().expect("a link"), Value::Null);
    assert_eq!(column(&rest, "name"), ["c.txt"]);
    assert_eq!(ask(&engine, "GET", &format!("/me/drive/items/{work}/children/$count"), &Value::Null).body, "3");
    assert_eq!(call(&engine, "GET", &format!("/me/drive/items/{work}"), Value::Null).1["folder"]["childCount"], 3);
    let failing = "/me/drive/root:/work/a.txt:/content?@microsoft.graph.conflictBehavior=fail";
    assert_eq!(put(&engine, failing, "x").status, 409);
    assert_refused(&engine, "GET", &format!("/me/drive/items/{work}/content"), Value::Null, 400, "no content");
    assert_eq!(put(&engine, &format!("/me/drive/items/{work}/content"), "x").status, 409);
    // Whatever else is documented of an item is found by its path, too.
    let (status, _) = call(&engine, "POST", "/me/drive/root:/work/a.txt:/createLink", json!({"type": "view"}));
    assert_eq!(status, 201);
}

#[test]
fn items_are_renamed_moved_and_deleted() {
    let engine = engine();
    put(&engine, "/me/drive/root:/a/b/c.txt:/content", "c");
    let id = |path: &str| call(&engine, "GET", path, Value::Null).1["id"].as_str().unwrap_or_default().to_owned();
    let (a, b, c) = (id("/me/drive/root:/a"), id("/me/drive/root:/a/b"), id("/me/drive/root:/a/b/c.txt"));
    let moved = json!({"name": "d.txt", "parentReference": {"id": a}, "description": "mine", "size": 99});
    let (status, item) = call(&engine, "PATCH", &format!("/me/drive/items/{c}"), moved);
    assert_eq!(
        (status, &item["name"], &item["description"], &item["size"]),
        (200, &json!("d.txt"), &json!("mine"), &json!(1))
    );
    assert_eq!((id("/me/drive/root:/a/d.txt"), id("/me/drive/root:/a/b/c.txt")), (c.clone(), String::new()));
    assert_refused(
        &engine,
        "PATCH",
        &format!("/me/drive/items/{a}"),
        json!({"parentReference": {"id": b}}),
        400,
        "into itself",
    );
    assert_refused(&engine, "PATCH", &format!("/me/drive/items/{c}"), json!({"name": "B"}), 409, "same name");
    assert_eq!(call(&engine, "PATCH", &format!("/me/drive/items/{c}"), json!({"name": "D.txt"})).0, 200);
    assert_eq!(call(&engine, "DELETE", &format!("/me/drive/items/{a}"), Value::Null), (204, Value::Null));
    for gone in [&a, &b, &c] {
        assert_refused(&engine, "GET", &format!("/me/drive/items/{gone}"), Value::Null, 404, "could not be found");
    }
    assert_refused(&engine, "GET", "/me/drive/root:/a/d.txt:/content", Value::Null, 404, "could not be found");
    assert_refused(&engine, "DELETE", "/me/drive/root", Value::Null, 400, "root");
    assert_eq!(put(&engine, "/me/drive/root:/a/d.txt:/content", "again").status, 201);
}

#[test]
fn a_drive_tells_what_has_changed_in_it() {
    let engine = engine();
    put(&engine, "/me/drive/root:/a.txt:/content", "a");
    let (_, first) = call(&engine, "GET", "/me/drive/root/delta", Value::Null);
    assert_eq!(column(&first, "name"), ["root", "a.txt"]);
    let next = first["@odata.deltaLink"].as_str().expect("a link");
    assert!(next.contains("/delta?token="), "{next}");
    let made = body(&put(&engine, "/me/drive/root:/b.txt:/content", "b"));
    call(&engine, "DELETE", "/me/drive/root:/a.txt", Value::Null);
    let (_, changes) = call(&engine, "GET", next, Value::Null);
    assert_eq!(
        (&changes["value"][0]["id"], &changes["value"][1]["deleted"]),
        (&made["id"], &json!({"state": "deleted"})),
        "{changes}"
    );
    let (_, latest) = call(&engine, "GET", "/me/drive/root/delta(token='latest')", Value::Null);
    assert_eq!(latest["value"], json!([]));
    let response = ask(&engine, "GET", "/me/drive/root/delta?token=old", &Value::Null);
    assert_eq!(
        (response.status.as_u16(), &body(&response)["error"]["code"]),
        (410, &json!("resyncChangesApplyDifferences"))
    );
}

const UNIT: usize = 320 << 10;

fn begin(engine: &Engine, url: &str, sent: Value) -> String {
    let (status, session) = call(engine, "POST", url, sent);
    assert_eq!((status, &session["nextExpectedRanges"]), (200, &json!(["0-"])), "{session}");
    let url = session["uploadUrl"].as_str().expect("a URL").to_owned();
    assert!(Engine::is_preauthenticated(&url[BASE.len()..]));
    url
}

fn chunk(engine: &Engine, url: &str, range: &str, bytes: &[u8]) -> (u16, Value) {
    let response = ask_with(engine, "PUT", url, &[("content-range", range)], bytes);
    (response.status.as_u16(), body(&response))
}

#[test]
fn a_file_is_uploaded_in_chunks() {
    let engine = engine();
    let url =
        begin(&engine, "/me/drive/root:/big/file.bin:/createUploadSession", json!({"item": {"name": "file.bin"}}));
    let (total, data) = (UNIT + 5, vec![b'x'; UNIT]);
    let (status, session) = chunk(&engine, &url, &format!("bytes 0-{}/{total}", UNIT - 1), &data);
    assert_eq!((status, &session["nextExpectedRanges"]), (202, &json!([format!("{UNIT}-{}", total - 1)])));
    // Resumed: what is expected next is asked for.
    assert_eq!(call(&engine, "GET", &url, Value::Null).1["nextExpectedRanges"], session["nextExpectedRanges"]);
    let last = format!("bytes {UNIT}-{}/{total}", total - 1);
    for (range, bytes, status) in [
        (format!("bytes 0-{}/{total}", UNIT - 1), data.as_slice(), 416),
        (format!("bytes {}-{}/{total}", UNIT + 1, UNIT + 2), b"yy".as_slice(), 416),
        (last.clone(), b"y".as_slice(), 400),
        (format!("bytes {UNIT}-{}/{}", UNIT + 4, total + 9), b"yyyyy".as_slice(), 400),
        (format!("bytes {UNIT}-{}/{total}", UNIT + 1), b"yy".as_slice(), 400),
        (String::new(), b"yyyyy".as_slice(), 400),
    ] {
        assert_eq!(chunk(&engine, &url, &range, bytes).0, status, "{range}");
    }
    let (status, item) = chunk(&engine, &url, &last, b"yyyyy");
    assert_eq!((status, &item["name"], &item["size"]), (201, &json!("file.bin"), &json!(total)));
    assert!(content(&engine, "/me/drive/root:/big/file.bin:/content").ends_with("xxyyyyy"));
    // Sent again, the last chunk has the same answer, and changes nothing more.
    assert_eq!(chunk(&engine, &url, &last, b"yyyyy"), (200, item));
    assert_eq!(chunk(&engine, &url, &format!("bytes 0-{}/{total}", UNIT - 1), &data).0, 404);
    assert_eq!(call(&engine, "GET", &url, Value::Null).0, 404);
}

#[test]
fn an_item_that_has_changed_is_not_overwritten_by_who_knows_an_older_one() {
    let engine = engine();
    let item = body(&put(&engine, "/me/drive/root:/a.txt:/content", "a"));
    let url = format!("/me/drive/items/{}", item["id"].as_str().expect("an id"));
    let tag = item["eTag"].as_str().expect("a tag");
    let send = |method: &str, url: &str, fields: &[(&str, &str)], sent: &str| {
        let response = ask_with(&engine, method, url, fields, sent.as_bytes());
        (response.status.as_u16(), body(&response))
    };
    assert_eq!(send("GET", &url, &[("if-none-match", tag)], "").0, 304);
    let (status, renamed) = send("PATCH", &url, &[("if-match", tag)], r#"{"name": "b.txt"}"#);
    assert_eq!((status, &renamed["name"]), (200, &json!("b.txt")));
    let (status, refusal) = send("PATCH", &url, &[("if-match", tag)], r#"{"name": "c.txt"}"#);
    assert_eq!((status, &refusal["error"]["code"]), (412, &json!("resourceModified")));
    assert_eq!(send("PUT", &format!("{url}/content"), &[("if-match", tag)], "new").0, 412);
    assert_eq!(send("GET", &url, &[("if-none-match", tag)], "").1["name"], json!("b.txt"));
    assert_eq!(send("DELETE", &url, &[("if-match", "*")], "").0, 204);
}

#[test]
fn an_upload_replaces_renames_or_is_refused_and_can_be_cancelled() {
    let engine = engine();
    let id = body(&put(&engine, "/me/drive/root:/a.txt:/content", "old"))["id"].clone();
    let session = "/me/drive/root:/a.txt:/createUploadSession";
    let behavior = |own: &str| json!({"item": {"@microsoft.graph.conflictBehavior": own}});
    assert_refused(&engine, "POST", session, behavior("fail"), 409, "same name");
    let (status, item) = chunk(&engine, &begin(&engine, session, behavior("rename")), "bytes 0-2/3", b"new");
    assert_eq!((status, &item["name"]), (201, &json!("a 1.txt")));
    let (status, item) = chunk(&engine, &begin(&engine, session, Value::Null), "bytes 0-2/3", b"new");
    assert_eq!((status, &item["id"]), (200, &id));
    let own = format!("/me/drive/items/{}/createUploadSession", id.as_str().expect("an id"));
    let url = begin(&engine, &own, Value::Null);
    assert_eq!(call(&engine, "DELETE", &url, Value::Null), (204, Value::Null));
    assert_eq!((call(&engine, "GET", &url, Value::Null).0, chunk(&engine, &url, "bytes 0-2/3", b"two").0), (404, 404));
    assert_eq!(content(&engine, "/me/drive/root:/a.txt:/content"), "new");
}

#[test]
fn what_is_uploaded_into_a_collection_is_one_of_its_objects() {
    let engine = engine();
    let folder = create(&engine, "/me/folders", json!({"displayName": "Work"}));
    let notes = format!("/me/folders/{folder}/notes");
    let sent = json!({"NoteItem": {"name": "milk.txt", "contentType": "text/plain", "size": 9}});
    let (status, session) = call(&engine, "POST", &format!("{notes}/createUploadSession"), sent);
    assert_eq!((status, &session["nextExpectedRanges"]), (201, &json!(["0-"])), "{session}");
    let url = session["uploadUrl"].as_str().expect("a URL");
    assert_eq!(call(&engine, "GET", &notes, Value::Null).1["value"], json!([]));
    let large = ask_with(&engine, "PUT", url, &[("content-range", "bytes 0-327679/150000001")], &[0; 327_680]);
    assert_eq!(large.status, 413);
    let response = ask_with(&engine, "PUT", url, &[("content-range", "bytes 0-3/4")], b"milk");
    assert_eq!((response.status.as_u16(), response.body.len()), (201, 0));
    let location = response.headers["location"].to_str().expect("text").to_owned();
    let (_, note) = call(&engine, "GET", &location, Value::Null);
    assert_eq!(
        (&note["name"], &note["size"], &note["contentBytes"], &note["@odata.type"]),
        (&json!("milk.txt"), &json!(4), &json!("bWlsaw=="), &json!("#microsoft.graph.fileAttachment"))
    );
    assert_eq!(call(&engine, "GET", &notes, Value::Null).1["value"][0]["id"], note["id"]);
}

#[test]
fn a_search_finds_items_by_their_names() {
    let engine = engine();
    put(&engine, "/me/drive/root:/Lamps/hall%20lamp.txt:/content", "one");
    put(&engine, "/me/drive/root:/plan.txt:/content", "two");
    let check = |url: &str, expected: &[&str]| {
        let (status, found) = call(&engine, "GET", url, Value::Null);
        let mut names = column(&found, "name");
        names.sort();
        assert_eq!((status, names), (200, expected.iter().map(ToString::to_string).collect()), "{url}");
    };
    check("/me/drive/root/search(q='LAMP')", &["Lamps", "hall lamp.txt"]);
    check("/me/drive/search(q='lamp')?$top=5", &["Lamps", "hall lamp.txt"]);
    check("/me/drive/root:/Lamps:/search(q='plan')", &[]);
    check("/me/drive/root/search(q='no one''s')", &[]);
}
