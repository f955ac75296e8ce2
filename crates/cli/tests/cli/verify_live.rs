//! `graph-contracts verify-live`

use crate::support::Workspace;

const SANDBOX: &str = "verify-live --sandbox --allow-writes --json out.json";

fn document(workspace: &Workspace) -> serde_json::Value {
    serde_json::from_str(&workspace.read("out.json")).expect("JSON")
}

/// The pending snapshots.
fn pending(workspace: &Workspace) -> Vec<String> {
    workspace.files().into_iter().filter(|file| file.ends_with(".snap.new")).collect()
}

#[test]
fn the_sandbox_needs_no_configuration_and_keeps_nothing() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run(SANDBOX);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("6 routes: 6 matched in "), "{ran:?}");
    assert!(ran.error.contains("a test double, not Microsoft Graph"), "{ran:?}");
    let document = document(&workspace);
    let numbers = ["routes", "matched", "drifted", "created", "deleted"].map(|name| document[name].as_u64());
    assert_eq!(numbers, [6, 6, 0, 6, 6].map(Some), "{document}");
    assert_eq!((&document["left_behind"], &document["skipped"]), (&serde_json::json!([]), &serde_json::json!({})));
    assert!(document["provider"].as_str().is_some_and(|provider| provider.starts_with("http://127.0.0.1:")));
    assert_eq!(pending(&workspace), [""; 0]);
    let only_reads = workspace.run("verify-live --sandbox");
    assert!(only_reads.out.ends_with("  graph-contracts verify-live --sandbox --allow-writes\n"), "{only_reads:?}");
}

#[test]
fn drift_is_pending_then_known_then_healed() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run(&format!("{SANDBOX} --sandbox-drift"));
    assert_eq!(ran.code, 1, "{ran:?}");
    for piece in [
        "6 routes: 6 drifted in ",
        "enumeration value not documented at $['installState']  001_db447d6de3041acf.txt:85",
        "request-id ",
        "graph-contracts review",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    let waiting = pending(&workspace);
    assert_eq!(waiting.len(), 5, "{waiting:?}");
    let text = workspace.read(&waiting[0]);
    assert!(text.contains("drift since ") && text.contains("001_db447d6de3041acf.txt:85"), "{text}");
    // What `cargo insta accept` does.
    for file in &waiting {
        let accepted = file.strip_suffix(".new").expect("pending");
        std::fs::rename(workspace.path(file), workspace.path(accepted)).expect("renamed");
    }
    let ran = workspace.run(&format!("{SANDBOX} --sandbox-drift"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("6 routes: 6 known drift in ") && ran.out.contains(", known since 20"), "{ran:?}");
    let ran = workspace.run(SANDBOX);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("6 routes: 6 healed in "), "{ran:?}");
    assert!(workspace.run("replay").code == 0, "accepted drift belongs to its contracts");
}

#[test]
fn nothing_is_written_without_leave() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run("verify-live --sandbox --json out.json");
    assert_eq!(ran.code, 2, "nothing was asked: {ran:?}");
    let document = document(&workspace);
    assert_eq!((&document["sent"], &document["created"]), (&0.into(), &0.into()), "{document}");
    assert_eq!(document["skipped"]["writes-not-allowed"], 6, "{document}");
}

#[test]
fn a_dry_run_sends_nothing_and_explains_itself() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run("verify-live --dry-run");
    assert_eq!(ran.code, 0, "{ran:?}");
    for piece in [
        "plan for https://graph.microsoft.com: 0 requests",
        "6 left out",
        "left out: writes-not-allowed: 6",
        "it writes; --allow-writes allows that",
        "No request would be sent; `graph-contracts explain verify-live` says what a plan needs.\n",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    for command in ["verify-live --dry-run", "verify-live --sandbox --dry-run"] {
        let ran = workspace.run(command);
        let next = format!("To plan what writes, too:\n  graph-contracts {command} --allow-writes\n");
        assert!(ran.out.ends_with(&next), "{ran:?}");
        let next = workspace.run(&format!("{command} --allow-writes"));
        assert!(!next.out.contains("--allow-writes allows that"), "{next:?}");
    }
    let ran = workspace.run("verify-live --sandbox --learn --dry-run");
    assert!(!ran.out.contains("To plan"), "a run that learns writes nothing: {ran:?}");
    let ran = workspace.run(&format!("{SANDBOX} --dry-run"));
    let plan = document(&workspace);
    assert_eq!((&plan["requests"], &plan["writes"], &plan["left_out"]), (&6.into(), &6.into(), &0.into()), "{plan}");
    assert_eq!(
        plan["steps"][0]["parameters"][0]["from"], "the first object of deviceappmanagement/managedebooks",
        "{plan}"
    );
    for piece in [
        "creations, each with its deletion: ",
        "deleted by its URL at the end",
        "1 write  POST http://127.0.0.1:",
        "/beta/deviceAppManagement/managedEBooks/{managedEBookId}/deviceStates/",
        "a signed-in user needs DeviceManagementApps.ReadWrite.All",
        "managedEBookId is the first object of deviceappmanagement/managedebooks",
        "userInstallStateSummaryId is the object that this run creates",
        "least privileged for a signed-in user: DeviceManagementApps.ReadWrite.All, ",
        &format!("Send these requests:\n  graph-contracts {SANDBOX}\n"),
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
}

/// A page with the operations of chats: their life, a message, and an action of which nothing is known.
const CHATS: &str = "# Chats\n\n## HTTP request\n\n```http\nPOST /chats\n```\n\n## Examples\n\n\
    ```http\nPOST https://graph.microsoft.com/v1.0/chats\nContent-Type: application/json\n\n{ \"topic\": \"a\" }\n```\n\n\
    ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{ \"id\": \"1\", \"topic\": \"a\" }\n```\n\n\
    ```http\nPOST https://graph.microsoft.com/v1.0/chats/{id}/messages\nContent-Type: application/json\n\n{ \"subject\": \"a\" }\n```\n\n\
    ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{ \"id\": \"1\", \"subject\": \"a\" }\n```\n\n\
    ```http\nPOST https://graph.microsoft.com/v1.0/chats/{id}/blink\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n\n\
    ```http\nDELETE https://graph.microsoft.com/v1.0/chats/{id}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";

#[test]
fn a_dry_run_has_the_effects_by_class_and_what_leave_for_them_adds() {
    let workspace = Workspace::with_contracts();
    workspace.write("pages/v1.0/chats.md", CHATS);
    let ran = workspace.run("import pages --out chats");
    assert_eq!(ran.code, 0, "{ran:?}");
    let plan = |arguments: &str| {
        let ran = workspace.run(&format!("{SANDBOX} --contracts chats --dry-run {arguments}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        (ran.out, document(&workspace))
    };
    let (out, document) = plan("");
    for piece in [
        "creations, each with its deletion: 1",
        "left out: effect-not-allowed: 2",
        "may send mail, messages or notifications to people (its route has `messages`); `allow_effects = [\"messages\"]` in the profile",
        "messages: 1 request may send mail, messages or notifications to people; `allow_effects = [\"messages\"]` adds 1 request",
        "other: 1 request may do what nothing is known of",
    ] {
        assert!(out.contains(piece), "{piece:?} should be in {out}");
    }
    assert_eq!(document["skipped"]["effect-not-allowed"], 2, "{document}");
    assert_eq!((&document["effects"][0]["class"], &document["effects"][0]["adds"]), (&"messages".into(), &1.into()));
    let (out, document) = plan("--allow-effect messages");
    assert!(
        out.contains("messages: 1 request may send mail, messages or notifications to people, as the profile allows"),
        "{out}"
    );
    assert_eq!(
        (&document["requests"], &document["skipped"]["effect-not-allowed"]),
        (&3.into(), &1.into()),
        "{document}"
    );
    workspace
        .check_refused("verify-live --sandbox --allow-effect mail", &["`mail` is not a class of effects", "sign-ins"]);
}

#[test]
fn a_dry_run_says_which_policy_is_sent_switched_off() {
    let workspace = Workspace::with_contracts();
    let policy = "{ \"displayName\": \"a\", \"isEnabled\": true }";
    let page = format!(
        "# Create policy\n\n## HTTP request\n\n```http\nPOST /policies/lampPolicies\n```\n\n## Example\n\n```http\n\
         POST https://graph.microsoft.com/v1.0/policies/lampPolicies\nContent-Type: application/json\n\n{policy}\n```\n\n```http\n\
         HTTP/1.1 201 Created\nContent-Type: application/json\n\n{policy}\n```\n"
    );
    workspace.write("pages/v1.0/policy.md", &page);
    assert_eq!(workspace.run("import pages --out policies").code, 0);
    let ran = workspace.run(&format!("{SANDBOX} --contracts policies --dry-run"));
    assert!(ran.out.contains("sent switched off: `isEnabled` is false"), "{ran:?}");
    let document = document(&workspace);
    assert_eq!(document["steps"][0]["switched_off"], "`isEnabled` is false", "{document}");
}

#[test]
fn what_cannot_run_says_why() {
    let workspace = Workspace::with_contracts();
    workspace.check_refused("verify-live", &["there is no token", "--token-env", "--sandbox"]);
    workspace.check_refused("verify-live --token-env NO_SUCH_VARIABLE", &["NO_SUCH_VARIABLE is not set"]);
    workspace.check_refused("verify-live --sandbox nothing-like-it", &["no contract's id contains nothing-like-it"]);
    workspace.check_refused("verify-live --profile nowhere.toml", &["nowhere.toml: cannot be read"]);
    workspace.write("mine.toml", "cluod = \"global\"\n");
    workspace.check_refused(
        "verify-live --profile mine.toml",
        &["mine.toml:1:1", "a profile has no key `cluod`; did you mean `cloud`?"],
    );
    // What a dry run cannot be wrong about, either.
    workspace.write("mine.toml", "tenant = \"t\"\nbase_url = \"https://lamps.example/v1.0\"\n");
    let pieces = ["mine.toml:2:1: `base_url`: leave out what follows the host"];
    workspace.check_refused("verify-live --profile mine.toml --dry-run", &pieces);
    let pieces = ["--base-url: `base_url`: without TLS the token could be read on the way"];
    workspace.check_refused("verify-live --profile mine.toml --base-url http://lamps.example --dry-run", &pieces);
    workspace.write("mine.toml", "[identity]\nkind = \"client-secret\"\n");
    workspace.check_refused("verify-live --profile mine.toml --dry-run", &["mine.toml:2:1: this kind of [identity]"]);
    workspace.check_refused("verify-live --identity client-secret --dry-run", &["--identity: this kind of [identity]"]);
}

#[test]
fn a_place_that_no_contract_has_is_said_with_its_own_place() {
    let workspace = Workspace::with_contracts();
    workspace
        .write("mine.toml", "[bind]\n\"deviceAppManagement/managedEBooks/{id}\" = \"a\"\n\"lamps/{id}\" = \"b\"\n");
    let ran = workspace.run("verify-live --profile mine.toml --bind rooms/{id}=c --dry-run");
    assert_eq!(ran.code, 0, "{ran:?}");
    let notes: Vec<&str> = ran.error.lines().collect();
    let expected = [
        "note: mine.toml:3:1: `lamps/{id}` in [bind] is in no route of the contracts, and does nothing",
        "note: --bind: `rooms/{id}` in [bind] is in no route of the contracts, and does nothing",
    ];
    assert_eq!(notes, expected, "{ran:?}");
}
