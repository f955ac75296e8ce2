"""Linting and replaying, and how the job ends."""

import shlex
import subprocess
from pathlib import Path

from support import TOKEN, Job


class Run(Job):
    def run_step(self, **more):
        return self.step("run.sh", **more)

    def report_folder(self, category="graph-contracts-lint"):
        return str(self.temp / "graph-contracts" / "reports" / category)

    def test_paths_are_handed_on_as_they_are(self):
        paths = ["docs/a page.md", "$(touch hacked)", "`id`", "a;b|c&d>e", "it's \"quoted\"", "*.md", "--deny", "é\\n"]
        self.run_step(PATHS="\n".join(paths) + "\n", ARGUMENTS="--metadata=v1.0=a b.xml\r\n\n")
        expected = ["lint", "--report", self.report_folder(), "--metadata=v1.0=a b.xml", "--", *paths]
        self.assertEqual(self.called(), expected)
        self.assertEqual(list(self.workspace.iterdir()), [])

    def test_a_last_line_without_an_end_counts(self):
        self.run_step(PATHS="a.md\nb.md", CATEGORY="")
        self.assertEqual(self.called()[-2:], ["a.md", "b.md"])

    def test_inputs_are_options(self):
        self.run_step(CONFIGURATION="my config.toml", BASELINE="known.json", FAIL_ON="warning", CHANGED_SINCE="origin/main")
        expected = "--config 'my config.toml' --changed-since origin/main --baseline known.json --deny warnings --"
        self.assertEqual(self.called()[3:], shlex.split(expected))

    def test_a_replay_has_only_the_options_of_a_replay(self):
        self.run_step(COMMAND="replay", BASELINE="known.json", FAIL_ON="warning", CHANGED_SINCE="auto", PATHS="v1.0/", CATEGORY="")
        self.assertEqual(self.called(), ["replay", "--report", self.report_folder("graph-contracts-replay"), "--", "v1.0/"])

    def test_the_job_ends_as_the_program_ended(self):
        for status, fail_on, expected in [
            (0, "error", 0),
            (1, "error", 1),
            (1, "warning", 1),
            (1, "never", 0),
            (2, "error", 2),
            (2, "never", 2),
            (137, "never", 137),
        ]:
            with self.subTest(status=status, fail_on=fail_on):
                self.ends_with(status)
                self.run_step(FAIL_ON=fail_on)
                outputs = self.outputs()
                self.assertEqual(outputs["exit-code"], str(status))
                self.step("finish.sh", EXIT_CODE=outputs["exit-code"], FAIL_ON=fail_on, status=expected)

    def test_the_next_steps_know_where_the_report_is(self):
        self.run_step(CATEGORY="other.pages_2")
        self.assertEqual(self.outputs()["report"], self.report_folder("other.pages_2"))
        self.assertEqual(self.outputs()["category"], "other.pages_2")
        self.assertTrue(Path(self.outputs()["report"]).is_dir())

    def test_a_report_of_an_earlier_step_is_gone(self):
        folder = Path(self.report_folder())
        folder.mkdir(parents=True)
        (folder / "results.sarif").write_text("old")
        self.run_step()
        self.assertEqual(list(folder.iterdir()), [])

    def test_the_program_has_no_token_and_runs_where_the_step_runs(self):
        docs = self.workspace / "docs"
        docs.mkdir()
        self.run_step(folder=docs)
        self.assertNotIn(TOKEN, (self.temp / "environment").read_text())
        self.assertEqual((self.temp / "folder").read_text().strip(), str(docs))

    def test_inputs_that_are_not_possible_are_said(self):
        for environment, said in [
            ({"COMMAND": "prove; id"}, "command: 'prove; id'"),
            ({"FAIL_ON": "note"}, "fail-on: 'note'"),
            ({"CATEGORY": "../up"}, "category: '../up'"),
            ({"CATEGORY": "a --> b"}, "category: 'a --> b'"),
            ({"GITHUB_EVENT_NAME": "pull_request_target"}, "let the workflow run on pull_request"),
        ]:
            with self.subTest(environment):
                self.assertIn(said, self.run_step(status=2, **environment))
                self.assertFalse((self.temp / "called").exists())


class ChangedSince(Job):
    """The base of a pull request, in clones as actions/checkout makes them."""

    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin"
        self.git(self.folder, "init", "--quiet", "--initial-branch=main", str(self.origin))
        # GitHub gives any commit that is asked for.
        self.git(self.origin, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.first = self.commit("first")
        self.git(self.origin, "checkout", "--quiet", "-b", "topic")
        self.head = self.commit("change")
        self.git(self.origin, "checkout", "--quiet", "main")
        # The base moves on after the event.
        self.main = self.commit("second")
        self.git(self.origin, "checkout", "--quiet", "--detach")
        self.git(self.origin, "merge", "--quiet", "--no-ff", "--message", "merge", "topic")
        self.merge = self.git(self.origin, "rev-parse", "HEAD")
        self.git(self.origin, "update-ref", "refs/pull/7/merge", self.merge)

    def git(self, folder, *arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", str(folder), *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def commit(self, name):
        (self.origin / name).write_text(name)
        self.git(self.origin, "add", name)
        self.git(self.origin, "commit", "--quiet", "--message", name)
        return self.git(self.origin, "rev-parse", "HEAD")

    def check_out(self, commit, *depth):
        self.git(self.workspace, "init", "--quiet", "--initial-branch=main")
        self.git(self.workspace, "remote", "add", "origin", f"file://{self.origin}")
        self.git(self.workspace, "fetch", "--quiet", "--no-tags", *depth, "origin", commit)
        self.git(self.workspace, "checkout", "--quiet", "--detach", commit)

    def check(self, expected, status=0, **environment):
        event = {"GITHUB_SHA": self.merge, "BASE": self.first, "CHANGED_SINCE": "auto"}
        printed = self.step("run.sh", status=status, **{**event, **environment})
        if status == 0:
            called = self.called()
            self.assertEqual(called[called.index("--changed-since") + 1] if "--changed-since" in called else None, expected)
        return printed

    def test_a_shallow_clone_of_the_merge_gets_its_base(self):
        self.check_out(self.merge, "--depth=1")
        self.check(self.main)
        # The program can compare them, and goes back as far as that.
        self.assertEqual(self.git(self.workspace, "diff", "--name-only", f"{self.main}...HEAD"), "change")
        self.assertEqual(self.git(self.workspace, "rev-list", "--count", "HEAD"), "3")

    def test_a_whole_clone_of_the_merge_has_its_base(self):
        self.check_out(self.merge)
        self.check(self.main)

    def test_a_whole_clone_of_the_head_stays_whole(self):
        self.check_out(self.head)
        self.check(self.main, BASE=self.main)
        self.assertEqual(self.git(self.workspace, "merge-base", self.main, "HEAD"), self.first)

    def test_a_shallow_clone_of_the_head_stays_shallow(self):
        self.check_out(self.head, "--depth=1")
        self.check(self.main, BASE=self.main)
        self.assertEqual(self.git(self.workspace, "rev-list", "--count", self.main, "HEAD"), "2")

    def test_a_base_that_cannot_be_fetched_is_said(self):
        self.check_out(self.merge, "--depth=1")
        self.git(self.workspace, "remote", "remove", "origin")
        self.assertIn("cannot be fetched", self.check(None, status=2))

    def test_the_token_is_used_where_there_is_no_other_way(self):
        self.check_out(self.merge, "--depth=1")
        real = subprocess.run(["which", "git"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        self.program("git", f"""#!/usr/bin/env bash
if [ "$1" = fetch ]; then
    [ -n "${{GIT_CONFIG_VALUE_0:-}}" ] || exit 128
    printf '%s=%s' "$GIT_CONFIG_KEY_0" "$GIT_CONFIG_VALUE_0" >"$RUNNER_TEMP/header"
fi
exec {shlex.quote(real)} "$@"
""")
        self.check(self.main)
        header = (self.temp / "header").read_text()
        self.assertIn(f"http.{self.github.url}/.extraheader=AUTHORIZATION: basic ", header)

    def test_without_a_pull_request_all_pages_are_linted(self):
        self.check_out(self.main)
        self.check(None, BASE="", GITHUB_REF="refs/heads/main", GITHUB_SHA=self.main)

    def test_a_commit_that_is_given_counts(self):
        self.check_out(self.merge)
        self.check("v1 docs", CHANGED_SINCE="v1 docs")
        self.check(None, CHANGED_SINCE="none")
