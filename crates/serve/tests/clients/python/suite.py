"""Calls of a client, each with the contract that has to answer it and the values that the client has to see. What came of each call is written to
standard output, one JSON object a line."""

import inspect
import json
import os
import urllib.request

URL = os.environ["GRAPH_URL"]
OWN = f"{URL}/__graph-contracts"


def journal(name, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(f"{OWN}/{name}", method=method)) as answer:
        return answer.read()


async def call(name, contracts, action):
    """Makes one call: `action` uses the client, and asserts what it sees.

    `contracts` are the pages that have to answer its requests, in order; `None` is a request that none may answer."""
    journal("reset", "POST")
    error = None
    try:
        done = action()
        if inspect.isawaitable(done):
            await done
    except Exception as cause:  # Whatever a client raises is what came of the call.
        error = f"{type(cause).__name__}: {cause}"[:500]
    requests = json.loads(journal("requests"))["requests"]
    expected = contracts if isinstance(contracts, list) else [contracts]
    line = {
        "call": name,
        "expected": [own and f"v1.0/{own}" for own in expected],
        "contracts": [own.get("contract") for request in requests for own in request.get("within", [request])],
        "requests": [f"{own['method']} {own['url']} {own['status']}" for own in requests],
        "error": error,
    }
    print(json.dumps(line), flush=True)


def same(actual, expected):
    """Fails unless both are equal."""
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")
