"""A client of the pages in `crates/traffic/tests/pages` that keeps to them, and makes one fault if it is asked to: `client.py [FAULT]`.

It knows nothing of the proxy and of whom it has to trust but what the environment says, as any client of `urllib`."""

import json
import os
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

GRAPH = os.environ.get("GRAPH_URL", "https://graph.microsoft.com")
SIGN_IN = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
# Reading whom to trust takes its time.
OPENER = urllib.request.build_opener(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
# The token of somebody who consented to nothing but signing in: `{"scp": "openid profile"}`.
NO_PERMISSIONS = "e30.eyJzY3AiOiAib3BlbmlkIHByb2ZpbGUifQ."


def send(method, url, headers, body):
    """The status of an answer, and what it has."""
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with OPENER.open(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def token(scope):
    """A token with these permissions: the one that the environment has, or else by signing in."""
    if "GRAPH_TOKEN" in os.environ:
        return os.environ["GRAPH_TOKEN"]
    form = {"grant_type": "password", "client_id": "lamps", "username": "dana@contoso.example", "password": "s3cret", "scope": scope}
    _, answer = send("POST", SIGN_IN, {}, urllib.parse.urlencode(form).encode())
    return json.loads(answer)["access_token"]


class Graph:
    """Microsoft Graph with a token."""

    def __init__(self, scope):
        self.token = token(scope)

    def call(self, method, path, body=None, token=None, identified=True, **headers):
        """Makes a call; `fault` is one that the server is asked for."""
        fields = {"Authorization": f"Bearer {token or self.token}"}
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        if identified:
            fields["client-request-id"] = str(uuid.uuid4())
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
        status, answer = send(method, GRAPH + path, fields, None if body is None else json.dumps(body).encode())
        return status, json.loads(answer or "null")


def keep_to_the_pages(graph):
    """What a client does that has no faults."""
    graph.call("GET", "/v1.0/lamps?$top=5")
    graph.call("GET", "/v1.0/lamps/7")
    graph.call("POST", "/v1.0/lamps", {"name": "kitchen", "watts": 11})
    graph.call("DELETE", "/v1.0/lamps/7", If_Match='W/"1"')
    graph.call("GET", "/v1.0/lamps/delta")
    within = [{"id": str(number), "method": "GET", "url": f"/lamps/{number}"} for number in (1, 2)]
    graph.call("POST", "/v1.0/$batch", {"requests": within})


def retry_after(graph):
    graph.call("GET", "/v1.0/lamps/7", x_graph_contracts_fault="429;retry-after=30")
    graph.call("GET", "/v1.0/lamps/7")


def unsafe_retry(graph):
    lamp = {"name": "hall", "watts": 5}
    graph.call("POST", "/v1.0/lamps", lamp, x_graph_contracts_fault="504")
    graph.call("POST", "/v1.0/lamps", lamp)


def repeated_calls(graph):
    for number in range(1, 6):
        graph.call("GET", f"/v1.0/lamps/{number}")


def polling(graph):
    for _ in range(3):
        graph.call("GET", "/v1.0/lamps?$top=5")


FAULTS = {
    "undocumented": lambda graph: graph.call("GET", "/v1.0/lamps/7/shades"),
    "undocumented-in-batch": lambda graph: graph.call(
        "POST",
        "/v1.0/$batch",
        {"requests": [{"id": "a", "method": "GET", "url": "/lamps/7"}, {"id": "b", "method": "PUT", "url": "/lamps/7"}]},
    ),
    "beta": lambda graph: graph.call("GET", "/beta/rooms/7", token=token("Lamp.ReadWrite Room.Read.All")),
    "deprecated-by-page": lambda graph: graph.call("GET", "/v1.0/bulbs/7"),
    "deprecated-by-metadata": lambda graph: graph.call("GET", "/v1.0/fuses/7"),
    "contradicted": lambda graph: graph.call("GET", "/v1.0/lamps?$select=id,color"),
    "invalid-body": lambda graph: graph.call("POST", "/v1.0/lamps", {"name": "hall", "watts": [1]}),
    "missing-header": lambda graph: graph.call("DELETE", "/v1.0/lamps/7"),
    "header-for-option": lambda graph: graph.call(
        "GET", "/v1.0/sockets?$count=true&$search=%22name:attic%22", Lookup_Level="session"
    ),
    "wrong-header": lambda graph: graph.call("POST", "/v1.0/lamps", {"name": "hall", "watts": 1}, Content_Type="text/plain"),
    "option-of-no-page": lambda graph: graph.call("GET", "/v1.0/lamps?color=red"),
    "option-of-metadata": lambda graph: graph.call("GET", "/v1.0/lamps?$orderby=watts"),
    # The service answers otherwise than the page.
    "drift": lambda graph: graph.call("GET", "/v1.0/switches/7"),
    "missing-permission": lambda graph: graph.call("GET", "/v1.0/lamps/7", token=NO_PERMISSIONS),
    "retry-after": retry_after,
    "unsafe-retry": unsafe_retry,
    "client-request-id": lambda graph: graph.call("GET", "/v1.0/lamps/7", identified=False),
    "repeated-calls": repeated_calls,
    "polling": polling,
}


def main(fault=None):
    graph = Graph("Lamp.ReadWrite Mail.Read" if fault == "excess-permission" else "Lamp.ReadWrite")
    keep_to_the_pages(graph)
    FAULTS.get(fault, lambda _: None)(graph)


main(*sys.argv[1:])
