#!/usr/bin/env python3
"""The steps of the action against a fake of GitHub's API. Needs bash, curl, git and jq, as the runners of GitHub have them.

Usage: run.py [--program PATH] [NAME ...]. With the real program, whole runs of the action are tried with it, too. NAME is a part of the names of the
tests that run."""

import argparse
import os
import shutil
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, help="the real program")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of the names of the tests that run")
    arguments = parser.parse_args()
    missing = [tool for tool in ("bash", "curl", "git", "jq") if not shutil.which(tool)]
    if missing:
        sys.exit(f"the steps of the action need {', '.join(missing)}")
    if arguments.program:
        os.environ["REAL_PROGRAM"] = str(arguments.program.resolve())
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in arguments.names] or None
    found = loader.discover(Path(__file__).parent)
    result = unittest.TextTestRunner(verbosity=1, buffer=False).run(found)
    for test, reason in result.skipped:
        print(f"skipped: {reason} ({test.id()})")
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)


if __name__ == "__main__":
    main()
