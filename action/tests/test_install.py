"""Installing a release, or building where there is none; and the archives of a release."""

import hashlib
import re
import subprocess
import tarfile
from pathlib import Path

from support import ROOT, Job

VERSION = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
TARGETS = {
    ("Linux", "X64"): "x86_64-unknown-linux-musl",
    ("Linux", "ARM64"): "aarch64-unknown-linux-musl",
    ("macOS", "X64"): "x86_64-apple-darwin",
    ("macOS", "ARM64"): "aarch64-apple-darwin",
    ("Windows", "X64"): "x86_64-pc-windows-msvc",
}
LINUX = TARGETS["Linux", "X64"]
SAYS = "#!/usr/bin/env bash\necho graph-contracts of the release\n"
CARGO = """#!/usr/bin/env bash
printf '%s\\0' "$@" >"$RUNNER_TEMP/cargo"
pwd >"$RUNNER_TEMP/cargo-folder"
exit "$(cat "$RUNNER_TEMP/exit")"
"""


class Install(Job):
    def package(self, target=LINUX, **environment):
        """The archive of a program for a platform, as the release workflow makes it."""
        program = self.folder / ("built.exe" if "windows" in target else "built")
        program.write_text(SAYS)
        program.chmod(0o755)
        command = [str(ROOT / ".github" / "package.sh"), str(program), target, str(self.folder / "packages")]
        ran = subprocess.run(command, env={**self.environment, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if ran.returncode:
            return ran.stderr
        return Path(ran.stdout.strip())

    def release(self, archive, repository="octo/docs", version=VERSION, digest=None):
        """Puts an archive, and the list of digests, into a release."""
        content = archive.read_bytes()
        folder = f"/{repository}/releases/download/v{version}"
        self.github.files[f"{folder}/{archive.name}"] = content
        digest = digest or hashlib.sha256(content).hexdigest()
        self.github.files[f"{folder}/SHA256SUMS"] = f"{'0' * 64}  other.tar.gz\n{digest}  {archive.name}\n".encode()

    def find(self, **more):
        return self.step("install.sh", "find", **more)

    def installed(self):
        """The folder that is on the path from now on, if there is one."""
        added = Path(self.environment["GITHUB_PATH"]).read_text().splitlines()
        return Path(added[-1]) if added else None

    def test_the_archive_of_the_release_is_installed(self):
        self.release(self.package())
        self.find()
        ran = subprocess.run([self.installed() / "graph-contracts"], check=True, stdout=subprocess.PIPE, text=True)
        self.assertEqual(ran.stdout, "graph-contracts of the release\n")
        self.assertEqual(self.outputs(), {"build": "false"})

    def test_the_second_step_that_installs_fetches_nothing(self):
        self.release(self.package())
        self.find()
        requests = len(self.github.requests)
        self.find()
        self.assertEqual(len(self.github.requests), requests)

    def test_the_release_is_that_of_the_repository_of_the_action(self):
        self.release(self.package(), repository="maker/graph-contracts")
        action = self.folder / "_actions" / "maker" / "graph-contracts" / "v0.1"
        action.mkdir(parents=True)
        (action / "Cargo.toml").write_text((ROOT / "Cargo.toml").read_text())
        self.find(GITHUB_ACTION_PATH=str(action), ACTION_REPOSITORY="other/action")
        self.assertTrue(self.installed())

    def test_the_version_may_have_a_v(self):
        self.release(self.package())
        self.find(VERSION=f"v{VERSION}")
        self.assertTrue(self.installed())

    def test_an_archive_with_another_digest_is_not_installed(self):
        self.release(self.package(), digest="f" * 64)
        self.assertIn("is not the file whose digest the release states", self.find(status=2))
        self.assertIsNone(self.installed())
        self.assertEqual(self.outputs(), {})

    def test_an_archive_that_is_cut_off_is_not_installed(self):
        archive = self.package()
        self.release(archive)
        self.github.files[f"/octo/docs/releases/download/v{VERSION}/{archive.name}"] = archive.read_bytes()[:-1]
        self.find(status=2)
        self.assertIsNone(self.installed())

    def test_without_a_release_it_is_built(self):
        self.assertIn(f"there is no release v{VERSION}", self.find())
        self.assertEqual(self.outputs()["build"], "true")
        self.assertRegex(self.outputs()["key"], "^graph-contracts-Linux-X64-[0-9a-f]{64}$")
        self.program("cargo", CARGO)
        self.step("install.sh", "build")
        arguments = (self.temp / "cargo").read_bytes().decode().split("\0")[:-1]
        root = str(self.temp / "graph-contracts" / "built")
        self.assertEqual(arguments, ["install", "--locked", "--path", "crates/cli", "--root", root])
        self.assertEqual((self.temp / "cargo-folder").read_text().strip(), str(ROOT))
        self.assertEqual(self.installed(), Path(root) / "bin")

    def test_what_is_in_the_cache_is_not_built(self):
        built = self.temp / "graph-contracts" / "built" / "bin"
        built.mkdir(parents=True)
        (built / "graph-contracts").write_text(SAYS)
        (built / "graph-contracts").chmod(0o755)
        self.program("cargo", CARGO)
        self.step("install.sh", "build")
        self.assertFalse((self.temp / "cargo").exists())
        self.assertEqual(self.installed(), built)

    def test_a_platform_without_an_archive_builds(self):
        self.release(self.package())
        for platform in [{"RUNNER_ARCH": "ARM64"}, {"RUNNER_OS": "Windows", "RUNNER_ARCH": "ARM64"}]:
            with self.subTest(platform):
                self.find(**platform)
                self.assertEqual(self.outputs()["build"], "true")
        self.assertIsNone(self.installed())

    def test_building_may_be_asked_for(self):
        self.release(self.package())
        self.find(VERSION="build")
        self.assertEqual(self.outputs()["build"], "true")
        self.assertEqual(self.github.requests, [])

    def test_the_source_of_another_version_is_not_built(self):
        self.assertIn(f"the source of the action is that of {VERSION}", self.find(VERSION="9.8.7", status=2))

    def test_what_is_no_version_is_said(self):
        for version in ["latest", "1.2", "1.2.3/../../evil", "$(id)"]:
            with self.subTest(version):
                self.assertIn("version: ", self.find(VERSION=version, status=2))
        self.assertEqual(self.github.requests, [])

    def test_a_failure_of_github_does_not_build(self):
        self.github.fail("GET", "/SHA256SUMS", 500, times=9)
        self.assertIn("cannot be fetched (status 500)", self.find(status=2))
        self.assertEqual(self.outputs(), {})

    def test_a_short_failure_of_github_is_tried_again(self):
        self.release(self.package())
        self.github.fail("GET", "/SHA256SUMS", 503)
        self.find()
        self.assertEqual(self.github.count("GET", "/SHA256SUMS"), 2)
        self.assertTrue(self.installed())

    def test_a_build_that_fails_says_what_it_needs(self):
        self.program("cargo", CARGO)
        self.ends_with(101)
        self.assertRegex(self.step("install.sh", "build", status=2), r"it needs Rust 1\.\d+ or later")
        self.assertIsNone(self.installed())

    def test_every_platform_of_the_action_is_one_of_the_release(self):
        workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
        self.assertEqual(sorted(re.findall(r"target: (\S+)", workflow)), sorted(TARGETS.values()))
        for (system, architecture), target in TARGETS.items():
            with self.subTest(target):
                self.release(self.package(target))
                self.find(RUNNER_OS=system, RUNNER_ARCH=architecture)
                self.assertEqual(self.installed().name, f"graph-contracts-v{VERSION}-{target}")
                program = "graph-contracts.exe" if system == "Windows" else "graph-contracts"
                self.assertTrue((self.installed() / program).is_file())

    def test_cargo_binstall_finds_what_is_packed(self):
        manifest = (ROOT / "crates" / "cli" / "Cargo.toml").read_text().split("[package.metadata.binstall]")[1]
        told = dict(re.findall(r'^([a-z-]+) = "(.*)"$', manifest, re.MULTILINE))
        filled = {"repo": "https://host/owner/name", "version": VERSION, "target": LINUX, "bin": "graph-contracts", "binary-ext": ""}
        render = lambda template: re.sub(r"\{ ([a-z-]+) \}", lambda found: filled[found[1]], template)
        archive = self.package()
        self.assertEqual(told["pkg-fmt"], "tgz")
        self.assertEqual(render(told["pkg-url"]), f"https://host/owner/name/releases/download/v{VERSION}/{archive.name}")
        with tarfile.open(archive) as packed:
            program = packed.getmember(render(told["bin-dir"]))
            self.assertTrue(program.mode & 0o100)
            self.assertIn(f"{archive.name.removesuffix('.tar.gz')}/LICENSE-MIT", packed.getnames())

    def test_a_tag_of_another_version_is_not_packed(self):
        self.assertIn("the tag is v0.0.1", self.package(GITHUB_REF_TYPE="tag", GITHUB_REF_NAME="v0.0.1"))
        self.assertTrue(self.package(GITHUB_REF_TYPE="tag", GITHUB_REF_NAME=f"v{VERSION}").is_file())
