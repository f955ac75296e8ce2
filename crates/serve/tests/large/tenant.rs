//! Files that a tenant keeps.

use graph_contracts_serve::{ServeOptions, Server, State};
use graph_contracts_testing::{TestResult, contracts_of_pair};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::contents::{FRAME, alone, assert_little_memory, frame, frames, memory, received};
use crate::server::{ask, json_of, request, serve, with_json};

const ITEM: &str = r#"{"id": "01A", "name": "a.txt", "file": {}}"#;

pub(crate) async fn tenant() -> Server {
    let session =
        r#"{"uploadUrl": "https://sn3302.up.1drv.com/up/1", "expirationDateTime": "2015-01-29T09:21:55.523Z"}"#;
    let contracts = [
        contracts_of_pair("item get", "GET /me/drive/items/{id}", "", "200 OK", ITEM),
        contracts_of_pair("put content", "PUT /me/drive/items/{id}/content", "", "200 OK", ITEM),
        contracts_of_pair("get content", "GET /me/drive/items/{id}/content", "", "302 Found", ""),
        contracts_of_pair("begin", "POST /me/drive/items/{id}/createUploadSession", "{}", "200 OK", session),
        contracts_of_pair("photo", "GET /me/photo/$value", "", "200 OK", ""),
        contracts_of_pair("photo update", "PUT /me/photo/$value", "", "200 OK", ""),
        contracts_of_pair("delete", "DELETE /me/drive/items/{id}", "", "204 No Content", ""),
    ];
    serve(contracts.concat(), ServeOptions { state: State::Tenant(None), ..ServeOptions::default() }).await
}

async fn put(server: &Server, name: &str, body: reqwest::Body) -> (u16, Value) {
    let target = format!("/v1.0/me/drive/root:/{name}:/content");
    let sent = request(server, "PUT", &target).header("content-type", "video/mp4").body(body).send().await;
    json_of(sent.expect("an answer")).await
}

async fn get(item: &Value, range: Option<&str>) -> reqwest::Response {
    let url = item["@microsoft.graph.downloadUrl"].as_str().expect("a URL");
    let asked = reqwest::Client::new().get(url);
    let asked = if let Some(range) = range { asked.header("range", range) } else { asked };
    asked.send().await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn files_are_kept_and_passed_on_without_being_in_memory() -> TestResult {
    let _alone = alone().await;
    let server = tenant().await;
    let (_, warm) = put(&server, "warm.bin", frames(0..40)).await;
    assert_eq!(received(get(&warm, None).await, 0).await, 40 * FRAME);
    let before = memory();

    let many = 3200;
    let (status, item) = put(&server, "film.mp4", frames(0..many)).await;
    assert_eq!((status, &item["size"]), (201, &json!(many * FRAME)));
    let whole = get(&item, None).await;
    assert_eq!(whole.content_length(), Some((many * FRAME) as u64));
    assert_eq!(received(whole, 0).await, many * FRAME);
    let range = format!("bytes={}-{}", 900 * FRAME, 1300 * FRAME - 1);
    let part = get(&item, Some(&range)).await;
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], format!("bytes {}-{}/{}", 900 * FRAME, 1300 * FRAME - 1, many * FRAME));
    assert_eq!(received(part, 900).await, 400 * FRAME);
    let last = get(&item, Some("bytes=-3")).await;
    assert_eq!(last.bytes().await?.as_ref(), b"...");
    let url = item["@microsoft.graph.downloadUrl"].as_str().unwrap_or_default();
    let head = reqwest::Client::new().head(url).send().await?;
    assert_eq!(head.headers()["content-length"], (many * FRAME).to_string());

    // The client is in this process, too.
    assert_little_memory(before, 32 << 20);

    let server = &server;
    let uploads = (0..16).map(|number: usize| async move {
        let (first, name) = (number * 1000, format!("{number}.bin"));
        let (status, item) = put(server, &name, frames(first..first + 128)).await;
        assert_eq!(status, 201);
        assert_eq!(received(get(&item, None).await, first).await, 128 * FRAME);
    });
    futures_util::future::join_all(uploads).await;

    within_a_batch(server).await?;
    stay_well_after_aborts(server).await?;
    in_chunks(server).await?;
    // Beside that, the buffers of 16 files at a time, on both sides, fill as the threads happen to run. The film alone has 200 MiB.
    assert_little_memory(before, 96 << 20);
    Ok(())
}

/// What is in no memory is within a JSON document, if it is small.
async fn within_a_batch(server: &Server) -> TestResult {
    for (many, status) in [(40, 200), (65, 413)] {
        let target = "/v1.0/me/photo/$value";
        let sent = request(server, "PUT", target).header("content-type", "image/jpeg").body(frames(0..many));
        assert_eq!(sent.send().await?.status(), 200);
        let batch = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me/photo/$value" }] });
        let answer = with_json(request(server, "POST", "/v1.0/$batch"), &batch).send().await?;
        let (_, body) = json_of(answer).await;
        let own = &body["responses"][0];
        assert_eq!(own["status"], status, "{own}");
        let length = own["body"].as_str().map(str::len);
        assert_eq!(length, (status == 200).then_some((many * FRAME).div_ceil(3) * 4));
    }
    Ok(())
}

/// Clients that go away in the middle leave nothing behind.
async fn stay_well_after_aborts(server: &Server) -> TestResult {
    for _ in 0..8 {
        let mut stream = TcpStream::connect(server.addresses()[0]).await?;
        let head = "PUT /v1.0/me/drive/root:/half.bin:/content HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\
            Content-Type: video/mp4\r\nContent-Length: 200000000\r\n\r\n";
        stream.write_all(head.as_bytes()).await?;
        for number in 0..64 {
            stream.write_all(&frame(number)).await?;
        }
    }
    assert_eq!(ask(server, "GET /v1.0/me/drive/root:/half.bin").await.0, 404);
    let (_, item) = put(server, "film.mp4", frames(7..50)).await;
    let download = get(&item, None).await;
    drop(download);
    assert_eq!(received(get(&item, None).await, 7).await, 43 * FRAME);
    Ok(())
}

/// An upload session of chunks that are in no memory, one of them sent again after it broke off.
async fn in_chunks(server: &Server) -> TestResult {
    let (_, session) = ask(server, "POST /v1.0/me/drive/root:/chunks.bin:/createUploadSession").await;
    let url = session["uploadUrl"].as_str().expect("a URL").to_owned();
    let (chunk, chunks) = (160, 4);
    let total = (chunks - 1) * chunk + 3;
    for number in 0..chunks {
        let (first, end) = (number * chunk, total.min((number + 1) * chunk));
        let range = format!("bytes {}-{}/{}", first * FRAME, end * FRAME - 1, total * FRAME);
        if number == 2 {
            let path = url.strip_prefix(server.url()).unwrap_or_default();
            let mut stream = TcpStream::connect(server.addresses()[0]).await?;
            let length = chunk * FRAME;
            let head = format!(
                "PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\nContent-Range: {range}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&frame(first)).await?;
            stream.shutdown().await?;
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await?;
        }
        let sent = reqwest::Client::new().put(&url).header("content-range", range).body(frames(first..end)).send();
        let (status, body) = json_of(sent.await?).await;
        match number + 1 == chunks {
            true => {
                assert_eq!((status, &body["size"]), (201, &json!(total * FRAME)), "{body}");
                assert_eq!(received(get(&body, None).await, 0).await, total * FRAME);
                let across = format!("bytes={}-{}", (chunk - 1) * FRAME, (chunk + 1) * FRAME - 1);
                assert_eq!(received(get(&body, Some(&across)).await, chunk - 1).await, 2 * FRAME);
            }
            false => {
                let next = format!("{}-{}", end * FRAME, total * FRAME - 1);
                assert_eq!((status, &body["nextExpectedRanges"]), (202, &json!([next])), "{body}");
            }
        }
    }
    Ok(())
}
