// A client of the pages in `crates/traffic/tests/pages` that keeps to them, and makes one fault if it is asked to: `client.mjs [FAULT]`.
//
// It knows nothing of the proxy and of whom it has to trust but what the environment says. `fetch` of older versions of Node.js asks no proxy, that of
// undici does.

import { randomUUID } from "node:crypto";
import { EnvHttpProxyAgent, fetch, setGlobalDispatcher } from "undici";

setGlobalDispatcher(new EnvHttpProxyAgent());

const GRAPH = process.env.GRAPH_URL ?? "https://graph.microsoft.com";
const SIGN_IN = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token";

// The token of somebody who consented to nothing but signing in: `{"scp": "openid profile"}`.
const NO_PERMISSIONS = "e30.eyJzY3AiOiAib3BlbmlkIHByb2ZpbGUifQ.";

// A token with these permissions: the one that the environment has, or else by signing in.
async function tokenFor(scope) {
  if (process.env.GRAPH_TOKEN) return process.env.GRAPH_TOKEN;
  const form = { grant_type: "password", client_id: "lamps", username: "dana@contoso.example", password: "s3cret", scope };
  const answer = await fetch(SIGN_IN, { method: "POST", body: new URLSearchParams(form) });
  return (await answer.json()).access_token;
}

let own;

// Makes a call.
async function call(method, path, { body, token = own, identified = true, headers = {} } = {}) {
  const fields = { authorization: `Bearer ${token}`, ...headers };
  if (identified) fields["client-request-id"] = randomUUID();
  if (body !== undefined) fields["content-type"] ??= "application/json";
  const answer = await fetch(GRAPH + path, { method, headers: fields, body: body && JSON.stringify(body) });
  return answer.text();
}

// What the server is asked to answer instead.
const failing = (fault) => ({ headers: { "x-graph-contracts-fault": fault } });
const within = (id, method, url) => ({ id, method, url });

// What a client does that has no faults.
async function keepToThePages() {
  await call("GET", "/v1.0/lamps?$top=5");
  await call("GET", "/v1.0/lamps/7");
  await call("POST", "/v1.0/lamps", { body: { name: "kitchen", watts: 11 } });
  await call("DELETE", "/v1.0/lamps/7", { headers: { "if-match": 'W/"1"' } });
  await call("GET", "/v1.0/lamps/delta");
  await call("POST", "/v1.0/$batch", { body: { requests: [within("1", "GET", "/lamps/1"), within("2", "GET", "/lamps/2")] } });
}

const faults = {
  "undocumented": () => call("GET", "/v1.0/lamps/7/shades"),
  "undocumented-in-batch": () =>
    call("POST", "/v1.0/$batch", { body: { requests: [within("a", "GET", "/lamps/7"), within("b", "PUT", "/lamps/7")] } }),
  "beta": async () => call("GET", "/beta/rooms/7", { token: await tokenFor("Lamp.ReadWrite Room.Read.All") }),
  "deprecated-by-page": () => call("GET", "/v1.0/bulbs/7"),
  "deprecated-by-metadata": () => call("GET", "/v1.0/fuses/7"),
  "contradicted": () => call("GET", "/v1.0/lamps?$select=id,color"),
  "invalid-body": () => call("POST", "/v1.0/lamps", { body: { name: "hall", watts: [1] } }),
  "missing-header": () => call("DELETE", "/v1.0/lamps/7"),
  "header-for-option": () => call("GET", '/v1.0/sockets?$count=true&$search="name:attic"', { headers: { "lookup-level": "session" } }),
  "wrong-header": () => call("POST", "/v1.0/lamps", { body: { name: "hall", watts: 1 }, headers: { "content-type": "text/plain" } }),
  "option-of-no-page": () => call("GET", "/v1.0/lamps?color=red"),
  "option-of-metadata": () => call("GET", "/v1.0/lamps?$orderby=watts"),
  // The service answers otherwise than the page.
  "drift": () => call("GET", "/v1.0/switches/7"),
  "missing-permission": () => call("GET", "/v1.0/lamps/7", { token: NO_PERMISSIONS }),
  "retry-after": async () => {
    await call("GET", "/v1.0/lamps/7", failing("429;retry-after=30"));
    await call("GET", "/v1.0/lamps/7");
  },
  "unsafe-retry": async () => {
    const lamp = { name: "hall", watts: 5 };
    await call("POST", "/v1.0/lamps", { body: lamp, ...failing("504") });
    await call("POST", "/v1.0/lamps", { body: lamp });
  },
  "client-request-id": () => call("GET", "/v1.0/lamps/7", { identified: false }),
  "repeated-calls": async () => {
    for (const number of [1, 2, 3, 4, 5]) await call("GET", `/v1.0/lamps/${number}`);
  },
  "polling": async () => {
    for (let read = 0; read < 3; read += 1) await call("GET", "/v1.0/lamps?$top=5");
  },
};

const [fault] = process.argv.slice(2);
own = await tokenFor(fault === "excess-permission" ? "Lamp.ReadWrite Mail.Read" : "Lamp.ReadWrite");
await keepToThePages();
await faults[fault]?.();
