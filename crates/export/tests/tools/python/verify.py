"""Verifies a provider against a pact several times, and writes what did not match: a line of JSON for each time.

Usage: verify.py BASE PACT TIMES OUTPUT"""

import json
import sys

from pact import Verifier

base, pact, times, output = sys.argv[1:]
with open(output, "w", encoding="utf-8") as file:
    for _ in range(int(times)):
        verifier = Verifier("Microsoft Graph", host="127.0.0.1").add_transport(url=base).add_source(pact)
        try:
            verifier.verify()
            found = []
        except RuntimeError:
            found = verifier.results["errors"]
        file.write(json.dumps(found) + "\n")
