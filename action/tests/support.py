"""A job in which a step of the action runs: its folders, its environment, and the fake of GitHub."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from fake_github import REPOSITORY, FakeGitHub

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "ghs_this-is-secret"
MERGE, HEAD = "1" * 40, "2" * 40
LONGEST_STEP = 120

# The program that the steps find: it notes how it was called, and ends as the test says.
PROGRAM = """#!/usr/bin/env bash
printf '%s\\0' "$@" >"$RUNNER_TEMP/called"
env >"$RUNNER_TEMP/environment"
pwd >"$RUNNER_TEMP/folder"
exit "$(cat "$RUNNER_TEMP/exit")"
"""


class Job(unittest.TestCase):
    """A job for pull request 7."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        # A name with what shells act on.
        self.folder = Path(folder.name) / "job $(touch x) of it's"
        self.temp, self.workspace, self.bin = self.folder / "temp", self.folder / "workspace", self.folder / "bin"
        for own in (self.temp, self.workspace, self.bin):
            own.mkdir(parents=True)
        self.github = FakeGitHub(TOKEN)
        self.addCleanup(self.github.close)
        self.report = self.temp / "report"
        self.report.mkdir()
        self.program("graph-contracts", PROGRAM)
        self.ends_with(0)
        self.environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": self.github.url,
            "GITHUB_GRAPHQL_URL": f"{self.github.url}/graphql",
            "GITHUB_SERVER_URL": self.github.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "4711",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_SHA": MERGE,
            "RETRY_SECONDS": "0",
            # What the steps get from `action.yml`.
            "REPORT": str(self.report),
            "CATEGORY": "graph-contracts-lint",
            "EXIT_CODE": "1",
            "NUMBER": "7",
            "HEAD": HEAD,
            "HEAD_REPOSITORY": REPOSITORY,
            "TOKEN": TOKEN,
            "VERSION": "",
            "ACTION_REPOSITORY": "",
            "COMMAND": "lint",
            "PATHS": "",
            "CONFIGURATION": "",
            "BASELINE": "",
            "CHANGED_SINCE": "none",
            "FAIL_ON": "error",
            "ARGUMENTS": "",
            "BASE": "",
        }
        for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"):
            file = self.temp / name.lower()
            file.touch()
            self.environment[name] = str(file)

    def program(self, name, text):
        """Puts a program on the path."""
        file = self.bin / name
        file.write_text(text)
        file.chmod(0o755)

    def ends_with(self, status):
        """Lets the program end with this status."""
        (self.temp / "exit").write_text(str(status))

    def write(self, name, content):
        """Writes a report."""
        (self.report / name).write_text(content if isinstance(content, str) else json.dumps(content))

    def step(self, script, *arguments, status=0, folder=None, **environment):
        """What a step prints; its status has to be that one, and nothing that it leaves may have the token."""
        ran = subprocess.run(
            ["bash", str(ROOT / "action" / script), *arguments],
            cwd=folder or self.workspace,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_STEP,
        )
        self.assertEqual(ran.returncode, status, ran.stdout)
        secret = environment.get("TOKEN", TOKEN) or TOKEN
        for text in (ran.stdout, self.summary(), self.outputs_text()):
            self.assertNotIn(secret, text)
        # What a step needs is gone when it ends.
        self.assertEqual(list(self.temp.glob("graph-contracts.*")), [])
        return ran.stdout

    def summary(self):
        """The summary of the job."""
        return Path(self.environment["GITHUB_STEP_SUMMARY"]).read_text()

    def outputs_text(self):
        return Path(self.environment["GITHUB_OUTPUT"]).read_text()

    def outputs(self):
        """The outputs of the step."""
        return dict(line.split("=", 1) for line in self.outputs_text().splitlines())

    def called(self):
        """The arguments of the program."""
        return (self.temp / "called").read_bytes().decode().split("\0")[:-1]


def sarif(*messages):
    """A document of code scanning with findings."""
    results = [{"message": {"text": message}} for message in messages]
    return {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "graph-contracts"}}, "results": results}]}
