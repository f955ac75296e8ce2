//! `graph-contracts verify-live --learn`

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use graph_contracts::normal::{DEFAULT_RULES, Shape, VolatileRules};
use graph_contracts::source::SourceLine;
use graph_contracts_live::learn::{Evidence, Patch, Pattern, Proposal, Rule, Selector, ValuePosition};

use crate::support::{Ran, Workspace};
use graph_contracts_testing::{Fault, FaultyProxy};

const PATCH: &str = "target/verify-live/mine/volatile.patch";

/// A page with one pair that reads.
const LAMP: &str = "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{id}\n```\n\n## Example\n\n```http\n\
    GET https://graph.microsoft.com/v1.0/lamps/{id}\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
    {\n  \"id\": \"7\",\n  \"owner\": \"Ada\",\n  \"hours\": 5\n}\n```\n";

/// A service with one lamp, which is on as long as it is not told otherwise: its hours differ each time that it is read.
struct Tenant {
    workspace: Workspace,
    is_on: Arc<AtomicBool>,
    proxy: FaultyProxy,
}

impl Tenant {
    async fn start() -> Tenant {
        let workspace = Workspace::new();
        workspace.write("pages/lamp-get.md", LAMP);
        assert_eq!(workspace.run("import pages").code, 0);
        let (is_on, hours) = (Arc::new(AtomicBool::new(true)), AtomicUsize::new(1));
        let on = Arc::clone(&is_on);
        let answer = move |_, _: &str, path: &str| {
            let step = usize::from(on.load(Ordering::SeqCst));
            let hours = hours.fetch_add(step, Ordering::SeqCst);
            let lamp = format!(r#"{{"id": "canary-id", "owner": "canary-owner", "hours": {hours}}}"#);
            let body = if path.contains('?') { format!(r#"{{"value": [{lamp}]}}"#) } else { lamp };
            Fault::Answer(format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            ))
        };
        let proxy = FaultyProxy::start("127.0.0.1:9", answer).await.expect("a provider");
        let profile = format!("base_url = '{}'\ntoken_env = 'TOKEN'\nrequests_per_second = 1000\n", proxy.base);
        workspace.write("mine.toml", profile);
        Tenant { workspace, is_on, proxy }
    }

    /// Runs `--learn` to its end, while the service answers.
    async fn learn(&self) -> Ran {
        let mut command = self.workspace.command("verify-live --profile mine.toml --learn --json out.json");
        command.env("TOKEN", "canary-token");
        let output = tokio::task::spawn_blocking(move || command.output().expect("the command runs")).await;
        let output = output.expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: output.status.code().expect("an exit code"), out: text(output.stdout), error: text(output.stderr) }
    }

    fn document(&self) -> serde_json::Value {
        serde_json::from_str(&self.workspace.read("out.json")).expect("JSON")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_proposed_as_a_patch_which_a_person_applies() {
    let tenant = Tenant::start().await;
    let workspace = &tenant.workspace;
    let before = workspace.read("contracts/volatile.toml");
    let ran = tenant.learn().await;
    assert_eq!(ran.code, 0, "{ran:?}");
    for piece in [
        "differs at 1 place",
        "+path = \"$.hours\"",
        "lamp-get.md:22) $.hours: 1 of 1 differed, [int] each time",
        "1 route: 1 different in ",
        "3 requests sent, 0 repeated, 0 throttled; 1 rule proposed",
        "git apply 'target/verify-live/mine/volatile.patch'",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    let (patch, document) = (workspace.read(PATCH), tenant.document());
    assert_eq!((&document["rules"][0]["path"], &document["patch"]), (&"$.hours".into(), &PATCH.into()), "{document}");
    assert_eq!((&document["read"], &document["sent"]), (&1.into(), &3.into()), "{document}");
    for text in [&patch, &ran.out, &ran.error, &workspace.read("out.json")] {
        assert!(!text.contains("canary"), "{text}");
    }
    assert!(tenant.proxy.methods().iter().all(|method| method == "GET"));
    assert_eq!(workspace.read("contracts/volatile.toml"), before, "nothing is applied by itself");

    let applied = Command::new("git").args(["apply", PATCH]).current_dir(workspace.path("")).output();
    // Where git is not installed, there is nothing to go on with.
    if let Ok(applied) = applied {
        assert!(applied.status.success(), "{applied:?}");
        assert!(workspace.read("contracts/volatile.toml").starts_with(&before));
        let ran = tenant.learn().await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.contains("there is nothing to propose"), "{ran:?}");
        assert!(!workspace.path(PATCH).exists(), "the patch is applied, so it is gone");
        assert_eq!(workspace.run("replay --snapshots none").code, 0, "the rule masks what is documented");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_that_is_no_longer_true_is_removed() {
    let tenant = Tenant::start().await;
    tenant.is_on.store(false, Ordering::SeqCst);
    tenant.workspace.write(PATCH, "old");
    let ran = tenant.learn().await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("read twice") && ran.out.contains("there is nothing to propose"), "{ran:?}");
    assert!(!tenant.workspace.path(PATCH).exists());
    let document = tenant.document();
    assert_eq!((&document["rules"], document.get("patch")), (&serde_json::json!([]), None), "{document}");
}

#[test]
fn where_nothing_reads_there_is_nothing_to_learn_from() {
    let workspace = Workspace::with_contracts();
    workspace.write("target/verify-live/sandbox/volatile.patch", "old");
    let ran = workspace.run("verify-live --sandbox --learn --json out.json");
    assert_eq!(ran.code, 2, "{ran:?}");
    for piece in ["it writes, and --learn only reads", "Nothing was read twice", "and 6 of 6 routes write"] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
    assert_eq!((&document["sent"], &document["skipped"]["only-reads"]), (&0.into(), &6.into()), "{document}");
    assert_eq!(workspace.read("target/verify-live/sandbox/volatile.patch"), "old", "nothing contradicts it");
}

#[test]
fn learning_only_reads() {
    let workspace = Workspace::with_contracts();
    for other in ["--allow-writes", "--cleanup"] {
        let arguments = format!("verify-live --sandbox --learn {other}");
        workspace.check_refused(&arguments, &["'--learn' cannot be used with", other]);
    }
    let ran = workspace.run("verify-live --sandbox --learn --dry-run");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("it writes, and --learn only reads") && ran.out.contains(": 0 requests"), "{ran:?}");
}

/// Applies a patch of a file as a person does, and says whether it could be tried.
///
/// Here, and not beside the code: a ledger is locked until every process has closed it, and a process that is just being started has
/// what its parent had.
#[track_caller]
fn check_applied(program: &str, arguments: &[&str], folder: &str, existing: Option<&str>) -> bool {
    if Command::new(program).arg("--version").output().is_err() {
        return false;
    }
    let workspace = Workspace::new();
    let file = format!("{folder}/volatile.toml");
    workspace.write(&format!("{folder}/v1.0/get-lamp.json"), "");
    if let Some(text) = existing {
        workspace.write(&file, text);
    }
    let pattern = Pattern::default().member("value").elements().member("it's");
    let evidence = Evidence {
        contract: "v1.0/get-lamp".to_owned(),
        source: SourceLine::new("lamp-get.md", 22),
        at: ValuePosition::Body(pattern.clone()),
        shapes: BTreeSet::from([Shape::Int]),
        documented: None,
        differed: 1,
        compared: 2,
    };
    let rule = Rule::Body(Selector::narrowest([&pattern]).expect("a selector"));
    let evidence = vec![evidence];
    let proposal = Proposal { rule, reason: "Why.".to_owned(), evidence, unchanged: Vec::new(), unread: 0 };
    let patch =
        Patch::new(&workspace.path(""), &workspace.path(folder).join("volatile.toml"), &[proposal]).expect("a patch");
    let patch = patch.expect("a change");
    patch.write(&workspace.path(PATCH)).expect("written");
    let ran =
        Command::new(program).args(arguments).arg(PATCH).current_dir(workspace.path("")).output().expect("it runs");
    assert!(ran.status.success(), "{program} {folder} {existing:?}: {ran:?}\n{}", patch.diff);
    let text = workspace.read(&file);
    assert!(text.starts_with(existing.unwrap_or(DEFAULT_RULES)), "{text}");
    assert!(text.contains("path = \"$.value[*]['it\\\\'s']\""), "{text}");
    assert_eq!(text.contains("\r\n"), existing.is_some_and(|text| text.contains("\r\n")), "{text:?}");
    assert!(VolatileRules::parse(&file, &text).is_ok(), "{text}");
    true
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know what was not tried")]
fn a_patch_applies_with_git_and_with_patch() {
    let windows = DEFAULT_RULES.replace('\n', "\r\n");
    for (program, arguments) in [("git", ["apply"].as_slice()), ("patch", &["--binary", "-p1", "-i"])] {
        let files = [
            ("contracts", Some(DEFAULT_RULES)),
            ("my contracts", Some(DEFAULT_RULES)),
            ("contracts", Some("")),
            ("contracts", Some("# no line end")),
            ("contracts", Some(windows.as_str())),
            ("a/b", None),
        ];
        if !files.into_iter().all(|(folder, existing)| check_applied(program, arguments, folder, existing)) {
            eprintln!("{program} is not installed, so it is not tried whether it applies a patch");
        }
    }
}
