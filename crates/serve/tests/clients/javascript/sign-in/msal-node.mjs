// @azure/msal-node: tokens, and a call with each through the proxy

import { ConfidentialClientApplication, PublicClientApplication } from "@azure/msal-node";
import { proxied } from "./proxy.mjs";
import { assert, call, each, has } from "../suite.mjs";

const authority = "https://login.microsoftonline.com/6b1f7c3a-90e4-4c9d-8a77-0d7c2f5e1b36";
const clientId = "c2a9e8d4-7b15-4f60-9b3e-51f0d6a7c824";
const confidential = new ConfidentialClientApplication({ auth: { clientId, authority, clientSecret: "any secret" } });
const open = new PublicClientApplication({ auth: { clientId, authority } });
const scopes = ["User.Read"];
let account;

/** What Microsoft Graph answers at a path, to a token. */
async function got(path, { accessToken }) {
  const answer = await fetch(`https://graph.microsoft.com/v1.0${path}`, { headers: { Authorization: `Bearer ${accessToken}` } });
  assert.equal(answer.status, 200);
  return answer.json();
}
const me = async (result) => has(await got("/me", result), { displayName: "Dana Holt" });

await call("a secret", "user-list", () =>
  proxied(async () => {
    const result = await confidential.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
    each((await got("/users", result)).value, "givenName", ["Dana", "Omar", "Ines"]);
  }),
);
await call("a code for a device", "user-get", () =>
  proxied(async () => {
    const result = await open.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: () => {} });
    ({ account } = result);
    await me(result);
  }),
);
await call("silently after it", "user-get", () =>
  proxied(async () => me(await open.acquireTokenSilent({ account, scopes, forceRefresh: true }))),
);
await call("an authorization code", "user-get", () =>
  proxied(async () => {
    const redirectUri = "http://localhost:7000/answer";
    const answer = await fetch(await confidential.getAuthCodeUrl({ scopes, redirectUri }), { redirect: "manual" });
    const code = new URL(answer.headers.get("location")).searchParams.get("code");
    await me(await confidential.acquireTokenByCode({ code, scopes, redirectUri }));
  }),
);
