"""The upload to code scanning."""

import base64
import gzip
import json
import random
import subprocess

from fake_github import REPOSITORY
from support import MERGE, Job, sarif


class Sarif(Job):
    def setUp(self):
        super().setUp()
        self.write("results.sarif", sarif("first", "second"))

    def sarif(self, **environment):
        return self.step("sarif.sh", **environment)

    def uploaded(self):
        (upload,) = self.github.uploads
        return upload, json.loads(gzip.decompress(base64.b64decode(upload["sarif"], validate=True)))

    def test_findings_are_uploaded_for_the_merge_of_the_pull_request(self):
        self.sarif()
        upload, document = self.uploaded()
        self.assertEqual((upload["commit_sha"], upload["ref"]), (MERGE, "refs/pull/7/merge"))
        self.assertEqual([result["message"]["text"] for result in document["runs"][0]["results"]], ["first", "second"])
        self.assertEqual(document["runs"][0]["automationDetails"]["id"], "graph-contracts-lint/")
        self.assertEqual(self.github.count("GET", "c1e54ef945c6"), 1)
        self.assertEqual(self.summary(), "")

    def test_findings_on_the_head_are_uploaded_for_the_head(self):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", str(self.workspace)]
        subprocess.run([*git, "init", "--quiet"], check=True)
        subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "a"], check=True)
        head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        self.sarif(HEAD=head)
        upload, _ = self.uploaded()
        self.assertEqual((upload["commit_sha"], upload["ref"]), (head, "refs/pull/7/head"))

    def test_a_push_is_uploaded_for_its_branch(self):
        self.sarif(GITHUB_REF="refs/heads/main", HEAD="")
        upload, _ = self.uploaded()
        self.assertEqual((upload["commit_sha"], upload["ref"]), (MERGE, "refs/heads/main"))

    def test_what_is_too_large_is_not_sent(self):
        random.seed(7)
        self.write("results.sarif", sarif(*(random.randbytes(1000).hex() for _ in range(11000))))
        printed = self.sarif()
        self.assertEqual(self.github.requests, [])
        self.assertIn("they are more than the 10485760 that GitHub takes", self.summary())
        self.assertIn("::warning", printed)

    def test_what_github_finds_too_large_is_said(self):
        self.github.fail("POST", "/sarifs", 413)
        self.sarif()
        self.assertIn("they are more than GitHub takes", self.summary())

    def test_the_token_of_a_fork_writes_the_summary_only(self):
        self.github.may_write = False
        printed = self.sarif(HEAD_REPOSITORY="stranger/docs")
        self.assertIn("The findings are not in code scanning: the pull request is from a fork", self.summary())
        self.assertIn("::notice", printed)

    def test_a_repository_without_code_scanning_is_said(self):
        self.github.fail("POST", "/sarifs", 403)
        self.sarif()
        self.assertIn("security-events: write", self.summary())

    def test_a_rate_limit_is_waited_for_and_a_failure_said(self):
        self.github.fail("POST", "/sarifs", 429, fields={"Retry-After": "0"})
        self.sarif()
        self.assertEqual(len(self.github.uploads), 1)
        self.github.fail("POST", "/sarifs", 500)
        self.sarif()
        self.assertEqual(len(self.github.uploads), 1)
        self.assertIn("GitHub answered 500", self.summary())

    def test_what_code_scanning_does_not_take_is_said(self):
        self.github.processing = [{"processing_status": "pending"}, {"processing_status": "failed", "errors": ["rejecting <SARIF>", "and more"]}]
        self.sarif()
        self.assertIn("Code scanning does not take the findings: rejecting (SARIF); and more", self.summary())

    def test_code_scanning_that_takes_its_time_is_not_waited_for(self):
        self.github.processing = [{"processing_status": "pending"}]
        self.assertIn("has not read them yet", self.sarif())

    def test_where_all_is_well_the_alerts_of_earlier_runs_are_closed(self):
        (self.report / "results.sarif").unlink()
        self.sarif(EXIT_CODE="0")
        _, document = self.uploaded()
        self.assertEqual(document["runs"][0]["results"], [])
        self.assertEqual(document["runs"][0]["automationDetails"]["id"], "graph-contracts-lint/")

    def test_findings_on_no_page_of_the_repository_close_nothing(self):
        (self.report / "results.sarif").unlink()
        self.sarif(EXIT_CODE="1")
        self.assertEqual(self.github.requests, [])
