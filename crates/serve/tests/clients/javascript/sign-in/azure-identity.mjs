// @azure/identity: tokens, and the calls of @microsoft/microsoft-graph-client through the proxy with no line that knows of the server

import { ClientSecretCredential, DeviceCodeCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import { proxied } from "./proxy.mjs";
import { assert, call, each } from "../suite.mjs";

const [tenantId, clientId] = ["6b1f7c3a-90e4-4c9d-8a77-0d7c2f5e1b36", "c2a9e8d4-7b15-4f60-9b3e-51f0d6a7c824"];

/** Gets the users with a credential. */
async function users(credential) {
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes: ["https://graph.microsoft.com/.default"] });
  const client = Client.initWithMiddleware({ authProvider });
  each((await proxied(() => client.api("/users").get())).value, "givenName", ["Dana", "Omar", "Ines"]);
}

const secret = new ClientSecretCredential(tenantId, clientId, "any secret");
await call("a secret", "user-list", () => users(secret));
await call("the token that it has", "user-list", () => users(secret));
const device = new DeviceCodeCredential({ tenantId, clientId, userPromptCallback: () => {} });
await call("a code for a device", "user-list", () => users(device));
await call("a token of the cloud of the US Government", [], async () => {
  const authorityHost = "https://login.microsoftonline.us";
  const own = new ClientSecretCredential(tenantId, clientId, "any secret", { authorityHost });
  assert.equal((await own.getToken("https://graph.microsoft.us/.default")).token.split(".").length, 3);
});
