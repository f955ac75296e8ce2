"""Calls of a client, each with the contract that has to answer it and the values that the client has to see. What came of each call is written to
standard output, one JSON object a line."""

import inspect
import json
import os
import re
import urllib.request
from pathlib import Path

URL = os.environ["GRAPH_URL"]
# Requests to the server itself need no proxy.
OWN = f"{os.environ.get('GRAPH_ADMIN', URL)}/__graph-contracts"

# Requests for sign-in, which no page documents.
SIGN_IN = re.compile(r"/[^/]+/(oauth2|v2\.0|discovery|userrealm|\.well-known)/")


def admin(name, body=None):
    """What the server says of itself; tells it something, if there is a body."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{OWN}/{name}", data)) as answer:
        return json.loads(answer.read() or "null")


def journal():
    """The requests that the server has answered."""
    return admin("requests")["requests"]


async def call(name, contracts, action, unanswered=None):
    """Makes one call: `action` uses the client, and asserts what it sees.

    `contracts` are the pages that have to answer its requests, in order; `None` is a request that none may answer. `unanswered` says why no page
    answers a call that a client makes in earnest."""
    before = len(journal())
    error = None
    try:
        done = action()
        if inspect.isawaitable(done):
            await done
    except Exception as cause:  # Whatever a client raises is what came of the call.
        error = f"{type(cause).__name__}: {cause}"[:1000]
    requests = [own for own in journal()[before:] if not SIGN_IN.match(own["url"])]
    planned = admin("faults")["planned"]
    if planned and error is None:
        error = f"the client made no request that has these faults: {planned}"
    expected = contracts if isinstance(contracts, list) else [contracts]
    line = {
        "call": name,
        "expected": [own and f"v1.0/{own}" for own in expected],
        "contracts": [own.get("contract") for request in requests for own in request.get("within", [request])],
        "requests": [f"{own['method']} {own['url']} {own['status']}" for own in requests],
        "unanswered": unanswered,
        "error": error,
    }
    print(json.dumps(line), flush=True)


def fault(*faults):
    """Plans faults of the next requests, one each."""
    for own in faults:
        admin("faults", {"fault": own})


def documented(contract):
    """The body of a contract's documented response: alone where the page shows it within `value`, with the links that lead to the server, and without
    annotations and what only says where a value would be."""
    text = (Path(os.environ["GRAPH_CONTRACTS"]) / "v1.0" / f"{contract}.json").read_text()
    body = json.loads(text)["response"]["body"]["json"]
    return shown(body["value"] if isinstance(body.get("value"), dict) else body)


def shown(value):
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        is_shown = lambda name, own: "@" not in name and not (isinstance(own, str) and own.endswith("-value"))
        return {name: shown(own) for name, own in value.items() if is_shown(name, own)}
    host = "https://graph.microsoft.com/"
    return f"{URL}/{value.removeprefix(host)}" if isinstance(value, str) and value.startswith(host) else value


def same(actual, expected):
    """Fails unless both are equal."""
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def has(actual, expected):
    """Fails unless `actual` has what `expected` has, which may leave members out."""
    same(picked(actual, expected), expected)


def picked(actual, expected):
    if isinstance(actual, dict) and isinstance(expected, dict):
        return {name: picked(actual.get(name), value) for name, value in expected.items()}
    if isinstance(actual, list) and isinstance(expected, list):
        return [picked(item, expected[index]) if index < len(expected) else item for index, item in enumerate(actual)]
    return actual
