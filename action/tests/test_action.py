"""`action.yml` and its scripts fit together. (zizmor and a JSON Schema check it, too: `lint.py`.)"""

import re
import unittest

from support import ROOT

ACTION = (ROOT / "action.yml").read_text()
STEPS = ACTION.split("\n  steps:\n")[1].split("\n    - ")


class Action(unittest.TestCase):
    def test_each_step_gives_its_script_what_the_script_needs(self):
        for step in STEPS:
            script = re.search(r"action/(\w+\.sh)", step)
            if not script:
                continue
            with self.subTest(script[1]):
                text = (ROOT / "action" / script[1]).read_text()
                declared = re.search(r'^: ("\$\{\w+\?\}" ?)+$', text, re.MULTILINE)[0]
                given = re.findall(r"^        ([A-Z_]+): ", step, re.MULTILINE)
                self.assertEqual(sorted(re.findall(r"\w+(?=\?)", declared)), sorted(given))

    def test_each_input_is_used_and_documented(self):
        inputs = re.findall(r"^  ([a-z-]+):$", ACTION.split("\ninputs:\n")[1].split("\noutputs:\n")[0], re.MULTILINE)
        self.assertEqual(sorted(set(re.findall(r"inputs\.([a-z-]+)", ACTION))), sorted(inputs))
        documented = re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs" / "ci.md").read_text(), re.MULTILINE)
        self.assertEqual(documented, inputs)

    def test_the_examples_in_the_docs_have_inputs_of_the_action(self):
        inputs = set(re.findall(r"inputs\.([a-z-]+)", ACTION))
        text = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
        examples = re.findall(r"uses: OWNER/graph-contracts@v[\d.]+\n +with:\n((?: +[a-z-]+: .*\n)+)", text)
        self.assertEqual(len(examples), text.count("uses: OWNER/graph-contracts"))
        used = {name for example in examples for name in re.findall(r"^ +([a-z-]+): ", example, re.MULTILINE)}
        self.assertLessEqual(used, inputs)

    def test_no_input_is_part_of_a_script(self):
        for line in ACTION.splitlines():
            if line.strip().startswith("run:"):
                self.assertNotIn("${{", line)

    def test_nothing_asks_for_the_secrets_of_the_repository(self):
        workflows = [*(ROOT / ".github").rglob("*.yml"), ROOT / "action.yml"]
        for file in workflows:
            for line in file.read_text().splitlines():
                self.assertNotIn("pull_request_target", line.split("#")[0], file)
