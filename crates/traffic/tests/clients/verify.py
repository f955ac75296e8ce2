#!/usr/bin/env python3
"""Clients with planted faults, run by `verify-client --proxy`: each fault is reported once, at its request, with the line of the page, and a client
without faults is not reported.

Usage: verify.py [--only TEXT] [--program FILE]. Needs a command line with TLS, which it builds as the tests with TLS do. A client is tried if its language is installed:
Python needs no packages, and the one that JavaScript needs is installed in a pinned version, below the build folder of Cargo."""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parents[1].parent / "serve" / "tests" / "clients"))
import run as suite  # noqa: E402  (the suite of `serve`, which installs clients and starts servers)

PAGES = HERE.parent / "pages"
METADATA = HERE.parent / "metadata.xml"
LONGEST_RUN = 60

# Each fault as it has to be reported: its kind, the requests, and the line of the page. Requests 1 to 7 are those of a client that keeps to the pages, the
# first of them for signing in; a fault with a token of its own signs in once more.
FAULTS = {
    "undocumented": ("undocumented", ["8"], "v1.0/lamp-get.md:29"),
    "undocumented-in-batch": ("undocumented", ["8.2"], "v1.0/lamp-get.md:29"),
    "beta": ("beta", ["9"], "beta/room-get.md:20"),
    "deprecated-by-page": ("deprecated", ["8"], "v1.0/bulb-get.md:1"),
    "deprecated-by-metadata": ("deprecated", ["8"], "v1.0/fuse-get.md:20"),
    "contradicted": ("contradicted", ["8"], "v1.0/lamp-list.md:29"),
    "invalid-body": ("invalid-body", ["8"], "v1.0/lamp-post.md:29"),
    "missing-header": ("header", ["8"], "v1.0/lamp-delete.md:27"),
    "header-for-option": ("header", ["8"], "v1.0/socket-list.md:34"),
    "wrong-header": ("header", ["8"], "v1.0/lamp-post.md:29"),
    "option-of-no-page": ("option", ["8"], "v1.0/lamp-list.md:29"),
    "option-of-metadata": ("option", ["8"], "v1.0/lamp-list.md:29"),
    "missing-permission": ("missing-permission", ["8"], "v1.0/lamp-get.md:5"),
    "excess-permission": ("excess-permission", [], None),
    "retry-after": ("retry-after", ["9"], None),
    "unsafe-retry": ("unsafe-retry", ["9"], None),
    "client-request-id": ("client-request-id", ["8"], None),
    "repeated-calls": ("repeated-calls", ["8", "9", "10", "11", "12"], None),
    "polling": ("polling", ["2", "8", "9", "10"], "v1.0/lamp-delta.md:20"),
}
# Where a service answers, nobody signs in here.
DRIFT = ("drift", ["7"], "v1.0/switch-get.md:29")


def python(_):
    """The command of the client in Python."""
    return [sys.executable, str(HERE / "python" / "client.py")]


def javascript(build):
    """The command of the client in JavaScript, its package installed; or why there is none."""
    if not (shutil.which("npm") and shutil.which("node")):
        return "Node.js or npm is not installed"
    folder = build / "javascript"
    shutil.copytree(HERE / "javascript", folder, dirs_exist_ok=True)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    suite.installed(folder, folder / "package-lock.json", lambda: suite.run(npm, cwd=folder, check=True, stdout=sys.stderr))
    return ["node", str(folder / "client.mjs")]


def drifted(build):
    """Pages that document an answer otherwise than those that the client is judged by."""
    folder = build / "drifted-pages"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PAGES, folder)
    page = folder / "v1.0" / "switch-get.md"
    text = page.read_text()
    assert text.count('"isOn": true') == 1
    page.write_text(text.replace('"isOn": true', '"isOn": "on"'))
    return folder


def token():
    """A token as clients get it, which nobody signs."""
    claims = base64.urlsafe_b64encode(json.dumps({"scp": "Lamp.ReadWrite"}).encode()).decode().rstrip("=")
    return f"e30.{claims}."


class Runs:
    """Runs of clients, and what is not as expected of them."""

    def __init__(self, program, contracts, build, only):
        self.program, self.contracts, self.build, self.only = program, contracts, build, only
        self.count, self.failures = 0, []

    def check(self, title, command, upstream, expected, environment=None):
        """Runs a client behind the proxy; `expected` is all that has to be found."""
        if not title.startswith(self.only):
            return
        self.count += 1
        results = self.build / "results.json"
        results.unlink(missing_ok=True)
        judged = [self.program, "verify-client", "--contracts", self.contracts, "--metadata", f"v1.0={METADATA}", "--deny", "all", "--json", results]
        # The certificate authority is made for this suite alone.
        told = {**os.environ, "XDG_DATA_HOME": str(self.build / "data"), "NO_COLOR": "1", **(environment or {})}
        ran = subprocess.run(
            [*judged, "--proxy", "--upstream", upstream, "--", *command],
            cwd=suite.ROOT, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LONGEST_RUN,
        )
        if not results.exists():
            self.failures.append(f"{title}: nothing is judged\n{ran.stdout}")
            return
        said = json.loads(results.read_text())
        everything = [own for outcome in said["outcomes"] for own in outcome["findings"]] + said["client"]
        found = sorted((own["kind"], own["numbers"], own["source"]) for own in everything if own["kind"] not in ("difference", "unknown"))
        problems = []
        if found != sorted(expected):
            problems.append(f"found {found} instead of {sorted(expected)}")
        if said["command_exit_code"] != 0:
            problems.append(f"the client ends with {said['command_exit_code']}")
        if ran.returncode != (1 if expected else 0):
            problems.append(f"the exit code is {ran.returncode}")
        if said["judged"] < 6 or said["unknown"]:
            problems.append(f"{said['judged']} requests are judged, and {said['unknown']} are unknown")
        secrets = [word for word in ("s3cret", "dana@", "kitchen") if word in results.read_text()]
        if secrets:
            problems.append(f"what the client sent is written: {secrets}")
        if problems:
            self.failures.append("\n".join([title, *(f"  {problem}" for problem in problems), ran.stdout]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="make only the runs whose `CLIENT: FAULT` begins with this text")
    parser.add_argument("--program", metavar="FILE", help="a command line with TLS, instead of one that is built")
    arguments = parser.parse_args()
    start = time.monotonic()
    build = Path(os.environ.get("CARGO_TARGET_DIR") or suite.ROOT / "target").resolve() / "faulty-clients"
    build.mkdir(parents=True, exist_ok=True)
    program = arguments.program or suite.program_with_tls()
    contracts = suite.imported(program, PAGES, build / "contracts")
    runs = Runs(program, contracts, build, arguments.only)
    for language, prepare in (("Python", python), ("JavaScript", javascript)):
        client = prepare(build)
        if isinstance(client, str):
            print(f"skipped: {client}, so the client in {language} is not tried")
            continue
        for upstream in ("stub", "tenant"):
            runs.check(f"{language}: no fault, {upstream}", client, upstream, [])
        for fault, expected in FAULTS.items():
            runs.check(f"{language}: {fault}", [*client, fault], "stub", [expected])
        by_base_url = ["sh", "-c", 'GRAPH_URL=$GRAPH_BASE_URL exec "$@"', "sh", *client, "undocumented"]
        runs.check(f"{language}: undocumented, by its base URL", by_base_url, "stub", [FAULTS["undocumented"]])
        for title, pages, expected in (("no fault, a service", PAGES, []), ("drift", drifted(build), [DRIFT])):
            service = suite.Server(program, suite.imported(program, pages, build / "served"), build, "--auth", "none")
            try:
                runs.check(f"{language}: {title}", [*client, "drift"], service.url, expected, {"GRAPH_TOKEN": token()})
            finally:
                service.stop()
    for failure in runs.failures:
        print(f"\n{failure}", file=sys.stderr)
    print(f"{runs.count} runs of clients behind the proxy, {len(runs.failures)} not as expected, in {time.monotonic() - start:.0f} s")
    sys.exit(1 if runs.failures else 0)


if __name__ == "__main__":
    main()
