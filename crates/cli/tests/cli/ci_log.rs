//! What a CI server reads in the log of a job: nothing that a page, a contract or a service says is a command for it.

use crate::support::{Ran, Workspace};

/// What GitHub Actions and others would act on.
const COMMANDS: [&str; 4] = ["::add-mask::x", "##[stop-commands]x", "##vso[task.setvariable]x", "##teamcity[x]"];

/// A project with a page that says a command wherever a page can say something, and has a defect.
fn workspace(command: &str) -> Workspace {
    let workspace = Workspace::new();
    let name = command.replace(['/', ':'], "");
    let page = format!(
        "{command}\n\n# {command} Get lamp\n\n{command}\n\n## HTTP request\n\n```http\nGET /lamps/{{id}}/{command}\n```\n\n\
         ## Example {command}\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps/{{id}}/{command}\n\
         Prefer: {command}\n```\n\n\
         ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\nX-Lamp: {command}\n\n\
         {{\n  \"id\": \"7\",\n  \"{command}\": \"{command}\",\n\
         \"{command}\": {command}\n}}\n```\n\n```http\n{command}\n```\n\n```http\nHTTP/1.1 200 OK\n\n{command}\n```\n"
    );
    let valid = page.replace(&format!(",\n\"{command}\": {command}"), "");
    workspace.write(&format!("docs/{name} lamp.md"), page);
    workspace.write("docs/lamp-get.md", valid);
    workspace
}

/// No line of the log is a command, but for the annotations that the project makes itself.
#[track_caller]
fn check(ran: &Ran, command: &str) {
    for line in ran.out.lines().chain(ran.error.lines()) {
        let is_own = ["::error ", "::warning ", "::notice "].iter().any(|own| line.starts_with(own));
        assert!(is_own || !line.trim_start().starts_with("::"), "{line:?} for {command} in {ran:?}");
        let is_old = |prefix| line.contains(prefix);
        assert!(!["##[", "##vso[", "##teamcity["].into_iter().any(is_old), "{line:?} for {command} in {ran:?}");
    }
}

#[test]
fn nothing_that_a_page_says_is_a_command() {
    for command in COMMANDS {
        let workspace = workspace(command);
        for arguments in [
            "lint docs",
            "lint docs --report lint",
            "import docs",
            "import docs --list",
            "replay --report replay",
            "prove",
            "verify-live --sandbox --dry-run",
            "verify-live --sandbox --sandbox-drift --report live",
            "review",
        ] {
            let mut run = workspace.command(arguments);
            let output = run.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", workspace.path("summary.md"));
            let output = output.output().expect("the command runs");
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
            let code = output.status.code().expect("an exit code");
            check(&Ran { code, out: text(output.stdout), error: text(output.stderr) }, command);
        }
        let out = workspace.read("summary.md");
        check(&Ran { code: 0, out, error: String::new() }, command);
    }
}
