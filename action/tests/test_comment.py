"""The comment on the pull request."""

from fake_github import LONGEST_COMMENT, REPOSITORY, USER
from support import HEAD, Job, sarif

MARKER = "<!-- graph-contracts-lint -->"


class Comment(Job):
    def setUp(self):
        super().setUp()
        self.write("summary.md", "## ❌ 1 of 2 pages has defects\n\n| outcome | pages |\n|---|---:|\n| defective | 1 |\n")

    def comment(self, **environment):
        return self.step("comment.sh", **environment)

    def bodies(self, user=USER):
        return [comment["body"] for comment in self.github.comments if comment["user"] == {"login": user}]

    def test_the_first_run_comments(self):
        self.comment()
        (body,) = self.bodies()
        self.assertTrue(body.startswith(f"{MARKER}\n## ❌ 1 of 2 pages has defects\n"), body)
        self.assertIn(f"{self.github.url}/{REPOSITORY}/actions/runs/4711", body)
        self.assertIn(HEAD, body)
        self.assertEqual(self.summary(), "")

    def test_the_second_run_edits_the_comment(self):
        self.comment()
        self.write("summary.md", "## ✅ all is well\n")
        self.comment(EXIT_CODE="0")
        (body,) = self.bodies()
        self.assertIn("all is well", body)
        self.assertEqual(self.github.count("PATCH"), 1)

    def test_another_use_of_the_action_has_a_comment_of_its_own(self):
        self.comment()
        self.comment(CATEGORY="graph-contracts-replay")
        self.assertEqual(len(self.bodies()), 2)

    def test_a_comment_on_the_second_page_is_found(self):
        for number in range(130):
            self.github.comment("someone", f"comment {number}")
        own = self.github.comment(USER, f"{MARKER}\nold")
        self.comment()
        self.assertIn("1 of 2 pages", own["body"])
        self.assertEqual(len(self.github.comments), 131)

    def test_a_full_last_page_is_the_last(self):
        for number in range(100):
            self.github.comment("someone", f"comment {number}")
        self.comment()
        self.assertEqual(len(self.github.comments), 101)

    def test_the_comment_of_somebody_else_with_the_marker_is_left_alone(self):
        other = self.github.comment("someone", f"{MARKER}\nmine")
        self.github.comments.append({"id": 5, "user": None, "body": None})
        self.comment()
        self.assertEqual(other["body"], f"{MARKER}\nmine")
        self.assertEqual(len(self.bodies()), 1)

    def test_an_own_comment_that_only_quotes_the_marker_is_left_alone(self):
        other = self.github.comment(USER, f"the marker is {MARKER}")
        self.comment()
        self.assertEqual(other["body"], f"the marker is {MARKER}")
        self.assertEqual(len(self.github.comments), 2)

    def test_a_token_of_a_person_finds_the_comments_of_that_person(self):
        self.github.user = "a-person"
        own = self.github.comment("a-person", f"{MARKER}\nold")
        self.comment()
        self.assertIn("1 of 2 pages", own["body"])

    def test_the_token_of_a_fork_writes_the_summary_only(self):
        self.github.may_write = False
        printed = self.comment(HEAD_REPOSITORY="stranger/docs")
        self.assertEqual(self.bodies(), [])
        self.assertIn("There is no comment on the pull request: the pull request is from a fork", self.summary())
        self.assertIn("::notice", printed)
        self.assertNotIn("pull_request_target", printed + self.summary())

    def test_a_token_without_permission_is_said_with_the_permission(self):
        self.github.may_write = False
        self.comment()
        self.assertIn("pull-requests: write", self.summary())
        self.assertIn("Resource not accessible by integration", self.summary())

    def test_a_token_that_is_not_valid_is_said(self):
        self.comment(TOKEN="ghs_other")
        self.assertIn("Bad credentials", self.summary())

    def test_what_is_no_token_is_not_sent(self):
        self.step("comment.sh", status=2, TOKEN='x"\nurl = "http://127.0.0.1/')
        self.assertEqual(self.github.requests, [])

    def test_a_rate_limit_is_waited_for(self):
        self.github.fail("POST", "/graphql", 429)
        self.github.fail("GET", "/comments", 429, fields={"Retry-After": "1"})
        self.github.fail("GET", "/comments", 403, fields={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"})
        self.github.fail("POST", "/comments", 429, fields={"retry-after": "0"})
        self.comment()
        self.assertEqual(self.github.failures, [])
        self.assertEqual(len(self.bodies()), 1)

    def test_a_rate_limit_of_an_hour_is_not_waited_for(self):
        self.github.fail("GET", "/comments", 429, fields={"Retry-After": "3600"})
        printed = self.comment()
        self.assertEqual(self.bodies(), [])
        self.assertIn("GitHub answered 429 (not this time)", self.summary())
        self.assertIn("::warning", printed)

    def test_a_failure_of_github_is_tried_again(self):
        for method, end, status in [("GET", "/comments", 502), ("POST", "/graphql", 500), ("POST", "/comments", 503)]:
            self.github.fail(method, end, status)
        self.comment()
        self.assertEqual(len(self.bodies()), 1)

    def test_a_comment_whose_answer_was_lost_is_not_repeated(self):
        self.github.fail("POST", "/comments", 502, is_carried_out=True)
        self.comment()
        self.assertEqual(len(self.bodies()), 1)

    def test_github_that_fails_all_the_time_is_said(self):
        self.github.fail("POST", "/comments", 500, times=9)
        self.comment()
        self.assertEqual(self.github.count("POST", "/comments"), 3)
        self.assertIn("GitHub answered 500", self.summary())

    def test_github_that_does_not_answer_is_said(self):
        self.comment(GITHUB_GRAPHQL_URL="http://127.0.0.1:1/graphql")
        self.assertIn("GitHub answered 000", self.summary())

    def test_a_comment_that_is_deleted_meanwhile_is_written_again(self):
        self.github.comment(USER, f"{MARKER}\nold")
        self.github.fail("PATCH", "/1000", 404)
        self.comment()
        self.assertEqual(len(self.github.comments), 1)
        self.assertIn("1 of 2 pages", self.github.comments[0]["body"])

    def test_what_github_says_is_no_command_and_no_markup(self):
        self.github.fail("GET", "/comments", 418, content={"message": "a\n::add-mask::b\r<img> [x](y) @you %"})
        printed = self.comment()
        self.assertNotIn("\n::add-mask::", printed)
        self.assertNotIn("<img>", self.summary())
        self.assertNotIn("@you", self.summary())
        self.assertIn("GitHub answered 418", self.summary())

    def test_an_answer_that_is_no_json_is_none(self):
        self.github.fail("GET", "/comments", 404, content=b"<html>")
        self.comment()
        self.assertIn("GitHub answered 404.", self.summary())

    def test_a_long_summary_is_cut_between_lines(self):
        row = "| mismatched | `ü|x` |\n"
        self.write("summary.md", "## long\n\n" + row * 9000)
        self.comment()
        (body,) = self.bodies()
        self.assertLess(len(body.encode()), LONGEST_COMMENT)
        self.assertGreater(len(body.encode()), LONGEST_COMMENT - 3000)
        self.assertIn("… and more: see [the summary of the run](http://", body)
        rows = body.split("… and more")[0].splitlines()[3:]
        self.assertEqual({line + "\n" for line in rows if line}, {row})

    def test_where_all_is_well_there_is_no_first_comment(self):
        self.write("results.sarif", sarif())
        self.comment(EXIT_CODE="0")
        self.assertEqual(self.bodies(), [])
        self.assertEqual(self.summary(), "")

    def test_findings_that_do_not_fail_the_job_are_commented_on(self):
        self.write("results.sarif", sarif("a warning"))
        self.comment(EXIT_CODE="0")
        self.assertEqual(len(self.bodies()), 1)

    def test_a_run_that_was_not_possible_edits_the_comment(self):
        own = self.github.comment(USER, f"{MARKER}\nold")
        (self.report / "summary.md").unlink()
        self.comment(EXIT_CODE="2")
        self.assertIn("could not run", own["body"])

    def test_without_a_pull_request_nothing_is_asked(self):
        self.comment(NUMBER="")
        self.assertEqual(self.github.requests, [])
