// The proxy for `fetch` of Node.js, which asks none by itself

import { EnvHttpProxyAgent, getGlobalDispatcher, setGlobalDispatcher } from "undici";

const direct = getGlobalDispatcher();
const agent = new EnvHttpProxyAgent({ noProxy: "localhost" });

/** What an action gives whose requests go through the proxy. */
export async function proxied(action) {
  setGlobalDispatcher(agent);
  try {
    return await action();
  } finally {
    setGlobalDispatcher(direct);
  }
}
