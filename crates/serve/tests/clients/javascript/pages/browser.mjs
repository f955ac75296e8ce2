// A page of another origin in a browser: fetch, with preflights and what scripts may read (CORS)

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { assert, call, has, url } from "../suite.mjs";

/** What a script of a page returns; a function of the page, with the URL of the server. */
async function inPage(script) {
  const html = `<!doctype html><meta charset="utf-8"><pre id="result"></pre><script type="module">
    const done = (value) => { document.getElementById("result").textContent = encodeURIComponent(JSON.stringify(value)); };
    try { done({ value: await (${script})(${JSON.stringify(url)}) }); } catch (error) { done({ error: String(error) }); }
  </script>`;
  const server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(html));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const profile = mkdtempSync(join(tmpdir(), "graph-clients-"));
  const options = ["--headless=new", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`, "--virtual-time-budget=10000"];
  const page = `http://127.0.0.1:${server.address().port}/`;
  try {
    const { stdout } = await promisify(execFile)(process.env.BROWSER, [...options, "--dump-dom", page], { timeout: 60_000 });
    const [, text] = stdout.match(/<pre id="result">([^<]*)</) ?? [];
    const { value, error } = JSON.parse(decodeURIComponent(text));
    assert.equal(error, undefined);
    return value;
  } finally {
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

await call("fetch with a token", "user-get", async () => {
  const seen = await inPage(async (base) => {
    const answer = await fetch(`${base}/v1.0/me`, { headers: { Authorization: "Bearer any token" } });
    return { status: answer.status, contract: answer.headers.get("x-graph-contract"), body: await answer.json() };
  });
  has(seen, { status: 200, contract: "v1.0/user-get", body: { displayName: "Dana Holt" } });
});
await call("fetch with a body", "user-sendmail", async () => {
  const seen = await inPage(async (base) => {
    const headers = { Authorization: "Bearer any token", "Content-Type": "application/json", "client-request-id": "7" };
    const message = { subject: "Wicks", toRecipients: [{ emailAddress: { address: "ines@fourlamps.example" } }] };
    const answer = await fetch(`${base}/v1.0/me/sendMail`, { method: "POST", headers, body: JSON.stringify({ message }) });
    return { status: answer.status, id: answer.headers.get("client-request-id") };
  });
  assert.deepEqual(seen, { status: 202, id: "7" });
});
await call("fetch of a photo", "profilephoto-get", async () => {
  const seen = await inPage(async (base) => {
    const answer = await fetch(`${base}/v1.0/me/photo/$value`, { headers: { Authorization: "Bearer any token" } });
    return [...new Uint8Array(await answer.arrayBuffer()).subarray(0, 3)];
  });
  assert.deepEqual(seen, [0xff, 0xd8, 0xff]);
});
await call("fetch that is refused", null, async () => {
  const seen = await inPage(async (base) => {
    const answer = await fetch(`${base}/v1.0/lampposts`, { method: "DELETE", headers: { Authorization: "Bearer any token" } });
    return { status: answer.status, code: (await answer.json()).error.code };
  });
  assert.deepEqual(seen, { status: 501, code: "requestNotDocumented" });
});
