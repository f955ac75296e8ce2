//! Metadata over TLS: by the library, and by the command line that is built with the feature `live`.

use std::path::PathBuf;
use std::process::Command;

use graph_contracts_identity::http;
use graph_contracts_odata::check::{FetchError, Fetched, fetch, fetch_limits};

use crate::command_line::program;
use crate::support::{Authority, TestResult};
use crate::tokens::answering;

/// The metadata of a small service.
fn csdl() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/metadata/v1.0.csdl");
    std::fs::read_to_string(path).expect("readable")
}

/// A server over TLS that answers once; its base URL.
async fn serve(authority: &Authority, status: &str, body: &str) -> std::io::Result<String> {
    let (plain, _) = answering(status, body).await?;
    authority.serve("localhost", plain.trim_end_matches("/token?job=1")).await
}

async fn get(authority: &Authority, base: &str) -> Result<Fetched, FetchError> {
    let http = http::builder(&[authority.file()]).expect("a client");
    fetch(http, true, &format!("{base}/v1.0/$metadata"), &fetch_limits()).await
}

#[tokio::test]
async fn a_document_is_fetched_over_tls() -> TestResult {
    let authority = Authority::new();
    let base = serve(&authority, "200 OK", &csdl()).await?;
    assert_eq!(get(&authority, &base).await?.text, csdl());
    Ok(())
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_is_no_source() -> TestResult {
    let base = serve(&Authority::new(), "200 OK", &csdl()).await?;
    let error = get(&Authority::new(), &base).await.expect_err("no document");
    assert!(matches!(error, FetchError::Send { .. }), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_redirect_never_leads_out_of_tls() -> TestResult {
    let authority = Authority::new();
    let (plain, asked) = answering("200 OK", &csdl()).await?;
    let base = serve(&authority, &format!("302 Found\r\nLocation: {plain}"), "").await?;
    let error = get(&authority, &base).await.expect_err("no document").to_string();
    assert!(error.contains("302, a redirect that is not followed") && error.contains("without TLS"), "{error}");
    assert_eq!(*asked.lock().expect("no test panicked"), "", "nothing is asked there");
    // To another server over TLS, it does.
    let other = serve(&authority, "200 OK", &csdl()).await?;
    let base = serve(&authority, &format!("302 Found\r\nLocation: {other}/v1.0/$metadata"), "").await?;
    assert_eq!(get(&authority, &base).await?.name, format!("{base}/v1.0/$metadata"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_takes_a_url_and_the_authority_to_trust() -> TestResult {
    let authority = Authority::new();
    let base = serve(&authority, "200 OK", &csdl()).await?;
    let contracts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut command = Command::new(program());
    // Building it again would be endless: it was built without TLS then.
    command.env_remove("CARGO").arg("check-metadata").arg("--contracts").arg(contracts);
    command.arg("--ca-cert").arg(authority.file()).args(["--metadata", &format!("{base}/v1.0/$metadata")]);
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    // The small service has nothing of what is documented.
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("2 contradicted, 4 unknown"), "{text}");
    Ok(())
}
