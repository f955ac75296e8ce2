//! `graph-contracts verify-live` when things go wrong: nothing is left behind, nothing is shown, nothing is written without leave.

use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use graph_contracts::contract::Contract;
use graph_contracts::store::Store;
use graph_contracts_tenant::{Sandbox, SandboxOptions};

use crate::support::Workspace;
use graph_contracts_testing::{Fault, FaultyProxy, contracts_of_text};

/// What must be nowhere.
const CANARY: &str = "canary";

/// The token of tests whose provider takes any.
const TOKEN: &str = "canary-token-0123456789";

/// A simulated tenant with a proxy before it, and a folder with a profile for it.
pub(crate) struct Tenant {
    pub(crate) workspace: Workspace,
    pub(crate) sandbox: Sandbox,
    pub(crate) proxy: FaultyProxy,
}

impl Tenant {
    async fn start(fault: impl Fn(usize, &str, &str) -> Fault + Send + Sync + 'static) -> Tenant {
        let workspace = Workspace::with_contracts();
        write_contracts(&workspace, &named_things());
        Tenant::with_workspace(workspace, fault, true).await
    }

    /// A tenant that knows these contracts alone.
    pub(crate) async fn with_contracts(
        contracts: &[Contract],
        fault: impl Fn(usize, &str, &str) -> Fault + Send + Sync + 'static,
    ) -> Tenant {
        let workspace = Workspace::new();
        write_contracts(&workspace, contracts);
        Tenant::with_workspace(workspace, fault, false).await
    }

    async fn with_workspace(
        workspace: Workspace,
        fault: impl Fn(usize, &str, &str) -> Fault + Send + Sync + 'static,
        has_containers: bool,
    ) -> Tenant {
        let store = Arc::new(Store::read(&workspace.path("contracts")).expect("contracts"));
        let options = SandboxOptions { drift: false, latency: Duration::ZERO, throttle_every: None };
        let sandbox = Sandbox::start(store, options).await.expect("a sandbox");
        let proxy = FaultyProxy::start(&sandbox.uri(), fault).await.expect("a proxy");
        let tenant = sandbox.tenant();
        let profile = format!(
            "base_url = '{}'\ntenant = '{tenant}'\nwrite_tenants = ['{tenant}']\ntoken_env = 'TOKEN'\nconcurrency = 1\n\
             requests_per_second = 1000\nsettling = '1s'\nstate = 'state'\n",
            proxy.base
        );
        let bound = if has_containers { containers(&sandbox).await } else { String::new() };
        workspace.write("mine.toml", profile + &bound);
        Tenant { workspace, sandbox, proxy }
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command =
            self.workspace.command(&format!("verify-live --profile mine.toml --json out.json {arguments}"));
        command.env("TOKEN", self.sandbox.token());
        command
    }

    /// Runs a command to its end, while the tenant answers.
    pub(crate) async fn run(&self, arguments: &str) -> (i32, String) {
        self.finish(self.command(arguments)).await
    }

    async fn finish(&self, mut command: Command) -> (i32, String) {
        let output = tokio::task::spawn_blocking(move || command.output().expect("the command runs"));
        shown(&output.await.expect("it ends"))
    }

    pub(crate) fn spawn(&self, arguments: &str) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts")
    }

    /// The text of the ledger, if there is one.
    pub(crate) fn ledger(&self) -> Option<String> {
        let state = std::fs::read_dir(self.workspace.path("state")).ok()?;
        let path = state.flatten().next()?.path();
        Some(std::fs::read_to_string(path).expect("a file"))
    }

    /// Waits until the tenant holds so many objects of clients.
    async fn wait_for_objects(&self, count: usize) {
        while self.sandbox.left().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn write_contracts(workspace: &Workspace, contracts: &[Contract]) {
    for contract in contracts {
        let file = format!("contracts/{}.json", contract.id);
        workspace.write(&file, serde_json::to_string_pretty(contract).expect("JSON"));
    }
}

/// Contracts that create objects with names, one of them within another.
fn named_things() -> Vec<Contract> {
    let page = |collection: &str, item: &str| {
        let text = format!(
            "# Create {item}\n## HTTP request\n```http\nPOST {collection}\n```\n## Example\n```http\n\
             POST https://graph.microsoft.com/v1.0{collection}\nContent-Type: application/json\n\n{{ \"name\": \"A {item}\" }}\n```\n\
             ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n\
             {{ \"id\": \"87d349ed-44d7-43e1-9a83-5f2406dee5bd\", \"name\": \"A {item}\" }}\n```\n"
        );
        contracts_of_text(&format!("create-{item}.md"), &text)
    };
    let things = [("/cities", "city"), ("/desks", "desk"), ("/lamps", "lamp"), ("/cities/{id}/streets", "street")];
    things.into_iter().flat_map(|(collection, item)| page(collection, item)).collect()
}

/// The objects of the tenant in which contracts create others, as bindings of a profile that may write there.
async fn containers(sandbox: &Sandbox) -> String {
    let mut bound = String::new();
    let places = [("v1.0", "managedEBooks"), ("beta", "mobileApps"), ("v1.0", "mobileAppConfigurations")];
    for (version, place) in places {
        let url = format!("{}/{version}/deviceAppManagement/{place}", sandbox.uri());
        let answer = reqwest::Client::new().get(&url).bearer_auth(sandbox.token()).send().await.expect("an answer");
        let listed: serde_json::Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        let id = listed["value"][0]["id"].as_str().expect("an object");
        bound += &format!("'deviceAppManagement/{place}/{{id}}' = '{id}'\n");
    }
    let below = places.map(|(_, place)| format!("'deviceAppManagement/{place}/{{id}}'")).join(", ");
    format!("write_below = [{below}]\n[bind]\n{bound}")
}

pub(crate) fn shown(output: &Output) -> (i32, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout) + &text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_before_an_answer_leaves_nothing_that_cleaning_up_does_not_find() {
    // The second creation is processed, but the response is lost.
    let posts = std::sync::atomic::AtomicUsize::new(0);
    let tenant = Tenant::start(move |_, method, _| match method {
        "POST" if posts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1 => Fault::Silence,
        _ => Fault::None,
    })
    .await;
    let mut child = tenant.spawn("--allow-writes");
    tenant.wait_for_objects(2).await;
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    let ledger = tenant.ledger().expect("a ledger");
    assert_eq!((ledger.matches(r#""entry":"intent""#).count(), ledger.matches(r#""entry":"created""#).count()), (2, 1));
    for round in ["first", "second"] {
        let (code, text) = tenant.run("--cleanup").await;
        assert_eq!(code, 0, "the {round} time: {text}");
        assert_eq!(tenant.sandbox.left(), [""; 0], "the {round} time: {text}");
    }
    assert_eq!(tenant.ledger(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_before_it_cleans_up_is_cleaned_up_by_the_next_run() {
    let held = std::sync::atomic::AtomicBool::new(false);
    let tenant = Tenant::start(move |_, method, _| {
        match method == "DELETE" && !held.swap(true, std::sync::atomic::Ordering::SeqCst) {
            true => Fault::Hold,
            false => Fault::None,
        }
    })
    .await;
    let mut child = tenant.spawn("--allow-writes");
    tenant.proxy.wait_for("DELETE").await;
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    let created = tenant.proxy.count("POST");
    assert!(created > 2 && tenant.sandbox.left().len() == created, "{:?}", tenant.proxy.methods());
    let ledger = tenant.ledger();
    let (code, text) = tenant.run("").await;
    assert_eq!(code, 2, "it had nothing to ask: {text}");
    assert_eq!(tenant.sandbox.left().len(), created, "a command that may only read leaves them there: {text}");
    assert_eq!(tenant.ledger(), ledger, "and the ledger as it was");
    let (code, text) = tenant.run("--allow-writes").await;
    assert_eq!((code, tenant.sandbox.left().len()), (0, 0), "{text}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_finishes_what_is_in_flight_and_cleans_up() {
    for signal in ["-INT", "-TERM"] {
        let posts = std::sync::atomic::AtomicUsize::new(0);
        let tenant = Tenant::start(move |_, method, _| match method {
            // The third waits when the signal comes; the fourth, which needs an object of the first, is not sent yet.
            "POST" if posts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 2 => {
                Fault::status("429 Too Many Requests", "Retry-After: 2\r\n")
            }
            _ => Fault::None,
        })
        .await;
        let child = tenant.spawn("--allow-writes");
        tenant.wait_for_objects(2).await;
        while tenant.proxy.count("POST") < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill is there");
        assert!(sent.success());
        let output = tokio::task::spawn_blocking(move || child.wait_with_output().expect("it ends"));
        let (code, text) = shown(&output.await.expect("it ends"));
        assert_eq!(code, 2, "{text}");
        for piece in
            ["stopping: what is in flight is finished", "skipped (stopped): ", "The run was stopped before its end."]
        {
            assert!(text.contains(piece), "{piece:?} should be in {text}");
        }
        assert_eq!(tenant.sandbox.left(), [""; 0], "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_with_one_profile_do_not_mix() {
    let held = std::sync::atomic::AtomicBool::new(false);
    let tenant = Tenant::start(move |_, method, _| {
        match method == "POST" && !held.swap(true, std::sync::atomic::Ordering::SeqCst) {
            true => Fault::status("429 Too Many Requests", "Retry-After: 1\r\n"),
            false => Fault::None,
        }
    })
    .await;
    let first = tenant.spawn("--allow-writes");
    tenant.proxy.wait_for("POST").await;
    let (code, text) = tenant.run("--allow-writes").await;
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("another run writes to this tenant"), "{text}");
    let output = tokio::task::spawn_blocking(move || first.wait_with_output().expect("it ends"));
    let (code, text) = shown(&output.await.expect("it ends"));
    assert_eq!((code, tenant.sandbox.left().len()), (0, 0), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_leave_not_one_write_reaches_the_provider() {
    let tenant = Tenant::start(|_, _, _| Fault::None).await;
    let check = async |arguments: &str| {
        let (code, text) = tenant.run(arguments).await;
        assert_eq!(code, 2, "{arguments}: {text}");
        let writes: Vec<String> = tenant.proxy.methods().into_iter().filter(|method| method != "GET").collect();
        assert_eq!(writes, [""; 0], "{arguments}: {text}");
    };
    check("").await;
    let profile = tenant.workspace.read("mine.toml");
    let unlisted = profile.lines().filter(|line| !line.starts_with("write_tenants")).collect::<Vec<_>>().join("\n");
    tenant.workspace.write("mine.toml", &unlisted);
    check("--allow-writes").await;
    check("--allow-writes --write-tenant another").await;
    tenant.workspace.write("mine.toml", unlisted.replace("tenant = ", "write_tenants = ['x']\ntenant = "));
    check("--allow-writes").await;
    // A token for another tenant than the profile says.
    check("--allow-writes --tenant x").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_for_stays_until_somebody_has_looked_after_it() {
    // The first creation has no answer, and from then on nothing can be listed.
    let is_lost = std::sync::atomic::AtomicBool::new(false);
    let tenant = Tenant::start(move |_, method, _| match method {
        "GET" if is_lost.load(std::sync::atomic::Ordering::SeqCst) => Fault::status("403 Forbidden", ""),
        "POST" if !is_lost.swap(true, std::sync::atomic::Ordering::SeqCst) => Fault::ResetAfter,
        _ => Fault::None,
    })
    .await;
    let (code, text) = tenant.run("--allow-writes").await;
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("what it creates may exist: GET http://127.0.0.1:"), "{text}");
    assert!(text.contains("--acknowledge"), "{text}");
    assert_eq!(tenant.run("--cleanup").await.0, 2, "it is not forgotten");
    assert_eq!(tenant.run("--cleanup --acknowledge").await.0, 0);
    assert_eq!(tenant.run("--cleanup").await.0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_run_writes_holds_a_secret_or_what_the_tenant_holds() {
    let personal = r#"{"id": "7", "displayName": "canary Ada", "installState": "canary of Ada", "deviceName": {"name": "canary"},
        "userPrincipalName": "canary@contoso.com", "lastSyncDateTime": "canary", "failedDeviceCount": "canary", "extra": ["canary"],
        "canary Ada": 1, "Canary@contoso.com": {"of canary": {"canary": true}}, "canary@odata.type": "x",
        "errorCode": "canary", "osVersion": 1, "pendingCount": "canary"}"#;
    let body = |status: &str, kind: &str, fields: &str, body: &str| {
        let length = body.len();
        Fault::Answer(format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{fields}Connection: close\r\n\r\n{body}"
        ))
    };
    let posts = std::sync::atomic::AtomicUsize::new(0);
    let tenant = Tenant::start(move |_, method, _| match method {
        "GET" => body("200 OK", "application/json", "", r#"{"value": [{"id": "1", "displayName": "canary"}]}"#),
        "POST" => match posts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => body("201 Created", "application/json", "", personal),
            1 => body(
                "400 Bad Request",
                "application/json",
                "",
                r#"{"error": {"code": "BadRequest", "message": "canary"}}"#,
            ),
            2 => body("302 Found", "text/plain", "Location: https://other.example/?sig=canary\r\n", "canary"),
            3 => body("201 Created", "text/plain; canary=canary", "Location: /v1.0/lamps/7?canary\r\n", "canary text"),
            _ => body("201 Created", "application/json", "Location: /v1.0/x/8\r\nX-Canary: canary\r\n", "[\"canary\"]"),
        },
        _ => Fault::status("204 No Content", ""),
    })
    .await;
    let bound = "--bind deviceAppManagement/mobileApps/{mobileAppId}=canary@contoso.com";
    for arguments in [
        "--allow-writes --strict --report report",
        &format!("{bound} --report bound --time-budget 5s"),
        "--cleanup",
        "--allow-writes --dry-run",
    ] {
        let mut command = tenant.command(arguments);
        command.env("TOKEN", TOKEN).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "1");
        let (_, text) = tenant.finish(command).await;
        assert!(text.contains("plan for "), "{arguments}: {text}");
        assert!(!text.to_lowercase().contains(CANARY), "{arguments}: {text}");
        for file in tenant.workspace.files() {
            let text = tenant.workspace.read(&file).to_lowercase();
            assert!(!text.contains(CANARY), "{arguments}: {file}: {text}");
        }
    }
    assert!(tenant.workspace.files().iter().any(|file| file.ends_with(".snap.new")), "there was drift to be written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_cannot_be_closed_is_said_and_the_run_is_reported() {
    let place: Arc<std::sync::OnceLock<std::path::PathBuf>> = Arc::default();
    let state = Arc::clone(&place);
    let tenant = Tenant::start(move |_, _, _| {
        // Meanwhile, somebody puts folders in place of the ledgers.
        let ledgers = state.get().and_then(|state| std::fs::read_dir(state).ok()).into_iter().flatten().flatten();
        for ledger in ledgers.map(|ledger| ledger.path()).filter(|ledger| ledger.is_file()) {
            std::fs::remove_file(&ledger).expect("removed");
            std::fs::create_dir(&ledger).expect("made");
        }
        Fault::status("403 Forbidden", "")
    })
    .await;
    place.set(tenant.workspace.path("state")).expect("once");
    let (code, text) = tenant.run("--allow-writes").await;
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("The ledger could not be closed: ") && text.contains("cannot remove it"), "{text}");
    let document: serde_json::Value = serde_json::from_str(&tenant.workspace.read("out.json")).expect("JSON");
    assert!(document["ledger_error"].as_str().is_some_and(|why| why.contains("cannot remove it")), "{document}");
}
