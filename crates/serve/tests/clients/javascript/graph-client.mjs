// @microsoft/microsoft-graph-client, as it is pointed at the server

import { Client } from "@microsoft/microsoft-graph-client";
import { url } from "./suite.mjs";

export const client = Client.init({
  baseUrl: `${url}/`,
  authProvider: (done) => done(null, "any token"),
  // The client gives its token to hosts with TLS only, and takes `Authorization`, in this case, from requests to others.
  fetchOptions: { headers: { authorization: "Bearer any token" } },
});
