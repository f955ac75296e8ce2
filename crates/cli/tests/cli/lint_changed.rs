//! `graph-contracts lint` of what has changed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::{PAGE, Workspace};

/// A repository with two pages that have a TODO each, a page of a resource, and an included file that includes another.
fn repository() -> Workspace {
    let workspace = Workspace::new();
    let resource = "# lamp resource type\n\n## Properties\n\n|Property|Type|\n|:--|:--|\n|id|String|\n\n## JSON representation\n\n\
        <!-- {\"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\"} -->\n```json\n{\n  \"id\": \"String\"\n}\n```\n";
    let get =
        PAGE.replace("# Get lamp\n", "# Get lamp\n\nTODO: get\n\n## Permissions\n\n[!INCLUDE [p](../includes/a.md)]\n");
    let list = PAGE.replace("# Get lamp\n", "# List lamps\n\nTODO: list\n").replace(
        "```http\nHTTP",
        "<!-- {\"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\"} -->\n```http\nHTTP",
    );
    workspace.write("docs/v1.0/api/lamp-get.md", get);
    workspace.write("docs/v1.0/api/lamp-list.md", list);
    workspace.write("docs/v1.0/resources/lamp.md", resource);
    workspace.write("docs/v1.0/includes/a.md", "[!INCLUDE [p](b.md)]\n");
    workspace.write("docs/v1.0/includes/b.md", "Text.\n");
    git(&workspace, "init -q -b main");
    commit(&workspace);
    git(&workspace, "checkout -q -b branch");
    workspace
}

fn git(workspace: &Workspace, arguments: &str) {
    let own = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let status = Command::new("git").args(own).args(arguments.split(' ')).current_dir(workspace.path("")).status();
    assert!(status.expect("git runs").success(), "{arguments}");
}

fn commit(workspace: &Workspace) {
    git(workspace, "add -A");
    git(workspace, "commit -q -m x");
}

/// The pages with a TODO that a command reports, and the summary.
#[track_caller]
fn check(workspace: &Workspace, command: &str, expected: &[&str], summary: &str) {
    let ran = workspace.run(command);
    let found: Vec<&str> = ran.out.lines().filter_map(|line| line.trim_start().strip_prefix("--> ")).collect();
    assert_eq!((found.as_slice(), ran.out.contains(summary)), (expected, true), "{command}: {ran:?}");
}

const SINCE: &str = "lint docs --only todo-left --changed-since main";
const GET: &str = "docs/v1.0/api/lamp-get.md:3:1";
const LIST: &str = "docs/v1.0/api/lamp-list.md:3:1";

#[test]
fn only_pages_that_have_changed_are_judged() {
    let workspace = repository();
    check(&workspace, SINCE, &[], "0 of 3 pages: 0 defects");
    // Not committed yet.
    workspace.edit("docs/v1.0/api/lamp-get.md", "TODO: get", "TODO: get it");
    check(&workspace, SINCE, &[GET], "1 of 3 pages: 1 defect");
    commit(&workspace);
    check(&workspace, SINCE, &[GET], "1 of 3 pages: 1 defect");
    // What has changed on the other branch since is no change of this one.
    git(&workspace, "checkout -q main");
    workspace.edit("docs/v1.0/api/lamp-list.md", "TODO: list", "TODO: list them");
    commit(&workspace);
    git(&workspace, "checkout -q branch");
    check(&workspace, SINCE, &[GET], "1 of 3 pages: 1 defect");
    // A new page, and one that is renamed.
    workspace.write("docs/v1.0/api/new.md", "# New\n\nTODO: new\n");
    git(&workspace, "mv docs/v1.0/api/lamp-list.md docs/v1.0/api/lamps.md");
    let expected = [GET, "docs/v1.0/api/lamps.md:3:1", "docs/v1.0/api/new.md:3:1"];
    check(&workspace, SINCE, &expected, "3 of 4 pages: 3 defects");
}

#[test]
fn a_page_has_changed_if_what_it_includes_or_shows_has() {
    let workspace = repository();
    workspace.edit("docs/v1.0/includes/b.md", "Text.", "Other text.");
    check(&workspace, SINCE, &[GET], "1 of 3 pages: 1 defect");
    std::fs::remove_file(workspace.path("docs/v1.0/includes/b.md")).expect("it is there");
    check(&workspace, SINCE, &[GET], "1 of 3 pages: 1 defect");
    git(&workspace, "checkout -q .");
    workspace.edit("docs/v1.0/resources/lamp.md", "|id|String|", "|id|String|\n|on|Boolean|");
    check(&workspace, SINCE, &[LIST], "2 of 3 pages: 1 defect");
}

#[test]
fn without_the_commit_or_a_repository_it_is_said_what_to_do() {
    let workspace = repository();
    workspace.check_refused(
        "lint docs --changed-since other",
        &["--changed-since other", "no such commit", "fetch-depth: 0"],
    );
    workspace.check_refused("lint docs --changed-since=--upload-pack=x", &["no such commit"]);
    git(&workspace, "checkout -q --orphan lonely");
    workspace.edit("docs/v1.0/includes/b.md", "Text.", "Other text.");
    commit(&workspace);
    workspace.check_refused(SINCE, &["no commit in common"]);
    let outside = Workspace::new();
    outside.write("docs/a.md", "# A\n");
    outside.check_refused("lint docs --changed-since main", &["is in no Git repository"]);
    let without_git = workspace.command(SINCE).env("PATH", "").output().expect("it runs");
    let error = String::from_utf8_lossy(&without_git.stderr);
    assert_eq!((without_git.status.code(), error.contains("there is no `git` here")), (Some(2), true), "{error}");
}

#[test]
fn a_list_on_standard_input_says_what_is_judged() {
    let workspace = repository();
    let run = |arguments: &str, list: &str| {
        let mut command = workspace.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        child.stdin.take().expect("a pipe").write_all(list.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    let check = |arguments: &str, list: &str, summary: &str| {
        let (code, out) = run(arguments, list);
        assert_eq!((code, out.contains(summary)), (Some(0), true), "{arguments} {list:?}: {out}");
    };
    check("lint docs - --only todo-left", "docs/v1.0/api/lamp-get.md\n", "1 of 3 pages: 1 defect");
    check("lint docs - --only todo-left", "docs/v1.0/includes/b.md\0README.md\0", "1 of 3 pages: 1 defect");
    check("lint docs - --only todo-left", "docs/v1.0/includes/gone.md\n", "0 of 3 pages: 0 defects");
    check("lint - --only todo-left", "docs/v1.0/api/lamp-get.md\r\ndocs/gone.md\nsrc/a.rs\n", "1 page: 1 defect");
    check("lint - --only todo-left", "", "0 pages: 0 defects");
    let (code, out) = run("lint docs - --changed-since main", "a.md\n");
    assert_eq!((code, out.contains("give one of them")), (Some(2), true), "{out}");
}

#[test]
fn the_command_that_reports_what_a_branch_adds_names_a_commit_that_there_is() {
    let check = |workspace: &Workspace, expected: &str| {
        let ran = workspace.run("lint docs --baseline baseline.json --update-baseline");
        let next = format!("  graph-contracts lint docs --baseline baseline.json{expected} --deny warnings\n");
        assert!(ran.out.ends_with(&next), "{expected}: {ran:?}");
    };
    let workspace = repository();
    check(&workspace, " --changed-since main");
    git(&workspace, "branch -m main trunk");
    check(&workspace, " --changed-since branch");
    git(&workspace, "update-ref refs/remotes/origin/trunk trunk");
    git(&workspace, "symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk");
    check(&workspace, " --changed-since origin/trunk");
    let workspace = Workspace::new();
    workspace.write("docs/a.md", PAGE);
    check(&workspace, "");
    git(&workspace, "init -q -b first");
    check(&workspace, " --changed-since first");
}
