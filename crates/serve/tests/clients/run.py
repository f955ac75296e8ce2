#!/usr/bin/env python3
"""Real clients of Microsoft Graph against `serve`: installs them in pinned versions, makes their calls, and prints a table.

Usage: run.py [CLIENT...], where a client is the name of a row of the table. Exits with 1 if a call is not answered by the page that documents it, or if
the client does not see the documented values.

The contracts are those of the pages beside this file. Packages go below the build folder of Cargo, and are installed again when their lock file changes."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
LONGEST_START = 60
LONGEST_CLIENT = 300


def cargo(*arguments, **options):
    return subprocess.run(["cargo", *arguments], cwd=ROOT, check=True, **options)


def program():
    """The built command line."""
    built = cargo("build", "--quiet", "--locked", "--package", "xtask", "--message-format", "json", stdout=subprocess.PIPE, text=True)
    messages = (json.loads(line) for line in built.stdout.splitlines())
    return next(own["executable"] for own in messages if own.get("executable") and own["target"]["name"] == "xtask")


def installed(folder, lock, install):
    """Calls `install` unless it has been called for this lock file."""
    stamp = folder / ".installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        install()
        stamp.write_text(digest)


def javascript(build, script):
    """The command of a script for Node, its packages installed."""
    if not (shutil.which("npm") and shutil.which("node")):
        return "npm is not installed"
    folder = build / "javascript"
    shutil.copytree(HERE / "javascript", folder, dirs_exist_ok=True)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    installed(folder, folder / "package-lock.json", lambda: subprocess.run(npm, cwd=folder, check=True, stdout=sys.stderr))
    return ["node", str(folder / script)]


def browser(build, script):
    """The command of a script for Node that uses a browser."""
    found = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if found is None:
        return "there is no browser"
    os.environ["BROWSER"] = found
    return javascript(build, script)


def python(build, script):
    """The command of a script for Python, its packages installed."""
    folder, pins = build / "python", HERE / "python" / "requirements.txt"
    own = folder / "bin" / "python"

    def install():
        try:
            venv.create(folder, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, ImportError):
            return
        pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps", "-r", pins]
        subprocess.run(pip, check=True, stdout=sys.stderr)

    folder.mkdir(parents=True, exist_ok=True)
    installed(folder, pins, install)
    if subprocess.run([own, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        return "pip is not installed"
    return [str(own), str(HERE / "python" / script)]


def rust(build, _):
    """The command of the program in Rust, built."""
    folder = build / "rust"
    manifest = str(HERE / "rust" / "Cargo.toml")
    cargo("build", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", str(folder))
    return [str(folder / "debug" / "graph-clients")]


CLIENTS = {
    "@microsoft/microsoft-graph-client": (javascript, "graph-client.mjs"),
    "@microsoft/msgraph-sdk": (javascript, "msgraph-sdk.mjs"),
    "fetch in Chromium": (browser, "browser.mjs"),
    "msgraph-sdk for Python": (python, "msgraph_sdk.py"),
    "O365": (python, "o365.py"),
    "graph-rs-sdk": (rust, None),
}


class Server:
    """Contracts that are served on a free port."""

    def __init__(self, program, contracts, build):
        ready = build / "ready"
        ready.unlink(missing_ok=True)
        command = [program, "serve", "--contracts", contracts, "--port", "0", "--ready-file", ready]
        log = open(build / "serve.log", "w")
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        start = time.monotonic()
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() - start > LONGEST_START:
                sys.exit(f"the server does not start; see {log.name}")
            time.sleep(0.05)
        # `localhost` is `::1` for some clients.
        self.url = ready.read_text().strip().replace("127.0.0.1", "localhost")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=10) != 0:
            sys.exit("the server does not end in order")


def calls_of(command, url):
    """What a client says of each call."""
    environment = {**os.environ, "GRAPH_URL": url, "NO_COLOR": "1"}
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=LONGEST_CLIENT)
    calls = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return calls, run.returncode


def shown(call):
    lines = [f"  {call['call']}", f"    expected {call['expected']}", f"    answered {call['contracts']}"]
    lines += [f"    {request}" for request in call["requests"]]
    return "\n".join(lines + ([f"    {call['error']}"] if call["error"] else []))


def main():
    names = sys.argv[1:] or list(CLIENTS)
    build = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve() / "clients"
    build.mkdir(parents=True, exist_ok=True)
    binary = program()
    contracts = build / "contracts"
    shutil.rmtree(contracts, ignore_errors=True)
    pages = HERE / "pages"
    subprocess.run(
        [binary, "import", pages, "--pages-root", pages, "--out", contracts], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    rows, failures = [], []
    for name in names:
        prepare, script = CLIENTS[name]
        command = prepare(build, script)
        if isinstance(command, str):
            print(f"skipped: {command}, so {name} is not tried")
            continue
        start = time.monotonic()
        server = Server(binary, contracts, build)
        calls, status = calls_of(command, server.url)
        server.stop()
        answered = [call for call in calls if [own is None for own in call["contracts"]] == [own is None for own in call["expected"]]]
        other = [call for call in answered if call["contracts"] != call["expected"]]
        read = [call for call in calls if call["error"] is None]
        rows.append((name, len(calls), len(answered), len(read), len(other), f"{time.monotonic() - start:.1f} s"))
        failed = [call for call in calls if call not in answered or call in other or call not in read]
        failures += [f"{name}\n" + "\n".join(map(shown, failed))] if failed else []
        if status or not calls:
            failures.append(f"{name}: its script ends with {status} after {len(calls)} calls")
    head = ("client", "calls", "answered", "documented values", "by another page", "time")
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
    for failure in failures:
        print(f"\n{failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
