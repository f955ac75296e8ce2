//! Where tokens come from, and what is said when none comes.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use graph_contracts_identity::{Source, http};
use graph_contracts_live::{IdentityKind, Profile, TokenSource as _};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{Authority, CANARY, Tenant, TestResult};

/// The source of a profile's tokens, in an environment where these variables are set.
fn source(profile: &Profile, variables: &[(&str, &str)]) -> Source {
    let client = http::builder(&profile.ca_cert).expect("a builder");
    let variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let variable = move |name: &str| variables.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
    Source::with_environment(profile, client, variable).expect("a client").expect("an identity")
}

/// Expects a token of the tenant.
async fn check(tenant: &Tenant, profile: &Profile, variables: &[(&str, &str)]) -> TestResult {
    let source = source(profile, variables);
    let token = source.token(false).await?;
    let claims = token.claims().expect("a JSON web token");
    assert_eq!(claims.tid.as_deref(), Some(tenant.sandbox.tenant()));
    assert!(token.expires().is_some());
    assert!(!format!("{source:?}").contains(CANARY));
    Ok(())
}

/// Expects an error with these pieces, and without a secret.
async fn check_refused(profile: &Profile, variables: &[(&str, &str)], pieces: &[&str]) {
    let error = source(profile, variables).token(false).await.expect_err("no token").to_string();
    for piece in pieces {
        assert!(error.contains(piece), "{piece:?} should be in {error}");
    }
    assert!(!error.contains(CANARY), "{error}");
}

#[tokio::test]
async fn a_client_secret_is_one_way_to_a_token() -> TestResult {
    let tenant = Tenant::start().await?;
    let profile = tenant.profile(IdentityKind::ClientSecret);
    check(&tenant, &profile, &[("SECRET", CANARY)]).await?;
    check_refused(&profile, &[], &["the environment variable SECRET, which holds the client secret, is not set"]).await;
    Ok(())
}

#[tokio::test]
async fn a_client_certificate_signs_what_the_authority_gets() -> TestResult {
    let tenant = Tenant::start().await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app.pem");
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256)?;
    let certificate = CertificateParams::new(Vec::new())?.self_signed(&key)?;
    std::fs::write(&path, format!("{}{}", certificate.pem(), key.serialize_pem()))?;
    let mut profile = tenant.profile(IdentityKind::ClientCertificate);
    let set = |profile: &mut Profile, path| profile.identity.as_mut().expect("one").client_certificate = Some(path);
    set(&mut profile, path.clone());
    check(&tenant, &profile, &[]).await?;
    std::fs::write(&path, certificate.pem())?;
    check_refused(&profile, &[], &["app.pem: no RSA private key in PEM form"]).await;
    std::fs::write(&path, key.serialize_pem())?;
    check_refused(&profile, &[], &["app.pem: no certificate in PEM form"]).await;
    set(&mut profile, folder.path().join("none.pem"));
    check_refused(&profile, &[], &["none.pem: cannot be read"]).await;
    Ok(())
}

#[tokio::test]
async fn a_federated_token_comes_from_a_file_or_from_the_job_of_github() -> TestResult {
    let tenant = Tenant::start().await?;
    let mut profile = tenant.profile(IdentityKind::WorkloadIdentity);
    check_refused(&profile, &[], &["there is no federated token", "id-token: write"]).await;

    let (github, asked) = answering("200 OK", &format!(r#"{{"value": "{CANARY}"}}"#)).await?;
    let variables = [("ACTIONS_ID_TOKEN_REQUEST_URL", github.as_str()), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job")];
    check(&tenant, &profile, &variables).await?;
    let asked = asked.lock().expect("no test panicked").clone();
    assert!(asked.starts_with("GET /token?job=1&audience=api%3A%2F%2FAzureADTokenExchange "), "{asked}");
    assert!(asked.to_lowercase().contains("authorization: bearer job"), "{asked}");
    let (github, _) = answering("403 Forbidden", CANARY).await?;
    let variables = [("ACTIONS_ID_TOKEN_REQUEST_URL", github.as_str()), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job")];
    check_refused(&profile, &variables, &["GitHub answers 403 Forbidden"]).await;

    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(CANARY.as_bytes())?;
    profile.identity.as_mut().expect("one").federated_token_file = Some(file.path().to_owned());
    check(&tenant, &profile, &[]).await
}

/// A server that answers one request, such as where a job of GitHub asks for its token; and how it was asked.
pub(crate) async fn answering(status: &str, body: &str) -> std::io::Result<(String, Arc<Mutex<String>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/token?job=1", listener.local_addr()?);
    let asked = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&asked);
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await?;
        let mut head = vec![0; 8192];
        let read = socket.read(&mut head).await?;
        *seen.lock().expect("no test panicked") = String::from_utf8_lossy(&head[..read]).into_owned();
        socket.write_all(answer.as_bytes()).await
    });
    Ok((url, asked))
}

#[tokio::test]
async fn an_authority_that_refuses_is_quoted_by_its_code_alone() -> TestResult {
    let authority = Authority::new();
    let body =
        format!(r#"{{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret {CANARY}"}}"#);
    let (plain, _) = answering("401 Unauthorized", &body).await?;
    let base = authority.serve("localhost", plain.trim_end_matches("/token?job=1")).await?;
    let tenant = Tenant::start().await?;
    let mut profile = tenant.profile(IdentityKind::ClientSecret);
    profile.ca_cert = vec![authority.file()];
    profile.identity.as_mut().expect("one").authority = Some(base);
    check_refused(&profile, &[("SECRET", CANARY)], &["the authority refuses it: AADSTS7000215", "check the tenant"])
        .await;
    Ok(())
}

#[tokio::test]
async fn a_redirect_does_not_take_the_secret_along() -> TestResult {
    let authority = Authority::new();
    let (elsewhere, asked) = answering("200 OK", "{}").await?;
    let (plain, _) = answering(&format!("307 Temporary Redirect\r\nLocation: {elsewhere}"), "").await?;
    let base = authority.serve("localhost", plain.trim_end_matches("/token?job=1")).await?;
    let tenant = Tenant::start().await?;
    let mut profile = tenant.profile(IdentityKind::ClientSecret);
    profile.ca_cert = vec![authority.file()];
    profile.identity.as_mut().expect("one").authority = Some(base);
    check_refused(&profile, &[("SECRET", CANARY)], &["no access token"]).await;
    assert_eq!(*asked.lock().expect("no test panicked"), "");
    Ok(())
}

#[tokio::test]
async fn an_authority_that_nobody_vouches_for_gets_no_secret() -> TestResult {
    let tenant = Tenant::start().await?;
    let mut profile = tenant.profile(IdentityKind::ClientSecret);
    profile.ca_cert = Vec::new();
    check_refused(&profile, &[("SECRET", CANARY)], &["cannot be reached", "`ca_cert`"]).await;
    // A certificate of the right authority, for another name.
    let other = tenant.authority.serve("other.example", &tenant.sandbox.uri()).await?;
    let mut profile = tenant.profile(IdentityKind::ClientSecret);
    profile.identity.as_mut().expect("one").authority = Some(other);
    check_refused(&profile, &[("SECRET", CANARY)], &["cannot be reached", "not valid for name"]).await;
    Ok(())
}

#[test]
fn a_file_without_certificates_is_no_authority() -> TestResult {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(b"nothing")?;
    let error = http::builder(&[file.path().to_owned()]).expect_err("an error").to_string();
    assert!(error.ends_with("no certificates in PEM form (`-----BEGIN CERTIFICATE-----`)"), "{error}");
    let error = http::builder(&["nowhere.pem".into()]).expect_err("an error").to_string();
    assert_eq!(error, "nowhere.pem: cannot be read");
    Ok(())
}
