//! The command line, built with the feature `live`, over TLS. `cargo test --package graph-contracts-identity --package
//! graph-contracts-cli --features graph-contracts-cli/live` builds it so.

use std::path::PathBuf;
use std::process::Command;

use graph_contracts_live::IdentityKind;

use crate::support::{CANARY, Tenant, TestResult};

/// The command line that was built together with these tests.
pub(crate) fn program() -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    let folder = own.parent().and_then(|deps| deps.parent()).expect("the folder of the build");
    let path = folder.join(format!("graph-contracts{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "build the command line too: add `--package graph-contracts-cli --features graph-contracts-cli/live`"
    );
    path
}

/// A command in a folder of its own, and its exit code and output.
async fn run(tenant: &Tenant, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let profile = tenant.profile(IdentityKind::ClientSecret);
    let folder = tempfile::tempdir().expect("a folder");
    let contracts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut command = Command::new(program());
    // Building it again would be endless: it was built without TLS then.
    command.env_remove("CARGO").current_dir(folder.path()).arg("verify-live");
    command.arg("--contracts").arg(contracts).arg("--ca-cert").arg(tenant.authority.file());
    command.args(["--base-url", &tenant.base, "--authority", &tenant.base, "--tenant", tenant.sandbox.tenant()]);
    command.args(["--write-tenant", tenant.sandbox.tenant(), "--allow-writes", "--requests-per-second", "1000"]);
    command.args(["--scope", "https://graph.microsoft.com/.default", "--state", "state", "--settling", "1s"]);
    for (place, key) in tenant.containers().await {
        command.args(["--bind", &format!("{place}={key}"), "--write-below", &place]);
    }
    command.args(["--client-id", profile.identity.and_then(|own| own.client_id).as_deref().unwrap_or_default()]);
    command.args(arguments).envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await.expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all = text(&output.stdout) + &text(&output.stderr);
    assert!(!all.contains(CANARY), "{all}");
    for entry in walk(folder.path()) {
        let text = std::fs::read(&entry).expect("readable");
        assert!(!String::from_utf8_lossy(&text).contains(CANARY), "{}", entry.display());
    }
    (output.status.code().unwrap_or(-1), all)
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_run_needs_an_identity_and_an_authority_to_trust() -> TestResult {
    let tenant = Tenant::start().await?;
    let secret = ["--identity", "client-secret", "--client-secret-env", "SECRET"];
    let (code, text) = run(&tenant, &secret, &[("SECRET", CANARY), ("RUST_LOG", "trace")]).await;
    // Two of the five operations are not for applications, as their pages say.
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("skipped (permission)") && text.contains("it is not available to applications"), "{text}");
    assert!(text.contains("2 matched"), "{text}");
    assert_eq!(tenant.sandbox.left(), [""; 0]);
    Ok(())
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_to_the_azure_cli_is_an_identity() -> TestResult {
    use std::os::unix::fs::PermissionsExt as _;

    let tenant = Tenant::start().await?;
    let folder = tempfile::tempdir()?;
    let az = folder.path().join("az");
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH")?);
    let script = |text: String| {
        std::fs::write(&az, text)?;
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755))
    };
    let answer = format!(
        r#"{{"accessToken": "{}", "expiresOn": "2099-01-01 00:00:00.000000", "expires_on": 4070908800, "tokenType": "Bearer"}}"#,
        tenant.sandbox.token()
    );
    script(format!("#!/bin/sh\ncat <<'END'\n{answer}\nEND\n"))?;
    let (code, text) = run(&tenant, &["--identity", "azure-cli"], &[("PATH", &path)]).await;
    assert_eq!(code, 0, "{text}");
    script(format!("#!/bin/sh\necho 'ERROR: {CANARY}' >&2\nexit 1\n"))?;
    let (code, text) = run(&tenant, &["--identity", "azure-cli"], &[("PATH", &path)]).await;
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("sign in with `az login`"), "{text}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_managed_identity_is_asked_for_where_the_platform_says() -> TestResult {
    let tenant = Tenant::start().await?;
    let (endpoint, asked) = crate::tokens::answering(
        "200 OK",
        &format!(
            r#"{{"access_token": "{}", "expires_on": "4070908800", "resource": "r", "token_type": "Bearer"}}"#,
            tenant.sandbox.token()
        ),
    )
    .await?;
    let variables = [("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", "header")];
    let (code, text) = run(&tenant, &["--identity", "managed-identity"], &variables).await;
    assert_eq!(code, 0, "{text}");
    let asked = asked.lock().expect("no test panicked").clone();
    assert!(asked.contains("resource=https%3A%2F%2Fgraph.microsoft.com"), "{asked}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_of_the_environment_is_asked() -> TestResult {
    let tenant = Tenant::start().await?;
    let (proxy, asked) = crate::tokens::answering("407 Proxy Authentication Required", "").await?;
    let proxy = proxy.trim_end_matches("/token?job=1").to_owned();
    let secret = ["--identity", "client-secret", "--client-secret-env", "SECRET"];
    let variables = [("SECRET", CANARY), ("HTTPS_PROXY", proxy.as_str()), ("NO_PROXY", "")];
    let (code, text) = run(&tenant, &secret, &variables).await;
    assert_eq!(code, 2, "{text}");
    let asked = asked.lock().expect("no test panicked").clone();
    assert!(asked.starts_with("CONNECT localhost:"), "{asked}");
    Ok(())
}
