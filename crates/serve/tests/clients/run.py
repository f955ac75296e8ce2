#!/usr/bin/env python3
"""Real clients of Microsoft Graph against `serve`: installs them in pinned versions, makes their calls, and prints a table.

Usage: run.py [--tls] [--only TEXT]. The calls are in parts, which are the folders of the scripts:

- pages: against the contracts of the pages beside this file
- corpus: against those of `../shared/corpus`, if it is there
- tenant: life cycles against the same contracts with `--state tenant`
- sign-in: tokens, and calls through the proxy; needs a command line with TLS, which `--tls` lets it build as the tests with TLS do

What each client sent is judged by `verify-client`, too: every call, none that a page documents as undocumented, and coverage adds up.

Exits with 1 if the client does not see the documented values, if another page answers, if more than 2 of 100 calls have no answer, or if it takes
more than 15 minutes; of these, a client has 5 at most.

Packages go below the build folder of Cargo, and are installed again when their lock file changes."""

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import venv
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
LONGEST_START = 60
LONGEST_CLIENT = 300
LONGEST_SUITE = 15 * 60
# Of a hundred calls so many have to be answered.
LEAST_ANSWERED = 98
BEGINNING = time.monotonic()


TOO_LONG = f"the suite takes more than {LONGEST_SUITE // 60} minutes, so it ends here; clients that are not in the table were not tried"


def left():
    """How many seconds the suite has left. It ends where there are none."""
    seconds = LONGEST_SUITE - (time.monotonic() - BEGINNING)
    return seconds if seconds > 0 else sys.exit(TOO_LONG)


def run(command, **options):
    """Runs a program to its end, or to that of the suite."""
    try:
        return subprocess.run(command, timeout=left(), **options)
    except subprocess.TimeoutExpired:
        sys.exit(TOO_LONG)


def cargo(*arguments, **options):
    return run(["cargo", *arguments], cwd=ROOT, check=True, **options)


def program(name, *arguments):
    """The program of that name that Cargo builds."""
    built = cargo(*arguments, "--quiet", "--locked", "--message-format", "json", stdout=subprocess.PIPE, text=True)
    messages = (json.loads(line) for line in built.stdout.splitlines() if line.startswith("{"))
    # The unit tests of a program have its name, too.
    own = (own for own in messages if own.get("executable") and not own["profile"]["test"])
    return next(own for own in own if own["target"]["name"] == name and "bin" in own["target"]["kind"])["executable"]


def program_with_tls():
    """The command line with TLS, as the tests with TLS build it: nothing is built where they have run."""
    packages = [f"--package=graph-contracts-{name}" for name in ("identity", "cli", "serve")]
    return program("graph-contracts", "test", "--no-run", *packages, "--features=graph-contracts-cli/live,graph-contracts-serve/tls-client")


def installed(folder, lock, install):
    """Calls `install` unless it has been called for this lock file."""
    stamp = folder / ".installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        install()
        stamp.write_text(digest)


def javascript(build, part, script):
    """The command of a script for Node, its packages installed."""
    if not (shutil.which("npm") and shutil.which("node")):
        return "npm is not installed"
    folder = build / "javascript"
    shutil.copytree(HERE / "javascript", folder, dirs_exist_ok=True)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    installed(folder, folder / "package-lock.json", lambda: run(npm, cwd=folder, check=True, stdout=sys.stderr))
    return ["node", str(folder / part / script)]


def browser(build, part, script):
    """The command of a script for Node that uses a browser."""
    found = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if found is None:
        return "there is no browser"
    os.environ["BROWSER"] = found
    return javascript(build, part, script)


def python(build, part, script):
    """The command of a script for Python, its packages installed."""
    folder, pins = build / "python", HERE / "python" / "requirements.txt"
    own = folder / "bin" / "python"

    def install():
        try:
            venv.create(folder, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, ImportError):
            return
        pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps", "-r", pins]
        run(pip, check=True, stdout=sys.stderr)

    folder.mkdir(parents=True, exist_ok=True)
    installed(folder, pins, install)
    if subprocess.run([own, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        return "pip is not installed"
    return [str(own), str(HERE / "python" / part / script)]


def rust(build, part, _):
    """The command of the program in Rust, built."""
    folder = build / "rust"
    manifest = str(HERE / "rust" / "Cargo.toml")
    cargo("build", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", str(folder))
    return [str(folder / "debug" / "graph-clients"), part]


# The clients of each part.
GRAPH_CLIENT = ("@microsoft/microsoft-graph-client", javascript, "graph-client.mjs")
MSGRAPH_SDK = ("@microsoft/msgraph-sdk", javascript, "msgraph-sdk.mjs")
BROWSER = ("fetch in Chromium", browser, "browser.mjs")
MSGRAPH_SDK_PYTHON = ("msgraph-sdk for Python", python, "msgraph_sdk.py")
O365 = ("O365", python, "o365.py")
GRAPH_RS_SDK = ("graph-rs-sdk", rust, None)
PARTS = {
    "pages": [GRAPH_CLIENT, MSGRAPH_SDK, BROWSER, MSGRAPH_SDK_PYTHON, O365, GRAPH_RS_SDK],
    "corpus": [GRAPH_CLIENT, MSGRAPH_SDK, MSGRAPH_SDK_PYTHON, O365, GRAPH_RS_SDK],
    "tenant": [GRAPH_CLIENT, MSGRAPH_SDK, MSGRAPH_SDK_PYTHON],
    "sign-in": [
        ("@azure/identity", javascript, "azure-identity.mjs"),
        ("@azure/msal-node", javascript, "msal-node.mjs"),
        ("azure-identity for Python", python, "azure_identity.py"),
        ("msal for Python", python, "msal_python.py"),
    ],
}


class Server:
    """Contracts that are served on a free port."""

    def __init__(self, program, contracts, build, *options):
        ready = build / "ready"
        ready.unlink(missing_ok=True)
        self.program, self.contracts, self.archive = program, contracts, build / "traffic.har"
        command = [program, "serve", "--contracts", contracts, "--port", "0", "--ready-file", ready, "--har", self.archive, *options]
        self.log = build / "serve.log"
        # The certificate authority is made for this suite alone.
        self.data = build / "data"
        environment = {**os.environ, "XDG_DATA_HOME": str(self.data)}
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)
        start = time.monotonic()
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() - start > LONGEST_START:
                sys.exit(f"the server does not start; see {self.log}")
            time.sleep(0.05)
        self.url = ready.read_text().strip()

    def environment(self, contracts):
        """What a client is told."""
        # `localhost` is `::1` for some clients.
        told = {"GRAPH_URL": self.url.replace("127.0.0.1", "localhost"), "GRAPH_CONTRACTS": str(contracts), "NO_COLOR": "1"}
        told.update(PYTHONPATH=str(HERE / "python"), PYTHONDONTWRITEBYTECODE="1")
        if self.url.startswith("https:"):
            authority = str(self.data / "graph-contracts" / "authority" / "ca.pem")
            plain = self.url.replace("https:", "http:")
            trust = {name: authority for name in ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
            told.update(trust, GRAPH_ADMIN=plain, HTTPS_PROXY=plain)
        return told

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=10) != 0:
            sys.exit("the server does not end in order")

    def judged(self):
        """What `verify-client` says of what the server was sent."""
        results = self.archive.with_suffix(".json")
        command = [self.program, "verify-client", self.archive, "--contracts", self.contracts, "--deny", "none", "--json", results]
        said = run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if said.returncode:
            sys.exit(f"verify-client ends with {said.returncode}: {said.stdout}")
        return json.loads(results.read_text()), json.loads(self.archive.read_text())["log"]["entries"]


def calls_of(command, environment):
    """What a client says of each call, and how it ends."""
    longest = min(LONGEST_CLIENT, left())
    with subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True) as client:
        try:
            said, _ = client.communicate(timeout=longest)
            status = client.returncode
        except subprocess.TimeoutExpired:
            client.kill()
            said, _ = client.communicate()
            status = f"no status, being stopped after {longest:.0f} s,"
    return [json.loads(line) for line in said.splitlines() if line.startswith("{") and line.endswith("}")], status


def has_answer(call):
    """Whether each request got an answer of a page, or was refused where it has to be."""
    return not call.get("unanswered") and [own is None for own in call["contracts"]] == [own is None for own in call["expected"]]


def is_as_expected(call, part):
    """Whether the contracts answered that have to. Of pages that are not written for this, a page is named, and not which of its examples."""
    page = lambda contract: contract if part == "pages" or contract is None else contract.split("--")[0]
    return list(map(page, call["contracts"])) == list(map(page, call["expected"]))


def parts_of(entry):
    """The requests of an entry of an archive: that of the entry, or those within a batch."""
    return entry.get("_within") or [{"contract": entry.get("_contract"), "refusal": entry.get("_refusal")}]


def problems_of(judged, entries, contracts):
    """What is wrong with how a client was judged. The server, which answered it, knows what is documented; `contracts` is how many there are."""
    calls, coverage = Counter(), judged["coverage"]
    for outcome in judged["outcomes"]:
        calls[outcome["verdict"]] += outcome["calls"]
    of_graph = [entry for entry in entries if re.match(r"https?://[^/]+/(v1\.0|beta)\b", entry["request"]["url"])]
    parts = [part for entry in of_graph for part in parts_of(entry)]
    refused = sum(1 for part in parts if (part.get("refusal") or {}).get("reason") == "not-documented")
    # A tenant answers by what it holds, and may name another example of the page.
    page = lambda contract: contract.split("--")[0]
    answered = {page(part["contract"]) for part in parts if part.get("contract")}
    used = {page(outcome["contract"]) for outcome in judged["outcomes"] if outcome["contract"]}
    areas = coverage["areas"].values()
    expected = [
        ("requests", judged["requests"], len(entries)),
        ("requests for another host", judged["others"], len(entries) - len(of_graph)),
        ("judged calls", judged["judged"], len(parts)),
        ("calls of all operations", calls.total(), judged["judged"]),
        ("unknown calls", calls["unknown"], 0),
        ("undocumented calls", calls["undocumented"], refused),
        ("contracts", coverage["contracts"], contracts),
        ("used and unused contracts", coverage["used"] + len(coverage["unused"]), contracts),
        ("contracts of all areas", sum(area["contracts"] for area in areas), contracts),
        ("used contracts of all areas", sum(area["used"] for area in areas), coverage["used"]),
        ("pages that answered and were not used", sorted(answered - used), []),
    ]
    return [f"  {name}: {found} instead of {right}" for name, found, right in expected if found != right]


def shown(call):
    lines = [f"  {call['call']}", f"    expected {call['expected']}", f"    answered {call['contracts']}"]
    lines += [f"    {request}" for request in call["requests"]]
    return "\n".join(lines + ([f"    {call['error']}"] if call["error"] else []))


class Results:
    """What came of the calls of all clients."""

    def __init__(self):
        self.rows, self.failures, self.unanswered, self.seconds = [], [], [], []
        self.judged = Counter()

    def add(self, part, name, calls, status, seconds):
        self.seconds.append(seconds)
        answered = [call for call in calls if has_answer(call)]
        other = [call for call in answered if not is_as_expected(call, part)]
        read = [call for call in answered if call["error"] is None]
        self.rows.append((part, name, len(calls), len(answered), len(read), len(other), f"{seconds:.1f} s"))
        known = [call for call in calls if call.get("unanswered") and is_as_expected(call, part) and call["error"] is None]
        self.unanswered += [f"{name}: {call['call']}: {call['unanswered']}" for call in known]
        failed = [call for call in calls if call not in known and (call not in read or call in other)]
        self.failures += [f"{part}: {name}\n" + "\n".join(map(shown, failed))] if failed else []
        if status or not calls:
            self.failures.append(f"{part}: {name}: its script ends with {status} after {len(calls)} calls")

    def add_judged(self, title, judged, entries, contracts):
        """Takes how `verify-client` judged a client."""
        problems = problems_of(judged, entries, contracts)
        if problems:
            self.failures.append(f"{title}: verify-client\n" + "\n".join(problems))
        for outcome in judged["outcomes"]:
            self.judged[outcome["verdict"]] += outcome["calls"]
        self.judged.update({"drift": sum(own["kind"] == "drift" for outcome in judged["outcomes"] for own in outcome["findings"])})
        undocumented = [outcome["operation"] for outcome in judged["outcomes"] if outcome["verdict"] == "undocumented"]
        for operation in undocumented:
            print(f"undocumented: {title}: {operation}")

    def show(self):
        """Prints the table and what failed. Whether all holds."""
        head = ("part", "client", "calls", "answered", "documented values", "by another page", "time")
        total = ("", "all", *(sum(row[column] for row in self.rows) for column in range(2, 6)), f"{sum(self.seconds):.0f} s")
        table = [head, *self.rows, total]
        widths = [max(len(str(row[column])) for row in table) for column in range(len(head))]
        for row in table:
            print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
        for line in self.unanswered:
            print(f"not answered: {line}")
        print(f"verify-client: {', '.join(f'{number} {verdict}' for verdict, number in sorted(self.judged.items()))}")
        if total[3] * 100 < total[2] * LEAST_ANSWERED:
            self.failures.append(f"{total[3]} of {total[2]} calls are answered, and {LEAST_ANSWERED} of 100 have to be")
        sys.stdout.flush()
        for failure in self.failures:
            print(f"\n{failure}", file=sys.stderr)
        return not self.failures


def imported(binary, pages, folder):
    """The contracts of a folder of pages."""
    shutil.rmtree(folder, ignore_errors=True)
    run([binary, "import", pages, "--pages-root", pages, "--out", folder], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tls", action="store_true", help="try sign-in too, with a command line that has TLS")
    parser.add_argument("--only", default="", metavar="TEXT", help="make the calls only of clients whose `PART: CLIENT` begins with this text")
    arguments = parser.parse_args()
    build = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve() / "clients"
    build.mkdir(parents=True, exist_ok=True)
    binary = program("xtask", "build", "--package", "xtask")
    pages = imported(binary, HERE / "pages", build / "contracts")
    # Of each part: the program, the contracts, and the options of the server.
    parts = [("pages", binary, pages, []), ("tenant", binary, pages, ["--state", "tenant"])]
    if CORPUS.is_dir():
        corpus = imported(binary, CORPUS, build / "corpus")
        parts += [("corpus", binary, corpus, []), ("tenant", binary, corpus, ["--state", "tenant"])]
    else:
        print("skipped: no documentation set beside the project, so no client is tried against its contracts")
    if arguments.tls:
        parts.append(("sign-in", program_with_tls(), pages, ["--tls", "auto", "--proxy", "--auth", "token"]))
    else:
        print("skipped: TLS is not built (--tls builds it), so no client signs in or goes through the proxy")
    results = Results()
    try:
        make_calls(results, parts, build, arguments.only)
    except SystemExit as ending:
        results.failures.append(str(ending))
    sys.exit(0 if results.show() else 1)


def make_calls(results, parts, build, only):
    """Lets each client of each part make its calls."""
    for part, served_by, contracts, options in parts:
        title = f"{part}, {contracts.name}" if part == "tenant" else part
        for name, prepare, script in PARTS[part]:
            if not f"{title}: {name}".startswith(only):
                continue
            command = prepare(build, part.replace("-", "_") if prepare is python else part, script)
            if isinstance(command, str):
                print(f"skipped: {command}, so {name} is not tried ({title})")
                continue
            start = time.monotonic()
            server = Server(served_by, contracts, build, *options)
            try:
                calls, status = calls_of(command, server.environment(contracts))
            finally:
                server.stop()
            results.add(title, name, calls, status, time.monotonic() - start)
            results.add_judged(f"{title}: {name}", *server.judged(), sum(1 for _ in contracts.glob("*/**/*.json")))


if __name__ == "__main__":
    main()
