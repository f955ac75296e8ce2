"""Whole runs of the action with the real program."""

import base64
import gzip
import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from support import Job

PAGE = """# Get lamp

## Permissions

| Permission type | Permissions |
|---|---|
| Application | Lamp.Read.All |

## HTTP request

```http
GET /lamps/{id}
```

## Example

```http
GET https://graph.microsoft.com/v1.0/lamps/7
```

```http
HTTP/1.1 200 OK
Content-Type: application/json

{
  "id": "7"
}
```
"""
# The body follows the header fields without a blank line.
DEFECTIVE = PAGE.replace("json\n\n{", "json\n{")
LINE = DEFECTIVE.splitlines().index("{") + 1


@unittest.skipUnless("REAL_PROGRAM" in os.environ, "no program is given, so no whole run of the action is tried")
class Program(Job):
    def setUp(self):
        super().setUp()
        self.program("graph-contracts", "")
        shutil.copy2(os.environ["REAL_PROGRAM"], self.bin / "graph-contracts")
        self.git("init", "--quiet", "--initial-branch=main")
        docs = self.workspace / "docs"
        docs.mkdir()
        (docs / "old page.md").write_text(DEFECTIVE)
        (docs / "lamp-get.md").write_text(PAGE)
        self.base = self.commit("base")
        (docs / "lamp-get.md").write_text(DEFECTIVE)
        self.head = self.commit("change")

    def git(self, *arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", str(self.workspace), *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def action(self, status, **inputs):
        """What the steps of the action print, one after the other, and the outputs of the first."""
        inputs = {"GITHUB_WORKSPACE": str(self.workspace), "BASE": self.base, "HEAD": self.head, "PATHS": "docs", **inputs}
        printed = [self.step("run.sh", **inputs)]
        outputs = self.outputs()
        then = {"REPORT": outputs["report"], "CATEGORY": outputs["category"], "EXIT_CODE": outputs["exit-code"]}
        for script, expected in [("sarif.sh", 0), ("comment.sh", 0), ("finish.sh", status)]:
            printed.append(self.step(script, status=expected, **{**inputs, **then}))
        return printed[0], Path(outputs["report"])

    def uploaded(self):
        return json.loads(gzip.decompress(base64.b64decode(self.github.uploads[-1]["sarif"])))["runs"][0]["results"]

    def places(self):
        locations = (result["locations"][0]["physicalLocation"] for result in self.uploaded())
        return sorted((place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in locations)

    def check_told_of_its_defect(self, **inputs):
        printed, report = self.action(1, FAIL_ON="warning", **inputs)
        self.assertEqual(self.places(), [("docs/lamp-get.md", LINE)])
        self.assertIn(f"::warning file=docs/lamp-get.md,line={LINE},", printed)
        (comment,) = self.github.comments
        self.assertIn(f"lamp-get.md:{LINE}", comment["body"])
        self.assertNotIn("old page.md:", comment["body"])
        # The program writes the summary, once.
        self.assertEqual(self.summary().strip(), (report / "summary.md").read_text().strip())

    def test_known_defects_are_not_reported(self):
        self.git("checkout", "--quiet", self.base)
        command = [self.bin / "graph-contracts", "lint", "docs", "--baseline", "known.json", "--update-baseline"]
        subprocess.run(command, cwd=self.workspace, check=True, stdout=subprocess.DEVNULL)
        self.git("checkout", "--quiet", self.head)
        self.check_told_of_its_defect(BASELINE="known.json", CHANGED_SINCE="none")

    def test_a_pull_request_is_told_of_its_own_defects(self):
        self.check_told_of_its_defect(CHANGED_SINCE="auto")

    def test_the_base_of_the_head_in_a_shallow_clone_is_asked_for(self):
        origin = self.workspace.rename(self.folder / "origin")
        self.workspace.mkdir()
        self.git("init", "--quiet")
        self.git("remote", "add", "origin", f"file://{origin}")
        self.git("fetch", "--quiet", "--depth=1", "origin", self.head)
        self.git("checkout", "--quiet", "--detach", self.head)
        printed, _ = self.action(2, CHANGED_SINCE="auto")
        self.assertIn("fetch-depth: 0", printed)

    def test_all_pages_are_linted_without_a_pull_request(self):
        self.action(0, BASE="", NUMBER="", HEAD="", CHANGED_SINCE="auto", GITHUB_REF="refs/heads/main")
        self.assertEqual(self.places(), [("docs/lamp-get.md", LINE), ("docs/old%20page.md", LINE)])
        self.assertEqual(self.github.comments, [])

    def test_a_page_that_is_not_there_fails_the_job(self):
        self.action(2, PATHS="docs/none.md", FAIL_ON="never", CHANGED_SINCE="none")
        self.assertEqual((self.github.uploads, self.github.comments), ([], []))

    def test_contracts_are_replayed(self):
        contracts = ["--contracts=made", "--pages-root=docs"]
        subprocess.run([self.bin / "graph-contracts", "import", "docs", *contracts], cwd=self.workspace, check=True, stdout=subprocess.DEVNULL)
        self.action(0, COMMAND="replay", PATHS="lamp-get", ARGUMENTS="\n".join([*contracts, "--snapshots=none"]), CATEGORY="")
        self.assertEqual(self.uploaded(), [])
        self.assertEqual(self.github.comments, [])
