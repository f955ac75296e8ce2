"""A fake of the parts of GitHub that the action talks to: comments, code scanning, the user of a token, and the files of a release."""

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "octo/docs"
USER = "github-actions[bot]"
# What GitHub takes (docs.github.com).
LONGEST_COMMENT = 65536


@dataclass(eq=False)
class Failure:
    """How a request is answered instead, once; it may be carried out all the same."""

    method: str
    end: str
    status: int
    fields: dict = field(default_factory=dict)
    content: object = field(default_factory=lambda: {"message": "not this time"})
    is_carried_out: bool = False


class FakeGitHub:
    """A server on a free port, with what is there and what was asked of it."""

    def __init__(self, token):
        self.token = token
        self.comments, self.uploads, self.files, self.requests, self.failures = [], [], {}, [], []
        self.may_write, self.user, self.processing = True, USER, [{"processing_status": "complete"}]
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                status, fields, content = server.answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                content = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = answer

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def comment(self, user, body):
        """Adds a comment."""
        self.comments.append({"id": 1000 + len(self.comments), "user": {"login": user}, "body": body})
        return self.comments[-1]

    def fail(self, method, end, status, times=1, **how):
        """Answers the next requests of this method, and whose path ends so, with a failure."""
        self.failures += [Failure(method, end, status, **how) for _ in range(times)]

    def count(self, method, end=""):
        """How many requests were sent."""
        return sum(own == method and urlsplit(path).path.endswith(end) for own, path in self.requests)

    def answer(self, method, target, headers, body):
        url = urlsplit(target)
        self.requests.append((method, target))
        failure = next((own for own in self.failures if own.method == method and url.path.endswith(own.end)), None)
        if failure:
            self.failures.remove(failure)
            if failure.is_carried_out:
                self.carry_out(method, url, json.loads(body or b"null"))
            return failure.status, failure.fields, failure.content
        if "/releases/download/" in url.path:
            found = url.path in self.files
            return (200, {}, self.files[url.path]) if found else (404, {}, b"Not Found")
        if headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {}, {"message": "Bad credentials"}
        if method != "GET" and url.path != "/graphql" and not self.may_write:
            return 403, {}, {"message": "Resource not accessible by integration"}
        status, content = self.carry_out(method, url, json.loads(body or b"null"))
        return status, {}, content

    def carry_out(self, method, url, body):
        """The status and content for a request that is allowed."""
        repository = f"/repos/{REPOSITORY}"
        if (method, url.path) == ("POST", "/graphql"):
            return 200, {"data": {"viewer": {"login": self.user}}}
        if url.path == f"{repository}/issues/7/comments":
            if method == "GET":
                query = parse_qs(url.query)
                size, page = int(query["per_page"][0]), int(query["page"][0])
                return 200, self.comments[size * (page - 1) : size * page]
            if len(body["body"]) > LONGEST_COMMENT:
                return 422, {"message": "Body is too long (maximum is 65536 characters)"}
            return 201, {**self.comment(self.user, body["body"]), "html_url": "https://github.example/comment"}
        if url.path == f"{repository}/code-scanning/sarifs" and method == "POST":
            self.uploads.append(body)
            return 202, {"id": "47177e22-5596-11eb-80a1-c1e54ef945c6"}
        if url.path.startswith(f"{repository}/code-scanning/sarifs/") and method == "GET":
            return 200, self.processing.pop(0) if len(self.processing) > 1 else self.processing[0]
        edited = re.fullmatch(rf"{repository}/issues/comments/(\d+)", url.path)
        own = [comment for comment in self.comments if edited and comment["id"] == int(edited[1])]
        if own and method == "PATCH":
            own[0]["body"] = body["body"]
            return 200, own[0]
        return 404, {"message": "Not Found"}
